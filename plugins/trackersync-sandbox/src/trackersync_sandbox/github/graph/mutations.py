"""The mutations; each refuses for itself, so that in a document of many the others stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from trackersync_sandbox.github import writes
from trackersync_sandbox.github.graph.context import Info
from trackersync_sandbox.github.graph.objects import issue_field_values
from trackersync_sandbox.github.graph.refusals import RefusalError, lacking_scope, missing_node
from trackersync_sandbox.github.records import Comment, Field, Issue, Item, Label, Project, Repository, Value
from trackersync_sandbox.github.rest import label_refusal
from trackersync_sandbox.state import JSON

R = TypeVar("R")
_LONGEST = 65536
_TAKEN = {
    "already_exists": "Name has already been taken",
    "missing_field": "Name can't be blank",
    "invalid": "is invalid",
}
# The key a field's type takes in ProjectV2FieldValue and in IssueFieldCreateOrUpdateInput, and its name in errors.
_KEYS = {
    "NUMBER": ("number", "numberValue", "a number value"),
    "TEXT": ("text", "textValue", "a text value"),
    "DATE": ("date", "dateValue", "a date value"),
    "SINGLE_SELECT": ("singleSelectOptionId", "singleSelectOptionId", "a single select option Id"),
}


def _add_labels(info: Info, given: JSON) -> JSON:
    issue = _record(info, given["labelableId"], Issue)
    writes.set_labels(issue, [*issue.labels, *_labels(info, given.get("labelIds") or ())])
    return {"labelable": issue}


def _remove_labels(info: Info, given: JSON) -> JSON:
    issue = _record(info, given["labelableId"], Issue)
    gone = set(_labels(info, given["labelIds"]))
    writes.set_labels(issue, [label for label in issue.labels if label not in gone])
    return {"labelable": issue}


def _create_label(info: Info, given: JSON) -> JSON:
    repository = _record(info, given["repositoryId"], Repository)
    _check_label(repository, given["name"], given["color"])
    label = writes.new_label(repository, given["name"], color=given["color"], description=given.get("description"))
    return {"label": info.context.world.add_label(label)}


def _update_label(info: Info, given: JSON) -> JSON:
    label = _record(info, given["id"], Label)
    name, color = given.get("name") or label.name, given.get("color") or label.color
    _check_label(label.repository, name, color, own=label)
    writes.change_label(label, name=name, color=color, description=given.get("description", label.description))
    return {"label": label}


def _delete_label(info: Info, given: JSON) -> JSON:
    writes.remove_label(info.context.world, _record(info, given["id"], Label))
    return {}


def _check_label(repository: Repository, name: str, color: str, *, own: Label | None = None) -> None:
    if refused := label_refusal(repository, name, color, own=own):
        field, code = refused
        raise RefusalError("UNPROCESSABLE", _TAKEN[code] if field == "name" else f"Color {_TAKEN[code]}")


def _add_comment(info: Info, given: JSON) -> JSON:
    issue, world = _record(info, given["subjectId"], Issue), info.context.world
    comment = writes.say(world, issue, _body(given), world.viewer)
    return {"commentEdge": {"cursor": comment.node_id, "node": comment}, "subject": issue}


def _update_comment(info: Info, given: JSON) -> JSON:
    comment = _record(info, given["id"], Comment)
    writes.say_instead(comment, _body(given))
    return {"issueComment": comment}


def _delete_comment(info: Info, given: JSON) -> JSON:
    writes.unsay(info.context.world, _record(info, given["id"], Comment))
    return {}


def _body(given: JSON) -> str:
    body = str(given["body"])
    if not body.strip():
        raise RefusalError("UNPROCESSABLE", "Body can't be blank")
    if len(body) > _LONGEST:
        raise RefusalError("UNPROCESSABLE", f"Body is too long (maximum is {_LONGEST} characters)")
    return body


def _update_issue(info: Info, given: JSON) -> JSON:
    issue = _record(info, given["id"], Issue)
    labels = None if given.get("labelIds") is None else _labels(info, given["labelIds"])
    writes.set_text(issue, title=given.get("title"), body=given.get("body"))
    if labels is not None:
        writes.set_labels(issue, labels)
    if given.get("state"):
        writes.set_state(issue, given["state"].lower(), None, info.context.world.viewer)
    return {"issue": issue, "actor": info.context.world.viewer}


def _set_issue_fields(info: Info, given: JSON) -> JSON:
    issue = _record(info, given["issueId"], Issue)
    wanted = []
    for part in given["issueFields"]:
        field = _record(info, part["fieldId"], Field)
        if field not in issue.repository.owner.issue_fields:
            raise missing_node(part["fieldId"])
        wanted.append((field, None if part.get("delete") else _value(field, part, _KEYS[field.type][1])))
    for field, value in wanted:
        writes.set_issue_field(issue, field, value)
    return {"issue": issue, "issueFieldValues": issue_field_values(issue)}


def _set_item_field(info: Info, given: JSON) -> JSON:
    item = _item(info, given)
    field = _project_field(info, item, given["fieldId"])
    writes.set_item_field(item, field, _value(field, given["value"], _KEYS[field.type][0]))
    return {"projectV2Item": item}


def _clear_item_field(info: Info, given: JSON) -> JSON:
    item = _item(info, given)
    writes.set_item_field(item, _project_field(info, item, given["fieldId"]), None)
    return {"projectV2Item": item}


def _place_item(info: Info, given: JSON) -> JSON:
    item = _item(info, given)
    after = given.get("afterId")
    writes.place_after(item, _item(info, {**given, "itemId": after}) if after else None)
    return {"items": item.project.items}


def _add_item(info: Info, given: JSON) -> JSON:
    project = _record(info, given["projectId"], Project)
    issue = _record(info, given["contentId"], Issue)
    return {"item": info.context.world.add_item(project, issue, project.owner.clock.moment())}


def _delete_item(info: Info, given: JSON) -> JSON:
    item = _item(info, given)
    writes.take_off(info.context.world, item)
    return {"deletedItemId": item.node_id}


def _record(info: Info, node_id: str, kind: type[R]) -> R:
    """The node, if it is of the kind that can stand here."""
    found = info.context.world.nodes.get(node_id)
    if not isinstance(found, kind):
        raise missing_node(node_id)
    return found


def _labels(info: Info, ids: Iterable[str]) -> list[Label]:
    return [_record(info, one, Label) for one in ids]


def _item(info: Info, given: Mapping[str, Any]) -> Item:
    project = _record(info, given["projectId"], Project)
    item = _record(info, given["itemId"], Item)
    if item.project is not project:
        raise RefusalError("VALIDATION", "The item does not exist in the project")
    return item


def _project_field(info: Info, item: Item, node_id: str) -> Field:
    field = _record(info, node_id, Field)
    if field.project is not item.project:
        raise missing_node(node_id)
    if field.type not in _KEYS:
        kind = field.type.lower()
        raise RefusalError("VALIDATION", f"The field of type {kind} is currently not supported.")
    return field


def _value(field: Field, given: Mapping[str, Any], key: str) -> Value:
    """The value in the one key that fits the field's type."""
    value: Value | None = given.get(key)
    if value is None or sum(one is not None for name, one in given.items() if name != "fieldId") != 1:
        expected = _KEYS[field.type][2]
        raise RefusalError("VALIDATION", f"Did not receive {expected} to update a field of type {field.type.lower()}")
    if field.type == "SINGLE_SELECT" and field.option(value) is None:
        raise RefusalError("VALIDATION", "The single select option Id does not belong to the field")
    if field.type == "DATE" and not _is_date(str(value)):
        raise RefusalError("VALIDATION", f"Did not receive a date value to update a field of type {field.type.lower()}")
    return value


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _mutation(carry_out: Callable[[Info, JSON], JSON]) -> Callable[..., JSON]:
    """As graphql-core calls it; every payload gives back the client's own id."""

    def resolve(_: Any, info: Info, *, input: JSON) -> JSON:  # noqa: A002 - GitHub's own name
        if "ProjectV2" in info.field_name and "project" not in info.context.world.scopes:
            raise lacking_scope(info.field_name, "project", info.context.world.scopes)
        if words := info.context.refused(info.field_name):
            raise RefusalError("UNPROCESSABLE", words)
        return {"clientMutationId": input.get("clientMutationId"), **carry_out(info, input)}

    return resolve


MUTATIONS: Mapping[str, Callable[..., JSON]] = {
    "addLabelsToLabelable": _mutation(_add_labels),
    "removeLabelsFromLabelable": _mutation(_remove_labels),
    "createLabel": _mutation(_create_label),
    "updateLabel": _mutation(_update_label),
    "deleteLabel": _mutation(_delete_label),
    "addComment": _mutation(_add_comment),
    "updateIssueComment": _mutation(_update_comment),
    "deleteIssueComment": _mutation(_delete_comment),
    "updateIssue": _mutation(_update_issue),
    "setIssueFieldValue": _mutation(_set_issue_fields),
    "updateProjectV2ItemFieldValue": _mutation(_set_item_field),
    "clearProjectV2ItemFieldValue": _mutation(_clear_item_field),
    "updateProjectV2ItemPosition": _mutation(_place_item),
    "addProjectV2ItemById": _mutation(_add_item),
    "deleteProjectV2Item": _mutation(_delete_item),
}
