"""Expressions over all issues at once: one polars series for each operation, never a value that is not finite.

An absent value makes the result of an operation absent. Only `+`, which adds up what is there, `coalesce`, `CASE`,
`IS NULL`, `AND` and `OR` can do without one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import reduce

import polars as pl
from msgspec import Struct, field

from trackersync.model import Issue
from trackersync.scoring.columns import SEPARATOR, Column, Kind
from trackersync.scoring.expressions import Expression
from trackersync.scoring.tree import Node

_TYPES: Mapping[Kind, pl.DataType | type[pl.DataType]] = {
    Kind.NUMBER: pl.Float64,
    Kind.DATE: pl.Float64,
    Kind.TEXT: pl.String,
    Kind.BOOLEAN: pl.Boolean,
    Kind.LIST: pl.List(pl.String),
}

_FAILURES = {
    "/": "division by zero",
    "ln": "logarithm of a number that is not above zero",
    "log10": "logarithm of a number that is not above zero",
    "sqrt": "square root of a negative number",
}
_OVERFLOW = "a number too large to compute with"


def series(kind: Kind, values: Sequence[object]) -> pl.Series:
    """A column of this kind of value; None where nothing is known."""
    return pl.Series(values=values, dtype=_TYPES[kind], strict=True)


def constant(kind: Kind, value: float | str | None, height: int) -> pl.Series:
    """A column that holds the same in every row."""
    return pl.repeat(value, height, dtype=_TYPES[kind], eager=True)


def read_column(column: Column, issues: Sequence[Issue], now: datetime) -> pl.Series:
    """A built-in column of all these issues, texts in folded case."""
    cells = [column.read(issue, now) for issue in issues]
    if column.kind is Kind.LIST:
        return _lists(cells)
    return series(column.kind, [cell.casefold() if isinstance(cell, str) else cell for cell in cells])


def _lists(cells: Sequence[object]) -> pl.Series:
    """Lists of texts, joined and split again, because that is thirty times as fast as list by list."""
    joined = [SEPARATOR.join(texts) if isinstance(texts, list) and texts else None for texts in cells]
    split = pl.Series("", joined, dtype=pl.String).str.split(SEPARATOR)
    return split.to_frame().select(pl.all().fill_null(pl.lit([], dtype=_TYPES[Kind.LIST]))).to_series()


class Table(Struct):
    """Columns of equal height by name."""

    height: int
    columns: dict[str, pl.Series] = field(default_factory=dict)


class Result(Struct):
    """An expression's value for every row, and why single operations had none: row → words."""

    values: pl.Series
    failures: dict[int, str]


def evaluate(expression: Expression, table: Table) -> Result:
    """The values of `expression` for every row of `table`, which has all of the names that it uses."""
    run = _Run(table)
    return Result(run.value(expression.root), run.failures)


