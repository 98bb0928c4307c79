/** What every chart shares: when it is drawn, its colours, its axes. Apache ECharts takes no HTML from us. */

import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

import { bandPlace, issue, report } from "./data";
import { el } from "./dom";
import { follow, refresh } from "./sight";

use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, CanvasRenderer]);

export type Option = Record<string, unknown>;
export type { ECharts };

/** Where the largest is so many times the one in the middle, an even axis would press all but a few into a corner. */
const SKEWED = 100;
/** The same for a few that are so many times what 19 of 20 have. */
const OUTLYING = 10;

const LOGARITHMIC = " (logarithmic)";

/** A place for a chart, which is drawn once it is seen: it needs its room on the screen first. */
export class Stage {
  readonly box: HTMLElement;
  private chart: ECharts | null = null;
  private readonly sight;

  constructor(
    private readonly option: () => Option,
    private readonly ready: (chart: ECharts) => void = () => undefined,
    className = "",
  ) {
    this.box = el("div", { class: `chart ${className}`, "aria-hidden": "true" });
    this.sight = follow(this.box, () => this.draw());
    stages.push(this);
  }

  draw(): void {
    const chart = this.chart ?? this.begin();
    chart.setOption(this.option(), { notMerge: true });
  }

  /** What it shows looks otherwise now. */
  fade(): void {
    this.sight.stale = true;
  }

  private begin(): ECharts {
    const chart = init(this.box, null, { renderer: "canvas" });
    this.chart = chart;
    this.ready(chart);
    new ResizeObserver(() => this.box.clientWidth && chart.resize()).observe(this.box);
    return chart;
  }
}

const stages: Stage[] = [];

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", renew);
addEventListener("beforeprint", () => onPaper(true));
addEventListener("afterprint", () => onPaper(false));

function onPaper(yes: boolean): void {
  document.documentElement.classList.toggle("paper", yes);
  renew();
}

function renew(): void {
  stages.forEach((stage) => stage.fade());
  refresh();
}

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function bandColour(band: string): string {
  return colour(band || !report.bands.length ? `--f${Math.min(bandPlace(band), 4)}` : "--f-none");
}

export function bandName(band: string): string {
  return band || (report.bands.length ? "no band" : "issues");
}

export function font(): string {
  return getComputedStyle(document.body).fontFamily;
}

export function axisText(): object {
  return { color: colour("--soft"), fontFamily: font(), fontSize: 12, hideOverlap: true };
}

export function axis(name: string, more: object = {}): object {
  const faint = { lineStyle: { color: colour("--line") } };
  const text = axisText();
  return {
    name,
    nameLocation: "middle",
    nameGap: 34,
    nameTextStyle: { ...text, fontSize: 13 },
    axisLabel: { ...text, formatter: short },
    axisLine: faint,
    splitLine: faint,
    ...more,
  };
}

function short(value: number | string): string {
  if (typeof value !== "number" || Math.abs(value) < 10_000) return String(value);
  const [unit, name] = Math.abs(value) < 1e6 ? [1e3, "k"] : [1e6, "M"];
  return `${Number((value / unit).toPrecision(3))}${name}`;
}

/** An axis for these values, and where on it a value stands. */
export interface Scale {
  /** What is added to the axis' name. */
  note: string;
  axis: object;
  place: (value: number) => number;
}

export function scale(values: number[]): Scale {
  const [least, most] = ends(values);
  const even = {
    note: "",
    axis: { type: "value", scale: least > 0 && most < 2 * least },
    place: (value: number) => value,
  };
  if (least < 0 || !isSkewed(values)) return even;
  if (least > 0) return { note: LOGARITHMIC, axis: { type: "log" }, place: (value) => value };
  // A logarithm knows no 0, which is the most frequent number of votes.
  const place = (value: number) => Math.log10(1 + value);
  const ticks = [0, ...Array.from({ length: Math.ceil(place(most)) + 1 }, (_, power) => 10 ** power)];
  const customValues = ticks.map(place);
  const told = (at: number) => short(Math.round(10 ** at - 1));
  return {
    note: LOGARITHMIC,
    axis: {
      type: "value",
      min: 0,
      max: place(most),
      axisTick: { customValues },
      axisLabel: { ...axisText(), customValues, formatter: told },
    },
    place,
  };
}

/** Whether a few would press all others into a corner. */
export function isSkewed(values: number[]): boolean {
  const sorted = values.toSorted((one, other) => one - other);
  const most = sorted.at(-1) ?? 0;
  const at = (share: number) => Math.max(sorted[Math.floor(share * (sorted.length - 1))] ?? 0, 1 / SKEWED);
  return most > SKEWED * at(0.5) || most > OUTLYING * at(0.95);
}

/** The least and the most; `Math.min(...values)` takes only so many arguments. */
export function ends(values: number[]): [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return values.length ? [least, most] : [0, 0];
}

/** The bands in their order and, where issues are in none, that as the last. */
export function groups(): string[] {
  banded ??= report.bands.length && !isAnyInNone() ? report.bands : [...report.bands, ""];
  return banded;
}

let banded: string[] | null = null;

function isAnyInNone(): boolean {
  return report.issues.band.some((_, at) => !issue.band(at));
}
