"""The tracker's own words, made fit to be shown: short, on one line, without control characters; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec

_LONGEST = 500
_MINUTES_FROM = 120
"""Seconds from which a duration is told in minutes."""
UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are no JSON: malformed, of another shape, not UTF-8, nested without end."""
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def clean(text: str, longest: int = _LONGEST) -> str:
    """One line of at most `longest` characters; control and invisible formatting characters become spaces."""
    # Cc holds escape sequences for terminals, Cf the characters that reverse the direction of writing.
    visible = "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") else char for char in text)
    line = " ".join(visible.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def own_words(content: bytes) -> str:
    """What an error's body says: Jira's `errorMessages`, GitHub's `message`, `errors` of either, a page's title."""
    try:
        said = list(dict.fromkeys(_said(msgspec.json.decode(content))))
    except UNDECODABLE:
        return _page_words(content)
    return clean("; ".join(said))


def words_by_field(content: bytes) -> dict[str, str]:
    """What an error's body says of single fields, as Jira does: `{"errors": {"priority": "…"}}`; else nothing."""
    try:
        body = msgspec.json.decode(content)
    except UNDECODABLE:
        return {}
    errors = body.get("errors") if isinstance(body, dict) else None
    return {name: clean(str(text)) for name, text in errors.items()} if isinstance(errors, dict) else {}


def preview(content: bytes) -> str:
    """The first 80 characters of a body, escaped, for saying what came instead of what was expected."""
    return ascii(content[:320].decode("utf-8", errors="replace")[:80])


def duration(seconds: float) -> str:
    """`45 s`, `12 min`, `1 h 5 min`: as people say it, rounded up."""
    whole = int(-(-seconds // 1))
    if whole < _MINUTES_FROM:
        return f"{whole} s"
    hours, minutes = divmod(-(-whole // 60), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _page_words(content: bytes) -> str:
    title = _TITLE.search(content)
    if title:
        return clean(f"a page titled {title.group(1).decode('utf-8', errors='replace').strip()!r}")
    if content.lstrip()[:1] == b"<":
        return "a page without a title"
    return clean(content[:1000].decode("utf-8", errors="replace"), 200)


def _said(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, list):
        for entry in body:
            yield from _said(entry)
    elif isinstance(body, dict):
        yield from _said_by_object(body)


def _said_by_object(body: dict[str, Any]) -> Iterator[str]:
    for name in ("errorMessages", "message", "error", "error_description"):
        yield from _said(body.get(name))
    errors = body.get("errors")
    if isinstance(errors, dict):  # Jira: by field
        yield from (f"{name}: {text}" for name, text in errors.items())
    else:
        yield from _said(errors)
    code = body.get("code")
    if isinstance(
        code, str
    ):  # one of GitHub's errors: {"resource": "Label", "field": "name", "code": "already_exists"}
        yield " ".join(str(body[name]) for name in ("resource", "field", "code") if body.get(name))
