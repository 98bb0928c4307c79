"""Where every issue stood in the list that was last applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from trackersync.model import IssueKey, IssueRef, Standing
from trackersync.store.database import Database
from trackersync.store.tables import BAND_BEFORE, RUN, STANDING


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
    kept = list(standings)
    rows = [
        {"tracker": standing.ref.tracker, "issue": standing.ref.id, "connector": standing.ref.connector,
         "key": standing.ref.key, "score": standing.score, "rank": standing.rank, "band": standing.band, "run": run}
        for standing in kept
    ]  # fmt: skip
    with database.write() as connection:
        _note_bands(connection, trackers, {each.ref.issue_key: each.band for each in kept}, run)
        connection.execute(sa.delete(STANDING).where(STANDING.c.tracker.in_(trackers)))
        if rows:
            connection.execute(sa.insert(STANDING), rows)


def bands_before(database: Database, run: str) -> dict[IssueKey, str | None]:
    """See `Store.bands_before`."""
    later, begun, after = BAND_BEFORE.alias(), RUN.alias(), RUN.alias()
    again = (
        sa.select(later.c.run)
        .join(after, after.c.id == later.c.run)
        .where(later.c.tracker == BAND_BEFORE.c.tracker, later.c.issue == BAND_BEFORE.c.issue)
        .where(after.c.seq > begun.c.seq)
    )
    query = sa.select(BAND_BEFORE.c.tracker, BAND_BEFORE.c.issue, BAND_BEFORE.c.band)
    query = query.join(begun, begun.c.id == BAND_BEFORE.c.run).where(begun.c.id == run, ~again.exists())
    with database.read() as connection:
        return {(tracker, issue): band for tracker, issue, band in connection.execute(query).all()}


def _note_bands(connection: sa.Connection, trackers: Sequence[str], bands_: Mapping[IssueKey, str], run: str) -> None:
    """Keep how the bands were before the run, which may save its list more than once."""
    mine = (BAND_BEFORE.c.run == run) & BAND_BEFORE.c.tracker.in_(trackers)
    kept = sa.select(STANDING.c.tracker, STANDING.c.issue, STANDING.c.band).where(STANDING.c.tracker.in_(trackers))
    noted = sa.select(BAND_BEFORE.c.tracker, BAND_BEFORE.c.issue, BAND_BEFORE.c.band).where(mine)
    before: dict[IssueKey, str | None] = {}
    for query in (kept, noted):
        before |= {(tracker, issue): band for tracker, issue, band in connection.execute(query)}
    changed = [key for key in before.keys() | bands_.keys() if before.get(key) != bands_.get(key)]
    connection.execute(sa.delete(BAND_BEFORE).where(mine))
    if changed:
        rows = [{"run": run, "tracker": key[0], "issue": key[1], "band": before.get(key)} for key in sorted(changed)]
        connection.execute(sa.insert(BAND_BEFORE), rows)
