"""Every way an issue, label or item can change; whatever really changes something moves the time of the update."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from trackersync_sandbox.github.records import (
    Comment,
    Field,
    Issue,
    Item,
    Label,
    Person,
    Repository,
    Value,
    node_id,
    stable_id,
)
from trackersync_sandbox.github.world import World
from trackersync_sandbox.state import moved


def touch(record: Issue | Item | Comment) -> None:
    """It was updated now."""
    record.updated_at = _moved(record)


def set_text(issue: Issue, *, title: str | None = None, body: str | None = None) -> None:
    """A new title or body; None leaves it as it is."""
    wanted = (issue.title if title is None else title, issue.body if body is None else body)
    if wanted != (issue.title, issue.body):
        issue.title, issue.body = wanted
        touch(issue)


def set_labels(issue: Issue, labels: Iterable[Label]) -> None:
    """Exactly these labels."""
    wanted = list(dict.fromkeys(labels))
    if set(wanted) != set(issue.labels):
        issue.labels = wanted
        touch(issue)


def set_state(issue: Issue, state: str, reason: str | None, actor: Person) -> None:
    """Open or closed; a reason given for an issue already in that state replaces the reason."""
    if state == issue.state and reason in (None, issue.state_reason):
        return
    if state == "closed":
        issue.state_reason = reason or "completed"
        if issue.state == "open":
            issue.closed_at, issue.closed_by = _moved(issue), actor
    elif issue.state == "closed":
        issue.state_reason, issue.closed_at, issue.closed_by = "reopened", None, None
    issue.state = state
    touch(issue)


def set_issue_field(issue: Issue, field: Field, value: Value | None) -> None:
    """The value of an organisation's issue field; None clears it."""
    if _put(issue.field_values, field, value):
        touch(issue)


def set_item_field(item: Item, field: Field, value: Value | None) -> None:
    """The value of a project's field; None clears it. The issue itself does not change."""
    if _put(item.values, field, value):
        touch(item)


def place_after(item: Item, anchor: Item | None) -> None:
    """Directly after `anchor`, or first of all."""
    if item is anchor:
        return
    items = item.project.items
    before = items.index(item)
    del items[before]
    after = items.index(anchor) + 1 if anchor else 0
    items.insert(after, item)
    if after != before:
        touch(item)


def take_off(world: World, item: Item) -> None:
    """The issue is on the project no more; the issue itself does not change."""
    item.project.items.remove(item)
    item.issue.items.remove(item)
    del world.nodes[item.node_id]


def say(world: World, issue: Issue, body: str, author: Person) -> Comment:
    """A new comment, of which everybody who watches the issue gets mail."""
    world.comments_made += 1
    moment = _moved(issue)
    comment = Comment(
        issue=issue, node_id=node_id("IC", issue.key, world.comments_made), body=body, author=author,
        created_at=moment, updated_at=moment,
    )  # fmt: skip
    issue.thread.append(comment)
    world.nodes[comment.node_id] = comment
    world.mail.send(1)
    touch(issue)
    return comment


def say_instead(comment: Comment, body: str) -> None:
    """The comment's new text; nobody gets mail of that."""
    if comment.body != body:
        comment.body = body
        touch(comment)
        touch(comment.issue)


def unsay(world: World, comment: Comment) -> None:
    """The comment is gone."""
    comment.issue.thread.remove(comment)
    del world.nodes[comment.node_id]
    touch(comment.issue)


def change_label(label: Label, *, name: str, color: str, description: str | None) -> None:
    """What the label is called and looks like from now on, on every issue that has it; that touches none of them."""
    labels = label.repository.labels
    del labels[label.name.lower()]
    label.name, label.color, label.description = name, color.lower(), description
    labels[name.lower()] = label


def remove_label(world: World, label: Label) -> None:
    """The label is gone, from every issue too."""
    del label.repository.labels[label.name.lower()]
    del world.nodes[label.node_id]
    for issue in label.repository.issues.values():
        if label in issue.labels:
            issue.labels.remove(label)


def labels_named(world: World, repository: Repository, names: Sequence[str]) -> list[Label]:
    """The labels of these names; like GitHub, those that do not exist yet are made."""
    return [
        repository.labels.get(name.lower()) or world.add_label(new_label(repository, name))
        for name in dict.fromkeys(names)
    ]


def new_label(repository: Repository, name: str, *, color: str = "ededed", description: str | None = None) -> Label:
    """A label that is not in the repository yet."""
    key = (repository.full_name, name)
    return Label(
        repository, stable_id("label", *key), node_id("LA", *key), name, color.lower(), description=description
    )


def _moved(record: Issue | Item | Comment) -> datetime:
    return moved(record.updated_at, record.owner.clock.moment())


def _put(values: dict[str, Value], field: Field, value: Value | None) -> bool:
    if values.get(field.node_id) == value:
        return False
    if value is None:
        del values[field.node_id]
    else:
        values[field.node_id] = value
    return True
