"""What an edit asks for, checked field by field before anything is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from trackersync_sandbox.jira import adf
from trackersync_sandbox.jira.catalog import EDITABLE, Field
from trackersync_sandbox.jira.kinds import Kind
from trackersync_sandbox.jira.loading import option
from trackersync_sandbox.jira.refusals import refusal
from trackersync_sandbox.jira.rendering import Version
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import Ticket
from trackersync_sandbox.state import JSON

_MAX_LABEL = 255
_MAX_TEXT = 32767
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
KINDS: frozenset[Kind] = frozenset({"number", "text", "text_area", "url", "date", "datetime", "select", "labels"})


class RefusedValueError(ValueError):
    """The field does not take the value; the text is Jira's."""


def edits(ticket: Ticket, fields: Mapping[str, Any], update: Mapping[str, Any], site: Site, version: Version) -> JSON:
    """The values to set by field id, None to clear. All that is wrong is refused at once, and then nothing is set."""
    values: JSON = {}
    errors: dict[str, str] = {}
    for name in dict.fromkeys((*fields, *update)):
        try:
            field = _editable(name, site)
            if name not in update:
                values[name] = checked(field, fields[name], site, version)
            else:
                present = _only_once(name, ticket, fields)
                values[name] = _updated(field, present, update[name], site, version)
        except RefusedValueError as exc:
            errors[name] = str(exc)
    if errors:
        raise refusal(errors=errors)
    return values


def on_screen(field: Field, site: Site) -> bool:
    """Whether the field is on the edit screen of every issue; none is for an account that may not edit."""
    editable = field.id in EDITABLE or field.kind in KINDS
    return editable and site.lacking.isdisjoint((field.name, "EDIT_ISSUES"))


def _editable(name: str, site: Site) -> Field:
    field = site.catalog.get(name)
    if field is None or not on_screen(field, site):
        raise RefusedValueError(f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown.")
    return field


def _only_once(name: str, ticket: Ticket, fields: Mapping[str, Any]) -> Any:
    """What the field holds now, provided that it is not also in `fields`."""
    if name in fields:
        raise RefusedValueError(f"Field '{name}' cannot appear in both 'fields' and 'update'")
    return ticket.fields.get(name)


def checked(field: Field, value: Any, site: Site, version: Version) -> Any:
    """`value` as the field keeps it. Raises RefusedValueError."""
    if field.kind == "labels" or field.id == "labels":
        return _labels(value)
    if value is None and field.id != "summary":
        return None
    if field.kind == "number":
        return _number(value)
    if field.kind == "select":
        return _option(field, value, site)
    if field.kind in ("text", "url", "datetime"):
        return _string(value)
    return _system(field, value, site, version)


def _system(field: Field, value: Any, site: Site, version: Version) -> Any:
    if field.id == "priority":
        return _priority(value, site)
    if field.id == "description" or field.kind == "text_area":
        return _string(value) if version == "2" else _document(value)
    return _date(value) if field.id == "duedate" or field.kind == "date" else _summary(value)


def _document(value: Any) -> str | None:
    if not adf.is_document(value):
        raise RefusedValueError("Operation value must be an Atlassian Document (see the Atlassian Document Format)")
    return adf.to_text(value) or None


def _date(value: Any) -> str:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise RefusedValueError(f"Error parsing date string: {value}")
    return value


def _updated(field: Field, present: Any, operations: Any, site: Site, version: Version) -> Any:
    """The value after a list of `{verb: value}`, each applied to what the one before left."""
    if not isinstance(operations, list):
        raise RefusedValueError("data was not an array")
    several = field.id == "labels" or field.kind == "labels"
    for operation in operations:
        if not isinstance(operation, dict) or len(operation) != 1:
            raise RefusedValueError("Each operation must be an object with exactly one verb")
        ((verb, value),) = operation.items()
        if verb == "set":
            present = checked(field, value, site, version)
        elif several and verb in ("add", "remove"):
            present = _one_label(list(present or ()), verb, value)
        else:
            raise RefusedValueError(f"Field does not support update '{verb}'")
    return present


def _one_label(labels: list[str], verb: str, label: Any) -> list[str]:
    (label,) = _labels([label])
    if verb == "remove":
        return [present for present in labels if present != label]
    return labels if label in labels else [*labels, label]


def _labels(value: Any) -> list[str]:
    """Sorted, as Jira answers them; each once. Clearing leaves an empty list."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise RefusedValueError("data was not an array")
    for place, label in enumerate(value):
        if not isinstance(label, str):
            raise RefusedValueError(f"string expected at index {place}")
        if re.search(r"\s", label):
            raise RefusedValueError(f"The label '{label}' contains spaces which is invalid.")
        if not 1 <= len(label) <= _MAX_LABEL:
            raise RefusedValueError(
                f"The label '{label}' exceeds the maximum length for a single label of {_MAX_LABEL} characters."
            )
    return list(dict.fromkeys(value))


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusedValueError("Operation value must be a number")
    return float(value)


def _string(value: Any) -> str | None:
    if not isinstance(value, str):
        raise RefusedValueError("Operation value must be a string")
    if len(value) > _MAX_TEXT:
        raise RefusedValueError(
            f"The entered text is too long. It exceeds the allowed limit of {_MAX_TEXT:,} characters."
        )
    return value or None


def _summary(value: Any) -> str:
    if not value:
        raise RefusedValueError("You must specify a summary of the issue.")
    text = _string(value) or ""
    if "\n" in text:
        raise RefusedValueError("The summary is invalid because it contains newline characters.")
    if len(text) > _MAX_LABEL:
        raise RefusedValueError("Summary can't exceed 255 characters.")
    return text


def _option(field: Field, value: Any, site: Site) -> JSON:
    by_id = {field.option_id(name): name for name in field.options}
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        name = by_id.get(value["id"])
        if name is None:
            raise RefusedValueError(f"Option id '{value['id']}' is not valid")
    elif isinstance(value, dict) and isinstance(value.get("value"), str):
        name = value["value"]
        if name not in field.options:
            raise RefusedValueError(f"Option value '{name}' is not valid")
    else:
        raise RefusedValueError("Specify a valid 'id' or 'name' for " + field.name)
    return option(field.id, name, site.catalog)


def _priority(value: Any, site: Site) -> JSON:
    for by in ("id", "name"):
        if isinstance(value, dict) and isinstance(value.get(by), str):
            found = site.priority(value[by], by=by)
            if found is None:
                raise RefusedValueError(f"Priority {by} '{value[by]}' is not valid")
            return found
    raise RefusedValueError("Could not find valid 'id' or 'name' in priority object.")
