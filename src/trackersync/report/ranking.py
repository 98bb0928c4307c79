"""The ranked list as JSON, CSV and Markdown. The JSON is stable: keys are added, never renamed or removed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trackersync.model import Standing, Value
from trackersync.plan.values import measured
from trackersync.report.escape import csv_cell, json_text
from trackersync.report.explanation import issue_document, plain, short
from trackersync.report.tables import Table, many, markdown_list, markdown_table
from trackersync.report.told import value_text
from trackersync.scoring.figures import figure

if TYPE_CHECKING:
    from trackersync.scoring.engine import Excluded, NeedsInput, Ranking, Scored
    from trackersync.scoring.robustness import Chance, Robustness
    from trackersync.scoring.steps import Step
    from trackersync.scoring.votes import Dispute

COLUMNS = ("rank", "band", "score", "ref", "title", "url")
CHANCE_COLUMNS = ("top", "best", "worst", "group")
NOTHING = "No issue is ranked."


def row(entry: Scored, chance: Chance | None = None) -> dict[str, Any]:
    """One ranked issue as plain data."""
    found = {
        "rank": entry.rank,
        "band": entry.band or None,
        "score": score_value(entry),
        **issue_document(entry.issue),
    }
    if entry.why:
        found["why"] = [
            {"name": step.name, "delta": plain(step.delta), "operation": step.operation} for step in entry.why
        ]
    if chance:
        found["robust"] = {"top": chance.top, "best": chance.best, "worst": chance.worst, "group": chance.group}
    return found


def score_value(entry: Scored) -> Value:
    """The score as it is written: whole numbers without a point."""
    return measured(Standing(entry.issue.ref, entry.score, entry.rank, entry.band), "score")


def score_text(entry: Scored) -> str:
    """The score as people read it."""
    return value_text(score_value(entry))


def why(steps: Sequence[Step]) -> str:
    """The steps that did most, in one line."""
    return "; ".join(f"{step.name} {short(step.delta, signed=True)} ({step.operation})" for step in steps)


def missing_row(entry: NeedsInput) -> dict[str, Any]:
    """One issue that could not be scored as plain data."""
    return {
        **issue_document(entry.issue),
        "missing": list(entry.missing),
        "detail": entry.detail,
        "ask": list(entry.ask),
        "best_rank": entry.best_rank,
    }


def excluded_row(entry: Excluded) -> dict[str, Any]:
    """One issue that a rule leaves out as plain data."""
    return {**issue_document(entry.issue), "rule": entry.rule, "because": entry.because}


def disputed_row(entry: Dispute) -> dict[str, Any]:
    """One input on which people disagree as plain data."""
    return {
        **issue_document(entry.issue),
        "input": entry.input,
        "disagreement": entry.disagreement,
        "low": entry.low,
        "high": entry.high,
        "people": dict(entry.people),
    }


def render_json(ranking: Ranking, top: int | None, robustness: Robustness | None = None) -> str:
    """`{"ranked": […], "needs_input": […], "excluded": […], "disputed": […], "warnings": […], "total": n}`."""
    chances = _chances(ranking, top, robustness)
    document = {
        "ranked": [row(entry, chance) for entry, chance in zip(ranking.ranked[:top], chances, strict=True)],
        "needs_input": [missing_row(entry) for entry in ranking.needs_input],
        "excluded": [excluded_row(entry) for entry in ranking.excluded],
        "disputed": [disputed_row(entry) for entry in ranking.disputed],
        "warnings": list(ranking.warnings),
        "total": len(ranking.ranked),
    }
    if robustness:
        document["robust"] = {
            "draws": robustness.draws,
            "top": robustness.top,
            "varied": list(robustness.varied),
        }
    return json_text(document) + "\n"


def _chances(ranking: Ranking, top: int | None, robustness: Robustness | None) -> Sequence[Chance | None]:
    shown = len(ranking.ranked[:top])
    return robustness.chances[:shown] if robustness else [None] * shown


def render_csv(ranking: Ranking, top: int | None, robustness: Robustness | None = None) -> str:
    """A header and a line an issue."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    explained = any(entry.why for entry in ranking.ranked)
    writer.writerow([*COLUMNS, *(["why"] if explained else []), *(CHANCE_COLUMNS if robustness else ())])
    for entry, chance in zip(ranking.ranked[:top], _chances(ranking, top, robustness), strict=True):
        found = row(entry, chance)
        cells = [found[column] for column in COLUMNS]
        cells += [why(entry.why)] if explained else []
        cells += [found["robust"][column] for column in CHANCE_COLUMNS] if chance else []
        writer.writerow([csv_cell(cell) for cell in cells])
    return out.getvalue()


