"""Finds and sorts the issues a query means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, assert_never

from trackersync_sandbox.jira.jql.errors import JqlError
from trackersync_sandbox.jira.jql.query import And, Clause, Node, Not, Operator, Or, Order, Query
from trackersync_sandbox.jira.jql.terms import Match, Term, World
from trackersync_sandbox.jira.ticket import Ticket

Vocabulary = Callable[[str], Term | None]
"""What a field's name means in a query."""

_OPPOSITE: dict[Operator, Operator] = {
    "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "~": "!~", "!~": "~",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is",
}  # fmt: skip


def select(query: Query, tickets: Iterable[Ticket], vocabulary: Vocabulary, world: World) -> list[Ticket]:
    """The issues meant, sorted; newest first where the query names no order. Raises JqlError."""
    matches = _matcher(query.where, vocabulary, world) if query.where else None
    keys = [(_sort_key(order, vocabulary), order.descending) for order in query.order]
    found = sorted(filter(matches, tickets) if matches else tickets, key=lambda ticket: ticket.id, reverse=True)
    for key, descending in reversed(keys):
        found.sort(key=key, reverse=descending)
    return found


def _matcher(node: Node, vocabulary: Vocabulary, world: World) -> Match:
    match node:
        case Clause():
            return _term(node.field, vocabulary).matcher(node, world)
        case And(parts):
            every = [_matcher(part, vocabulary, world) for part in parts]
            return lambda ticket: all(matches(ticket) for matches in every)
        case Or(parts):
            some = [_matcher(part, vocabulary, world) for part in parts]
            return lambda ticket: any(matches(ticket) for matches in some)
        case Not(part):
            return _matcher(_opposite(part), vocabulary, world)
        case _:
            assert_never(node)


def _opposite(node: Node) -> Node:
    """Jira takes NOT into the clauses, where it finds no issue whose field is empty."""
    match node:
        case Clause(field, operator, operands):
            return Clause(field, _OPPOSITE[operator], operands)
        case And(parts):
            return Or(tuple(map(_opposite, parts)))
        case Or(parts):
            return And(tuple(map(_opposite, parts)))
        case Not(part):
            return part
        case _:
            assert_never(node)


def _term(name: str, vocabulary: Vocabulary) -> Term:
    term = vocabulary(name)
    if term is None:
        raise JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")
    return term


def _sort_key(order: Order, vocabulary: Vocabulary) -> Callable[[Ticket], tuple[bool, Any]]:
    term = vocabulary(order.field)
    if term is None:
        raise JqlError(f"Not able to sort using field '{order.field}'.")
    read = term.sort_key

    def key(ticket: Ticket) -> tuple[bool, Any]:
        value = read(ticket)
        return (True, 0) if value is None else (False, value)

    return key
