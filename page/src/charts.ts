/** Value against effort, and how scores and bands are spread (Apache ECharts); nothing of theirs takes HTML from us. */

import { BarChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

import { bandPlace, count, issue, report } from "./data";
import { el, fill } from "./dom";
import { open } from "./drawer";
import { choose, onChange, shown } from "./selection";
import { figure, many, percent } from "./wording";

use([BarChart, ScatterChart, GridComponent, LegendComponent, AriaComponent, CanvasRenderer]);

const BINS = 24;
/** Where the largest is so many times the smallest, an even axis would press all but a few into a corner. */
const SKEWED = 200;
/** Beyond so many issues each is drawn small, or one would cover the other. */
const CROWD = 1500;

interface Drawn {
  box: HTMLElement;
  chart: ECharts | null;
  option: () => Record<string, unknown>;
  ready: (chart: ECharts) => void;
}

const drawn: Drawn[] = [];

export function charts(): HTMLElement {
  const warnings = report.warnings.filter((warning) => warning.startsWith("inflation"));
  onChange(renew);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", renew);
  return el(
    "div",
    { class: "charts" },
    ...warnings.map((warning) => el("p", { class: "warning" }, warning)),
    report.axes && count ? bubbles() : el("p", { class: "empty" }, "There are not two inputs to set against each other."),
    el("div", { class: "pair" }, scores(), bands()),
  );
}

/** Draw what was not drawn yet: a chart needs its place on the screen first. */
export function drawCharts(): void {
  for (const each of drawn) {
    if (each.chart || !each.box.clientWidth) continue;
    each.chart = init(each.box, null, { renderer: "canvas" });
    each.chart.setOption(each.option());
    each.ready(each.chart);
    new ResizeObserver(() => each.box.clientWidth && each.chart!.resize()).observe(each.box);
  }
}

function renew(): void {
  for (const each of drawn) each.chart?.setOption(each.option(), { notMerge: true });
}

function figureOf(title: string, note: string, option: () => Record<string, unknown>, ready: (chart: ECharts) => void, extra: HTMLElement[] = [], className = ""): HTMLElement {
  const box = el("div", { class: `chart ${className}`, "aria-hidden": "true" });
  drawn.push({ box, chart: null, option, ready });
  return el("section", { class: "card" }, el("h3", {}, title), note ? el("p", { class: "note" }, note) : null, box, ...extra);
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function bandColour(band: string): string {
  return colour(`--b${Math.min(bandPlace(band), 4)}`);
}

function font(): string {
  return getComputedStyle(document.body).fontFamily;
}

function axis(name: string, more: object = {}): object {
  const faint = { lineStyle: { color: colour("--line") } };
  const text = { color: colour("--soft"), fontFamily: font(), fontSize: 12 };
  return { name, nameLocation: "middle", nameGap: 34, nameTextStyle: { ...text, fontSize: 13 }, axisLabel: { ...text, hideOverlap: true, formatter: short }, axisLine: faint, splitLine: faint, ...more };
}

function short(value: number | string): string {
  return typeof value === "number" && Math.abs(value) >= 10_000 ? `${Number((value / 1000).toPrecision(3))}k` : String(value);
}

function scale(values: number[]): object {
  const least = Math.min(...sampled(values));
  const most = Math.max(...sampled(values));
  return least > 0 && most / least > SKEWED ? { type: "log" } : { type: "value", scale: least > 0 && most < 2 * least };
}

/** `Math.min(...values)` takes only so many arguments; the ends of a sorted copy do not. */
function sampled(values: number[]): number[] {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted.length ? [sorted[0]!, sorted.at(-1)!] : [0, 0];
}

function groups(): string[] {
  return report.bands.length ? report.bands : [""];
}

function bubbles(): HTMLElement {
  const [across, up] = report.axes!;
  const told = el("p", { class: "hint", role: "status" }, "Point at a bubble, or walk through them with the arrow keys; Enter opens the issue.");
  let plotted: number[] = [];
  let at = -1;

  function option(): Record<string, unknown> {
    plotted = shown.filter((each) => issue.across(each) !== null && issue.up(each) !== null);
    const most = Math.max(1e-9, ...sampled(plotted.map((each) => Math.abs(issue.score(each)))));
    const crowd = plotted.length > CROWD;
    const size = (each: number) => (crowd ? 5 : 8 + 22 * Math.sqrt(Math.abs(issue.score(each)) / most));
    const series = groups().map((band, place) => ({
      type: "scatter",
      name: band || "issues",
      // What is urgent lies above the rest.
      z: 10 - place,
      itemStyle: { color: bandColour(band), opacity: crowd ? 0.3 : 0.65, borderColor: colour("--card"), borderWidth: crowd ? 0 : 1 },
      emphasis: { itemStyle: { opacity: 1, borderColor: colour("--text"), borderWidth: 2 } },
      progressive: 5000,
      data: plotted.filter((each) => issue.band(each) === band).map((each) => ({ value: [issue.across(each), issue.up(each), each], symbolSize: size(each) })),
    }));
    return {
      animation: false,
      aria: { enabled: false },
      legend: { top: 0, right: 0, textStyle: { color: colour("--text"), fontFamily: font(), fontSize: 13 }, icon: "circle", itemGap: 16 },
      grid: { left: 64, right: 20, top: 40, bottom: 52 },
      xAxis: axis(across.replaceAll("_", " "), scale(plotted.map((each) => issue.across(each)!))),
      yAxis: axis(up.replaceAll("_", " "), { ...scale(plotted.map((each) => issue.up(each)!)), nameGap: 48 }),
      series,
    };
  }

  function tell(each: number): void {
    fill(told, el("strong", {}, el("bdi", {}, issue.key(each))), " ", el("bdi", {}, issue.title(each)), ` — rank ${issue.rank(each)}${issue.band(each) && ` in ${issue.band(each)}`}, ${across} ${figure(issue.across(each)!)}, ${up} ${figure(issue.up(each)!)}`);
  }

  const stage = el("div", { class: "stage", tabindex: 0, role: "application", "aria-roledescription": "chart", "aria-label": `${up} against ${across}: arrow keys go through the issues by rank, Enter opens one` });
  const section = figureOf(`${capital(up)} against ${across.replaceAll("_", " ")}`, report.size === across ? "The larger the bubble, the higher the score. Up and to the left little effort gives much." : "The larger the bubble, the higher the score.", option, ready, [told], "bubbles");
  const box = section.querySelector(".chart")!;
  box.replaceWith(stage);
  stage.append(box);

  function ready(chart: ECharts): void {
    chart.on("mouseover", (event) => tell((event.value as number[])[2]!));
    chart.on("click", (event) => open((event.value as number[])[2]!));
    stage.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Enter" && at >= 0 && at < plotted.length) {
        // Or the same key would press what has the focus next.
        event.preventDefault();
        open(plotted[at]!);
      }
      if (!step || !plotted.length) return;
      event.preventDefault();
      at = (at + step + plotted.length) % plotted.length;
      tell(plotted[at]!);
      mark(chart, plotted[at]!);
    });
  }
  return section;
}

