/** The pieces that the views are put together from. */

import { issue, placeOf, type Named } from "./data";
import { el, link, told } from "./dom";
import { open } from "./drawer";
import { percent } from "./wording";

export function named([key, title, url]: Named | readonly [string, string, string, ...unknown[]]): HTMLElement {
  return el("span", { class: "named" }, link(title, url), el("span", { class: "under" }, el("bdi", {}, key)));
}

/** An issue by its key: of one that is ranked there is more to be told. */
export function known(key: string, tracker: string): HTMLElement {
  const place = placeOf(key, tracker);
  const under = (text: string) => el("span", { class: "under" }, el("bdi", {}, text));
  if (place === undefined) return el("span", { class: "named" }, el("bdi", {}, key), under(tracker));
  const opening = el(
    "button",
    { type: "button", class: "as-link", onclick: () => open(place) },
    told(issue.title(place)),
  );
  return el("span", { class: "named" }, opening, under(key));
}

export function part(title: string, ...children: (Node | string | null | false)[]): HTMLElement {
  return el("section", { class: "card" }, el("h3", {}, title), ...children);
}

export function nothing(text: string): HTMLElement {
  return el("p", { class: "empty" }, text);
}

export function note(...children: (Node | string)[]): HTMLElement {
  return el("p", { class: "note" }, ...children);
}

export function share(value: number): HTMLElement {
  const bar = value > 0 && el("span", { class: "bar" });
  if (bar) bar.style.width = `${Math.round(value * 100)}%`;
  return el("span", { class: "share" }, el("span", { class: "track", "aria-hidden": "true" }, bar), percent(value));
}
