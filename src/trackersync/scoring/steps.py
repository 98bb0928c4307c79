"""The waterfall of one score: from 0 through the formula and every adjustment to the number that is written.

Each step begins where the one before ended, and all of them are decimals: their deltas add up to the score exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal

import polars as pl

from trackersync.scoring.adjustments import Applied
from trackersync.scoring.calculation import Calculation
from trackersync.scoring.expressions import Expression, parse
from trackersync.scoring.rules import Add, HalfLife, Inherit, Multiply

# Wide enough for the difference of any two finite floats.
_EXACT = Context(prec=1100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
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


def filled(calculation: Calculation, expression: Expression, row: int) -> str:
    """An expression's text with this issue's numbers in the places of names; `?` for a value that is not there."""
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
    rules = calculation.rules
    yield Step(
        name=rules.framework,
        because=None,
        operation=filled(calculation, calculation.formula, row),
        applied=True,
        before=Decimal(0),
        after=_decimal(calculation.base[row]),
    )
    for applied in calculation.steps:
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


_NORMALIZING = {
    "percentile": "the percent of the other issues that score less",
    "minmax": "0 for the lowest score in the list, 100 for the highest",
    "fixed": "0 for the least and 100 for the most that the scales allow",
}


def _decimal(value: float | None) -> Decimal:
    assert value is not None, "a row with a score has every step before it"
    return Decimal(repr(value))


def _adjusted(calculation: Calculation, applied: Applied, row: int) -> Step:
    adjustment = applied.adjustment
    before, after, amount = _decimal(applied.before[row]), _decimal(applied.after[row]), applied.amount[row]
    if not applied.holds[row]:
        operation, did = f"only when {adjustment.when}", False
    elif amount is None:
        operation, did = _NOTHING[type(adjustment.action)], False
    else:
        operation = _operation(calculation, applied, row, amount)
        did = before != after or not isinstance(adjustment.action, Inherit)
    return Step(
        name=adjustment.name,
        because=adjustment.because,
        operation=operation,
        applied=did,
        before=before,
        after=after,
    )


_NOTHING = {
    Multiply: "no value: nothing multiplied",
    Add: "no value: nothing added",
    HalfLife: "no value: nothing faded",
    Inherit: "it blocks no issue that has a score",
}


def _operation(calculation: Calculation, applied: Applied, row: int, amount: float) -> str:
    action = applied.adjustment.action
    match action:
        case Multiply(text):
            return f"× {amount:.6g}{_origin(text, amount)}"
        case Add(text):
            return f"{'+' if amount >= 0 else '−'} {abs(amount):.6g}{_origin(text, amount)}"
        case HalfLife(of, days, floor):
            time = filled(calculation, parse(of, list(calculation.inputs)), row)
            return f"× {amount:.6g} (half-life {days:g} days, {of} = {time}, never below {floor:g})"
        case Inherit(_, share):
            source = calculation.issues[applied.origins[row]].ref
            return f"at least {share:g} × {amount:.6g}, the score of {source}, which it blocks"


def _origin(text: str, amount: float) -> str:
    """What the amount was worked out from, unless the file says just that number."""
    return "" if text.strip() in {f"{amount:.6g}", str(amount)} else f" ({text})"
