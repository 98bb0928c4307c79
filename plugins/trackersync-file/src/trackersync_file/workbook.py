"""Excel workbooks: one sheet is the backlog, its first line the headings; all else is kept, or nothing is written."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any

from trackersync_file.backlog import Backlog, Cell, RefusedError, Row, UnreadableError, refuse_unprintable
from trackersync_file.package import check_package, lost_parts, with_cached_values

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

MAX_ROWS = 100_000
MAX_CELLS = 2_000_000
"""Of the rectangle that a sheet uses."""
_FORMULA = ("=", "+", "-", "@")

Places = dict[str, dict[tuple[int, int], Any]]
"""Values by sheet, row and column, the latter counted from 1."""


class WorkbookBacklog(Backlog):
    """The rows of one sheet; formulas count with the values that they had when the file was saved."""

    def __init__(self, data: bytes, sheet: str | None) -> None:
        check_package(data)
        self._data = data
        self._values = _load(data, data_only=True)
        self._name = _sheet(self._values, sheet)
        used = self._values[self._name]
        if used.max_row > MAX_ROWS or used.max_row * used.max_column > MAX_CELLS:
            raise UnreadableError(
                f"the sheet {self._name} uses {used.max_row} rows and {used.max_column} columns: delete the empty ones"
            )
        lines = [list(cells) for cells in used.iter_rows(values_only=True)]
        first = lines[0] if lines else []
        if not any(first):
            raise UnreadableError(f"line 1 of the sheet {self._name} is empty: it has to hold the headings")
        self.headings = ["" if value is None else str(value).strip() for value in first]
        self._lines = [number for number, cells in enumerate(lines) if number and any(map(_held, cells))]
        self.rows = [Row(number + 1, self._cells(lines[number])) for number in self._lines]

    @cached_property
    def unwritable(self) -> str | None:
        """A protected sheet is not written, nor a workbook with parts that openpyxl would lose."""
        if self._values[self._name].protection.sheet:
            return f"the sheet {self._name} is protected"
        lost = lost_parts(self._data)
        held = f"the workbook holds what would be lost ({', '.join(lost[:3])})"
        return f"{held}: keep the backlog in a workbook of its own" if lost else None

    def set(self, place: int, heading: str, value: Cell) -> None:
        """Put the value into the cell, text as text; a formula is not overwritten."""
        refuse_unprintable(value)
        if self.unwritable:
            raise RefusedError(self.unwritable)
        cell = self._sheet.cell(self._lines[place] + 1, list(self.headings).index(heading) + 1)
        if cell.data_type == "f":
            raise RefusedError(f"a formula stands in {cell.coordinate}")
        if type(cell).__name__ == "MergedCell":
            raise RefusedError(f"{cell.coordinate} is merged with another cell")
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # whatever it begins with, it is text
            cell.quotePrefix = value.lstrip().startswith(_FORMULA)

    def reorder(self, order: Sequence[int]) -> None:
        """Put rows where rows stood, as sorting in the spreadsheet does: with styles, heights and formulas."""
        if self.unwritable:
            raise RefusedError(self.unwritable)
        moves = {self._lines[old] + 1: self._lines[new] + 1 for new, old in enumerate(order) if new != old}
        self._refuse_rows_that_cannot_move(moves.keys())
        cached = self._cached[self._name]
        cells = _cells_of(self._sheet)
        moving = [cells.pop(at) for at in list(cells) if at[0] in moves]
        for cell in moving:
            _shift(cell, moves[cell.row])
            cells[cell.row, cell.column] = cell
        sizes = self._sheet.row_dimensions
        for row, size in [(row, sizes.pop(row)) for row in moves if row in sizes]:
            size.index = moves[row]
            sizes[moves[row]] = size
        cached |= {(moves[row], column): cached.pop((row, column)) for row, column in list(cached) if row in moves}

    def render(self) -> bytes:
        """The workbook with what was set and moved, formulas with the values that they had."""
        if "_book" not in self.__dict__:
            return self._data
        file = BytesIO()
        self._book.calculation.fullCalcOnLoad = True  # formulas may stand on what was set
        self._book.save(file)
        return with_cached_values(file.getvalue(), [self._cached[name] for name in self._book.sheetnames])

    @cached_property
    def _book(self) -> Workbook:
        """The same with formulas in place of values; loaded for writing alone."""
        return _load(self._data, data_only=False)

    @property
    def _sheet(self) -> Any:
        return self._book[self._name]

    @cached_property
    def _cached(self) -> Places:
        """What formulas were worth when the file was saved, by the places where they stand."""
        return {
            sheet.title: {
                at: value
                for at, cell in _cells_of(sheet).items()
                if cell.data_type == "f" and (value := self._value_at(sheet.title, at)) is not None
            }
            for sheet in self._book.worksheets
        }

    def _value_at(self, sheet: str, at: tuple[int, int]) -> Any:
        """The stored value as the file has it: what is shown as a date is a number there."""
        from openpyxl.utils import datetime as days

        value = self._values[sheet].cell(*at).value
        if not hasattr(value, "isoformat"):
            return value
        return days.to_excel(value, self._values.epoch)  # type: ignore[no-untyped-call]

    def _cells(self, line: Sequence[Any]) -> dict[str, Cell]:
        cells: dict[str, Cell] = {}
        for heading, value in zip(self.headings, line, strict=False):
            cells.setdefault(heading, _held(value))
        return cells

    def _refuse_rows_that_cannot_move(self, rows: Any) -> None:
        for merged in self._sheet.merged_cells.ranges:
            if any(merged.min_row <= row <= merged.max_row for row in rows):
                raise RefusedError(f"merged cells {merged.coord} stand among the rows")
        for row in rows:
            for cell in self._sheet[row]:
                if cell.data_type == "f" and not isinstance(cell.value, str):
                    raise RefusedError(f"the formula in {cell.coordinate} spans several cells")


def _load(data: bytes, *, data_only: bool) -> Workbook:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it does not keep; `lost_parts` refuses that
            return load_workbook(BytesIO(data), data_only=data_only, rich_text=not data_only)
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble over
        raise UnreadableError(f"it is no workbook that can be read: {type(error).__name__}") from error


def _sheet(book: Workbook, name: str | None) -> str:
    names = [sheet.title for sheet in book.worksheets]
    if not names or (name is not None and name not in names):
        raise UnreadableError(f"it has no sheet {name or 'with cells'}; it has {', '.join(names) or 'none'}")
    return name or names[0]


def _held(value: Any) -> Cell:
    """What a cell holds as far as an issue can use it: times of day and durations are text."""
    if isinstance(value, str):
        return value or None
    return value if value is None or isinstance(value, int | float | date) else str(value)


def _shift(cell: Any, row: int) -> None:
    from openpyxl.formula.translate import Translator

    if cell.data_type == "f":
        cell.value = Translator(cell.value, cell.coordinate).translate_formula(row_delta=row - cell.row)
    cell.row = row
    if cell.hyperlink:
        cell.hyperlink.ref = cell.coordinate


def _cells_of(sheet: Any) -> dict[tuple[int, int], Any]:
    """The cells that exist, by row and column: openpyxl has no other way to permute rows, nor to leave gaps alone."""
    cells: dict[tuple[int, int], Any] = sheet._cells  # noqa: SLF001 - see above
    return cells
