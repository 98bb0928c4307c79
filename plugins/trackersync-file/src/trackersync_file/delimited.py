"""CSV files: every cell is kept as it was written, so that only what is set changes, in the quoting found there.

Python's csv module gives values alone and forgets how they were quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trackersync_file.backlog import Backlog, Cell, RefusedError, Row, UnreadableError, number_text, refuse_unprintable
from trackersync_file.texts import decode

DELIMITERS = ",;\t"
_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes for a formula at the start of a cell (OWASP, CSV injection)."""


@dataclass(slots=True)
class _Record:
    cells: list[str]
    """As written, quotes included."""
    end: str
    """The line's end, empty at the end of a file that lacks it."""
    line: int

    @property
    def is_blank(self) -> bool:
        return not any(_value(cell).strip() for cell in self.cells)


class DelimitedBacklog(Backlog):
    """The rows of a CSV file, the first line being the headings; blank lines stay where they are."""

    def __init__(self, data: bytes) -> None:
        text, self._encoding = decode(data)
        self._delimiter = max(DELIMITERS, key=lambda delimiter: len(_first(text, delimiter)))
        self._records = list(_records(text, self._delimiter))
        if not self._records or self._records[0].is_blank:
            raise UnreadableError("line 1 is empty: it has to hold the headings")
        first = self._records[0]
        self._is_quoted = all(cell.startswith('"') for cell in first.cells)
        self.headings = [_value(cell).strip() for cell in first.cells]
        self._lines = [place for place, record in enumerate(self._records) if place and not record.is_blank]
        self.rows = [self._row(self._records[place]) for place in self._lines]

    def set(self, place: int, heading: str, value: Cell) -> None:
        """Write the cell, quoted where it was or has to be; a formula is not overwritten."""
        refuse_unprintable(value)
        cells = self._records[self._lines[place]].cells
        column = list(self.headings).index(heading)
        cells += [""] * (column + 1 - len(cells))
        if _unquoted(cells[column]).startswith("="):
            raise RefusedError(f"a formula stands in its column {heading}")
        cells[column] = self._cell(value, quoted=self._is_quoted or cells[column].startswith('"'))

    def reorder(self, order: Sequence[int]) -> None:
        """Put the records into the lines that records stood in."""
        moved = [self._records[self._lines[place]] for place in order]
        for place, record in zip(self._lines, moved, strict=True):
            self._records[place] = record
        unended = next((record for record in self._records if not record.end), None)
        if unended is not None:  # the file ends without a line's end: it still does
            unended.end = self._records[0].end
            self._records[-1].end = ""

    def render(self) -> bytes:
        """The records as written, but for cells that were set."""
        text = "".join(self._delimiter.join(record.cells) + record.end for record in self._records)
        return self._encoding.encode(text)

    def _row(self, record: _Record) -> Row:
        extra = record.cells[len(self.headings) :]
        if any(_value(cell).strip() for cell in extra):
            more = f"{len(record.cells)} cells under {len(self.headings)} headings"
            raise UnreadableError(f"line {record.line} has {more}: quote a cell that holds {self._delimiter!r}")
        cells: dict[str, Cell] = {}
        for heading, cell in zip(self.headings, record.cells, strict=False):
            cells.setdefault(heading, _value(cell) or None)
        return Row(record.line, cells)

    def _cell(self, value: Cell, *, quoted: bool) -> str:
        text = _text(value)
        if quoted or text != text.strip() or any(char in text for char in f'"{self._delimiter}'):
            return '"' + text.replace('"', '""') + '"'
        return text


def _text(value: Cell) -> str:
    """The cell's text; one that a spreadsheet could take for a formula gets an apostrophe before, numbers none."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return number_text(value)
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _value(cell: str) -> str:
    """What a spreadsheet shows of a cell: no quotes, and no apostrophe before what would be a formula."""
    text = _unquoted(cell)
    return text[1:] if text.startswith("'") and text[1:].lstrip().startswith(_FORMULA) else text


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def _first(text: str, delimiter: str) -> list[str]:
    """The headings, were this the delimiter; none where the file cannot be read so."""
    try:
        return next((record.cells for record in _records(text, delimiter)), [])
    except UnreadableError:
        return []


def _records(text: str, delimiter: str) -> Iterator[_Record]:
    cell = re.compile(rf'("[^"]*(?:""[^"]*)*"|[^{delimiter}"\r\n][^{delimiter}\r\n]*|)({delimiter}|\r\n|\n|\r|\Z)')
    cells: list[str] = []
    at, line = 0, 1
    while at < len(text) or cells:
        match = cell.match(text, at)
        if match is None:
            raise UnreadableError(f"line {line}: a quote is not closed, or something stands behind a closing one")
        cells.append(match[1])
        at = match.end()
        if match[2] != delimiter:
            yield _Record(cells, match[2], line)
            line += 1 + sum(cell.count("\n") for cell in cells)
            cells = []
