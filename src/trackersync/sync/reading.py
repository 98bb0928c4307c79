"""Network in: the trackers into the store."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from trackersync.connector import Source
from trackersync.errors import GuardError, TrackerError, TrackersyncError
from trackersync.model import Issue, SnapshotInfo
from trackersync.plan.guards import check_shrink
from trackersync.sync.workspace import Progress, Workspace, silent


@dataclass(frozen=True, slots=True)
class PullResult:
    """What became of reading one tracker: a complete new snapshot, or an error and the old snapshot, if any."""

    tracker: str
    identity: str
    """What the tracker is: its address, repository or JQL."""
    info: SnapshotInfo | None
    error: TrackersyncError | None = None


def pull(
    workspace: Workspace,
    trackers: Sequence[str] | None = None,
    *,
    allow: Collection[str] = (),
    progress: Progress = silent,
) -> tuple[PullResult, ...]:
    """Read the trackers into the store; one that cannot be read completely keeps its old snapshot, the others go on."""
    sources = workspace.open(trackers or list(workspace.config.trackers))
    return tuple(_pull_one(workspace, source, allow=allow, progress=progress) for source in sources.values())


def _pull_one(workspace: Workspace, source: Source, *, allow: Collection[str], progress: Progress) -> PullResult:
    tracker = source.tracker
    identity = workspace.identity(tracker)

    def pages() -> Iterator[Sequence[Issue]]:
        done = 0
        for page in source.pull():
            done += len(page)
            progress(tracker, done)
            yield page

    def accept(previous: SnapshotInfo | None, count: int) -> None:
        before = previous.count if previous and previous.identity == identity else 0
        verdict = check_shrink(tracker=tracker, before=before, now=count, guards=workspace.config.guards)
        if verdict and verdict.name not in allow:
            raise GuardError([verdict])

    try:
        info = workspace.store.replace_snapshot(tracker, identity, pages(), taken_at=workspace.now(), accept=accept)
    except (TrackerError, GuardError) as error:
        return PullResult(tracker, identity, workspace.snapshot(tracker), error)
    return PullResult(tracker, identity, info)
