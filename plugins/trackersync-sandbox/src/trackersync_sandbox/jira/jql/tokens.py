"""JQL's words: strings, operators, brackets and plain words, with their place in the query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from trackersync_sandbox.jira.jql.errors import JqlError, syntax_error

TokenKind = Literal["word", "string", "symbol", "end"]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<symbol>!=|!~|<=|>=|&&|\|\||[=<>~&|!()\[\],])
      | (?P<word>(?:[^\s"'=!<>~()\[\],&|{}*/%+^$#@?;\\]|\\.)+)
      | (?P<end>\Z)
      | (?P<other>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_SPECIAL = {"t": "\t", "n": "\n", "r": "\r"}
_SYNONYMS = {"&&": "and", "&": "and", "||": "or", "|": "or", "!": "not"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a query; `text` is what is meant, without quotes and escapes."""

    kind: TokenKind
    text: str
    offset: int

    @property
    def keyword(self) -> str:
        """In lower case, where it can be a keyword or symbol; a quoted string never is."""
        return "" if self.kind == "string" else self.text.lower()


def tokens(query: str) -> Iterator[Token]:
    """The words of `query`, and an empty one at its end. Raises JqlError."""
    offset = 0
    while True:
        match = _TOKEN.match(query, offset)
        assert match is not None  # the last alternative takes anything
        kind, start = match.lastgroup, match.start(match.lastgroup or 0)
        if kind == "other":
            raise _illegal(query, start)
        text = match[kind or 0]
        yield _token(kind, text, start)
        if kind == "end":
            return
        offset = match.end()


def _token(kind: str | None, text: str, start: int) -> Token:
    if kind == "string":
        return Token("string", _unescaped(text[1:-1]), start)
    if kind == "word":
        return Token("word", _unescaped(text), start)
    return Token("symbol" if kind == "symbol" else "end", _SYNONYMS.get(text, text), start)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1][1:], 16)) if len(m[1]) > 1 else _SPECIAL.get(m[1], m[1]), text)


def _illegal(query: str, start: int) -> JqlError:
    char = query[start]
    if char in "\"'":
        said = f"The quoted string '{query[start + 1 :]}' has not been completed."
    elif char == "\\":
        said = "Unable to parse the escape sequence '\\'."
    else:
        said = (
            f"The character '{char}' is a reserved JQL character. You must enclose it in a string or use the "
            f"escape '\\u{ord(char):04x}' instead."
        )
    return syntax_error(said, query, start)
