/** What was decided, and what was done. */

import { badge } from "./badge";
import { known, named, note, nothing, part } from "./cards";
import { issue, placeOf, report, type Change, type Changed, type Run } from "./data";
import { el, table } from "./dom";
import { at, many, on } from "./wording";

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
  made.addEventListener("toggle", () => made.append(note(`Run ${run.id}.${allowed}`), written(run)), { once: true });
  return made;
}

function written(run: Run): HTMLElement {
  if (!run.changes.length && !run.more) return nothing("Nothing was written: there was nothing to change.");
  const rows = run.changes.map((each) => [
    known(each[0], each[1]),
    el("ul", { class: "changes" }, ...each[2].map(changed)),
    why(each, run),
  ]);
  const more = run.more > 0 && note(`${many(run.more, "more value")} that it wrote are not told here.`);
  const told = table("What changed and why", ["Issue", "What changed", "Why"], rows, [], 100);
  return el("div", {}, rows.length > 0 && told, more);
}

/** Why it was written and, where that is known, what moved the issue in that run. */
function why([key, tracker, , reasons]: Changed, run: Run): HTMLElement {
  const place = placeOf(key, tracker);
  const move = place === undefined ? undefined : issue.history(place).find((each) => each.at === run.at);
  // `new in the list` and `others moved` say it all.
  const told = move && (/^(new|not|others) /.test(move.why) ? move.why : `moved by ${move.why}`);
  return el(
    "span",
    { class: "reason" },
    el("bdi", {}, reasons.join("; ")),
    told && el("span", { class: "under" }, el("bdi", {}, told)),
  );
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
    el("bdi", {}, after),
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
  const caveat = "What the trackers' selections include of it, and what was done when it left them.";
  return part(
    since ? `Since ${at(since)}` : "So far",
    note(caveat),
    rows.length
      ? table("What was done, newest first", ["Issue", "Done", "How long in which band"], rows)
      : nothing("Nothing."),
  );
}

function told(days: number): string {
  return days < 0.5 ? "less than a day" : many(Math.round(days), "day");
}
