"""How far reading and writing are, on a terminal only: a line a tracker, with the rate and the time left."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trackersync.report.escape import printable

if TYPE_CHECKING:
    from rich.progress import Task, TaskID

    from trackersync.sync import Progress

WITH_BAR = 80
"""Columns from which on there is room for a bar."""


@contextmanager
def progress(verb: str) -> Iterator[Progress]:
    """A line a tracker while it lasts; where nobody watches, nothing."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _of=None, /: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Lines
    from rich.text import Text

    class Figures(ProgressColumn):
        def render(self, task: Task) -> Text:
            left = task.time_remaining
            total = None if task.total is None else int(task.total)
            return Text(figures(int(task.completed), total, task.speed, left), no_wrap=True)

    console = Console(stderr=True)
    bar = (BarColumn(20),) if console.width >= WITH_BAR else ()
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), *bar, Figures())
    with Lines(*columns, console=console, transient=True) as lines:
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, of: int | None = None, /) -> None:
            if what not in tasks or done < lines.tasks[tasks[what]].completed:
                if what in tasks:  # it was read, and now it is written to
                    lines.update(tasks[what], visible=False)
                tasks[what] = lines.add_task(f"{verb} {printable(what)}", total=None)
            # More than there were last time: how many there are is not known any more.
            lines.update(tasks[what], completed=done, total=of if of is None or done <= of else None)

        yield told


def figures(done: int, total: int | None, speed: float | None, left: float | None) -> str:
    """`1,200 of 20,000, 350/s, 0:54 left`; what is not known is left out."""
    counted = f"{done:,}" if total is None else f"{done:,} of {total:,}"
    rate = [] if not speed else [f"{speed:,.0f}/s" if speed >= 1 else f"{speed * 60:,.0f}/min"]
    minutes, seconds = divmod(int(left or 0), 60)
    return ", ".join([counted, *rate, *([] if left is None or total is None else [f"{minutes}:{seconds:02} left"])])
