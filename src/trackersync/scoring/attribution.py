"""What moved an issue past others when rules changed: the one change of the rules that did most to turn their order.

The order follows the score before it is normalised and rounded. The rules are taken from what they were to what they
are one part at a time: first the order of the rules, where that changes, then the formula term by term, then each rule
that is applied after it. Each of these steps takes the score of the issue somewhere, and the scores of those with which
it changes places. The part that takes it furthest from them, in the direction in which it moves, is the cause. All
parts together add up to the whole turn, and a part that stays what it is does nothing. As with all that is done in
turn, what two parts do only together counts for the later one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Literal, TypeVar

import polars as pl
from msgspec import Struct

from trackersync.model import Issue
from trackersync.scoring.adjustments import Applied, scores_after, terms_of
from trackersync.scoring.calculation import Calculation
from trackersync.scoring.evaluate import evaluate, otherwise
from trackersync.scoring.expressions import Expression
from trackersync.scoring.method import Doing, KeepClass, Pursue
from trackersync.scoring.rules import Exclude
from trackersync.scoring.tree import Node

T = TypeVar("T")


class RulesPart(Struct, frozen=True):
    """A part of the rules that can change."""

    kind: Literal["formula", "term", "goals", "rule", "class", "order"]
    """The whole formula, one term of its sum, the goals, one rule after them, what keeps classes apart, the order."""
    names: tuple[str, ...] = ()
    """Of a term the inputs and columns that it uses, of a rule its own."""


WHOLE = RulesPart("formula")
"""Where two formulas have no term in common or only one each."""
ORDER = RulesPart("order")


class Counted(Struct, frozen=True):
    """An input that counts for another value; None where there is none."""

    name: str
    before: float | None
    after: float | None


class Cause(Struct, frozen=True, kw_only=True):
    """The part of the rules that did most to move an issue."""

    part: RulesPart
    before: float | None
    """What it adds to the issue's score before; None where there is no such part."""
    after: float | None
    points: float
    """What its change does to the issue's score, with all that later rules make of it."""
    others: int
    """How many issues the issue changes places with, in the direction in which it moves."""
    others_points: float
    """What it does to theirs, on average."""
    inputs: tuple[Counted, ...] = ()
    """The inputs of this term that count otherwise for the issue."""


def causes(issues: Sequence[Issue], before: Calculation, after: Calculation) -> list[Cause | None]:
    """Why each of these issues, which both rank, moves; None where it keeps its place among those that both rank.

    Both are calculations of the same issues.
    """
    turn = _Turn(before, after)
    rows = {issue.ref: row for row, issue in enumerate(before.backlog.issues)}
    return [turn.cause(rows[issue.ref]) for issue in issues]


class _Turn:
    """All rows on the way from one set of rules to the other."""

    def __init__(self, before: Calculation, after: Calculation) -> None:
        self._both = before, after
        earlier, later = _terms(before), _terms(after)
        if not earlier.keys() & later.keys() or len(earlier) == len(later) == 1:
            earlier, later = {WHOLE: before.base}, {WHOLE: after.base}
        was, now = _Waterfall(earlier, _steps(before)), _Waterfall(later, _steps(after))
        self._effects = was.effects(), now.effects()
        self._way = [(ORDER, before.adjusted), *_way(was, now, before)]

    def cause(self, row: int) -> Cause | None:
        """The part that did most for the issue of this row to pass others, or for them to pass it."""
        below, above = self._passed(row)
        others, sign = (below, 1) if len(below) >= len(above) else (above, -1)
        if not len(others):
            return None
        own = [scores[row] or 0.0 for _, scores in self._way]
        theirs = [_mean(scores.gather(others)) for _, scores in self._way]
        found = [(sign * (own[at] - own[at - 1] - theirs[at] + theirs[at - 1]), at) for at in range(1, len(self._way))]
        at = max(found, key=lambda each: each[0])[1]
        part = self._way[at][0]
        earlier, later = (effects[part][row] if part in effects else None for effects in self._effects)
        return Cause(
            part=part, before=earlier, after=later, points=own[at] - own[at - 1], others=len(others),
            others_points=theirs[at] - theirs[at - 1], inputs=tuple(self._counted(part, row)),
        )  # fmt: skip

    def _passed(self, row: int) -> tuple[pl.Series, pl.Series]:
        """The rows that it passes, and those that pass it."""
        was, now = (each.ranks for each in self._both)
        below = (was < was[row]) & (now > now[row])
        above = (was > was[row]) & (now < now[row])
        return below.arg_true(), above.arg_true()

    def _counted(self, part: RulesPart, row: int) -> Iterator[Counted]:
        used = frozenset(part.names if part.kind == "term" else ())
        if part == WHOLE:
            used = used.union(*(each.method.formula.names for each in self._both))
        for name in sorted(used):
            was, now = (each.inputs.get(name) for each in self._both)
            if was and now and was.values[row] != now.values[row]:
                yield Counted(name, was.values[row], now.values[row])


