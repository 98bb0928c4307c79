/** Value against effort, an issue a bubble: by mouse and by keys it leads to the issue. */

import { note, part } from "./cards";
import { issue, report } from "./data";
import { el, fill } from "./dom";
import { open } from "./drawer";
import {
  axis,
  bandColour,
  bandName,
  colour,
  ends,
  font,
  groups,
  scale,
  Stage,
  type ECharts,
  type Option,
  type Scale,
} from "./frame";
import { shown } from "./selection";
import { figure } from "./wording";

/** Beyond so many issues each is drawn small, or one would cover the other. */
const CROWD = 1500;
const HINT = "Point at a bubble, or walk through them with the arrow keys; Enter opens the issue.";
const LARGER = "The larger the bubble, the higher the score.";

export function bubbles(): HTMLElement {
  return new Bubbles().holder;
}

class Bubbles {
  private readonly across: string;
  private readonly up: string;
  private readonly told = el("p", { class: "hint", role: "status" }, HINT);
  private plotted: number[] = [];
  private at = -1;
  readonly holder: HTMLElement;

  constructor() {
    [this.across, this.up] = report.axes!.map((name) => name.replaceAll("_", " ")) as [string, string];
    const { box } = new Stage(
      () => this.option(),
      (chart) => this.ready(chart),
      "bubbles",
    );
    const label = `${this.up} against ${this.across}: arrow keys go through the issues by rank, Enter opens one`;
    const named = { role: "application", "aria-roledescription": "chart", "aria-label": label };
    const reading = report.axes![0] === report.size ? `${LARGER} Up and to the left little effort gives much.` : LARGER;
    const title = `${this.up.charAt(0).toUpperCase()}${this.up.slice(1)} against ${this.across}`;
    this.holder = part(title, note(reading), el("div", { class: "stage", tabindex: 0, ...named }, box), this.told);
  }

  private option(): Option {
    this.plotted = shown.filter((at) => issue.across(at) !== null && issue.up(at) !== null);
    const across = scale(this.plotted.map((at) => issue.across(at)!));
    const up = scale(this.plotted.map((at) => issue.up(at)!));
    return {
      animation: false,
      legend: {
        top: 0,
        right: 0,
        icon: "circle",
        itemGap: 16,
        textStyle: { color: colour("--text"), fontFamily: font(), fontSize: 13 },
      },
      grid: { left: 64, right: 20, top: 40, bottom: 52 },
      xAxis: axis(this.across + across.note, across.axis),
      yAxis: axis(this.up + up.note, { ...up.axis, nameGap: 48 }),
      series: this.series(across, up),
    };
  }

  private series(across: Scale, up: Scale): object[] {
    const most = Math.max(1e-9, ends(this.plotted.map((at) => Math.abs(issue.score(at))))[1]);
    const crowd = this.plotted.length > CROWD;
    const size = (at: number) => (crowd ? 4 : 8) + (crowd ? 16 : 22) * Math.sqrt(Math.abs(issue.score(at)) / most);
    const edge = { borderColor: colour("--card"), borderWidth: crowd ? 0 : 1 };
    const opacity = Number(colour(crowd ? "--crowd" : "--few"));
    return groups().map((band, place) => ({
      type: "scatter",
      name: bandName(band),
      // What is urgent lies above the rest.
      z: 10 - place,
      itemStyle: { color: bandColour(band), opacity, ...edge },
      emphasis: { itemStyle: { opacity: 1, borderColor: colour("--text"), borderWidth: 2 } },
      progressive: 5000,
      data: this.of(band).map((at) => ({
        value: [across.place(issue.across(at)!), up.place(issue.up(at)!), at],
        symbolSize: size(at),
      })),
    }));
  }

  private of(band: string): number[] {
    return this.plotted.filter((at) => issue.band(at) === band);
  }

  private ready(chart: ECharts): void {
    chart.on("mouseover", (event) => this.tell((event.value as number[])[2]!));
    chart.on("click", (event) => open((event.value as number[])[2]!));
    this.holder.querySelector<HTMLElement>(".stage")!.addEventListener("keydown", (event) => this.walk(event, chart));
  }

  private walk(event: KeyboardEvent, chart: ECharts): void {
    const { plotted } = this;
    if (event.key === "Enter" && plotted[this.at] !== undefined) {
      // Or the same key would press what has the focus next.
      event.preventDefault();
      open(plotted[this.at]!);
    }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !plotted.length) return;
    event.preventDefault();
    // From none the first is before, the last behind.
    const from = this.at < 0 && step < 0 ? 0 : this.at;
    this.at = (from + step + plotted.length) % plotted.length;
    this.tell(plotted[this.at]!);
    this.mark(chart, plotted[this.at]!);
  }

  private tell(at: number): void {
    const band = issue.band(at) && ` in ${issue.band(at)}`;
    const where = `${this.across} ${figure(issue.across(at)!)}, ${this.up} ${figure(issue.up(at)!)}`;
    const key = el("strong", {}, el("bdi", {}, issue.key(at)));
    fill(this.told, key, " ", el("bdi", {}, issue.title(at)), ` — rank ${issue.rank(at)}${band}, ${where}`);
  }

  private mark(chart: ECharts, at: number): void {
    const band = issue.band(at);
    chart.dispatchAction({ type: "downplay" });
    chart.dispatchAction({
      type: "highlight",
      seriesIndex: groups().indexOf(band),
      dataIndex: this.of(band).indexOf(at),
    });
  }
}
