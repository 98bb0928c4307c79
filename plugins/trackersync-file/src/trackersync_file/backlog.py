"""What every kind of file is read into: rows under headings, whose cells can be set and whose order can be changed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Cell = str | int | float | bool | date | None
"""What a cell can hold; a `datetime` is a `date` too."""


class UnreadableError(Exception):
    """The file is not what its name says; the message tells the line and what is wrong there."""


class RefusedError(Exception):
    """One cell or row cannot be written; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of work as it stands in a file."""

    line: int
    """Counted from 1."""
    cells: Mapping[str, Cell]
    """By heading; what is empty is None or absent."""
    sub_issues: tuple[int, int] | None = None
    """How many there are, and how many of them are open; None where the file cannot tell."""


class Backlog(ABC):
    """One file with issues; what was set and moved is in `render`, and all else as it was."""

    headings: Sequence[str]
    """Of all columns in their order, as written."""
    rows: Sequence[Row]
    is_one_list: bool = True
    """Whether a row may stand anywhere among the others without a change of its meaning."""

    @property
    def unwritable(self) -> str | None:
        """Why nothing at all of the file can be written; None where it can."""
        return None

    @abstractmethod
    def set(self, place: int, heading: str, value: Cell) -> None:
        """Put the value into a cell of the row at this place in `rows`, None empties it; raises `RefusedError`."""

    @abstractmethod
    def reorder(self, order: Sequence[int]) -> None:
        """Put the rows into this order, given by their places in `rows`; nothing is set afterwards.

        Raises `RefusedError`.
        """

    @abstractmethod
    def render(self) -> bytes:
        """The file's new content."""


def refuse_unprintable(value: Cell) -> None:
    """Line breaks, escape sequences and the like have no business in a cell of ours."""
    if isinstance(value, str) and not value.isprintable():
        raise RefusedError("the text has control characters in it")


def number_text(value: float) -> str:
    """A number as people write it: 7 in place of 7.0."""
    return str(int(value)) if float(value).is_integer() else repr(value)
