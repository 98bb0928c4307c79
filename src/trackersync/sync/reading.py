"""Network in: the trackers into the store, only what was touched where that is enough."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from typing import Literal, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from trackersync.change import OwnWrite
from trackersync.connector import Source
from trackersync.errors import GuardError, RejectedError, TrackerError, TrackersyncError, UnsupportedError
from trackersync.model import Delta, Fate, Issue, IssueKey, IssueRef, SnapshotInfo, StateCategory, Whereabouts
from trackersync.plan.guards import check_shrink
from trackersync.sync.census import Touched, is_due
from trackersync.sync.fields_read import as_word
from trackersync.sync.workspace import Progress, Workspace, silent

_FETCHED = 1000
"""Issues that are fetched and stored at a time, where a census lists what is not known."""
_ASKED_ABOUT = 20
"""Missing issues that the tracker is asked about where the guard refuses: enough to tell what is wrong."""
_STILL_THERE = (Fate.UNSELECTED, Fate.UNKNOWN)
"""Issues of which this is told may still be read."""
_BELIEVE = (
    "look whether so many were closed, moved or deleted, and whether the account may still see them; "
    "if so few are left, allow it for this one run with --allow max_shrink"
)

Verdict = Literal["complete", "partial", "unchanged"]
Page = TypeVar("Page", Sequence[Issue], Delta)


class PullResult(Struct, frozen=True):
    """What became of reading one tracker: a complete new snapshot, or an error and the old snapshot, if any."""

    tracker: str
    identity: str
    """What the tracker is: its address, repository or JQL."""
    info: SnapshotInfo | None
    error: TrackersyncError | None = None
    touched: int | None = None
    """How many issues are not as the last read left them, gone ones included; None where it was read as a whole."""
    listed: int | None = None
    """How many ids the tracker listed after what was touched; None where none were asked for."""
    came: int = 0
    """How many of them were not known although nobody touched them, and were read."""
    gone: Mapping[IssueRef, Whereabouts] = field(default_factory=dict)
    """What a look at everything did not find any more, and what became of it; of many that the guard refused, some."""
    passed: tuple[str, ...] = ()
    """The guards that said no to this read, and were allowed."""

    @property
    def verdict(self) -> Verdict:
        """`partial` where it could not be read to its end, so that nothing of this read counts; `error` says why."""
        if self.error is not None:
            return "partial"
        return "unchanged" if self.touched == 0 else "complete"


def pull(
    workspace: Workspace,
    trackers: Sequence[str] | None = None,
    *,
    allow: Collection[str] = (),
    full: bool = False,
    progress: Progress = silent,
) -> tuple[PullResult, ...]:
    """Read the trackers into the store, all at once; one that cannot be read completely keeps its old snapshot.

    Only what was touched since is read, unless `full` asks for all or the file now wants what was not read then. Where
    the last look at everything is older than the file's `census`, all ids are listed besides or, where ids alone would
    not tell enough, all is read.
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
    result = _read(workspace, source, reading, full=full)
    error = None if result.error is None else result.error.message
    workspace.store.note_read(source.tracker, at=reading.began, error=error)
    return result


def _read(workspace: Workspace, source: Source, reading: _Reading, *, full: bool) -> PullResult:
    try:
        cursor = None if full else reading.resumable()
        if cursor is not None:
            # A cursor that another version left, or a question that does not fit the tracker any more: Jira refuses to
            # search in a project that is gone.
            with suppress(UnsupportedError, RejectedError):
                return reading.changes(cursor)
        return reading.whole()
    except (TrackerError, GuardError) as error:
        gone = reading.fates(_ASKED_ABOUT) if isinstance(error, GuardError) else {}
        return PullResult(source.tracker, reading.identity, workspace.snapshot(source.tracker), error, gone=gone)


