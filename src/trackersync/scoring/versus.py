"""Two issues side by side: what separates them, and the least that would make them change places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from trackersync.errors import TrackersyncError
from trackersync.model import Issue, IssueKey
from trackersync.scoring.calculation import Calculation, calculate
from trackersync.scoring.engine import NO_BANDS
from trackersync.scoring.explain import Explanation, explain_one, find_issue, row_of
from trackersync.scoring.figures import figure
from trackersync.scoring.rules import Rules
from trackersync.scoring.sensitivity import Way, ways


class Apart(Struct, frozen=True):
    """One thing in which two issues differ: an input, or what a step did to the score."""

    name: str
    higher: str
    lower: str


class Versus(Struct, frozen=True, kw_only=True):
    """What separates two ranked issues, and what would make them change places."""

    higher: Explanation
    lower: Explanation
    apart: tuple[Apart, ...]
    ways: tuple[Way, ...]
    """The least change of each input of either that makes them change places, smallest first."""


def versus(
    issues: Sequence[Issue],
    rules: Rules,
    names: tuple[str | IssueKey, str | IssueKey],
    *,
    now: datetime,
    bands_before: Mapping[IssueKey, str] = NO_BANDS,
) -> Versus:
    """What separates two issues, which may be named in either order, and the least that would swap them.

    Raises `TrackersyncError` also where one of them has no rank, or both are the same.
    """
    found = [find_issue(issues, name) for name in names]
    if found[0].ref == found[1].ref:
        raise TrackersyncError(f"{found[0].ref} is compared with itself", hint="name two issues")
    calculation = calculate(issues, rules, now=now, bands_before=bands_before)
    explained = [explain_one(calculation, issue, now=now) for issue in found]
    for explanation in explained:
        if explanation.rank is None:
            raise TrackersyncError(f"{explanation.issue.ref} has no rank: {explanation.detail}")
    higher, lower = sorted(explained, key=lambda explanation: explanation.rank or 0)
    return Versus(
        higher=higher, lower=lower, apart=tuple(_apart(higher, lower)),
        ways=tuple(_swaps(calculation, row_of(calculation, higher.issue), row_of(calculation, lower.issue))),
    )  # fmt: skip


def _apart(higher: Explanation, lower: Explanation) -> Iterator[Apart]:
    """The inputs that differ, then the steps that did different things."""
    for above, below in zip(higher.inputs, lower.inputs, strict=True):
        if above.value != below.value:
            yield Apart(above.name, _text(above.value), _text(below.value))
    for one, other in zip(higher.steps[1:], lower.steps[1:], strict=True):
        did = (one.operation if one.applied else "–", other.operation if other.applied else "–")
        if did[0] != did[1] and one.name != "round":
            yield Apart(one.name if one.applied else other.name, *did)


def _text(value: float | str | tuple[str, ...] | None) -> str:
    match value:
        case None:
            return "–"
        case float():
            return figure(value)
        case str():
            return value
        case _:
            return ", ".join(value)


def _swaps(calculation: Calculation, higher: int, lower: int) -> list[Way]:
    above, below = calculation.adjusted[higher], calculation.adjusted[lower]
    raising = ways(calculation, lower, lambda scores: scores > above)
    sinking = ways(calculation, higher, lambda scores: scores < below)
    return sorted((*raising, *sinking), key=lambda way: (way.share, way.input, str(way.issue.ref)))
