/** Now, next and later, by when there is room for what each issue takes, and what each goal and tracker gets. */

import { badge } from "./badge";
import { note, nothing, part } from "./cards";
import { count, issue, report } from "./data";
import { el, table, told } from "./dom";
import { open } from "./drawer";
import { capacity, isEstimated, sized, taken, total, unit } from "./efforts";
import { shown } from "./selection";
import { follow } from "./sight";
import { figure, many, percent } from "./wording";

/** So many issues of a period are shown; the list has them all. */
const LISTED = 60;
const HORIZONS: [name: string, told: string][] = [
  ["now", "the period that begins"],
  ["next", "the one after it"],
  ["later", "everything else"],
];
const FITTING =
  "Each issue goes, in the order of the list, into the first period that has room for it: one that is too large for " +
  "what is left waits, while a smaller one further down may still fit.";

export function roadmap(): HTMLElement {
  const holder = el("div");
  follow(holder, () => holder.replaceChildren(...(isCut() ? [columns(), trackers()] : [advice()]), goals()));
  return holder;
}

/** Whether the list is cut into periods. */
function isCut(): boolean {
  return report.capacity !== null && isEstimated();
}

function advice(): HTMLElement {
  return part(
    "Now, next, later",
    report.capacity === null ? unlimited() : count ? unestimated() : nothing("No issue is ranked yet."),
  );
}

function unlimited(): HTMLElement {
  const how = el("code", {}, "capacity: {points: 40, per: 2w}");
  return el(
    "p",
    {},
    "The rules do not say how much the team gets done, so the list is not cut. Add ",
    how,
    " to the file.",
  );
}

function unestimated(): HTMLElement {
  const from = report.sized === "input" ? "the input " : "what the trackers keep as the column ";
  const why = "No issue has an estimate, so nobody knows what fits into a period. Estimates are taken from ";
  return el("p", {}, why, from, el("code", {}, report.size), ".");
}

function columns(): HTMLElement {
  return el(
    "div",
    {},
    note(`${capacity(report.capacity!)}. ${FITTING}`),
    el("div", { class: "horizons" }, ...HORIZONS.map(([name, meaning]) => column(name, meaning))),
  );
}

function column(name: string, meaning: string): HTMLElement {
  const places = shown.filter((place) => issue.horizon(place) === name);
  const more = places.length - LISTED;
  const none = name === "later" ? "Nothing has to wait." : "Nothing fits.";
  const empty = shown.length < count ? "None of the issues that match." : none;
  return el(
    "section",
    { class: "horizon" },
    el("h3", {}, name),
    note(places.length ? `${meaning}: ${taken(places)}` : meaning),
    places.length ? el("ol", {}, ...places.slice(0, LISTED).map(tile)) : nothing(empty),
    more > 0 && note(`and ${many(more, "more issue")}`),
  );
}

function tile(place: number): HTMLElement {
  const size = issue.size(place);
  const under = [el("bdi", {}, issue.key(place)), ` · ${size === null ? "not estimated" : sized(size)} `];
  const title = told(issue.title(place), "title");
  const made = el("button", { type: "button", class: "tile", onclick: () => open(place) }, title);
  made.append(el("span", { class: "under" }, ...under, badge(issue.band(place))));
  return el("li", {}, made);
}

/** Of these what is done now, next and later, a cell each. */
function byHorizon(places: number[]): string[] {
  return HORIZONS.map(([horizon]) => taken(places.filter((place) => issue.horizon(place) === horizon)));
}

const HEADS = HORIZONS.map(([horizon]) => horizon[0]!.toUpperCase() + horizon.slice(1));

function trackers(): HTMLElement {
  const rows = report.trackers.map(({ name }) => [
    name,
    ...byHorizon(shown.filter((at) => issue.tracker(at) === name)),
  ]);
  return part("By tracker", table(`Issues and ${unit} by tracker`, ["Tracker", ...HEADS], rows));
}

function goals(): HTMLElement {
  if (!report.goals.length) return part("By goal", nothing("The rules name no goals."));
  const heads = ["Goal", "Weight", ...(isCut() ? HEADS : []), "In all", `Share of ${unit}`, "Best rank"];
  const rows = report.goals.map(([name, weight, because]) => goal(name, `× ${figure(weight)}`, because));
  const without = shown.some((place) => !issue.goal(place)) ? [goal("", "–", null)] : [];
  return part("By goal", table("What each goal gets", heads, [...rows, ...without]));
}

function goal(name: string, weight: string, because: string | null): (HTMLElement | string)[] {
  const places = shown.filter((place) => issue.goal(place) === name);
  const all = total(shown);
  return [
    el("span", { class: "named" }, name || "no goal", because && el("span", { class: "under" }, because)),
    weight,
    ...(isCut() ? byHorizon(places) : []),
    taken(places),
    all ? percent(total(places) / all) : "–",
    places.length ? String(places.reduce((best, place) => Math.min(best, issue.rank(place)), Infinity)) : "–",
  ];
}
