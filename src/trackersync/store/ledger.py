"""Runs, and the ledger of all they wrote: only ever added to."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from trackersync.change import Change, Outcome, Status, WriteTarget
from trackersync.errors import StoreError
from trackersync.model import IssueKey, IssueRef, Value
from trackersync.store import in_flight
from trackersync.store.database import Database
from trackersync.store.tables import IN_FLIGHT, LEDGER, RUN

_OURS = (Status.APPLIED, Status.UNCHANGED)
"""After these the value on the issue is the one we wanted."""
_PLACE = (LEDGER.c.tracker, LEDGER.c.issue, LEDGER.c.kind, LEDGER.c.name)


class RunInfo(Struct, frozen=True, kw_only=True):
    """One run as the ledger knows it."""

    id: str
    at: datetime
    """When it began, UTC."""
    plan_digest: str
    allowed: tuple[str, ...]
    """The guards that were allowed by name for this run."""
    finished_at: datetime | None
    """None while it runs, or where it was cut off."""
    status: str | None
    """How it ended, in the word given at the end; None with `finished_at`."""
    by: str | None
    """Who had it done; None where that is not known."""
    outcomes: Mapping[Status, int]
    """How many changes ended how; a status that never came is absent."""


class Entry(Struct, frozen=True):
    """What became of one change of `run`, as it was recorded at `at`."""

    run: str
    at: datetime
    outcome: Outcome


def begin(database: Database, *, at: datetime, plan_digest: str, allowed: Sequence[str], by: str | None) -> str:
    """See `Store.begin_run`."""
    while True:
        run = f"{at.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        row = {"id": run, "at": at, "plan_digest": plan_digest, "allowed": tuple(allowed), "applied_by": by}
        insert = database.insert(RUN).values(row).on_conflict_do_nothing(index_elements=[RUN.c.id])
        with database.write() as connection:
            # What is returned tells whether the name was free; row counts of such an insert differ by database.
            if connection.scalar(insert.returning(RUN.c.id)) is not None:
                return run


def finish(database: Database, run: str, *, at: datetime, status: str) -> None:
    """See `Store.finish_run`."""
    with database.write() as connection:
        result = connection.execute(sa.update(RUN).where(RUN.c.id == run).values(finished_at=at, status=status))
    if not result.rowcount:
        raise _unknown(run)


def record(database: Database, run: str, outcomes: Sequence[Outcome], *, at: datetime, quickly: bool = False) -> None:
    """See `Store.record` and `Store.record_answer`."""
    if not outcomes:
        return
    with database.write_quickly() if quickly else database.write() as connection:
        _require(connection, run)
        connection.execute(sa.insert(LEDGER), [_row(run, outcome, at) for outcome in outcomes])
        in_flight.landed(connection, run, outcomes)


def runs(database: Database, limit: int | None) -> list[RunInfo]:
    """See `Store.runs`."""
    # By the order of entry: the clock may have been set back in between.
    newest = sa.select(RUN).order_by(RUN.c.seq.desc()).limit(limit)
    per_status = sa.select(LEDGER.c.run, LEDGER.c.status, sa.func.count()).group_by(LEDGER.c.run, LEDGER.c.status)
    if limit is not None:
        per_status = per_status.where(LEDGER.c.run.in_(sa.select(newest.subquery().c.id)))
    with database.read() as connection:
        counts: dict[str, dict[Status, int]] = {}
        for run, status, count in connection.execute(per_status):
            counts.setdefault(run, {})[Status(status)] = count
        rows = connection.execute(newest).all()
    return [
        RunInfo(id=row.id, at=row.at, plan_digest=row.plan_digest, allowed=row.allowed, finished_at=row.finished_at,
                status=row.status, outcomes=counts.get(row.id, {}), by=row.applied_by)
        for row in rows
    ]  # fmt: skip


def outcomes(database: Database, run: str, limit: int | None) -> list[Outcome]:
    """See `Store.outcomes`."""
    query = sa.select(LEDGER).where(LEDGER.c.run == run).order_by(LEDGER.c.seq).limit(limit)
    with database.read() as connection:
        _require(connection, run)
        rows = connection.execute(query).all()
    return [_outcome(row) for row in rows]


def entries(database: Database, issue: IssueKey) -> list[Entry]:
    """See `Store.entries`."""
    mine = (LEDGER.c.tracker == issue[0]) & (LEDGER.c.issue == issue[1])
    with database.read() as connection:
        rows = connection.execute(sa.select(LEDGER).where(mine).order_by(LEDGER.c.seq.desc())).all()
    return [Entry(row.run, row.at, _outcome(row)) for row in rows]


def refs(database: Database) -> list[IssueRef]:
    """See `Store.refs_written`."""
    latest = sa.select(sa.func.max(LEDGER.c.seq)).group_by(LEDGER.c.tracker, LEDGER.c.issue)
    ref = (LEDGER.c.tracker, LEDGER.c.connector, LEDGER.c.issue, LEDGER.c.key)
    with database.read() as connection:
        return [IssueRef(*row) for row in connection.execute(sa.select(*ref).where(LEDGER.c.seq.in_(latest)))]


def since_plan(database: Database, plan_digest: str) -> list[tuple[str, Outcome]]:
    """See `Store.outcomes_since`."""
    of_plan = sa.select(sa.func.min(LEDGER.c.seq)).join(RUN, RUN.c.id == LEDGER.c.run)
    first = of_plan.where(RUN.c.plan_digest == plan_digest).scalar_subquery()
    # By the order of entry: the clock may have been set back in between.
    query = sa.select(LEDGER, RUN.c.plan_digest).join(RUN, RUN.c.id == LEDGER.c.run).where(LEDGER.c.seq >= first)
    with database.read() as connection:
        rows = connection.execute(query.order_by(LEDGER.c.seq)).all()
    return [(row.plan_digest, _outcome(row)) for row in rows]


def written(database: Database) -> dict[tuple[IssueKey, str], Value]:
    """See `Store.written`."""
    return _last(database, LEDGER.c.after, _OURS)


def last_runs(database: Database) -> dict[tuple[IssueKey, str], str]:
    """See `Store.last_runs`."""
    return _last(database, LEDGER.c.run, (Status.APPLIED,))


def _last(database: Database, column: sa.Column[Any], after: Sequence[Status]) -> dict[tuple[IssueKey, str], Any]:
    latest = sa.select(sa.func.max(LEDGER.c.seq)).where(LEDGER.c.status.in_(after)).group_by(*_PLACE)
    query = sa.select(*_PLACE, column).where(LEDGER.c.seq.in_(latest))
    with database.read() as connection:
        return {
            ((tracker, issue), str(WriteTarget(kind, name))): value
            for tracker, issue, kind, name, value in connection.execute(query).all()
        }


def last_seqs(connection: sa.Connection, issue: IssueKey | None = None) -> dict[tuple[str, str, str, str], int]:
    """By tracker, issue, kind and name of the target, the number of our last write, on one issue or all."""
    query = sa.select(*_PLACE, sa.func.max(LEDGER.c.seq)).where(LEDGER.c.status.in_(_OURS)).group_by(*_PLACE)
    if issue is not None:
        query = query.where(LEDGER.c.tracker == issue[0], LEDGER.c.issue == issue[1])
    return {(tracker, issue, kind, name): seq for tracker, issue, kind, name, seq in connection.execute(query)}


def last_writes(database: Database) -> dict[str, datetime]:
    """See `Store.last_writes`."""
    sent = sa.union_all(*(sa.select(table.c.tracker, table.c.at) for table in (LEDGER, IN_FLIGHT))).subquery()
    query = sa.select(sent.c.tracker, sa.func.max(sent.c.at).label("at")).group_by(sent.c.tracker)
    with database.read() as connection:
        return {row.tracker: row.at for row in connection.execute(query)}


def _require(connection: sa.Connection, run: str) -> None:
    if connection.scalar(sa.select(RUN.c.id).where(RUN.c.id == run)) is None:
        raise _unknown(run)


def _unknown(run: str) -> StoreError:
    return StoreError(f"no run {run} in the ledger", hint="see all runs with: trackersync history")


def _row(run: str, outcome: Outcome, at: datetime) -> dict[str, Any]:
    change = outcome.change
    return {
        "run": run, "tracker": change.ref.tracker, "issue": change.ref.id, "connector": change.ref.connector,
        "key": change.ref.key, "kind": change.target.kind, "name": change.target.name, "before": change.before,
        "after": change.after, "status": outcome.status, "detail": outcome.detail, "reason": change.reason, "at": at,
    }  # fmt: skip


def _outcome(row: sa.Row[Any]) -> Outcome:
    ref = IssueRef(row.tracker, row.connector, row.issue, row.key)
    target = WriteTarget(row.kind, row.name)
    change = Change(ref=ref, target=target, before=row.before, after=row.after, reason=row.reason)
    return Outcome(change, Status(row.status), row.detail)
