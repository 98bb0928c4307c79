"""From the stored snapshots to a plan; writes to no tracker."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING

from msgspec.structs import replace

from trackersync.change import Change, Forecast, FoundOverride
from trackersync.config import Config
from trackersync.connector import Target
from trackersync.errors import ConfigError, TrackerError
from trackersync.model import Issue, SnapshotInfo, Standing
from trackersync.plan.build import Basis, RankedIssue, build_plan
from trackersync.plan.comment import comment_on
from trackersync.plan.document import Plan, PlannedTracker, SkippedTracker
from trackersync.plan.labels import label_set
from trackersync.plan.overrides import NOTHING, Written, find_overrides, still_standing
from trackersync.store import InFlight
from trackersync.sync.ranking import rank_for_plan
from trackersync.sync.reading import PullResult, pull
from trackersync.sync.resuming import is_comment, order_of, settle_in_flight
from trackersync.sync.workspace import Progress, Workspace, silent
from trackersync.transport.allowance import Rate

if TYPE_CHECKING:
    from trackersync.scoring.engine import Ranking


def make_plan(
    workspace: Workspace,
    *,
    offline: bool = False,
    read: Sequence[PullResult] = (),
    allow: Collection[str] = (),
    progress: Progress = silent,
) -> tuple[Plan, tuple[PullResult, ...]]:
    """Pull (unless offline), score and compare; writes to no tracker.

    A tracker whose read failed keeps its place in the ranking, if it was ever read, and gets no changes. Offline, the
    same goes for one that was written to since it was read; `read` tells what was read just before.
    """
    names = list(workspace.config.trackers)
    lost, wrote = left_in_flight(workspace, names), workspace.store.last_writes()
    results = tuple(read) if offline else pull(workspace, names, allow=allow, progress=progress)
    unusable = {result.tracker: result.error.message for result in results if result.error}
    snapshots = {name: workspace.snapshot(name) for name in names}
    never = {name: "it was never read; run `trackersync pull`" for name, info in snapshots.items() if info is None}
    unusable = never | unusable | (_outdated(workspace) if offline else _disturbed(workspace, wrote))
    usable = {name: info for name, info in snapshots.items() if info and name not in unusable}
    skipped = [SkippedTracker(tracker=name, reason=reason) for name, reason in sorted(unusable.items())]
    if offline:
        lost = [each for each in lost if each.change.ref.tracker in usable and _is_told_by(each, usable)]
    settle_left(workspace, lost, usable)
    commented = any(workspace.config.write[name].comment for name in usable)
    ranking, points = rank_for_plan(workspace, explained=-1 if commented else 0)
    passed = {name for result in results for name in result.passed}
    return _plan_for(workspace, ranking, points, usable, skipped, allow, passed), results


def left_in_flight(workspace: Workspace, trackers: Sequence[str]) -> list[InFlight]:
    """What runs that are over left in flight; refuses while one is under way, since all it plans would be outdated."""
    with workspace.store.lock("apply"):
        return workspace.store.in_flight(trackers)


def _is_told_by(lost: InFlight, read: Mapping[str, SnapshotInfo]) -> bool:
    return read[lost.change.ref.tracker].taken_at >= lost.at and not is_comment(lost.change)


def _disturbed(workspace: Workspace, before: Mapping[str, datetime]) -> dict[str, str]:
    """The trackers that another run wrote to while they were read."""
    now = workspace.store.last_writes()
    return {
        name: "another run wrote to it while it was read; run it again"
        for name in workspace.config.trackers
        if now.get(name) != before.get(name)
    }


def _outdated(workspace: Workspace) -> dict[str, str]:
    why = "it was written to since it was last read; run `trackersync pull`"
    return dict.fromkeys(workspace.outdated(workspace.config.trackers), why)


def settle_left(workspace: Workspace, lost: Sequence[InFlight], read: Mapping[str, SnapshotInfo]) -> None:
    """Enter in the ledger what became of writes that were cut off or never answered, by what was read since.

    Otherwise our own value would be taken for a person's. Issues with a lost comment are asked for by id.
    """
    store = workspace.store
    for tracker in read:
        of_tracker = [each for each in lost if each.change.ref.tracker == tracker]
        commented = [each for each in of_tracker if is_comment(each.change)]
        listed = [each for each in of_tracker if not is_comment(each.change)]
        if listed:
            issues = {issue.ref.id: issue for issue in store.issues([tracker])}
            places = {id_: issue.native_rank for id_, issue in issues.items() if issue.native_rank is not None}
            with store.lock("apply"):
                settle_in_flight(workspace, listed, issues, order_of(places))
        with suppress(TrackerError):  # what cannot be asked now is asked by the next apply
            _settle_comments(workspace, tracker, commented)


def _settle_comments(workspace: Workspace, tracker: str, lost: Sequence[InFlight]) -> None:
    if lost:
        issues = workspace.open([tracker])[tracker].fetch(list(dict.fromkeys(each.change.ref.id for each in lost)))
        with workspace.store.lock("apply"):
            settle_in_flight(workspace, lost, issues, ())


def _plan_for(
    workspace: Workspace,
    ranking: Ranking,
    points: Sequence[tuple[tuple[str, float], ...]],
    usable: Mapping[str, SnapshotInfo],
    skipped: Sequence[SkippedTracker],
    allow: Collection[str],
    passed: Collection[str],
) -> Plan:
    config, store, now = workspace.config, workspace.store, workspace.now()
    ranked = [
        RankedIssue(
            entry.issue,
            Standing(entry.issue.ref, entry.score, entry.rank, entry.band, added),
            comment_on(entry) if config.write[entry.issue.ref.tracker].comment else None,
        )
        for entry, added in zip(ranking.ranked, points, strict=True)
    ]
    written = store.written()
    readable = [entry.issue for entry in ranked if entry.issue.ref.tracker in usable]
    comments = _comments_changed(workspace, readable)
    found = (*find_overrides(readable, config.write, written, store.standings(), store.moved_by_hand()), *comments)
    known = store.note_overrides(found, trackers=list(usable), at=now)
    return build_plan(
        Basis(
            now=now,
            rules_digest=config.rules_digest,
            ranked=ranked,
            trackers={name: planned_tracker(config, info, written, found) for name, info in usable.items()},
            policies=config.write,
            written=written,
            overrides=still_standing(known, config.overrides, now=now),
            skipped=skipped,
            guards=config.guards,
            allowed=allow,
            boards={name: store.on_board(name) for name in usable if config.write[name].order},
            passed=passed,
            needs_input=len(ranking.needs_input),
            comments={each.ref.issue_key: each.found for each in comments},
        )
    )


def _comments_changed(workspace: Workspace, issues: Sequence[Issue]) -> list[FoundOverride]:
    """Comments of ours that runs found changed or deleted, on these issues: reading the issues does not tell."""
    here = {i.ref.issue_key for i in issues if workspace.config.write[i.ref.tracker].comment}
    if not here:
        return []
    known = (each.override for each in workspace.store.overrides() if each.override.target.kind == "comment")
    return [each for each in known if each.ref.issue_key in here]


def planned_tracker(
    config: Config, info: SnapshotInfo, written: Written = NOTHING, found: Sequence[FoundOverride] = ()
) -> PlannedTracker:
    """What a plan says of a tracker that it may write to; labels are retired by what was `written` and `found`."""
    bands = [band.name for band in config.rules.bands]
    return PlannedTracker(
        identity=info.identity,
        notify=config.write[info.tracker].notify,
        labels=label_set(config.write[info.tracker], bands, info.tracker, written, found),
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
