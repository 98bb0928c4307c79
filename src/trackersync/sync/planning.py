"""From the stored snapshots to a plan; writes to no tracker."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING

from msgspec.structs import replace

from trackersync.change import Change, Forecast, Outcome, Status
from trackersync.config import Config
from trackersync.connector import Target
from trackersync.errors import ConfigError, TrackerError
from trackersync.model import SnapshotInfo, Standing
from trackersync.plan.build import Basis, RankedIssue, build_plan
from trackersync.plan.document import Plan, PlannedTracker, SkippedTracker
from trackersync.plan.overrides import find_overrides, still_standing
from trackersync.plan.settle import verify
from trackersync.sync.ranking import rank
from trackersync.sync.reading import PullResult, pull
from trackersync.sync.workspace import Progress, Workspace, silent
from trackersync.transport.allowance import Rate

if TYPE_CHECKING:
    from trackersync.scoring.engine import Ranking


def make_plan(
    workspace: Workspace,
    *,
    offline: bool = False,
    allow: Collection[str] = (),
    progress: Progress = silent,
) -> tuple[Plan, tuple[PullResult, ...]]:
    """Pull (unless offline), score and compare; writes to no tracker.

    A tracker whose read failed keeps its place in the ranking, if it was ever read, and gets no changes. Offline, the
    same goes for one that was written to since it was read.
    """
    names = list(workspace.config.trackers)
    results = () if offline else pull(workspace, names, allow=allow, progress=progress)
    unusable = {result.tracker: result.error.message for result in results if result.error}
    snapshots = {name: workspace.snapshot(name) for name in names}
    never = {name: "it was never read; run `trackersync pull`" for name, info in snapshots.items() if info is None}
    unusable = never | unusable | (_outdated(workspace, snapshots) if offline else {})
    usable = {name: info for name, info in snapshots.items() if info and name not in unusable}
    skipped = [SkippedTracker(tracker=name, reason=reason) for name, reason in sorted(unusable.items())]
    settle_in_flight(workspace, usable)
    ranking = rank(workspace)
    passed = {name for result in results for name in result.passed}
    return _plan_for(workspace, ranking, usable, skipped, allow, passed), results


def _outdated(workspace: Workspace, snapshots: Mapping[str, SnapshotInfo | None]) -> dict[str, str]:
    """The trackers that were written to since they were read: there our own values would look like a person's."""
    written_at = workspace.store.last_writes()
    return {
        name: "it was written to since it was last read; run `trackersync pull`"
        for name, info in snapshots.items()
        if info and name in written_at and info.taken_at < written_at[name]
    }


def settle_in_flight(workspace: Workspace, read: Mapping[str, SnapshotInfo]) -> None:
    """Enter in the ledger what became of writes that were cut off or never answered, by what was read since.

    Otherwise our own value would be taken for a person's.
    """
    store = workspace.store
    lost = [each for each in store.in_flight(read) if read[each.change.ref.tracker].taken_at >= each.at]
    if not lost:
        return
    issues = {issue.ref.issue_key: issue for issue in store.issues(list(read))}
    for run, of_run in groupby(lost, key=lambda each: each.run):
        cut_off = [Outcome(each.change, Status.UNKNOWN, "the run was cut off") for each in of_run]
        found = [verify(outcome, issues.get(outcome.change.ref.issue_key)) for outcome in cut_off]
        store.record(run, [o for o in found if o.status is not Status.UNKNOWN], at=workspace.now())


def _plan_for(
    workspace: Workspace,
    ranking: Ranking,
    usable: Mapping[str, SnapshotInfo],
    skipped: Sequence[SkippedTracker],
    allow: Collection[str],
    passed: Collection[str],
) -> Plan:
    config, store, now = workspace.config, workspace.store, workspace.now()
    ranked = [
        RankedIssue(entry.issue, Standing(entry.issue.ref, entry.score, entry.rank, entry.band))
        for entry in ranking.ranked
    ]
    written = store.written()
    readable = [entry.issue for entry in ranked if entry.issue.ref.tracker in usable]
    found = find_overrides(readable, config.write, written, store.standings())
    first_seen = store.note_overrides(found, trackers=list(usable), at=now)
    return build_plan(
        Basis(
            now=now,
            rules_digest=config.rules_digest,
            ranked=ranked,
            trackers={name: _planned(config, info) for name, info in usable.items()},
            policies=config.write,
            written=written,
            overrides=still_standing(found, first_seen, config.overrides, now=now),
            skipped=skipped,
            guards=config.guards,
            allowed=allow,
            passed=passed,
        )
    )


def _planned(config: Config, info: SnapshotInfo) -> PlannedTracker:
    return PlannedTracker(
        identity=info.identity,
        notify=config.write[info.tracker].notify,
        snapshot_at=info.taken_at,
        issues=info.count,
    )


def forecast(workspace: Workspace, plan: Plan, *, offline: bool = False) -> dict[str, Forecast]:
    """What applying the plan takes on each tracker, reading before and after included; offline nothing is asked.

    Offline a tracker without a secret has none.
    """
    forecasts = {}
    for name in {change.ref.tracker: None for change in plan.changes}:
        changes = [change for change in plan.changes if change.ref.tracker == name]
        with suppress(*([ConfigError] if offline else [])):
            target = workspace.open([name])[name]
            if isinstance(target, Target):
                told = _told(target, changes, notify=plan.trackers[name].notify, ask=not offline)
                forecasts[name] = _with_reads(told, changes, workspace.config.budget.get(name))
    return forecasts


def _told(target: Target, changes: Sequence[Change], *, notify: bool, ask: bool) -> Forecast:
    """What the connector tells; what it cannot find out, or has no budget left to ask, costs nobody the plan."""
    try:
        return target.forecast(changes, notify=notify, ask=ask)
    except TrackerError:
        return target.forecast(changes, notify=notify, ask=False)


def _with_reads(told: Forecast, changes: Sequence[Change], budget: Rate | None) -> Forecast:
    """What the connector told, with the reading before and after, which costs a point a request at least."""
    requests = told.requests + _reads(changes)
    return replace(
        told,
        requests=requests,
        points=None if told.points is None else told.points + _reads(changes),
        seconds=max(told.seconds, budget.seconds(requests) if budget else 0.0),
    )


def _reads(changes: Sequence[Change]) -> int:
    """A hundred issues a request, before and after."""
    return 2 * ceil(len({change.ref.issue_key for change in changes}) / 100)
