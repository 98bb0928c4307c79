"""What a report tells, gathered from the store and the rules; touches no network and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from trackersync.model import Issue, IssueKey, Standing, StateCategory
from trackersync.plan.overrides import still_standing
from trackersync.report.contents import Contents, Delivered, Roadmap, Run, Stay, TrackerHealth
from trackersync.sync.fields_read import not_read_for
from trackersync.sync.naming import known_refs
from trackersync.sync.overriding import known_overrides
from trackersync.sync.ranking import bands_before, read_issues
from trackersync.sync.workspace import Workspace

if TYPE_CHECKING:
    from trackersync.scoring.calculation import Calculation
    from trackersync.scoring.engine import Ranking
    from trackersync.store import Movement, Place, RunInfo

    Before = Mapping[IssueKey, Standing | Place]

RUNS_TOLD = 20
"""The newest runs."""
MOVES_TOLD = 80_000
"""About so many moves of all issues together: what a page can carry beside the list."""


def gather(workspace: Workspace, *, since: datetime | None = None, values: int = 0) -> Contents:
    """Everything about the list as it is now; what moved and what was delivered also since `since`.

    Of each run the first so many `values` that it wrote.
    """
    from trackersync.scoring.accounts import accounts_of, axes_of
    from trackersync.scoring.calculation import calculate
    from trackersync.scoring.corrections import count_corrections
    from trackersync.scoring.engine import ranking_of

    config, now, issues = workspace.config, workspace.now(), read_issues(workspace)
    names, moves = list(config.trackers), max(5, min(60, MOVES_TOLD // max(len(issues), 1)))
    calculation = calculate(issues, config.rules, now=now, bands_before=bands_before(workspace))
    known, runs = known_overrides(workspace), workspace.store.runs(RUNS_TOLD)
    ranking = ranking_of(calculation)
    before, before_at, applied = _before(workspace, ranking, runs)
    overridden = {each.ref.issue_key for each in still_standing(known, config.overrides, now=now)}
    return Contents(
        made_at=now,
        since=since,
        rules=config.rules,
        formula=calculation.method.formula.text,
        size=calculation.method.size,
        ranking=ranking,
        accounts=list(accounts_of(calculation, now=now)),
        axes=axes_of(calculation),
        before=before,
        before_at=before_at,
        applied=applied,
        then=workspace.store.places_at(names, since) if since else {},
        movements=workspace.store.last_movements(moves + 1),
        moves_told=moves,
        roadmap=_roadmap(workspace, calculation),
        overrides=known,
        policy=config.overrides,
        corrected=count_corrections(calculation, overridden),
        runs=[Run(info, workspace.store.outcomes(info.id, values) if values else ()) for info in runs],
        delivered=list(_delivered(workspace, issues, since or before_at)),
        trackers=list(_health(workspace)),
        label_prefixes={name: policy.label_prefix for name, policy in config.write.items() if policy.label_prefix},
        refs={ref.issue_key: ref for ref in known_refs(workspace)} if runs or known else {},
    )


def _before(workspace: Workspace, ranking: Ranking, runs: Sequence[RunInfo]) -> tuple[Before, datetime | None, bool]:
    """The list to tell movements against, when it was applied, and whether the list of now was applied after it.

    It is the one that was applied last; where that is the list of now, the one before the last run that moved anything.
    """
    store, names = workspace.store, list(workspace.config.trackers)
    # What a tracker refused stands in no list, though the last run ranked it.
    last: dict[IssueKey, Standing | Place] = {**store.places_at(names), **store.standings()}
    if any(entry.rank != _rank(last.get(entry.issue.ref.issue_key)) for entry in ranking.ranked):
        return last, runs[0].at if runs else None, False
    at, places = store.places_before(names)
    return places, at, True


def _rank(place: Standing | Place | None) -> int | None:
    return None if place is None else place.rank


def _roadmap(workspace: Workspace, calculation: Calculation) -> Roadmap | None:
    from trackersync.scoring.accounts import horizons

    capacity = workspace.config.capacity
    return None if capacity is None else Roadmap(capacity, horizons(calculation, capacity.points))


def _delivered(workspace: Workspace, issues: Sequence[Issue], since: datetime | None) -> Iterator[Delivered]:
    """What was done since, newest first."""
    # What was done when it left a selection of open issues, unless it came back.
    kept = {each.ref.issue_key: each for each in workspace.store.done(list(workspace.config.trackers), since=since)}
    every = kept | {issue.ref.issue_key: issue for issue in issues}
    done = [
        (issue.closed_at, issue)
        for issue in every.values()
        if issue.state_category is StateCategory.DONE and issue.closed_at and (since is None or issue.closed_at > since)
    ]
    movements = workspace.store.movements(issue.ref.issue_key for _, issue in done)
    for closed, issue in sorted(done, key=lambda each: each[0], reverse=True):
        yield Delivered(issue, _stays(movements.get(issue.ref.issue_key, ()), closed))


def _stays(movements: Sequence[Movement], until: datetime) -> list[Stay]:
    """The bands that an issue was in, one after the other, of its movements, newest first."""
    stays: list[Stay] = []
    ended = until
    for move in movements:
        if move.band and move.at < ended:
            stays.insert(0, Stay(move.band, move.at, ended))
        ended = min(ended, move.at)
    return stays


def _health(workspace: Workspace) -> Iterator[TrackerHealth]:
    unread, failed = dict(not_read_for(workspace, workspace.config.rules)), workspace.store.failed_reads()
    for name, tracker in workspace.config.trackers.items():
        yield TrackerHealth(
            name=name,
            connector=tracker.connector,
            snapshot=workspace.snapshot(name),
            unread=unread.get(name, ()),
            failed=failed.get(name),
        )
