"""From changes to mutations: what exactly is asked of GitHub for each; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trackersync.change import Change, WriteTarget
from trackersync.errors import ConflictError, RejectedError, UnsupportedError
from trackersync.model import PROJECT_ITEM, Issue, Value
from trackersync_github.comment_text import body_of
from trackersync_github.facts import Facts, Project
from trackersync_github.field_values import ISSUE_KEYS, PROJECT_KEYS, field_value
from trackersync_github.labels import Labels
from trackersync_github.mapping import COMMENT


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One mutation and its input; the same operation may carry out several changes."""

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


def joined(changes: Sequence[tuple[Operation, ...]]) -> list[tuple[Operation, ...]]:
    """The operations of these changes in fewer: issue fields of one issue are set by one mutation.

    What is taken off the project takes its values and its place along: nothing else is asked for it.
    """
    every = [operation for operations in changes for operation in operations]
    gone = {one.input["itemId"]: one for one in every if one.mutation == "deleteProjectV2Item"}
    parts: dict[str, list[Any]] = {}
    for one in every:
        if one.mutation == _SET_FIELDS:
            parts.setdefault(one.input["issueId"], []).extend(one.input["issueFields"])
    together = {id_: Operation(_SET_FIELDS, {"issueId": id_, "issueFields": some}) for id_, some in parts.items()}

    def instead(one: Operation) -> Operation:
        if one.mutation == _SET_FIELDS:
            return together[one.input["issueId"]]
        return gone.get(one.input.get("itemId", ""), one)

    return [tuple(instead(one) for one in operations) for operations in changes]


_SET_FIELDS = "setIssueFieldValue"


@dataclass(frozen=True, slots=True)
class Composer:
    """Turns changes into operations; what cannot be asked is an `ItemError` that says why."""

    facts: Facts
    labels: Labels
    added: Mapping[str, str] = field(default_factory=dict)
    """By issue the item of what was put on the project since the issues were read."""

    def operations(self, change: Change, current: Mapping[str, Issue]) -> tuple[Operation, ...]:
        """What carries the change out, in one request and in this order; nothing where nothing is left to do."""
        issue = current.get(change.ref.id)
        if issue is None:
            raise ConflictError(f"{change.ref} is gone or no longer visible to this account")
        match change.target.kind:
            case "labels":
                return self._labels(label_delta(change.target, change.after, issue), issue)
            case "field":
                return (self._field(change),)
            case "project_field":
                return (self._project_field(change, issue),)
            case "project_item":
                return self._on_project(issue) if change.after else self._off_project(issue)
            case "comment":
                return _comment(issue, None if change.after is None else str(change.after))
            case "order":
                return (self._move(change, issue, current),)
            case _:
                raise UnsupportedError(f"GitHub issues have no {change.target} that could be written")

    def _labels(self, delta: LabelDelta, issue: Issue) -> tuple[Operation, ...]:
        remove = [id_ for label in delta.remove if (id_ := self.labels.id_of(label))]
        add = [self.labels.required(label) for label in delta.add]
        both = (("removeLabelsFromLabelable", remove), ("addLabelsToLabelable", add))
        return tuple(Operation(name, {"labelableId": issue.ref.id, "labelIds": ids}) for name, ids in both if ids)

    def _field(self, change: Change) -> Operation:
        field = self.facts.issue_field(change.target.name)
        value = {"delete": True} if change.after is None else field_value(field, change.after, ISSUE_KEYS)
        return Operation(_SET_FIELDS, {"issueId": change.ref.id, "issueFields": [{"fieldId": field.id, **value}]})

    def _project_field(self, change: Change, issue: Issue) -> Operation:
        project = self._project()
        field = project.field(change.target.name)
        place = {"projectId": project.id, "itemId": self._item(issue, project), "fieldId": field.id}
        if change.after is None:
            return Operation("clearProjectV2ItemFieldValue", place)
        value = field_value(field, change.after, PROJECT_KEYS)
        return Operation("updateProjectV2ItemFieldValue", {**place, "value": value})

    def _on_project(self, issue: Issue) -> tuple[Operation, ...]:
        project = self._project()
        if PROJECT_ITEM in issue.native_ids:
            return ()
        return (Operation("addProjectV2ItemById", {"projectId": project.id, "contentId": issue.ref.id}),)

    def _off_project(self, issue: Issue) -> tuple[Operation, ...]:
        project, item = self._project(), issue.native_ids.get(PROJECT_ITEM)
        return (Operation("deleteProjectV2Item", {"projectId": project.id, "itemId": item}),) if item else ()

    def _move(self, change: Change, issue: Issue, current: Mapping[str, Issue]) -> Operation:
        project = self._project()
        where, anchor_id = change.after if isinstance(change.after, tuple) else ("", "")
        anchor = current.get(anchor_id)
        if anchor is None:
            raise ConflictError(f"the issue that {change.ref} should stand {where} is gone")
        # The API knows "after" only; before the first of ours is the top of the project, which it calls after null.
        after = self._item(anchor, project) if where == "after" else None
        place = {"projectId": project.id, "itemId": self._item(issue, project), "afterId": after}
        return Operation("updateProjectV2ItemPosition", place)

    def _project(self) -> Project:
        if self.facts.project is None:
            raise RejectedError("no project is configured for this tracker")
        return self.facts.project

    def _item(self, issue: Issue, project: Project) -> str:
        item = self.added.get(issue.ref.id) or issue.native_ids.get(PROJECT_ITEM)
        if item is None:
            raise RejectedError(f"{issue.ref} is not on project {project.name}")
        return item


def _comment(issue: Issue, text: str | None) -> tuple[Operation, ...]:
    """One is added where there is none, and edited where there is one."""
    own = issue.native_ids.get(COMMENT)
    if text is None:
        return (Operation("deleteIssueComment", {"id": own}),) if own else ()
    if own:
        return (Operation("updateIssueComment", {"id": own, "body": body_of(text)}),)
    return (Operation("addComment", {"subjectId": issue.ref.id, "body": body_of(text)}),)
