"""Adjustments applied to all issues at once, each leaving behind what it did, for the explanation."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from trackersync.model import Issue
from trackersync.scoring.blockers import Blockers, find_blockers
from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import Table, evaluate, quotient, series
from trackersync.scoring.expressions import parse
from trackersync.scoring.rules import Add, Adjustment, HalfLife, Inherit, Multiply


@dataclass(slots=True)
class Applied:
    """One adjustment on all issues."""

    adjustment: Adjustment
    holds: pl.Series
    """Whether `when` holds."""
    amount: pl.Series
    """What the score is multiplied by, what is added, or the score that is inherited from; null: there is none."""
    before: pl.Series
    after: pl.Series
    origins: Mapping[int, int] = field(default_factory=dict)
    """For `inherit`: the row that the score of a row comes from."""
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Ground:
    """What adjustments are worked out on: the issues, their columns and the names of the inputs."""

    issues: Sequence[Issue]
    table: Table
    names: Sequence[str]


def apply_adjustment(adjustment: Adjustment, scores: pl.Series, ground: Ground) -> Applied:
    """The scores after one adjustment; where `when` does not hold or there is no amount, the score as it was.

    A score that outgrows what a number can hold becomes null.
    """
    holds = _holds(adjustment, ground)
    if isinstance(adjustment.action, Inherit):
        return _inherit(adjustment, adjustment.action, holds, scores, ground.issues)
    amount = _amount(adjustment.action, ground)
    combine = operator.add if isinstance(adjustment.action, Add) else operator.mul
    changed = combine(scores, amount)
    after = changed.zip_with(holds & amount.is_not_null(), scores)
    return Applied(adjustment, holds, amount, scores, _finite(after))


def _holds(adjustment: Adjustment, ground: Ground) -> pl.Series:
    if adjustment.when is None:
        return pl.repeat(value=True, n=ground.table.height, dtype=pl.Boolean, eager=True)
    condition = parse(adjustment.when, ground.names, wants=Kind.BOOLEAN)
    return evaluate(condition, ground.table).values.fill_null(value=False)


def _finite(scores: pl.Series) -> pl.Series:
    return scores.zip_with(scores.is_finite().fill_null(value=False), series(Kind.NUMBER, [None]))


def _amount(action: Multiply | Add | HalfLife, ground: Ground) -> pl.Series:
    match action:
        case Multiply(text) | Add(text):
            return _values(text, ground)
        case HalfLife(text, days, floor):
            # A time that has not come yet is no reason to raise a score.
            halvings = quotient(_values(text, ground).clip(lower_bound=0.0), days)
            return (0.5**halvings).clip(floor, 1.0)


def _values(text: str, ground: Ground) -> pl.Series:
    return evaluate(parse(text, ground.names), ground.table).values


def _inherit(
    adjustment: Adjustment, action: Inherit, holds: pl.Series, scores: pl.Series, issues: Sequence[Issue]
) -> Applied:
    blockers = find_blockers(issues, action.link)
    before = scores.to_list()
    origins = blockers.best(before)
    values = [before[origins[row]] if row in origins else None for row in range(len(before))]
    amount = series(Kind.NUMBER, values)
    share = amount * action.share
    raised = share.zip_with((share > scores) & (amount > 0) & holds, scores)
    return Applied(
        adjustment, holds, amount, scores, _finite(raised), origins, _warnings(blockers, issues, action.link)
    )


def _warnings(blockers: Blockers, issues: Sequence[Issue], kind: str) -> tuple[str, ...]:
    return tuple(
        f"{kind} each other in a circle, so they inherit nothing from one another: "
        + ", ".join(str(issues[row].ref) for row in circle)
        for circle in blockers.circles()
    )
