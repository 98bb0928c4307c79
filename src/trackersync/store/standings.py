"""Where every issue stood in the list that was last applied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from trackersync.model import IssueKey, IssueRef, Standing
from trackersync.store.database import Database
from trackersync.store.tables import STANDING


def load(database: Database) -> dict[IssueKey, Standing]:
    """See `Store.standings`."""
    ref = (STANDING.c.tracker, STANDING.c.connector, STANDING.c.issue, STANDING.c.key)
    query = sa.select(*ref, STANDING.c.score, STANDING.c.rank, STANDING.c.band)
    query = query.order_by(STANDING.c.rank, STANDING.c.tracker, STANDING.c.issue)
    with database.read() as connection:
        return {
            (tracker, issue): Standing(IssueRef(tracker, connector, issue, key), score, rank, band)
            for tracker, connector, issue, key, score, rank, band in connection.execute(query).all()
        }


def bands(database: Database) -> dict[IssueKey, str]:
    """See `Store.bands`."""
    query = sa.select(STANDING.c.tracker, STANDING.c.issue, STANDING.c.band)
    with database.read() as connection:
        return {(tracker, issue): band for tracker, issue, band in connection.execute(query).all()}


def save(database: Database, trackers: Sequence[str], standings: Iterable[Standing], *, run: str) -> None:
    """See `Store.save_standings`."""
    rows = [
        {"tracker": standing.ref.tracker, "issue": standing.ref.id, "connector": standing.ref.connector,
         "key": standing.ref.key, "score": standing.score, "rank": standing.rank, "band": standing.band, "run": run}
        for standing in standings
    ]  # fmt: skip
    with database.write() as connection:
        connection.execute(sa.delete(STANDING).where(STANDING.c.tracker.in_(trackers)))
        if rows:
            connection.execute(sa.insert(STANDING), rows)
