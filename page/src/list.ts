/** The ranked list: only the rows that are in sight exist (TanStack Virtual), whatever their number. */

import { observeWindowOffset, observeWindowRect, Virtualizer, windowScroll } from "@tanstack/virtual-core";

import { bandPlace, issue, report } from "./data";
import { el, fill, link } from "./dom";
import { open } from "./drawer";
import { choice, choose, onChange, shown, type Order } from "./selection";
import { figure, movement, reason } from "./wording";

const NARROW = matchMedia("(max-width: 760px)");
const ROW = 58;
const CARD = 148;
/** So many rows are printed; a longer list is for a spreadsheet. */
const PRINTED = 500;
const HEADS: [name: string, order: Order | null, className: string][] = [
  ["Rank", "rank", "number"],
  ["Moved", "moved", ""],
  ["Band", "band", ""],
  ["Score", "score", "number"],
  ["Issue", "title", ""],
  ["Owner", "owner", ""],
  ["Why", null, ""],
];

export function list(): HTMLElement {
  const body = el("tbody", { role: "rowgroup" });
  const heads = HEADS.map(([name, order, className]) => head(name, order, className));
  const top = el("thead", { role: "rowgroup" }, el("tr", { role: "row", "aria-rowindex": 1 }, ...heads));
  const made = el("table", { class: "ranked", role: "table", "aria-label": "Ranked issues" }, top, body);
  const nothing = el("p", { class: "empty" });
  const holder = el("div", { class: "list" }, made, nothing);
  const rows = new Map<number, HTMLElement>();
  let focused = -1;

  const options = () => ({
    count: shown.length,
    getScrollElement: () => window,
    estimateSize: height,
    overscan: 8,
    scrollMargin: body.isConnected ? body.getBoundingClientRect().top + scrollY : 0,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll,
    onChange: draw,
  });
  const virtual = new Virtualizer<Window, HTMLElement>(options());

  /** Where each row in sight begins, and the one that has the focus: or a keyboard would lose its place. */
  function places(): [place: number, start: number][] {
    const found = virtual.getVirtualItems().map((item): [number, number] => [item.index, item.start - virtual.options.scrollMargin]);
    if (focused < 0 || focused >= shown.length || found.some(([place]) => place === focused)) return found;
    return [...found, [focused, focused * height()] as [number, number]].sort((one, other) => one[0] - other[0]);
  }

  function draw(): void {
    const items = places();
    body.style.height = `${virtual.getTotalSize()}px`;
    const wanted = new Set(items.map(([place]) => place));
    for (const [place, row] of rows) {
      if (!wanted.has(place)) {
        row.remove();
        rows.delete(place);
      }
    }
    let last: HTMLElement | null = null;
    for (const [place, start] of items) {
      const known = rows.get(place);
      const row = known ?? listed(shown[place]!, place);
      row.style.transform = `translateY(${start}px)`;
      if (!known) {
        rows.set(place, row);
        // In the order of the list, which is the order of the keyboard and of readers aloud.
        if (last) last.after(row);
        else body.prepend(row);
      }
      last = row;
    }
  }

  function renew(): void {
    rows.forEach((row) => row.remove());
    rows.clear();
    focused = -1;
    made.setAttribute("aria-rowcount", String(shown.length + 1));
    fill(nothing, shown.length ? "" : report.issues.key.length ? "No issue matches: change the search or the filters." : "No issue is ranked yet.");
    nothing.hidden = shown.length > 0;
    made.hidden = shown.length === 0;
    heads.forEach((each, place) => {
      const order = HEADS[place]![1];
      if (order) each.setAttribute("aria-sort", order !== choice.order ? "none" : choice.down ? "descending" : "ascending");
    });
    resize();
  }

  function resize(): void {
    virtual.setOptions({ ...virtual.options, ...options() });
    virtual.measure();
    virtual._willUpdate();
    draw();
  }

  function goTo(place: number): void {
    if (place < 0 || place >= shown.length) return;
    focused = place;
    virtual.scrollToIndex(place, { align: "auto" });
    draw();
    rows.get(place)?.querySelector<HTMLElement>(".why")?.focus({ preventScroll: true });
  }

  body.addEventListener("focusin", (event) => (focused = placeOf(event)));
  body.addEventListener("focusout", () => (focused = -1));
  body.addEventListener("click", (event) => {
    if (!(event.target as Element).closest("a")) open(shown[placeOf(event)]!);
  });
  body.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(innerHeight / height()) - 2);
    const here = placeOf(event);
    const there = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: Math.min(here + page, shown.length - 1), PageUp: Math.max(here - page, 0), Home: 0, End: shown.length - 1 }[event.key];
    if (there === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    goTo(there);
  });
  addEventListener("beforeprint", () => {
    rows.forEach((row) => row.remove());
    rows.clear();
    body.append(...shown.slice(0, PRINTED).map((at, place) => listed(at, place)));
  });
  addEventListener("afterprint", () => {
    body.replaceChildren();
    renew();
  });
  NARROW.addEventListener("change", renew);
  onChange(() => {
    if (holder.isConnected && scrollY > virtual.options.scrollMargin) scrollTo(0, virtual.options.scrollMargin - 60);
    renew();
  });
  new ResizeObserver(resize).observe(holder);
  virtual._didMount();
  renew();
  // Once it stands in the page its place there is known.
  queueMicrotask(renew);
  return holder;
}

function height(): number {
  return NARROW.matches ? CARD : ROW;
}

function placeOf(event: Event): number {
  return Number((event.target as Element).closest("tr")!.getAttribute("aria-rowindex")) - 2;
}

function head(name: string, order: Order | null, className: string): HTMLElement {
  const label = order ? el("button", { type: "button", onclick: () => sort(order) }, name) : name;
  return el("th", { role: "columnheader", scope: "col", ...(className && { class: className }) }, label);
}

function sort(order: Order): void {
  const first = order === "score" || order === "moved";
  choose({ order, down: choice.order === order ? !choice.down : first });
}

export function badge(band: string): HTMLElement | string {
  return band ? el("span", { class: `band b${Math.min(bandPlace(band), 4)}` }, band) : "–";
}

export function moved(at: number): HTMLElement {
  const [text, told, kind] = movement(issue.moved(at));
  const was = issue.bandBefore(at);
  const from = was && was !== issue.band(at) ? `, from ${was}` : "";
  return el("span", { class: `moved ${kind}`, title: told + from }, el("span", { "aria-hidden": "true" }, text), el("span", { class: "unseen" }, told + from));
}

function listed(at: number, place: number): HTMLElement {
  const cell = (className: string, ...children: (Node | string)[]) => el("td", { role: "cell", class: className }, ...children);
  const people = issue.people(at);
  const labels = issue.labels(at).slice(0, 4);
  const why = issue.why(at).map(reason).join(" · ") || "nothing counted";
  return el(
    "tr",
    { role: "row", "aria-rowindex": place + 2 },
    cell("rank number", String(issue.rank(at))),
    cell("movement", moved(at)),
    cell("in-band", badge(issue.band(at))),
    cell("score number", figure(issue.score(at))),
    cell(
      "what",
      link(issue.title(at), issue.url(at), "title"),
      el("span", { class: "under" }, el("bdi", {}, issue.key(at)), ...labels.map((label) => el("bdi", { class: "label" }, label))),
    ),
    cell("owner", people.length ? el("bdi", {}, people.join(", ")) : el("span", { class: "nobody" }, "nobody")),
    cell("reasons", el("button", { type: "button", class: "why", "aria-label": `Why rank ${issue.rank(at)}: ${why}` }, el("bdi", {}, why))),
  );
}
