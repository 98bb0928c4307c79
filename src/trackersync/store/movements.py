"""Where issues stood over the runs: of each run only what moved against the run before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from trackersync.model import IssueKey, Standing
from trackersync.store.database import Database
from trackersync.store.tables import ISSUE, MOVEMENT, RUN, SNAPSHOT

_IN_ONE_QUERY = 500
_SHARE = 10
"""A rank alone is noted from a tenth of itself on: one new issue at the top moves twenty thousand by a place."""


class Movement(Struct, frozen=True, kw_only=True):
    """Where one issue came to stand by the list of `run`, which began `at`."""

    run: str
    at: datetime
    score: float | None
    """None, as `rank` and `band` then are: it left the list."""
    rank: int | None
    band: str | None
    points: tuple[tuple[str, float], ...]
    """By name what each part of the rules added to the score; empty where that was not kept."""


class Place(Struct, frozen=True):
    """Where an issue stood in a list of before: 1 is first, and the band is empty without bands."""

    rank: int
    band: str


def note(database: Database, trackers: Sequence[str], standings: Iterable[Standing], *, run: str) -> None:
    """See `Store.note_movements`."""
    now = {standing.ref.issue_key: standing for standing in standings}
    query = sa.select(MOVEMENT.c.tracker, MOVEMENT.c.issue, MOVEMENT.c.score, MOVEMENT.c.band, MOVEMENT.c.rank)
    latest = _latest(trackers)
    query = query.join(latest, _is_latest(latest)).where(MOVEMENT.c.rank.is_not(None))
    with database.write() as connection:
        seq = connection.scalar(sa.select(RUN.c.seq).where(RUN.c.id == run))
        before: dict[IssueKey, _Stood] = {
            (tracker, issue): (score, band, rank) for tracker, issue, score, band, rank in connection.execute(query)
        }
        moved = [{"run_seq": seq, **row} for row in _moved(before, now)]
        if moved:
            connection.execute(sa.insert(MOVEMENT), moved)


_Stood = tuple[float, str, int]
"""Score, band and rank as last noted: against what was only saved, a rank could drift away a little in each run."""


def _moved(before: Mapping[IssueKey, _Stood], now: Mapping[IssueKey, Standing]) -> Iterator[dict[str, Any]]:
    for (tracker, issue), standing in now.items():
        if _is_moved(before.get((tracker, issue)), standing):
            yield {"tracker": tracker, "issue": issue, "score": standing.score, "rank": standing.rank,
                   "band": standing.band, "points": standing.points}  # fmt: skip
    for tracker, issue in before.keys() - now.keys():
        yield {"tracker": tracker, "issue": issue, "score": None, "rank": None, "band": None, "points": ()}


def _is_moved(before: _Stood | None, now: Standing) -> bool:
    if before is None:
        return True
    score, band, rank = before
    return (score, band) != (now.score, now.band) or abs(rank - now.rank) * _SHARE >= min(rank, now.rank)


def load(database: Database, issues: Iterable[IssueKey]) -> dict[IssueKey, list[Movement]]:
    """See `Store.movements`."""
    wanted: dict[str, list[str]] = {}
    for tracker, issue in issues:
        wanted.setdefault(tracker, []).append(issue)
    found: dict[IssueKey, list[Movement]] = {}
    with database.read() as connection:
        for tracker, ids in wanted.items():
            for start in range(0, len(ids), _IN_ONE_QUERY):
                some = MOVEMENT.c.issue.in_(ids[start : start + _IN_ONE_QUERY])
                mine = (MOVEMENT.c.tracker == tracker) & some
                _read(connection, sa.select(MOVEMENT).where(mine), found)
    return found


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
        _read(connection, query, found)
    return found


_NEWEST_FIRST = MOVEMENT.c.run_seq.desc()
"""By the order of entry: the clock may have been set back in between."""


def _read(connection: sa.Connection, query: sa.Select[Any], found: dict[IssueKey, list[Movement]]) -> None:
    """Add what the query finds, an issue's newest first."""
    runs = {seq: (id_, at) for seq, id_, at in connection.execute(sa.select(RUN.c.seq, RUN.c.id, RUN.c.at))}
    for tracker, issue, seq, score, rank, band, points in connection.execute(query.order_by(_NEWEST_FIRST)):
        run, at = runs[seq]
        move = Movement(run=run, at=at, score=score, rank=rank, band=band, points=points)
        found.setdefault((tracker, issue), []).append(move)


def places_at(database: Database, trackers: Sequence[str], moment: datetime | None) -> dict[IssueKey, Place]:
    """See `Store.places_at`."""
    run = sa.select(sa.func.max(RUN.c.seq))
    if moment is not None:
        run = run.where(RUN.c.at <= moment)
    with database.read() as connection:
        return _places(connection, trackers, connection.scalar(run) or 0)


def places_before(database: Database, trackers: Sequence[str]) -> tuple[datetime | None, dict[IssueKey, Place]]:
    """See `Store.places_before`."""
    changed = sa.select(sa.func.max(MOVEMENT.c.run_seq)).where(MOVEMENT.c.tracker.in_(trackers)).scalar_subquery()
    run = sa.select(RUN.c.seq, RUN.c.at).where(RUN.c.seq < changed).order_by(RUN.c.seq.desc()).limit(1)
    with database.read() as connection:
        found = connection.execute(run).first()
        return (None, {}) if found is None else (found.at, _places(connection, trackers, found.seq))


def _places(connection: sa.Connection, trackers: Sequence[str], run: int) -> dict[IssueKey, Place]:
    """Where each issue stood after this run."""
    latest = _latest(trackers, MOVEMENT.c.run_seq <= run)
    query = sa.select(MOVEMENT.c.tracker, MOVEMENT.c.issue, MOVEMENT.c.band).join(latest, _is_latest(latest))
    # A rank is noted only when it moves far, a score always: together they tell the order.
    order = (MOVEMENT.c.score.desc(), MOVEMENT.c.rank, MOVEMENT.c.tracker, MOVEMENT.c.issue)
    rows = connection.execute(query.where(MOVEMENT.c.rank.is_not(None)).order_by(*order))
    return {(tracker, issue): Place(rank, band) for rank, (tracker, issue, band) in enumerate(rows, start=1)}


def _latest(trackers: Sequence[str], *those: sa.ColumnElement[bool]) -> sa.Subquery:
    """Of each issue of these trackers the run that moved it last."""
    of_issue = (MOVEMENT.c.tracker, MOVEMENT.c.issue)
    query = sa.select(*of_issue, sa.func.max(MOVEMENT.c.run_seq).label("run_seq"))
    return query.where(MOVEMENT.c.tracker.in_(trackers), *those).group_by(*of_issue).subquery()


def _is_latest(latest: sa.Subquery) -> sa.ColumnElement[bool]:
    return sa.and_(*(MOVEMENT.c[name] == latest.c[name] for name in ("tracker", "issue", "run_seq")))
