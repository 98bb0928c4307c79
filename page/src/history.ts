/** Where an issue stood over the runs: rank and score as lines, and the same as a table with what moved it. */

import { issue, report, type Move } from "./data";
import { el, table } from "./dom";
import { badge } from "./badge";
import { axis, axisText, bandColour, colour, Stage, type Option } from "./frame";
import { at as told, figure } from "./wording";

const AT_FIRST = 10;
let at = 0;
const stage = new Stage(lines, undefined, "history");

/** One issue's; the chart is drawn by `drawHistory`, once this stands in the page: what is chosen changes nothing there. */
export function history(place: number): HTMLElement | null {
  at = place;
  const moves = issue.history(place);
  if (!moves.length) return null;
  const rows = moves.map((move) => [
    told(move.at),
    move.rank ? move.rank.toLocaleString("en") : "–",
    badge(move.band),
    move.score === null ? "–" : figure(move.score),
    el("bdi", {}, move.why),
  ]);
  const heads = ["Run", "Rank", "Band", "Score", "What moved it"];
  return el(
    "section",
    {},
    el("h3", {}, "Where it stood over the runs"),
    moves.length > 1 && stage.box,
    table("The runs that moved it, newest first", heads, rows, [1, 3], AT_FIRST),
  );
}

export function drawHistory(): void {
  if (stage.box.isConnected) stage.draw();
}

/** Two charts of one time: above the rank, whose first is on top, below the score. */
function lines(): Option {
  const moves = issue.history(at).toReversed();
  const now: Move = { at: report.made, rank: issue.rank(at), band: issue.band(at), score: issue.score(at), why: "" };
  const points = [...moves, now];
  const time = { type: "time", min: points[0]!.at, max: now.at, splitLine: { show: false } };
  const side = { left: 56, right: 14 };
  return {
    animation: false,
    useUTC: true,
    grid: [
      { ...side, top: 10, height: 96 },
      { ...side, top: 128, height: 70 },
    ],
    xAxis: [
      axis("", { ...time, gridIndex: 0, axisLabel: { show: false }, axisTick: { show: false } }),
      axis("", { ...time, gridIndex: 1, splitNumber: 4, axisLabel: axisText() }),
    ],
    yAxis: [
      axis("rank", { gridIndex: 0, type: "value", inverse: true, min: 1, minInterval: 1, nameGap: 40, splitNumber: 3 }),
      axis("score", { gridIndex: 1, type: "value", scale: true, nameGap: 40, splitNumber: 2 }),
    ],
    series: [line(points, 0, ({ rank }) => rank || null), line(points, 1, ({ score }) => score)],
  };
}

/** A value holds until the next run that moved the issue, or until the one in which it left the list. */
function line(points: Move[], panel: number, value: (move: Move) => number | null): object {
  return {
    type: "line",
    xAxisIndex: panel,
    yAxisIndex: panel,
    step: "end",
    symbol: "circle",
    symbolSize: 7,
    lineStyle: { color: colour("--soft"), width: 1.5 },
    data: points.flatMap((move, place) => {
      const last = points[place - 1];
      const left = last && !move.rank ? [{ value: [move.at, value(last)], symbol: "none" }] : [];
      return [...left, { value: [move.at, value(move)], itemStyle: { color: bandColour(move.band) } }];
    }),
  };
}
