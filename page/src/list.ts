/** The ranked list: only the rows that are in sight exist (TanStack Virtual), whatever their number. */

import { observeWindowOffset, observeWindowRect, Virtualizer, windowScroll } from "@tanstack/virtual-core";

import { badge } from "./badge";
import { issue, report } from "./data";
import { el, link } from "./dom";
import { open } from "./drawer";
import { PRINTED } from "./paper";
import { choice, choose, shown, type Order } from "./selection";
import { follow } from "./sight";
import { date, figure, movement, reason } from "./wording";

/** Where the columns have no room any more, an issue is a card; a column more takes more room. */
const NARROW = matchMedia(`screen and (max-width: ${report.since ? 1000 : 760}px)`);
/** Heights in pixels, as the style has them. */
const ROW = 58;
const CARD = report.since ? 166 : 148;
const LABELS = 4;
const DATED: [string, Order, string][] = report.since ? [[`Since ${date(report.since)}`, "since", ""]] : [];
const HEADS: [name: string, order: Order | null, className: string][] = [
  ["Rank", "rank", "number"],
  ["Moved", "moved", ""],
  ...DATED,
  ["Band", "band", ""],
  ["Score", "score", "number"],
  ["Issue", "title", ""],
  ["Owner", "owner", ""],
  ["Why", null, ""],
];

export function list(): HTMLElement {
  return new RankedList().holder;
}

class RankedList {
  private readonly body = el("tbody", { role: "rowgroup" });
  private readonly heads = HEADS.map(([name, order, className]) => head(name, order, className));
  private readonly table = el(
    "table",
    { class: report.since ? "ranked dated" : "ranked", role: "table", "aria-label": "Ranked issues" },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row", "aria-rowindex": 1 }, ...this.heads)),
    this.body,
  );
  private readonly nothing = el("p", { class: "empty" });
  readonly holder = el("div", { class: "list" }, this.table, this.nothing);
  /** By place in what is shown. */
  private readonly rows = new Map<number, HTMLElement>();
  private focused = -1;
  private readonly virtual = new Virtualizer<Window, HTMLElement>(this.options());

  constructor() {
    this.listen();
    this.virtual._didMount();
    follow(this.holder, () => this.begin());
  }

  private options() {
    return {
      count: shown.length,
      getScrollElement: () => window,
      estimateSize: height,
      overscan: 8,
      scrollMargin: this.body.isConnected ? this.body.getBoundingClientRect().top + scrollY : 0,
      observeElementRect: observeWindowRect,
      observeElementOffset: observeWindowOffset,
      scrollToFn: windowScroll,
      onChange: () => this.draw(),
    };
  }

  private listen(): void {
    this.body.addEventListener("focusin", (event) => (this.focused = placeOf(event)));
    this.body.addEventListener("focusout", () => (this.focused = -1));
    this.body.addEventListener("click", (event) => {
      if (!(event.target as Element).closest("a")) open(shown[placeOf(event)]!);
    });
    this.body.addEventListener("keydown", (event) => this.walk(event));
    addEventListener("beforeprint", () => this.unroll());
    addEventListener("afterprint", () => this.renew());
    NARROW.addEventListener("change", () => this.renew());
    new ResizeObserver(() => this.resize()).observe(this.holder);
  }

  /** Where each row in sight begins, and the one that has the focus: or a keyboard would lose its place. */
  private places(): [place: number, start: number][] {
    const top = this.virtual.options.scrollMargin;
    const found = this.virtual.getVirtualItems().map((item): [number, number] => [item.index, item.start - top]);
    const { focused } = this;
    if (focused < 0 || focused >= shown.length || found.some(([place]) => place === focused)) return found;
    return [...found, [focused, focused * height()] as [number, number]].sort((one, other) => one[0] - other[0]);
  }

  private draw(): void {
    const places = this.places();
    this.body.style.height = `${this.virtual.getTotalSize()}px`;
    this.drop(new Set(places.map(([place]) => place)));
    let last: HTMLElement | null = null;
    for (const [place, start] of places) {
      const known = this.rows.get(place);
      const row = known ?? listed(shown[place]!, place);
      row.style.transform = `translateY(${start}px)`;
      if (!known) {
        this.rows.set(place, row);
        // In the order of the list, which is the order of the keyboard and of readers aloud.
        if (last) last.after(row);
        else this.body.prepend(row);
      }
      last = row;
    }
  }

  private drop(kept: Set<number>): void {
    for (const [place, row] of this.rows) {
      if (kept.has(place)) continue;
      row.remove();
      this.rows.delete(place);
    }
  }

  /** What is chosen begins at the top. */
  private begin(): void {
    const top = this.virtual.options.scrollMargin;
    if (scrollY > top) scrollTo(0, top - ROW);
    this.renew();
  }

