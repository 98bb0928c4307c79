"""Network in: the issues that are named, read anew by id into the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from trackersync.connector import Source
from trackersync.errors import TrackerError
from trackersync.model import Delta, IssueRef, SnapshotInfo, Whereabouts
from trackersync.sync.reading import PullResult, pull
from trackersync.sync.workspace import Progress, Workspace, silent


def pull_named(
    workspace: Workspace, refs: Sequence[IssueRef], *, allow: Collection[str] = (), progress: Progress = silent
) -> tuple[PullResult, ...]:
    """Read these issues as they are now, in as few requests as the tracker allows.

    What is gone is taken out of the snapshot. A tracker that was written to since it was read is first read as by
    `pull`: until then our own values there would look like a person's.
    """
    behind = workspace.outdated(workspace.config.trackers)
    results = {each.tracker: each for each in pull(workspace, behind, allow=allow, progress=progress)} if behind else {}
    named: dict[str, list[IssueRef]] = {}
    for ref in refs:
        named.setdefault(ref.tracker, []).append(ref)
    for name, source in workspace.open(named).items():
        info = workspace.snapshot(name)
        if info is not None and (name not in results or results[name].error is None):
            results[name] = _read(workspace, source, info, named[name])
            progress(name, len(named[name]), len(named[name]))
    return tuple(results[name] for name in workspace.config.trackers if name in results)


def _read(workspace: Workspace, source: Source, info: SnapshotInfo, refs: Sequence[IssueRef]) -> PullResult:
    tracker, identity = source.tracker, workspace.identity(source.tracker)
    try:
        found = source.fetch([ref.id for ref in refs])
        gone = [ref for ref in refs if ref.id not in found]
        fates: Mapping[str, Whereabouts] = source.whereabouts(gone) if gone else {}
    except TrackerError as error:
        return PullResult(tracker, identity, info, error)
    ranks = {issue.ref.id: issue.native_rank for issue in workspace.store.issues([tracker])}
    now = [replace(each, native_rank=each.native_rank or ranks.get(id_)) for id_, each in found.items()]
    # The rest is as old as it was, so that the next pull goes on from where the last one ended.
    update = workspace.store.update_snapshot(
        tracker,
        [Delta(now, [ref.id for ref in gone])],
        taken_at=info.taken_at,
        accept=lambda _previous, _count: None,
        cursor=lambda: info.cursor,
    )
    return PullResult(tracker, identity, update.info, touched=update.touched, gone={ref: fates[ref.id] for ref in gone})
