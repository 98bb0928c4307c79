"""Human values: since when each stands, and which may be written over.

Each overrides one write of ours, known by its number in the ledger. Once we wrote the place again, whatever is found
there then is a new override, even if it is the same value.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from trackersync.change import FoundOverride, KnownOverride, WriteTarget
from trackersync.model import IssueKey, IssueRef
from trackersync.store import ledger
from trackersync.store.database import Database
from trackersync.store.tables import OVERRIDE, JsonValue

_Place = tuple[str, str, str, str]


def note(
    database: Database, found: Sequence[FoundOverride], *, trackers: Sequence[str], at: datetime
) -> list[KnownOverride]:
    """See `Store.note_overrides`."""
    with database.write() as connection:
        rows = connection.execute(sa.select(OVERRIDE).where(OVERRIDE.c.tracker.in_(trackers))).all()
        remembered = {(row.tracker, row.issue, row.kind, row.name): row for row in rows}
        writes = ledger.last_seqs(connection) if found else {}
        known = [_known(each, remembered.get(_place(each)), writes, at) for each in found]
        connection.execute(sa.delete(OVERRIDE).where(OVERRIDE.c.tracker.in_(trackers)))
        if known:
            connection.execute(sa.insert(OVERRIDE), [_row(each, writes) for each in known])
    return known


def add(database: Database, override: FoundOverride, *, at: datetime) -> None:
    """See `Store.add_override`."""
    with database.write() as connection:
        row = _row(KnownOverride(override, at), ledger.last_seqs(connection, override.ref.issue_key))
        insert = database.insert(OVERRIDE).values(**row)
        connection.execute(insert.on_conflict_do_update(index_elements=list(OVERRIDE.primary_key), set_=row))


def moved_by_hand(database: Database) -> frozenset[IssueKey]:
    """See `Store.moved_by_hand`."""
    moved = sa.select(OVERRIDE.c.tracker, OVERRIDE.c.issue).where(OVERRIDE.c.kind == "order")
    with database.read() as connection:
        return frozenset((tracker, issue) for tracker, issue in connection.execute(moved))


def load(database: Database) -> list[KnownOverride]:
    """See `Store.overrides`."""
    query = sa.select(OVERRIDE).where(OVERRIDE.c.key.is_not(None))
    place = (OVERRIDE.c.tracker, OVERRIDE.c.issue, OVERRIDE.c.kind, OVERRIDE.c.name)
    with database.read() as connection:
        rows = connection.execute(query.order_by(*place)).all()
        writes = ledger.last_seqs(connection) if rows else {}
    return [
        KnownOverride(_override(row), row.first_seen, row.released_at)
        for row in rows
        if row.ledger_seq == writes.get((row.tracker, row.issue, row.kind, row.name))
    ]


def release(database: Database, overrides: Sequence[FoundOverride], *, at: datetime) -> None:
    """See `Store.release_overrides`."""
    with database.write() as connection:
        for override in overrides:
            values = dict(zip(("tracker", "issue", "kind", "name"), _place(override), strict=True))
            here = sa.and_(*(OVERRIDE.c[name] == value for name, value in values.items()))
            # A value that was cleared is the JSON null, which a comparison with None would not look for.
            same = OVERRIDE.c.found == sa.literal(override.found, JsonValue())
            connection.execute(sa.update(OVERRIDE).where(here, same).values(released_at=at))


def _known(override: FoundOverride, row: sa.Row[Any] | None, writes: dict[_Place, int], at: datetime) -> KnownOverride:
    if row is None or row.ledger_seq != writes.get(_place(override)) or not _is_same(override, row.found):
        return KnownOverride(override, at)
    return KnownOverride(override, row.first_seen, row.released_at)


def _is_same(override: FoundOverride, before: object) -> bool:
    """A place is told by the neighbour, who may be another without anybody having moved the issue again."""
    return override.target.kind == "order" or override.found == before


def _row(known: KnownOverride, writes: dict[_Place, int]) -> dict[str, object]:
    override = known.override
    tracker, issue, kind, name = place = _place(override)
    return {"tracker": tracker, "issue": issue, "kind": kind, "name": name, "connector": override.ref.connector,
            "key": override.ref.key, "wrote": override.wrote, "found": override.found, "first_seen": known.since,
            "ledger_seq": writes.get(place), "released_at": known.released_at}  # fmt: skip


def _override(row: sa.Row[Any]) -> FoundOverride:
    ref = IssueRef(row.tracker, row.connector, row.issue, row.key)
    return FoundOverride(ref, WriteTarget(row.kind, row.name), row.wrote, row.found)


def _place(override: FoundOverride) -> _Place:
    return (override.ref.tracker, override.ref.id, override.target.kind, override.target.name)
