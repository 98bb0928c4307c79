"""Tables and progress by rich; nothing a tracker sent reaches the terminal unescaped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from trackersync.report.escape import printable

PIPED_WIDTH = 160
"""Columns where no terminal says how many there are: wide enough that a title survives a pipe."""
BLOCK = 1000
"""Rows whose columns are lined up together where there are many."""
WIDEST = 60
"""The most that one long cell widens its column there, in characters."""


def print_table(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under (heading, alignment) columns; `cut`, `wrap` and the last one share what room is left."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, (heading, alignment) in enumerate(columns):
        # Where there is too little room these give way first, the widest most.
        gives_way = alignment in {"cut", "wrap"} or place == len(columns) - 1
        table.add_column(heading, justify="right" if alignment == "right" else "left", no_wrap=not gives_way)
    for row in rows:
        table.add_row(*(_cell(cell, cut=alignment == "cut") for cell, (_, alignment) in zip(row, columns, strict=True)))
    stdout().print(table)


def _cell(content: object, *, cut: bool) -> Text:
    """One line cut short, or as many as it takes to show all of it."""
    return Text(_text(content), no_wrap=cut, overflow="ellipsis" if cut else "fold")


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


@contextmanager
def progress(verb: str) -> Iterator[Callable[[str, int], None]]:
    """A line a tracker with the count so far, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _tracker, _done: None
        return
    from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.completed:.0f}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def told(tracker: str, done: int) -> None:
            if tracker not in tasks:
                tasks[tracker] = bar.add_task(f"{verb} {printable(tracker)}", total=None)
            bar.update(tasks[tracker], completed=done)

        yield told
