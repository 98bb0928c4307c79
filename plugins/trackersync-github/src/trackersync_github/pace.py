"""How many mutations go in one request, and how many requests some changes take; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from trackersync.change import Change, issues_at_a_time
from trackersync.model import Value

FIRST_BATCH = 20
"""Mutations in one request: as many as GitHub's own github-mcp-server sends (projects_batch_mutation)."""

LARGEST_BATCH = 50
SMALLEST_BATCH = 5
_STEP = 15
_ISSUES_AT_ONCE = 100
"""As many as are read, written and read again at a time, see `Capabilities.batch`."""


@dataclass(slots=True)
class Pace:
    """The size of the next request: larger after one that was full and went well, half as large after trouble."""

    size: int = FIRST_BATCH
    _most: int = LARGEST_BATCH

    def went_well(self) -> None:
        """One of this size was no trouble."""
        self.size = min(self.size + _STEP, self._most)

    def was_trouble(self) -> None:
        """One of this size was too much, and none as large is tried again."""
        self.size = self._most = max(SMALLEST_BATCH, self.size // 2)


def waves(changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    """What is sent first, and then what may need its answers: the items of issues that are put on the project."""
    first: list[Change] = []
    rest: list[Change] = []
    for change in changes:
        (first if is_added(change) else rest).append(change)
    return first, rest


def is_added(change: Change) -> bool:
    """Whether the change puts an issue on the project."""
    return change.target.kind == "project_item" and bool(change.after)


def requests_for(changes: Sequence[Change]) -> int:
    """The batches, and before the first of them the facts and the look-up of labels."""
    if not changes:
        return 0
    return 1 + any(change.target.kind == "labels" for change in changes) + batches(changes)


def batches(changes: Sequence[Change]) -> int:
    """The requests that write these changes, where all goes well."""
    pace = Pace()
    return sum(_batches(wave, pace) for some in issues_at_a_time(changes, _ISSUES_AT_ONCE) for wave in waves(some))


def _batches(changes: Sequence[Change], pace: Pace) -> int:
    count = room = 0
    for weight in _weights(changes):
        if weight > room:
            if count:
                pace.went_well()
            count, room = count + 1, pace.size
        room -= weight
    return count


def _weights(changes: Sequence[Change]) -> Iterator[int]:
    """How many mutations each takes: a band label for another two, all issue fields of one issue one."""
    with_fields: set[str] = set()
    for change in changes:
        if change.target.kind == "labels":
            before, after = _labels(change.before), _labels(change.after)
            yield bool(before - after) + bool(after - before)
        elif change.target.kind == "field":
            yield change.ref.id not in with_fields
            with_fields.add(change.ref.id)
        else:
            yield 1


def _labels(value: Value) -> set[str]:
    return set(value) if isinstance(value, tuple) else set()
