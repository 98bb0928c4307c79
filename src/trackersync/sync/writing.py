"""The changes of one tracker: read, left alone or written, read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from msgspec import Struct, field

from trackersync.change import Change, Outcome, OwnWrite, Status
from trackersync.connector import Target
from trackersync.errors import TrackerError
from trackersync.model import Issue, IssueKey
from trackersync.plan.settle import settle, verify
from trackersync.sync.workspace import Workspace

DONE = frozenset({Status.APPLIED, Status.UNCHANGED})
WROTE = frozenset({Status.APPLIED, Status.UNKNOWN})


class RunResult(Struct):
    """What became of one apply."""

    run: str
    outcomes: list[Outcome] = field(default_factory=list)
    """One for every change of the plan, final."""
    errors: dict[str, TrackerError] = field(default_factory=dict)
    """What stopped a whole tracker."""

    @property
    def counts(self) -> Counter[Status]:
        """How many changes ended how."""
        return Counter(outcome.status for outcome in self.outcomes)

    @property
    def complete(self) -> bool:
        """Whether everything that was planned now stands in the trackers."""
        return all(outcome.status in DONE for outcome in self.outcomes)


class Writer(Struct, frozen=True):
    """Writes the changes of one tracker in one run."""

    workspace: Workspace
    target: Target
    result: RunResult
    notify: bool
    own: Mapping[IssueKey, OwnWrite]

    def write(self, changes: Sequence[Change]) -> Iterator[int]:
        """Yield how many changes have an outcome; what stops the tracker ends up in the result's errors."""
        done = 0
        for chunk in chunks(changes, self.target.capabilities.batch):
            outcomes = self._write_chunk(chunk)
            self.workspace.store.record(self.result.run, outcomes, at=self.workspace.now())
            self.result.outcomes += outcomes
            done += len(outcomes)
            yield done

    def _write_chunk(self, chunk: Sequence[Change]) -> list[Outcome]:
        """Read, leave alone what changed, write the rest, read again: one final outcome for each change."""
        known: dict[Change, Outcome] = {}
        try:
            if self.target.tracker in self.result.errors:
                raise self.result.errors[self.target.tracker]
            current = self.target.fetch(_ids(chunk))
            known = {change: outcome for change in chunk if (outcome := settle(change, current))}
            writing = [change for change in chunk if change not in known]
            self._note_in_flight(writing)
            for outcome in self.target.apply(writing, current, notify=self.notify):
                known[outcome.change] = outcome
            known |= self._verify([known[change] for change in writing], current)
        except TrackerError as error:
            self.result.errors[self.target.tracker] = error
            lost = f"not attempted: {error.message}"
            known = {change: Outcome(change, Status.REJECTED, lost) for change in chunk} | known
        return [known[change] for change in chunk]

    def _note_in_flight(self, changes: Sequence[Change]) -> None:
        """Before anything is sent; a move is none of it, since no reading tells whether it was made."""
        values = [change for change in changes if change.target.kind != "order"]
        self.workspace.store.note_in_flight(self.result.run, values, at=self.workspace.now())

    def _verify(self, outcomes: Sequence[Outcome], before: Mapping[str, Issue]) -> dict[Change, Outcome]:
        """The outcomes as the tracker shows them when read again; remembers how to recognise our own writes."""
        written = {o.change.ref.id for o in outcomes if o.status in WROTE and o.change.target.kind != "order"}
        after = self.target.fetch(sorted(written)) if written else {}
        self.workspace.store.save_own_writes(
            OwnWrite(issue.ref, issue.updated_at, _left_at(before[id_], self.own)) for id_, issue in after.items()
        )
        return {outcome.change: verify(outcome, after.get(outcome.change.ref.id)) for outcome in outcomes}


def _left_at(issue: Issue, own: Mapping[IssueKey, OwnWrite]) -> datetime:
    """When a person last touched the issue: before our own last write, where nobody touched it since."""
    written = own.get(issue.ref.issue_key)
    return written.active_at if written and written.updated_at == issue.updated_at else issue.updated_at


def chunks(changes: Sequence[Change], issues: int) -> Iterator[list[Change]]:
    """Changes of so many issues at a time, the changes of one issue together."""
    by_issue = [list(group) for _, group in groupby(changes, key=lambda change: change.ref.issue_key)]
    for start in range(0, len(by_issue), issues):
        yield [change for group in by_issue[start : start + issues] for change in group]


def _ids(changes: Sequence[Change]) -> list[str]:
    """The issues named in the changes, anchors of moves included, each once."""
    ids = dict.fromkeys(change.ref.id for change in changes)
    for change in changes:
        if change.target.kind == "order" and isinstance(change.after, tuple):
            ids[change.after[1]] = None
    return list(ids)
