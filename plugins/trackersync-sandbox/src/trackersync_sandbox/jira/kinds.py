"""The kinds of custom fields, how Jira describes each, and which of them a value from a file is of."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

from trackersync_sandbox.jira import adf
from trackersync_sandbox.state import JSON

Kind = Literal[
    "number", "text", "text_area", "url", "date", "datetime", "select", "choice", "cascading", "options", "labels",
    "user", "users", "version", "versions", "project", "sprint", "rank", "epic_link", "system",
]  # fmt: skip

_CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes"
_AGILE = "com.pyxis.greenhopper.jira"
SCHEMAS: Mapping[Kind, JSON] = MappingProxyType({
    "number": {"type": "number", "custom": f"{_CUSTOM}:float"},
    "text": {"type": "string", "custom": f"{_CUSTOM}:textfield"},
    "text_area": {"type": "string", "custom": f"{_CUSTOM}:textarea"},
    "url": {"type": "string", "custom": f"{_CUSTOM}:url"},
    "date": {"type": "date", "custom": f"{_CUSTOM}:datepicker"},
    "datetime": {"type": "datetime", "custom": f"{_CUSTOM}:datetime"},
    "select": {"type": "option", "custom": f"{_CUSTOM}:select"},
    "choice": {"type": "option", "custom": f"{_CUSTOM}:radiobuttons"},
    "cascading": {"type": "option-with-child", "custom": f"{_CUSTOM}:cascadingselect"},
    "options": {"type": "array", "items": "option", "custom": f"{_CUSTOM}:multicheckboxes"},
    "labels": {"type": "array", "items": "string", "custom": f"{_CUSTOM}:labels"},
    "user": {"type": "user", "custom": f"{_CUSTOM}:userpicker"},
    "users": {"type": "array", "items": "user", "custom": f"{_CUSTOM}:multiuserpicker"},
    "version": {"type": "version", "custom": f"{_CUSTOM}:version"},
    "versions": {"type": "array", "items": "version", "custom": f"{_CUSTOM}:multiversion"},
    "project": {"type": "project", "custom": f"{_CUSTOM}:project"},
    "sprint": {"type": "array", "items": "json", "custom": f"{_AGILE}:gh-sprint"},
    "rank": {"type": "any", "custom": f"{_AGILE}:gh-lexo-rank"},
    "epic_link": {"type": "any", "custom": f"{_AGILE}:gh-epic-link"},
})  # fmt: skip

PRINTED = "com.atlassian.greenhopper.service.sprint.Sprint@"
"""How the sprints of a Data Center begin, whose exports hold them printed."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:?\d\d|Z)")
_LISTS: Mapping[Kind, Kind] = {"user": "users", "version": "versions", "sprint": "sprint"}


def kind_of(value: Any) -> Kind:
    """The kind of field that holds such a value; a file tells nothing else of its fields."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number"
    if isinstance(value, str):
        return _kind_of_text(value)
    if isinstance(value, dict):
        return _kind_of_object(value)
    if isinstance(value, list):
        first = value[0] if value else None
        if isinstance(first, dict):
            return _LISTS.get(_kind_of_object(first), "options")
        return "sprint" if isinstance(first, str) and first.startswith(PRINTED) else "labels"
    return "text"


def _kind_of_text(text: str) -> Kind:
    tests: Mapping[Kind, Callable[[str], Any]] = {
        "date": _DAY.fullmatch,
        "datetime": _MOMENT.fullmatch,
        "url": re.compile(r"https?://\S+").fullmatch,
        "text_area": lambda words: "\n" in words,
    }
    return next((kind for kind, fits in tests.items() if fits(text)), "text")


def _kind_of_object(value: JSON) -> Kind:
    keys = value.keys()
    tests: Mapping[Kind, bool] = {
        "text_area": adf.is_document(value),
        "cascading": "value" in keys and "child" in keys,
        "choice": "value" in keys,
        "user": bool(keys & {"accountId", "displayName"}),
        "sprint": {"name", "state"} <= keys,
        "version": bool(keys & {"released", "archived"}),
        "project": {"key", "name"} <= keys,
    }
    return next((kind for kind, fits in tests.items() if fits), "text")
