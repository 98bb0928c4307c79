/** Builds elements. Text only ever becomes text nodes: nothing that a tracker sent is read as HTML. */

type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | EventListener | undefined>;

/** `el("a", { href: "#list", onclick: open }, "List")`; true sets an attribute, false and undefined leave it out. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, String(value));
  }
  fill(made, ...children);
  return made;
}

/** Put these in the place of whatever the element holds. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...children.filter(there).map((child) => (child instanceof Node ? child : String(child))));
}

function there(child: Child): child is Node | string | number {
  return child !== null && child !== undefined && child !== false;
}

const UNTITLED = "(no title)";

/** Text of a tracker: it may be written from right to left, and must not turn what stands around it. */
export function told(text: string, className?: string): HTMLElement {
  return el("bdi", className ? { class: className } : {}, text || UNTITLED);
}

/** A link to the issue, where its address is one of the web's. */
export function link(text: string, url: string, className?: string): HTMLElement {
  if (!/^https?:\/\//i.test(url)) return told(text, className);
  // The link itself turns as its text does: what is cut off is the end of the text, on whichever side that is.
  return el(
    "a",
    { href: url, target: "_blank", rel: "noopener noreferrer", dir: "auto", ...(className && { class: className }) },
    text || UNTITLED,
  );
}

/** A table for a handful of rows; of many the first are shown, and more on demand. On a phone each row is a card. */
export function table(
  caption: string,
  heads: string[],
  rows: Child[][],
  numeric: number[] = [],
  step = 200,
): HTMLElement {
  const place = (column: number) => (numeric.includes(column) ? { class: "number" } : {});
  // Cards are no table to a browser any more, so that what they are is said.
  const headed = heads.map((text, column) => el("th", { role: "columnheader", scope: "col", ...place(column) }, text));
  const head = el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...headed));
  const body = el("tbody", { role: "rowgroup" });
  const more = el("button", { type: "button", class: "quiet", onclick: grow });
  let shown = 0;
  function cell(content: Child, column: number): HTMLElement {
    return el("td", { role: "cell", "data-head": heads[column], ...place(column) }, content);
  }
  function grow(): void {
    body.append(...rows.slice(shown, shown + step).map((row) => el("tr", { role: "row" }, ...row.map(cell))));
    shown = Math.min(shown + step, rows.length);
    more.hidden = shown >= rows.length;
    more.textContent = `Show more (${(rows.length - shown).toLocaleString("en")} left)`;
  }
  grow();
  const named = el("caption", { class: "unseen" }, caption);
  const made = el("table", { class: "plain cards", role: "table" }, named, head, body);
  return el("div", { class: "wide", role: "region", "aria-label": caption, tabindex: 0 }, made, more);
}
