/** The page: a summary, views to choose from, and one issue on demand. */

import { charts } from "./charts";
import { count, issue, report } from "./data";
import { el } from "./dom";
import { drawer } from "./drawer";
import { list } from "./list";
import { paperNote } from "./paper";
import { people, questions } from "./questions";
import { health, troubled } from "./health";
import { decisions, delivered } from "./record";
import { roadmap } from "./roadmap";
import { refresh } from "./sight";
import { tabs } from "./tabs";
import { toolbar } from "./toolbar";
import { age, at, many } from "./wording";

interface View {
  id: string;
  name: string;
  /** How many of it there are, where that is worth a look. */
  number?: number;
  make: () => HTMLElement;
  filtered?: boolean;
  /** Whether an order makes a difference. */
  ordered?: boolean;
}

/** Those that are heeded: what was released or has expired is a rule's again. */
const standing = report.overrides.filter(([, , , , , , , fate]) => fate === "stands").length;

const VIEWS: View[] = [
  { id: "list", name: "List", make: list, filtered: true, ordered: true },
  { id: "charts", name: "Charts", make: charts, filtered: true },
  { id: "roadmap", name: "Roadmap", make: roadmap, filtered: true, ordered: true },
  { id: "questions", name: "Questions", number: report.gaps.length + report.disputes.length, make: questions },
  { id: "people", name: "Overrides", number: standing, make: people },
  { id: "decisions", name: "Decisions", make: decisions },
  { id: "delivered", name: "Delivered", number: report.delivered.length, make: delivered },
  { id: "health", name: "Health", number: report.warnings.length + troubled(), make: health },
];

const filters = toolbar();
const paper = paperNote(() => !sections.get("list")!.hidden);
const sections = new Map<string, HTMLElement>();
const links = new Map<string, HTMLElement>();
const views = tabs();
const main = el("main", { id: "main", tabindex: -1 });

function summary(): HTMLElement {
  const moved = Array.from({ length: count }, (_, place) => issue.moved(place)).filter((places) => places).length;
  const first = report.bands[0];
  const oldest = report.trackers
    .map((tracker) => tracker.taken)
    .filter((taken) => taken !== null)
    .sort()[0];
  const facts: [string, string][] = [
    ["Ranked", count.toLocaleString("en")],
    ...(first
      ? [
          [
            `In ${first}`,
            report.issues.band.filter((_, place) => issue.band(place) === first).length.toLocaleString("en"),
          ] as [string, string],
        ]
      : []),
    [`Moved ${report.moved}`, report.last ? moved.toLocaleString("en") : report.runs.length ? "–" : "no run yet"],
    ["Need input", report.gaps.length.toLocaleString("en")],
    ["Overridden", standing.toLocaleString("en")],
    ["Age of the data", oldest ? age(oldest) : "never read"],
  ];
  return el(
    "dl",
    { class: "summary" },
    ...facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
  );
}

function warnings(): HTMLElement | null {
  const inflated = report.warnings.filter((warning) => warning.startsWith("inflation"));
  return inflated.length
    ? el("div", { class: "warning", role: "note" }, ...inflated.map((warning) => el("p", {}, warning)))
    : null;
}

function show(): void {
  const id = location.hash.slice(1);
  const view = VIEWS.find((each) => each.id === id) ?? VIEWS[0]!;
  filters.hidden = !view.filtered;
  filters.classList.toggle("unordered", !view.ordered);
  paper.hidden = !view.filtered;
  for (const each of VIEWS) {
    const section = sections.get(each.id)!;
    section.hidden = each !== view;
    // A view is made when it is first looked at, so that the list is there at once.
    if (each === view && section.childElementCount === 1) section.append(each.make());
    if (each === view) links.get(each.id)!.setAttribute("aria-current", "page");
    else links.get(each.id)!.removeAttribute("aria-current");
  }
  document.title = `${view.name} · Priorities`;
  links.get(view.id)!.scrollIntoView({ inline: "center", block: "nearest" });
  scrollTo(0, 0);
  refresh();
}

function build(): void {
  const trackers = report.trackers.map((tracker) => tracker.name).join(", ");
  for (const { id, name, number, filtered } of VIEWS) {
    const heading = el("h2", { id: `${id}-title`, class: filtered ? "unseen" : "" }, name);
    sections.set(id, el("section", { id: `view-${id}`, "aria-labelledby": `${id}-title`, hidden: true }, heading));
    links.set(
      id,
      el("a", { href: `#${id}` }, name, number ? el("span", { class: "count" }, number.toLocaleString("en")) : null),
    );
  }
  main.append(filters, paper, ...sections.values());
  views.append(...[...links.values()].map((each) => el("li", {}, each)));
  document.body.append(
    el(
      "a",
      {
        class: "skip",
        href: "#main",
        onclick: (event: Event) => {
          event.preventDefault();
          main.focus();
        },
      },
      "Skip to the content",
    ),
    el(
      "header",
      {},
      el(
        "div",
        { class: "top" },
        el("h1", {}, "Priorities"),
        el(
          "p",
          { class: "note" },
          `${trackers} · ${many(count, "issue")} ranked by ${report.framework} · ${at(report.made)}`,
        ),
      ),
      summary(),
      warnings(),
      el("nav", { "aria-label": "Views" }, views),
    ),
    main,
    drawer(),
  );
  addEventListener("hashchange", show);
  show();
}

build();
