"""The waterfall of one score: from 0 through the formula and every adjustment to the number that is written.

Each step begins where the one before ended, and all of them are decimals: their deltas add up to the score exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal

import polars as pl
from msgspec import Struct

from trackersync.scoring.adjustments import Applied
from trackersync.scoring.calculation import Calculation
from trackersync.scoring.expressions import Expression
from trackersync.scoring.figures import figure
from trackersync.scoring.method import Doing, KeepClass, Pursue
from trackersync.scoring.rules import Add, Cap, Exclude, Floor, HalfLife, Inherit, Multiply, Set

# Wide enough for the difference of any two finite floats.
_EXACT = Context(prec=1100)


class Step(Struct, frozen=True, kw_only=True):
    """One step of the way from 0 to the score."""

    name: str
    because: str | None
    operation: str
    """What was done, with its numbers; or why nothing was."""
    applied: bool
    before: Decimal
    after: Decimal

    @property
    def delta(self) -> Decimal:
        """What the step added, exactly; negative where it took away."""
        return _EXACT.subtract(self.after, self.before)


def filled_in(calculation: Calculation, expression: Expression, row: int) -> str:
    """An expression with the values of one issue in the places of names; `?` where nothing is known."""
    columns = calculation.table.columns
    return expression.filled({name: _shown(columns[name][row]) for name in expression.names})


def _shown(value: object) -> str:
    match value:
        case None:
            return "?"
        case float():
            return f"{value:.10g}"
        case pl.Series():
            return f"({', '.join(repr(text) for text in value)})"
        case _:
            return repr(value)


def steps_of(calculation: Calculation, row: int) -> Iterator[Step]:
    """Every step of an issue that has a score, in order; also the adjustments that did not apply, marked so."""
    rules = calculation.method.rules
    yield Step(
        name=rules.framework,
        because=None,
        operation=filled_in(calculation, calculation.method.formula, row),
        applied=True,
        before=Decimal(0),
        after=_decimal(calculation.base[row]),
    )
    for applied in calculation.applied:
        yield _adjusted(calculation, applied, row)
    adjusted, normalized = _decimal(calculation.adjusted[row]), _decimal(calculation.normalized[row])
    if rules.normalize != "none":
        yield Step(
            name=rules.normalize,
            because=None,
            operation=_NORMALIZING[rules.normalize],
            applied=True,
            before=adjusted,
            after=normalized,
        )
    score = _decimal(calculation.scores[row])
    digits = f"to {rules.round} digits after the point" if rules.round else "to a whole number"
    yield Step(
        name="round", because=None, operation=digits, applied=score != normalized, before=normalized, after=score
    )


def before_normalizing(calculation: Calculation, row: int) -> list[Step]:
    """The formula and what comes after it, without what makes a score of all scores."""
    return list(steps_of(calculation, row))[: 1 + len(calculation.applied)]


def strongest(calculation: Calculation, row: int, count: int = 2) -> tuple[Step, ...]:
    """The steps that did most to a score before it was normalised, in the order in which they were done."""
    return strongest_of(before_normalizing(calculation, row), count)


def strongest_of(steps: Sequence[Step], count: int = 2) -> tuple[Step, ...]:
    """Those of these steps that did most, in their order; one that did nothing is no reason."""
    did = sorted((step for step in steps if step.delta), key=lambda step: -abs(step.delta))[:count]
    return tuple(step for step in steps if any(step is each for each in did))


def points_of(calculation: Calculation) -> list[tuple[tuple[str, float], ...]]:
    """Of each ranked issue, first to last, by name what the formula and each part after it added to the score.

    The same as the steps before it is normalised, but for what added nothing, as numbers of twelve digits.
    """
    base = calculation.base.gather(calculation.order)
    added = [[(calculation.method.rules.framework, points) for points in base.to_list()]]
    for applied in calculation.applied:
        deltas = (applied.after - applied.before).gather(calculation.order).to_list()
        added.append(list(zip(_names(calculation, applied), deltas, strict=True)))
    return [tuple((name, _rounded(points)) for name, points in row if points) for row in zip(*added, strict=True)]


def _names(calculation: Calculation, applied: Applied) -> list[str]:
    """Of each ranked issue what the part is called there."""
    name, action, origins = applied.part.name, applied.part.action, applied.terms.origins
    if not isinstance(action, Pursue) or origins is None:
        return [name] * len(calculation.order)
    return [name if goal is None else _goal_name(action, goal) for goal in origins.gather(calculation.order).to_list()]


def _goal_name(action: Pursue, goal: int) -> str:
    return f"goal {action.goals[goal][0].name}"


def _rounded(points: float) -> float:
    return float(f"{points:.12g}")


_NORMALIZING = {
    "percentile": "the percent of the other issues that score less, equals counting half",
    "minmax": "0 for the lowest score in the list, 100 for the highest",
    "fixed": "0 for the least and 100 for the most that the scales allow",
}


def _decimal(value: float | None) -> Decimal:
    assert value is not None, "a row with a score has every step before it"
    return Decimal(repr(value))


def _adjusted(calculation: Calculation, applied: Applied, row: int) -> Step:
    part, terms = applied.part, applied.terms
    before, after, amount = _decimal(applied.before[row]), _decimal(applied.after[row]), terms.amount[row]
    name, because = part.name, part.because
    if isinstance(part.action, Pursue) and terms.origins is not None and terms.origins[row] is not None:
        name, because = _goal_name(part.action, origin := terms.origins[row]), part.action.goals[origin][0].because
    if not terms.holds[row]:
        operation = f"only when {part.when.text}" if part.when else _NOTHING[type(part.action)]
    elif amount is None:
        operation = _nothing(calculation, part.action, row)
    else:
        operation = _operation(calculation, applied, row, amount)
    did = terms.holds[row] and amount is not None and (before != after or not isinstance(part.action, _SILENT))
    return Step(name=name, because=because, operation=operation, applied=did, before=before, after=after)


_SILENT = (Inherit, Cap, Floor, KeepClass)
"""What leaves a score alone that needs no change is not said to have been applied."""

_NOTHING = {
    Pursue: "it serves no goal",
    Multiply: "no value: nothing multiplied",
    Add: "no value: nothing added",
    Set: "no value: nothing set",
    Cap: "no value: no upper limit",
    Floor: "no value: no lower limit",
    HalfLife: "no value: nothing faded",
    Inherit: "it blocks no issue that has a score",
}


def _nothing(calculation: Calculation, action: Doing, row: int) -> str:
    """Why an action that was to be done had nothing to do it with."""
    if isinstance(action, Inherit) and any(row in circle for circle in calculation.blockers[action.link].circles):
        return "of issues that have a score it blocks only those that block it in turn"
    return _NOTHING[type(action)]


def _operation(  # noqa: PLR0911 - one for each kind of action
    calculation: Calculation, applied: Applied, row: int, amount: float
) -> str:
    part, origins = applied.part, applied.terms.origins
    number = f"{figure(amount)}{_origin(part.amount.text if part.amount else '', amount)}"
    match part.action:
        case Pursue() | Multiply():
            return f"× {number}"
        case Add():
            return f"+ {number}" if amount >= 0 else f"− {number.removeprefix('-')}"
        case Set():
            return f"= {number}, whatever it was"
        case Cap():
            return f"at most {number}"
        case Floor():
            return f"at least {number}"
        case HalfLife(of, days, floor):
            assert part.amount is not None, "a half-life is the half-life of something"
            time = filled_in(calculation, part.amount, row)
            return f"× {amount:.6g} (half-life {days:g} days, {of} = {time}, never below {floor:g})"
        case Inherit(_, share):
            assert origins is not None, "what is inherited is inherited from somewhere"
            source = calculation.backlog.issues[origins[row]].ref
            return f"at least {share:g} × {figure(amount)}, the score of {source}, which it blocks"
        case KeepClass() | Exclude():
            return f"its distance from class {calculation.base[row]:g} × {amount:.6g}"


def _origin(text: str, amount: float) -> str:
    """What the amount was worked out from, unless the file says just that number."""
    return "" if not text or text.strip() in {figure(amount), str(amount)} else f" ({text})"
