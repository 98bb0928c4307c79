"""Tables by rich; nothing a tracker sent reaches the terminal unescaped."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import click
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trackersync.report.escape import printable

PIPED_WIDTH = 160
"""Columns where no terminal says how many there are: wide enough that a title survives a pipe."""
READABLE = 10
"""The least that a column of text is of use with, in characters."""
BLOCK = 1000
"""Rows whose columns are lined up together where there are many."""
WIDEST = 60
"""The most that one long cell widens its column there, in characters."""


def print_table(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under (heading, alignment) columns; `cut`, `wrap` and the last one share what room is left.

    Where that is too little to read by, as on a phone, these stand below the others.
    """
    cells = [[_text(cell) for cell in row] for row in rows]
    out = stdout()
    yielding = [
        alignment in {"cut", "wrap"} or place == len(columns) - 1 for place, (_, alignment) in enumerate(columns)
    ]
    if _needed(columns, cells, yielding) > out.width:
        _print_below(columns, cells, yielding, out)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for (heading, alignment), gives_way in zip(columns, yielding, strict=True):
        # Where there is too little room these give way first, the widest most.
        table.add_column(heading, justify="right" if alignment == "right" else "left", no_wrap=not gives_way)
    for row in cells:
        table.add_row(*(_cell(cell, cut=alignment == "cut") for cell, (_, alignment) in zip(row, columns, strict=True)))
    out.print(table)


def _needed(columns: Sequence[tuple[str, str]], cells: Sequence[Sequence[str]], yielding: Sequence[bool]) -> int:
    """The least width at which a table can be read."""
    widths = [max(map(cell_len, column)) for column in zip([heading for heading, _ in columns], *cells, strict=True)]
    least = (min(width, READABLE) if gives_way else width for width, gives_way in zip(widths, yielding, strict=True))
    return sum(least) + 2 * (len(columns) - 1)


def _print_below(
    columns: Sequence[tuple[str, str]], cells: Sequence[Sequence[str]], yielding: Sequence[bool], out: Console
) -> None:
    """Each row as a line of what is short, and below it, indented, a line or paragraph for each of the others."""
    headings = [heading for heading, _ in columns]
    fixed = [place for place, gives_way in enumerate(yielding) if not gives_way]
    widths = {place: max(cell_len(row[place]) for row in (headings, *cells)) for place in fixed}
    for number, row in enumerate((headings, *cells)):
        style = "" if number else "bold"
        for line in _flowed((_padded(row[place], widths[place], columns[place][1]) for place in fixed), out.width):
            out.print(Text(line, style, overflow="fold"))
        for place, gives_way in enumerate(yielding):
            if gives_way and row[place]:
                cut = columns[place][1] == "cut"
                text = Text(row[place], style, no_wrap=cut, overflow="ellipsis" if cut else "fold")
                out.print(Padding(text, (0, 0, 0, 2), expand=False))


def _flowed(cells: Iterable[str], width: int) -> Iterator[str]:
    """As many cells on each line as it holds."""
    line = ""
    for cell in cells:
        if line and cell_len(line) + 2 + cell_len(cell.rstrip()) > width:
            yield line.rstrip()
            line = cell
        else:
            line = f"{line}  {cell}" if line else cell
    if line.strip():
        yield line.rstrip()


def _padded(cell: str, width: int, alignment: str) -> str:
    room = " " * (width - cell_len(cell))
    return room + cell if alignment == "right" else cell + room


def _cell(text: str, *, cut: bool) -> Text:
    """One line cut short, or as many as it takes to show all of it."""
    return Text(text, no_wrap=cut, overflow="ellipsis" if cut else "fold")


def print_lines(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print any number of rows, each on one line however long it is; a few at a time are held, none is laid out."""
    widths = [0] * len(headings)
    lines = chain([headings], rows)
    while block := [[_text(cell) for cell in line] for line in islice(lines, BLOCK)]:
        needed = (max(map(cell_len, column)) for column in zip(*block, strict=True))
        widths = [min(max(pair), WIDEST) for pair in zip(widths, needed, strict=True)]
        click.echo("\n".join(_line(line, widths) for line in block))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _text(content: object) -> str:
    return printable("" if content is None else str(content))


def on_terminal() -> bool:
    """Whether somebody watches the results come; otherwise they go into a pipe or a file."""
    return sys.stdout.isatty()


def stdout() -> Console:
    """The results' console; NO_COLOR and pipes are respected by rich."""
    width = None if on_terminal() else PIPED_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def say(text: str = "") -> None:
    """One line of results."""
    click.echo(printable(text))
