"""The undo of a run: a plan that puts back what it found, to be shown and applied as any other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from trackersync.change import Outcome, Status, WriteTarget
from trackersync.errors import TrackerError
from trackersync.model import Issue, IssueKey, SnapshotInfo
from trackersync.plan.document import Plan, SkippedTracker
from trackersync.plan.overrides import find_overrides
from trackersync.plan.reversal import RunWritten, build_reversal
from trackersync.sync.chunk import WROTE
from trackersync.sync.planning import left_in_flight, planned_tracker, settle_left
from trackersync.sync.reading import PullResult, pull
from trackersync.sync.workspace import Progress, Workspace, silent

_ORDER = WriteTarget("order")


def plan_reversal(
    workspace: Workspace, run: str, *, chosen: Collection[IssueKey] | None = None, progress: Progress = silent
) -> tuple[Plan, tuple[PullResult, ...]]:
    """Pull the trackers that the run wrote to and plan to restore what it found there; writes to no tracker.

    `chosen` are the issues that shall be as before, None for all. `StoreError` where there is no such run.
    """
    config = workspace.config
    lost = left_in_flight(workspace, list(config.trackers))
    sent = [Outcome(each.change, Status.UNKNOWN) for each in lost if each.run == run]
    names = _written_to([*workspace.store.outcomes(run), *sent], chosen)
    here = [name for name in names if name in config.trackers]
    results = pull(workspace, here, progress=progress)
    usable = {each.tracker: each.info for each in results if each.info and not each.error}
    settle_left(workspace, lost, usable)
    outcomes = workspace.store.outcomes(run)
    issues, unread = _issues_now(workspace, usable, outcomes)
    why = {name: f"{config.file} has no tracker of that name" for name in names if name not in config.trackers}
    why |= {each.tracker: each.error.message for each in results if each.error} | unread
    readable = {name: info for name, info in usable.items() if name not in why}
    skipped = [SkippedTracker(tracker=name, reason=reason) for name, reason in sorted(why.items())]
    return _plan(workspace, run, outcomes, readable, skipped, issues, chosen), results


def _written_to(outcomes: Sequence[Outcome], chosen: Collection[IssueKey] | None) -> list[str]:
    touched = {each.change.ref.issue_key for each in outcomes if each.status in WROTE}
    return sorted({tracker for tracker, id_ in touched if chosen is None or (tracker, id_) in chosen})


def _issues_now(
    workspace: Workspace, usable: Mapping[str, SnapshotInfo], outcomes: Sequence[Outcome]
) -> tuple[dict[IssueKey, Issue], dict[str, str]]:
    """The issues as they are, and what could not be read.

    Those that are not selected any more, and those with a comment of ours, are asked for by id.
    """
    issues = {issue.ref.issue_key: issue for issue in workspace.store.issues(list(usable))}
    unread: dict[str, str] = {}
    for name in usable:
        mine = [each.change for each in outcomes if each.change.ref.tracker == name and each.status in WROTE]
        commented = {change.ref for change in mine if change.target.kind == "comment"}
        absent = {change.ref for change in mine if change.ref.issue_key not in issues}
        missing = sorted(ref.id for ref in commented | absent)
        try:
            fetched = workspace.open([name])[name].fetch(missing) if missing else {}
        except TrackerError as error:
            unread[name] = error.message
        else:
            # What stands elsewhere is as it was read: a place on the board, for one, need not be told by id.
            issues |= {
                (name, id_): replace(issues.get((name, id_), issue), comment=issue.comment)
                for id_, issue in fetched.items()
            }
    return issues, unread


def _held(workspace: Workspace, run: str) -> set[IssueKey]:
    """The issues that were known to be moved by hand when the run began."""
    began = next(each.at for each in workspace.store.runs() if each.id == run)
    known = workspace.store.overrides()
    return {e.override.ref.issue_key for e in known if e.override.target == _ORDER and e.since <= began}


def _plan(
    workspace: Workspace,
    run: str,
    outcomes: Sequence[Outcome],
    readable: Mapping[str, SnapshotInfo],
    skipped: Sequence[SkippedTracker],
    issues: Mapping[IssueKey, Issue],
    chosen: Collection[IssueKey] | None,
) -> Plan:
    config, store = workspace.config, workspace.store
    standings = store.standings()
    policies = {name: config.write[name] for name in readable}
    boards = {name: store.on_board(name) for name in readable}
    on_board = [issues[name, id_] for name, board in boards.items() for id_ in board]
    found = find_overrides(on_board, policies, store.written(), standings, store.moved_by_hand())
    return build_reversal(
        RunWritten(
            now=workspace.now(),
            run=run,
            rules_digest=config.rules_digest,
            outcomes=outcomes,
            wrote_last=store.last_runs(),
            issues=issues,
            boards=boards,
            moved_by_hand={each.ref.issue_key: each for each in found if each.target == _ORDER},
            held=_held(workspace, run),
            standings=list(standings.values()),
            bands_before=store.bands_before(run),
            policies=policies,
            trackers={name: planned_tracker(config, info) for name, info in readable.items()},
            skipped=skipped,
            chosen=chosen,
        )
    )
