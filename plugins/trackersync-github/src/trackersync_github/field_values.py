"""Values as GitHub's fields take them, those of projects and those of an organisation's issues; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackersync.errors import RejectedError
from trackersync.model import Value
from trackersync_github.facts import Field, nearest

Keys = Mapping[str, str]
"""By a field's type the key that its value is sent under."""

PROJECT_KEYS: Keys = {"NUMBER": "number", "TEXT": "text", "SINGLE_SELECT": "singleSelectOptionId"}
"""Of `ProjectV2FieldValue`."""
ISSUE_KEYS: Keys = {"NUMBER": "numberValue", "TEXT": "textValue", "SINGLE_SELECT": "singleSelectOptionId"}
"""Of `IssueFieldCreateOrUpdateInput`."""


def field_value(field: Field, value: Value, keys: Keys) -> dict[str, Any]:
    """The value as the field's type takes it; a wrong type or an unknown option is a `RejectedError`."""
    match field.type:
        case "NUMBER":
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise RejectedError(f"the field {field.name!r} holds numbers, not {value!r}")
            return {keys[field.type]: value}
        case "TEXT":
            return {keys[field.type]: _text(value)}
        case "SINGLE_SELECT":
            return {keys[field.type]: _option(field, _text(value))}
        case kind:
            raise RejectedError(
                f"the field {field.name!r} is of the type {kind}; only numbers, text and single selects can be written"
            )


def _option(field: Field, name: str) -> str:
    for option in field.options:
        if option.name == name:
            return option.id
    options = (option.name for option in field.options)
    raise RejectedError(f"the field {field.name!r} has no option {name!r}{nearest(name, options)}")


def _text(value: Value) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
