"""Network in: the trackers into the store, only what was touched where that is enough."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from msgspec import Struct, field

from trackersync.connector import Source
from trackersync.errors import GuardError, TrackerError, TrackersyncError, UnsupportedError
from trackersync.model import Delta, Issue, IssueRef, SnapshotInfo, Whereabouts
from trackersync.plan.guards import check_shrink
from trackersync.sync.fields_read import as_word
from trackersync.sync.workspace import Progress, Workspace, silent

_EARLY = 0.9
"""Of the time between two looks at every issue: a daily job begins a little earlier on some days than on others."""

Page = TypeVar("Page", Sequence[Issue], Delta)


class PullResult(Struct, frozen=True):
    """What became of reading one tracker: a complete new snapshot, or an error and the old snapshot, if any."""

    tracker: str
    identity: str
    """What the tracker is: its address, repository or JQL."""
    info: SnapshotInfo | None
    error: TrackersyncError | None = None
    touched: int | None = None
    """How many issues the tracker named as touched since the last read; None where it was read as a whole."""
    gone: Mapping[IssueRef, Whereabouts] = field(default_factory=dict)
    """What the whole read did not find any more, and what became of it."""


def pull(
    workspace: Workspace,
    trackers: Sequence[str] | None = None,
    *,
    allow: Collection[str] = (),
    full: bool = False,
    progress: Progress = silent,
) -> tuple[PullResult, ...]:
    """Read the trackers into the store, all at once; one that cannot be read completely keeps its old snapshot.

    Only what was touched since is read, unless `full` asks for all, the last read of all is older than the file's
    `census`, or the file now wants what was not read then.
    """
    sources = workspace.open(trackers or list(workspace.config.trackers))

    def pull_one(source: Source) -> PullResult:
        return _pull_one(workspace, source, allow, progress, full=full)

    with ThreadPoolExecutor(max_workers=len(sources), thread_name_prefix="pull") as pool:
        return tuple(pool.map(pull_one, sources.values()))


def _pull_one(
    workspace: Workspace, source: Source, allow: Collection[str], progress: Progress, *, full: bool
) -> PullResult:
    reading = _Reading(workspace, source, allow, progress)
    cursor = None if full else reading.resumable()
    try:
        if cursor is not None:
            with suppress(UnsupportedError):  # a cursor that another version left
                return reading.changes(cursor)
        return reading.whole()
    except (TrackerError, GuardError) as error:
        return PullResult(source.tracker, reading.identity, workspace.snapshot(source.tracker), error)


class _Reading:
    """One read of one tracker."""

    def __init__(self, workspace: Workspace, source: Source, allow: Collection[str], progress: Progress) -> None:
        self.workspace = workspace
        self.source = source
        self.allow = allow
        self.progress = progress
        self.identity = workspace.identity(source.tracker)
        self.began = workspace.now()
        self.count = 0

    def resumable(self) -> str | None:
        """From where only changes need be read; None where all is to be read anew."""
        known = self.workspace.snapshot(self.source.tracker)
        if known is None or known.cursor is None or known.whole_at is None:
            return None
        census = self.workspace.config.census
        if census is not None and self.began - known.whole_at >= census * _EARLY:
            return None
        asked, _, cursor = known.cursor.partition(" ")
        return cursor if asked == self._asked() else None

    def whole(self) -> PullResult:
        """Every issue; of those that are not found any more the tracker is asked what became of them."""
        store, tracker = self.workspace.store, self.source.tracker
        before = {ref.id: ref for ref in store.refs(tracker)} if self.workspace.snapshot(tracker) else {}
        info = store.replace_snapshot(
            tracker,
            self.identity,
            self._followed(self._without(before), len),
            taken_at=self.began,
            accept=self._accept,
            cursor=self._cursor,
        )
        return PullResult(tracker, self.identity, info, gone=self._gone(list(before.values())))

    def _without(self, before: dict[str, IssueRef]) -> Iterator[Sequence[Issue]]:
        """The pages, while what is found is struck off what there was before."""
        for page in self.source.pull():
            for issue in page:
                before.pop(issue.ref.id, None)
            yield page

    def _gone(self, refs: Sequence[IssueRef]) -> Mapping[IssueRef, Whereabouts]:
        """The snapshot is complete without it, so that what cannot be found out is left open."""
        if not refs:
            return {}
        try:
            found = self.source.whereabouts(refs)
        except TrackerError:
            found = Source.whereabouts(self.source, refs)
        return {ref: found[ref.id] for ref in refs}

    def changes(self, cursor: str) -> PullResult:
        """What was touched since."""
        info = self.workspace.store.update_snapshot(
            self.source.tracker,
            self._followed(self._deltas(cursor), lambda delta: len(delta.issues)),
            taken_at=self.began,
            accept=self._accept,
            cursor=self._cursor,
        )
        return PullResult(self.source.tracker, self.identity, info, touched=self.count)

    def _deltas(self, cursor: str) -> Iterator[Delta]:
        """What was touched, and then what only the board knows of."""
        touched: set[str] = set()
        for delta in self.source.changes(cursor):
            touched.update(issue.ref.id for issue in delta.issues)
            touched.update(delta.left)
            yield delta
        if self.source.follows_board:
            kept = self.workspace.store.issues([self.source.tracker], bodies=True)
            yield Delta(self.source.on_board([issue for issue in kept if issue.ref.id not in touched]))

    def _followed(self, pages: Iterable[Page], size: Callable[[Page], int]) -> Iterator[Page]:
        for page in pages:
            self.count += size(page)
            self.progress(self.source.tracker, self.count)
            yield page

    def _accept(self, previous: SnapshotInfo | None, count: int) -> None:
        before = previous.count if previous and previous.identity == self.identity else 0
        guards = self.workspace.config.guards
        verdict = check_shrink(tracker=self.source.tracker, before=before, now=count, guards=guards)
        if verdict and verdict.name not in self.allow:
            raise GuardError([verdict])

    def _cursor(self) -> str | None:
        cursor = self.source.cursor
        return None if cursor is None else f"{self._asked()} {cursor}"

    def _asked(self) -> str:
        """What was asked of every issue: a cursor is of no use once more is wanted."""
        return as_word(self.workspace.config.wanted(self.source.tracker))
