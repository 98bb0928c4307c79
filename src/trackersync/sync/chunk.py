"""Some changes of one tracker on their way: read, left alone or written, read again, each step in the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from trackersync.change import Change, FoundOverride, Outcome, OwnWrite, Status, WriteTarget
from trackersync.connector import Target
from trackersync.errors import TrackersyncError
from trackersync.model import Issue, IssueKey
from trackersync.plan.document import Plan
from trackersync.plan.moves import settle_moves
from trackersync.plan.settle import settle, verify
from trackersync.plan.values import current_value, same
from trackersync.store import Entry
from trackersync.sync.resuming import Earlier, board_order, is_comment, is_move, moves_of
from trackersync.sync.workspace import Workspace

DONE = frozenset({Status.APPLIED, Status.UNCHANGED})
"""After these the tracker holds what was wanted."""
WROTE = frozenset({Status.APPLIED, Status.UNKNOWN})
"""After these the tracker may hold what was sent."""


class Chunk(Struct):
    """Changes that are read and written together; what is known of each is in the store before the next request."""

    workspace: Workspace
    target: Target
    plan: Plan
    run: str
    own: Mapping[IssueKey, OwnWrite]
    earlier: Earlier
    changes: Sequence[Change]
    progress: Callable[[int], object] = lambda _known: None
    """Hears of how many of the changes it is known what became of them."""
    _current: Mapping[str, Issue] = field(default_factory=dict)
    _known: dict[Change, Outcome] = field(default_factory=dict)
    _entered: set[Change] = field(default_factory=set)

    def read(self) -> None:
        """Read the issues, and settle what must not or need not be written."""
        self._known |= self._made_before()
        reading = [self._as_sent(change) for change in self.changes if change not in self._known]
        self._current = self.target.fetch(_ids(reading)) if reading else {}
        for change in self.changes:
            written = (change.ref.issue_key, change.target) in self.earlier.written
            sent = self._renamed(self._as_sent(change))
            if change not in self._known and (left := settle(sent, self._current, written=written)):
                self._known[change] = replace(left, change=change)
                self._note_comment(self._known[change])
        self.progress(len(self._known))

    def _renamed(self, change: Change) -> Change:
        """A label of before that was renamed since the plan is what the plan found, under its new name."""
        labels, issue = self.plan.trackers[self.target.tracker].labels, self._current.get(change.ref.id)
        if labels is None or labels.previously is None or issue is None or change.before != ():
            return change
        old = WriteTarget("labels", labels.previously)
        found = current_value(issue, change.target)
        was = next((c.before for c in self.changes if (c.ref, c.target) == (change.ref, old)), None)
        renamed = labels.renamed(was) if isinstance(was, tuple) else ()
        return replace(change, before=found) if same(found, renamed) else change

    def _note_comment(self, outcome: Outcome) -> None:
        """What somebody made of our comment is seen only here: no list of issues tells it to a plan.

        Where the ledger is not of us, as in a new store, nobody decided against it: the next plan writes over it.
        """
        change, store, now = outcome.change, self.workspace.store, self.workspace.now()
        issue = self._current.get(change.ref.id)
        if issue is None or not is_comment(change) or outcome.status is not Status.CONFLICT:
            return
        ours = _wrote_last(store.entries(change.ref.issue_key))
        if ours is not None and same(ours.after, issue.comment):
            return  # another run wrote it since the plan was made
        theirs = FoundOverride(change.ref, change.target, wrote=ours.after if ours else None, found=issue.comment)
        store.add_override(theirs, at=now)
        if ours is None:
            store.release_overrides([theirs], at=now)

    def send(self) -> None:
        """Write the others: noted before anything is sent, and again with each answer as it comes."""
        planned = {self._as_sent(change): change for change in self.changes if change not in self._known}
        if not planned:
            return
        self.workspace.store.note_in_flight(self.run, list(planned), at=self.workspace.now())
        notify = self.plan.trackers[self.target.tracker].notify
        for told in self.target.apply(list(planned), self._current, notify=notify):
            outcome = replace(told, change=planned[told.change])
            self._known[outcome.change] = outcome
            self._note_answer(outcome)
            self.progress(len(self._known))

    def _note_answer(self, outcome: Outcome) -> None:
        """A move is done with its answer, while a value is final only when read again."""
        store, change = self.workspace.store, outcome.change
        if outcome.status is Status.APPLIED and not is_move(change):
            store.note_answered(self.run, [change])
        elif outcome.status is not Status.UNKNOWN:
            store.record_answer(self.run, outcome, at=self.workspace.now())
            self._entered.add(change)

    def read_again(self, *, keep: bool) -> None:
        """Make the outcomes final by what the tracker holds; with `keep`, remember how to know our own writes again."""
        self._read_values_again(keep=keep)
        unknown = [o for o in self._known.values() if o.status is Status.UNKNOWN and is_move(o.change)]
        if unknown:
            sent = {self._as_sent(outcome.change): outcome for outcome in unknown}
            lost = [replace(outcome, change=change) for change, outcome in sent.items()]
            order = board_order(self.target, self.plan)
            for outcome in settle_moves(lost, order, moves_of(self.plan, self.target.tracker)):
                planned = sent[outcome.change].change
                self._known[planned] = replace(outcome, change=planned)

    def _read_values_again(self, *, keep: bool) -> None:
        written = [o for o in self._known.values() if o.status in WROTE and not is_move(o.change)]
        after = self.target.fetch(sorted({o.change.ref.id for o in written})) if written else {}
        self._known |= {o.change: verify(o, after.get(o.change.ref.id)) for o in written}
        if keep:
            self.workspace.store.save_own_writes(
                OwnWrite(issue.ref, issue.updated_at, _left_at(self._current[id_], self.own))
                for id_, issue in after.items()
            )

    def outcomes(self, error: TrackersyncError | None) -> list[Outcome]:
        """One for each change, in order; those that `error` kept from being sent say so."""
        lost = f"not attempted: {error.message}" if error else "not attempted"
        known = self._made_before() | self._known
        return [known.get(change) or Outcome(change, Status.REJECTED, lost) for change in self.changes]

    def enter(self, error: TrackersyncError | None) -> None:
        """Enter in the ledger what is not in it yet, each with what was found in its place: it may be undone."""
        left = [outcome for outcome in self.outcomes(error) if outcome.change not in self._entered]
        found = [replace(outcome, change=self._renamed(outcome.change)) for outcome in left]
        self.workspace.store.record(self.run, found, at=self.workspace.now())

    def _made_before(self) -> dict[Change, Outcome]:
        settled = self.earlier.moves.settled
        return {change: settled[change] for change in self.changes if change in settled}

    def _as_sent(self, change: Change) -> Change:
        return self.earlier.moves.as_sent(change)


def _wrote_last(entries: Sequence[Entry]) -> Change | None:
    """Of all that was recorded of an issue, newest first, what our comment was last known to say."""
    ours = (each.outcome.change for each in entries if each.outcome.status in DONE)
    return next((change for change in ours if is_comment(change)), None)


def _left_at(issue: Issue, own: Mapping[IssueKey, OwnWrite]) -> datetime:
    """When a person last touched the issue: before our own last write, where nobody touched it since."""
    written = own.get(issue.ref.issue_key)
    return written.active_at if written and written.updated_at == issue.updated_at else issue.updated_at


def _ids(changes: Sequence[Change]) -> list[str]:
    """The issues named in the changes, anchors of moves included, each once."""
    ids = dict.fromkeys(change.ref.id for change in changes)
    for change in changes:
        if is_move(change) and isinstance(change.after, tuple):
            ids[change.after[-1]] = None
    return list(ids)
