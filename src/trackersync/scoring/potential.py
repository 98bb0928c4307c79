"""What an answer could change: the best rank that each issue with gaps could come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from trackersync.scoring.analysis import direction
from trackersync.scoring.calculation import Calculation, rescore
from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import constant, otherwise
from trackersync.scoring.gaps import InputColumn


def best_ranks(calculation: Calculation, rows: Sequence[int]) -> dict[int, int]:
    """By row that has no score, the rank it would have with the best answers to all that it lacks.

    The best is an end of the input's scale and, where that is open, what is seen at most on the others. A row that
    would have no score even so is left out.
    """
    chosen = pl.Series(values=rows, dtype=pl.UInt32)
    best = constant(Kind.NUMBER, None, len(rows))
    for answers in _answers(calculation, chosen):
        scores = rescore(calculation, chosen, answers)
        best = otherwise(scores, (scores > best) | best.is_null(), best)
    ranked = calculation.adjusted.gather(calculation.order).sort()
    better = len(ranked) - ranked.search_sorted(best.fill_null(0.0), side="right")
    return {row: 1 + above for row, above, score in zip(rows, better, best, strict=True) if score is not None}


def _answers(calculation: Calculation, rows: pl.Series) -> Iterator[Mapping[str, pl.Series]]:
    """The gaps filled with the better end of every scale; where the formula does not tell which, with either."""
    gaps = [
        (column, direction(calculation.method.formula.root, name))
        for name, column in calculation.inputs.items()
        if column.expression is None and column.values.gather(rows).null_count()
    ]
    for unclear in (1, -1) if any(sign not in {1, -1} for _, sign in gaps) else (1,):
        yield {column.used.name: _filled(column, rows, sign or unclear) for column, sign in gaps}


def _filled(column: InputColumn, rows: pl.Series, sign: int) -> pl.Series:
    known, scale, seen = column.values.gather(rows), column.scale, column.read.values
    end, furthest = (scale.max, seen.max()) if sign > 0 else (scale.min, seen.min())
    best = end if end is not None else furthest
    return known.fill_null(best) if isinstance(best, int | float) else known
