"""Where issues stood over the runs: of each run only what moved against the run before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from trackersync.model import IssueKey, Standing
from trackersync.store.database import Database
from trackersync.store.tables import MOVEMENT, RUN, STANDING

_SHARE = 10
"""A rank alone is noted from a tenth of itself on: one new issue at the top moves twenty thousand by a place."""


_Stood = tuple[float, str, int]
"""Score, band and rank."""
_NEWEST_FIRST = RUN.c.seq.desc()
"""By the order of entry: the clock may have been set back in between."""


class Movement(Struct, frozen=True, kw_only=True):
    """Where one issue came to stand by the list of `run`, which began `at`."""

    run: str
    at: datetime
    score: float | None
    """None, as `rank` and `band` then are: it left the list."""
    rank: int | None
    band: str | None
    why: tuple[str, ...]
    """The steps that did most for the score; empty where the score was the same before, or nothing was before."""


class Place(Struct, frozen=True):
    """Where an issue stood in a list of before: 1 is first, and the band is empty without bands."""

    rank: int
    band: str


def note(database: Database, trackers: Sequence[str], standings: Iterable[Standing], *, run: str) -> None:
    """See `Store.note_movements`."""
    now = {standing.ref.issue_key: standing for standing in standings}
    query = sa.select(STANDING.c.tracker, STANDING.c.issue, STANDING.c.score, STANDING.c.band, STANDING.c.rank)
    with database.write() as connection:
        rows = connection.execute(query.where(STANDING.c.tracker.in_(trackers)))
        before: dict[IssueKey, _Stood] = {
            (tracker, issue): (score, band, rank) for tracker, issue, score, band, rank in rows
        }
        moved = [{"run": run, **row} for row in _moved(before, now)]
        if moved:
            connection.execute(sa.insert(MOVEMENT), moved)


def _moved(before: Mapping[IssueKey, _Stood], now: Mapping[IssueKey, Standing]) -> Iterator[dict[str, Any]]:
    for (tracker, issue), standing in now.items():
        if _is_moved(before.get((tracker, issue)), standing):
            yield {"tracker": tracker, "issue": issue, "score": standing.score, "rank": standing.rank,
                   "band": standing.band, "why": standing.why}  # fmt: skip
    for tracker, issue in before.keys() - now.keys():
        yield {"tracker": tracker, "issue": issue, "score": None, "rank": None, "band": None, "why": ()}


def _is_moved(before: _Stood | None, now: Standing) -> bool:
    if before is None:
        return True
    score, band, rank = before
    return (score, band) != (now.score, now.band) or abs(rank - now.rank) * _SHARE >= min(rank, now.rank)


def load(database: Database, issue: IssueKey) -> list[Movement]:
    """See `Store.movements`."""
    query = sa.select(MOVEMENT, RUN.c.at).join(RUN, RUN.c.id == MOVEMENT.c.run)
    query = query.where(MOVEMENT.c.tracker == issue[0], MOVEMENT.c.issue == issue[1]).order_by(_NEWEST_FIRST)
    with database.read() as connection:
        return [_movement(row) for row in connection.execute(query)]


def load_last(database: Database, most: int) -> dict[IssueKey, list[Movement]]:
    """See `Store.last_movements`."""
    of_issue = [MOVEMENT.c.tracker, MOVEMENT.c.issue]
    place = sa.func.row_number().over(partition_by=of_issue, order_by=_NEWEST_FIRST).label("place")
    numbered = sa.select(MOVEMENT, RUN.c.at, place).join(RUN, RUN.c.id == MOVEMENT.c.run).subquery()
    query = sa.select(numbered).where(numbered.c.place <= most).order_by(numbered.c.place)
    found: dict[IssueKey, list[Movement]] = {}
    with database.read() as connection:
        for row in connection.execute(query):
            found.setdefault((row.tracker, row.issue), []).append(_movement(row))
    return found


def _movement(row: sa.Row[Any]) -> Movement:
    return Movement(run=row.run, at=row.at, score=row.score, rank=row.rank, band=row.band, why=row.why)


def places_at(database: Database, moment: datetime) -> dict[IssueKey, Place]:
    """See `Store.places_at`."""
    of_issue = [MOVEMENT.c.tracker, MOVEMENT.c.issue]
    place = sa.func.row_number().over(partition_by=of_issue, order_by=_NEWEST_FIRST).label("place")
    until = sa.select(MOVEMENT, place).join(RUN, RUN.c.id == MOVEMENT.c.run).where(RUN.c.at <= moment).subquery()
    query = sa.select(until.c.tracker, until.c.issue, until.c.band).where(until.c.place == 1, until.c.rank.is_not(None))
    # A rank is noted only when it moves far, a score always: together they tell the order.
    query = query.order_by(until.c.score.desc(), until.c.rank, until.c.tracker, until.c.issue)
    with database.read() as connection:
        rows = connection.execute(query).all()
    return {(tracker, issue): Place(rank, band) for rank, (tracker, issue, band) in enumerate(rows, start=1)}
