"""The model is plain frozen data: safe to share between threads, to key by, and to compare."""

import inspect
from datetime import UTC, datetime

import pytest
from msgspec import Struct
from msgspec.structs import fields, replace

from trackersync import change, model
from trackersync.change import WriteTarget
from trackersync.model import Issue, IssueRef, StateCategory

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEB_12 = IssueRef("web", "github", "I_kwDO12", "acme/web#12")
ISSUE = Issue(ref=WEB_12, title="Login fails", url="https://github.com/acme/web/issues/12", state="open",
              state_category=StateCategory.TODO, created_at=NOON, updated_at=NOON)  # fmt: skip
CLASSES = [
    found
    for module in (model, change)
    for _, found in inspect.getmembers(module, inspect.isclass)
    if found.__module__ == module.__name__ and issubclass(found, Struct)
]


@pytest.mark.parametrize("found", CLASSES, ids=lambda found: found.__name__)
def test_everything_is_frozen_and_documented(found):
    assert found.__struct_config__.frozen
    assert not found.__doc__.startswith(found.__name__ + "(")


def test_an_issue_cannot_be_changed_after_it_was_read():
    with pytest.raises(AttributeError, match="immutable"):
        ISSUE.title = "other"


def test_a_ref_is_shown_as_people_write_it_and_keyed_by_what_never_changes():
    moved = replace(WEB_12, key="acme/shop#3")
    assert str(WEB_12) == "github:acme/web#12"
    assert WEB_12.issue_key == moved.issue_key == ("web", "I_kwDO12")


def test_what_a_tracker_lacks_is_absent_and_never_zero():
    needed = {"ref", "title", "url", "state", "state_category", "created_at", "updated_at"}
    optional = [field.name for field in fields(ISSUE) if field.name not in needed]
    lacking = {name: getattr(ISSUE, name) for name in optional}
    assert all(value is None or len(value) == 0 for value in lacking.values())


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        (WriteTarget("labels", "priority/"), "labels priority/"),
        (WriteTarget("field", "Priority Score"), "field Priority Score"),
        (WriteTarget("project_field", "Rank"), "project field Rank"),
        (WriteTarget("priority"), "priority"),
        (WriteTarget("order"), "order"),
    ],
)
def test_a_target_is_shown_in_words(target, shown):
    assert str(target) == shown
