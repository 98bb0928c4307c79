"""Inputs that the team keeps in a table of its own: from a CSV file to a value by issue."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from trackersync.config.csv_file import read_rows
from trackersync.config.rules_shape import TableShape
from trackersync.errors import Problem
from trackersync.scoring.blockers import folded


def read_table(shape: TableShape, folder: Path) -> tuple[Mapping[str, str], list[Problem]]:
    """The values as written, by the issue's ref, key or URL in folded case; and what is wrong with the file.

    A row without a value says that there is none.
    """
    found = read_rows(folder / shape.file, (shape.issue, shape.value))
    table: dict[str, str] = {}
    lines: dict[str, int] = {}
    problems = found.problems
    for line, cells in found.rows:
        name, value = cells.get(shape.issue, ""), cells.get(shape.value, "")
        issue = folded(name)
        if not value:
            continue
        if not issue:
            problems.append(Problem("names no issue", (shape.issue,), line))
        elif issue in lines:
            message = f"{name!r} has a value in line {lines[issue]} already"
            problems.append(Problem(message, (shape.issue,), line, "keep one of them"))
        else:
            lines[issue] = line
            table[issue] = value
    return table, problems
