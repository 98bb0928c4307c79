"""`Title {key=value "long key"="long value"}`: what stands between the braces at the end of a checklist's item; pure.

Braces that hold anything but pairs are a part of the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from trackersync_file.backlog import RefusedError

_KEY = r'(?:"[^"{}]+"|[^\s={}"]+)'
_VALUE = r'(?:"[^"{}]*"|[^\s{}"]*)'
_PAIR = re.compile(rf" *(?P<key>{_KEY})=(?P<value>{_VALUE})")
_PAIRS = re.compile(rf" *{_KEY}={_VALUE}(?: +{_KEY}={_VALUE})* *")


def title_of(text: str) -> str:
    """The title alone."""
    span = _span(text)
    return text[: span[0] - 1].rstrip() if span else text


def pairs_of(text: str) -> list[tuple[str, str]]:
    """The pairs in their order."""
    return [(_plain(pair["key"]), _plain(pair["value"])) for pair in _found(text)]


def with_pair(text: str, key: str, value: str) -> str:
    """The text with this pair, or without it where the value is empty; all else of it stays as it is."""
    written = _written(value) if value else ""
    same = [pair for pair in _found(text) if _plain(pair["key"]).casefold() == key.casefold()]
    if len(same) > 1:
        raise RefusedError(f"{key} is given twice")
    if same:
        return _replaced(text, same[0], written)
    if not value:
        return text
    span = _span(text)
    if span is None:
        return f"{text} {{{_written(key)}={written}}}"
    return f"{text[: span[1]].rstrip()} {_written(key)}={written}{text[span[1] :]}"


def _replaced(text: str, pair: re.Match[str], written: str) -> str:
    if written:
        return text[: pair.start("value")] + written + text[pair.end("value") :]
    rest = text[pair.end() :]
    if rest.strip() == "}" and text[: pair.start()].endswith("{"):  # it was the only one
        return title_of(text)
    return text[: pair.start()] + (rest.lstrip() if text[: pair.start()].endswith("{") else rest)


def _span(text: str) -> tuple[int, int] | None:
    """From behind the opening brace to before the closing one."""
    start = text.rfind("{") + 1
    if start and text.endswith("}") and _PAIRS.fullmatch(text, start, len(text) - 1):
        return start, len(text) - 1
    return None


def _found(text: str) -> Iterator[re.Match[str]]:
    span = _span(text)
    return _PAIR.finditer(text, *span) if span else iter(())


def _plain(written: str) -> str:
    return written.removeprefix('"').removesuffix('"')


def _written(text: str) -> str:
    if any(char in text for char in '"{}'):
        raise RefusedError(f"no quotation mark or brace has a place there: {text}")
    return text if re.fullmatch(r"[^\s=]+", text) else f'"{text}"'
