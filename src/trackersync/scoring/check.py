"""Everything that can be wrong with rules before any issue is read, all of it at once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from trackersync.errors import Problem
from trackersync.scoring.analysis import direction, divisors
from trackersync.scoring.check_bands import check_bands
from trackersync.scoring.columns import COLUMNS, Kind
from trackersync.scoring.expressions import Expression, ExpressionError, nearest, parse
from trackersync.scoring.frameworks import FRAMEWORKS, formula_of, scale_of
from trackersync.scoring.grammar import KEYWORDS
from trackersync.scoring.inputs import off_scale
from trackersync.scoring.rules import Add, Adjustment, HalfLife, Inherit, Input, Multiply, Rules, Scale

Path = tuple[str | int, ...]
_MAX_DIGITS = 10


def check_rules(rules: Rules) -> list[Problem]:
    """All problems of these rules; each `path` is the key's place in the file, so that its line can be found.

    Rules without a problem can be scored with: `score` refuses none that this accepts.
    """
    return [
        *_check_framework(rules),
        *_check_inputs(rules),
        *_check_formula(rules),
        *_check_adjustments(rules),
        *_check_rounding(rules),
        *check_bands(rules.bands, rules.hysteresis),
    ]


def input_order(rules: Rules) -> list[Input]:
    """The inputs in an order in which each comes after those that it is computed from.

    Raises `graphlib.CycleError` with the cycle's names, `ExpressionError` for an input that cannot be parsed.
    """
    names = [used.name for used in rules.inputs]
    by_name = {used.name: used for used in rules.inputs}
    needs = {
        used.name: sorted(parse(used.expression, names).names & by_name.keys()) if used.expression else []
        for used in rules.inputs
    }
    return [by_name[name] for name in TopologicalSorter(needs).static_order()]


def _check_framework(rules: Rules) -> Iterator[Problem]:
    path = ("scoring", "framework")
    framework = FRAMEWORKS.get(rules.framework)
    if framework is None:
        near = nearest(rules.framework, FRAMEWORKS)
        hint = f"did you mean {near}?" if near else f"one of {', '.join(FRAMEWORKS)}"
        yield Problem(f"unknown framework `{rules.framework}`", path, hint=hint)
        return
    if framework.name == "formula" and not rules.expression:
        yield Problem("`formula` needs the team's own `expression`", path, hint="add scoring.expression")
    if framework.name != "formula" and rules.expression is not None:
        message = f"`{framework.name}` has a formula of its own"
        yield Problem(message, ("scoring", "expression"), hint="remove it, or name the framework `formula`")
    if framework.name == "weighted" and not formula_of(rules):
        yield Problem("`weighted` needs a `weight` on at least one input", path)
    names = [used.name for used in rules.inputs]
    for wanted in framework.inputs:
        if wanted.name not in names:
            near = nearest(wanted.name, names)
            hint = f"did you mean {near}?" if near else f"{wanted.name}: {wanted.doc}"
            yield Problem(f"`{framework.name}` needs the input `{wanted.name}`", path, hint=hint)


def _check_inputs(rules: Rules) -> Iterator[Problem]:
    names = [used.name for used in rules.inputs]
    for used in rules.inputs:
        path = ("inputs", used.name)
        yield from _check_name(used.name, path, names)
        yield from _check_origin(used, path)
        yield from _check_scale(used, rules.framework, path)
        if used.weight is not None and rules.framework != "weighted":
            yield Problem("only the `weighted` framework has weights", (*path, "weight"))
        if used.expression is not None:
            yield from _check_expression(used.expression, names, (*path, "expression"))
    try:
        input_order(rules)
    except CycleError as error:
        cycle = list(reversed(error.args[1]))
        message = f"computed from itself: {' → '.join(cycle)}"
        yield Problem(message, ("inputs", cycle[0], "expression"))
    except ExpressionError:
        return


def _check_name(name: str, path: Path, names: list[str]) -> Iterator[Problem]:
    if name in COLUMNS:
        yield Problem(f"`{name}` is a built-in column already", path, hint="give the input another name")
    elif name.upper() in KEYWORDS or '"' in name or not name.strip():
        yield Problem(f"`{name}` cannot be a name in an expression", path, hint="give the input another name")
    if names.count(name) > 1:
        yield Problem(f"there are several inputs `{name}`", path)


def _check_origin(used: Input, path: Path) -> Iterator[Problem]:
    if used.expression is None and not used.sources:
        yield Problem("it is neither read (`from`) nor computed (`expression`)", path)
    if used.expression is not None and used.sources:
        yield Problem("it is both read (`from`) and computed (`expression`)", path, hint="keep one of them")
    for where, source in used.sources.items():
        if source.kind == "label" and source.name.count("{value}") != 1:
            hint = f'for example label: "{used.name}/{{value}}"'
            yield Problem(f"`{source.name}` does not say where the value stands", (*path, "from", where), hint=hint)


def _check_scale(used: Input, framework: str, path: Path) -> Iterator[Problem]:
    scale = scale_of(used, framework)
    numbers = (scale.min, scale.max, used.missing.default, used.weight, *(used.values or {}).values())
    if any(number is not None and not math.isfinite(number) for number in numbers):
        yield Problem("its scale, values, default and weight are finite numbers", path)
        return
    if scale.min is not None and scale.max is not None and scale.min > scale.max:
        yield Problem(f"it begins at {scale.min:g} and ends at {scale.max:g}", (*path, "scale"))
        return
    for word, worth in (used.values or {}).items():
        if problem := off_scale(worth, scale):
            yield Problem(problem, (*path, "values", word))
    default = used.missing.default
    if used.missing.policy == "default" and default is None:
        yield Problem("there is no default to stand in", (*path, "missing"))
    elif default is not None and (problem := off_scale(default, scale)):
        yield Problem(problem, (*path, "missing"))


def _check_expression(text: str, names: list[str], path: Path, wants: Kind = Kind.NUMBER) -> Iterator[Problem]:
    try:
        parse(text, names, wants=wants)
    except ExpressionError as error:
        yield from error.placed(path)


def _check_formula(rules: Rules) -> Iterator[Problem]:
    text = formula_of(rules)
    if not text:
        return
    # Inputs that a preset lacks have been reported in the words of the framework; all else is checked nevertheless.
    names = {used.name for used in rules.inputs} | {wanted.name for wanted in FRAMEWORKS[rules.framework].inputs}
    try:
        formula = parse(text, sorted(names))
    except ExpressionError as error:
        if rules.framework == "formula":
            yield from error.placed(("scoring", "expression"))
        return
    yield from _check_divisors(rules, formula)
    yield from _check_worst(rules, formula)
    if rules.normalize == "fixed":
        yield from _check_fixed(rules, formula)


def _check_divisors(rules: Rules, formula: Expression) -> Iterator[Problem]:
    divided_by = set(divisors(formula.root))
    for used in rules.inputs:
        least = scale_of(used, rules.framework).min
        if used.name in divided_by and (least is None or least <= 0):
            message = f"the formula divides by `{used.name}`, so its scale must begin above 0"
            yield Problem(message, ("inputs", used.name, "scale"), hint="for example scale: {min: 0.5}")


def _check_worst(rules: Rules, formula: Expression) -> Iterator[Problem]:
    for used in rules.inputs:
        if used.missing.policy == "worst" and not direction(formula.root, used.name):
            message = f"the formula does not tell whether more or less of `{used.name}` is worse"
            yield Problem(message, ("inputs", used.name, "missing"), hint="say {default: NUMBER} instead")


def _check_fixed(rules: Rules, formula: Expression) -> Iterator[Problem]:
    by_name = {used.name: used for used in rules.inputs}
    for name in sorted(formula.names):
        used = by_name.get(name)
        scale = scale_of(used, rules.framework) if used else Scale()
        if not used and name not in COLUMNS:
            continue
        if scale.min is None or scale.max is None:
            message = f"`fixed` needs a scale with both ends for all that the formula uses, and `{name}` has none"
            hint = f"give inputs.{name} a scale: {{min: …, max: …}}, or use percentile or minmax"
            yield Problem(message, ("scoring", "normalize"), hint=hint)


def _check_adjustments(rules: Rules) -> Iterator[Problem]:
    names = [used.name for used in rules.inputs]
    for index, adjustment in enumerate(rules.adjustments):
        path = ("scoring", "adjustments", index)
        if adjustment.when is not None:
            yield from _check_expression(adjustment.when, names, (*path, "when"), Kind.BOOLEAN)
        yield from _check_action(adjustment, names, path)


def _check_action(adjustment: Adjustment, names: list[str], path: Path) -> Iterator[Problem]:
    match adjustment.action:
        case Multiply(by):
            yield from _check_expression(by, names, (*path, "multiply"))
        case Add(amount):
            yield from _check_expression(amount, names, (*path, "add"))
        case HalfLife(of, days, floor):
            yield from _check_expression(of, names, (*path, "half_life", "of"))
            if not (math.isfinite(days) and days > 0):
                yield Problem("a half-life is longer than 0 days, and ends", (*path, "half_life", "days"))
            if not 0 <= floor <= 1:
                yield Problem("a floor is between 0 and 1", (*path, "half_life", "floor"))
        case Inherit(_, share):
            if not 0 < share <= 1:
                yield Problem("a share is above 0 and at most 1", (*path, "inherit", "share"))


def _check_rounding(rules: Rules) -> Iterator[Problem]:
    if not 0 <= rules.round <= _MAX_DIGITS:
        yield Problem(f"scores are rounded to 0 to {_MAX_DIGITS} digits", ("scoring", "round"))
