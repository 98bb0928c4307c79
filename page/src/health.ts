/** How far the data can be relied on. */

import { note, nothing, part, share } from "./cards";
import { count, report, type Tracker } from "./data";
import { el, table } from "./dom";
import { age, at, many } from "./wording";

const HEADS = [
  "Tracker",
  "Problems",
  "Age",
  "Age of the whole",
  "Issues",
  "Ranked",
  "Needs input",
  "Left out",
  "Done",
  "Scored",
];

/** Trackers that somebody has to look after. */
export function troubled(): number {
  return report.trackers.filter((tracker) => problems(tracker).length).length;
}

export function health(): HTMLElement {
  const warnings = report.warnings.map((warning) => el("li", {}, el("bdi", {}, warning)));
  const told = "Of the issues that were read some are ranked, need input, are left out by a rule or are done.";
  return el(
    "div",
    {},
    part("Trackers", note(told), table("How complete the data is", HEADS, report.trackers.map(row), [4, 5, 6, 7, 8])),
    part(
      "Remarks",
      warnings.length ? el("ul", { class: "remarks" }, ...warnings) : nothing("Nothing is odd about the list."),
    ),
    part(
      "Rules",
      el("p", {}, `${report.framework}: `, el("code", {}, report.formula)),
      note(`${many(count, "issue")} ranked at ${at(report.made)}.`),
    ),
  );
}

function row(tracker: Tracker): (HTMLElement | string)[] {
  const seen = tracker.ranked + tracker.gaps;
  const found = problems(tracker);
  return [
    el("span", { class: "named" }, tracker.name, el("span", { class: "under" }, tracker.connector)),
    found.length ? el("ul", { class: "plainly" }, ...found.map((each) => el("li", {}, el("bdi", {}, each)))) : "none",
    tracker.taken ? age(tracker.taken) : "–",
    tracker.whole ? age(tracker.whole) : "–",
    ...[tracker.count, tracker.ranked, tracker.gaps, tracker.leftOut, tracker.done].map((number) =>
      number.toLocaleString("en"),
    ),
    seen ? share(tracker.ranked / seen) : "–",
  ];
}

function problems(tracker: Tracker): string[] {
  const { failed, gaps, taken, unread } = tracker;
  return [
    ...(failed ? [`the last read failed, ${at(failed[0])}: ${failed[1]}`] : []),
    ...(taken ? [] : ["never read: run trackersync pull"]),
    ...(unread.length ? [`read without ${unread.join(", ")}`] : []),
    ...(gaps ? [`${many(gaps, "issue")} ${gaps === 1 ? "needs" : "need"} input: see Questions`] : []),
  ];
}
