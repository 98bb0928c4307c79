"""How many requests were sent to each tracker lately, by every process on this store: what a budget is counted by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from trackersync.store.database import Database
from trackersync.store.tables import REQUESTS
from trackersync.transport.allowance import Rate, UsedUp

_STEPS = 60
"""Parts of a period that requests are counted by: as many rows are added up, and never more."""

_Counted = Sequence[tuple[datetime, int]]


def take(database: Database, tracker: str, rate: Rate, *, at: datetime) -> UsedUp | None:
    """See `Store.take_request`."""
    step = rate.period / _STEPS
    kept = rate.period + step  # of a step it is not known when in it a request was sent
    with database.write_quickly() as connection:
        if not database.is_sqlite:
            # Two that add up at the same time would both find room for the last request.
            connection.execute(sa.text(f"LOCK TABLE {REQUESTS.name} IN SHARE ROW EXCLUSIVE MODE"))
        counted = _counted(connection, tracker, since=at - kept)
        if sum(count for _, count in counted) >= rate.requests:
            return UsedUp(_room_after(counted, rate.requests) + kept, counted[-1][0] + kept)
        insert = database.insert(REQUESTS).values(tracker=tracker, at=_floor(at, step), count=1)
        one_more = {"count": REQUESTS.c.count + 1}
        connection.execute(insert.on_conflict_do_update(index_elements=list(REQUESTS.primary_key), set_=one_more))
    return None


def _counted(connection: Connection, tracker: str, *, since: datetime) -> _Counted:
    """The steps that still count, oldest first; older ones are forgotten."""
    connection.execute(sa.delete(REQUESTS).where(REQUESTS.c.tracker == tracker, REQUESTS.c.at <= since))
    query = sa.select(REQUESTS.c.at, REQUESTS.c.count).where(REQUESTS.c.tracker == tracker).order_by(REQUESTS.c.at)
    return [(at, count) for at, count in connection.execute(query).all()]


def _room_after(counted: _Counted, most: int) -> datetime:
    """The step which has to be over before there is room; several, where the rate was lowered meanwhile."""
    left = sum(count for _, count in counted)
    for at, count in counted:
        left -= count
        if left < most:
            return at
    return counted[-1][0]


def _floor(at: datetime, step: timedelta) -> datetime:
    seconds = step.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)
