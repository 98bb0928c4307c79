/** What people are asked, and what they said: missing inputs, votes, values that they changed. */

import { report } from "./data";
import { el, table } from "./dom";
import { known, named, nothing, part, share } from "./cards";
import { figure, on, percent } from "./wording";

export function questions(): HTMLElement {
  const gaps = report.gaps.map((gap) => {
    const [, , , , missing, detail, ask, best] = gap;
    return [named(gap), missing.join(", ") || detail, ask.join(", ") || "–", best === null ? "–" : `rank ${best}`];
  });
  const disputes = report.disputes.map((dispute) => {
    const [, , , , input, disagreement, low, high, people] = dispute;
    const said = people.map(([person, value]) => `${person} ${figure(value)}`).join(", ");
    return [named(dispute), input, percent(disagreement), `${figure(low)} – ${figure(high)}`, el("bdi", {}, said)];
  });
  return el(
    "div",
    {},
    part(
      "Needs input",
      el(
        "p",
        { class: "note" },
        "These have no score and are not ranked. First whose answer could change the top of the list most.",
      ),
      gaps.length
        ? table("What is missing, and who might know", ["Issue", "Missing", "Ask", "Could be"], gaps, [3])
        : nothing("Every issue has what its score is made of."),
    ),
    part(
      "Where people disagree",
      disputes.length
        ? table(
            "Votes too far apart for one number to stand for them",
            ["Issue", "Input", "Apart", "Range", "Votes"],
            disputes,
            [2],
          )
        : nothing("No votes are far apart."),
    ),
    report.leftOut.length
      ? part("Left out by a rule", el("ul", {}, ...report.leftOut.map((line) => el("li", {}, line))))
      : el("span"),
  );
}

export function people(): HTMLElement {
  const rows = report.overrides.map(([key, tracker, target, wrote, found, since, until, fate]) => [
    known(key, tracker),
    target,
    wrote,
    el("bdi", {}, found),
    on(since),
    fate !== "stands" ? fate : until ? `until ${on(until)}` : "until it is released",
  ]);
  const corrected = report.corrected.map(([kind, name, decided, overridden]) => [
    name,
    kind,
    decided.toLocaleString("en"),
    overridden.toLocaleString("en"),
    decided ? share(overridden / decided) : "–",
  ]);
  return el(
    "div",
    {},
    part(
      "Values that people changed",
      el("p", { class: "note" }, "A person's word stands until it expires or is released."),
      rows.length
        ? table(
            "Where a person overrode what the rules came to",
            ["Issue", "What", "We wrote", "Found", "Since", "Stands"],
            rows,
          )
        : nothing("Nobody overrode anything."),
    ),
    part(
      "Rules that people correct",
      el("p", { class: "note" }, "The more often a rule is overruled, the likelier it is wrong."),
      corrected.length
        ? table(
            "How often each rule was overruled",
            ["Rule", "Kind", "Decided on", "Overruled", "Share"],
            corrected,
            [2, 3],
          )
        : nothing("There are no adjustments or bands."),
    ),
  );
}
