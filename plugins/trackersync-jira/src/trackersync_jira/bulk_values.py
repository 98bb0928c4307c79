"""What one change means in a bulk edit, and the body that carries a group of them; pure.

Source: OpenAPI of `POST /bulk/issues/fields`, schema JiraIssueFields. It cannot clear a number nor a priority, so those
changes are for an edit of the issue itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from trackersync.model import Value
from trackersync_jira.adf import document
from trackersync_jira.catalog import FieldInfo
from trackersync_jira.values import written

Form = Literal["labels", "priority", "number", "option", "text", "document"]
_TEXT_FIELD = ":textfield"
_FORMS: Mapping[Form, str] = {
    "number": "clearableNumberFields",
    "option": "singleSelectFields",
    "text": "singleLineTextFields",
    "document": "richTextFields",
}


@dataclass(frozen=True, slots=True)
class BulkValue:
    """One value of a bulk edit: for `labels` those of ours to be there, for `priority` and `option` the id."""

    form: Form
    field: str
    value: Value


def labels_value(after: Value) -> BulkValue:
    """Our labels, exactly these."""
    return BulkValue("labels", "labels", after if isinstance(after, tuple) else (str(after),) if after else ())


def field_value(field: FieldInfo, after: Value, options: Mapping[str, str]) -> BulkValue | None:
    """A field's value; None for what only an edit of the issue can write. `options` are ids by name."""
    if after is None:
        return None
    match field.type:
        case "number" if isinstance(after, int | float) and not isinstance(after, bool):
            return BulkValue("number", field.id, after)
        case "option" if (id_ := options.get(str(after), "")).isdecimal():
            return BulkValue("option", field.id, id_)
        case "string" if field.is_text_area or field.custom.endswith(_TEXT_FIELD):
            text = str(written(field, after, documents=False))
            return BulkValue("document" if field.is_text_area else "text", field.id, text)
        case _:
            return None


def body(values: Collection[BulkValue], ids: Iterable[str], *, stale: Iterable[str], notify: bool) -> dict[str, Any]:
    """The body of a bulk edit; of the labels only `stale` ones are taken away: those of ours that are not to stay."""
    inputs: dict[str, Any] = {}
    for value in sorted(values, key=lambda value: value.field):
        if value.form == "labels":
            inputs["labelsFields"] = list(_labels(value, stale))
        elif value.form == "priority":
            inputs["priority"] = {"priorityId": value.value}
        else:
            inputs.setdefault(_FORMS[value.form], []).append({"fieldId": value.field} | _content(value))
    return {
        "selectedIssueIdsOrKeys": list(ids),
        "selectedActions": sorted(value.field for value in values),
        "editedFieldsInput": inputs,
        "sendBulkNotification": notify,
    }


def _labels(value: BulkValue, stale: Iterable[str]) -> Iterable[dict[str, Any]]:
    wanted = value.value if isinstance(value.value, tuple) else ()
    for option, labels in (("REMOVE", sorted(stale)), ("ADD", wanted)):
        if labels:
            names = [{"name": label} for label in labels]
            yield {"fieldId": value.field, "bulkEditMultiSelectFieldOption": option, "labels": names}


def _content(value: BulkValue) -> dict[str, Any]:
    match value.form:
        case "option":
            return {"option": {"optionId": int(str(value.value))}}
        case "text":
            return {"text": value.value}
        case "document":
            return {"richText": {"adfValue": document(str(value.value))}}
        case _:
            return {"value": value.value}
