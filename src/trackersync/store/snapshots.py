"""Snapshots: staged page by page under a new generation, then made to count in one step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime

import msgspec
import sqlalchemy as sa

from trackersync.errors import StoreError
from trackersync.model import Issue, SnapshotInfo
from trackersync.store import payload
from trackersync.store.database import Database
from trackersync.store.locks import lock
from trackersync.store.tables import ISSUE, SNAPSHOT

Accept = Callable[[SnapshotInfo | None, int], None]
"""Called with the last snapshot and the new count; whatever it raises keeps the last snapshot."""

_STREAM = {"yield_per": 500}
"""So that encoded and decoded issues are never all in memory at once."""


def replace(
    database: Database, tracker: str, identity: str, pages: Iterable[Sequence[Issue]], *, taken_at: datetime,
    accept: Accept,
) -> SnapshotInfo:  # fmt: skip
    """See `Store.replace_snapshot`."""
    # The lock makes sure that every generation but the one that counts is a dead process's leftover.
    with lock(database, f"pull of {tracker}"):
        _sweep(database, tracker)
        try:
            generation = _generation(database, tracker) + 1
            for page in pages:
                _stage(database, tracker, generation, page)
            count = _count(database, tracker, generation)
            accept(info(database, tracker), count)
            new = SnapshotInfo(tracker, identity, taken_at, count)
            _flip(database, new, generation)
        finally:
            with suppress(StoreError):  # what stays behind costs room only, until the next pull
                _sweep(database, tracker)
    return new


def info(database: Database, tracker: str) -> SnapshotInfo | None:
    """See `Store.snapshot`."""
    columns = (SNAPSHOT.c.tracker, SNAPSHOT.c.identity, SNAPSHOT.c.taken_at, SNAPSHOT.c.count)
    with database.read() as connection:
        row = connection.execute(sa.select(*columns).where(SNAPSHOT.c.tracker == tracker)).one_or_none()
    return SnapshotInfo(*row) if row else None


def issues(database: Database, trackers: Sequence[str], *, bodies: bool) -> list[Issue]:
    """See `Store.issues`."""
    place = {tracker: number for number, tracker in enumerate(trackers)}
    columns = (ISSUE.c.payload, ISSUE.c.body) if bodies else (ISSUE.c.payload,)
    # One statement, so that a snapshot replaced meanwhile is seen either before or after, never half.
    query = (
        sa.select(*columns)
        .join(SNAPSHOT, (SNAPSHOT.c.tracker == ISSUE.c.tracker) & (SNAPSHOT.c.generation == ISSUE.c.generation))
        .where(SNAPSHOT.c.tracker.in_(place))
    )
    try:
        with database.read() as connection, connection.execute(query, execution_options=_STREAM) as rows:
            found = payload.decode_whole_issues(rows) if bodies else payload.decode_issues(rows.scalars())
    except msgspec.MsgspecError as error:
        raise StoreError(
            f"store {database.shown}: a stored issue cannot be read: {error}",
            hint="read it anew with `trackersync pull`",
        ) from error
    return sorted(found, key=lambda issue: (place[issue.ref.tracker], issue.ref.id))


def _stage(database: Database, tracker: str, generation: int, page: Sequence[Issue]) -> None:
    if not page:
        return
    insert = database.insert(ISSUE)
    replaced = {name: insert.excluded[name] for name in ("payload", "body")}
    insert = insert.on_conflict_do_update(index_elements=list(ISSUE.primary_key), set_=replaced)
    rows = [
        {"tracker": tracker, "generation": generation, "id": issue.ref.id,
         "payload": payload.encode_issue(issue), "body": payload.encode_body(issue)}
        for issue in page
    ]  # fmt: skip
    with database.write() as connection:
        connection.execute(insert, rows)


def _flip(database: Database, new: SnapshotInfo, generation: int) -> None:
    values = {"identity": new.identity, "generation": generation, "taken_at": new.taken_at, "count": new.count}
    insert = database.insert(SNAPSHOT).values(tracker=new.tracker, **values)
    with database.write() as connection:
        connection.execute(insert.on_conflict_do_update(index_elements=[SNAPSHOT.c.tracker], set_=values))


def _generation(database: Database, tracker: str) -> int:
    with database.read() as connection:
        return connection.scalar(sa.select(SNAPSHOT.c.generation).where(SNAPSHOT.c.tracker == tracker)) or 0


def _count(database: Database, tracker: str, generation: int) -> int:
    of_generation = (ISSUE.c.tracker == tracker) & (ISSUE.c.generation == generation)
    with database.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(ISSUE).where(of_generation)) or 0


def _sweep(database: Database, tracker: str) -> None:
    """Delete all issues of the tracker but those that count."""
    current = _generation(database, tracker)
    with database.write() as connection:
        connection.execute(sa.delete(ISSUE).where(ISSUE.c.tracker == tracker, ISSUE.c.generation != current))
