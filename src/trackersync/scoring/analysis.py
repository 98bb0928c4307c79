"""What can be told of a formula without any issue: what it divides by, and which way an input moves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trackersync.scoring.expressions import walk
from trackersync.scoring.tree import Node

_MONOTONE = frozenset({"+", "least", "greatest", "round", "ln", "log10", "sqrt", "coalesce"})


def divisors(root: Node) -> Iterator[str]:
    """The names that the formula divides by as they are, or as factors of a product."""
    for node in walk(root):
        if node.op == "/":
            divisor = node.args[1]
            factors = divisor.args if divisor.op == "*" else (divisor,)
            yield from (str(factor.value) for factor in factors if factor.op == "name")


def direction(node: Node, name: str) -> int | None:
    """1 where more of `name` is a higher score, -1 where it is a lower one, 0 where it is not used, None: unclear.

    Inputs are taken to be positive.
    """
    if not any(part.op == "name" and part.value == name for part in walk(node)):
        return 0
    if node.op == "name":
        return 1
    if node.op in _MONOTONE:
        return _agreed(direction(arg, name) for arg in node.args)
    return _directions(node, name)


def _directions(node: Node, name: str) -> int | None:
    signs = [direction(arg, name) for arg in node.args]
    match node.op:
        case "*":
            return _times(_agreed(signs), _turned(node, signs))
        case "/":
            return _times(_agreed((signs[0], _times(signs[1], -1))), _turned(node, signs))
        case "-":
            return _agreed((signs[0], _times(signs[1], -1)))
        case "negative":
            return _times(signs[0], -1)
        case _:
            return None


def _turned(node: Node, signs: Sequence[int | None]) -> int:
    """-1 where an odd number of the factors and divisors that have nothing to do with the input are negative."""
    turning = (arg.op == "negative" for arg, sign in zip(node.args, signs, strict=True) if sign == 0)
    return -1 if sum(turning) % 2 else 1


def _times(sign: int | None, factor: int) -> int | None:
    return None if sign is None else sign * factor


def _agreed(signs: Iterable[int | None]) -> int | None:
    found = set(signs) - {0}
    return found.pop() if len(found) == 1 else None
