"""What is about to be written, noted before it is sent: a process that dies in between leaves a trace of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from trackersync.change import Change, Outcome, Status, WriteTarget
from trackersync.model import IssueRef
from trackersync.store.database import Database
from trackersync.store.tables import IN_FLIGHT


class InFlight(Struct, frozen=True):
    """A change that `run` was about to send at `at`; whether it arrived is not known."""

    run: str
    change: Change
    at: datetime
    answered: bool = False
    """The tracker said that it took the value, which was to be read again."""


def note(database: Database, run: str, changes: Sequence[Change], *, at: datetime) -> None:
    """See `Store.note_in_flight`."""
    if not changes:
        return
    rows = [_place(run, change) | _content(change, at) for change in changes]
    with database.write() as connection:
        connection.execute(database.insert(IN_FLIGHT).on_conflict_do_nothing(), rows)


def answered(database: Database, run: str, changes: Sequence[Change]) -> None:
    """See `Store.note_answered`."""
    with database.write_quickly() as connection:
        _for_each(connection, sa.update(IN_FLIGHT).values(answered=True), run, changes)


def load(database: Database, trackers: Collection[str]) -> list[InFlight]:
    """See `Store.in_flight`."""
    where = sa.select(IN_FLIGHT).where(IN_FLIGHT.c.tracker.in_(trackers))
    with database.read() as connection:
        rows = connection.execute(where.order_by(*IN_FLIGHT.primary_key)).all()
    return [
        InFlight(
            row.run,
            Change(
                ref=IssueRef(row.tracker, row.connector, row.issue, row.key),
                target=WriteTarget(row.kind, row.name),
                before=row.before,
                after=row.after,
                reason=row.reason,
            ),
            row.at,
            row.answered,
        )
        for row in rows
    ]


def landed(connection: sa.Connection, run: str, outcomes: Sequence[Outcome]) -> None:
    """Forget those whose outcome is known; within the transaction that enters it in the ledger."""
    known = [outcome.change for outcome in outcomes if outcome.status is not Status.UNKNOWN]
    if known:
        _for_each(connection, sa.delete(IN_FLIGHT), run, known)


def _for_each(connection: sa.Connection, statement: sa.Update | sa.Delete, run: str, changes: Sequence[Change]) -> None:
    places = [_place(run, change) for change in changes]
    mine = sa.and_(*(IN_FLIGHT.c[name] == sa.bindparam(f"of_{name}") for name in places[0]))
    parameters = [{f"of_{name}": value for name, value in place.items()} for place in places]
    connection.execute(statement.where(mine), parameters)


def _place(run: str, change: Change) -> dict[str, str]:
    target = change.target
    return {"run": run, "tracker": change.ref.tracker, "issue": change.ref.id, "kind": target.kind, "name": target.name}


def _content(change: Change, at: datetime) -> dict[str, object]:
    return {"connector": change.ref.connector, "key": change.ref.key, "before": change.before, "after": change.after,
            "reason": change.reason, "at": at}  # fmt: skip
