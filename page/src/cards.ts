/** The pieces that the views are put together from. */

import { type Named } from "./data";
import { el, link } from "./dom";
import { percent } from "./wording";

export function named([key, title, url]: Named | readonly [string, string, string, ...unknown[]]): HTMLElement {
  return el("span", { class: "named" }, link(title, url), el("span", { class: "under" }, el("bdi", {}, key)));
}

export function part(title: string, ...children: (Node | string | null)[]): HTMLElement {
  return el("section", { class: "card" }, el("h3", {}, title), ...children);
}

export function nothing(text: string): HTMLElement {
  return el("p", { class: "empty" }, text);
}

export function share(value: number): HTMLElement {
  const bar = el("span", { class: "bar" });
  bar.style.width = `${Math.round(value * 100)}%`;
  return el("span", { class: "share" }, el("span", { class: "track", "aria-hidden": "true" }, bar), percent(value));
}
