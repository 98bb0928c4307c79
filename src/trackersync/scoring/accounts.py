"""How every ranked issue came by its place, for those who look through the whole list: `explain` tells of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import polars as pl
from msgspec import Struct

from trackersync.scoring.bands import assign_bands
from trackersync.scoring.calculation import Calculation
from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import constant, evaluate, otherwise
from trackersync.scoring.explain import InputUse, uses_of
from trackersync.scoring.expressions import Expression
from trackersync.scoring.method import Pursue
from trackersync.scoring.rules import Band
from trackersync.scoring.steps import Step, steps_of

HORIZONS = ("now", "next", "later")
"""The period that begins, the one after it, and everything else."""


class Account(Struct, frozen=True, kw_only=True):
    """One ranked issue."""

    steps: tuple[Step, ...]
    reasons: int
    """How many of the steps come before the score is normalised: those that `why` chooses from."""
    uses: tuple[InputUse, ...]
    size: float | None
    """What it takes, in the unit of the rules; None where nobody knows."""
    goal: str | None
    """The weightiest goal that it serves."""


class Axes(Struct, frozen=True, kw_only=True):
    """What the issues can be told apart by in a plane: what they give, against what they take."""

    across: str
    up: str
    points: Sequence[tuple[float | None, float | None]]
    """(across, up) of every ranked issue, first to last."""


def accounts_of(calculation: Calculation, *, now: datetime) -> Iterator[Account]:
    """Every ranked issue, first to last."""
    sizes, goals = sizes_of(calculation), _goals(calculation)
    for row in calculation.order.to_list():
        yield Account(
            steps=tuple(steps_of(calculation, row)),
            reasons=1 + len(calculation.applied),
            uses=tuple(uses_of(calculation, row, now)),
            size=sizes[row],
            goal=goals.get(row),
        )


def sizes_of(calculation: Calculation) -> list[float | None]:
    """By row what an issue takes: the rules' effort, else what its tracker estimates."""
    known = calculation.table.columns.get(calculation.method.size)
    if known is not None:
        return known.to_list()
    if calculation.method.size != "estimate":
        return [None] * calculation.backlog.height
    return [issue.estimate for issue in calculation.backlog.issues]


def horizons(calculation: Calculation, capacity: float) -> list[str]:
    """Of every ranked issue, first to last, which of `HORIZONS` it falls into, when so much fits into a period."""
    first, second, rest = HORIZONS
    bands = [Band(name=first, capacity=capacity), Band(name=second, capacity=capacity), Band(name=rest)]
    sizes = pl.Series(values=sizes_of(calculation), dtype=pl.Float64).gather(calculation.order)
    scores = calculation.scores.gather(calculation.order)
    return assign_bands(bands, 0.0, scores, constant(Kind.TEXT, None, len(scores)), sizes).to_list()


def _goals(calculation: Calculation) -> Mapping[int, str]:
    """By row the weightiest goal."""
    for applied in calculation.applied:
        if isinstance(applied.part.action, Pursue) and applied.terms.origins is not None:
            served = applied.part.action.goals
            places = enumerate(applied.terms.origins.to_list())
            return {row: served[place][0].name for row, place in places if place is not None}
    return {}


def axes_of(calculation: Calculation) -> Axes | None:
    """Value against effort where the rules know an effort, else the two inputs that go most with the score.

    The value is what the formula divides by the effort; where it does not divide by it, the score. None where there are
    not two things to be told apart by.
    """
    size = calculation.method.size
    if size in calculation.inputs:
        name, values = _value(calculation, size)
        return _axes(calculation, (size, calculation.table.columns[size]), (name, values))
    strongest = _strongest_inputs(calculation)
    if not strongest:
        return None
    first = strongest[0]
    second = strongest[1:2] or [("score", calculation.scores)]
    return _axes(calculation, first, second[0])


def _value(calculation: Calculation, size: str) -> tuple[str, pl.Series]:
    root = calculation.method.formula.root
    if root.op == "/" and size in Expression("", root.args[1], ()).names:
        return "value", evaluate(Expression("", root.args[0], ()), calculation.table).values
    return "score", calculation.scores


def _strongest_inputs(calculation: Calculation) -> list[tuple[str, pl.Series]]:
    """The inputs that differ between ranked issues, first the one whose order is most like that of the scores."""
    order = calculation.order
    ranks = calculation.scores.gather(order).rank()
    found = []
    for name, column in calculation.inputs.items():
        values = otherwise(column.values, column.values.is_not_null(), None)
        likeness = pl.DataFrame({"ours": values.gather(order).rank(), "theirs": ranks}).select(
            pl.corr("ours", "theirs")
        )
        number = likeness.item()
        if number is not None and abs(number) > 0:
            found.append((-abs(number), name, values))
    return [(name, values) for _, name, values in sorted(found, key=lambda each: each[:2])]


def _axes(calculation: Calculation, across: tuple[str, pl.Series], up: tuple[str, pl.Series]) -> Axes:
    points = (each.gather(calculation.order).to_list() for each in (across[1], up[1]))
    return Axes(across=across[0], up=up[0], points=list(zip(*points, strict=True)))
