/** The charts: value against effort, and how scores and bands are spread. */

import { bubbles } from "./bubbles";
import { count, issue, report } from "./data";
import { el, fill } from "./dom";
import { axis, bandColour, framed, groups, sampled, Stage, type Option } from "./frame";
import { choose, onChange, shown } from "./selection";
import { figure, many, percent } from "./wording";

const BINS = 24;

export function charts(): HTMLElement {
  const nothing = el("p", { class: "empty" }, "There are not two inputs to set against each other.");
  return el(
    "div",
    { class: "charts" },
    report.axes && count ? bubbles() : nothing,
    el("div", { class: "pair" }, scores(), bands()),
  );
}

function scores(): HTMLElement {
  const note = "Where many scores are alike, the order among them says little.";
  return framed("Scores", note, new Stage(spread).box);
}

function spread(): Option {
  const [least, most] = sampled(shown.map((at) => issue.score(at))) as [number, number];
  const width = (most - least) / BINS || 1;
  const bin = (value: number) => Math.min(BINS - 1, Math.floor((value - least) / width));
  const names = Array.from({ length: BINS }, (_, place) => figure(Number((least + place * width).toPrecision(3))));
  const series = groups().map((band) => {
    const heights = new Array<number>(BINS).fill(0);
    for (const at of held(band)) heights[bin(issue.score(at))]! += 1;
    const itemStyle = { color: bandColour(band) };
    return { type: "bar", stack: "all", name: band || "issues", barCategoryGap: "8%", itemStyle, data: heights };
  });
  return {
    animation: false,
    grid: { left: 56, right: 12, top: 12, bottom: 52 },
    xAxis: axis("score from", { type: "category", data: names }),
    yAxis: axis("issues", { type: "value", minInterval: 1, nameGap: 40 }),
    series,
  };
}

function held(band: string): number[] {
  return shown.filter((at) => issue.band(at) === band);
}

function bands(): HTMLElement {
  const note = `${many(report.bands.length, "band")}; choose one to see its issues.`;
  const { box } = new Stage(shares, (chart) => chart.on("click", (event) => pick(event.name)), "low");
  return framed("Bands", note, box, bandTable());
}

function shares(): Option {
  const names = groups().toReversed();
  const data = names.map((band) => ({ value: held(band).length, itemStyle: { color: bandColour(band) } }));
  return {
    animation: false,
    grid: { left: 48, right: 24, top: 4, bottom: 28 },
    xAxis: axis("", { type: "value", minInterval: 1 }),
    yAxis: axis("", { type: "category", data: names }),
    series: [{ type: "bar", barMaxWidth: 26, data }],
  };
}

/** The same in numbers, for keys and for readers aloud. */
function bandTable(): HTMLElement {
  const body = el("tbody");
  const follow = () => fill(body, ...groups().map(bandRow));
  onChange(follow);
  follow();
  const number = { scope: "col", class: "number" };
  const heads = [el("th", { scope: "col" }, "Band"), el("th", number, "Issues"), el("th", number, "Share")];
  const caption = el("caption", { class: "unseen" }, "Bands");
  return el("table", { class: "plain" }, caption, el("thead", {}, el("tr", {}, ...heads)), body);
}

function bandRow(band: string): HTMLElement {
  const number = held(band).length;
  const choosing = el("button", { type: "button", class: "as-link", onclick: () => pick(band) }, band || "no band");
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, choosing),
    el("td", { class: "number" }, number.toLocaleString("en")),
    el("td", { class: "number" }, percent(number / (shown.length || 1))),
  );
}

function pick(band: string): void {
  location.hash = "#list";
  choose({ band });
}
