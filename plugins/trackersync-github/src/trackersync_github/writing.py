"""From changes to mutations: what exactly is asked of GitHub for each; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trackersync.change import Change, WriteTarget
from trackersync.errors import ConflictError, RejectedError, UnsupportedError
from trackersync.model import Issue, Value
from trackersync_github.facts import Facts, Project, ProjectField, nearest
from trackersync_github.labels import Labels
from trackersync_github.mapping import ITEM


@dataclass(frozen=True, slots=True)
class Operation:
    """One mutation and its input."""

    mutation: str
    input: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LabelDelta:
    """What to take from an issue and what to add, so that of our labels exactly the wanted ones stand on it."""

    remove: tuple[str, ...]
    add: tuple[str, ...]


def label_delta(target: WriteTarget, after: Value, issue: Issue) -> LabelDelta:
    """Only labels with our prefix are ever removed; GitHub's labels do not differ by case."""
    wanted = {label.casefold(): label for label in (after if isinstance(after, tuple) else ())}
    ours = [label for label in issue.labels if label.casefold().startswith(target.name.casefold())]
    present = {label.casefold() for label in issue.labels}
    remove = tuple(label for label in ours if label.casefold() not in wanted)
    return LabelDelta(remove, tuple(label for key, label in wanted.items() if key not in present))


def mutations_of(change: Change) -> int:
    """How many mutations a change takes: a band label for another is two, anything else one."""
    if change.target.kind != "labels":
        return 1
    before, after = ({*value} if isinstance(value, tuple) else set[str]() for value in (change.before, change.after))
    return bool(before - after) + bool(after - before)


@dataclass(frozen=True, slots=True)
class Composer:
    """Turns changes into operations; what cannot be asked is an `ItemError` that says why."""

    facts: Facts
    labels: Labels

    def operations(self, change: Change, current: Mapping[str, Issue]) -> tuple[Operation, ...]:
        """What carries the change out, in one request and in this order; nothing where nothing is left to do."""
        issue = current.get(change.ref.id)
        if issue is None:
            raise ConflictError(f"{change.ref} is gone or no longer visible to this account")
        match change.target.kind:
            case "labels":
                return self._labels(label_delta(change.target, change.after, issue), issue)
            case "project_field":
                return (self._project_field(change, issue),)
            case "order":
                return (self._move(change, issue, current),)
            case _:
                raise UnsupportedError(f"GitHub issues have no {change.target} that could be written")

    def _labels(self, delta: LabelDelta, issue: Issue) -> tuple[Operation, ...]:
        remove = [id_ for label in delta.remove if (id_ := self.labels.id_of(label))]
        add = [self.labels.required(label) for label in delta.add]
        both = (("removeLabelsFromLabelable", remove), ("addLabelsToLabelable", add))
        return tuple(Operation(name, {"labelableId": issue.ref.id, "labelIds": ids}) for name, ids in both if ids)

    def _project_field(self, change: Change, issue: Issue) -> Operation:
        project = self._project()
        field = project.field(change.target.name)
        place = {"projectId": project.id, "itemId": _item(issue, project), "fieldId": field.id}
        if change.after is None:
            return Operation("clearProjectV2ItemFieldValue", place)
        return Operation("updateProjectV2ItemFieldValue", {**place, "value": field_value(field, change.after)})

    def _move(self, change: Change, issue: Issue, current: Mapping[str, Issue]) -> Operation:
        project = self._project()
        where, anchor_id = change.after if isinstance(change.after, tuple) else ("", "")
        anchor = current.get(anchor_id)
        if anchor is None:
            raise ConflictError(f"the issue that {change.ref} should stand {where} is gone")
        # The API knows "after" only; before the first of ours is the top of the project, which it calls after null.
        after = _item(anchor, project) if where == "after" else None
        place = {"projectId": project.id, "itemId": _item(issue, project), "afterId": after}
        return Operation("updateProjectV2ItemPosition", place)

    def _project(self) -> Project:
        if self.facts.project is None:
            raise RejectedError("no project is configured for this tracker")
        return self.facts.project


def _item(issue: Issue, project: Project) -> str:
    item = issue.native_ids.get(ITEM)
    if item is None:
        raise RejectedError(f"{issue.ref} is not on project {project.name}")
    return item


def field_value(field: ProjectField, value: Value) -> dict[str, Any]:
    """The value as the field's type takes it; a wrong type or an unknown option is a `RejectedError`."""
    match field.type:
        case "NUMBER":
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise RejectedError(f"the field {field.name!r} holds numbers, not {value!r}")
            return {"number": value}
        case "TEXT":
            return {"text": _text(value)}
        case "SINGLE_SELECT":
            return {"singleSelectOptionId": _option(field, _text(value))}
        case kind:
            raise RejectedError(
                f"the field {field.name!r} is of the type {kind}; only numbers, text and single selects can be written"
            )


def _option(field: ProjectField, name: str) -> str:
    for option in field.options:
        if option.name == name:
            return option.id
    options = (option.name for option in field.options)
    raise RejectedError(f"the field {field.name!r} has no option {name!r}{nearest(name, options)}")


def _text(value: Value) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
