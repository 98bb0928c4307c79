/** What is told besides the list: the roadmap, questions, people's word, decisions, deliveries, health. */

import { count, issue, report, type Named, type Run } from "./data";
import { el, link, table, told } from "./dom";
import { open } from "./drawer";
import { badge } from "./list";
import { onChange, shown } from "./selection";
import { age, at, figure, many, on, percent } from "./wording";

const LISTED = 60;
const HORIZONS: [name: string, told: string][] = [
  ["now", "the period that begins"],
  ["next", "the one after it"],
  ["later", "everything else"],
];

function named([key, title, url]: Named | readonly [string, string, string, ...unknown[]]): HTMLElement {
  return el("span", { class: "named" }, link(title, url), el("span", { class: "under" }, el("bdi", {}, key)));
}

function part(title: string, ...children: (Node | string | null)[]): HTMLElement {
  return el("section", { class: "card" }, el("h3", {}, title), ...children);
}

function nothing(text: string): HTMLElement {
  return el("p", { class: "empty" }, text);
}

function total(places: number[]): number {
  return places.reduce((sum, place) => sum + (issue.size(place) ?? 0), 0);
}

export function roadmap(): HTMLElement {
  const holder = el("div", { class: "roadmap" });
  const follow = () => holder.replaceChildren(...(report.capacity ? [columns(), split("Tracker", (place) => issue.tracker(place))] : [advice()]), goals());
  onChange(follow);
  follow();
  return holder;
}

function advice(): HTMLElement {
  const how = el("code", {}, "capacity: {points: 40, per: 2w}");
  return part("Now, next, later", el("p", {}, "The rules do not say how much the team gets done, so the list is not cut. Add ", how, " to the file."));
}

function columns(): HTMLElement {
  const [points, days] = report.capacity!;
  const made = HORIZONS.map(([name, meaning]) => {
    const places = shown.filter((place) => issue.horizon(place) === name);
    const items = places.slice(0, LISTED).map((place) =>
      el("li", {}, el("button", { type: "button", class: "tile", onclick: () => open(place) }, told(issue.title(place), "title"), el("span", { class: "under" }, el("bdi", {}, issue.key(place)), ` · ${issue.size(place) === null ? "not estimated" : figure(issue.size(place)!)}`, " ", badge(issue.band(place))))),
    );
    const more = places.length > LISTED ? el("p", { class: "note" }, `and ${many(places.length - LISTED, "more issue")}`) : null;
    return el("section", { class: "horizon" }, el("h3", {}, name), el("p", { class: "note" }, `${meaning}: ${many(places.length, "issue")}, ${figure(total(places))} ${unit()}`), items.length ? el("ol", {}, ...items) : nothing("Nothing fits."), more);
  });
  return el("div", {}, el("p", { class: "note" }, `${figure(points)} ${unit()} every ${days} days, filled in the order of the list; what does not fit any more waits.`), el("div", { class: "horizons" }, ...made));
}

function unit(): string {
  return report.size.replaceAll("_", " ");
}

function split(name: string, of: (place: number) => string): HTMLElement {
  const groups = new Map<string, number[]>();
  for (const place of shown) {
    const group = groups.get(of(place));
    if (group) group.push(place);
    else groups.set(of(place), [place]);
  }
  const rows = [...groups].map(([group, places]) => {
    const by = HORIZONS.map(([horizon]) => places.filter((place) => issue.horizon(place) === horizon));
    return [group || "none", ...by.map((each) => `${each.length.toLocaleString("en")} (${figure(total(each))})`)];
  });
  return part(`By ${name.toLowerCase()}`, table(`Issues (${unit()}) by ${name.toLowerCase()}`, [name, ...HORIZONS.map(([horizon]) => horizon)], rows, [1, 2, 3]));
}

function goals(): HTMLElement {
  if (!report.goals.length) return part("Goals", nothing("The rules name no goals."));
  const all = shown.length || 1;
  const effort = total(shown) || 1;
  const rows = report.goals.map(([name, weight, because]) => {
    const places = shown.filter((place) => issue.goal(place) === name);
    const soon = places.filter((place) => issue.horizon(place) === "now");
    const what = el("span", {}, name, because ? el("span", { class: "under" }, because) : null);
    return [what, `× ${figure(weight)}`, `${places.length.toLocaleString("en")} (${percent(places.length / all)})`, `${figure(total(places))} (${percent(total(places) / effort)})`, report.capacity ? `${figure(total(soon))}` : "–", String(places[0] === undefined ? "–" : issue.rank(places[0]))];
  });
  return part("Goals", table("What each goal gets", ["Goal", "Weight", "Issues", unit(), `${unit()} now`, "Best rank"], rows, [1, 2, 3, 4, 5]));
}

export function questions(): HTMLElement {
  const gaps = report.gaps.map((gap) => {
    const [, , , , missing, detail, ask, best] = gap;
    return [named(gap), missing.join(", ") || detail, ask.join(", ") || "–", best === null ? "–" : `rank ${best}`];
  });
  const disputes = report.disputes.map((dispute) => {
    const [, , , , input, disagreement, low, high, people] = dispute;
    const said = people.map(([person, value]) => `${person} ${figure(value)}`).join(", ");
    return [named(dispute), input, percent(disagreement), `${figure(low)} – ${figure(high)}`, el("bdi", {}, said)];
  });
  return el(
    "div",
    {},
    part(
      "Needs input",
      el("p", { class: "note" }, "These have no score and are not ranked. First whose answer could change the top of the list most."),
      gaps.length ? table("What is missing, and who might know", ["Issue", "Missing", "Ask", "Could be"], gaps, [3]) : nothing("Every issue has what its score is made of."),
    ),
    part("Where people disagree", disputes.length ? table("Votes too far apart for one number to stand for them", ["Issue", "Input", "Apart", "Range", "Votes"], disputes, [2]) : nothing("No votes are far apart.")),
    report.leftOut.length ? part("Left out by a rule", el("ul", {}, ...report.leftOut.map((line) => el("li", {}, line)))) : el("span"),
  );
}