def listed(ranking: Ranking, top: int | None, robustness: Robustness | None = None) -> Table:
    """The list for people to read."""
    explained = any(entry.why for entry in ranking.ranked)
    columns = [("Rank", "right"), ("Band", ""), ("Score", "right")]
    if robustness:
        columns += [(f"In top {robustness.top}", "right"), ("9 of 10", "right"), ("Group", "right")]
    columns += [("Issue", ""), ("Title", "cut"), *([("Why", "")] if explained else [])]
    rows = []
    for entry, chance in zip(ranking.ranked[:top], _chances(ranking, top, robustness), strict=True):
        cells = [str(entry.rank), entry.band, score_text(entry)]
        cells += [f"{chance.top:.0%}", f"{chance.best}–{chance.worst}", str(chance.group)] if chance else []
        rows.append((*cells, str(entry.issue.ref), entry.issue.title, *([why(entry.why)] if explained else [])))
    return Table(columns, rows)


def listed_gaps(ranking: Ranking, top: int | None) -> Table:
    """What needs input: first whose answer could change the top of the list most, and who might know it."""
    columns = [("Issue", ""), ("Missing", ""), ("Ask", ""), ("Could be", "right"), ("Title", "cut")]
    return Table(columns, [_gap(entry) for entry in ranking.needs_input[:top]])


def _gap(entry: NeedsInput) -> tuple[str, ...]:
    best = "" if entry.best_rank is None else f"rank {entry.best_rank:,}"
    missing = ", ".join(entry.missing) or entry.detail
    return (str(entry.issue.ref), missing, ", ".join(entry.ask), best, entry.issue.title)


def listed_disputes(ranking: Ranking, top: int | None) -> Table:
    """Where people disagree, and how far."""
    columns = [("Issue", ""), ("Input", ""), ("Apart", "right"), ("Votes", "")]
    return Table(columns, [_dispute(entry) for entry in ranking.disputed[:top]])


def _dispute(entry: Dispute) -> tuple[str, ...]:
    said = ", ".join(f"{person} {figure(value)}" for person, value in entry.people)
    return (str(entry.issue.ref), entry.input, f"{entry.disagreement:.0%}", said)


def left_out(ranking: Ranking) -> list[str]:
    """By rule how many issues it leaves out of the list, and why."""
    found = Counter((entry.rule, entry.because) for entry in ranking.excluded)
    return [
        f"{rule}: {many(count, 'issue')}" + (f", {because}" if because else "")
        for (rule, because), count in found.items()
    ]


def render_markdown(ranking: Ranking, top: int | None, robustness: Robustness | None = None) -> str:
    """The list, and below it what needs input, what is left out and where people disagree."""
    lines = markdown_table(listed(ranking, top, robustness)) if ranking.ranked else [NOTHING]
    if ranking.needs_input:
        lines += ["", "Needs input:", "", *markdown_table(listed_gaps(ranking, None))]
    if ranking.excluded:
        lines += ["", "Left out:", "", *markdown_list(left_out(ranking))]
    if ranking.disputed:
        lines += ["", "People disagree:", "", *markdown_table(listed_disputes(ranking, None))]
    return "\n".join(lines) + "\n"
