"""Scores on a scale from 0 to 100, and rounded; both keep the order."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import polars as pl

from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import Table, evaluate, otherwise, quotient, series
from trackersync.scoring.expressions import Expression
from trackersync.scoring.rules import Normalization, Scale

_FULL = 100.0
_HALF = 50.0
_WHOLE = 2.0**52
"""From here on every floating point number is a whole one."""


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
    return _between(scores, low, high)


def _between(scores: pl.Series, low: float, high: float) -> pl.Series:
    if not low < high:
        return scores * 0 + _HALF
    # Halves, because the distance between two finite numbers need not be finite.
    return (quotient(scores / 2 - low / 2, high / 2 - low / 2) * _FULL).clip(0.0, _FULL)


def normalize_again(
    scores: pl.Series, how: Normalization, span: tuple[float, float] | None, others: pl.Series
) -> pl.Series:
    """What single scores would come to beside `others`, which stay as they are.

    Each is looked at by itself; a score beyond all others counts as the end of the scale.
    """
    others = others.drop_nulls().sort()
    if how == "none" or not len(others):
        return scores if how == "none" else scores * 0 + _HALF
    if how == "percentile":
        known = scores.fill_null(0.0)
        below, until = others.search_sorted(known, side="left"), others.search_sorted(known, side="right")
        return otherwise(
            quotient((below.cast(pl.Float64) + until) / 2 * _FULL, len(others)), scores.is_not_null(), None
        )
    low, high = span if how == "fixed" and span else (_end(others.min()), _end(others.max()))
    if how == "minmax" and low == high:
        return (scores - low).sign() * _HALF + _HALF
    return _between(scores, low, high)


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


def round_scores(scores: pl.Series, digits: int) -> pl.Series:
    """Rounded to so many digits, halves to even; never a negative zero."""
    factor = 10.0**digits
    scaled = scores * factor
    rounded = quotient(scaled.round(0, mode="half_to_even"), factor)
    # Beyond this a number has no digits left to round away, and more would not be finite.
    rounded = otherwise(rounded, scaled.abs() < _WHOLE, scores)
    return otherwise(rounded.abs(), rounded == 0, rounded)
