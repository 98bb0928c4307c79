"""Tables by rich; nothing a tracker sent reaches the terminal unescaped."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain, islice

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from trackersync.cli.below import laid_below, yielding
from trackersync.cli.lines import fitted
from trackersync.report.escape import printable
from trackersync.report.tables import told

PIPED_WIDTH = 160
"""Columns where no terminal says how many there are: wide enough that a title survives a pipe."""
READABLE = 10
"""The least that a column of text is of use with, in characters."""
BLOCK = 1000
"""Rows whose columns are lined up together where there are many."""
_LEFT_TO_RIGHT = "\u200e"
"""A mark without a width."""
WIDEST = 60
"""The most that one long cell widens its column there, in characters."""


def print_table(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under (heading, alignment) columns; `cut`, `wrap` and the last one share what room is left.

    Where that is too little to read by, as on a phone, what finds no room stands below the others.
    """
    cells = [[told(cell, alignment) for cell, (_, alignment) in zip(_row(row), columns, strict=True)] for row in rows]
    out = stdout()
    if _needed(columns, cells) > out.width:
        for line in laid_below(columns, cells, out):
            out.print(line, soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for (heading, alignment), gives_way in zip(columns, yielding(columns), strict=True):
        # Where there is too little room these give way first, the widest most.
        table.add_column(heading, justify="right" if alignment == "right" else "left", no_wrap=not gives_way)
    for row in cells:
        table.add_row(*(_cell(cell, cut=alignment == "cut") for cell, (_, alignment) in zip(row, columns, strict=True)))
    out.print(table)


def _needed(columns: Sequence[tuple[str, str]], cells: Sequence[Sequence[str]]) -> int:
    """The least width at which a table can be read."""
    widths = [max(map(cell_len, column)) for column in zip([heading for heading, _ in columns], *cells, strict=True)]
    gives = yielding(columns)
    least = (min(width, READABLE) if gives_way else width for width, gives_way in zip(widths, gives, strict=True))
    return sum(least) + 2 * (len(columns) - 1)


def _cell(text: str, *, cut: bool) -> Text:
    """One line cut short, or as many as it takes to show all of it."""
    return Text(text, no_wrap=cut, overflow="ellipsis" if cut else "fold")


def print_lines(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print any number of rows, each on one line however long it is; a few at a time are held, none is laid out."""
    widths = [0] * len(headings)
    lines = chain([headings], rows)
    while block := [_row(line) for line in islice(lines, BLOCK)]:
        needed = (max(map(cell_len, column)) for column in zip(*block, strict=True))
        widths = [min(max(pair), WIDEST) for pair in zip(widths, needed, strict=True)]
        click.echo("\n".join(_line(line, widths) for line in block))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _text(content: object) -> str:
    return printable("" if content is None else str(content))


def _row(contents: Sequence[object]) -> list[str]:
    """Cells of text. Where one is written from right to left, a terminal must not turn the numbers beside it as well.

    `5 → 1` would else be read as `1 → 5` (UAX #9).
    """
    cells = [_text(content) for content in contents]
    turned = [not cell.isascii() and _is_turned(cell) for cell in cells]
    return [cell if its or not any(turned) else _LEFT_TO_RIGHT + cell for cell, its in zip(cells, turned, strict=True)]


def _is_turned(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)


def on_terminal() -> bool:
    """Whether somebody watches the results come; otherwise they go into a pipe or a file."""
    return sys.stdout.isatty()


def stdout() -> Console:
    """The results' console; NO_COLOR and pipes are respected by rich."""
    width = None if on_terminal() else PIPED_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def say(text: str = "") -> None:
    """One line of results, broken at its words where the terminal is too narrow for it."""
    click.echo(fitted(printable(text), sys.stdout))