class _Run:
    """One evaluation; a node that is shared is computed once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.failures: dict[int, str] = {}
        self._done: dict[int, pl.Series] = {}

    def value(self, node: Node) -> pl.Series:
        known = self._done.get(id(node))
        if known is None:
            known = self._done[id(node)] = self._compute(node)
        return known

    def _compute(self, node: Node) -> pl.Series:
        if node.op == "name":
            return self.table.columns[str(node.value)]
        if not node.args:
            return constant(node.kind, node.value, self.table.height)
        args = [self.value(arg) for arg in node.args]
        if node.op in _NUMERIC:
            return self._finite(node.op, args, _NUMERIC[node.op](node, args))
        return _OTHER[node.op](node, args)

    def _finite(self, op: str, args: Sequence[pl.Series], result: pl.Series) -> pl.Series:
        """Null for whatever is not finite, with the reason kept for the rows concerned."""
        bad = ~result.is_finite().fill_null(value=True)
        if not bad.any():
            return result
        for row in bad.arg_true():
            overflow = op == "/" and args[1][row] != 0
            self.failures.setdefault(row, _OVERFLOW if overflow else _FAILURES.get(op, _OVERFLOW))
        return otherwise(result, ~bad, None)


def quotient(part: pl.Series, whole: float) -> pl.Series:
    """A series divided by a number; polars itself multiplies by its inverse, so that 3 / 3 need not be 1."""
    return part / constant(Kind.NUMBER, whole, len(part))


def otherwise(first: pl.Series, where: pl.Series, other: pl.Series | None) -> pl.Series:
    """`first` where the condition holds, else `other`; a condition that is not known does not hold."""
    if other is None:
        other = pl.repeat(None, len(first), dtype=first.dtype, eager=True)
    return first.zip_with(where.fill_null(value=False), other)


def _sum(_: Node, args: Sequence[pl.Series]) -> pl.Series:
    total = reduce(operator.add, [arg.fill_null(0.0) for arg in args])
    return otherwise(total, reduce(operator.or_, [arg.is_not_null() for arg in args]), None)


def _product(_: Node, args: Sequence[pl.Series]) -> pl.Series:
    return reduce(operator.mul, args)


def _extreme(choose: Callable[[pl.Series, pl.Series], pl.Series]) -> Callable[[Node, Sequence[pl.Series]], pl.Series]:
    def pick(first: pl.Series, second: pl.Series) -> pl.Series:
        chosen = otherwise(first, choose(first, second), second)
        return otherwise(chosen, first.is_not_null() & second.is_not_null(), None)

    return lambda _, args: reduce(pick, args)


def _coalesce(_: Node, args: Sequence[pl.Series]) -> pl.Series:
    return reduce(lambda first, second: otherwise(first, first.is_not_null(), second), args)


def _case(_: Node, args: Sequence[pl.Series]) -> pl.Series:
    branches = args if len(args) % 2 == 0 else args[:-1]
    result = None if len(args) % 2 == 0 else args[-1]
    for index in range(len(branches) - 2, -1, -2):
        result = otherwise(branches[index + 1], branches[index], result)
    assert result is not None, "the parser lets no CASE through without a branch"
    return result


def _contains(_: Node, args: Sequence[pl.Series]) -> pl.Series:
    texts, wanted = args
    return otherwise(texts.list.contains(wanted), wanted.is_not_null(), None)


def _like(node: Node, args: Sequence[pl.Series]) -> pl.Series:
    (subject,) = args
    pattern = str(node.value)
    if subject.dtype == pl.String:
        return subject.str.contains(pattern)
    return subject.list.eval(pl.element().str.contains(pattern)).list.any()


def _is_null(node: Node, args: Sequence[pl.Series]) -> pl.Series:
    return args[0].list.len() == 0 if node.args[0].kind is Kind.LIST else args[0].is_null()


_NUMERIC: Mapping[str, Callable[[Node, Sequence[pl.Series]], pl.Series]] = {
    "+": _sum,
    "-": lambda _, args: args[0] - args[1],
    "*": _product,
    "/": lambda _, args: args[0] / args[1],
    "negative": lambda _, args: -args[0],
    "least": _extreme(operator.le),
    "greatest": _extreme(operator.ge),
    "round": lambda node, args: args[0].round(int(node.value or 0)),
    "ln": lambda _, args: args[0].log(),
    "log10": lambda _, args: args[0].log10(),
    "sqrt": lambda _, args: args[0].sqrt(),
    "pow": lambda _, args: args[0] ** args[1],
    "abs": lambda _, args: args[0].abs(),
    "days_since": lambda _, args: args[0],
}

_OTHER: Mapping[str, Callable[[Node, Sequence[pl.Series]], pl.Series]] = {
    "=": lambda _, args: args[0] == args[1],
    "<": lambda _, args: args[0] < args[1],
    "<=": lambda _, args: args[0] <= args[1],
    ">": lambda _, args: args[0] > args[1],
    ">=": lambda _, args: args[0] >= args[1],
    "and": lambda _, args: reduce(operator.and_, args),
    "or": lambda _, args: reduce(operator.or_, args),
    "not": lambda _, args: ~args[0],
    "is_null": _is_null,
    "contains": _contains,
    "like": _like,
    "coalesce": _coalesce,
    "case": _case,
}
