"""Tables and progress by rich; nothing a tracker sent reaches the terminal unescaped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from trackersync.report.escape import printable

PIPED_WIDTH = 160
"""Columns where no terminal says how many there are: wide enough that a title survives a pipe."""


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
    text = printable("" if content is None else str(content))
    return Text(text, no_wrap=cut, overflow="ellipsis" if cut else "fold")


def stdout() -> Console:
    """The results' console; NO_COLOR and pipes are respected by rich."""
    width = None if sys.stdout.isatty() else PIPED_WIDTH
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
