"""The built-in columns: what every issue of every tracker offers to an expression."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

from trackersync.model import Direction, Issue, Link


class Kind(StrEnum):
    """What an expression's value is; told to people in these words."""

    NUMBER = "a number"
    TEXT = "a text"
    BOOLEAN = "a condition"
    LIST = "a list of texts"
    DATE = "a date"


SEPARATOR = "\x1f"
"""The one character that stands in no text of a list."""

Cell = float | str | list[str] | None
"""One value of one column: a number, a text, several texts in folded case, or nothing known."""


class Column(Struct, frozen=True):
    """A name that expressions may use, what kind of value it holds, and how it is read from an issue at `now`."""

    name: str
    kind: Kind
    doc: str
    read: Callable[[Issue, datetime], Cell]


def _number(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _text(value: str | None) -> str | None:
    return value or None


def _texts(values: tuple[str, ...]) -> list[str]:
    return [value.casefold().replace(SEPARATOR, " ") for value in values]


def _days(since: datetime, now: datetime) -> float:
    """Whole days, so that a score moves at most once a day; never negative where two clocks disagree."""
    return float(max((now - since).days, 0))


def _days_left(due: date | None, now: datetime) -> float | None:
    return None if due is None else float((due - now.astimezone(UTC).date()).days)


def _days_overdue(due: date | None, now: datetime) -> float | None:
    left = _days_left(due, now)
    return None if left is None else -left


FROM_THE_OTHER_SIDE: Mapping[str, str] = MappingProxyType(
    {"blocks": "blocked by", "duplicates": "duplicated by", "clones": "cloned by"}
)
"""What a link of a kind is called by the issue at its end."""


def _side(link: Link) -> str:
    """What the issue is to the other: `blocks`, `blocked by`; kinds in a tracker's own words have but one side."""
    return link.kind if link.direction is Direction.OUTWARD else FROM_THE_OTHER_SIDE.get(link.kind, link.kind)


def _sides(issue: Issue) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_side(link) for link in issue.links))


def _total(counts: Mapping[str, int] | None) -> float | None:
    return None if counts is None else float(sum(counts.values()))


def _given(counts: Mapping[str, int] | None, kind: str) -> float | None:
    return None if counts is None else float(counts.get(kind, 0))


_ALL = (
    Column("tracker", Kind.TEXT, "the team's name of the tracker", lambda i, _: _text(i.ref.tracker)),
    Column("type", Kind.TEXT, "bug, story, feature …", lambda i, _: _text(i.type)),
    Column("state", Kind.TEXT, "the tracker's own word: open, In Review", lambda i, _: _text(i.state)),
    Column("priority", Kind.TEXT, "the tracker's native priority by name", lambda i, _: _text(i.priority)),
    Column("labels", Kind.LIST, "all labels", lambda i, _: _texts(i.labels)),
    Column("components", Kind.LIST, "all components", lambda i, _: _texts(i.components)),
    Column("fix_versions", Kind.LIST, "the versions it is planned for", lambda i, _: _texts(i.fix_versions)),
    Column("affects_versions", Kind.LIST, "the versions that have it", lambda i, _: _texts(i.affects_versions)),
    Column("milestone", Kind.TEXT, "the milestone's title", lambda i, _: _text(i.milestone)),
    Column("title", Kind.TEXT, "the title", lambda i, _: _text(i.title)),
    Column("author", Kind.TEXT, "who reported it", lambda i, _: _text(i.author.name if i.author else None)),
    Column("assignee", Kind.LIST, "all who work on it", lambda i, _: _texts(tuple(p.name for p in i.assignees))),
    Column("votes", Kind.NUMBER, "votes for it", lambda i, _: _number(i.votes)),
    Column("watchers", Kind.NUMBER, "people who watch it", lambda i, _: _number(i.watchers)),
    Column("reactions", Kind.NUMBER, "reactions of all kinds", lambda i, _: _total(i.reactions)),
    Column("thumbs_up", Kind.NUMBER, "reactions with a thumb up", lambda i, _: _given(i.reactions, "+1")),
    Column("thumbs_down", Kind.NUMBER, "reactions with a thumb down", lambda i, _: _given(i.reactions, "-1")),
    Column("comments", Kind.NUMBER, "comments on it", lambda i, _: _number(i.comments)),
    Column("estimate", Kind.NUMBER, "the tracker's own estimate", lambda i, _: _number(i.estimate)),
    Column("age_days", Kind.NUMBER, "whole days since it was created", lambda i, now: _days(i.created_at, now)),
    Column("idle_days", Kind.NUMBER, "whole days since it was last touched", lambda i, now: _days(i.updated_at, now)),
    Column(
        "due_in_days",
        Kind.NUMBER,
        "days until the due date, negative when overdue",
        lambda i, now: _days_left(i.due_on, now),
    ),
    Column("blocks_open", Kind.NUMBER, "open issues that it blocks", lambda i, _: _number(i.blocks_open)),
    Column("blocked_by_open", Kind.NUMBER, "open issues that block it", lambda i, _: _number(i.blocked_by_open)),
    Column("sub_issues", Kind.NUMBER, "sub-issues, open or not", lambda i, _: _number(i.sub_issues)),
    Column("sub_issues_open", Kind.NUMBER, "open sub-issues", lambda i, _: _number(i.sub_issues_open)),
    Column(
        "pull_requests_open",
        Kind.NUMBER,
        "open pull requests that will close it",
        lambda i, _: _number(i.pull_requests_open),
    ),
    Column("sprint", Kind.TEXT, "the sprint it is in, or else planned for", lambda i, _: _text(i.sprint)),
    Column("sprint_state", Kind.TEXT, "of that sprint: active, future", lambda i, _: _text(i.sprint_state)),
    Column("past_sprints", Kind.NUMBER, "sprints it was in that are over", lambda i, _: _number(i.past_sprints)),
    Column("links", Kind.LIST, "its links: blocks, blocked by, relates …", lambda i, _: _texts(_sides(i))),
    Column("parent", Kind.TEXT, "the ref or URL of its parent or epic", lambda i, _: _text(i.parent)),
    # A date is kept as the days that have passed since, the only thing that an expression can ask of it.
    Column("created_at", Kind.DATE, "when it was created", lambda i, now: _days(i.created_at, now)),
    Column("updated_at", Kind.DATE, "when it was last touched", lambda i, now: _days(i.updated_at, now)),
    Column("due_on", Kind.DATE, "when it is due", lambda i, now: _days_overdue(i.due_on, now)),
)

COLUMNS: Mapping[str, Column] = MappingProxyType({column.name: column for column in _ALL})
"""Every built-in column by name."""
