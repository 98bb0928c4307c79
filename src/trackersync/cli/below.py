"""A table without room for its columns: the first cell of a row leads it, and the others stand below, indented."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

Columns = Sequence[tuple[str, str]]
"""(heading, alignment) of each."""
Rows = Sequence[Sequence[str]]
Lines = Iterator[tuple[str, Text]]
"""What each line is indented by, and what it says."""

SHORT = 10
"""A first column narrower than this names nothing by itself, as a rank does not: it has others beside it."""
_INDENT = "  "
_ARROW = "→"


def yielding(columns: Columns) -> list[bool]:
    """By column whether it gives way where there is too little room: texts do, and the last one."""
    last = len(columns) - 1
    return [alignment in {"cut", "wrap"} or place == last for place, (_, alignment) in enumerate(columns)]


def laid_below(columns: Columns, rows: Rows, out: Console) -> Iterator[Text]:
    """The lines of a table, none wider than the terminal.

    Short columns that come first are lined up under their headings where they find room. What stands below has its
    heading before it, except for titles and for what an arrow shows to change.
    """
    headings = [heading for heading, _ in columns]
    widths = [max(map(cell_len, column)) for column in zip(headings, *rows, strict=True)]
    lined = widths[: _lined_up(columns, widths, out.width)]
    if lined:
        yield Text(_line(headings, columns, lined), "bold")
    else:
        columns, rows = _changes_joined(columns, rows)
    for row in rows:
        lines = _lined(columns, row, lined) if lined else _card(columns, row, out.width, named=widths[0] >= SHORT)
        for indent, text in lines:
            yield from _hung(indent, text, out)


def _changes_joined(columns: Columns, rows: Rows) -> tuple[Columns, Rows]:
    """With the two columns on both sides of one of arrows, such as `Now → Then`, as one."""
    between = range(1, len(columns) - 1)
    arrows = [place for place in between if not columns[place][0] and {row[place] for row in rows} == {_ARROW}]
    for place in arrows[:1]:
        (before, _), _, (after, alignment) = columns[place - 1 : place + 2]
        columns = [*columns[: place - 1], (f"{before} {_ARROW} {after}", alignment), *columns[place + 2 :]]
        rows = [[*row[: place - 1], " ".join(row[place - 1 : place + 2]).strip(), *row[place + 2 :]] for row in rows]
    return columns, rows


def _lined_up(columns: Columns, widths: Sequence[int], room: int) -> int:
    """How many columns can be lined up; none where a short one comes behind a text, or they find no room."""
    texts = yielding(columns)[1:]
    count = 1 + sum(1 for _ in takewhile(lambda text: not text, texts))
    fits = sum(widths[:count]) + 2 * (count - 1) <= room
    return count if count > 1 and fits and all(texts[count - 1 :]) else 0


def _lined(columns: Columns, row: Sequence[str], widths: Sequence[int]) -> Lines:
    """A line of the short cells, and below it one or more for each text."""
    if line := _line(row, columns, widths):
        yield "", Text(line)
    for text in _texts(columns[len(widths) :], row[len(widths) :]):
        yield _INDENT, text


def _line(row: Sequence[str], columns: Columns, widths: Sequence[int]) -> str:
    cells = zip(row, columns, widths, strict=False)
    return "  ".join(_padded(cell, width, alignment) for cell, (_, alignment), width in cells).rstrip()


def _padded(cell: str, width: int, alignment: str) -> str:
    room = " " * (width - cell_len(cell))
    return room + cell if alignment == "right" else cell + room


def _card(columns: Columns, row: Sequence[str], width: int, *, named: bool) -> Lines:
    """The first cell, which names the row or else has others beside it, and below it lines of what they hold."""
    if named and row[0]:
        yield "", Text(row[0])
    texts = _texts(columns[named:], row[named:])
    for number, text in enumerate(_filled(texts, width - len(_INDENT))):
        yield _INDENT if number or named else "", text


def _texts(columns: Columns, cells: Sequence[str]) -> Iterator[Text]:
    return (_labelled(*column, cell) for column, cell in zip(columns, cells, strict=True) if cell)


def _labelled(heading: str, alignment: str, cell: str) -> Text:
    """A value behind its heading; a title needs none, nor does what an arrow shows to change."""
    if alignment == "cut":
        return Text(cell, no_wrap=True)
    return Text.assemble((heading, "bold"), " ", cell) if heading and _ARROW not in heading else Text(cell)


def _filled(texts: Iterable[Text], room: int) -> Iterator[Text]:
    """As many on each line as it holds; a title has a line of its own."""
    line = Text()
    for text in texts:
        if line and not line.no_wrap and not text.no_wrap and line.cell_len + 2 + text.cell_len <= room:
            line = Text("  ").join([line, text])
        else:
            if line:
                yield line
            line = text
    if line:
        yield line


def _hung(indent: str, text: Text, out: Console) -> Iterator[Text]:
    """A line; where it is too long it is cut, or goes on below, indented more."""
    room = out.width - len(indent)
    if text.no_wrap:
        text.truncate(room, overflow="ellipsis")
    if text.cell_len <= room:
        yield Text(indent) + text
        return
    for number, part in enumerate(text.wrap(out, max(room - len(_INDENT), 1))):
        part.rstrip()
        yield Text(indent + _INDENT * bool(number)) + part
