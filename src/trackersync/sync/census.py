"""A look at every id: when one is taken and tells enough, and how what was read is merged; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from trackersync.model import Delta, SnapshotInfo

_EARLY = 0.9
"""Of the time between two looks at everything: a daily job begins a little earlier on some days than on others."""


def is_due(known: SnapshotInfo, every: timedelta | None, now: datetime) -> bool:
    """Whether the last look at everything is too long ago; one that is not known of is."""
    if every is None:
        return False
    return known.whole_at is None or now - known.whole_at >= every * _EARLY


@dataclass
class Touched:
    """The ids of what was read since, merged as the store merges it: of an issue that comes twice the last counts."""

    here: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def add(self, delta: Delta) -> None:
        """One delta more."""
        ids = {issue.ref.id for issue in delta.issues}
        gone = set(delta.left) - ids
        self.here = (self.here - gone) | ids
        self.left = (self.left - ids) | gone

    def __contains__(self, id_: str) -> bool:
        return id_ in self.here or id_ in self.left

    def onto(self, before: Iterable[str]) -> set[str]:
        """What a snapshot that held `before` holds with it."""
        return set(before) - self.left | self.here
