"""Published scoring methods as tables and as plain data, their cases with the numbers filled in.

The JSON is stable: keys are added, never renamed or removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from trackersync.report.tables import Table

if TYPE_CHECKING:
    from trackersync.scoring.framework import Example, Framework, FrameworkInput
    from trackersync.scoring.rules import Scale

_LEFT_TO_THE_TEAM = {"weighted": "the sum of weight * input", "formula": "the team's own"}


def frameworks_table(frameworks: Mapping[str, Framework]) -> Table:
    """What each framework is and, below that, its formula; by the name it is asked for with."""
    rows: list[tuple[str, str]] = []
    for name, framework in frameworks.items():
        rows += [(name, framework.doc), ("", formula_text(framework))]
    return Table([("Framework", ""), ("What it is, and its formula", "")], rows)


def formula_text(framework: Framework) -> str:
    """The formula over the inputs, or in words where the two come from."""
    text = framework.expression or _LEFT_TO_THE_TEAM[framework.name]
    if not any(each.expression for each in framework.inputs):
        return text
    return f"{text}, from {' and '.join(each.name for each in framework.inputs if not each.expression)}"


def inputs_table(framework: Framework) -> Table:
    """What the framework is made of, or its first case where that is left to the team."""
    rows = [(each.name, "; ".join(_told(each))) for each in framework.first_inputs]
    return Table([("Input", ""), ("What it is", "")], rows)


def _told(each: FrameworkInput) -> Iterator[str]:
    yield each.doc
    yield scale_text(each.scale)
    if each.allowed:
        yield f"the method's own values are {values_text(each)}"
    if each.relative:
        yield f"one issue should have the smallest, {each.scale.min:g}"
    if each.weight is not None:
        yield f"weight {each.weight:g}"
    if each.expression:
        yield f"computed: {each.expression}"


def scale_text(scale: Scale) -> str:
    """`0.25 to 3`, `from 0`."""
    if scale.max is None:
        return "any number" if scale.min is None else f"from {scale.min:g}"
    return f"up to {scale.max:g}" if scale.min is None else f"{scale.min:g} to {scale.max:g}"


def values_text(each: FrameworkInput) -> str:
    """The method's own values, each with the words for it: `4 must-be or basic, 3 one-dimensional or performance`."""
    words = {value: [word for word, worth in each.values.items() if worth == value] for value in each.allowed}
    return ", ".join(f"{value:g} {' or '.join(words[value])}".strip() for value in each.allowed)


def published(framework: Framework) -> Iterator[tuple[str, list[str]]]:
    """Each source, with the cases from it worked out: `450 * 3 * 1 / 2 = 675`."""
    for source, cases in groupby(framework.examples, key=lambda example: example.source):
        yield source, [worked_text(framework, case) for case in cases]


def worked_text(framework: Framework, example: Example) -> str:
    """`450 * 3 * 1 / 2 = 675`; of a class what was given, in words: `moscow must = 4 (must)`."""
    equal = "=" if example.digits is None else "≈"
    if not framework.classes:
        return f"{filled_text(framework, example)} {equal} {example.score:.10g}"
    known = {each.name: each for each in framework.inputs}
    given = ", ".join(f"{name} {_word(known[name], value)}" for name, value in example.given.items())
    return f"{given} {equal} {example.score:g} ({_word(known[framework.name], example.score)})"


def _word(each: FrameworkInput, value: float) -> str:
    return next(word for word, worth in each.values.items() if worth == value)


def filled_text(framework: Framework, example: Example) -> str:
    """The formula with the numbers of a case in it."""
    from trackersync.scoring.expressions import parse
    from trackersync.scoring.frameworks import worked_formula

    names = [each.name for each in example.inputs or framework.inputs]
    values = {name: f"{value:.10g}" for name, value in example.given.items()}
    return parse(worked_formula(framework, example), names).filled(values)


def framework_document(name: str, framework: Framework) -> dict[str, Any]:
    """A framework as plain data."""
    return {
        "name": name,
        "framework": framework.name,
        "doc": framework.doc,
        "formula": framework.expression or None,
        "classes": framework.classes,
        "source": framework.source,
        "inputs": [_input_document(each) for each in framework.inputs],
        "examples": [_example_document(framework, each) for each in framework.examples],
    }


def _input_document(each: FrameworkInput) -> dict[str, Any]:
    return {
        "name": each.name,
        "doc": each.doc,
        "min": each.scale.min,
        "max": each.scale.max,
        "own_values": list(each.allowed),
        "words": dict(each.values),
        "relative": each.relative,
        "weight": each.weight,
        "expression": each.expression or None,
    }


def _example_document(framework: Framework, example: Example) -> dict[str, Any]:
    return {
        "given": dict(example.given),
        "inputs": [_input_document(each) for each in example.inputs],
        "filled": filled_text(framework, example),
        "score": example.score,
        "digits": example.digits,
        "source": example.source,
    }
