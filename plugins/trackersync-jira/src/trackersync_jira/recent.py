"""Issues as last read, and read again where they are edited long after that: a thousand edits take minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from trackersync.model import Issue
from trackersync.transport import Clock
from trackersync_jira.grouping import READ_AT_ONCE

LONG_AGO = 30.0
"""Seconds in which hardly anybody changes what is about to be written; a hundred issues are read again by a request."""

Fetch = Callable[[Sequence[str]], Mapping[str, Issue]]


class RecentIssues:
    """What was read when writing began, kept no older than `LONG_AGO`."""

    def __init__(self, current: Mapping[str, Issue], fetch: Fetch, clock: Clock) -> None:
        self._known = dict(current)
        self._fetch = fetch
        self._clock = clock
        self._begun = clock.monotonic()
        self._again: dict[str, float] = {}

    def first_of(self, ids: Sequence[str]) -> Issue | None:
        """The first of the issues that are edited next, in this order; None where it is gone."""
        if self._clock.monotonic() - self._again.get(ids[0], self._begun) > LONG_AGO:
            asked = ids[:READ_AT_ONCE]
            found = self._fetch(asked)
            for id_ in asked:
                self._known.pop(id_, None)
            self._known |= found
            self._again |= dict.fromkeys(asked, self._clock.monotonic())
        return self._known.get(ids[0])
