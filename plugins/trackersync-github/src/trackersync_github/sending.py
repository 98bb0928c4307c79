"""Sends mutations, several in a request, and tells what became of every change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from trackersync.change import Change, Outcome, Status
from trackersync.errors import ConflictError, InvalidResponseError, ItemError, TrackerError, UnavailableError
from trackersync.transport import GraphQLResult
from trackersync_github import documents
from trackersync_github.client import GitHubClient
from trackersync_github.writing import Operation

LARGEST_BATCH = 20
"""Mutations in one request: as many as GitHub's own github-mcp-server sends (projects_batch_mutation)."""

SMALLEST_BATCH = 5
GIVE_UP = 3
"""So many requests without an answer in a row, and it is not the request that is at fault."""

_TROUBLE = ("something went wrong", "timed out", "timeout", "resource limits")
"""GitHub's words for a mutation that it may or may not have finished."""

Verdict = tuple[Status, str]
"""What became of one mutation, and GitHub's words where it did not succeed."""


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


def batches(weights: Iterable[int]) -> int:
    """How many requests changes of so many mutations each are packed into."""
    count = room = 0
    for weight in weights:
        if weight > room:
            count, room = count + 1, LARGEST_BATCH
        room -= weight
    return count


@dataclass(slots=True)
class Sender:
    """Packs changes into requests, never one into two; a size that GitHub broke down over is not tried again."""

    client: GitHubClient
    _size: int = field(default=LARGEST_BATCH, init=False)
    _broken: int = field(default=0, init=False)

    def send(self, prepared: Iterable[Prepared]) -> Iterator[Outcome]:
        """One outcome for each change, in order. Raises what stops the tracker; changes after that were not sent."""
        batch: list[Prepared] = []
        for one in prepared:
            if batch and sum(len(other.operations) for other in batch) + len(one.operations) > self._size:
                yield from self._send(batch)
                batch = []
            batch.append(one)
        yield from self._send(batch)

    def _send(self, batch: Sequence[Prepared]) -> Iterator[Outcome]:
        operations = [operation for one in batch for operation in one.operations]
        verdicts, stop = self._ask(operations) if operations else ([], None)
        told = iter(verdicts)
        for one in batch:
            own = [next(told) for _ in one.operations]
            yield one.settled or _outcome(one.change, own)
        if stop:
            raise stop

    def _ask(self, operations: Sequence[Operation]) -> tuple[list[Verdict], TrackerError | None]:
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
            self._size = max(SMALLEST_BATCH, self._size // 2)
            unknown = [(Status.UNKNOWN, error.message)] * len(operations)
            return unknown, error if self._broken >= GIVE_UP else None
        except InvalidResponseError as error:
            return [(Status.UNKNOWN, error.message)] * len(operations), error
        except ItemError as error:
            return [(Status.REJECTED, error.message)] * len(operations), None
        self._broken = 0
        return [_verdict(result, f"m{i}") for i in range(len(operations))], None


def _verdict(result: GraphQLResult, alias: str) -> Verdict:
    """What became of one mutation: done, if there is an answer and no error of its own."""
    own = [error for error in result.errors if error.path and error.path[0] == alias]
    if result.data.get(alias) is not None and not own:
        return Status.APPLIED, ""
    # An error without a path is about the whole request, such as a document that GitHub does not accept.
    words = "; ".join(error.message for error in own or result.errors if own or not error.path)
    unknown = not words or any(trouble in words.lower() for trouble in _TROUBLE)
    return (Status.UNKNOWN if unknown else Status.REJECTED), words or "GitHub did not say what became of it"


def _outcome(change: Change, verdicts: Sequence[Verdict]) -> Outcome:
    """A change stands only where every part of it does; where one part is unknown, so is the whole."""
    failed = [verdict for verdict in verdicts if verdict[0] is not Status.APPLIED]
    if not failed:
        return Outcome(change, Status.APPLIED)
    status = Status.UNKNOWN if any(one is Status.UNKNOWN for one, _ in failed) else Status.REJECTED
    return Outcome(change, status, "; ".join(dict.fromkeys(words for _, words in failed)))
