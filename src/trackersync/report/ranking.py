"""The ranked list as JSON, CSV and Markdown. The JSON is stable: keys are added, never renamed or removed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from trackersync.model import Standing, Value
from trackersync.plan.values import measured
from trackersync.report.escape import csv_cell, json_text, markdown_cell
from trackersync.scoring.engine import NeedsInput, Ranking, Scored

COLUMNS = ("rank", "band", "score", "ref", "title", "url")


def row(entry: Scored) -> dict[str, Any]:
    """One ranked issue as plain data."""
    return {
        "rank": entry.rank,
        "band": entry.band or None,
        "score": score_value(entry),
        "ref": str(entry.issue.ref),
        "tracker": entry.issue.ref.tracker,
        "title": entry.issue.title,
        "url": entry.issue.url,
    }


def score_value(entry: Scored) -> Value:
    """The score as it is written: whole numbers without a point."""
    return measured(Standing(entry.issue.ref, entry.score, entry.rank, entry.band), "score")


def missing_row(entry: NeedsInput) -> dict[str, Any]:
    """One issue that could not be scored as plain data."""
    return {
        "ref": str(entry.issue.ref),
        "tracker": entry.issue.ref.tracker,
        "title": entry.issue.title,
        "url": entry.issue.url,
        "missing": list(entry.missing),
        "detail": entry.detail,
    }


def render_json(ranking: Ranking, top: int | None) -> str:
    """`{"ranked": […], "needs_input": […], "warnings": […], "total": n}`."""
    document = {
        "ranked": [row(entry) for entry in ranking.ranked[:top]],
        "needs_input": [missing_row(entry) for entry in ranking.needs_input],
        "warnings": list(ranking.warnings),
        "total": len(ranking.ranked),
    }
    return json_text(document) + "\n"


def render_csv(ranking: Ranking, top: int | None) -> str:
    """A header and a line an issue."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in ranking.ranked[:top]:
        cells = row(entry)
        writer.writerow([csv_cell(cells[column]) for column in COLUMNS])
    return out.getvalue()


def render_markdown(ranking: Ranking, top: int | None) -> str:
    """A table, and below it what needs input."""
    lines = ["| Rank | Band | Score | Issue | Title |", "| ---: | --- | ---: | --- | --- |"]
    for entry in ranking.ranked[:top]:
        cells = [str(entry.rank), entry.band, f"{score_value(entry)}", str(entry.issue.ref), entry.issue.title]
        lines.append("| " + " | ".join(markdown_cell(cell) for cell in cells) + " |")
    if ranking.needs_input:
        lines += ["", "Needs input:", ""]
        lines += [_missing_line(entry) for entry in ranking.needs_input]
    return "\n".join(lines) + "\n"


def _missing_line(entry: NeedsInput) -> str:
    cells: Sequence[str] = (str(entry.issue.ref), entry.issue.title, ", ".join(entry.missing) or entry.detail)
    ref, title, missing = (markdown_cell(cell) for cell in cells)
    return f"- {ref} {title}: {missing}"
