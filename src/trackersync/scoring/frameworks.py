"""The scoring methods that a file may name, and what they say where the team's file is silent."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from trackersync.scoring.framework import Example, Framework, FrameworkInput
from trackersync.scoring.kano import KANO_SURVEY
from trackersync.scoring.published import PUBLISHED
from trackersync.scoring.rules import Input, Rules, Scale

FRAMEWORKS: Mapping[str, Framework] = MappingProxyType({framework.name: framework for framework in PUBLISHED})
"""Every framework by the name it has in the file."""

VARIANTS: Mapping[str, Framework] = MappingProxyType({"kano-survey": KANO_SURVEY})
"""Frameworks whose inputs are come by in another way, by the name of that way; the file names the framework."""


def formula_of(rules: Rules) -> str:
    """The formula of these rules as an expression; empty where `check_rules` has something to say about it."""
    framework = FRAMEWORKS.get(rules.framework)
    if framework is None:
        return ""
    if framework.name == "formula":
        return rules.expression or ""
    if framework.name == "weighted":
        return " + ".join(_term(used.name, used.weight) for used in rules.inputs if used.weight is not None)
    return framework.expression


def worked_formula(framework: Framework, example: Example) -> str:
    """The formula by which an example of this framework was worked out."""
    inputs = tuple(Input(name=each.name, weight=each.weight) for each in example.inputs)
    return formula_of(Rules(framework=framework.name, expression=example.expression or None, inputs=inputs))


def _term(name: str, weight: float) -> str:
    factor = f"{weight:.12g}" if weight >= 0 else f"({weight:.12g})"
    return f"{factor} * {name}" if name.isascii() and name.isidentifier() else f'{factor} * "{name}"'


def scale_of(used: Input, framework: str) -> Scale:
    """The values that an input may take: as declared, else as its words span, else as the framework has it.

    Steps are their own ends.
    """
    if steps := used.scale.steps:
        return Scale(steps[0], steps[-1], steps)
    if used.scale != Scale():
        return used.scale
    if used.values:
        return Scale(min(used.values.values()), max(used.values.values()))
    preset = _preset(used, framework)
    return preset.scale if preset else Scale()


def values_of(used: Input, framework: str) -> Mapping[str, float]:
    """What words are worth for an input, by the word in folded case: the team's, else the framework's."""
    preset = _preset(used, framework)
    words = used.values or (preset.values if preset else {})
    return {word.casefold(): worth for word, worth in words.items()}


def _preset(used: Input, framework: str) -> FrameworkInput | None:
    known = FRAMEWORKS.get(framework)
    return known.input(used.name) if known else None
