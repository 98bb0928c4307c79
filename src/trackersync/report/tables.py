"""Tables for people, made harmless for where they are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trackersync.report.escape import markdown_cell


def many(count: int, noun: str) -> str:
    """`1 issue`, `2,345 issues`."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


NO_TITLE = "(no title)"


def told(cell: str, alignment: str) -> str:
    """A cell as it is shown: a title is never nothing."""
    return NO_TITLE if alignment == "cut" and not cell.strip() else cell


class Ready(str):
    """Markdown that was made harmless already, such as a link."""

    __slots__ = ()


class Table(NamedTuple):
    """Rows of text under their columns."""

    columns: Sequence[tuple[str, str]]
    """(heading, alignment) of each: `right`, `cut` for a title, which may be cut short, or empty."""
    rows: Sequence[Sequence[str]]


def markdown_table(table: Table) -> list[str]:
    """The lines of a Markdown table."""
    rule = ("---:" if alignment == "right" else "---" for _, alignment in table.columns)
    head = (markdown_cell(heading) for heading, _ in table.columns)
    alignments = [alignment for _, alignment in table.columns]
    rows = (map(told, row, alignments) for row in table.rows)
    return [_line(head), _line(rule), *(_line(map(_shown, row)) for row in rows)]


def markdown_list(items: Iterable[str]) -> list[str]:
    """The lines of a Markdown list."""
    return [f"- {_shown(item)}" for item in items]


def _shown(cell: str) -> str:
    return cell if isinstance(cell, Ready) else markdown_cell(cell)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
