"""What a report tells, gathered from the store and the rules; touches no network and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from trackersync.model import Issue, IssueKey, StateCategory
from trackersync.plan.overrides import still_standing
from trackersync.report.contents import Contents, Delivered, Roadmap, Run, TrackerHealth
from trackersync.sync.fields_read import not_read_for
from trackersync.sync.naming import known_refs
from trackersync.sync.overriding import known_overrides
from trackersync.sync.ranking import bands_before, read_issues
from trackersync.sync.workspace import Workspace

if TYPE_CHECKING:
    from trackersync.scoring.calculation import Calculation
    from trackersync.store import RunInfo

RUNS_TOLD = 20
"""The newest runs, of which each value written is told."""


def gather(workspace: Workspace, *, since: datetime | None = None) -> Contents:
    """Everything about the list as it is now; what was delivered and the bands of before as of `since`."""
    from trackersync.scoring.accounts import accounts_of, axes_of
    from trackersync.scoring.calculation import calculate
    from trackersync.scoring.corrections import count_corrections
    from trackersync.scoring.engine import ranking_of

    config, now, issues = workspace.config, workspace.now(), read_issues(workspace)
    calculation = calculate(issues, config.rules, now=now, bands_before=bands_before(workspace))
    known, runs = known_overrides(workspace), workspace.store.runs()
    overridden = {each.ref.issue_key for each in still_standing(known, config.overrides, now=now)}
    return Contents(
        made_at=now,
        since=since,
        rules=config.rules,
        formula=calculation.method.formula.text,
        size=calculation.method.size,
        ranking=ranking_of(calculation),
        accounts=list(accounts_of(calculation, now=now)),
        axes=axes_of(calculation),
        before=workspace.store.standings(),
        bands_then=_bands_at(workspace, runs, since) if since else {},
        roadmap=_roadmap(workspace, calculation),
        overrides=known,
        policy=config.overrides,
        corrected=count_corrections(calculation, overridden),
        runs=[Run(info, workspace.store.outcomes(info.id)) for info in runs[:RUNS_TOLD]],
        delivered=list(_delivered(workspace, issues, runs, since or _last(runs))),
        trackers=list(_health(workspace)),
        label_prefixes={name: policy.label_prefix for name, policy in config.write.items() if policy.label_prefix},
        refs={ref.issue_key: ref for ref in known_refs(workspace)} if runs or known else {},
    )


def _last(runs: Sequence[RunInfo]) -> datetime | None:
    return runs[0].at if runs else None


def _roadmap(workspace: Workspace, calculation: Calculation) -> Roadmap | None:
    from trackersync.scoring.accounts import horizons

    capacity = workspace.config.capacity
    return None if capacity is None else Roadmap(capacity, horizons(calculation, capacity.points))


def _bands_at(workspace: Workspace, runs: Sequence[RunInfo], at: datetime) -> Mapping[IssueKey, str | None]:
    """The bands of the list that was in force then: those of now, with what every later run changed put back."""
    bands: dict[IssueKey, str | None] = dict(workspace.store.bands())
    for run in runs:
        if run.at > at:
            bands |= workspace.store.bands_before(run.id)
    return bands


def _delivered(
    workspace: Workspace, issues: Sequence[Issue], runs: Sequence[RunInfo], since: datetime | None
) -> Iterator[Delivered]:
    """What was done since, newest first."""
    done = [
        issue
        for issue in issues
        if issue.state_category is StateCategory.DONE and issue.closed_at and (since is None or issue.closed_at > since)
    ]
    bands, began = workspace.store.bands(), _band_begins(workspace, runs) if done else {}
    for issue in sorted(done, key=lambda each: each.closed_at or each.updated_at, reverse=True):
        key = issue.ref.issue_key
        yield Delivered(issue, bands.get(key) or None, began.get(key))


def _band_begins(workspace: Workspace, runs: Sequence[RunInfo]) -> Mapping[IssueKey, datetime]:
    """Since which run each issue has been in the band that it was last in."""
    begins: dict[IssueKey, datetime] = {}
    for run in runs:
        for key in workspace.store.bands_before(run.id):
            begins.setdefault(key, run.at)
    return begins


def _health(workspace: Workspace) -> Iterator[TrackerHealth]:
    unread = dict(not_read_for(workspace, workspace.config.rules))
    for name, tracker in workspace.config.trackers.items():
        yield TrackerHealth(
            name=name, connector=tracker.connector, snapshot=workspace.snapshot(name), unread=unread.get(name, ())
        )
