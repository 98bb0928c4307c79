"""What pydantic found wrong, in words for people; knows pydantic's error types and nothing of what the keys mean."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from trackersync.config.document import KeyPath
from trackersync.config.values import describe

_EXPECTED = {
    "bool": "true or false",
    "date": "a date such as 2026-01-31",
    "dict": "a mapping of keys to values",
    "float": "a number",
    "int": "a whole number",
    "is": "another kind of value",
    "list": "a list",
    "mapping": "a mapping of keys to values",
    "model": "a mapping of keys to values",
    "model_attributes": "a mapping of keys to values",
    "set": "a list",
    "string": "text",
    "tuple": "a list",
    "url": "an address such as https://example.org",
}
_LIMITS = {
    "greater_than": ("must be more than", "gt"),
    "greater_than_equal": ("must be at least", "ge"),
    "less_than": ("must be less than", "lt"),
    "less_than_equal": ("must be at most", "le"),
}
_SECRET = re.compile(r"token|secret|password|key|env|auth", re.IGNORECASE)


def nearest(name: str, names: Iterable[str], otherwise: str = "known here") -> str | None:
    """The hint for an unknown name: the nearest valid one, or all of them; None where there are none."""
    known = sorted({str(each) for each in names})
    close = closest(name, known)
    if close is not None:
        return f"did you mean {close}?"
    return f"{otherwise}: {', '.join(known)}" if known else None


def closest(name: str, names: Iterable[str]) -> str | None:
    """The name that was most likely meant, whatever its case; None where none is near."""
    folded = {each.casefold(): each for each in sorted(names)}
    close = difflib.get_close_matches(name.casefold(), folded, n=1)
    return folded[close[0]] if close else None


def say(error: ErrorDetails, model: type[BaseModel], path: KeyPath) -> tuple[str, str | None]:
    """The message and the hint for one error; `path` is where it stands below `model`, in the file's own keys."""
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    if kind == "missing":
        return "is missing", None
    if kind == "extra_forbidden":
        return "unknown key", nearest(str(path[-1]), keys_at(model, path[:-1]), "the keys here are")
    if kind == "plain":
        return context["message"], context["hint"]
    if kind in {"literal_error", "enum"}:
        return _one_of(str(context["expected"]), value)
    if kind in _LIMITS:
        words, key = _LIMITS[kind]
        return f"{words} {context[key]:g}, found {value}", None
    return _other(error, _shown(path, value))


def _other(error: ErrorDetails, found: str) -> tuple[str, str | None]:
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    expected = _EXPECTED.get(re.sub(r"_(type|parsing|from_float|parsing_size|instance_of)$", "", kind))
    if expected:
        number = expected == "text" and isinstance(value, int | float)
        return f"expected {expected}, found {found}", "put it in quotes" if number else None
    if kind == "value_error":
        return str(context["error"]), None
    if kind in {"string_too_short", "too_short"}:
        return "must not be empty" if not value else f"is too short: at least {context['min_length']}", None
    if kind == "string_pattern_mismatch":
        return f"is not of the expected form, found {found}", f"it has to match {context['pattern']}"
    if kind == "finite_number":
        return f"expected a finite number, found {found}", None
    message = error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return message[:1].lower() + message[1:], None


def _one_of(expected: str, value: Any) -> tuple[str, str | None]:
    words = re.findall(r"'([^']*)'", expected)
    close = closest(value, words) if isinstance(value, str) else None
    return (
        f"expected {', '.join(words) or expected}, found {describe(value)}",
        None if close is None else f"did you mean {close}?",
    )


def _shown(path: KeyPath, value: Any) -> str:
    """The value as found, unless the key's name says that a secret may have been pasted there."""
    if isinstance(value, str) and path and _SECRET.search(str(path[-1])):
        return "another text"
    return describe(value)


def keys_at(model: type[BaseModel], path: KeyPath) -> Collection[str]:
    """The keys that the model nested at this path knows, by the names the file uses."""
    annotations: list[Any] = [model]
    for part in path:
        annotations = [found for each in annotations for found in _below(each, part)]
    return {key for each in annotations for owner in _models(each) for key in _fields(owner)}


def _below(annotation: Any, part: str | int) -> list[Any]:
    """What may stand under one key: the field of a model, the value of a mapping, the item of a list."""
    found = [_fields(model)[str(part)].annotation for model in _models(annotation) if str(part) in _fields(model)]
    return found or [arg for arg in get_args(annotation) if arg is not str and arg is not Ellipsis]


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models an annotation allows at its own level: itself, or the members of a union."""
    options = [annotation, *get_args(annotation)]
    return [option for option in options if isinstance(option, type) and issubclass(option, BaseModel)]


def _fields(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    return {info.alias or name: info for name, info in model.model_fields.items()}
