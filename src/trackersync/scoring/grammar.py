"""The words of the expression language: a SQL dialect cut down to what is allowed, before anything is parsed.

Everything the tokenizer does not know becomes a plain word, and plain words must be columns, inputs or functions; so
subqueries, casts, comments, further statements and the rest of SQL have no way in.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from msgspec.structs import replace
from sqlglot import Dialect, Token, TokenType, exp
from sqlglot import parser as sql_parser
from sqlglot import tokens as sql_tokens
from sqlglot.errors import SqlglotError

from trackersync.errors import ConfigError, Problem

MAX_LENGTH = 2000
"""Characters of one expression."""
MAX_DEPTH = 20
"""Levels of parentheses, CASE, NOT and minus signs inside each other."""

KEYWORDS = frozenset(
    {"AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN", "LIKE", "CASE", "WHEN", "THEN", "ELSE", "END", "TRUE", "FALSE"}
)
"""The words of the language itself; in any case."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class ExpressionError(ConfigError):
    """An expression that cannot be used: what is wrong, at which character (from 0), and the nearest valid name."""

    def __init__(self, message: str, *, offset: int = 0, nearest: str | None = None) -> None:
        self.offset = offset
        self.nearest = nearest
        hint = f"did you mean {nearest}?" if nearest else None
        super().__init__([Problem(f"{message}, at character {offset + 1}", hint=hint)], hint=hint)

    def joined_by(self, others: Sequence[ExpressionError]) -> ExpressionError:
        """Tell also what else is wrong with the same expression."""
        self.problems += tuple(problem for other in others for problem in other.problems)
        return self

    def placed(self, path: tuple[str | int, ...]) -> Iterator[Problem]:
        """Its problems, at the key of the file that holds the expression."""
        return (replace(problem, path=path) for problem in self.problems)


class _Formulas(Dialect):
    """SQL expressions without statements, without comments, and with no function known to the parser."""

    class Tokenizer(sql_tokens.Tokenizer):
        COMMENTS: ClassVar = []
        KEYWORDS: ClassVar = {
            **{word: TokenType[word] for word in KEYWORDS},
            "<=": TokenType.LTE,
            ">=": TokenType.GTE,
            "<>": TokenType.NEQ,
            "!=": TokenType.NEQ,
            "--": TokenType.COMMENT,
            "/*": TokenType.COMMENT,
        }
        SINGLE_TOKENS: ClassVar = {
            "(": TokenType.L_PAREN,
            ")": TokenType.R_PAREN,
            "+": TokenType.PLUS,
            "-": TokenType.DASH,
            "*": TokenType.STAR,
            "/": TokenType.SLASH,
            "<": TokenType.LT,
            ">": TokenType.GT,
            "=": TokenType.EQ,
            ",": TokenType.COMMA,
            ";": TokenType.SEMICOLON,
            "'": TokenType.UNKNOWN,
            '"': TokenType.UNKNOWN,
        }

    class Parser(sql_parser.Parser):
        FUNCTIONS: ClassVar = {}
        FUNCTION_PARSERS: ClassVar = {}
        NO_PAREN_FUNCTIONS: ClassVar = {}
        NO_PAREN_FUNCTION_PARSERS: ClassVar = {"CASE": sql_parser.Parser.NO_PAREN_FUNCTION_PARSERS["CASE"]}


_OPENING = frozenset({TokenType.L_PAREN, TokenType.CASE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.END})
_PREFIX = frozenset({TokenType.NOT, TokenType.DASH})
_VALUES = frozenset({TokenType.VAR, TokenType.IDENTIFIER, TokenType.NUMBER, TokenType.STRING})
_ALLOWED = (
    _VALUES
    | {TokenType[word] for word in KEYWORDS}
    | {TokenType.LTE, TokenType.GTE, TokenType.NEQ, TokenType.LT, TokenType.GT, TokenType.EQ, TokenType.COMMA}
    | {TokenType.L_PAREN, TokenType.R_PAREN, TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.SLASH}
)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The valid name that looks most like `word`, whatever its case; None when none does."""
    names = {name.casefold(): name for name in sorted(known)}
    found = difflib.get_close_matches(word.casefold(), names, n=1)
    return names[found[0]] if found else None


def tokenize(text: str) -> list[Token]:
    """The words of an expression, none of them outside the language; raises `ExpressionError`."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters", offset=MAX_LENGTH)
    try:
        tokens = list(_Formulas().tokenize(text))
    except SqlglotError:
        raise ExpressionError("a quote is opened and never closed", offset=_open_quote(text)) from None
    if not tokens:
        raise ExpressionError("there is nothing to compute")
    for token in tokens:
        _refuse_foreign(token)
    _refuse_nesting(tokens)
    return tokens


def _open_quote(text: str) -> int:
    closed = re.sub(r"'[^']*'|\"[^\"]*\"", lambda found: " " * len(found.group()), text)
    return max(min((closed.find(quote) for quote in "'\"" if quote in closed), default=0), 0)


_MEANT = {"&": "AND", "&&": "AND", "|": "OR", "||": "OR", "!": "NOT", "**": "a product", "^": "a product"}
"""What people write who know another language."""


def _refuse_foreign(token: Token) -> None:
    odd = token.token_type is TokenType.VAR and not _PLAIN.fullmatch(token.text)
    if odd or token.token_type not in _ALLOWED:
        instead = f"; write {_MEANT[token.text]}" if token.text in _MEANT else ""
        raise ExpressionError(f"`{token.text}` has no place in an expression{instead}", offset=token.start)


def _refuse_nesting(tokens: Sequence[Token]) -> None:
    depth = prefixes = 0
    for token in tokens:
        depth += (token.token_type in _OPENING) - (token.token_type in _CLOSING)
        prefixes = prefixes + 1 if token.token_type in _PREFIX else 0
        if depth + prefixes > MAX_DEPTH:
            raise ExpressionError(f"nested deeper than {MAX_DEPTH} levels", offset=token.start)


def is_call(tokens: Sequence[Token], index: int) -> bool:
    """Whether the word at `index` is followed by an opening parenthesis, as a function's name is."""
    return index + 1 < len(tokens) and tokens[index + 1].token_type is TokenType.L_PAREN


def parse_sql(text: str, tokens: Sequence[Token]) -> exp.Expr:
    """The syntax tree of the words of `text`; raises `ExpressionError`."""
    try:
        trees = _Formulas().parser().parse_into(exp.Condition, list(tokens), text)
    except SqlglotError as error:
        raise ExpressionError("this is no complete expression", offset=_error_offset(error, text)) from None
    tree = trees[0] if len(trees) == 1 else None
    if tree is None:
        raise ExpressionError("this is no complete expression")
    return tree


def _error_offset(error: SqlglotError, text: str) -> int:
    """Where sqlglot stumbled; it counts lines and columns, and columns up to the end of the word."""
    detail: Mapping[str, Any] = next(iter(getattr(error, "errors", ())), {})
    lines = text.splitlines(keepends=True)[: (detail.get("line") or 1) - 1]
    before = sum(len(line) for line in lines) + (detail.get("col") or 0)
    return min(max(before - len(detail.get("highlight") or ""), 0), len(text))
