"""What an answer could change: the best rank that each issue with gaps could come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

import polars as pl

from trackersync.scoring.analysis import direction
from trackersync.scoring.calculation import Calculation, rescore
from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import constant, otherwise
from trackersync.scoring.sensitivity import only_values

_MOST = 64
"""Combinations of answers that are tried where the formula does not tell which are the best."""


def best_ranks(calculation: Calculation, rows: Sequence[int]) -> dict[int, int]:
    """By row that has no score, the rank it would have with the best answers to all that it lacks.

    The best is an end of the input's scale and, where that is open, what is seen at most on the others. Where the
    formula does not tell which end, all that people can give is tried. A row that would have no score even so is left
    out.
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
    """The gaps filled with one answer to each input, in every combination of those that may be the best."""
    gaps = {
        name: known
        for name, column in calculation.inputs.items()
        if column.expression is None and (known := column.values.gather(rows)).null_count()
    }
    tried = [_tried(calculation, name) for name in gaps]
    for answers in islice(product(*tried), _MOST):
        yield {
            name: known if answer is None else known.fill_null(answer)
            for (name, known), answer in zip(gaps.items(), answers, strict=True)
        }


def _tried(calculation: Calculation, name: str) -> Sequence[float | None]:
    """The best answer where the formula tells which it is, else all that people can give, else both ends."""
    column = calculation.inputs[name]
    scale, seen = column.scale, column.read.values
    least, most = _first(scale.min, seen.min()), _first(scale.max, seen.max())
    match direction(calculation.method.formula.root, name):
        case 1:
            return (most,)
        case -1:
            return (least,)
        case _:
            return only_values(calculation, column) or (most, least)


def _first(end: float | None, seen: object) -> float | None:
    """The end of a scale and, where that is open, the furthest value seen, if any."""
    return end if end is not None or not isinstance(seen, int | float) else seen
