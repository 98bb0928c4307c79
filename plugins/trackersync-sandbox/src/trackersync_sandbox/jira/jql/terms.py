"""What JQL can say about each kind of field."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trackersync_sandbox.jira.jql.dates import moment
from trackersync_sandbox.jira.jql.errors import JqlError
from trackersync_sandbox.jira.jql.query import Clause, Empty, Function, Operator, Value
from trackersync_sandbox.jira.ticket import Ticket

Match = Callable[[Ticket], bool]
Read = Callable[[Ticket], Sequence[Any]]

EQUALITY: frozenset[Operator] = frozenset({"=", "!=", "in", "not in", "is", "is not"})
COMPARISON: frozenset[Operator] = EQUALITY | {"<", "<=", ">", ">="}
CONTAINS: frozenset[Operator] = frozenset({"~", "!~", "is", "is not"})
_COMPARE: Mapping[Operator, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    """What a query depends on besides the issues."""

    now: datetime
    user: str
    """The id of the user who asks."""
    find: Callable[[str], Ticket | None]
    """The issue with an id or key."""
    strict: bool = True
    """Whether values that do not exist are refused, or mean no issue."""


@dataclass(frozen=True, slots=True)
class Term:
    """One field in a query; `read` gives its values on an issue, none where it is empty: words in folded case."""

    name: str
    read: Read
    operators: frozenset[Operator] = EQUALITY
    sorting: Callable[[Ticket], Any] | None = None
    """The value to sort by where that is not the first one read."""

    def matcher(self, clause: Clause, world: World) -> Match:
        """Which issues the clause means. Raises JqlError for an operator or value that the field does not have."""
        if clause.operator not in self.operators:
            raise JqlError(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
        empty = any(isinstance(operand, Empty) for operand in clause.operands)
        given = [operand for operand in clause.operands if not isinstance(operand, Empty)]
        if clause.operator in _COMPARE:
            if empty:
                raise JqlError(f"The operator '{clause.operator}' does not support searching for EMPTY values.")
            return self.compared(clause.operator, given[0], world)
        return self.equal(clause.operator, given, world, empty=empty)

    def equal(self, operator: Operator, given: Sequence[Value | Function], world: World, *, empty: bool) -> Match:
        """`=`, `in`, `is` and their opposites; no opposite ever means an issue without a value, as in Jira."""
        read, wanted = self.read, {value for operand in given for value in self.wanted(operand, world)}
        if operator in ("!=", "not in", "is not"):
            return lambda ticket: bool(values := read(ticket)) and wanted.isdisjoint(values)
        if empty:
            return lambda ticket: not (values := read(ticket)) or not wanted.isdisjoint(values)
        return lambda ticket: not wanted.isdisjoint(read(ticket))

    def compared(self, operator: Operator, given: Value | Function, world: World) -> Match:
        """`<` and its like; an issue without a value is on neither side."""
        (limit,) = self.wanted(given, world)
        read, compare = self.read, _COMPARE[operator]
        return lambda ticket: any(compare(value, limit) for value in read(ticket))

    def wanted(self, operand: Value | Function, world: World) -> Iterable[Any]:  # noqa: ARG002 - others need it
        """The values meant by `operand`, as `read` gives them."""
        return (self._text(operand).casefold(),)

    def sort_key(self, ticket: Ticket) -> Any:
        """What to sort an issue by; None where the field is empty."""
        if self.sorting is not None:
            return self.sorting(ticket)
        values = self.read(ticket)
        return values[0] if values else None

    def _text(self, operand: Value | Function) -> str:
        if isinstance(operand, Function):
            raise JqlError(f"Unable to find JQL function '{operand.name}({', '.join(operand.arguments)})'.")
        return operand.text


@dataclass(frozen=True, slots=True)
class Choice(Term):
    """One of the values that exist on the site, by name or id: status, priority, a user."""

    known: Mapping[str, Iterable[str]] | None = None
    """Values by what they can be called, in folded case."""

    def wanted(self, operand: Value | Function, world: World) -> Iterable[str]:
        """The values by that name; what nothing is called is refused."""
        if isinstance(operand, Function) and operand.name.lower() == "currentuser" and self.name in _USERS:
            return (world.user,)
        text = self._text(operand)
        found = (self.known or {}).get(text.casefold())
        if found is None and not world.strict:
            return ()
        if found is None:
            raise JqlError(f"The value '{text}' does not exist for the field '{self.name}'.")
        return found


_USERS = frozenset({"assignee", "reporter", "creator"})


@dataclass(frozen=True, slots=True)
class Resolution(Choice):
    """As any choice, and `Unresolved` is a name for none."""

    def equal(self, operator: Operator, given: Sequence[Value | Function], world: World, *, empty: bool) -> Match:
        """`= Unresolved` means the empty ones."""
        others = [operand for operand in given if self._text(operand).casefold() != "unresolved"]
        return Term.equal(self, operator, others, world, empty=empty or len(others) < len(given))


@dataclass(frozen=True, slots=True)
class Number(Term):
    """A number."""

    def wanted(self, operand: Value | Function, world: World) -> Iterable[float]:  # noqa: ARG002 - as the others
        """The number."""
        text = self._text(operand)
        try:
            return (float(text),)
        except ValueError:
            raise JqlError(f"The value '{text}' is not a valid number for the field '{self.name}'.") from None


@dataclass(frozen=True, slots=True)
class Moment(Term):
    """A date or time, in milliseconds since the epoch."""

    def wanted(self, operand: Value | Function, world: World) -> Iterable[int]:
        """The moment."""
        return (moment(operand, self.name, world.now),)


@dataclass(frozen=True, slots=True)
class Key(Term):
    """An issue by key or id."""

    def wanted(self, operand: Value | Function, world: World) -> Iterable[int]:
        """The issue's id."""
        ticket = self._found(operand, world)
        return (ticket.id,) if ticket else ()

    def compared(self, operator: Operator, given: Value | Function, world: World) -> Match:
        """Within the project, by number."""
        limit, compare = self._found(given, world), _COMPARE[operator]
        if limit is None:
            return lambda _: False
        project, number = limit.project, limit.number
        return lambda ticket: ticket.project == project and compare(ticket.number, number)

    def _found(self, operand: Value | Function, world: World) -> Ticket | None:
        text = self._text(operand)
        ticket = world.find(text)
        if ticket is None and text.isdecimal() and world.strict:
            raise JqlError(f"A value with ID '{text}' does not exist for the field '{self.name}'.")
        if ticket is None and world.strict:
            raise JqlError(f"An issue with key '{text}' does not exist for field '{self.name}'.")
        return ticket


