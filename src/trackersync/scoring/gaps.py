"""Inputs as columns over all issues, with what stands in for the values that are missing."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from msgspec import Struct

from trackersync.scoring.analysis import direction
from trackersync.scoring.backlog import ReadInput
from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import Table, constant, evaluate, otherwise
from trackersync.scoring.expressions import Expression
from trackersync.scoring.frameworks import scale_of
from trackersync.scoring.inputs import Reading, off_scale
from trackersync.scoring.method import Method
from trackersync.scoring.rules import Input, Scale


class InputColumn(Struct):
    """One input of all issues: what was read or computed, and what stands in where nothing was."""

    used: Input
    scale: Scale
    expression: Expression | None
    """What it is computed by, None where it is read."""
    read: ReadInput
    stand_in: float | None
    """The value where an issue has none; None: it blocks."""
    values: pl.Series
    """With the stand-in filled in; null where the input is missing or cannot be used."""

    def is_missing(self, row: int) -> bool:
        """Whether an issue has no value of its own; one that cannot be used is not missing."""
        return self.read.values[row] is None and not self.read.unusable[row]


def input_column(
    used: Input, expression: Expression | None, read: ReadInput | None, method: Method, table: Table
) -> InputColumn:
    """One input with its gaps filled; `read` is None for one that is computed from what `table` holds."""
    scale = scale_of(used, method.rules.framework)
    found = computed(expression, table, scale) if expression else read
    assert found is not None, "what is not computed was read"
    stand_in = _stand_in(used, found.values, scale, direction(method.formula.root, used.name))
    return InputColumn(used, scale, expression, found, stand_in, filled(found, stand_in))


def filled(read: ReadInput, stand_in: float | None) -> pl.Series:
    """The values with what stands in for those that are missing."""
    if stand_in is None:
        return read.values
    missing = read.values.is_null() & ~read.unusable
    return otherwise(constant(Kind.NUMBER, stand_in, len(missing)), missing, read.values)


def computed(expression: Expression, table: Table, scale: Scale) -> ReadInput:
    """An input that is computed, where its expression has a value that is on its scale."""
    result = evaluate(expression, table)
    values, failures = result.values, result.failures
    on_scale = _on_scale(values, scale)
    failed = constant(Kind.BOOLEAN, value=False, height=len(values))
    if failures:
        failed = failed.scatter(list(failures), True)  # noqa: FBT003 - polars' signature
    unusable = (failed & values.is_null()) | ~on_scale

    def reading(row: int) -> Reading:
        value = values[row]
        problem = failures.get(row) if value is None else off_scale(value, scale)
        return Reading(None if problem else value, value, f"computed: {expression.text}", problem)

    return ReadInput(otherwise(values, on_scale, None), unusable, reading)


def _on_scale(values: pl.Series, scale: Scale) -> pl.Series:
    """Whether each is on the scale; what is not there is not off it."""
    on_scale = constant(Kind.BOOLEAN, value=True, height=len(values))
    if scale.min is not None:
        on_scale &= values >= scale.min
    if scale.max is not None:
        on_scale &= values <= scale.max
    if scale.steps:
        on_scale &= values.is_in(list(map(float, scale.steps)))
    return on_scale.fill_null(value=True)


def _stand_in(used: Input, values: pl.Series, scale: Scale, sign: int | None) -> float | None:
    """What the input's policy puts in the place of a missing value.

    `neutral` is the median of what the others have and, where none has any, the middle of a scale with two ends;
    `worst` is the worse end of the scale and, where it is open, the worst that anyone has. Without either: None.
    """
    known = values.drop_nulls()
    match used.missing.policy:
        case "default":
            return used.missing.default
        case "neutral":
            return _float(known.median()) if len(known) else _middle(scale)
        case "worst":
            end, seen = (scale.min, known.min()) if sign == 1 else (scale.max, known.max())
            return end if end is not None else _float(seen)
        case "block":
            return None


def _middle(scale: Scale) -> float | None:
    return None if scale.min is None or scale.max is None else scale.min / 2 + scale.max / 2


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def why_missing(name: str, inputs: Mapping[str, InputColumn], row: int) -> str:
    """In words, why this issue has no value for an input."""
    column = inputs[name]
    reading = column.read.reading(row)
    if reading.problem is not None:
        return f"{name}: {reading.problem} ({reading.origin})"
    if column.used.missing.policy != "block":
        return f"{name}: nothing to take its {column.used.missing.policy} value from ({reading.origin})"
    return f"{name}: no value ({reading.origin})"


def unfilled(name: str, inputs: Mapping[str, InputColumn], row: int) -> tuple[str, ...]:
    """The inputs that somebody would have to fill in to give `name` a value: itself, or what it is computed from."""
    column = inputs[name]
    if column.expression is None or column.read.unusable[row]:
        return (name,)
    names = column.expression.names & inputs.keys()
    below = [
        leaf for other in sorted(names) if inputs[other].values[row] is None for leaf in unfilled(other, inputs, row)
    ]
    return tuple(dict.fromkeys(below)) or (name,)