class _Waterfall(Struct, frozen=True):
    """What makes a score, for all rows: a sum of terms, and what is done to it in order."""

    terms: Mapping[RulesPart, pl.Series]
    steps: Mapping[RulesPart, Applied]

    def scores(self, calculation: Calculation) -> pl.Series:
        """The scores; what is inherited stays what it was."""
        scores = base = reduce(add, self.terms.values(), calculation.base * 0)
        for applied in self.steps.values():
            terms = applied.terms
            if isinstance(applied.part.action, KeepClass):
                terms = terms_of(applied.part, calculation.table, scores, base, None)
            scores = scores_after(applied.part.action, scores, terms, base)
        return scores

    def effects(self) -> Mapping[RulesPart, pl.Series]:
        """What each part adds to the score."""
        return {**self.terms, **{part: applied.after - applied.before for part, applied in self.steps.items()}}


def _way(was: _Waterfall, now: _Waterfall, before: Calculation) -> Iterator[tuple[RulesPart, pl.Series]]:
    """The scores of all rows with one part after the other as it is now."""
    order = _merged(list(was.steps), list(now.steps))
    terms, steps = dict(was.terms), dict(was.steps)

    def scores() -> pl.Series:
        return _Waterfall(terms, {part: steps[part] for part in order if part in steps}).scores(before)

    yield ORDER, scores()
    for part in {**was.terms, **now.terms}:
        terms = _with(terms, part, now.terms)
        yield part, scores()
    for part in order:
        steps = _with(steps, part, now.steps)
        yield part, scores()


def _with(parts: Mapping[RulesPart, T], part: RulesPart, now: Mapping[RulesPart, T]) -> dict[RulesPart, T]:
    """These parts with one as it is now."""
    return {other: each for other, each in parts.items() if other != part} | ({part: now[part]} if part in now else {})


def _merged(was: Sequence[RulesPart], now: Sequence[RulesPart]) -> list[RulesPart]:
    """The order of now, with those that are gone where they stood."""
    order = list(now)
    for place, part in enumerate(was):
        if part not in now:
            order.insert(order.index(was[place - 1]) + 1 if place else 0, part)
    return order


def _steps(calculation: Calculation) -> dict[RulesPart, Applied]:
    """What is done to the scores that stay; of several rules of one name each is one of its own."""
    steps: dict[RulesPart, Applied] = {}
    for applied in calculation.applied:
        part = _KINDS.get(type(applied.part.action)) or RulesPart("rule", (applied.part.name,))
        while part in steps:
            part = RulesPart("rule", (*part.names, "again"))
        if not isinstance(applied.part.action, Exclude):
            steps[part] = applied
    return steps


_KINDS: Mapping[type[Doing], RulesPart] = {Pursue: RulesPart("goals"), KeepClass: RulesPart("class")}


def _terms(calculation: Calculation) -> dict[RulesPart, pl.Series]:
    """The formula as a sum; what several terms with the same names give is one."""
    terms: dict[RulesPart, pl.Series] = {}
    for expression, values in _summands(calculation.method.formula.root, calculation):
        part = RulesPart("term", tuple(sorted(expression.names)))
        terms[part] = terms[part] + values if part in terms else values
    return terms


def _summands(node: Node, calculation: Calculation) -> Iterator[tuple[Expression, pl.Series]]:
    """Each with its values: 0 where a sum does without it, negative where it is subtracted."""
    if node.op == "+":
        for arg in node.args:
            yield from _summands(arg, calculation)
        return
    expression = Expression("", node, ())
    values = evaluate(expression, calculation.table).values
    if node.op == "-":
        for sign, arg in zip((1, -1), node.args, strict=True):
            for summand, part in _summands(arg, calculation):
                yield summand, otherwise(part * sign, values.is_not_null(), part * 0)
    else:
        yield expression, values.fill_null(0.0)


def _mean(values: pl.Series) -> float:
    mean = values.mean()
    return mean if isinstance(mean, float) else 0.0