@dataclass(frozen=True, slots=True)
class Text(Term):
    """Words anywhere in one or several texts; `word*` finds beginnings, quotes within the value make it a phrase."""

    def equal(self, operator: Operator, given: Sequence[Value | Function], world: World, *, empty: bool) -> Match:
        """`~` and `!~`, and whether there is a text at all."""
        if operator not in ("~", "!~"):
            return Term.equal(self, operator, given, world, empty=empty)
        if empty:
            raise JqlError(f"The operator '{operator}' does not support searching for EMPTY values.")
        pattern, read = _pattern(self._text(given[0])), self.read
        if operator == "~":
            return lambda ticket: _all_found(pattern, read(ticket))
        return lambda ticket: bool(values := read(ticket)) and not _all_found(pattern, values)


def _pattern(query: str) -> list[re.Pattern[str]]:
    if len(query) > 1 and query[0] == query[-1] == '"':
        words = re.findall(r"\w+", query)
        return [re.compile(r"\b" + r"\W+".join(words) + r"\b", re.IGNORECASE)] if words else []
    found = re.findall(r"(\w+)(\*?)", query)
    return [re.compile(rf"\b{word}" + ("" if star else r"\b"), re.IGNORECASE) for word, star in found]


def _all_found(patterns: Sequence[re.Pattern[str]], texts: Sequence[str]) -> bool:
    return bool(patterns) and all(any(pattern.search(text) for text in texts) for pattern in patterns)
