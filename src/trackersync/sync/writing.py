"""The changes of one tracker: a chunk at a time, until something stops the tracker or the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec import Struct, field

from trackersync.change import Change, Outcome, OwnWrite, Status, issues_at_a_time
from trackersync.connector import Target
from trackersync.errors import StoreError, TrackerError, TrackersyncError
from trackersync.model import IssueKey
from trackersync.plan.document import Plan
from trackersync.sync.chunk import DONE, Chunk
from trackersync.sync.resuming import Earlier, look_back
from trackersync.sync.workspace import Progress, Workspace, silent


class RunResult(Struct):
    """What became of one apply."""

    run: str
    outcomes: list[Outcome] = field(default_factory=list)
    """One for every change of the plan, final."""
    errors: dict[str, TrackerError] = field(default_factory=dict)
    """What stopped a whole tracker."""
    stopped: StoreError | None = None
    """What stopped them all: nothing is sent that could not be noted before."""

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
    plan: Plan
    result: RunResult
    own: Mapping[IssueKey, OwnWrite]

    def write(self, changes: Sequence[Change], progress: Progress = silent) -> None:
        """Carry out the changes; what stops the tracker or the run ends up in the result."""
        earlier, done = self._look_back(), 0
        for some in issues_at_a_time(changes, self.target.capabilities.batch):

            def told(known: int, before: int = done) -> None:
                progress(self.target.tracker, before + known, len(changes))

            self._carry_out(chunk := self._chunk(some, earlier, told))
            self.result.outcomes += chunk.outcomes(self._error)
            told(len(some))
            done += len(some)

    def _chunk(self, changes: Sequence[Change], earlier: Earlier, told: Callable[[int], object]) -> Chunk:
        return Chunk(self.workspace, self.target, self.plan, self.result.run, self.own, earlier, changes, told)

    def _look_back(self) -> Earlier:
        found = [Earlier()]
        if self._error is None:
            with self._stopping():
                found.append(look_back(self.workspace, self.target, self.plan))
        return found[-1]

    def _carry_out(self, chunk: Chunk) -> None:
        if self._error is None:
            with self._stopping():
                chunk.read()
                with self._stopping():
                    chunk.send()
                # Whatever stopped it: of what was sent before, the tracker is asked what became of it.
                chunk.read_again(keep=self.result.stopped is None)
        if self.result.stopped is None:
            with self._stopping():
                chunk.enter(self._error)

    @property
    def _error(self) -> TrackersyncError | None:
        return self.result.stopped or self.result.errors.get(self.target.tracker)

    @contextmanager
    def _stopping(self) -> Iterator[None]:
        """What goes wrong within stops the tracker or, where it is the store, the run."""
        try:
            yield
        except TrackerError as error:
            self.result.errors.setdefault(self.target.tracker, error)
        except StoreError as error:
            self.result.stopped = self.result.stopped or error
