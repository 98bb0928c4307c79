"""The expression language of the rules: parsed into an allow-list and typed before any issue is read. Never `eval`.

What the language is, for those who write rules: `docs/expressions.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct
from sqlglot import Token, TokenType

from trackersync.scoring.columns import COLUMNS, Kind
from trackersync.scoring.grammar import ExpressionError, is_call, nearest, parse_sql, tokenize
from trackersync.scoring.tree import FUNCTIONS, Node, build_tree

__all__ = ["Expression", "ExpressionError", "nearest", "parse", "walk"]

_WORDS = frozenset({TokenType.VAR, TokenType.IDENTIFIER})


class Expression(Struct, frozen=True):
    """A valid expression: its text, its typed tree, and where in the text each name stands."""

    text: str
    root: Node
    spans: tuple[tuple[str, int, int], ...]
    """(name, first character, character after the last), in order."""

    @property
    def names(self) -> frozenset[str]:
        """All columns and inputs that it uses."""
        return frozenset(str(node.value) for node in walk(self.root) if node.op == "name")

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with names replaced by values: `reach * impact` becomes `100 * 3`."""
        parts: list[str] = []
        end = 0
        for name, start, after in self.spans:
            parts += (self.text[end:start], values.get(name, name))
            end = after
        return "".join([*parts, self.text[end:]])


def parse(text: str, inputs: Sequence[str] = (), *, wants: Kind = Kind.NUMBER) -> Expression:
    """Parse and check an expression over the built-in columns and these inputs.

    Raises `ExpressionError` for whatever is not in the language, for unknown names, for values of the wrong kind,
    for texts too long or nested too deeply. Touches no issue.
    """
    return _parse(text, tuple(sorted(inputs)), wants)


@lru_cache(maxsize=512)
def _parse(text: str, inputs: tuple[str, ...], wants: Kind) -> Expression:
    kinds = {name: column.kind for name, column in COLUMNS.items()} | dict.fromkeys(inputs, Kind.NUMBER)
    tokens = tokenize(text)
    _refuse_unknown(tokens, kinds)
    spans = tuple(_names(tokens))
    try:
        root = build_tree(parse_sql(text, tokens), kinds)
    except RecursionError:
        # Within the limits only where the caller has used up the stack already.
        raise ExpressionError("nested too deeply to be read here") from None
    if root.kind is not wants:
        raise ExpressionError(f"the result must be {wants}, not {root.kind}")
    return Expression(text, root, spans)


def _names(tokens: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """The names in the text, and where each stands."""
    for index, token in enumerate(tokens):
        if token.token_type in _WORDS and not is_call(tokens, index):
            yield token.text, token.start, token.end + 1


def _refuse_unknown(tokens: Sequence[Token], kinds: Mapping[str, Kind]) -> None:
    """Before anything is parsed, refuse whatever is no column, input or function: all of it at once."""
    unknown: dict[str, ExpressionError] = {}
    for index, token in enumerate(tokens):
        what, known = ("function", FUNCTIONS) if is_call(tokens, index) else ("name", kinds)
        name = token.text.casefold() if what == "function" else token.text
        if token.token_type in _WORDS and name not in known and name not in unknown:
            near = nearest(name, known if what == "function" else [*kinds, *FUNCTIONS])
            unknown[name] = ExpressionError(f"unknown {what} `{name}`", offset=token.start, nearest=near)
    if unknown:
        first, *others = unknown.values()
        raise first.joined_by(others)


def walk(node: Node) -> Iterator[Node]:
    """Every node below and including this one, each once."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if id(current) not in seen:
            seen.add(id(current))
            yield current
            waiting.extend(current.args)
