"""The least change of one input that takes an issue where it is not: past another, or into the next band."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import polars as pl
from msgspec import Struct

from trackersync.model import Issue
from trackersync.scoring.calculation import Calculation, rescore
from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import series
from trackersync.scoring.frameworks import values_of
from trackersync.scoring.gaps import InputColumn
from trackersync.scoring.inputs import off_scale

Reached = Callable[[pl.Series], pl.Series]
"""Tells of adjusted scores whether they are where one wants to be."""

_DISTANCES = 400
_FINEST, _FURTHEST = 1e-9, 1e3
"""Of the span of what there is: the least change that is looked at, and the most where a scale has no end."""
_RATIO = (_FURTHEST / _FINEST) ** (1 / _DISTANCES)
_PARTS = 100
_DIGITS = (2, 3, 4)
"""How finely a change is told: first to a hundredth of it, and only where that is not enough finer."""


class Way(Struct, frozen=True):
    """A change of one input of one issue that is enough, all else being as it is."""

    issue: Issue
    input: str
    before: float
    after: float
    share: float
    """The size of the change, as a share of the input's scale or, where it is open, of what there is."""


def ways(calculation: Calculation, row: int, reached: Reached) -> list[Way]:
    """For every input with which it can be done the least change of it, the smallest change first."""
    found = (_way(calculation, row, column, reached) for column in calculation.inputs.values())
    return sorted((way for way in found if way), key=lambda way: (way.share, way.input))


def _way(calculation: Calculation, row: int, column: InputColumn, reached: Reached) -> Way | None:
    before = column.values[row]
    if column.expression is not None or before is None:
        return None

    def enough(values: Sequence[float]) -> list[float]:
        rows = pl.repeat(row, len(values), dtype=pl.UInt32, eager=True)
        scores = rescore(calculation, rows, {column.used.name: series(Kind.NUMBER, values)})
        there = (reached(scores) & scores.is_not_null()).to_list()
        return [value for value, is_there in zip(values, there, strict=True) if is_there]

    after = _nearest(before, column, enough, only_values(calculation, column))
    if after is None:
        return None
    issue = calculation.backlog.issues[row]
    return Way(issue, column.used.name, before, after, abs(after - before) / _span(column))


def only_values(calculation: Calculation, column: InputColumn) -> Sequence[float]:
    """The only values that people can give, where the input has steps or words; empty where it has neither."""
    words = values_of(column.used, calculation.method.rules.framework)
    return column.scale.steps or sorted(set(words.values()))


def _nearest(
    before: float, column: InputColumn, enough: Callable[[Sequence[float]], list[float]], only: Sequence[float]
) -> float | None:
    """The value nearest to the one of before with which it is enough, in as few digits as will do."""

    def near(values: Sequence[float]) -> float | None:
        return min(enough(values), key=lambda value: (abs(value - before), value), default=None)

    if only:
        return near(only)
    found = near([value for value in _around(before, column) if off_scale(value, column.scale) is None])
    if found is None:
        return None
    # Between here and the value tried before, closer and closer; then the roundest number that is still enough.
    gap = (found - before) * (1 - 1 / _RATIO)
    for _ in range(2):
        found = near([found - gap * part / _PARTS for part in range(_PARTS + 1)]) or found
        gap /= _PARTS
    rounder = [value for value in _rounded(found, before) if off_scale(value, column.scale) is None]
    return next((value for value in rounder if enough([value])), found)


def _span(column: InputColumn) -> float:
    scale, seen = column.scale, column.values
    if scale.min is not None and scale.max is not None and scale.max > scale.min:
        return scale.max - scale.min
    low, high = seen.min(), seen.max()
    assert isinstance(low, float), "the issue itself has a value"
    assert isinstance(high, float), "the issue itself has a value"
    return (high - low) or abs(high) or 1.0


def _around(before: float, column: InputColumn) -> Iterator[float]:
    """Values ever further away on both sides, and the ends of the scale."""
    for unit in {_span(column), abs(before) or 1.0}:  # one value of 1e300 must not make all others look alike
        distance = _FINEST * unit
        for _ in range(_DISTANCES):
            yield before + distance
            yield before - distance
            distance *= _RATIO
    yield from (end for end in (column.scale.min, column.scale.max) if end is not None)


def _rounded(value: float, before: float) -> Iterator[float]:
    """The value in few digits, rounded away from the one of before."""
    away = math.ceil if value > before else math.floor
    magnitude = math.floor(math.log10(abs(value - before))) if value != before else 0
    for digits in _DIGITS:
        unit = 10.0 ** (magnitude - digits)
        yield float(f"{away(value / unit) * unit:.12g}")
