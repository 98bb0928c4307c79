"""Sends mutations, several in a request, and tells what became of every change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from trackersync.change import Change, Outcome, Status
from trackersync.errors import ConflictError, InvalidResponseError, ItemError, TrackerError, UnavailableError
from trackersync.transport import GraphQLResult
from trackersync_github import documents
from trackersync_github.client import GitHubClient
from trackersync_github.pace import Pace
from trackersync_github.writing import Operation

GIVE_UP = 3
"""So many requests without an answer in a row, and it is not the request that is at fault."""

_TROUBLE = ("something went wrong", "timed out", "timeout", "resource limits")
"""GitHub's words for a mutation that it may or may not have finished."""


class Verdict(NamedTuple):
    """What became of one mutation: GitHub's words where it did not succeed, else its answer."""

    status: Status
    words: str = ""
    answer: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A change and what carries it out, or what became of it before anything was sent."""

    change: Change
    operations: tuple[Operation, ...] = ()
    settled: Outcome | None = None


def refused(change: Change, error: ItemError) -> Prepared:
    """A change that cannot be asked for."""
    status = Status.CONFLICT if isinstance(error, ConflictError) else Status.REJECTED
    return Prepared(change, settled=Outcome(change, status, error.message))


def composed(change: Change, operations: tuple[Operation, ...]) -> Prepared:
    """A change ready to be sent; one without operations stands already."""
    settled = None if operations else Outcome(change, Status.UNCHANGED, "it was there already")
    return Prepared(change, operations, settled)


@dataclass(slots=True)
class Sender:
    """Packs changes into requests, never one into two; a size that GitHub broke down over is not tried again."""

    client: GitHubClient
    told: dict[Operation, Verdict] = field(default_factory=dict, init=False)
    """What became of all that the last call of `send` sent."""
    _pace: Pace = field(default_factory=Pace, init=False)
    _broken: int = field(default=0, init=False)

    def send(self, prepared: Iterable[Prepared]) -> Iterator[Outcome]:
        """One outcome for each change, in order. Raises what stops the tracker; changes after that were not sent.

        An operation that several changes share is sent once.
        """
        self.told = {}
        batch: list[Prepared] = []
        waiting: dict[Operation, None] = {}
        for one in prepared:
            own = {operation: None for operation in one.operations if operation not in self.told}
            if waiting and len(waiting | own) > self._pace.size:
                yield from self._send(batch, list(waiting), full=True)
                batch, waiting = [], {}
                own = {operation: None for operation in own if operation not in self.told}
            batch.append(one)
            waiting |= own
        yield from self._send(batch, list(waiting), full=False)

    def _send(self, batch: Sequence[Prepared], operations: Sequence[Operation], *, full: bool) -> Iterator[Outcome]:
        verdicts, stop = self._ask(operations, full=full) if operations else ([], None)
        self.told |= zip(operations, verdicts, strict=True)
        for one in batch:
            yield one.settled or _outcome(one.change, [self.told[operation] for operation in one.operations])
        if stop:
            raise stop

    def _ask(self, operations: Sequence[Operation], *, full: bool) -> tuple[list[Verdict], TrackerError | None]:
        """A verdict for each operation, and the error that stops the tracker after these."""
        document = documents.mutations([operation.mutation for operation in operations])
        try:
            inputs = {f"m{i}": op.input for i, op in enumerate(operations)}
            pieces = sum(op.mutation in documents.CONTENT for op in operations)
            result = self.client.mutate(document, inputs, pieces=pieces)
        except UnavailableError as error:
            if not error.sent:
                raise
            self._broken += 1
            self._pace.was_trouble()
            unknown = [Verdict(Status.UNKNOWN, error.message)] * len(operations)
            return unknown, error if self._broken >= GIVE_UP else None
        except InvalidResponseError as error:
            return [Verdict(Status.UNKNOWN, error.message)] * len(operations), error
        except ItemError as error:
            return [Verdict(Status.REJECTED, error.message)] * len(operations), None
        self._broken = 0
        verdicts = [_verdict(result, f"m{i}") for i in range(len(operations))]
        if any(verdict.status is Status.UNKNOWN for verdict in verdicts):
            self._pace.was_trouble()
        elif full:
            self._pace.went_well()
        return verdicts, None


def _verdict(result: GraphQLResult, alias: str) -> Verdict:
    """What became of one mutation: done, if there is an answer and no error of its own."""
    own = [error for error in result.errors if error.path and error.path[0] == alias]
    answer = result.data.get(alias)
    if answer is not None and not own:
        return Verdict(Status.APPLIED, answer=answer)
    # An error without a path is about the whole request, such as a document that GitHub does not accept.
    words = "; ".join(error.message for error in own or result.errors if own or not error.path)
    unknown = not words or any(trouble in words.lower() for trouble in _TROUBLE)
    return Verdict(Status.UNKNOWN if unknown else Status.REJECTED, words or "GitHub did not say what became of it")


def _outcome(change: Change, verdicts: Sequence[Verdict]) -> Outcome:
    """A change stands only where every part of it does; where one part is unknown, so is the whole."""
    failed = [verdict for verdict in verdicts if verdict.status is not Status.APPLIED]
    if not failed:
        return Outcome(change, Status.APPLIED)
    status = Status.UNKNOWN if any(verdict.status is Status.UNKNOWN for verdict in failed) else Status.REJECTED
    return Outcome(change, status, "; ".join(dict.fromkeys(verdict.words for verdict in failed)))