function mark(chart: ECharts, each: number): void {
  const seriesIndex = Math.max(0, groups().indexOf(issue.band(each)));
  const dataIndex = shown.filter((other) => issue.across(other) !== null && issue.up(other) !== null && issue.band(other) === issue.band(each)).indexOf(each);
  chart.dispatchAction({ type: "downplay" });
  chart.dispatchAction({ type: "highlight", seriesIndex, dataIndex });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replaceAll("_", " ");
}

function scores(): HTMLElement {
  const note = "Where many scores are alike, the order among them says little.";
  return figureOf("Scores", note, () => {
    const values = shown.map((at) => issue.score(at));
    const [least, most] = sampled(values) as [number, number];
    const width = (most - least) / BINS || 1;
    const bin = (value: number) => Math.min(BINS - 1, Math.floor((value - least) / width));
    const series = groups().map((band) => {
      const heights = new Array<number>(BINS).fill(0);
      for (const at of shown) if (issue.band(at) === band) heights[bin(issue.score(at))]! += 1;
      return { type: "bar", stack: "all", name: band || "issues", barCategoryGap: "8%", itemStyle: { color: bandColour(band) }, data: heights };
    });
    const names = Array.from({ length: BINS }, (_, place) => figure(Number((least + place * width).toPrecision(3))));
    return { animation: false, grid: { left: 56, right: 12, top: 12, bottom: 52 }, xAxis: axis("score from", { type: "category", data: names }), yAxis: axis("issues", { type: "value", minInterval: 1, nameGap: 40 }), series };
  }, () => undefined);
}

function bands(): HTMLElement {
  const table = el("tbody");
  const follow = () =>
    fill(table, ...groups().map((band) => {
      const held = shown.filter((at) => issue.band(at) === band).length;
      const choosing = el("button", { type: "button", class: "as-link", onclick: () => pick(band) }, band || "no band");
      return el("tr", {}, el("th", { scope: "row" }, choosing), el("td", { class: "number" }, held.toLocaleString("en")), el("td", { class: "number" }, percent(held / (shown.length || 1))));
    }));
  onChange(follow);
  follow();
  const beside = el("table", { class: "plain small" }, el("caption", { class: "unseen" }, "Bands"), el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Band"), el("th", { scope: "col", class: "number" }, "Issues"), el("th", { scope: "col", class: "number" }, "Share"))), table);
  return figureOf("Bands", `${many(report.bands.length, "band")}; choose one to see its issues.`, () => {
    const names = groups().toReversed();
    const data = names.map((band) => ({ value: shown.filter((at) => issue.band(at) === band).length, itemStyle: { color: bandColour(band) } }));
    return { animation: false, grid: { left: 48, right: 24, top: 4, bottom: 28 }, xAxis: axis("", { type: "value", minInterval: 1 }), yAxis: axis("", { type: "category", data: names }), series: [{ type: "bar", barMaxWidth: 26, data }] };
  }, (chart) => chart.on("click", (event) => pick(event.name)), [beside], "low");
}

function pick(band: string): void {
  location.hash = "#list";
  choose({ band });
}
