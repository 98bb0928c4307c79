"""What one change means in Jira's terms: the part of an edit that carries it, or why none is needed; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trackersync.change import Change, Outcome, Status
from trackersync.errors import RejectedError
from trackersync.model import Issue, Value
from trackersync_jira.catalog import FieldCatalog
from trackersync_jira.values import written

PROPERTIES = "properties"
"""Where the body of an edit holds properties."""
_LONGEST_LABEL = 255


@dataclass(frozen=True, slots=True)
class Part:
    """One change within the edit of an issue: `value` for the field `field`, for labels the operations on them.

    A property stands as such under `PROPERTIES`; our comment, which no edit carries, has its text.
    """

    change: Change
    field: str
    value: Any


def body_of(parts: Sequence[Part]) -> dict[str, Any]:
    """The body of `PUT /issue/{id}` that carries the parts: labels by what to add and remove, the rest by value."""
    labels = [operation for part in parts if part.field == "labels" for operation in part.value]
    kept = [part.value for part in parts if part.field == PROPERTIES]
    fields = {part.field: part.value for part in parts if part.field not in ("labels", PROPERTIES)}
    body = {"update": {"labels": labels} if labels else {}, "fields": fields, PROPERTIES: kept}
    return {key: value for key, value in body.items() if value}


def label_part(change: Change, issue: Issue) -> Part | Outcome:
    """Only our labels are touched, and only the difference to what stands there now."""
    wanted = _labels(change)
    bad = [label for label in wanted if len(label) > _LONGEST_LABEL or not label or any(map(str.isspace, label))]
    if bad:
        return Outcome(change, Status.REJECTED, f"Jira's labels are one word of up to 255 characters, not {bad[0]!r}")
    operations = [{"remove": label} for label in stale_labels(change, issue)]
    operations += [{"add": label} for label in wanted if label not in issue.labels]
    return Part(change, "labels", operations) if operations else Outcome(change, Status.UNCHANGED)


def value_part(change: Change, catalog: FieldCatalog, *, documents: bool) -> Part | Outcome:
    """A named field's new value; a field the site does not have is rejected with the nearest names."""
    try:
        field = catalog.find(change.target.name)
    except RejectedError as error:
        return Outcome(change, Status.REJECTED, error.message)
    return Part(change, field.id, written(field, change.after, documents=documents))


def priority_part(change: Change) -> Part:
    """The native priority by name."""
    return Part(change, "priority", None if change.after is None else {"name": change.after})


def property_part(change: Change) -> Part:
    """A number or text that apps read."""
    return Part(change, PROPERTIES, {"key": change.target.name, "value": change.after})


def stale_labels(change: Change, issue: Issue) -> list[str]:
    """The labels of ours on the issue that are not to stay."""
    wanted = _labels(change)
    return [label for label in _held_labels(change, issue) if label not in wanted]


def held(change: Change, issue: Issue) -> Value:
    """What the issue, as read, holds where the change writes."""
    match change.target.kind:
        case "labels":
            return tuple(sorted(_held_labels(change, issue)))
        case "field":
            return issue.fields.get(change.target.name)
        case "priority":
            return issue.priority
        case "property":
            return issue.properties.get(change.target.name)
        case "comment":
            return issue.comment
        case _:
            return None


def stands(change: Change, issue: Issue) -> bool:
    """Whether the issue, as read, holds what the change writes; a field that was not read is not known to."""
    if change.target.kind == "labels":
        return held(change, issue) == tuple(sorted(_labels(change)))
    return change.after is not None and held(change, issue) == change.after


def _held_labels(change: Change, issue: Issue) -> list[str]:
    prefix = change.target.name.casefold()
    return [label for label in issue.labels if label.casefold().startswith(prefix)]


def _labels(change: Change) -> tuple[str, ...]:
    if change.after is None:
        return ()
    return change.after if isinstance(change.after, tuple) else (str(change.after),)
