from __future__ import annotations

import pytest

from trackersync.change import Change, Outcome, Status, WriteTarget
from trackersync.plan.settle import settle, verify

LABELS = WriteTarget("labels", "p/")


@pytest.fixture
def change(issue) -> Change:
    return Change(ref=issue().ref, target=LABELS, before=("p/P2",), after=("p/P1",), reason="r")


def test_a_value_as_planned_is_written(issue, change) -> None:
    assert settle(change, {"id1": issue(labels=("p/P2", "bug"))}) is None


@pytest.mark.parametrize(("labels", "status"), [(("p/P1",), Status.UNCHANGED), (("p/P0",), Status.CONFLICT)])
def test_what_changed_since_the_plan_is_left_alone(issue, change, labels, status) -> None:
    outcome = settle(change, {"id1": issue(labels=labels)})
    assert outcome is not None
    assert outcome.status is status


def test_a_number_that_changed_is_told_as_people_write_it(issue) -> None:
    score = Change(ref=issue().ref, target=WriteTarget("field", "Score"), before=8.0, after=6, reason="r")
    outcome = settle(score, {"id1": issue(fields={"Score": 5.0})})
    assert outcome is not None
    assert outcome.detail == "changed since the plan: expected 8, found 5"


def test_an_issue_that_is_gone_is_a_conflict(change) -> None:
    outcome = settle(change, {})
    assert outcome is not None
    assert outcome.status is Status.CONFLICT


def test_a_move_is_made_whatever_moved_meanwhile(issue) -> None:
    move = Change(ref=issue().ref, target=WriteTarget("order"), before=("after", "a"), after=("after", "b"), reason="r")
    assert settle(move, {"id1": issue(native_rank="9"), "b": issue(2)}) is None
    assert verify(Outcome(move, Status.UNKNOWN), issue()).status is Status.UNKNOWN


def test_a_move_next_to_an_issue_that_is_gone_is_a_conflict(issue) -> None:
    move = Change(ref=issue().ref, target=WriteTarget("order"), before=None, after=("before", "b"), reason="r")
    outcome = settle(move, {"id1": issue()})
    assert outcome is not None
    assert outcome.status is Status.CONFLICT


@pytest.mark.parametrize(
    ("said", "labels", "truth"),
    [
        (Status.APPLIED, ("p/P1",), Status.APPLIED),
        (Status.APPLIED, ("p/P2",), Status.REJECTED),
        (Status.APPLIED, ("p/P0",), Status.CONFLICT),
        (Status.UNKNOWN, ("p/P1",), Status.APPLIED),
        (Status.UNKNOWN, ("p/P2",), Status.REJECTED),
        (Status.UNKNOWN, ("p/P0",), Status.CONFLICT),
        (Status.REJECTED, ("p/P1",), Status.REJECTED),
    ],
)
def test_the_final_outcome_is_what_the_tracker_holds(issue, change, said, labels, truth) -> None:
    assert verify(Outcome(change, said, "words"), issue(labels=labels)).status is truth


def test_without_a_second_reading_the_outcome_stands(change) -> None:
    assert verify(Outcome(change, Status.UNKNOWN), None).status is Status.UNKNOWN
