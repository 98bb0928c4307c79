"""Plays a human in the browser: sets what people set, by the names people see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from trackersync_sandbox.github import writes
from trackersync_sandbox.github.records import BUILT_IN, Field, Issue, Item, Project, Value
from trackersync_sandbox.github.world import World, value_of
from trackersync_sandbox.state import BadEditError

Step = Callable[[], None]


def edit_issue(world: World, issue: Issue, values: Mapping[str, Any]) -> None:
    """Check every value, then set them all. Raises BadEditError, and then nothing was set.

    A field of the project may be named in `project_fields` or, as on the board, beside the others.
    """
    values = _sorted_out(issue, values)
    unknown = values.keys() - _CHECKS.keys()
    if unknown:
        raise BadEditError(f"cannot set {', '.join(sorted(unknown))}; can set {', '.join(sorted(_CHECKS))}")
    steps = [step for key, value in values.items() for step in _CHECKS[key](world, issue, value)]
    before = issue.updated_at
    for step in steps:
        step()
    if issue.updated_at == before:
        writes.touch(issue)


def _sorted_out(issue: Issue, values: Mapping[str, Any]) -> dict[str, Any]:
    """The project's fields where they belong."""
    columns = {field.name for field in issue.items[0].project.fields} - set(BUILT_IN) if issue.items else set()
    named = {key: value for key, value in values.items() if key not in _CHECKS and key in columns}
    others = {key: value for key, value in values.items() if key not in named}
    fields = others.get("project_fields", {})
    return {**others, "project_fields": {**fields, **named}} if named and isinstance(fields, dict) else others


def _labels(world: World, issue: Issue, value: Any) -> Iterable[Step]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise BadEditError(f"labels must be a list of names, not {value!r}")
    yield lambda: writes.set_labels(issue, writes.labels_named(world, issue.repository, value))


def _title(_: World, issue: Issue, value: Any) -> Iterable[Step]:
    title = _text("title", value)
    yield lambda: writes.set_text(issue, title=title)


def _body(_: World, issue: Issue, value: Any) -> Iterable[Step]:
    body = _text("body", value)
    yield lambda: writes.set_text(issue, body=body)


def _state(world: World, issue: Issue, value: Any) -> Iterable[Step]:
    if value not in ("open", "closed"):
        raise BadEditError(f"state must be open or closed, not {value!r}")
    yield lambda: writes.set_state(issue, value, None, world.viewer)


def _fields(_: World, issue: Issue, value: Any) -> Iterable[Step]:
    for field, wanted in _by_field(issue.repository.owner.issue_fields, value):
        yield partial(writes.set_issue_field, issue, field, wanted)


def _project_fields(_: World, issue: Issue, value: Any) -> Iterable[Step]:
    item = _item(issue)
    writable = [field for field in item.project.fields if field.name not in BUILT_IN]
    for field, wanted in _by_field(writable, value):
        yield partial(writes.set_item_field, item, field, wanted)


def _position(_: World, issue: Issue, value: Any) -> Iterable[Step]:
    item = _item(issue)
    others = [other for other in item.project.items if other is not item]
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= len(others):
        raise BadEditError(f"position must be a whole number from 0 to {len(others)}, not {value!r}")
    yield lambda: writes.place_after(item, others[value - 1] if value else None)


def _on_project(world: World, issue: Issue, value: Any) -> Iterable[Step]:
    if not isinstance(value, bool):
        raise BadEditError(f"on_project must be true or false, not {value!r}")
    project = next((one for one in world.projects.values() if one.owner is issue.owner), None)
    if project is None:
        raise BadEditError(f"{issue.owner.login} has no project")
    item = next((one for one in issue.items if one.project is project), None)
    if item and not value:
        yield lambda: writes.take_off(world, item)
    elif value:
        yield lambda: _put_on(world, project, issue)


def _put_on(world: World, project: Project, issue: Issue) -> None:
    world.add_item(project, issue, project.owner.clock.moment())


def _comment(world: World, issue: Issue, value: Any) -> Iterable[Step]:
    own = next((comment for comment in issue.thread if comment.author is world.viewer), None)
    if own is None:
        raise BadEditError(f"github:{issue.key} has no comment of the account's")
    if value is None:
        yield lambda: writes.unsay(world, own)
    else:
        body = _text("comment", value)
        yield lambda: writes.say_instead(own, body)


def _remark(world: World, issue: Issue, value: Any) -> Iterable[Step]:
    body = _text("remark", value)
    yield lambda: _remarked(world, issue, body)


def _remarked(world: World, issue: Issue, body: str) -> None:
    writes.say(world, issue, body, world.visitor)


_CHECKS: Mapping[str, Callable[[World, Issue, Any], Iterable[Step]]] = {
    "labels": _labels,
    "title": _title,
    "body": _body,
    "state": _state,
    "fields": _fields,
    "project_fields": _project_fields,
    "position": _position,
    "on_project": _on_project,
    "comment": _comment,
    "remark": _remark,
}


def _item(issue: Issue) -> Item:
    """The issue's item on the first project that has it."""
    if not issue.items:
        raise BadEditError(f"github:{issue.key} is on no project")
    return issue.items[0]


def _by_field(fields: Iterable[Field], value: Any) -> Iterable[tuple[Field, Value | None]]:
    known = {field.name: field for field in fields}
    if not isinstance(value, dict):
        raise BadEditError(f"fields are set as {{name: value}}, not {value!r}")
    for name, wanted in value.items():
        if name not in known:
            raise BadEditError(f"no field {name!r}; there are {', '.join(sorted(known)) or 'none'}")
        try:
            yield known[name], None if wanted is None else value_of(known[name], wanted)
        except ValueError as exc:
            raise BadEditError(str(exc)) from exc


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadEditError(f"{key} must be text, not {value!r}")
    return value
