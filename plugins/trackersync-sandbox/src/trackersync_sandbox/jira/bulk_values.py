"""The values of a bulk edit, put as an edit of one issue puts them."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from trackersync_sandbox.state import JSON

KINDS = frozenset({"labels", "priority", "summary", "description", "number", "select", "text", "text_area"})
"""Fields by id and kinds of custom fields that the sandbox edits in bulk."""
_NO_OPTION = -1


class _Shape(Struct, forbid_unknown_fields=True, rename="camel"):
    field_id: str


class _Label(Struct, forbid_unknown_fields=True):
    name: str


class _Labels(_Shape):
    bulk_edit_multi_select_field_option: Literal["ADD", "REMOVE", "REPLACE", "REMOVE_ALL"]
    labels: list[_Label]

    @property
    def operations(self) -> list[JSON]:
        names = [label.name for label in self.labels]
        match self.bulk_edit_multi_select_field_option:
            case "ADD":
                return [{"add": name} for name in names]
            case "REMOVE":
                return [{"remove": name} for name in names]
            case "REPLACE":
                return [{"set": names}]
            case "REMOVE_ALL":
                return [{"set": []}]


class _Number(_Shape):
    value: float | None = None


class _Option(Struct, forbid_unknown_fields=True, rename="camel"):
    option_id: int

    @property
    def value(self) -> JSON | None:
        return None if self.option_id == _NO_OPTION else {"id": str(self.option_id)}


class _Select(_Shape):
    option: _Option


class _Text(_Shape):
    text: str


class _Document(Struct, forbid_unknown_fields=True, rename="camel"):
    adf_value: JSON | None = None


class _RichText(_Shape):
    rich_text: _Document


class _Priority(Struct, forbid_unknown_fields=True, rename="camel"):
    priority_id: str


class BulkValues(Struct, forbid_unknown_fields=True, rename="camel"):
    """`JiraIssueFields`, as far as the sandbox has such fields."""

    labels_fields: list[_Labels] = []
    clearable_number_fields: list[_Number] = []
    single_select_fields: list[_Select] = []
    single_line_text_fields: list[_Text] = []
    rich_text_fields: list[_RichText] = []
    priority: _Priority | None = None

    @property
    def fields(self) -> frozenset[str]:
        """The ids of all fields that are edited."""
        return frozenset(self.set) | frozenset(self.updates)

    @property
    def set(self) -> dict[str, Any]:
        """The values to set by field id, as `fields` of an edit."""
        found: dict[str, Any] = {one.field_id: one.value for one in self.clearable_number_fields}
        found |= {one.field_id: one.option.value for one in self.single_select_fields}
        found |= {one.field_id: one.text or None for one in self.single_line_text_fields}
        found |= {one.field_id: one.rich_text.adf_value for one in self.rich_text_fields}
        return found | ({"priority": {"id": self.priority.priority_id}} if self.priority else {})

    @property
    def updates(self) -> dict[str, Any]:
        """The operations on labels by field id, in the order given, as `update` of an edit."""
        found: dict[str, Any] = {}
        for one in self.labels_fields:
            found.setdefault(one.field_id, []).extend(one.operations)
        return found
