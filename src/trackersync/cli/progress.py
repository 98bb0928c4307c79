"""How far reading and writing are, on a terminal only: a line a tracker, with the rate and the time left."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trackersync.report.escape import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Lines
    from rich.progress import Task, TaskID

    from trackersync.sync import Progress

WITH_BAR = 80
"""Columns from which on there is room for a bar."""
_BAR, _SPINNER = 20, 1


@contextmanager
def progress(verb: str) -> Iterator[Progress]:
    """A line a tracker while it lasts; where nobody watches, nothing."""
    if not sys.stderr.isatty():
        from trackersync.sync.workspace import silent

        yield silent
        return
    from rich.console import Console

    with _lines(Console(stderr=True)) as lines:
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, of: int | None = None, /) -> None:
            if what not in tasks or done < lines.tasks[tasks[what]].completed:
                if what in tasks:  # it was read, and now it is written to
                    lines.update(tasks[what], visible=False)
                tasks[what] = lines.add_task(f"{verb} {printable(what)}", total=None)
            # More than there were last time: how many there are is not known any more.
            lines.update(tasks[what], completed=done, total=of if of is None or done <= of else None)

        yield told


def _lines(console: Console) -> Lines:
    """Lines of a name and figures: where there is too little room the rate gives way first, then the name."""
    from rich.progress import BarColumn, ProgressColumn, SpinnerColumn
    from rich.progress import Progress as Lines
    from rich.table import Column
    from rich.text import Text

    class Name(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(task.description, no_wrap=True, overflow="ellipsis")

    class Figures(ProgressColumn):
        def render(self, task: Task) -> Text:
            told = figures(*_known(task))
            fits = room(console.width, [each.description for each in lines.tasks if each.visible]) >= len(told)
            return Text(told if fits else figures(*_known(task, rate=False)), no_wrap=True)

    bar = (BarColumn(_BAR),) if console.width >= WITH_BAR else ()
    # Of columns only those that may be wrapped are narrowed.
    columns = (SpinnerColumn(), Name(Column(no_wrap=False)), *bar, Figures(Column(no_wrap=True)))
    lines = Lines(*columns, console=console, transient=True)
    return lines


def _known(task: Task, *, rate: bool = True) -> tuple[int, int | None, float | None, float | None]:
    total = None if task.total is None else int(task.total)
    return int(task.completed), total, task.speed if rate else None, task.time_remaining


def room(width: int, names: list[str]) -> int:
    """The columns that whole names leave to the figures, on a line so wide."""
    from rich.cells import cell_len

    bar = _BAR + 1 if width >= WITH_BAR else 0
    return width - (_SPINNER + 1) - (max(map(cell_len, names), default=0) + 1) - bar


def figures(done: int, total: int | None, speed: float | None, left: float | None) -> str:
    """`1,200 of 20,000, 350/s, 0:54 left`; what is not known is left out."""
    counted = f"{done:,}" if total is None else f"{done:,} of {total:,}"
    rate = [] if not speed else [f"{speed:,.0f}/s" if speed >= 1 else f"{speed * 60:,.0f}/min"]
    minutes, seconds = divmod(int(left or 0), 60)
    return ", ".join([counted, *rate, *([] if left is None or total is None else [f"{minutes}:{seconds:02} left"])])