class _Reading:
    """One read of one tracker."""

    def __init__(self, workspace: Workspace, source: Source, allow: Collection[str], progress: Progress) -> None:
        self.workspace = workspace
        self.source = source
        self.allow = allow
        self.progress = progress
        self.identity = workspace.identity(source.tracker)
        self.began = workspace.now()
        self.due = False
        self.count = 0
        self.expected: int | None = None
        """As many issues as last time are about to be read; None: nobody knows."""
        self.listed: int | None = None
        self.came: list[Issue] = []
        self.passed: set[str] = set()
        self.missing: Collection[IssueRef] = ()
        """What the last snapshot had and this one has not, once that is known."""
        self.left: Collection[IssueRef] = ()
        """What was touched and is not selected any more."""

    def resumable(self) -> str | None:
        """From where only changes need be read; None where all is to be read anew."""
        known = self.workspace.snapshot(self.source.tracker)
        if known is None or known.cursor is None or known.whole_at is None:
            return None
        self.due = is_due(known, self.workspace.config.census, self.began)
        if self.due and not self._ids_tell_all():
            return None
        asked, _, cursor = known.cursor.partition(" ")
        return cursor if asked == self._asked() else None

    def _ids_tell_all(self) -> bool:
        """Whether what was touched and a list of ids make a snapshot as good as a new one, for these rules."""
        if self.source.census() is None:
            return False
        untraced, config = self.source.untraced, self.workspace.config
        return not untraced or untraced.isdisjoint(config.columns_used(config.rules, self.source.tracker))

    def whole(self) -> PullResult:
        """Every issue; of those that are not found any more the tracker is asked what became of them."""
        store, tracker = self.workspace.store, self.source.tracker
        before = self._known() if self.workspace.snapshot(tracker) else {}
        self.count, self.expected, self.missing = 0, len(before) or None, before.values()
        info = store.replace_snapshot(
            tracker,
            self.identity,
            self._followed(self._without(before), len),
            taken_at=self.began,
            accept=self._accept,
            cursor=self._cursor,
        )
        gone = self.fates()
        self._keep_done(before.values(), gone)
        return PullResult(tracker, self.identity, info, gone=gone, passed=tuple(self.passed))

    def _known(self) -> dict[str, IssueRef]:
        return {ref.id: ref for ref in self.workspace.store.refs(self.source.tracker)}

    def _without(self, before: dict[str, IssueRef]) -> Iterator[Sequence[Issue]]:
        """The pages, while what is found is struck off what there was before."""
        for page in self.source.pull():
            for issue in page:
                before.pop(issue.ref.id, None)
            yield self._caught_up(page)

    def fates(self, most: int | None = None) -> Mapping[IssueRef, Whereabouts]:
        """What became of what is missing, or of the first so many.

        No snapshot depends on it, so that what cannot be found out is left open.
        """
        refs = list(self.missing)[:most]
        if not refs:
            return {}
        try:
            found = self.source.whereabouts(refs)
        except TrackerError:
            found = Source.whereabouts(self.source, refs)
        return {ref: found[ref.id] for ref in refs}

    def changes(self, cursor: str) -> PullResult:
        """What was touched since; where it is due or what was touched is hard to believe, all ids are looked at too."""
        update = self.workspace.store.update_snapshot(
            self.source.tracker,
            self._followed(self._deltas(cursor), lambda delta: len(delta.issues)),
            taken_at=self.began,
            accept=self._accept,
            cursor=self._cursor,
            looked_at_all=lambda: self.listed is not None,
        )
        gone = self.fates()
        self._keep_done(self.left, gone)
        return PullResult(
            self.source.tracker,
            self.identity,
            update.info,
            touched=update.touched,
            listed=self.listed,
            came=len(self.came),
            gone=gone,
            passed=tuple(self.passed),
        )

    def _deltas(self, cursor: str) -> Iterator[Delta]:
        """What was touched, then what a census tells where one is taken, then what only the board knows of."""
        touched = Touched()
        for delta in self.source.changes(cursor):
            touched.add(delta)
            yield Delta(self._caught_up(delta.issues), delta.left)
        if missed := self._missed(touched):
            delta = Delta(missed)
            touched.add(delta)  # a board in the search may be as late as the search, and these are as they are now
            yield delta
        if self.due or self._is_hard_to_believe(touched):
            for delta in self._census(touched):
                touched.add(delta)
                yield delta
        if touched.left:
            self.left = [ref for id_, ref in self._known().items() if id_ in touched.left]
        if self.source.follows_board:
            kept = self.workspace.store.issues([self.source.tracker], bodies=True)
            untouched = [issue for issue in kept if issue.ref.id not in touched]
            yield Delta(self.source.on_board([*untouched, *self.came]))

    def _keep_done(self, left: Collection[IssueRef], gone: Mapping[IssueRef, Whereabouts]) -> None:
        """Of what left the selection keep what is done: it was delivered.

        No snapshot depends on it, so that what cannot be read now, or too much at once, is let go.
        """
        ids = [ref.id for ref in left if ref not in gone or gone[ref].fate in _STILL_THERE][:_FETCHED]
        with suppress(TrackerError):
            found = self.source.fetch(ids).values() if ids else ()
            self.workspace.store.keep_done(each for each in found if each.state_category is StateCategory.DONE)

    def _is_hard_to_believe(self, touched: Touched) -> bool:
        """Whether so much left that the guard would refuse it: that many ids are soon asked for."""
        guards, known = self.workspace.config.guards, self.workspace.snapshot(self.source.tracker)
        if known is None or len(touched.left) <= guards.max_shrink * known.count:
            return False  # what left may never have been here, so that this many are lost at most
        before = self._known()
        now = touched.onto(before)
        if check_shrink(tracker=self.source.tracker, before=len(before), now=len(now), guards=guards) is None:
            return False
        self._miss(before, now)
        return True

    def _census(self, touched: Touched) -> Iterator[Delta]:
        """What the tracker does not list has left; what it lists and is not known is read and comes in.

        The list is younger than what was touched, so that it has the last word.
        """
        pages = self.source.census()
        if pages is None:
            return
        before = self._known()
        held = touched.onto(before)
        listed: set[str] = set()
        for page in pages:
            listed.update(page)
            self.progress(f"{self.source.tracker}, all ids", len(listed), len(held))
        yield Delta((), sorted(held - listed))
        new = sorted(listed - held)
        for start in range(0, len(new), _FETCHED):
            found = self.source.fetch(new[start : start + _FETCHED])
            self.came += found.values()
            yield Delta(list(found.values()))
        self._miss(before, (held & listed).union(issue.ref.id for issue in self.came))
        self.listed = len(listed)

    def _miss(self, before: Mapping[str, IssueRef], now: Collection[str]) -> None:
        self.missing = [ref for id_, ref in before.items() if id_ not in now]

    def _caught_up(self, issues: Sequence[Issue]) -> Sequence[Issue]:
        """What is shown as it was before our own last write is read again by id: searches lag behind what is written.

        Otherwise somebody would seem to have undone what we wrote.
        """
        now = self._now([issue for issue in issues if self._is_behind(issue)])
        return [now.get(issue.ref.id, issue) for issue in issues] if now else issues

    def _missed(self, touched: Touched) -> Sequence[Issue]:
        """What we wrote since the last read, and this one did not name as touched yet."""
        tracker, store = self.source.tracker, self.workspace.store
        known, wrote = self.workspace.snapshot(tracker), store.last_writes().get(tracker)
        if known is None or wrote is None or wrote < known.taken_at:
            return ()
        kept = store.issues([tracker])
        return list(self._now([each for each in kept if each.ref.id not in touched and self._is_behind(each)]).values())

    def _now(self, behind: Sequence[Issue]) -> Mapping[str, Issue]:
        """By id those of the issues that are newer when read by id, which need not tell their rank."""
        found = self.source.fetch([issue.ref.id for issue in behind]) if behind else {}
        newer = [(old, found[old.ref.id]) for old in behind if old.ref.id in found]
        return {
            now.ref.id: replace(now, native_rank=old.native_rank if now.native_rank is None else now.native_rank)
            for old, now in newer
            if now.updated_at > old.updated_at
        }

    def _is_behind(self, issue: Issue) -> bool:
        """By the tracker's own clock alone."""
        own = self._own.get(issue.ref.issue_key)
        return own is not None and own.updated_at > issue.updated_at

    @cached_property
    def _own(self) -> Mapping[IssueKey, OwnWrite]:
        return self.workspace.store.own_writes()

    def _followed(self, pages: Iterable[Page], size: Callable[[Page], int]) -> Iterator[Page]:
        for page in pages:
            self.count += size(page)
            self.progress(self.source.tracker, self.count, self.expected)
            yield page

    def _accept(self, previous: SnapshotInfo | None, count: int) -> None:
        before = previous.count if previous and previous.identity == self.identity else 0
        guards = self.workspace.config.guards
        verdict = check_shrink(tracker=self.source.tracker, before=before, now=count, guards=guards)
        if verdict is None:
            return
        if verdict.name not in self.allow:
            raise GuardError([verdict], hint=_BELIEVE)
        self.passed.add(verdict.name)

    def _cursor(self) -> str | None:
        cursor = self.source.cursor
        return None if cursor is None else f"{self._asked()} {cursor}"

    def _asked(self) -> str:
        """What was asked of every issue: a cursor is of no use once more is wanted."""
        return as_word(self.workspace.config.wanted(self.source.tracker))