  /** Draw anew what is shown now. */
  private renew(): void {
    this.table.classList.toggle("as-cards", NARROW.matches);
    this.body.replaceChildren();
    this.rows.clear();
    this.focused = -1;
    const ranked = report.issues.key.length;
    this.nothing.textContent = ranked
      ? "No issue matches: change the search or the filters."
      : "No issue is ranked yet.";
    this.nothing.hidden = shown.length > 0;
    this.table.hidden = shown.length === 0;
    this.table.setAttribute("aria-rowcount", String(shown.length + 1));
    this.heads.forEach((each, place) => {
      const order = HEADS[place]![1];
      const sorted = order !== choice.order ? "none" : choice.down ? "descending" : "ascending";
      if (order) each.setAttribute("aria-sort", sorted);
    });
    this.resize();
  }

  private resize(): void {
    this.virtual.setOptions({ ...this.virtual.options, ...this.options() });
    this.virtual.measure();
    this.virtual._willUpdate();
    this.draw();
  }

  private walk(event: KeyboardEvent): void {
    const here = placeOf(event);
    const page = Math.max(1, Math.floor(innerHeight / height()) - 2);
    const last = shown.length - 1;
    const steps: Record<string, number> = {
      ArrowDown: here + 1,
      ArrowUp: here - 1,
      PageDown: Math.min(here + page, last),
      PageUp: Math.max(here - page, 0),
      Home: 0,
      End: last,
    };
    const there = steps[event.key];
    if (there === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.goTo(there);
  }

  private goTo(place: number): void {
    if (place < 0 || place >= shown.length) return;
    this.focused = place;
    this.virtual.scrollToIndex(place, { align: "auto" });
    this.draw();
    this.rows.get(place)?.querySelector<HTMLElement>(".why")?.focus({ preventScroll: true });
  }

  /** All rows that paper takes, one below the other. */
  private unroll(): void {
    this.table.classList.remove("as-cards");
    this.rows.clear();
    this.body.replaceChildren(...shown.slice(0, PRINTED).map((at, place) => listed(at, place)));
  }
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
  const first = order === "score" || order === "moved" || order === "since";
  choose({ order, down: choice.order === order ? !choice.down : first });
}

/** How far it moved in the last run, or since then where the list of now was not applied. */
export function moved(at: number): HTMLElement {
  return movedBy(issue.moved(at), report.last && report.moved);
}

/** How far it moved since the day that was asked for. */
export function movedSince(at: number): HTMLElement {
  return movedBy(issue.movedSince(at), `since ${date(report.since!)}`);
}

function movedBy(places: number | null, when: string | null): HTMLElement {
  const [text, told, kind] = movement(places, when);
  return el(
    "span",
    { class: `moved ${kind}`, title: told },
    el("span", { "aria-hidden": "true" }, text),
    el("span", { class: "unseen" }, told),
  );
}

/** The band, and the one of before where that was another: at the day that was asked for, else in the last run. */
function banded(at: number): (Node | string)[] {
  const was = report.since ? issue.bandThen(at) : issue.bandBefore(at);
  const note = was && was !== issue.band(at) ? el("span", { class: "under was" }, `was ${was}`) : "";
  return [badge(issue.band(at)), note];
}

function listed(at: number, place: number): HTMLElement {
  const cell = (className: string, ...children: (Node | string)[]) =>
    el("td", { role: "cell", class: className }, ...children);
  const people = issue.people(at).join(", ");
  const labels = issue.labels(at).slice(0, LABELS);
  const why = issue.why(at).map(reason).join(" · ") || "nothing counted";
  const under = [
    el("bdi", {}, issue.key(at)),
    // Where there is no column for it.
    people && el("bdi", { class: "person" }, people),
    ...labels.map((label) => el("bdi", { class: "label" }, label)),
  ];
  const button = { type: "button", class: "why", dir: "auto", "aria-label": `Why rank ${issue.rank(at)}: ${why}` };
  return el(
    "tr",
    { role: "row", "aria-rowindex": place + 2 },
    cell("rank number", issue.rank(at).toLocaleString("en")),
    ...movements(at),
    cell("in-band", ...banded(at)),
    cell("score number", figure(issue.score(at))),
    cell("what", link(issue.title(at), issue.url(at), "title"), el("span", { class: "under" }, ...under)),
    cell("owner", people ? el("bdi", {}, people) : el("span", { class: "nobody" }, "nobody")),
    cell("reasons", el("button", button, why)),
  );
}

/** On a card, which has no headings, each says since when. */
function movements(at: number): HTMLElement[] {
  const cell = (className: string, when: string, told: HTMLElement) =>
    el("td", { role: "cell", class: className, "data-when": when }, told);
  const last = cell("movement", "last run", moved(at));
  return report.since ? [last, cell("movement since", `since ${date(report.since)}`, movedSince(at))] : [last];
}
