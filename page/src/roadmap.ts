/** Now, next and later, and what each goal gets. */

import { issue, report } from "./data";
import { el, table, told } from "./dom";
import { nothing, part } from "./cards";
import { open } from "./drawer";
import { badge } from "./badge";
import { onChange, shown } from "./selection";
import { figure, many, percent } from "./wording";

/** So many issues of a period are shown; the list has them all. */
const LISTED = 60;
const HORIZONS: [name: string, told: string][] = [
  ["now", "the period that begins"],
  ["next", "the one after it"],
  ["later", "everything else"],
];

export function roadmap(): HTMLElement {
  const holder = el("div", { class: "roadmap" });
  const follow = () =>
    holder.replaceChildren(
      ...(report.capacity ? [columns(), split("Tracker", (place) => issue.tracker(place))] : [advice()]),
      goals(),
    );
  onChange(follow);
  follow();
  return holder;
}

function advice(): HTMLElement {
  const how = el("code", {}, "capacity: {points: 40, per: 2w}");
  return part(
    "Now, next, later",
    el("p", {}, "The rules do not say how much the team gets done, so the list is not cut. Add ", how, " to the file."),
  );
}

function columns(): HTMLElement {
  const [points, days] = report.capacity!;
  const told = `${figure(points)} ${unit()} every ${days} days, filled in the order of the list`;
  return el(
    "div",
    {},
    el("p", { class: "note" }, `${told}; what does not fit any more waits.`),
    el("div", { class: "horizons" }, ...HORIZONS.map(([name, meaning]) => column(name, meaning))),
  );
}

function column(name: string, meaning: string): HTMLElement {
  const places = shown.filter((place) => issue.horizon(place) === name);
  const note = `${meaning}: ${many(places.length, "issue")}, ${figure(total(places))} ${unit()}`;
  const more = places.length - LISTED;
  return el(
    "section",
    { class: "horizon" },
    el("h3", {}, name),
    el("p", { class: "note" }, note),
    places.length ? el("ol", {}, ...places.slice(0, LISTED).map(tile)) : nothing("Nothing fits."),
    more > 0 && el("p", { class: "note" }, `and ${many(more, "more issue")}`),
  );
}

function tile(place: number): HTMLElement {
  const size = issue.size(place);
  const under = [el("bdi", {}, issue.key(place)), ` · ${size === null ? "not estimated" : figure(size)} `];
  const title = told(issue.title(place), "title");
  const made = el("button", { type: "button", class: "tile", onclick: () => open(place) }, title);
  made.append(el("span", { class: "under" }, ...under, badge(issue.band(place))));
  return el("li", {}, made);
}

function total(places: number[]): number {
  return places.reduce((sum, place) => sum + (issue.size(place) ?? 0), 0);
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
  return part(
    `By ${name.toLowerCase()}`,
    table(
      `Issues (${unit()}) by ${name.toLowerCase()}`,
      [name, ...HORIZONS.map(([horizon]) => horizon)],
      rows,
      [1, 2, 3],
    ),
  );
}

function goals(): HTMLElement {
  if (!report.goals.length) return part("Goals", nothing("The rules name no goals."));
  const heads = ["Goal", "Weight", "Issues", unit(), `${unit()} now`, "Best rank"];
  return part("Goals", table("What each goal gets", heads, report.goals.map(goal), [1, 2, 3, 4, 5]));
}

function goal([name, weight, because]: (typeof report.goals)[number]): (HTMLElement | string)[] {
  const places = shown.filter((place) => issue.goal(place) === name);
  const effort = total(places);
  const soon = places.filter((place) => issue.horizon(place) === "now");
  return [
    el("span", {}, name, because && el("span", { class: "under" }, because)),
    `× ${figure(weight)}`,
    `${places.length.toLocaleString("en")} (${percent(places.length / (shown.length || 1))})`,
    `${figure(effort)} (${percent(effort / (total(shown) || 1))})`,
    report.capacity ? figure(total(soon)) : "–",
    places.length ? String(places.reduce((best, place) => Math.min(best, issue.rank(place)), Infinity)) : "–",
  ];
}
