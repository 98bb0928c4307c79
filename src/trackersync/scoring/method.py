"""The rules made ready to be worked with: the formula, and each part of what is done to its value, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from trackersync.scoring.actions import expression_of
from trackersync.scoring.check import input_order
from trackersync.scoring.columns import Kind
from trackersync.scoring.expressions import Expression, parse
from trackersync.scoring.frameworks import FRAMEWORKS, formula_of
from trackersync.scoring.rules import Action, Adjustment, Goal, Input, Rules
from trackersync.scoring.tree import Node

_SIZES = ("effort", "job_size", "duration")


class Pursue(Struct, frozen=True):
    """Score times the weight of the weightiest goal that the issue serves; each goal with what it is met by."""

    goals: tuple[tuple[Goal, Expression], ...]


class KeepClass(Struct, frozen=True):
    """Score brought back to less than half a point from its class, the formula's value; the order within stays."""


Doing = Action | Pursue | KeepClass


class Part(Struct, frozen=True):
    """One thing that is done to the score after the formula: a goal, an adjustment, or what keeps classes apart."""

    name: str
    because: str | None
    action: Doing
    when: Expression | None = None
    amount: Expression | None = None
    """What an action that has an expression computes with."""

    @property
    def names(self) -> frozenset[str]:
        """The columns and inputs that it uses."""
        used = [self.when, self.amount]
        used += [condition for _, condition in self.action.goals] if isinstance(self.action, Pursue) else []
        return frozenset().union(*(each.names for each in used if each))


class Method(Struct, frozen=True):
    """Rules without a problem, parsed."""

    rules: Rules
    formula: Expression
    inputs: tuple[tuple[Input, Expression | None], ...]
    """Those that are used, each after those that it is computed from."""
    parts: tuple[Part, ...]
    columns: frozenset[str]
    """The built-in columns that are used."""
    size: str
    """The input or column that holds the size of an issue, by which capacities are used up."""


def read_method(rules: Rules) -> Method:
    """Parse rules in which `check_rules` finds no problem."""
    names = [used.name for used in rules.inputs]
    formula = parse(formula_of(rules), names)
    parts = tuple(_parts(rules, names))
    size = next((name for name in _SIZES if name in names), "estimate")
    wanted = set(formula.names).union(*(part.names for part in parts))
    wanted |= {size} if _needs_size(rules) else set()
    inputs: list[tuple[Input, Expression | None]] = []
    for used in reversed(input_order(rules)):
        if used.name in wanted:
            expression = None if used.expression is None else parse(used.expression, names)
            inputs.append((used, expression))
            wanted |= expression.names if expression else set()
    return Method(rules, formula, tuple(reversed(inputs)), parts, frozenset(wanted - set(names)), size)


def _needs_size(rules: Rules) -> bool:
    """For a roadmap, for bands that fill up, and for the share of the effort that Must takes."""
    return rules.sized or rules.framework == "moscow" or any(band.capacity is not None for band in rules.bands)


def _parts(rules: Rules, names: Sequence[str]) -> Iterator[Part]:
    if rules.goals:
        goals = tuple((goal, _goal_condition(goal, names)) for goal in rules.goals)
        yield Part("goals", None, Pursue(goals))
    for adjustment in rules.adjustments:
        yield _part(adjustment, names)
    if FRAMEWORKS[rules.framework].classes:
        yield Part("class", "An issue never leaves its class.", KeepClass())


def _part(adjustment: Adjustment, names: Sequence[str]) -> Part:
    when = None if adjustment.when is None else parse(adjustment.when, names, wants=Kind.BOOLEAN)
    text = expression_of(adjustment.action)
    amount = None if text is None else parse(text, names)
    return Part(adjustment.name, adjustment.because, adjustment.action, when, amount)


def _goal_condition(goal: Goal, names: Sequence[str]) -> Expression:
    """The condition under which an issue serves a goal."""
    nodes = [_matching("labels", Kind.LIST, _pattern(text)) for text in goal.labels]
    nodes += [_matching("milestone", Kind.TEXT, _pattern(text)) for text in goal.milestones]
    nodes += [_matching("parent", Kind.TEXT, _epic(text)) for text in goal.epics]
    if goal.when is not None:
        nodes.append(parse(goal.when, names, wants=Kind.BOOLEAN).root)
    return Expression(f"serves {goal.name}", Node("or", Kind.BOOLEAN, tuple(nodes)), ())


def _matching(column: str, kind: Kind, regex: str) -> Node:
    return Node("like", Kind.BOOLEAN, (Node("name", kind, value=column),), value=regex)


def _pattern(text: str) -> str:
    return f"(?s)^{'.*'.join(re.escape(part) for part in text.casefold().split('%'))}$"


def _epic(text: str) -> str:
    """A parent is told by ref or URL, and people may name it by its key, the end of either."""
    return f"(?s)^(.*[:/])?{re.escape(text.casefold().rstrip('/'))}/?$"
