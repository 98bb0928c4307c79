"""Scores on a scale from 0 to 100, and rounded; both keep the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import polars as pl

from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import Table, evaluate, quotient, series
from trackersync.scoring.expressions import Expression
from trackersync.scoring.rules import Normalization, Scale

_FULL = 100.0
_HALF = 50.0


def normalize(scores: pl.Series, how: Normalization, span: tuple[float, float] | None) -> pl.Series:
    """The scores on the scale asked for; null stays null.

    `percentile`: the percent of the other issues that score less, those that score the same counting half.
    `minmax`: 0 for the lowest score there is, 100 for the highest. `fixed`: 0 and 100 for the ends of `span`, which
    adjustments may not leave. Where there is nothing to compare with, 50.
    """
    if how == "none" or scores.count() == 0:
        return scores
    if how == "percentile":
        others = scores.count() - 1
        return quotient((scores.rank("average") - 1) * _FULL, others) if others else scores * 0 + _HALF
    low, high = span if how == "fixed" and span else (_end(scores.min()), _end(scores.max()))
    if not low < high:
        return scores * 0 + _HALF
    # Halves, because the distance between two finite numbers need not be finite.
    return (quotient(scores / 2 - low / 2, high / 2 - low / 2) * _FULL).clip(0.0, _FULL)


def _end(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def span_of(formula: Expression, scales: Mapping[str, Scale]) -> tuple[float, float] | None:
    """The lowest and highest value of a formula with every input at one end of its scale or the other."""
    names = sorted(formula.names)
    ends = [(scales[name].min, scales[name].max) for name in names]
    corners = list(product(*ends))
    columns = {name: series(Kind.NUMBER, [corner[index] for corner in corners]) for index, name in enumerate(names)}
    values = evaluate(formula, Table(len(corners), columns)).values.drop_nulls()
    return (_end(values.min()), _end(values.max())) if len(values) else None


def round_scores(scores: Sequence[float | None], digits: int) -> list[float | None]:
    """Rounded to so many digits, halves to even; never a negative zero."""
    return [None if score is None else round(score, digits) + 0.0 for score in scores]
