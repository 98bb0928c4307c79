"""What reads tell besides a snapshot: what was done when it left the selection, and why a read failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from trackersync.errors import StoreError
from trackersync.model import Issue
from trackersync.store import payload
from trackersync.store.database import Database
from trackersync.store.tables import DONE_ISSUE, FAILED_READ


class FailedRead(msgspec.Struct, frozen=True):
    """When the last read of a tracker failed, and why."""

    at: datetime
    error: str


def keep_done(database: Database, issues: Iterable[Issue]) -> None:
    """See `Store.keep_done`."""
    rows = [
        {"tracker": each.ref.tracker, "id": each.ref.id, "closed_at": each.closed_at or each.updated_at,
         "payload": payload.encode_issue(each)}
        for each in issues
    ]  # fmt: skip
    if rows:
        insert = database.insert(DONE_ISSUE)
        newer = {name: insert.excluded[name] for name in ("closed_at", "payload")}
        keys = list(DONE_ISSUE.primary_key)
        with database.write() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=newer), rows)


def done(database: Database, trackers: Sequence[str], since: datetime | None) -> list[Issue]:
    """See `Store.done`."""
    query = sa.select(DONE_ISSUE.c.payload).where(DONE_ISSUE.c.tracker.in_(trackers))
    if since is not None:
        query = query.where(DONE_ISSUE.c.closed_at > since)
    with database.read() as connection:
        payloads = connection.execute(query).scalars().all()
    try:
        return payload.decode_issues(payloads)
    except msgspec.MsgspecError as error:
        raise StoreError("an issue that was done is damaged in the store", hint="restore a backup") from error


def note_read(database: Database, tracker: str, *, at: datetime, error: str | None) -> None:
    """See `Store.note_read`."""
    with database.write_quickly() as connection:
        connection.execute(sa.delete(FAILED_READ).where(FAILED_READ.c.tracker == tracker))
        if error is not None:
            connection.execute(sa.insert(FAILED_READ).values(tracker=tracker, at=at, error=error))


def failed_reads(database: Database) -> Mapping[str, FailedRead]:
    """See `Store.failed_reads`."""
    query = sa.select(FAILED_READ.c.tracker, FAILED_READ.c.at, FAILED_READ.c.error)
    with database.read() as connection:
        return {tracker: FailedRead(at, error) for tracker, at, error in connection.execute(query)}
