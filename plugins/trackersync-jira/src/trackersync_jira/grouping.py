"""Which issues get the same values, and which way of writing takes the fewest requests; pure.

A bulk edit puts one set of values on up to a thousand issues and is carried out as a task, so it pays where many
issues get the same: V distinct sets on M issues take about V + M/100 requests in place of M.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Generic, TypeVar

from trackersync.change import Change

LARGEST = 1000
"""Issues a bulk edit takes; source: OpenAPI of `POST /bulk/issues/fields`."""
AT_ONCE = 5
"""Bulk edits that may be under way on a site; source: OpenAPI, tag Issue bulk operations."""
TOO_FEW = "too few of them get the same values"
"""Why issues are written one by one although the account could write several together."""
READ_AT_ONCE = 100
"""Issues a request reads by id; source: OpenAPI of `POST /issue/bulkfetch`."""

V = TypeVar("V", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Group(Generic[V]):
    """Issues, by id, that get the same values."""

    values: frozenset[V]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice(Generic[V]):
    """Which issues are written together, each group by one bulk edit; all others are written one by one."""

    issues: int
    """All that are written to."""
    together: tuple[Group[V], ...] = ()
    why: str = ""
    """Why none are."""

    @property
    def covered(self) -> int:
        """The issues that are written together."""
        return sum(len(group.ids) for group in self.together)

    @property
    def requests(self) -> int:
        """Those that write, and those that tell what became of the bulk edits."""
        return self.issues - self.covered + cost(len(self.together), self.covered)


def cost(edits: int, issues: int) -> int:
    """Requests of so many bulk edits of so many issues: to submit, to wait for them, to learn what became of each.

    The last of the first few that a site takes at a time is waited for, and the last of all. What the others did,
    each is asked, or the issues are read.
    """
    waits = min(2, ceil(edits / AT_ONCE))
    return edits + waits + min(edits - waits, ceil(issues / READ_AT_ONCE))


def choose(
    changes: Sequence[Change], value_of: Callable[[Change], V | None], *, barred: str | None = None
) -> Choice[V]:
    """The fewest requests for these changes; `value_of` a change is None where no bulk edit can carry it.

    `barred` says why there are to be no bulk edits at all, and is empty where nobody would expect any.
    """
    by_values: dict[frozenset[V], list[str]] = {}
    issues = 0
    for id_, group in groupby(changes, key=lambda change: change.ref.id):
        issues += 1
        values = [value_of(change) for change in group]
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            by_values.setdefault(frozenset(known), []).append(id_)
    together = tuple(_full_groups(by_values))
    best = Choice(issues, together)
    if barred is not None:
        return Choice(issues, why=barred)
    return best if best.requests < issues else Choice(issues, why=TOO_FEW if issues > 1 else "")


def _full_groups(by_values: dict[frozenset[V], list[str]]) -> Iterator[Group[V]]:
    """Groups of up to a thousand; a single issue is written as cheaply by itself."""
    for values, ids in by_values.items():
        for start in range(0, len(ids), LARGEST):
            part = tuple(ids[start : start + LARGEST])
            if len(part) > 1:
                yield Group(values, part)


def told(choices: Sequence[Choice[V]]) -> str:
    """How the changes are written and why so, in a sentence; empty where there is nothing to tell."""
    edits = sum(len(choice.together) for choice in choices)
    covered = sum(choice.covered for choice in choices)
    alone = sum(choice.issues for choice in choices) - covered
    if not edits:
        why = next((choice.why for choice in choices if choice.why), "")
        return f"one edit an issue: {why}" if why else ""
    rest = f", and {alone:,} by {'itself' if alone == 1 else 'themselves'}" if alone else ""
    noun = "bulk edit" if edits == 1 else "bulk edits"
    return f"{edits:,} {noun} in place of {covered:,} edits{rest}, since many issues get the same values"
