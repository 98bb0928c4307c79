"""Which type of GitHub's schema each record is, and the values that are objects of their own there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trackersync_sandbox.github.records import (
    Comment,
    Field,
    Issue,
    Item,
    Label,
    Milestone,
    Option,
    Owner,
    Person,
    Project,
    Repository,
    Value,
    node_id,
)

_ISSUE_FIELDS = {
    "NUMBER": "IssueFieldNumber",
    "TEXT": "IssueFieldText",
    "DATE": "IssueFieldDate",
    "SINGLE_SELECT": "IssueFieldSingleSelect",
    "MULTI_SELECT": "IssueFieldMultiSelect",
}
_ITEM_VALUES = {
    "NUMBER": "ProjectV2ItemFieldNumberValue",
    "DATE": "ProjectV2ItemFieldDateValue",
    "SINGLE_SELECT": "ProjectV2ItemFieldSingleSelectValue",
    "ITERATION": "ProjectV2ItemFieldIterationValue",
}
_PROJECT_FIELDS = {"SINGLE_SELECT": "ProjectV2SingleSelectField", "ITERATION": "ProjectV2IterationField"}
_FIXED: dict[type, str] = {
    Comment: "IssueComment",
    Item: "ProjectV2Item",
    Label: "Label",
    Milestone: "Milestone",
    Owner: "Organization",
    Person: "User",
    Project: "ProjectV2",
    Repository: "Repository",
}


@dataclass(frozen=True, slots=True)
class FieldValue:
    """The value of one field of an item or, as an issue field, of an issue."""

    field: Field
    value: Value
    holder: Item | Issue

    @property
    def id(self) -> str:
        """GitHub gives values ids of their own."""
        return node_id("PVTFV" if isinstance(self.holder, Item) else "IFV", self.holder.node_id, self.field.name)

    @property
    def item(self) -> Item | Issue:
        """Whose value it is."""
        return self.holder

    @property
    def option(self) -> Option | None:
        """The choice, of a single select or iteration."""
        return self.field.option(self.value)

    @property
    def options(self) -> list[Option]:
        """The choices, of a multi-select."""
        return self.field.chosen(self.value)

    @property
    def created_at(self) -> datetime:
        """When the holder came to be."""
        return self.holder.created_at

    @property
    def updated_at(self) -> datetime:
        """When the holder last changed."""
        return self.holder.updated_at


def type_name(record: object) -> str:
    """The name of the record's type in GitHub's schema."""
    if isinstance(record, Issue):
        return "PullRequest" if record.pull else "Issue"
    if isinstance(record, Field):
        if record.project is None:
            return _ISSUE_FIELDS[record.type]
        return _PROJECT_FIELDS.get(record.type, "ProjectV2Field")
    if isinstance(record, FieldValue):
        if isinstance(record.holder, Issue):
            return f"{_ISSUE_FIELDS[record.field.type]}Value"
        return _ITEM_VALUES.get(record.field.type, "ProjectV2ItemFieldTextValue")
    return _FIXED[type(record)]


def item_value(item: Item, field: Field | None) -> FieldValue | None:
    """The item's value of a field; of the built-in ones only the title has one here."""
    if field is None:
        return None
    if field.type == "TITLE":
        return FieldValue(field, item.issue.title, item)
    return FieldValue(field, item.values[field.node_id], item) if field.node_id in item.values else None


def item_values(item: Item) -> list[FieldValue]:
    """All of an item's values, in the order of the fields."""
    return [value for field in item.project.fields if (value := item_value(item, field))]


def issue_field_values(issue: Issue) -> list[FieldValue]:
    """All of an issue's values of the organisation's issue fields."""
    fields = issue.repository.owner.issue_fields
    return [
        FieldValue(one, issue.field_values[one.node_id], issue) for one in fields if one.node_id in issue.field_values
    ]
