"""Since when each human value stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from trackersync.change import FoundOverride
from trackersync.model import IssueKey
from trackersync.store.database import Database
from trackersync.store.tables import OVERRIDE


def note(
    database: Database, found: Sequence[FoundOverride], *, trackers: Sequence[str], at: datetime
) -> dict[FoundOverride, datetime]:
    """See `Store.note_overrides`."""
    o = OVERRIDE.c
    known = sa.select(o.tracker, o.issue, o.kind, o.name, o.found, o.first_seen).where(o.tracker.in_(trackers))
    with database.write() as connection:
        since = {tuple(where): (value, first_seen) for *where, value, first_seen in connection.execute(known)}
        first_seen = {override: _since(override, since, at) for override in found}
        connection.execute(sa.delete(OVERRIDE).where(o.tracker.in_(trackers)))
        if first_seen:
            connection.execute(sa.insert(OVERRIDE), [_row(override, seen) for override, seen in first_seen.items()])
    return first_seen


def moved_by_hand(database: Database) -> frozenset[IssueKey]:
    """See `Store.moved_by_hand`."""
    moved = sa.select(OVERRIDE.c.tracker, OVERRIDE.c.issue).where(OVERRIDE.c.kind == "order")
    with database.read() as connection:
        return frozenset((tracker, issue) for tracker, issue in connection.execute(moved))


def _row(override: FoundOverride, first_seen: datetime) -> dict[str, object]:
    tracker, issue, kind, name = _place(override)
    return {"tracker": tracker, "issue": issue, "kind": kind, "name": name,
            "found": override.found, "first_seen": first_seen}  # fmt: skip


def _place(override: FoundOverride) -> tuple[str, str, str, str]:
    return (override.ref.tracker, override.ref.id, override.target.kind, override.target.name)


def _since(override: FoundOverride, known: dict[tuple[str, ...], tuple[object, datetime]], at: datetime) -> datetime:
    value, first_seen = known.get(_place(override), (None, at))
    return first_seen if value == override.found else at
