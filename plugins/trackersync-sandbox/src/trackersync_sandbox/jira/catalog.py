"""The fields of the emulated Jira: the system's own, a product team's custom fields, and those found in files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trackersync_sandbox.jira.kinds import SCHEMAS, Kind, kind_of
from trackersync_sandbox.state import JSON

RANK_ID = 10019
RANK = f"customfield_{RANK_ID}"
SPRINT = "customfield_10020"
EPIC_LINK = "customfield_10014"

_WORDS: Mapping[Kind, str] = {"number": "Number", "text": "Short text", "select": "Dropdown", "labels": "Labels"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field as `GET /field` describes it."""

    id: str
    name: str
    kind: Kind
    schema: JSON | None = None
    clauses: tuple[str, ...] = ()
    """The names by which JQL knows it."""
    navigable: bool = True
    options: tuple[str, ...] = ()
    """The values of a select, in order."""

    @property
    def custom(self) -> bool:
        """Whether a team made it."""
        return self.kind != "system"

    def option_id(self, value: str) -> str:
        """The id of one of the options."""
        return str(int(self.id.removeprefix("customfield_")) * 100 + self.options.index(value))

    def as_json(self) -> JSON:
        """As `FieldDetails` of the platform API."""
        details: JSON = {
            "id": self.id,
            "key": self.id,
            "name": self.name,
            "custom": self.custom,
            "orderable": self.custom or self.id in EDITABLE,
            "navigable": self.navigable,
            "searchable": bool(self.clauses),
            "clauseNames": list(self.clauses),
        }
        return details | ({"schema": self.schema} if self.schema else {})


EDITABLE = frozenset({"summary", "description", "labels", "priority", "duedate"})
"""The system's fields on the edit screen."""


def custom(number: int, name: str, kind: Kind, options: Iterable[str] = ()) -> Field:
    """A custom field with the id `customfield_{number}`."""
    clauses = (f"cf[{number}]", name, f"{name}[{_WORDS[kind]}]") if kind in _WORDS else (f"cf[{number}]", name)
    schema = SCHEMAS[kind] | {"customId": number}
    return Field(f"customfield_{number}", name, kind, schema, clauses, options=tuple(options))


def _system(name: str, title: str, kind: str | None, clauses: str = "", *, navigable: bool = True) -> Field:
    schema: JSON | None = None
    if kind is not None:
        outer, _, items = kind.partition(" of ")
        schema = {"type": outer, "system": name} | ({"items": items} if items else {})
    return Field(name, title, "system", schema, tuple(clauses.split()), navigable)


_SYSTEM = (
    _system("summary", "Summary", "string", "summary"),
    _system("issuekey", "Key", None, "id issue issuekey key"),
    _system("issuetype", "Issue Type", "issuetype", "issuetype type"),
    _system("project", "Project", "project", "project"),
    _system("parent", "Parent", None, "parent"),
    _system("status", "Status", "status", "status"),
    _system("statusCategory", "Status Category", "statusCategory", "statusCategory"),
    _system("resolution", "Resolution", "resolution", "resolution"),
    _system("resolutiondate", "Resolved", "datetime", "resolutiondate resolved"),
    _system("priority", "Priority", "priority", "priority"),
    _system("labels", "Labels", "array of string", "labels"),
    _system("components", "Components", "array of component", "component"),
    _system("versions", "Affects versions", "array of version", "affectedVersion"),
    _system("fixVersions", "Fix versions", "array of version", "fixVersion"),
    _system("assignee", "Assignee", "user", "assignee"),
    _system("reporter", "Reporter", "user", "reporter"),
    _system("creator", "Creator", "user", "creator"),
    _system("created", "Created", "datetime", "created createdDate"),
    _system("updated", "Updated", "datetime", "updated updatedDate"),
    _system("duedate", "Due date", "date", "due duedate"),
    _system("description", "Description", "string", "description"),
    _system("environment", "Environment", "string", "environment"),
    _system("votes", "Votes", "votes", "votes"),
    _system("watches", "Watchers", "watches", "watchers"),
    _system("issuelinks", "Linked Issues", "array of issuelinks"),
    _system("subtasks", "Sub-tasks", "array of issuelinks"),
    _system("comment", "Comment", "comments-page", "comment", navigable=False),
    _system("attachment", "Attachment", "array of attachment", navigable=False),
    _system("timeestimate", "Remaining Estimate", "number"),
    _system("timeoriginalestimate", "Original estimate", "number"),
    _system("timespent", "Time Spent", "number"),
    _system("aggregatetimeestimate", "Σ Remaining Estimate", "number"),
    _system("aggregatetimeoriginalestimate", "Σ Original Estimate", "number"),
    _system("aggregatetimespent", "Σ Time Spent", "number"),
    _system("progress", "Progress", "progress"),
    _system("aggregateprogress", "Σ Progress", "progress"),
    _system("workratio", "Work Ratio", "number"),
    _system("lastViewed", "Last Viewed", "datetime"),
)
_TEAM = (
    custom(RANK_ID, "Rank", "rank"),
    custom(10016, "Story Points", "number"),
    custom(10020, "Sprint", "sprint"),
    custom(10030, "Reach", "number"),
    custom(10031, "Impact", "select", ("Massive", "High", "Medium", "Low", "Minimal")),
    custom(10032, "Confidence", "number"),
    custom(10033, "Priority Score", "number"),
    custom(10034, "Priority Rank", "number"),
    custom(10040, "Business Value", "number"),
    custom(10041, "Time Criticality", "number"),
    custom(10042, "Risk Reduction", "number"),
    custom(10043, "Job Size", "number"),
)
_DATA_CENTER = (custom(10014, "Epic Link", "epic_link"),)


class Catalog:
    """All fields of the site by id, and by the name JQL or a person uses."""

    def __init__(self, *, epic_link: bool) -> None:
        """`epic_link`: Data Center ties stories to epics by a custom field, Cloud by `parent`."""
        self._fields: dict[str, Field] = {}
        self._by_clause: dict[str, Field] = {}
        for field in (*_SYSTEM, *_TEAM, *(_DATA_CENTER if epic_link else ())):
            self._add(field)

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def get(self, field_id: str) -> Field | None:
        """The field with this id."""
        return self._fields.get(field_id)

    def by_clause(self, name: str) -> Field | None:
        """The field JQL means by this name, regardless of case."""
        return self._by_clause.get(name.casefold())

    def custom_named(self, name: str) -> Field | None:
        """The custom field a person means by this name."""
        return next((field for field in self if field.custom and field.name.casefold() == name.casefold()), None)

    def discover(self, values: Mapping[str, Any]) -> None:
        """Take up the custom fields of an issue from a file: named by their id, of the kind their first value has."""
        for field_id, value in values.items():
            if not field_id.startswith("customfield_") or not field_id[12:].isdecimal():
                continue
            known = self._fields.get(field_id)
            if known is None or (known.name == field_id and known.kind == "text" and value is not None):
                self._add(custom(int(field_id[12:]), field_id, kind_of(value)))

    def _add(self, field: Field) -> None:
        self._fields[field.id] = field
        for clause in field.clauses:
            self._by_clause[clause.casefold()] = field
