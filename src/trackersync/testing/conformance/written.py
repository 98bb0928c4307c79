"""How the writing checks write: changes as a plan makes them, applied over what was just fetched, and read again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from trackersync.change import Change, Outcome, Status, WriteTarget
from trackersync.connector import Target
from trackersync.model import PROJECT_ITEM, Issue, Value
from trackersync.testing.conformance.check import by_number, pulled
from trackersync.testing.conformance.names import Names

PREFIX = "kit/"
"""The label prefix that is ours in these checks."""
KINDS = ("labels", "field", "project_field", "priority", "property")

each_target = pytest.mark.parametrize("kind", KINDS)


def target_of(kind: str, connector: Target, names: Names) -> WriteTarget:
    """The write target of this kind; skips where the connector does not declare the ability."""
    match kind:
        case "labels":
            able, target = connector.capabilities.labels, WriteTarget("labels", PREFIX)
        case "field":
            able, target = connector.capabilities.fields, WriteTarget("field", names.field)
        case "project_field":
            able, target = connector.capabilities.project_fields, WriteTarget("project_field", names.project_field)
        case "property":
            able, target = connector.capabilities.properties, WriteTarget("property", names.property)
        case _:
            able, target = connector.capabilities.priority, WriteTarget("priority")
    if not able:
        pytest.skip(f"the connector does not write {target}")
    return target


def any_target(connector: Target, names: Names) -> WriteTarget:
    """A target the connector is able to write; skips where only the order is."""
    able = connector.capabilities
    declarations = (able.labels, able.fields, able.project_fields, able.priority, able.properties)
    for kind, declared in zip(KINDS, declarations, strict=True):
        if declared:
            return target_of(kind, connector, names)
    pytest.skip("the connector writes nothing but the order")


def value_of(target: WriteTarget, names: Names, step: int) -> Value:
    """A value to write there; `step` 0 and 1 tell two of them apart."""
    match target.kind:
        case "labels":
            return (f"{PREFIX}P{step + 1}",)
        case "priority":
            return names.priorities[step]
        case _:
            return float(7 + step)


def held(issue: Issue, target: WriteTarget) -> Value:  # noqa: PLR0911 - one for each kind
    """What the issue holds there."""
    match target.kind:
        case "labels":
            return tuple(sorted(label for label in issue.labels if label.startswith(target.name)))
        case "field":
            return issue.fields.get(target.name)
        case "project_field":
            return issue.project_fields.get(target.name)
        case "property":
            return issue.properties.get(target.name)
        case "project_item":
            return True if PROJECT_ITEM in issue.native_ids else None
        case "comment":
            return issue.comment
        case _:
            return issue.priority


def issues_of(connector: Target) -> dict[int, Issue]:
    """A fresh pull, by seeded number."""
    return by_number(pulled(connector))


def change_to(issue: Issue, target: WriteTarget, after: Value) -> Change:
    """The change from what the issue holds."""
    before = None if target.kind == "order" else held(issue, target)
    return Change(ref=issue.ref, target=target, before=before, after=after, reason="the kit says so")


def apply(connector: Target, changes: Sequence[Change]) -> list[Outcome]:
    """Fetch what the changes name and carry them out; checks that each has its outcome, in order."""
    outcomes = list(connector.apply(changes, current_of(connector, changes), notify=False))
    assert [outcome.change for outcome in outcomes] == list(changes), "one outcome for each change, in the order given"
    return outcomes


def current_of(connector: Target, changes: Sequence[Change]) -> dict[str, Issue]:
    """What `fetch` returns for the changes' issues, anchors of moves included."""
    ids = dict.fromkeys(change.ref.id for change in changes)
    for change in changes:
        if change.target.kind == "order" and isinstance(change.after, tuple):
            ids[change.after[1]] = None
    return dict(connector.fetch(list(ids)))


def write(connector: Target, changes: Sequence[Change]) -> None:
    """Apply, and insist that all of it was carried out."""
    outcomes = apply(connector, changes)
    assert [(outcome.status, outcome.detail) for outcome in outcomes if outcome.status is not Status.APPLIED] == []


def fetched(connector: Target, issue: Issue) -> Issue:
    """The issue as it is now."""
    return connector.fetch([issue.ref.id])[issue.ref.id]
