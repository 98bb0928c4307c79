"""What trackersync remembers: snapshots, the ledger of its writes, standings and overrides. SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Self

from trackersync.change import Change, FoundOverride, KnownOverride, Outcome, OwnWrite
from trackersync.model import Delta, Issue, IssueKey, IssueRef, SnapshotInfo, Standing, Value
from trackersync.store import (
    in_flight,
    ledger,
    locks,
    migration,
    movements,
    overrides,
    own_writes,
    reads,
    snapshots,
    spending,
    standings,
)
from trackersync.store.database import Database, parse_url
from trackersync.store.in_flight import InFlight
from trackersync.store.ledger import Entry, RunInfo
from trackersync.store.movements import Movement, Place
from trackersync.store.reads import FailedRead
from trackersync.store.snapshots import Accept, Cursor, LookedAtAll, Update
from trackersync.transport.allowance import Rate, UsedUp

__all__ = [
    "Accept",
    "Cursor",
    "Entry",
    "FailedRead",
    "InFlight",
    "LookedAtAll",
    "Movement",
    "Place",
    "RunInfo",
    "Store",
    "Update",
]


class Store:
    """One open store; use it as a context manager, from as many threads as you like.

    Every method raises `StoreError`, with one line of reason and a hint, when the database says no. What a method
    wrote is committed durably when it returns. All datetimes are aware, and come back in UTC.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the store at `sqlite:///PATH` or `postgresql://…`; create or upgrade its tables where needed.

        A relative path is taken from the working directory. `StoreError` for a URL that cannot be understood, a
        database that cannot be reached, and a store made by a newer version; no message ever shows the password.
        """
        database = Database(parse_url(url))
        try:
            migration.migrate(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; may be called twice."""
        self._database.close()

    def lock(self, name: str, *, wait: float = 0) -> AbstractContextManager[None]:
        """Hold this store's lock `name` (`sync`) against every other process and thread while in the `with` block.

        `StoreError` naming the holder's process id, and since when, when it is not free within `wait` seconds. The lock
        ends with the process, however that ends. Not reentrant.
        """
        return locks.lock(self._database, name, wait=wait)

    def replace_snapshot(
        self,
        tracker: str,
        identity: str,
        pages: Iterable[Sequence[Issue]],
        *,
        taken_at: datetime,
        accept: Accept,
        cursor: Cursor = lambda: None,
    ) -> SnapshotInfo:
        """Make the issues of all pages the tracker's snapshot, all of them or, on any exception or kill, none.

        Pages are consumed lazily and stored a few at a time; of an issue that comes twice the last counts. Then
        `accept(previous, new_count)` may refuse by raising. Until the end, readers see the previous snapshot, and
        nobody is blocked but another pull of the same tracker, which is a `StoreError`. `cursor` is asked at the end.
        """
        return snapshots.replace(
            self._database, tracker, identity, pages, taken_at=taken_at, accept=accept, cursor=cursor
        )

    def update_snapshot(
        self,
        tracker: str,
        deltas: Iterable[Delta],
        *,
        taken_at: datetime,
        accept: Accept,
        cursor: Cursor,
        looked_at_all: LookedAtAll = lambda: False,
    ) -> Update:
        """Bring the tracker's snapshot up to date, all of it or, on any exception or kill, not at all.

        What a delta holds replaces the issue of the same id, or is new; what left is taken out. Of an issue that comes
        twice the last counts. `accept` and `cursor` as in `replace_snapshot`; `looked_at_all` is asked at the end and,
        where it was, moves `whole_at`. `StoreError` without a snapshot.
        """
        return snapshots.update(
            self._database,
            tracker,
            deltas,
            taken_at=taken_at,
            accept=accept,
            cursor=cursor,
            looked_at_all=looked_at_all,
        )

    def snapshot(self, tracker: str) -> SnapshotInfo | None:
        """What is known of the tracker's snapshot; None before the first."""
        return snapshots.info(self._database, tracker)

    def forget_cursor(self, tracker: str) -> None:
        """Have the next read begin anew: something changed that no touch of an issue tells."""
        snapshots.forget_cursor(self._database, tracker)

    def refs(self, tracker: str) -> list[IssueRef]:
        """The refs of the snapshot's issues, in the order of their ids."""
        return snapshots.refs(self._database, tracker)

    def on_board(self, tracker: str) -> list[str]:
        """The ids of the snapshot's issues that are on the tracker's board, in the tracker's own order."""
        return snapshots.on_board(self._database, tracker)

    def issues(self, trackers: Sequence[str], *, bodies: bool = False) -> list[Issue]:
        """The snapshots' issues in the order of `trackers`, then of their ids; a tracker without one adds none.

        Their bodies, which are most of what is stored, are left empty unless asked for.
        """
        return snapshots.issues(self._database, trackers, bodies=bodies)

    def issues_as_left(self, trackers: Sequence[str]) -> list[Issue]:
        """The same without bodies, and with our own writes taken out of `updated_at`: as people left the issues.

        An issue is idle since a person last touched it, not since we wrote its label.
        """
        return snapshots.issues_as_left(self._database, trackers)

    def keep_done(self, issues: Iterable[Issue]) -> None:
        """Keep these, which were done when they left the snapshot, in place of what was kept of them."""
        reads.keep_done(self._database, issues)

    def done(self, trackers: Sequence[str], *, since: datetime | None = None) -> list[Issue]:
        """What was kept as done of these trackers, without bodies; with `since`, what was closed later."""
        return reads.done(self._database, trackers, since)

    def note_read(self, tracker: str, *, at: datetime, error: str | None) -> None:
        """Remember whether the tracker's last read came to its end, or why not."""
        reads.note_read(self._database, tracker, at=at, error=error)

    def failed_reads(self) -> Mapping[str, FailedRead]:
        """By tracker why its last read failed, of those whose did."""
        return reads.failed_reads(self._database)

    def begin_run(self, *, at: datetime, plan_digest: str, allowed: Sequence[str], by: str | None = None) -> str:
        """Enter a new run and return its unique id, `20261122-221503-3fa2`, which sorts by the time it began, UTC.

        `by` is who has it done, as far as that is known.
        """
        return ledger.begin(self._database, at=at, plan_digest=plan_digest, allowed=allowed, by=by)

    def note_in_flight(self, run: str, changes: Sequence[Change], *, at: datetime) -> None:
        """Note what is about to be sent, durably, so that it is known even if the outcome is never recorded."""
        in_flight.note(self._database, run, changes, at=at)

    def note_answered(self, run: str, changes: Sequence[Change]) -> None:
        """Note that the tracker took these: whatever else is found there later was put there after them.

        This survives the process; if a loss of power takes it, they are still known to be in flight.
        """
        in_flight.answered(self._database, run, changes)

    def in_flight(self, trackers: Collection[str]) -> list[InFlight]:
        """What was about to be sent to these trackers and has no outcome, or `UNKNOWN`."""
        return in_flight.load(self._database, trackers)

    def record(self, run: str, outcomes: Sequence[Outcome], *, at: datetime) -> None:
        """Add what became of changes to the ledger, for good; `StoreError` where the run was never begun.

        Whatever is then known is no longer in flight.
        """
        ledger.record(self._database, run, outcomes, at=at)

    def record_answer(self, run: str, outcome: Outcome, *, at: datetime) -> None:
        """The same for a single answer, which survives a loss of power only with whatever is written next.

        If that takes it, the change is in flight again.
        """
        ledger.record(self._database, run, [outcome], at=at, quickly=True)

    def finish_run(self, run: str, *, at: datetime, status: str) -> None:
        """Note how and when the run ended; a run that never got here was cut off."""
        ledger.finish(self._database, run, at=at, status=status)

    def runs(self, limit: int | None = None) -> list[RunInfo]:
        """The runs, newest first: all of them, or so many."""
        return ledger.runs(self._database, limit)

    def outcomes(self, run: str, limit: int | None = None) -> list[Outcome]:
        """All that was recorded of one run, in order, or the first so many; `StoreError` where there is no such run."""
        return ledger.outcomes(self._database, run, limit)

    def entries(self, issue: IssueKey) -> list[Entry]:
        """All that was ever recorded of one issue, newest first."""
        return ledger.entries(self._database, issue)

    def refs_written(self) -> list[IssueRef]:
        """The issues that the ledger knows, as they were last called."""
        return ledger.refs(self._database)

    def last_runs(self) -> Mapping[tuple[IssueKey, str], str]:
        """By issue and `str(target)` the run that wrote there last."""
        return ledger.last_runs(self._database)

    def outcomes_since(self, plan_digest: str) -> list[tuple[str, Outcome]]:
        """All that was recorded since this plan was first applied, oldest first, each with the digest of its plan."""
        return ledger.since_plan(self._database, plan_digest)

    def written(self) -> Mapping[tuple[IssueKey, str], Value]:
        """By issue and `str(target)` the last value that is ours: written by us, or found already as we wanted it."""
        return ledger.written(self._database)

    def last_writes(self) -> Mapping[str, datetime]:
        """By tracker when a write was last about to be sent or its outcome recorded; absent where none ever was."""
        return ledger.last_writes(self._database)

    def standings(self) -> Mapping[IssueKey, Standing]:
        """The list as last applied, first rank first."""
        return standings.load(self._database)

    def bands(self) -> Mapping[IssueKey, str]:
        """The band of every issue in the list as last applied."""
        return standings.bands(self._database)

    def bands_before(self, run: str) -> Mapping[IssueKey, str | None]:
        """The bands that only this run changed, as they were before it; None: the issue was not in the list."""
        return standings.bands_before(self._database, run)

    def save_standings(self, trackers: Sequence[str], standings_: Iterable[Standing], *, run: str) -> None:
        """Replace the kept standings of these trackers by the given ones, all at once.

        The bands that differ from those before the run are remembered as they were.
        """
        standings.save(self._database, trackers, standings_, run=run)

    def note_movements(self, trackers: Sequence[str], standings_: Iterable[Standing], *, run: str) -> None:
        """Note, before the run saves them as its standings, which of these moved, and what left the list.

        Those moved that have another score or band than when they were noted last, or a rank that is another by a tenth
        of itself or more. Once in a run.
        """
        movements.note(self._database, trackers, standings_, run=run)

    def movements(self, issues: Iterable[IssueKey]) -> dict[IssueKey, list[Movement]]:
        """Where each of these issues came to stand in the runs that moved it, newest first; absent: in none."""
        return movements.load(self._database, issues)

    def last_movements(self, most: int) -> dict[IssueKey, list[Movement]]:
        """The same of every issue of the snapshots: of each the newest so many."""
        return movements.load_last(self._database, most)

    def places_at(self, trackers: Sequence[str], moment: datetime | None = None) -> dict[IssueKey, Place]:
        """Where each issue of these trackers stood in the list of the last run until then, or of all; first to last.

        Also those whose write then failed. Ranks are exact among different scores; among issues that share one, they
        may have been others by about a tenth.
        """
        return movements.places_at(self._database, trackers, moment)

    def places_before(self, trackers: Sequence[str]) -> tuple[datetime | None, dict[IssueKey, Place]]:
        """The same of the list before the last run that changed it, and when that was applied; None where none was."""
        return movements.places_before(self._database, trackers)

    def own_writes(self) -> Mapping[IssueKey, OwnWrite]:
        """Our own last write to each issue, as the tracker dated it."""
        return own_writes.load(self._database)

    def save_own_writes(self, writes: Iterable[OwnWrite]) -> None:
        """Remember these, in place of what was known of the same issues."""
        own_writes.save(self._database, writes)

    def note_overrides(
        self, found: Sequence[FoundOverride], *, trackers: Sequence[str], at: datetime
    ) -> list[KnownOverride]:
        """Remember the human values found on these trackers; since when each stands, `at` for a new or changed one.

        What is no longer found there is forgotten, so that the same value set again counts as new; so does one that is
        found again after we wrote over it. An issue moved by hand stays so for as long as it is found out of order.
        `found` may only name issues of `trackers`.
        """
        return overrides.note(self._database, found, trackers=trackers, at=at)

    def add_override(self, override: FoundOverride, *, at: datetime) -> None:
        """Remember a human value that was met where it could not be seen before."""
        overrides.add(self._database, override, at=at)

    def moved_by_hand(self) -> frozenset[IssueKey]:
        """The issues that were last noted to stand where somebody put them."""
        return overrides.moved_by_hand(self._database)

    def overrides(self) -> list[KnownOverride]:
        """The human values as last noted, without those that we wrote over since."""
        return overrides.load(self._database)

    def release_overrides(self, released: Sequence[FoundOverride], *, at: datetime) -> None:
        """Remember of these human values, as they are now, that they may be written over."""
        overrides.release(self._database, released, at=at)

    def take_request(self, tracker: str, rate: Rate, at: datetime) -> UsedUp | None:
        """Count a request to this tracker, unless as many as the rate allows were counted in the period before `at`.

        All processes on this store together never take more; what is told is when there is room again.
        """
        return spending.take(self._database, tracker, rate, at=at)