/** An issue by its key: of one that is ranked there is more to be told. */
function known(key: string, tracker: string): HTMLElement {
  const place = report.issues.key.findIndex((each, at) => each === key && issue.tracker(at) === tracker);
  if (place < 0) return el("span", { class: "named" }, el("bdi", {}, key), el("span", { class: "under" }, tracker));
  return el("span", { class: "named" }, el("button", { type: "button", class: "as-link", onclick: () => open(place) }, told(issue.title(place))), el("span", { class: "under" }, el("bdi", {}, key)));
}

export function people(): HTMLElement {
  const rows = report.overrides.map(([key, tracker, target, wrote, found, since, until, fate]) => [
    known(key, tracker), target, wrote, el("bdi", {}, found), on(since), fate !== "stands" ? fate : until ? `until ${on(until)}` : "until it is released",
  ]);
  const corrected = report.corrected.map(([kind, name, decided, overridden]) => [kind, name, decided.toLocaleString("en"), overridden.toLocaleString("en"), decided ? share(overridden / decided) : "–"]);
  return el(
    "div",
    {},
    part("Values that people changed", el("p", { class: "note" }, "A person's word stands until it expires or is released."), rows.length ? table("Where a person overrode what the rules came to", ["Issue", "What", "We wrote", "Found", "Since", "Stands"], rows) : nothing("Nobody overrode anything.")),
    part("Rules that people correct", el("p", { class: "note" }, "The more often a rule is overruled, the likelier it is wrong."), corrected.length ? table("How often each rule was overruled", ["Kind", "Rule", "Decided on", "Overruled", "Share"], corrected, [2, 3]) : nothing("There are no adjustments or bands.")),
  );
}

function share(value: number): HTMLElement {
  const bar = el("span", { class: "bar" });
  bar.style.width = `${Math.round(value * 100)}%`;
  return el("span", { class: "share" }, el("span", { class: "track", "aria-hidden": "true" }, bar), percent(value));
}

export function decisions(): HTMLElement {
  if (!report.runs.length) return el("div", {}, nothing("Nothing was applied yet: there is no earlier run."));
  return el("div", { class: "runs" }, ...report.runs.map(decided));
}

function decided(run: Run): HTMLElement {
  const counts = Object.entries(run.outcomes).map(([status, number]) => `${number.toLocaleString("en")} ${status}`).join(", ") || "nothing written";
  const allowed = run.allowed.length ? ` Guards let pass: ${run.allowed.join(", ")}.` : "";
  const made = el("details", { class: "card" }, el("summary", {}, el("strong", {}, at(run.at)), el("span", { class: `ended ${run.ended === "done" ? "" : "partly"}` }, run.ended), el("span", { class: "note" }, counts)));
  // Thousands of rows of runs that nobody opens are not worth their time.
  made.addEventListener("toggle", () => {
    const rows = run.changes.map(([key, target, before, after, status, reason, detail]) => [el("bdi", {}, key), target, el("bdi", {}, before), el("bdi", {}, after), el("bdi", {}, reason), detail ? `${status}: ${detail}` : status]);
    made.append(el("p", { class: "note" }, `Run ${run.id}.${allowed}`), table("What changed and why", ["Issue", "What", "Before", "After", "Reason", "Outcome"], rows));
  }, { once: true });
  return made;
}

export function delivered(): HTMLElement {
  const since = report.since ?? report.last;
  const rows = report.delivered.map((each) => {
    const [, , , , closed, band, days] = each;
    return [named(each), on(closed), band ? badge(band) : "–", days === null ? "–" : many(days, "day")];
  });
  return part("Delivered", el("p", { class: "note" }, since ? `Done since ${at(since)}.` : "Done, as far as the trackers' selections include what is closed."), rows.length ? table("What was done, newest first", ["Issue", "Done", "Band", "In it for"], rows, [3]) : nothing("Nothing that the trackers' selections include was done since."));
}

export function health(): HTMLElement {
  const rows = report.trackers.map((tracker) => {
    const seen = tracker.ranked + tracker.gaps;
    const scored = seen ? share(tracker.ranked / seen) : "–";
    const problem = !tracker.taken ? "never read: run trackersync pull" : tracker.unread.length ? `read without ${tracker.unread.join(", ")}` : "none";
    return [el("span", { class: "named" }, tracker.name, el("span", { class: "under" }, tracker.connector)), tracker.taken ? age(tracker.taken) : "–", tracker.whole ? age(tracker.whole) : "–", tracker.count.toLocaleString("en"), tracker.ranked.toLocaleString("en"), tracker.gaps.toLocaleString("en"), tracker.leftOut.toLocaleString("en"), scored, problem];
  });
  const heads = ["Tracker", "Age", "Age of the whole", "Issues", "Ranked", "Needs input", "Left out", "Scored", "Problems"];
  const warnings = report.warnings.map((warning) => el("li", {}, el("bdi", {}, warning)));
  return el(
    "div",
    {},
    part("Trackers", table("How complete the data is", heads, rows, [3, 4, 5, 6])),
    part("Remarks", warnings.length ? el("ul", { class: "remarks" }, ...warnings) : nothing("Nothing is odd about the list.")),
    part("Rules", el("p", {}, `${report.framework}: `, el("code", {}, report.formula)), el("p", { class: "note" }, `${many(count, "issue")} ranked at ${at(report.made)}.`)),
  );
}
