"""Reads JQL: every query becomes data or one of Jira's own error texts, nothing is ignored."""

from __future__ import annotations

from trackersync_sandbox.jira.jql.errors import JqlError, early_end, syntax_error
from trackersync_sandbox.jira.jql.query import (
    And,
    Clause,
    Empty,
    Function,
    Node,
    Not,
    Operand,
    Operator,
    Or,
    Order,
    Query,
    Value,
)
from trackersync_sandbox.jira.jql.reserved import RESERVED
from trackersync_sandbox.jira.jql.tokens import Token, tokens

MAX_ORDER = 7
"""Fields to sort by, as the description of `search/jql` says."""

_MAX_DEPTH = 60
_SYMBOLS: dict[str, Operator] = {
    "=": "=", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">=", "~": "~", "!~": "!~", "in": "in",
}  # fmt: skip
_OPERATORS = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'"
_A_VALUE = "either a value, list or function"


def parse(text: str) -> Query:
    """The query meant by `text`. Raises JqlError with Jira's words."""
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._at = 0
        self._depth = 0

    def query(self) -> Query:
        where = None if self._token.keyword in ("order", "") and self._token.kind != "string" else self._any()
        order = self._order() if self._take("order") else ()
        if self._token.kind != "end":
            expected = "','" if order else "either 'OR' or 'AND'"
            raise self._unexpected(expected)
        return Query(where, order)

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._token
        if token.kind != "end":
            self._at += 1
        return token

    def _take(self, keyword: str) -> bool:
        taken = self._token.keyword == keyword
        self._at += taken
        return taken

    def _expect(self, keyword: str) -> None:
        if not self._take(keyword):
            raise self._unexpected(f"'{keyword.upper()}'")

    def _unexpected(self, expected: str, more: str = "") -> JqlError:
        token = self._token
        if token.kind == "end":
            return early_end(expected)
        return syntax_error(f"Expecting {expected} but got '{token.text}'.{more}", self._text, token.offset)

    def _any(self) -> Node:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise syntax_error("The query is nested too deeply.", self._text, self._token.offset)
        parts = [self._all()]
        while self._take("or"):
            parts.append(self._all())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Node:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Node:
        negated = False
        while self._take("not"):
            negated = not negated
        if self._take("("):
            found = self._any()
            self._expect(")")
        else:
            found = Clause(self._field(), *self._comparison())
        return Not(found) if negated else found

    def _field(self) -> str:
        token = self._token
        if token.keyword == "cf" and self._tokens[self._at + 1].keyword == "[":
            self._at += 2
            number = self._next()
            if number.kind == "end" or not number.text.isdecimal():
                raise syntax_error("Expecting a custom field ID.", self._text, number.offset)
            self._expect("]")
            return f"cf[{number.text}]"
        if token.kind in ("symbol", "end"):
            raise self._unexpected("a field name")
        self._refuse_reserved(token)
        return self._next().text

    def _comparison(self) -> tuple[Operator, tuple[Operand, ...]]:
        operator = self._operator()
        if operator in ("in", "not in"):
            return operator, self._list()
        if operator in ("is", "is not"):
            if self._token.keyword not in ("empty", "null"):
                raise self._unexpected("either 'EMPTY' or 'NULL'")
            self._at += 1
            return operator, (Empty(),)
        return operator, (self._operand(),)

    def _operator(self) -> Operator:
        if self._take("is"):
            return "is not" if self._take("not") else "is"
        if self._token.keyword == "not" and self._tokens[self._at + 1].keyword == "in":
            self._at += 2
            return "not in"
        operator = _SYMBOLS.get(self._token.keyword)
        if operator is None:
            raise self._unexpected("operator", f" The valid operators are {_OPERATORS}.")
        self._at += 1
        return operator

    def _list(self) -> tuple[Operand, ...]:
        if not self._take("("):
            raise self._unexpected("'('")
        found = [self._operand()]
        while self._take(","):
            found.append(self._operand())
        self._expect(")")
        return tuple(found)

    def _operand(self) -> Operand:
        token = self._token
        if token.kind in ("symbol", "end"):
            raise self._unexpected(_A_VALUE)
        if token.keyword in ("empty", "null"):
            self._at += 1
            return Empty()
        if token.keyword in RESERVED and token.kind == "word":
            raise self._unexpected(
                _A_VALUE, f" You must surround '{token.text}' in quotation marks to use it as a value."
            )
        self._at += 1
        if self._take("("):
            return Function(token.text, self._arguments())
        return Value(token.text, quoted=token.kind == "string")

    def _arguments(self) -> tuple[str, ...]:
        found: list[str] = []
        while not self._take(")"):
            if self._token.kind in ("symbol", "end"):
                raise self._unexpected("')'")
            found.append(self._next().text)
            self._take(",")
        return tuple(found)

    def _order(self) -> tuple[Order, ...]:
        self._expect("by")
        found = [self._sort()]
        while self._take(","):
            found.append(self._sort())
        if len(found) > MAX_ORDER:
            raise JqlError(f"The ORDER BY clause of the JQL query must contain no more than {MAX_ORDER} fields.")
        return tuple(found)

    def _sort(self) -> Order:
        field = self._field()
        if self._take("desc"):
            return Order(field, descending=True)
        self._take("asc")
        return Order(field)

    def _refuse_reserved(self, token: Token) -> None:
        if token.kind == "word" and token.keyword in RESERVED:
            raise syntax_error(
                f"'{token.text}' is a reserved JQL word. You must surround it in quotation marks to use it in a query.",
                self._text,
                token.offset,
            )
