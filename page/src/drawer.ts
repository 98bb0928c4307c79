/** One issue: its place, the waterfall from 0 to its score, and what each input was taken from. */

import { issue, report, type Step } from "./data";
import { el, fill, link, table } from "./dom";
import { badge } from "./badge";
import { drawHistory, history } from "./history";
import { moved, movedSince } from "./list";
import { date, figure, signed } from "./wording";

/** Steps that turn the score into another scale: a bar beside the others would say nothing. */
const RESCALING = new Set(["percentile", "minmax", "fixed", "round"]);
const dialog = el("dialog", { class: "drawer", "aria-labelledby": "drawer-title" });

export function drawer(): HTMLElement {
  // A click beside it closes it, as everywhere.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}

export function open(at: number): void {
  const close = el(
    "button",
    { type: "button", class: "close", "aria-label": "Close", onclick: () => dialog.close() },
    "✕",
  );
  const title = el("h2", { id: "drawer-title" }, link(issue.title(at), issue.url(at)));
  fill(
    dialog,
    el(
      "div",
      { class: "inside" },
      close,
      el(
        "p",
        { class: "under" },
        el("bdi", {}, issue.key(at)),
        ` · ${issue.tracker(at)} · `,
        el("bdi", {}, issue.state(at)),
      ),
      title,
      facts(at),
      waterfall(at),
      inputs(at),
      history(at),
    ),
  );
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  drawHistory();
}

function facts(at: number): HTMLElement {
  const then = issue.bandThen(at);
  const rows: [string, Node | string][] = [
    ["Rank", `${issue.rank(at)} of ${report.issues.key.length.toLocaleString("en")}`],
    ["Score", figure(issue.score(at))],
    ["Band", badge(issue.band(at))],
    [`Moved ${report.moved}`, moved(at)],
  ];
  if (report.since) rows.push([`Moved since ${date(report.since)}`, movedSince(at)]);
  if (then && then !== issue.band(at)) rows.push([`Band on ${date(report.since!)}`, badge(then)]);
  const size = issue.size(at);
  if (size !== null) rows.push([report.size.replaceAll("_", " "), figure(size)]);
  if (issue.goal(at)) rows.push(["Goal", issue.goal(at)]);
  if (issue.horizon(at)) rows.push(["Roadmap", issue.horizon(at)]);
  rows.push(["Owner", issue.people(at).join(", ") || "nobody"]);
  return el(
    "dl",
    { class: "facts" },
    ...rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
  );
}

function waterfall(at: number): HTMLElement {
  const steps = issue.steps(at);
  const drawn = steps.filter((step) => !RESCALING.has(step.name));
  const ends = drawn.flatMap((step) => [step.before, step.after]);
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const rows = steps.map((step) => row(step, least, most - least || 1));
  const heads = ["Step", "What was done", "Change", "Score after"];
  return el(
    "section",
    { class: "waterfall" },
    el("h3", {}, "How the score came about"),
    el("p", { class: "formula" }, `${report.framework}: `, el("code", {}, report.formula)),
    el(
      "table",
      {},
      el("caption", { class: "unseen" }, "From 0 to the score, step by step"),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          ...heads.map((name, place) => el("th", { scope: "col", ...(place > 1 && { class: "number" }) }, name)),
        ),
      ),
      el("tbody", {}, ...rows),
    ),
  );
}

function row(step: Step, least: number, span: number): HTMLElement {
  const change = step.after - step.before;
  const bar = el("span", { class: `bar ${change < 0 ? "less" : "more"}`, "aria-hidden": "true" });
  bar.style.insetInlineStart = `${Math.min(99, ((Math.min(step.before, step.after) - least) / span) * 100)}%`;
  bar.style.width = `${(Math.abs(change) / span) * 100}%`;
  const track = RESCALING.has(step.name) || !change ? null : el("span", { class: "track" }, bar);
  return el(
    "tr",
    { class: step.applied ? "" : "idle" },
    el("th", { scope: "row" }, step.name, step.because && el("span", { class: "because" }, step.because)),
    el("td", {}, el("bdi", {}, step.operation), track),
    el("td", { class: "number" }, change ? signed(change) : "–"),
    el("td", { class: "number" }, figure(step.after)),
  );
}

function inputs(at: number): HTMLElement {
  const rows = issue.uses(at).map(([name, value, origin]) => [name, el("bdi", {}, value), el("bdi", {}, origin)]);
  return el(
    "section",
    {},
    el("h3", {}, "What it was made of"),
    table("Inputs and where they come from", ["Input", "Value", "Taken from"], rows),
  );
}
