"""From a file's rows to the one model; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlsplit

from trackersync.links import stated_links
from trackersync.model import Issue, IssueRef, Person, StateCategory, Value
from trackersync_file.backlog import Cell, Row, number_text

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""When an issue of a file that does not tell was made: a day that no write moves, and nobody takes for a real one."""
_NUMBER = re.compile(r"[-+]?\d{1,300}(?:\.\d+)?(?:[eE][-+]?\d{1,3})?")
_DONE = frozenset({"done", "closed", "resolved", "finished", "fixed", "shipped", "released", "cancelled", "rejected"})
_IN_PROGRESS = frozenset({"in progress", "doing", "started", "in review", "review", "testing", "active"})

Typed = TypeVar("Typed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the columns of one file mean, and what holds for all of its rows."""

    tracker: str
    file: str
    """The name without its ending, which keys begin with."""
    address: str
    """Where people find the file."""
    words: Mapping[str, str]
    """Headings by what they mean."""
    fields: Mapping[str, str]
    """Headings by the names of wanted fields."""
    done: frozenset[str]
    """The team's own states that mean done, case-folded."""
    changed_at: datetime
    """When the file was last written."""


class RowReader:
    """Reads one row; what cannot be understood is noted in `problems`."""

    def __init__(self, row: Row, reading: Reading) -> None:
        self._row = row
        self._reading = reading
        self.problems: list[str] = []

    def issue(self, rank: str | None) -> Issue:
        """The row as an issue, worth something only where there are no problems."""
        id_, title = self._needed("id"), self._needed("title")
        body, state = self._text("body") or "", self._text("state") or "open"
        created = self._typed("created", _moment, "no date; write 2026-01-31") or LONG_AGO
        updated = self._typed("updated", _moment, "no date; write 2026-01-31") or self._reading.changed_at
        due = self._typed("due", _moment, "no date; write 2026-01-31")
        votes = self._typed("votes", _number, "no number")
        sub = self._row.sub_issues
        kind = self._text("type")
        return Issue(
            ref=IssueRef(self._reading.tracker, "file", id_, f"{self._reading.file}#{id_}"),
            title=title,
            url=self._url(),
            state=state,
            state_category=self._category(state),
            created_at=created,
            updated_at=max(created, updated),
            due_on=due.date() if due else None,
            body=body,
            type=kind.lower() if kind else None,
            labels=self._names("labels"),
            assignees=tuple(Person(name, name) for name in self._names("assignee")),
            milestone=self._text("milestone"),
            components=self._names("components"),
            estimate=self._typed("estimate", _number, "no number"),
            priority=self._text("priority"),
            votes=None if votes is None else int(votes),
            links=stated_links(body),
            sub_issues=sub[0] if sub else None,
            sub_issues_open=sub[1] if sub else None,
            fields={name: value_of(self._row.cells.get(heading)) for name, heading in self._reading.fields.items()},
            native_rank=rank,
        )

    def _cell(self, word: str) -> Cell:
        heading = self._reading.words.get(word)
        return None if heading is None else self._row.cells.get(heading)

    def _text(self, word: str) -> str | None:
        return text_of(self._cell(word)) or None

    def _needed(self, word: str) -> str:
        text = self._text(word)
        if not text:
            self.problems.append(f"line {self._row.line} has no {word}")
        return text or ""

    def _typed(self, word: str, read: Callable[[Cell], Typed | None], otherwise: str) -> Typed | None:
        cell = self._cell(word)
        value = None if cell is None else read(cell)
        if value is None and text_of(cell):
            self.problems.append(f"line {self._row.line}: its {word} is {otherwise}")
        return value

    def _names(self, word: str) -> tuple[str, ...]:
        return split_names(self._text(word))

    def _url(self) -> str:
        url = self._text("url")
        parts = urlsplit(url) if url and url.isprintable() else None
        return str(url) if parts and parts.scheme in ("http", "https") and parts.netloc else self._reading.address

    def _category(self, state: str) -> StateCategory:
        folded = state.casefold()
        if folded in _DONE or folded in self._reading.done:
            return StateCategory.DONE
        return StateCategory.IN_PROGRESS if folded in _IN_PROGRESS else StateCategory.TODO


def text_of(cell: Cell) -> str:
    """The cell as people read it, without blanks around."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return number_text(cell)
    return "" if cell is None else str(cell).strip()


def value_of(cell: Cell) -> Value:
    """What a field holds: a number where the cell reads as one, else its text."""
    if cell is None or isinstance(cell, bool):
        return cell
    number = _number(cell)
    return (text_of(cell) or None) if number is None else number


def split_names(text: str | None) -> tuple[str, ...]:
    """Names with commas or semicolons between them, each once."""
    return tuple(dict.fromkeys(name for each in re.split("[,;]", text or "") if (name := each.strip())))


def _number(cell: Cell) -> float | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    text = text_of(cell)
    if not _NUMBER.fullmatch(text):
        return None
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


def _moment(cell: Cell) -> datetime | None:
    """A date or time in UTC; one that tells no zone is taken as it stands."""
    try:
        moment = cell if isinstance(cell, datetime) else datetime.fromisoformat(text_of(cell))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
