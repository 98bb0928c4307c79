/** The charts: value against effort, and how scores and bands are spread. */

import { bins } from "./bins";
import { bubbles } from "./bubbles";
import { note, nothing, part } from "./cards";
import { count, issue, report } from "./data";
import { el, fill } from "./dom";
import { axis, axisText, bandColour, bandName, groups, Stage, type Option } from "./frame";
import { choose, NO_BAND, shown } from "./selection";
import { follow } from "./sight";
import { figure, many, percent } from "./wording";

export function charts(): HTMLElement {
  const pair = el("div", { class: "pair" }, scores(), report.bands.length > 0 && bands());
  const drawn = el("div", {}, plane(), pair);
  const empty = el("div", { class: "card" });
  const holder = el("div", { class: "charts" }, empty, drawn);
  follow(holder, () => {
    drawn.hidden = !shown.length;
    empty.hidden = shown.length > 0;
    const why = count ? "No issue matches the search and the filters" : "No issue is ranked yet";
    fill(empty, nothing(`${why}: there is nothing to draw.`));
  });
  return holder;
}

function plane(): HTMLElement {
  if (report.axes) return bubbles();
  return el("div", { class: "card" }, nothing("There are not two inputs to set against each other."));
}

function scores(): HTMLElement {
  const told = note();
  const spreading = new Stage(spread).box;
  follow(told, () => {
    const { width } = binned();
    const bars =
      width === null ? "The bars widen, since a few are far above the rest" : `A bar for each ${figure(width)}`;
    fill(told, `${bars}. Where many scores are alike, the order among them says little.`);
  });
  return part("Scores", told, spreading);
}

function binned() {
  return bins(shown.map((at) => issue.score(at)));
}

function spread(): Option {
  const { edges, place } = binned();
  const series = groups().map((band) => {
    const heights = new Array<number>(edges.length).fill(0);
    for (const at of held(band)) heights[place(issue.score(at))]! += 1;
    const itemStyle = { color: bandColour(band) };
    return { type: "bar", stack: "all", name: bandName(band), barCategoryGap: "8%", itemStyle, data: heights };
  });
  return {
    animation: false,
    grid: { left: 56, right: 12, top: 12, bottom: 52 },
    xAxis: axis("score from", { type: "category", data: edges.map(figure) }),
    yAxis: axis("issues", { type: "value", minInterval: 1, nameGap: 40 }),
    series,
  };
}

function held(band: string): number[] {
  return shown.filter((at) => issue.band(at) === band);
}

function bands(): HTMLElement {
  const told = `${many(report.bands.length, "band")}; choose one to see its issues.`;
  const pointed = (place: number) => pick(groups().toReversed()[place]!);
  const { box } = new Stage(shares, (chart) => chart.on("click", (event) => pointed(event.dataIndex)), "low");
  return part("Bands", note(told), box, bandTable());
}

function shares(): Option {
  const names = groups().toReversed();
  const data = names.map((band) => ({ value: held(band).length, itemStyle: { color: bandColour(band) } }));
  // As much room as the names take, about 8 pixels a letter; what is longer is cut.
  const room = Math.min(120, 8 * Math.max(...names.map((band) => bandName(band).length)));
  const axisLabel = { ...axisText(), width: room, overflow: "truncate" };
  return {
    animation: false,
    grid: { left: 32 + room, right: 24, top: 4, bottom: 28 },
    xAxis: axis("", { type: "value", minInterval: 1 }),
    yAxis: axis("", { type: "category", data: names.map(bandName), axisLabel }),
    series: [{ type: "bar", barMaxWidth: 26, data }],
  };
}

/** The same in numbers, for keys and for readers aloud. */
function bandTable(): HTMLElement {
  const body = el("tbody");
  follow(body, () => fill(body, ...groups().map(bandRow)));
  const number = { scope: "col", class: "number" };
  const heads = [el("th", { scope: "col" }, "Band"), el("th", number, "Issues"), el("th", number, "Share")];
  const caption = el("caption", { class: "unseen" }, "Bands");
  return el("table", { class: "plain" }, caption, el("thead", {}, el("tr", {}, ...heads)), body);
}

function bandRow(band: string): HTMLElement {
  const number = held(band).length;
  const choosing = el("button", { type: "button", class: "as-link", onclick: () => pick(band) }, bandName(band));
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
  choose({ band: band || NO_BAND });
}
