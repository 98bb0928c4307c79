"""Everything that can be wrong with rules before any issue is read, all of it at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from trackersync.errors import Problem
from trackersync.scoring.actions import expression_of, key_of
from trackersync.scoring.analysis import direction, divisors
from trackersync.scoring.check_bands import check_bands
from trackersync.scoring.columns import COLUMNS, Kind
from trackersync.scoring.expressions import Expression, ExpressionError, nearest, parse
from trackersync.scoring.frameworks import FRAMEWORKS, VARIANTS, formula_of, scale_of
from trackersync.scoring.grammar import KEYWORDS
from trackersync.scoring.inputs import off_scale
from trackersync.scoring.rules import Adjustment, HalfLife, Inherit, Input, Rules, Scale

Path = tuple[str | int, ...]
_MAX_DIGITS = 10
_MAX_CORNERS = 12


def check_rules(rules: Rules) -> list[Problem]:
    """All problems of these rules; each `path` is the key's place in the file, so that its line can be found.

    Rules without a problem can be scored with: `score` refuses none that this accepts.
    """
    return [
        *_check_framework(rules),
        *_check_inputs(rules),
        *_check_votes(rules),
        *_check_formula(rules),
        *_check_goals(rules),
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


def _known_framework(name: str) -> str:
    if name in VARIANTS:
        return f"it is `{VARIANTS[name].name}` with inputs of its own: see `trackersync frameworks {name}`"
    near = nearest(name, FRAMEWORKS)
    return f"did you mean {near}?" if near else f"one of {', '.join(FRAMEWORKS)}"


def _check_framework(rules: Rules) -> Iterator[Problem]:
    path = ("scoring", "framework")
    framework = FRAMEWORKS.get(rules.framework)
    if framework is None:
        yield Problem(f"unknown framework `{rules.framework}`", path, hint=_known_framework(rules.framework))
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
    voted = {vote.input for vote in rules.votes.votes}
    for used in rules.inputs:
        path = ("inputs", used.name)
        yield from _check_name(used.name, path, names)
        yield from _check_origin(used, path, voted)
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


def _check_origin(used: Input, path: Path, voted: set[str]) -> Iterator[Problem]:
    if used.expression is None and not used.sources and used.name not in voted:
        yield Problem("it is neither read (`from`) nor computed (`expression`)", path, hint="or let people vote on it")
    if used.expression is not None and used.sources:
        yield Problem("it is both read (`from`) and computed (`expression`)", path, hint="keep one of them")
    for where, source in used.sources.items():
        if source.kind in {"label", "milestone"} and source.name.count("{value}") != 1:
            hint = f'for example {source.kind}: "{used.name}/{{value}}"'
            yield Problem(f"`{source.name}` does not say where the value stands", (*path, "from", where), hint=hint)
        if source.kind == "column" and source.name not in COLUMNS:
            message = f"`{source.name}` is no built-in column"
            yield Problem(message, (*path, "from", where), hint=_near(source.name, COLUMNS))


def _check_scale(used: Input, framework: str, path: Path) -> Iterator[Problem]:
    scale = scale_of(used, framework)
    numbers = (scale.min, scale.max, *scale.steps, used.missing.default, used.weight, *(used.values or {}).values())
    if any(number is not None and not math.isfinite(number) for number in numbers):
        yield Problem("its scale, values, default and weight are finite numbers", path)
        return
    if used.uncertainty is not None and not 0 <= used.uncertainty <= 1:
        yield Problem("an uncertainty is between 0 % and 100 %", (*path, "uncertainty"))
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


def _check_votes(rules: Rules) -> Iterator[Problem]:
    """Votes that would count for nothing, or could not be counted; each input once."""
    votes, by_name = rules.votes, {used.name: used for used in rules.inputs}
    if not 0 <= votes.disagreement <= 1:
        yield Problem("it is a share of the scale, between 0 % and 100 %", ("votes", "disagreement"))
    if any(not (math.isfinite(vote.weight) and vote.weight > 0) for vote in votes.votes):
        yield Problem("the weight of a vote is above 0", ("votes",))
    for name in dict.fromkeys(vote.input for vote in votes.votes):
        used = by_name.get(name)
        if used is None:
            yield Problem(f"there are votes on `{name}`, which is no input", ("votes",), hint=_near(name, by_name))
        elif used.expression is not None:
            hint = "vote on what it is computed from, or remove the expression"
            yield Problem(f"there are votes on `{name}`, which is computed", ("inputs", name, "expression"), hint=hint)
        elif (used.aggregate or votes.aggregate) == "geometric":
            least = scale_of(used, rules.framework).min
            if least is None or least <= 0:
                message = "a geometric mean needs values above 0, so the scale must begin above 0"
                yield Problem(message, ("inputs", name, "scale"), hint="for example scale: {min: 1}")


def _near(name: str, known: Iterable[str]) -> str | None:
    near = nearest(name, known)
    return f"did you mean {near}?" if near else None


def _check_goals(rules: Rules) -> Iterator[Problem]:
    names = [used.name for used in rules.inputs]
    for goal in rules.goals:
        path = ("goals", goal.name)
        if not (math.isfinite(goal.weight) and goal.weight > 0):
            yield Problem("the weight of a goal is above 0; 1 changes nothing", (*path, "weight"))
        if goal.when is not None:
            yield from _check_expression(goal.when, names, (*path, "when"), Kind.BOOLEAN)
        if not (goal.labels or goal.milestones or goal.epics or goal.when):
            yield Problem("nothing says which issues serve it", path, hint="give it a label, milestone, epic or when")


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
    if len(formula.names) > _MAX_CORNERS:
        message = f"`fixed` tries both ends of every scale, and the formula has more than {_MAX_CORNERS} of them"
        yield Problem(message, ("scoring", "normalize"), hint="use percentile or minmax")
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
    text = expression_of(adjustment.action)
    if text is not None:
        yield from _check_expression(text, names, (*path, *key_of(adjustment.action)))
    match adjustment.action:
        case HalfLife(_, days, floor):
            if not (math.isfinite(days) and days > 0):
                yield Problem("a half-life is longer than 0 days, and ends", (*path, "half_life", "days"))
            if not 0 <= floor <= 1:
                yield Problem("a floor is between 0 and 1", (*path, "half_life", "floor"))
        case Inherit(_, share) if not 0 < share <= 1:
            yield Problem("a share is above 0 and at most 1", (*path, "inherit", "share"))
        case _:
            return


def _check_rounding(rules: Rules) -> Iterator[Problem]:
    if not 0 <= rules.round <= _MAX_DIGITS:
        yield Problem(f"scores are rounded to 0 to {_MAX_DIGITS} digits", ("scoring", "round"))
