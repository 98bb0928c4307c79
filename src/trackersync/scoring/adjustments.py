"""What is done to all scores at once: where each part of the method applies, with which amount, and what comes out."""

from __future__ import annotations

import polars as pl
from msgspec import Struct

from trackersync.scoring.blockers import Blockers
from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import Table, constant, evaluate, otherwise, quotient
from trackersync.scoring.method import Doing, KeepClass, Part, Pursue
from trackersync.scoring.rules import Add, Cap, Exclude, Floor, HalfLife, Inherit, Multiply, Set

APART = 0.49
"""How far from its class a score may be, so that rounding never brings it to the next."""
_HALF = 0.5


class Terms(Struct):
    """One part of the method for all rows."""

    holds: pl.Series
    """Whether it applies."""
    amount: pl.Series
    """What the score is multiplied by, what is added, the score that is inherited from …; null: there is none."""
    origins: pl.Series | None = None
    """The row that a score is inherited from, or the place of the goal in the file."""

    def gather(self, rows: pl.Series) -> Terms:
        """The same for some rows, in any order and as often as they are named."""
        origins = None if self.origins is None else self.origins.gather(rows)
        return Terms(self.holds.gather(rows), self.amount.gather(rows), origins)


class Applied(Struct):
    """One part of the method on all scores."""

    part: Part
    terms: Terms
    before: pl.Series
    after: pl.Series


def terms_of(part: Part, table: Table, scores: pl.Series, base: pl.Series, blockers: Blockers | None) -> Terms:
    """Where a part applies, and with which amount; `base` is the formula's value, `blockers` those of an `inherit`."""
    match part.action:
        case Pursue():
            return _pursued(part.action, table)
        case KeepClass():
            return Terms(_all(table), _factor(scores, base))
        case Inherit():
            assert blockers is not None, "the links are read for every inherit"
            return _inherited(holds_of(part, table), scores, blockers)
        case Exclude():
            return Terms(holds_of(part, table), constant(Kind.NUMBER, None, table.height))
        case HalfLife(_, days, floor):
            # A time that has not come yet is no reason to raise a score.
            halvings = quotient(_amount(part, table).clip(lower_bound=0.0), days)
            return Terms(holds_of(part, table), (0.5**halvings).clip(floor, 1.0))
        case _:
            return Terms(holds_of(part, table), _amount(part, table))


def scores_after(action: Doing, scores: pl.Series, terms: Terms, base: pl.Series) -> pl.Series:
    """The scores after one part: where it does not apply or has no amount, as they were; null stays null.

    A score that outgrows what a number can hold becomes null.
    """
    if isinstance(action, Exclude):
        return otherwise(scores, ~terms.holds, None)
    changed = _changed(action, scores, terms.amount, base)
    there = changed.is_not_null() & scores.is_not_null()
    return finite(otherwise(changed, terms.holds & there, scores))


def _changed(  # noqa: PLR0911 - one for each kind of action
    action: Doing, scores: pl.Series, amount: pl.Series, base: pl.Series
) -> pl.Series:
    match action:
        case Multiply() | HalfLife() | Pursue():
            return scores * amount
        case Add():
            return scores + amount
        case Set() | Exclude():
            return amount
        case Cap():
            return otherwise(scores, scores <= amount, amount)
        case Floor():
            return otherwise(amount, scores < amount, scores)
        case Inherit(_, share):
            raised = amount * share
            return otherwise(raised, (raised > scores) & (amount > 0), scores)
        case KeepClass():
            return base + _kept((scores - base) * amount)


def _kept(distance: pl.Series) -> pl.Series:
    """Distances of scores from their class as they are, and what goes further than any did short of half a point.

    None goes further but where other values are tried than those that the amount was found for.
    """
    near = distance.clip(-APART, APART)
    beyond = distance - near
    return near + beyond / (beyond.abs() + 1) * (_HALF - APART)


def finite(scores: pl.Series) -> pl.Series:
    """Null for whatever is not finite."""
    return otherwise(scores, scores.is_finite(), None)


def _all(table: Table) -> pl.Series:
    return constant(Kind.BOOLEAN, value=True, height=table.height)


def holds_of(part: Part, table: Table) -> pl.Series:
    """Where a part applies; not where that is not known."""
    return _all(table) if part.when is None else evaluate(part.when, table).values.fill_null(value=False)


def _amount(part: Part, table: Table) -> pl.Series:
    assert part.amount is not None, "actions without an expression are told apart before"
    return evaluate(part.amount, table).values


def _pursued(action: Pursue, table: Table) -> Terms:
    """The weightiest goal of each row, of equals the first in the file."""
    weight = constant(Kind.NUMBER, None, table.height)
    origins = pl.repeat(None, table.height, dtype=pl.UInt32, eager=True)
    heaviest_last = sorted(range(len(action.goals)), key=lambda place: (action.goals[place][0].weight, -place))
    for place in heaviest_last:
        goal, condition = action.goals[place]
        met = evaluate(condition, table).values
        weight = otherwise(constant(Kind.NUMBER, goal.weight, table.height), met, weight)
        origins = otherwise(pl.repeat(place, table.height, dtype=pl.UInt32, eager=True), met, origins)
    return Terms(weight.is_not_null(), weight, origins)


def _inherited(holds: pl.Series, scores: pl.Series, blockers: Blockers) -> Terms:
    """The best score among all that a row blocks; of equals that of the first row."""
    nothing = pl.repeat(None, len(scores), dtype=pl.UInt32, eager=True)
    best_first = _best_first(scores)
    places = nothing.clone().scatter(best_first, pl.int_range(len(best_first), dtype=pl.UInt32, eager=True))
    best = blockers.best(places.to_list())
    if not best:
        return Terms(holds, constant(Kind.NUMBER, None, len(scores)), nothing)
    heirs, found = (pl.Series(values=list(each), dtype=pl.UInt32) for each in (best.keys(), best.values()))
    origins = nothing.scatter(heirs, best_first.gather(found))
    return Terms(holds, scores.gather(origins), origins)


def _best_first(scores: pl.Series) -> pl.Series:
    """The rows that have a score, best first; of equals in their own order."""
    rows = pl.DataFrame({"score": scores}).with_row_index("row").drop_nulls()
    return rows.sort("score", descending=True, maintain_order=True)["row"]


def _factor(scores: pl.Series, base: pl.Series) -> pl.Series:
    """What all distances from their class are multiplied by, so that none of them reaches the next class."""
    distance = (scores - base).abs()
    furthest = distance.max()
    shrunk = APART / furthest if isinstance(furthest, float) and furthest > APART else 1.0
    return constant(Kind.NUMBER, shrunk, len(scores))
