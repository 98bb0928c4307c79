"""Where every issue stood in the list that was last applied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from trackersync.model import IssueKey, IssueRef, Standing
from trackersync.store.database import Database
from trackersync.store.tables import STANDING


def load(database: Database) -> dict[IssueKey, Standing]:
    """See `Store.standings`."""
    with database.read() as connection:
        rows = connection.execute(sa.select(STANDING).order_by(STANDING.c.rank, STANDING.c.tracker, STANDING.c.issue))
        found = [
            Standing(IssueRef(row.tracker, row.connector, row.issue, row.key), row.score, row.rank, row.band)
            for row in rows
        ]
    return {standing.ref.issue_key: standing for standing in found}


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
