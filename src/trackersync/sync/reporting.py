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
        bands_then=_bands_at(workspace, since) if since else {},
        roadmap=_roadmap(workspace, calculation),
        overrides=known,
        policy=config.overrides,
        corrected=count_corrections(calculation, overridden),
        runs=[Run(info, workspace.store.outcomes(info.id)) for info in runs[:RUNS_TOLD]],
        delivered=list(_delivered(workspace, issues, since or _last(runs))),
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


def _bands_at(workspace: Workspace, at: datetime) -> Mapping[IssueKey, str | None]:
    """The bands of the list that was in force then: those of now, with what every later run changed put back."""
    later = {key: before for key, changed, before in workspace.store.band_changes() if changed > at}
    return {**workspace.store.bands(), **later}


def _delivered(workspace: Workspace, issues: Sequence[Issue], since: datetime | None) -> Iterator[Delivered]:
    """What was done since, newest first."""
    done = [
        (issue.closed_at, issue)
        for issue in issues
        if issue.state_category is StateCategory.DONE and issue.closed_at and (since is None or issue.closed_at > since)
    ]
    stays = _last_stays(workspace) if done else {}
    for _, issue in sorted(done, key=lambda each: each[0], reverse=True):
        band, began = stays.get(issue.ref.issue_key, (None, None))
        yield Delivered(issue, band or None, began)


def _last_stays(workspace: Workspace) -> Mapping[IssueKey, tuple[str | None, datetime | None]]:
    """The band that each issue was last in, though it may have left the list since, and since which run."""
    bands: dict[IssueKey, str | None] = dict(workspace.store.bands())
    began: dict[IssueKey, datetime] = {}
    for key, changed, before in workspace.store.band_changes():
        if key in began:
            continue
        if bands.get(key):
            began[key] = changed
        else:
            bands[key] = before
    return {key: (band, began.get(key)) for key, band in bands.items()}


def _health(workspace: Workspace) -> Iterator[TrackerHealth]:
    unread = dict(not_read_for(workspace, workspace.config.rules))
    for name, tracker in workspace.config.trackers.items():
        yield TrackerHealth(
            name=name, connector=tracker.connector, snapshot=workspace.snapshot(name), unread=unread.get(name, ())
        )
