"""A JQL query as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Operator = Literal["=", "!=", "<", ">", "<=", ">=", "~", "!~", "in", "not in", "is", "is not"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value; `quoted` tells 2026 the number from "2026" the text."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A call such as `currentUser()`."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Empty:
    """`EMPTY` or `NULL`."""


Operand = Value | Function | Empty


@dataclass(frozen=True, slots=True)
class Clause:
    """`field operator operand`; only `in` and `not in` have other than one operand."""

    field: str
    operator: Operator
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this."""

    part: Node


Node = Clause | And | Or | Not


@dataclass(frozen=True, slots=True)
class Order:
    """One field to sort by."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What to find, None for everything, and in which order."""

    where: Node | None
    order: tuple[Order, ...] = ()
