/** What was decided and done, and how far the data can be relied on. */

import { count, report, type Change, type Run } from "./data";
import { el, table } from "./dom";
import { known, named, nothing, part, share } from "./cards";
import { badge } from "./badge";
import { age, at, many, on } from "./wording";

export function decisions(): HTMLElement {
  if (!report.runs.length) return el("div", {}, nothing("Nothing was applied yet: there is no earlier run."));
  return el("div", { class: "runs" }, ...report.runs.map(decided));
}

function decided(run: Run): HTMLElement {
  const counts =
    Object.entries(run.outcomes)
      .map(([status, number]) => `${number.toLocaleString("en")} ${status}`)
      .join(", ") || "nothing written";
  const allowed = run.allowed.length ? ` Guards let pass: ${run.allowed.join(", ")}.` : "";
  const made = el(
    "details",
    { class: "card" },
    el(
      "summary",
      {},
      el("strong", {}, at(run.at)),
      run.by && el("span", {}, "by ", el("bdi", {}, run.by)),
      el("span", { class: `ended ${run.ended === "done" ? "" : "partly"}` }, run.ended),
      el("span", { class: "note" }, counts),
    ),
  );
  // Thousands of rows of runs that nobody opens are not worth their time.
  made.addEventListener(
    "toggle",
    () => {
      const rows = run.changes.map(([key, tracker, changes, reasons]) => [
        known(key, tracker),
        el("ul", { class: "changes" }, ...changes.map(changed)),
        el("bdi", {}, reasons.join("; ")),
      ]);
      const more = run.more ? ` ${many(run.more, "more value")} not told here.` : "";
      made.append(
        el("p", { class: "note" }, `Run ${run.id}.${allowed}${more}`),
        table("What changed and why", ["Issue", "What changed", "Why"], rows, [], 100),
      );
    },
    { once: true },
  );
  return made;
}

/** A value before and after; what became of it is told where it is not simply there. */
function changed([target, before, after, status, detail]: Change): HTMLElement {
  const outcome = status === "applied" ? "" : detail ? `${status}: ${detail}` : status;
  return el(
    "li",
    {},
    el("span", { class: "target" }, target),
    el("bdi", { class: "before" }, before),
    el("span", { "aria-label": "to" }, " → "),
    el("bdi", { class: "after" }, after),
    outcome && el("span", { class: "ended partly" }, ` ${outcome}`),
  );
}

export function delivered(): HTMLElement {
  const since = report.since ?? report.last;
  const rows = report.delivered.map((each) => {
    const [, , , , closed, held] = each;
    const stays = held.map(([band, days]) => el("span", { class: "stay" }, badge(band), ` ${told(days)}`));
    return [named(each), on(closed), stays.length ? el("span", { class: "stays" }, ...stays) : "–"];
  });
  return part(
    "Delivered",
    el(
      "p",
      { class: "note" },
      since ? `Done since ${at(since)}.` : "Done, as far as the trackers' selections include what is closed.",
    ),
    rows.length
      ? table("What was done, newest first", ["Issue", "Done", "How long in which band"], rows)
      : nothing("Nothing that the trackers' selections include was done since."),
  );
}

function told(days: number): string {
  return days < 0.5 ? "less than a day" : many(Math.round(days), "day");
}

export function health(): HTMLElement {
  const rows = report.trackers.map((tracker) => {
    const seen = tracker.ranked + tracker.gaps;
    const scored = seen ? share(tracker.ranked / seen) : "–";
    const problem = !tracker.taken
      ? "never read: run trackersync pull"
      : tracker.unread.length
        ? `read without ${tracker.unread.join(", ")}`
        : "none";
    return [
      el("span", { class: "named" }, tracker.name, el("span", { class: "under" }, tracker.connector)),
      tracker.taken ? age(tracker.taken) : "–",
      tracker.whole ? age(tracker.whole) : "–",
      tracker.count.toLocaleString("en"),
      tracker.ranked.toLocaleString("en"),
      tracker.gaps.toLocaleString("en"),
      tracker.leftOut.toLocaleString("en"),
      scored,
      problem,
    ];
  });
  const heads = [
    "Tracker",
    "Age",
    "Age of the whole",
    "Issues",
    "Ranked",
    "Needs input",
    "Left out",
    "Scored",
    "Problems",
  ];
  const warnings = report.warnings.map((warning) => el("li", {}, el("bdi", {}, warning)));
  return el(
    "div",
    {},
    part("Trackers", table("How complete the data is", heads, rows, [3, 4, 5, 6])),
    part(
      "Remarks",
      warnings.length ? el("ul", { class: "remarks" }, ...warnings) : nothing("Nothing is odd about the list."),
    ),
    part(
      "Rules",
      el("p", {}, `${report.framework}: `, el("code", {}, report.formula)),
      el("p", { class: "note" }, `${many(count, "issue")} ranked at ${at(report.made)}.`),
    ),
  );
}
