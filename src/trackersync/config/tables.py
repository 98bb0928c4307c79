"""Inputs that the team keeps in a table of its own: from a CSV file to a value by issue."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from trackersync.config.csv_file import read_rows
from trackersync.config.rules_shape import TableShape
from trackersync.scoring.blockers import folded

TOLD = 10
"""Faults of one file that are told one by one."""


def read_table(shape: TableShape, folder: Path) -> tuple[Mapping[str, str], list[str]]:
    """The values as written, by the issue's ref, key or URL in folded case; and what is wrong with the file.

    A row without a value says that there is none.
    """
    found = read_rows(folder / shape.file, (shape.issue, shape.value))
    table: dict[str, str] = {}
    lines: dict[str, int] = {}
    faults = found.faults
    for line, cells in found.rows:
        issue, value = folded(cells.get(shape.issue, "")), cells.get(shape.value, "")
        if not issue:
            faults.append(f"{shape.file}, line {line}: no issue")
        elif issue in lines:
            faults.append(f"{shape.file}, line {line}: {cells[shape.issue]} stands in line {lines[issue]} already")
        else:
            lines[issue] = line
            table |= {issue: value} if value else {}
    return table, few(faults)


def few(faults: list[str]) -> list[str]:
    """The first of many faults, and how many more there are."""
    return faults if len(faults) <= TOLD else [*faults[:TOLD], f"… and {len(faults) - TOLD} more like these"]
