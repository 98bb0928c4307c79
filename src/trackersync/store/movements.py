"""Where issues stood over the runs: of each run only what moved against the run before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from trackersync.model import IssueKey, Standing
from trackersync.store.database import Database
from trackersync.store.tables import ISSUE, MOVEMENT, RUN, SNAPSHOT, STANDING

_SHARE = 10
"""A rank alone is noted from a tenth of itself on: one new issue at the top moves twenty thousand by a place."""


_Stood = tuple[float, str, int]
"""Score, band and rank."""


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
        seq = connection.scalar(sa.select(RUN.c.seq).where(RUN.c.id == run))
        rows = connection.execute(query.where(STANDING.c.tracker.in_(trackers)))
        before: dict[IssueKey, _Stood] = {
            (tracker, issue): (score, band, rank) for tracker, issue, score, band, rank in rows
        }
        moved = [{"run_seq": seq, **row} for row in _moved(before, now)]
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
    mine = (MOVEMENT.c.tracker == issue[0]) & (MOVEMENT.c.issue == issue[1])
    with database.read() as connection:
        return [move for _, move in _read(connection, sa.select(MOVEMENT).where(mine))]


def load_last(database: Database, most: int) -> dict[IssueKey, list[Movement]]:
    """See `Store.last_movements`."""
    of_issue = (MOVEMENT.c.tracker == ISSUE.c.tracker) & (MOVEMENT.c.issue == ISSUE.c.id)
    oldest = sa.select(MOVEMENT.c.run_seq).where(of_issue).order_by(_NEWEST_FIRST).limit(1).offset(most - 1)
    since = sa.func.coalesce(oldest.correlate(ISSUE).scalar_subquery(), 0).label("since")
    current = (SNAPSHOT.c.tracker == ISSUE.c.tracker) & (SNAPSHOT.c.generation == ISSUE.c.generation)
    # The limit, which is none, has the database look once at each issue and not at each of its hundreds of moves.
    issues = sa.select(ISSUE.c.tracker, ISSUE.c.id, since).join(SNAPSHOT, current).limit(2**31 - 1).subquery()
    mine = (MOVEMENT.c.tracker == issues.c.tracker) & (MOVEMENT.c.issue == issues.c.id)
    query = sa.select(MOVEMENT).join(issues, mine & (MOVEMENT.c.run_seq >= issues.c.since))
    found: dict[IssueKey, list[Movement]] = {}
    with database.read() as connection:
        for key, move in _read(connection, query):
            found.setdefault(key, []).append(move)
    return found


_NEWEST_FIRST = MOVEMENT.c.run_seq.desc()
"""By the order of entry: the clock may have been set back in between."""


def _read(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[tuple[IssueKey, Movement]]:
    runs = {seq: (id_, at) for seq, id_, at in connection.execute(sa.select(RUN.c.seq, RUN.c.id, RUN.c.at))}
    for tracker, issue, seq, score, rank, band, why in connection.execute(query.order_by(_NEWEST_FIRST)):
        run, at = runs[seq]
        yield (tracker, issue), Movement(run=run, at=at, score=score, rank=rank, band=band, why=why)


def places_at(database: Database, moment: datetime) -> dict[IssueKey, Place]:
    """See `Store.places_at`."""
    run = sa.select(sa.func.max(RUN.c.seq)).where(RUN.c.at <= moment).scalar_subquery()
    of_issue = (MOVEMENT.c.tracker, MOVEMENT.c.issue)
    last = sa.select(*of_issue, sa.func.max(MOVEMENT.c.run_seq).label("run_seq")).where(MOVEMENT.c.run_seq <= run)
    latest = last.group_by(*of_issue).subquery()
    same = sa.and_(*(MOVEMENT.c[name] == latest.c[name] for name in ("tracker", "issue", "run_seq")))
    query = sa.select(*of_issue, MOVEMENT.c.band).join(latest, same).where(MOVEMENT.c.rank.is_not(None))
    # A rank is noted only when it moves far, a score always: together they tell the order.
    query = query.order_by(MOVEMENT.c.score.desc(), MOVEMENT.c.rank, *of_issue)
    with database.read() as connection:
        rows = connection.execute(query).all()
    return {(tracker, issue): Place(rank, band) for rank, (tracker, issue, band) in enumerate(rows, start=1)}
