"""Snapshots: staged page by page under a new generation, then made to count or merged into what counts, in one step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace as replace_values

from trackersync.errors import StoreError
from trackersync.model import Delta, Issue, IssueRef, SnapshotInfo
from trackersync.store import payload
from trackersync.store.database import Database
from trackersync.store.locks import lock
from trackersync.store.tables import ISSUE, OWN_WRITE, SNAPSHOT

Accept = Callable[[SnapshotInfo | None, int], None]
"""Called with the last snapshot and the new count; whatever it raises keeps the last snapshot."""

Cursor = Callable[[], str | None]
"""Asked once all has been read: where the next read may go on from."""

LookedAtAll = Callable[[], bool]
"""Asked once all has been read: whether that told of every issue, also of those that nobody touched."""


class Update(Struct, frozen=True):
    """What became of a snapshot that was brought up to date."""

    info: SnapshotInfo
    touched: int
    """How many issues are not as they were: changed, new or taken out; not what only came again."""


_AT_ONCE = 500
"""Ids that are named in one statement, and issues that are stored in one step."""
_STREAM = {"yield_per": 500}
_Part = TypeVar("_Part")
"""So that encoded and decoded issues are never all in memory at once."""


def replace(
    database: Database, tracker: str, identity: str, pages: Iterable[Sequence[Issue]], *, taken_at: datetime,
    accept: Accept, cursor: Cursor,
) -> SnapshotInfo:  # fmt: skip
    """See `Store.replace_snapshot`."""
    with _staging(database, tracker) as generation:
        _stage_all(database, tracker, generation, pages)
        count = _count(database, tracker, generation)
        accept(info(database, tracker), count)
        new = SnapshotInfo(tracker, identity, taken_at, count, cursor(), taken_at)
        with database.write() as connection:
            _flip(database, connection, new, generation)
    return new


def update(
    database: Database, tracker: str, deltas: Iterable[Delta], *, taken_at: datetime, accept: Accept, cursor: Cursor,
    looked_at_all: LookedAtAll,
) -> Update:  # fmt: skip
    """See `Store.update_snapshot`."""
    with _staging(database, tracker) as generation:
        left: set[str] = set()

        def named() -> Iterator[Sequence[Issue]]:
            for delta in deltas:
                left.update(delta.left)
                left.difference_update(issue.ref.id for issue in delta.issues)
                yield delta.issues

        _stage_all(database, tracker, generation, named())
        known = info(database, tracker)
        if known is None:
            raise StoreError(f"there is no snapshot of {tracker} to be brought up to date")
        with database.write() as connection:
            touched = _merge(connection, tracker, generation, sorted(left))
            count = _count_in(connection, tracker, generation - 1)
            accept(known, count)
            whole_at = taken_at if looked_at_all() else known.whole_at
            new = replace_values(known, taken_at=taken_at, count=count, cursor=cursor(), whole_at=whole_at)
            _flip(database, connection, new, generation - 1)
    return Update(new, touched)


@contextmanager
def _staging(database: Database, tracker: str) -> Iterator[int]:
    """A generation to stage issues under; whatever is left of it at the end is swept away."""
    # The lock makes sure that every generation but the one that counts is a dead process's leftover.
    with lock(database, f"pull of {tracker}"):
        _sweep(database, tracker)
        try:
            yield _generation(database, tracker) + 1
        finally:
            with suppress(StoreError):  # what stays behind costs room only, until the next pull
                _sweep(database, tracker)


def _merge(connection: sa.Connection, tracker: str, staged: int, left: Sequence[str]) -> int:
    """Put what is staged in the place of the same issues of the generation that counts, and take out what left.

    Returns how many issues that made a difference to.
    """
    here, there = ((ISSUE.c.tracker == tracker) & (ISSUE.c.generation == each) for each in (staged - 1, staged))
    batches = [left[start : start + _AT_ONCE] for start in range(0, len(left), _AT_ONCE)]
    for ids in batches:
        connection.execute(sa.delete(ISSUE).where(there, ISSUE.c.id.in_(ids)))
    touched = _count_where(connection, there) - _unaltered(connection, tracker, staged)
    connection.execute(sa.delete(ISSUE).where(here, ISSUE.c.id.in_(sa.select(ISSUE.c.id).where(there))))
    connection.execute(sa.update(ISSUE).where(there).values(generation=staged - 1))
    for ids in batches:
        touched += connection.execute(sa.delete(ISSUE).where(here, ISSUE.c.id.in_(ids))).rowcount
    return touched


def _unaltered(connection: sa.Connection, tracker: str, staged: int) -> int:
    """How many of the staged issues are what counts already, to the letter: reads overlap, and nothing was touched."""
    counting, coming = ISSUE.alias(), ISSUE.alias()
    same = (
        (counting.c.id == coming.c.id)
        & (counting.c.payload == coming.c.payload)
        & counting.c.body.is_not_distinct_from(coming.c.body)
    )
    query = sa.select(sa.func.count()).select_from(coming.join(counting, same)).where(
        coming.c.tracker == tracker, coming.c.generation == staged,
        counting.c.tracker == tracker, counting.c.generation == staged - 1,
    )  # fmt: skip
    return connection.scalar(query) or 0


def info(database: Database, tracker: str) -> SnapshotInfo | None:
    """See `Store.snapshot`."""
    columns = (SNAPSHOT.c.tracker, SNAPSHOT.c.identity, SNAPSHOT.c.taken_at, SNAPSHOT.c.count, SNAPSHOT.c.cursor,
               SNAPSHOT.c.whole_at)  # fmt: skip
    with database.read() as connection:
        row = connection.execute(sa.select(*columns).where(SNAPSHOT.c.tracker == tracker)).one_or_none()
    return SnapshotInfo(*row) if row else None


def forget_cursor(database: Database, tracker: str) -> None:
    """See `Store.forget_cursor`."""
    with database.write() as connection:
        connection.execute(sa.update(SNAPSHOT).where(SNAPSHOT.c.tracker == tracker).values(cursor=None))


def issues(database: Database, trackers: Sequence[str], *, bodies: bool) -> list[Issue]:
    """See `Store.issues`."""
    if bodies:
        return _read(database, trackers, sa.select(ISSUE.c.payload, ISSUE.c.body), payload.decode_whole_issues)
    return _read(database, trackers, sa.select(ISSUE.c.payload), lambda rows: payload.decode_issues(rows.scalars()))


def issues_as_left(database: Database, trackers: Sequence[str]) -> list[Issue]:
    """See `Store.issues_as_left`."""
    query = sa.select(ISSUE.c.payload, OWN_WRITE.c.updated_at, OWN_WRITE.c.active_at).outerjoin(
        OWN_WRITE, (OWN_WRITE.c.tracker == ISSUE.c.tracker) & (OWN_WRITE.c.issue == ISSUE.c.id)
    )
    return _read(database, trackers, query, payload.decode_issues_as_left)


def _read(
    database: Database,
    trackers: Sequence[str],
    columns: sa.Select[Any],
    decode: Callable[[Any], list[Issue]],
) -> list[Issue]:
    place = {tracker: number for number, tracker in enumerate(trackers)}
    # One statement, so that a snapshot replaced meanwhile is seen either before or after, never half.
    query = columns.join(
        SNAPSHOT, (SNAPSHOT.c.tracker == ISSUE.c.tracker) & (SNAPSHOT.c.generation == ISSUE.c.generation)
    ).where(SNAPSHOT.c.tracker.in_(place))
    try:
        with database.read() as connection, connection.execute(query, execution_options=_STREAM) as rows:
            found = decode(rows)
    except msgspec.MsgspecError as error:
        raise StoreError(
            f"store {database.shown}: a stored issue cannot be read: {error}",
            hint="read it anew with `trackersync pull`",
        ) from error
    return sorted(found, key=lambda issue: (place[issue.ref.tracker], issue.ref.id))


def refs(database: Database, tracker: str) -> list[IssueRef]:
    """See `Store.refs`."""
    return _read_payloads(database, tracker, payload.decode_refs)


def on_board(database: Database, tracker: str) -> list[str]:
    """See `Store.on_board`."""
    return [id_ for _, id_ in sorted(_read_payloads(database, tracker, payload.decode_places))]


def _read_payloads(database: Database, tracker: str, decode: Callable[[Iterable[bytes]], list[_Part]]) -> list[_Part]:
    query = (
        sa.select(ISSUE.c.payload)
        .join(SNAPSHOT, (SNAPSHOT.c.tracker == ISSUE.c.tracker) & (SNAPSHOT.c.generation == ISSUE.c.generation))
        .where(SNAPSHOT.c.tracker == tracker)
        .order_by(ISSUE.c.id)
    )
    with database.read() as connection, connection.execute(query, execution_options=_STREAM) as rows:
        return decode(rows.scalars())


def _stage_all(database: Database, tracker: str, generation: int, pages: Iterable[Sequence[Issue]]) -> None:
    """Several pages at a time: while more are on their way, every turn at the database waits for other threads."""
    waiting: list[Issue] = []
    for page in pages:
        waiting += page
        if len(waiting) >= _AT_ONCE:
            _stage(database, tracker, generation, waiting)
            waiting = []
    _stage(database, tracker, generation, waiting)


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


def _flip(database: Database, connection: sa.Connection, new: SnapshotInfo, generation: int) -> None:
    values = {
        "identity": new.identity, "generation": generation, "taken_at": new.taken_at, "count": new.count,
        "cursor": new.cursor, "whole_at": new.whole_at,
    }  # fmt: skip
    insert = database.insert(SNAPSHOT).values(tracker=new.tracker, **values)
    connection.execute(insert.on_conflict_do_update(index_elements=[SNAPSHOT.c.tracker], set_=values))


def _generation(database: Database, tracker: str) -> int:
    with database.read() as connection:
        return connection.scalar(sa.select(SNAPSHOT.c.generation).where(SNAPSHOT.c.tracker == tracker)) or 0


def _count(database: Database, tracker: str, generation: int) -> int:
    with database.read() as connection:
        return _count_in(connection, tracker, generation)


def _count_in(connection: sa.Connection, tracker: str, generation: int) -> int:
    return _count_where(connection, (ISSUE.c.tracker == tracker) & (ISSUE.c.generation == generation))


def _count_where(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(ISSUE).where(condition)) or 0


def _sweep(database: Database, tracker: str) -> None:
    """Delete all issues of the tracker but those that count."""
    current = _generation(database, tracker)
    with database.write() as connection:
        connection.execute(sa.delete(ISSUE).where(ISSUE.c.tracker == tracker, ISSUE.c.generation != current))
