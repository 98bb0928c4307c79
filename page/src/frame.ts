/** What every chart shares: when it is drawn, its colours, its axes. Apache ECharts takes no HTML from us. */

import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

import { bandPlace, report } from "./data";
import { el } from "./dom";
import { onChange } from "./selection";

use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, CanvasRenderer]);

export type Option = Record<string, unknown>;
export type { ECharts };

/** Where the largest is so many times the one in the middle, an even axis would press all but a few into a corner. */
const SKEWED = 100;

const LOGARITHMIC = " (logarithmic)";

/** A place for a chart, which is drawn once it is seen: it needs its room on the screen first. */
export class Stage {
  readonly box: HTMLElement;
  private chart: ECharts | null = null;

  constructor(
    private readonly option: () => Option,
    private readonly ready: (chart: ECharts) => void = () => undefined,
    className = "",
  ) {
    this.box = el("div", { class: `chart ${className}`, "aria-hidden": "true" });
    stages.push(this);
  }

  /** Draw what is not drawn yet. */
  begin(): void {
    if (this.chart || !this.box.clientWidth) return;
    const chart = init(this.box, null, { renderer: "canvas" });
    this.chart = chart;
    this.renew();
    this.ready(chart);
    new ResizeObserver(() => this.box.clientWidth && chart.resize()).observe(this.box);
  }

  /** Draw it anew, if it was ever drawn. */
  renew(): void {
    this.chart?.setOption(this.option(), { notMerge: true });
  }
}

const stages: Stage[] = [];

onChange(renew);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", renew);
addEventListener("beforeprint", () => onPaper(true));
addEventListener("afterprint", () => onPaper(false));

function onPaper(yes: boolean): void {
  document.documentElement.classList.toggle("paper", yes);
  renew();
}

function renew(): void {
  stages.forEach((stage) => stage.renew());
}

export function drawCharts(): void {
  stages.forEach((stage) => stage.begin());
}

export function framed(title: string, note: string, ...children: (HTMLElement | null)[]): HTMLElement {
  return el("section", { class: "card" }, el("h3", {}, title), el("p", { class: "note" }, note), ...children);
}

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function bandColour(band: string): string {
  return colour(`--f${Math.min(bandPlace(band), 4)}`);
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
  return typeof value === "number" && Math.abs(value) >= 10_000
    ? `${Number((value / 1000).toPrecision(3))}k`
    : String(value);
}

/** An axis for these values, and where on it a value stands. */
export interface Scale {
  /** What is added to the axis' name. */
  note: string;
  axis: object;
  place: (value: number) => number;
}

export function scale(values: number[]): Scale {
  const [least, most] = sampled(values) as [number, number];
  const even = {
    note: "",
    axis: { type: "value", scale: least > 0 && most < 2 * least },
    place: (value: number) => value,
  };
  if (least < 0 || most <= SKEWED * Math.max(least, median(values), 1 / SKEWED)) return even;
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

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}

/** `Math.min(...values)` takes only so many arguments; the ends of a sorted copy do not. */
export function sampled(values: number[]): number[] {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted.length ? [sorted[0]!, sorted.at(-1)!] : [0, 0];
}

export function groups(): string[] {
  return report.bands.length ? report.bands : [""];
}
