"""What a field holds, out of Jira's many forms and back into them; pure."""

from __future__ import annotations

from typing import Any

import msgspec

from trackersync.model import Value
from trackersync_jira.adf import document, is_document, plain_text
from trackersync_jira.catalog import FieldInfo
from trackersync_jira.sprints import sprint_of

_NAMES = ("value", "displayName", "name", "key")
"""Where an option, a person, a version or component, and a project or issue keep the word people know them by."""


def value_of(raw: Any) -> Value:
    """A field's value as the model keeps it; None where it is empty or of a form that has no word for itself."""
    if isinstance(raw, msgspec.Struct | list):
        raw = msgspec.to_builtins(raw)
    match raw:
        case bool() | int() | float():
            return raw
        case str():
            return raw or None
        case list():
            return tuple(word for word in map(_word, raw) if word) or None
        case dict():
            return _word(raw)
        case _:
            return None


def _word(raw: Any) -> str | None:
    if is_document(raw):
        return plain_text(raw) or None
    if isinstance(raw, dict):
        return _name(raw)
    if isinstance(raw, str):
        sprint = sprint_of(raw)
        return sprint.name if sprint else raw
    return None if raw is None else str(raw)


def _name(raw: dict[str, Any]) -> str | None:
    """Of a cascading select both choices, `Hardware - Laptop`, as Jira shows them."""
    word = next((raw[name] for name in _NAMES if isinstance(raw.get(name), str)), None)
    child = raw.get("child")
    below = _name(child) if isinstance(child, dict) and "value" in raw else None
    return f"{word} - {below}" if word and below else word


def written(field: FieldInfo, value: Value, *, documents: bool) -> Any:
    """The JSON that puts `value` into `field`, None to clear it; `documents`: texts of several lines as such.

    A form that the field does not take is Jira's to refuse, in its own words.
    """
    if value is None:
        return None
    match field.type:
        case "number":
            return value
        case "option":
            return {"value": _text(value)}
        case "priority":
            return {"name": _text(value)}
        case "array":
            parts = value if isinstance(value, tuple) else (_text(value),)
            return [{"value": part} if field.items == "option" else part for part in parts]
        case _:
            text = _text(value)
            return document(text) if documents and field.is_text_area else text


def _text(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
