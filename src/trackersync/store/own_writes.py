"""How to recognise our own writes when the issues come back as updated."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from trackersync.change import OwnWrite
from trackersync.model import IssueKey, IssueRef
from trackersync.store.database import Database
from trackersync.store.tables import OWN_WRITE


def load(database: Database) -> dict[IssueKey, OwnWrite]:
    """See `Store.own_writes`."""
    ref = (OWN_WRITE.c.tracker, OWN_WRITE.c.connector, OWN_WRITE.c.issue, OWN_WRITE.c.key)
    query = sa.select(*ref, OWN_WRITE.c.updated_at, OWN_WRITE.c.active_at)
    with database.read() as connection:
        return {
            (tracker, issue): OwnWrite(IssueRef(tracker, connector, issue, key), updated_at, active_at)
            for tracker, connector, issue, key, updated_at, active_at in connection.execute(query).all()
        }


def save(database: Database, writes: Iterable[OwnWrite]) -> None:
    """See `Store.save_own_writes`."""
    rows = [
        {"tracker": write.ref.tracker, "issue": write.ref.id, "connector": write.ref.connector,
         "key": write.ref.key, "updated_at": write.updated_at, "active_at": write.active_at}
        for write in writes
    ]  # fmt: skip
    if not rows:
        return
    insert = database.insert(OWN_WRITE)
    replaced = {name: insert.excluded[name] for name in ("connector", "key", "updated_at", "active_at")}
    with database.write() as connection:
        connection.execute(
            insert.on_conflict_do_update(index_elements=[OWN_WRITE.c.tracker, OWN_WRITE.c.issue], set_=replaced), rows
        )
