/** Search and filters. */

import { bandPlace, count, issue, report } from "./data";
import { el } from "./dom";
import { choice, choose, NO_BAND, NOBODY, onChange, shown, tallied, type Order } from "./selection";
import { date, many } from "./wording";

/** A list of choices that is longer than this helps nobody. */
const MOST = 500;
const DATED: [Order, boolean, string][] = report.since
  ? [
      ["since", true, `Risen most since ${date(report.since)}`],
      ["since", false, `Fallen most since ${date(report.since)}`],
    ]
  : [];
const ORDERS: [Order, boolean, string][] = [
  ["rank", false, "Rank"],
  ["score", true, "Score, highest first"],
  ["score", false, "Score, lowest first"],
  ["moved", true, "Risen most"],
  ["moved", false, "Fallen most"],
  ...DATED,
  ["title", false, "Title"],
  ["owner", false, "Owner"],
  ["band", false, "Band"],
];

export function toolbar(): HTMLElement {
  const search = el("input", {
    type: "search",
    id: "search",
    placeholder: "Title, key, label, person",
    autocomplete: "off",
  });
  search.addEventListener("input", () => choose({ search: search.value }));
  const tallies = tallied((at) => [issue.band(at)]);
  const bands = tallies.filter(([band]) => band);
  bands.sort((one, other) => bandPlace(one[0]) - bandPlace(other[0]));
  const banded = bands.length > 0 && bands.length < tallies.length;
  const people = tallied((at) => issue.people(at));
  const selects = [
    select(
      "tracker",
      "Tracker",
      tallied((at) => [issue.tracker(at)]),
    ),
    select("band", "Band", bands, banded ? [NO_BAND, "No band"] : undefined),
    select(
      "label",
      "Label",
      tallied((at) => issue.labels(at)),
    ),
    select("person", "Owner", people, [NOBODY, "Nobody"]),
  ];
  const order = sorting();
  const clear = el("button", { type: "button", class: "quiet", onclick: reset }, "Clear");
  const more = el(
    "button",
    { type: "button", class: "quiet unfold", "aria-expanded": "false", onclick: unfold },
    "Filters",
    el("span", { class: "ordering" }, " and order"),
  );
  const result = el("p", { class: "result", role: "status" });
  function reset(): void {
    search.value = "";
    choose({ search: "", tracker: "", band: "", label: "", person: "" });
    search.focus();
  }
  // On a phone the list is worth more room than what is chosen once.
  function unfold(): void {
    const unfolded = more.getAttribute("aria-expanded") === "false";
    more.setAttribute("aria-expanded", String(unfolded));
  }
  function follow(): void {
    for (const each of selects) {
      const field = each.querySelector("select")!;
      field.value = choice[field.id as "tracker"];
    }
    clear.disabled = !(choice.search || choice.tracker || choice.band || choice.label || choice.person);
    result.textContent =
      shown.length === count ? many(count, "issue") : `${shown.length.toLocaleString("en")} of ${many(count, "issue")}`;
  }
  onChange(follow);
  follow();
  return el(
    "form",
    { class: "toolbar", role: "search", "aria-label": "Issues", onsubmit: (event: Event) => event.preventDefault() },
    field("search", "Search", search, "grow"),
    more,
    ...selects,
    order,
    clear,
    result,
  );
}

function field(id: string, name: string, input: HTMLElement, className = ""): HTMLElement {
  return el("div", { class: `field ${className}` }, el("label", { for: id }, name), input);
}

function select(
  key: "tracker" | "band" | "label" | "person",
  name: string,
  values: [string, number][],
  extra?: [string, string],
): HTMLElement {
  const options = values
    .slice(0, MOST)
    .map(([value, number]) => el("option", { value }, `${cut(value)} (${number.toLocaleString("en")})`));
  const more = values.length - options.length;
  const input = el(
    "select",
    { id: key },
    el("option", { value: "" }, "All"),
    extra && el("option", { value: extra[0] }, extra[1]),
    ...options,
    more > 0 && el("option", { disabled: true }, `and ${more.toLocaleString("en")} more: the search finds them`),
  );
  input.addEventListener("change", () => choose({ [key]: input.value }));
  return field(key, name, input);
}

function cut(text: string): string {
  return text.length > 48 ? `${text.slice(0, 47)}…` : text;
}

function sorting(): HTMLElement {
  const input = el(
    "select",
    { id: "order" },
    ...ORDERS.map(([, , name], place) => el("option", { value: place }, name)),
  );
  input.addEventListener("change", () => {
    const [order, down] = ORDERS[Number(input.value)]!;
    choose({ order, down });
  });
  onChange(() => {
    const place = ORDERS.findIndex(([order, down]) => order === choice.order && down === choice.down);
    input.value = place < 0 ? "" : String(place);
  });
  return field("order", "Sort by", input, "ordering");
}
