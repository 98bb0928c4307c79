"""Which band is above that of an issue, and what score would take the issue there."""

from __future__ import annotations

import polars as pl

from trackersync.scoring.bands import kind_of, reaches
from trackersync.scoring.calculation import Calculation
from trackersync.scoring.normalization import normalize_again, round_scores
from trackersync.scoring.sensitivity import Reached


def band_above(calculation: Calculation, row: int) -> tuple[str, Reached] | None:
    """The band above that of this row, and what adjusted scores would take the row there; None where none is above."""
    rules, band = calculation.method.rules, calculation.bands[row]
    names = [each.name for each in rules.bands]
    above = names.index(band) - 1 if band else len(names) - 1
    if above < 0:
        return None
    find = _by_score if kind_of(rules.bands) == "min_score" else _by_place
    reached = find(calculation, row, above)
    return None if reached is None else (names[above], reached)


def _edge(calculation: Calculation, row: int, above: int) -> float:
    """Down to where the band above, or one higher still, takes this row: earlier or later by the hysteresis.

    The band of before holds on to the row, whether that is above and the row may return, or below and it has to leave.
    """
    rules, before = calculation.method.rules, calculation.bands_before[row]
    found = reaches(rules.bands, rules.hysteresis, len(calculation.order))
    edge = found[above].edge
    for place, reach in enumerate(found):
        if reach.name == before:
            return max(edge, reach.stays_until) if place <= above else min(edge, reach.stays_below)
    return edge


def _by_score(calculation: Calculation, row: int, above: int) -> Reached:
    rules, least = calculation.method.rules, -_edge(calculation, row, above)
    others = calculation.adjusted.gather(calculation.order.filter(calculation.order != row))

    def reached(scores: pl.Series) -> pl.Series:
        again = normalize_again(scores, rules.normalize, calculation.span, others)
        return round_scores(again, rules.round) >= least

    return reached


def _by_place(calculation: Calculation, row: int, above: int) -> Reached | None:
    """It has to come before the last one that the band above takes; None where that takes none."""
    rules = calculation.method.rules
    if kind_of(rules.bands) == "capacity":
        # Room for a larger one is room for this one: what fills up before either is the same.
        sizes, size = calculation.sizes(), calculation.sizes()[row]
        held = (calculation.bands == rules.bands[above].name) & (sizes >= size) if size is not None else None
        last = None if held is None else max((calculation.ranks[each] for each in held.arg_true()), default=None)
    else:
        last = int(_edge(calculation, row, above))
    if last is None or last < 1:
        return None
    bar = calculation.adjusted[calculation.order[last - 1]]
    return lambda scores: scores > bar
