"""Inputs as columns over all issues, with what stands in for the values that are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from trackersync.model import Issue
from trackersync.scoring.analysis import direction
from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import Result, Table, evaluate, series
from trackersync.scoring.expressions import Expression, parse
from trackersync.scoring.frameworks import scale_of, values_of
from trackersync.scoring.inputs import InputReader, Reading, off_scale
from trackersync.scoring.rules import Input, Rules, Scale


@dataclass(slots=True)
class InputColumn:
    """One input of all issues: what was read or computed, and what stands in where nothing was."""

    used: Input
    readings: Sequence[Reading]
    stand_in: float | None
    """The value where an issue has none; None: it blocks."""
    values: pl.Series = field(init=False)
    """With the stand-in filled in; null where the input is missing or cannot be used."""

    def __post_init__(self) -> None:
        filled = [self.stand_in if is_missing(reading) else reading.value for reading in self.readings]
        self.values = series(Kind.NUMBER, filled)


def is_missing(reading: Reading) -> bool:
    """Whether an issue has no value of its own; one that cannot be used is not missing."""
    return reading.value is None and reading.problem is None


def input_column(used: Input, issues: Sequence[Issue], rules: Rules, table: Table, formula: Expression) -> InputColumn:
    """Read or compute one input of all issues; `table` holds all that it is computed from."""
    scale = scale_of(used, rules.framework)
    if used.expression is not None:
        expression = parse(used.expression, [other.name for other in rules.inputs])
        readings = _computed(expression, evaluate(expression, table), scale)
    else:
        reader = InputReader(used, scale, values_of(used, rules.framework))
        readings = [reader.read(issue) for issue in issues]
    return InputColumn(used, readings, _stand_in(used, readings, scale, direction(formula.root, used.name)))


def _computed(expression: Expression, result: Result, scale: Scale) -> list[Reading]:
    origin = f"computed: {expression.text}"
    readings = []
    for row, value in enumerate(result.values.to_list()):
        problem = result.failures.get(row) if value is None else off_scale(value, scale)
        readings.append(Reading(None if problem else value, value, origin, problem))
    return readings


def _stand_in(used: Input, readings: Sequence[Reading], scale: Scale, sign: int | None) -> float | None:
    """What the input's policy puts in the place of a missing value.

    `neutral` is the median of what the others have and, where none has any, the middle of a scale with two ends;
    `worst` is the worse end of the scale and, where it is open, the worst that anyone has. Without either: None.
    """
    known = pl.Series(values=[reading.value for reading in readings], dtype=pl.Float64).drop_nulls()
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
    reading = column.readings[row]
    if reading.problem is not None:
        return f"{name}: {reading.problem} ({reading.origin})"
    if column.used.missing.policy != "block":
        return f"{name}: nothing to take its {column.used.missing.policy} value from ({reading.origin})"
    return f"{name}: no value ({reading.origin})"


def unfilled(name: str, inputs: Mapping[str, InputColumn], row: int) -> tuple[str, ...]:
    """The inputs that somebody would have to fill in to give `name` a value: itself, or what it is computed from."""
    column = inputs[name]
    if column.used.expression is None or column.readings[row].problem is not None:
        return (name,)
    names = parse(column.used.expression, list(inputs)).names & inputs.keys()
    below = [
        leaf for other in sorted(names) if inputs[other].values[row] is None for leaf in unfilled(other, inputs, row)
    ]
    return tuple(dict.fromkeys(below)) or (name,)
