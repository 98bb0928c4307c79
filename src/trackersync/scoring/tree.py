"""From SQL syntax to a small typed tree: the second allow-list, and the place where kinds of values are checked."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from msgspec import Struct
from sqlglot import exp

from trackersync.scoring.columns import Kind
from trackersync.scoring.grammar import ExpressionError

_ORDERED = (Kind.NUMBER, Kind.TEXT)
_COMPARED: tuple[Kind, ...] = (*_ORDERED, Kind.BOOLEAN)
_MAX_DEPTH = 100
_MAX_DIGITS = 10


class Node(Struct, frozen=True):
    """One operation on the values of its arguments; the leaves are `name`, `number`, `text` and `boolean`."""

    op: str
    kind: Kind
    args: tuple[Node, ...] = ()
    value: str | float | bool | None = None
    """A leaf's name or value, the pattern of `like` as a regular expression, the digits of `round`."""


class Function(Struct, frozen=True):
    """A function: how it is written, and what makes a node of its arguments."""

    usage: str
    build: Callable[[str, Sequence[exp.Expr], _Reader], Node]


class _Reader:
    """Turns syntax into nodes, knowing the kinds of all names."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds
        self._depth = 0

    def read(self, tree: exp.Expr) -> Node:
        build = _BUILDERS.get(type(tree))
        if build is None:
            raise ExpressionError(f"{type(tree).__name__.upper()} has no place in an expression", offset=_offset(tree))
        if self._depth >= _MAX_DEPTH:
            raise ExpressionError(f"more than {_MAX_DEPTH} operations inside each other", offset=_offset(tree))
        self._depth += 1
        node = build(self, tree)
        self._depth -= 1
        return node

    def expect(self, tree: exp.Expr, *kinds: Kind) -> Node:
        node = self.read(tree)
        if node.kind not in kinds:
            wanted = " or ".join(kinds)
            raise ExpressionError(f"{wanted} is needed here, not {node.kind}", offset=_offset(tree))
        return node

    def number(self, tree: exp.Expr) -> Node:
        return self.expect(tree, Kind.NUMBER)

    def condition(self, tree: exp.Expr) -> Node:
        return self.expect(tree, Kind.BOOLEAN)


def build_tree(tree: exp.Expr, kinds: Mapping[str, Kind]) -> Node:
    """The typed tree of `tree`; raises `ExpressionError` for anything outside the language."""
    return _Reader(kinds).read(tree)


def _offset(tree: exp.Expr) -> int:
    """Where a part of the text begins: at the leftmost word that sqlglot remembers the position of."""
    return min((part.meta["start"] for part in tree.walk() if "start" in part.meta), default=0)


def _chain(tree: exp.Expr) -> list[exp.Expr]:
    """The operands of `a + b + c`, as many as there are, without recursion."""
    operands: list[exp.Expr] = []
    rest = tree
    while type(rest) is type(tree):
        operands.append(rest.expression)
        rest = rest.this
    return [rest, *reversed(operands)]


def _numbers(op: str, reader: _Reader, tree: exp.Expr) -> Node:
    return Node(op, Kind.NUMBER, tuple(reader.number(part) for part in _chain(tree)))


def _pair(op: str, reader: _Reader, tree: exp.Expr) -> Node:
    return Node(op, Kind.NUMBER, (reader.number(tree.this), reader.number(tree.expression)))


def _conditions(op: str, reader: _Reader, tree: exp.Expr) -> Node:
    return Node(op, Kind.BOOLEAN, tuple(reader.condition(part) for part in _chain(tree)))


def _negative(reader: _Reader, tree: exp.Expr) -> Node:
    return Node("negative", Kind.NUMBER, (reader.number(tree.this),))


def _not(node: Node) -> Node:
    return Node("not", Kind.BOOLEAN, (node,))


def _inverse(reader: _Reader, tree: exp.Expr) -> Node:
    return _not(reader.condition(tree.this))


def _equal(reader: _Reader, first: Node, other: exp.Expr) -> Node:
    """`=` between two values of a kind; of a list it asks whether any of its texts is equal."""
    second = reader.expect(other, Kind.TEXT if first.kind is Kind.LIST else first.kind)
    return Node("contains" if first.kind is Kind.LIST else "=", Kind.BOOLEAN, (first, second))


def _comparable(reader: _Reader, tree: exp.Expr) -> Node:
    return reader.expect(tree, *_COMPARED, Kind.LIST)


def _equality(reader: _Reader, tree: exp.Expr) -> Node:
    return _equal(reader, _comparable(reader, tree.this), tree.expression)


def _inequality(reader: _Reader, tree: exp.Expr) -> Node:
    return _not(_equality(reader, tree))


def _order(op: str, reader: _Reader, first: Node, other: exp.Expr) -> Node:
    return Node(op, Kind.BOOLEAN, (first, reader.expect(other, first.kind)))


def _comparison(op: str, reader: _Reader, tree: exp.Expr) -> Node:
    return _order(op, reader, reader.expect(tree.this, *_ORDERED), tree.expression)


# Where a value is compared more than once, its node is built once and shared: else nesting doubles the work each time.
def _between(reader: _Reader, tree: exp.Expr) -> Node:
    subject = reader.expect(tree.this, *_ORDERED)
    low, high = _order(">=", reader, subject, tree.args["low"]), _order("<=", reader, subject, tree.args["high"])
    return Node("and", Kind.BOOLEAN, (low, high))


def _in(reader: _Reader, tree: exp.Expr) -> Node:
    options = tree.expressions
    if not options:
        raise ExpressionError("IN needs its values in parentheses", offset=_offset(tree))
    subject = _comparable(reader, tree.this)
    return Node("or", Kind.BOOLEAN, tuple(_equal(reader, subject, option) for option in options))


def _matches(subject: Node, pattern: exp.Expr) -> Node:
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        raise ExpressionError("a pattern is a text in quotes, such as 'area/%'", offset=_offset(pattern))
    wildcards = {"%": ".*", "_": "."}
    text = str(pattern.this).casefold()
    regex = "".join(wildcards.get(char) or re.escape(char) for char in text)
    return Node("like", Kind.BOOLEAN, (subject,), value=f"(?s)^{regex}$")


def _like(reader: _Reader, tree: exp.Expr) -> Node:
    node = _matches(reader.expect(tree.this, Kind.TEXT, Kind.LIST), tree.expression)
    return _not(node) if tree.args.get("negate") else node


def _is(reader: _Reader, tree: exp.Expr) -> Node:
    if not isinstance(tree.expression, exp.Null):
        raise ExpressionError("IS is only for IS NULL and IS NOT NULL", offset=_offset(tree))
    return Node("is_null", Kind.BOOLEAN, (reader.read(tree.this),))


def _case(reader: _Reader, tree: exp.Expr) -> Node:
    """Conditions and values in turn, then the value of ELSE where there is one."""
    subject = None if tree.this is None else _comparable(reader, tree.this)
    args: list[Node] = []
    kinds = _COMPARED
    for branch in tree.args["ifs"]:
        condition = reader.condition(branch.this) if subject is None else _equal(reader, subject, branch.this)
        args += (condition, reader.expect(branch.args["true"], *kinds))
        kinds = (args[1].kind,)
    if tree.args.get("default") is not None:
        args.append(reader.expect(tree.args["default"], *kinds))
    return Node("case", args[1].kind, tuple(args))


# Words have been checked one by one before; what is refused here are keywords that sqlglot takes for names.
def _column(reader: _Reader, tree: exp.Expr) -> Node:
    if tree.name not in reader.kinds:
        raise ExpressionError(f"`{tree.name}` is no name", offset=_offset(tree))
    return Node("name", reader.kinds[tree.name], value=tree.name)


def _literal(_: _Reader, tree: exp.Expr) -> Node:
    if tree.is_string:
        return Node("text", Kind.TEXT, value=str(tree.this).casefold())
    try:
        value = float(tree.this)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ExpressionError(f"`{tree.this}` is no number", offset=_offset(tree))
    return Node("number", Kind.NUMBER, value=value)


def _boolean(_: _Reader, tree: exp.Expr) -> Node:
    return Node("boolean", Kind.BOOLEAN, value=bool(tree.this))


def _call(reader: _Reader, tree: exp.Expr) -> Node:
    name = str(tree.this).casefold()
    function = FUNCTIONS.get(name)
    if function is None:
        raise ExpressionError(f"`{name}` is no function", offset=_offset(tree))
    try:
        return function.build(name, tree.expressions, reader)
    except ValueError:
        raise ExpressionError(f"`{name}` is used as {function.usage}", offset=_offset(tree)) from None


def _of_numbers(least: int, most: int | None, name: str, args: Sequence[exp.Expr], reader: _Reader) -> Node:
    if len(args) < least or (most is not None and len(args) > most):
        raise ValueError(name)
    return Node(name, Kind.NUMBER, tuple(reader.number(arg) for arg in args))


def _round(name: str, args: Sequence[exp.Expr], reader: _Reader) -> Node:
    subject, *rest = args
    (places,) = [int(digits.this) if isinstance(digits, exp.Literal) else -1 for digits in rest] or [0]
    if not 0 <= places <= _MAX_DIGITS:
        raise ValueError(name)
    return Node("round", Kind.NUMBER, (reader.number(subject),), value=float(places))


def _coalesce(name: str, args: Sequence[exp.Expr], reader: _Reader) -> Node:
    first, *others = args
    node = reader.expect(first, *_COMPARED)
    return Node(name, node.kind, (node, *(reader.expect(other, node.kind) for other in others)))


def _label_function(name: str, args: Sequence[exp.Expr], reader: _Reader) -> Node:
    (wanted,) = args
    labels = Node("name", Kind.LIST, value="labels")
    if name == "label_like":
        return _matches(labels, wanted)
    return Node("contains", Kind.BOOLEAN, (labels, reader.expect(wanted, Kind.TEXT)))


def _linked(_: str, args: Sequence[exp.Expr], reader: _Reader) -> Node:
    (kind,) = args
    links = Node("name", Kind.LIST, value="links")
    return Node("contains", Kind.BOOLEAN, (links, reader.expect(kind, Kind.TEXT)))


def _days_since(name: str, args: Sequence[exp.Expr], reader: _Reader) -> Node:
    (date,) = args
    return Node(name, Kind.NUMBER, (reader.expect(date, Kind.DATE),))


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "least": Function("least(a, b, …)", partial(_of_numbers, 1, None)),
        "greatest": Function("greatest(a, b, …)", partial(_of_numbers, 1, None)),
        "round": Function("round(a) or round(a, 2)", _round),
        "ln": Function("ln(a)", partial(_of_numbers, 1, 1)),
        "log10": Function("log10(a)", partial(_of_numbers, 1, 1)),
        "sqrt": Function("sqrt(a)", partial(_of_numbers, 1, 1)),
        "pow": Function("pow(a, b)", partial(_of_numbers, 2, 2)),
        "abs": Function("abs(a)", partial(_of_numbers, 1, 1)),
        "coalesce": Function("coalesce(a, b, …)", _coalesce),
        "has_label": Function("has_label('bug')", _label_function),
        "label_like": Function("label_like('area/%')", _label_function),
        "linked": Function("linked('blocks')", _linked),
        "days_since": Function("days_since(created_at)", _days_since),
    }
)
"""Every function of the language by name."""

_BUILDERS: Mapping[type[exp.Expr], Callable[[_Reader, exp.Expr], Node]] = {
    exp.Paren: lambda reader, tree: reader.read(tree.this),
    exp.Add: partial(_numbers, "+"),
    exp.Mul: partial(_numbers, "*"),
    exp.Sub: partial(_pair, "-"),
    exp.Div: partial(_pair, "/"),
    exp.Neg: _negative,
    exp.And: partial(_conditions, "and"),
    exp.Or: partial(_conditions, "or"),
    exp.Not: _inverse,
    exp.EQ: _equality,
    exp.NEQ: _inequality,
    exp.LT: partial(_comparison, "<"),
    exp.LTE: partial(_comparison, "<="),
    exp.GT: partial(_comparison, ">"),
    exp.GTE: partial(_comparison, ">="),
    exp.Between: _between,
    exp.In: _in,
    exp.Like: _like,
    exp.Is: _is,
    exp.Case: _case,
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Boolean: _boolean,
    exp.Anonymous: _call,
}
