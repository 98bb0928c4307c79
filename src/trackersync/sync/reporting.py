"""What a report tells, gathered from the store and the rules; touches no network and writes nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from trackersync.model import Issue, IssueKey, StateCategory
from trackersync.plan.overrides import still_standing
from trackersync.report.contents import Contents, Delivered, Roadmap, Run, Stay, TrackerHealth
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
MOVES_TOLD = 80_000
"""About so many moves of all issues together: what a page can carry beside the list."""


def gather(workspace: Workspace, *, since: datetime | None = None) -> Contents:
    """Everything about the list as it is now; what moved and what was delivered also since `since`."""
    from trackersync.scoring.accounts import accounts_of, axes_of
    from trackersync.scoring.calculation import calculate
    from trackersync.scoring.corrections import count_corrections
    from trackersync.scoring.engine import ranking_of

    config, now, issues = workspace.config, workspace.now(), read_issues(workspace)
    moves = max(5, min(60, MOVES_TOLD // max(len(issues), 1)))
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
        then=workspace.store.places_at(since) if since else {},
        movements=workspace.store.last_movements(moves + 1),
        moves_told=moves,
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


def _delivered(workspace: Workspace, issues: Sequence[Issue], since: datetime | None) -> Iterator[Delivered]:
    """What was done since, newest first."""
    done = [
        (issue.closed_at, issue)
        for issue in issues
        if issue.state_category is StateCategory.DONE and issue.closed_at and (since is None or issue.closed_at > since)
    ]
    stays = _stays(workspace) if done else {}
    for closed, issue in sorted(done, key=lambda each: each[0], reverse=True):
        until = (replace(stay, ended=min(stay.ended, closed)) for stay in stays.get(issue.ref.issue_key, ()))
        yield Delivered(issue, [stay for stay in until if stay.began < stay.ended])


def _stays(workspace: Workspace) -> Mapping[IssueKey, Sequence[Stay]]:
    """The bands that each issue was in, one after the other until now, though it may have left the list since."""
    after: dict[IssueKey, tuple[str | None, datetime]] = {
        key: (band, workspace.now()) for key, band in workspace.store.bands().items()
    }
    stays: dict[IssueKey, deque[Stay]] = {}
    for key, changed, before in workspace.store.band_changes():
        band, ended = after.get(key, (None, changed))
        if band:
            stays.setdefault(key, deque()).appendleft(Stay(band, changed, ended))
        after[key] = (before, changed)
    return stays


def _health(workspace: Workspace) -> Iterator[TrackerHealth]:
    unread = dict(not_read_for(workspace, workspace.config.rules))
    for name, tracker in workspace.config.trackers.items():
        yield TrackerHealth(
            name=name, connector=tracker.connector, snapshot=workspace.snapshot(name), unread=unread.get(name, ())
        )
