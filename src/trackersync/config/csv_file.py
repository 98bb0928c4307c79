"""Reading a small CSV file that the team keeps beside its rules; knows nothing of what the columns mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trackersync.config.wording import nearest

MAX_BYTES = 20_000_000
"""More than a million estimates."""

Row = tuple[int, Mapping[str, str]]
"""The line in the file, counted from 1, and the cells by heading, without space around them."""


@dataclass(slots=True)
class Rows:
    """What the file holds, or why it cannot be used, in words."""

    rows: list[Row] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_text(path: Path) -> tuple[str, str | None]:
    """The file's text, or a fault in words."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        return "", f"{path.name} cannot be read: {error.strerror}"
    if len(content) > MAX_BYTES:
        return "", f"{path.name} is larger than {MAX_BYTES:,} bytes"
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        return "", f"{path.name} is not UTF-8 text; save it as CSV UTF-8"


def read_rows(path: Path, needed: Collection[str]) -> Rows:
    """The rows of a file that has at least the needed columns; blank lines do not count."""
    text, fault = read_text(path)
    if fault:
        return Rows(faults=[fault])
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        headings = [heading.strip() for heading in next(reader, [])]
        faults = [
            f"{path.name} has no column {name!r} ({nearest(name, headings, 'its columns are') or 'it is empty'})"
            for name in needed
            if name not in headings
        ]
        if faults:
            return Rows(faults=faults)
        rows = [(reader.line_num, _cells(headings, cells)) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        return Rows(faults=[f"{path.name}, line {reader.line_num}: {error}"])
    return Rows(rows)


def _cells(headings: list[str], cells: list[str]) -> Mapping[str, str]:
    return {heading: cell.strip() for heading, cell in zip(headings, cells, strict=False)}
