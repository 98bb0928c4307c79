"""All that a report tells, gathered once and rendered in several forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from trackersync.change import KnownOverride, Outcome
from trackersync.model import Issue, IssueKey, IssueRef, SnapshotInfo, Standing
from trackersync.plan.policy import Capacity, Overrides

if TYPE_CHECKING:
    from trackersync.scoring.accounts import Account, Axes
    from trackersync.scoring.corrections import Corrected
    from trackersync.scoring.engine import Ranking, Scored
    from trackersync.scoring.rules import Rules
    from trackersync.store import FailedRead, Movement, Place, RunInfo


class Roadmap(Struct, frozen=True):
    """The ranked list cut by what the team gets done."""

    capacity: Capacity
    horizons: Sequence[str]
    """Of every ranked issue, first to last: `now`, `next` or `later`."""


class TrackerHealth(Struct, frozen=True, kw_only=True):
    """What is known of one tracker's issues."""

    name: str
    connector: str
    snapshot: SnapshotInfo | None
    """None: it was never read."""
    unread: Sequence[str]
    """Fields that the rules use and that it was read without."""
    failed: FailedRead | None
    """Why the last read did not come to its end; None where it did."""


class Run(Struct, frozen=True):
    """One apply, with what it wrote as far as that is asked for."""

    info: RunInfo
    outcomes: Sequence[Outcome]


class Stay(Struct, frozen=True):
    """A time that an issue was in one band of the applied list."""

    band: str
    began: datetime
    ended: datetime


class Delivered(Struct, frozen=True):
    """An issue that was done since, and the bands that it was in until then, one after the other."""

    issue: Issue
    stays: Sequence[Stay]

    def band(self) -> str | None:
        """The one it was in last."""
        return self.stays[-1].band if self.stays else None

    def time_in(self, bands: Sequence[str]) -> list[tuple[str, timedelta]]:
        """How long it was in each of these, of those that it was in."""
        times = {band: timedelta() for band in bands}
        for stay in self.stays:
            if stay.band in times:
                times[stay.band] += stay.ended - stay.began
        return [(band, time) for band, time in times.items() if time]


class Contents(Struct, frozen=True, kw_only=True):
    """Everything about one list at one time."""

    made_at: datetime
    since: datetime | None
    """What moved and what was delivered is told since then; None: since `before_at`."""
    rules: Rules
    formula: str
    size: str
    """What efforts are measured by: the input or column."""
    ranking: Ranking
    accounts: Sequence[Account]
    """Of every ranked issue, first to last."""
    axes: Axes | None
    before: Mapping[IssueKey, Standing | Place]
    """The list as it was last applied; where that is the list of now, as it was before the last run that moved it."""
    before_at: datetime | None
    """When that was applied; None: there was none."""
    applied: bool
    """Whether the list of now was applied after it."""
    then: Mapping[IssueKey, Standing | Place]
    """The list as it was applied last at `since`; empty where that is not asked for."""
    movements: Mapping[IssueKey, Sequence[Movement]]
    """By issue its last moves, newest first, and the one before them, where there is one: they are told against it."""
    moves_told: int
    """Moves of one issue that are told."""
    roadmap: Roadmap | None
    overrides: Sequence[KnownOverride]
    policy: Overrides
    corrected: Sequence[Corrected]
    runs: Sequence[Run]
    """Newest first."""
    delivered: Sequence[Delivered]
    trackers: Sequence[TrackerHealth]
    label_prefixes: Mapping[str, str]
    """By tracker what our own labels begin with: the band is told already."""
    refs: Mapping[IssueKey, IssueRef]
    """The issues that changes tell of, for places: they are told by the neighbour."""

    def reasoned(self) -> Ranking:
        """The ranking with the two strongest steps of every issue."""
        from trackersync.scoring.steps import strongest_of

        pairs = zip(self.ranking.ranked, self.accounts, strict=True)
        ranked = (replace(entry, why=strongest_of(told.steps[: told.reasons])) for entry, told in pairs)
        return replace(self.ranking, ranked=tuple(ranked))

    def horizons(self) -> Sequence[str | None]:
        """Of every ranked issue, first to last, when its turn is; None where the rules name no capacity."""
        return self.roadmap.horizons if self.roadmap else [None] * len(self.ranking.ranked)

    def moved_when(self) -> str | None:
        """Since when movements are told, in words; None where there was no list before."""
        if self.since:
            return f"since {self.since:%Y-%m-%d}"
        return None if self.before_at is None else "in the last run" if self.applied else "since the last run"

    def was(self, entry: Scored) -> Standing | Place | None:
        """Where an issue stood at `since`, else `before`; None: in no list."""
        return (self.then if self.since else self.before).get(entry.issue.ref.issue_key)

    def moved(self, entry: Scored) -> int | None:
        """How many places it rose since then, below 0 where it fell; None: it is new."""
        was = self.was(entry)
        return None if was is None else was.rank - entry.rank
