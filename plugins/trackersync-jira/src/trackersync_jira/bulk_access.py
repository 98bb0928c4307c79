"""What an account may edit in bulk, and by which ids: looked up only where bulk edits could save requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from trackersync.change import Change, WriteTarget
from trackersync.errors import ForbiddenError, ItemError, RejectedError
from trackersync.model import Value
from trackersync_jira.bulk_values import BulkValue, field_value, labels_value
from trackersync_jira.client import JiraSite
from trackersync_jira.grouping import TOO_FEW, Choice, choose
from trackersync_jira.shapes import Shape

BULK_FIELDS = "rest/api/3/bulk/issues/fields"
"""Where bulk edits are submitted, and their fields are told."""
_IN_BULK = frozenset({"labels", "priority", "field"})
_REFUSED = (ItemError, ForbiddenError)
_MOST_PAGES = 20
_LOOKED_UP = 2
"""Requests at least: for the permission, and for the fields of a project."""
_NO_RIGHT = "the account lacks the permission Bulk change"
_STOPPED = "Jira stopped to carry out bulk edits"
_NO_FIELDS = "Jira does not let the account edit these fields in bulk"


class _Field(Shape):
    id: str
    unavailable_message: str | None = None


class _FieldsPage(Shape):
    fields: list[_Field] | None = None
    starting_after: str | None = None


class _Meta(Shape):
    allowed_values: list[Any] | None = None


class _Screen(Shape):
    fields: dict[str, _Meta]


class _Priority(Shape):
    id: str
    name: str | None = None


class BulkAccess:
    """One account on one site; what was asked is kept for the run."""

    def __init__(self, site: JiraSite) -> None:
        self._site = site
        self._editable: dict[str, frozenset[str]] = {}
        self._options: dict[str, Mapping[str, Mapping[str, str]]] = {}
        self._stopped = False
        self.asked = 0
        """Requests sent to find out."""

    def choice(self, changes: Sequence[Change]) -> Choice[Any]:
        """Which of these changes are written in bulk; moves are none of them."""
        if not self._site.is_cloud:
            return choose(changes, as_planned, barred="")
        hoped = choose(changes, as_planned)
        if not hoped.together:
            return hoped
        if hoped.requests + _LOOKED_UP >= hoped.issues:
            return choose(changes, as_planned, barred=TOO_FEW)
        if self._stopped:
            return choose(changes, as_planned, barred=_STOPPED)
        if not self._may:
            return choose(changes, as_planned, barred=_NO_RIGHT)
        found = choose(changes, self._value)
        return found if found.together else choose(changes, self._value, barred=_NO_FIELDS)

    def stop(self) -> None:
        """Choose no more bulk edits in this run: Jira does not carry them out."""
        self._stopped = True

    @cached_property
    def _may(self) -> bool:
        self.asked += 1
        return self._site.may_bulk_change

    def _value(self, change: Change) -> BulkValue | None:
        project = change.ref.key.rpartition("-")[0]
        match change.target.kind:
            case "labels":
                value: BulkValue | None = labels_value(change.after)
            case "priority":
                id_ = self._priorities.get(str(change.after))
                value = BulkValue("priority", "priority", id_) if id_ else None
            case "field":
                value = self._field_value(change, project)
            case _:
                value = None
        return value if value and value.field in self._fields(project, change.ref.id) else None

    def _field_value(self, change: Change, project: str) -> BulkValue | None:
        try:
            field = self._site.catalog.find(change.target.name)
        except RejectedError:
            return None
        options = self._allowed(project, change.ref.id).get(field.id, {}) if field.type == "option" else {}
        return field_value(field, change.after, options)

    def _fields(self, project: str, issue: str) -> frozenset[str]:
        """The fields of a project that can be edited in bulk, asked of one of its issues."""
        if project not in self._editable:
            self._editable[project] = frozenset(self._pages(issue))
        return self._editable[project]

    def _pages(self, issue: str) -> Iterator[str]:
        params: dict[str, str | int] = {"issueIdsOrKeys": issue}
        for _ in range(_MOST_PAGES):
            self.asked += 1
            try:
                page = self._site.ask("GET", BULK_FIELDS, params=params).json(_FieldsPage)
            except _REFUSED:
                return
            yield from (field.id for field in page.fields or () if field.unavailable_message is None)
            if not page.starting_after:
                return
            params["startingAfter"] = page.starting_after

    def _allowed(self, project: str, issue: str) -> Mapping[str, Mapping[str, str]]:
        """The ids of the options of a project's fields, by field and name; other types of issues may have others."""
        if project not in self._options:
            self.asked += 1
            try:
                screen = self._site.ask("GET", f"{self._site.api}/issue/{issue}/editmeta").json(_Screen).fields
            except _REFUSED:
                screen = {}
            self._options[project] = {field: dict(_options(meta)) for field, meta in screen.items()}
        return self._options[project]

    @cached_property
    def _priorities(self) -> Mapping[str, str]:
        self.asked += 1
        try:
            found = self._site.ask("GET", f"{self._site.api}/priority").json(list[_Priority])
        except _REFUSED:
            return {}
        return {priority.name: priority.id for priority in found if priority.name}


def as_planned(change: Change) -> tuple[WriteTarget, Value] | None:
    """What stands for a change where nothing was looked up: changes alike may be the same in a bulk edit."""
    return (change.target, change.after) if change.target.kind in _IN_BULK else None


def _options(meta: _Meta) -> Iterator[tuple[str, str]]:
    for allowed in meta.allowed_values or ():
        if isinstance(allowed, dict) and isinstance(allowed.get("id"), str) and isinstance(allowed.get("value"), str):
            yield allowed["value"], allowed["id"]
