from __future__ import annotations

import pytest

from trackersync.change import WriteTarget
from trackersync.model import Standing
from trackersync.plan.policy import WritePolicy
from trackersync.plan.values import current_value, declared_targets, same, wanted_values

POLICY = WritePolicy(
    label_prefix="priority-",
    fields={"score": "Score", "rank": "Rank"},
    project_fields={"band": "Priority"},
    priority={"P0": "Highest"},
    order=True,
)


def test_our_labels_are_those_with_the_prefix_in_any_case(issue) -> None:
    labelled = issue(labels=("bug", "priority-P1", "Priority-P2"))
    assert current_value(labelled, WriteTarget("labels", "priority-")) == ("Priority-P2", "priority-P1")


def test_a_value_is_read_from_the_place_that_is_written(issue) -> None:
    read = issue(fields={"Score": 3}, project_fields={"Score": 4}, priority="High", native_rank="0|a")
    kinds = ("field", "project_field", "priority", "order")
    assert [current_value(read, WriteTarget(kind, "Score")) for kind in kinds] == [3, 4, "High", "0|a"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (87, 87.0, True),
        ("High", "high", True),
        (("a", "b"), ("B", "a"), True),
        (None, 0, False),
        (None, (), False),
        ("87", 87, True),
        ("87.5", 87.5, True),
        ("87.0", 87, False),
        (True, 1, False),
        (float("inf"), 1, False),
        (("a",), ("a", "b"), False),
    ],
)
def test_values_are_compared_as_trackers_do(one, other, alike) -> None:
    assert same(one, other) is alike


def test_a_standing_asks_for_every_declared_value(issue) -> None:
    standing = Standing(issue().ref, 87.0, 3, "P0")
    assert list(wanted_values(standing, POLICY, on_project=True)) == [
        (WriteTarget("labels", "priority-"), ("priority-P0",)),
        (WriteTarget("field", "Score"), 87),
        (WriteTarget("field", "Rank"), 3),
        (WriteTarget("project_field", "Priority"), "P0"),
        (WriteTarget("priority"), "Highest"),
    ]


def test_an_issue_off_the_project_gets_no_project_fields_and_an_unmapped_band_no_priority(issue) -> None:
    standing = Standing(issue().ref, 1.5, 9, "P3")
    wanted = dict(wanted_values(standing, POLICY, on_project=False))
    assert {target.kind for target in wanted} == {"labels", "field"}
    assert wanted[WriteTarget("field", "Score")] == 1.5


def test_an_issue_in_no_band_loses_its_band_label_and_keeps_its_priority(issue) -> None:
    standing = Standing(issue().ref, 1, 1, "")
    assert list(wanted_values(standing, POLICY, on_project=True)) == [
        (WriteTarget("labels", "priority-"), ()),
        (WriteTarget("field", "Score"), 1),
        (WriteTarget("field", "Rank"), 1),
        (WriteTarget("project_field", "Priority"), None),
    ]


def test_only_declared_targets_are_ours() -> None:
    assert {str(target) for target in declared_targets(POLICY)} == {
        "labels priority-",
        "field Score",
        "field Rank",
        "project field Priority",
        "priority",
        "order",
    }
    assert declared_targets(WritePolicy()) == frozenset()
