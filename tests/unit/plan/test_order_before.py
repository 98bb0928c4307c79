"""The order before a run, where people had moved issues before it or have moved them since."""

from __future__ import annotations

from trackersync.plan.order_before import Moved, as_applied, as_found


def test_what_stood_behind_an_issue_that_was_moved_by_hand_before_the_run_goes_back_behind_it():
    now = Moved(
        present=["a", "b", "c", "hand"],
        applied=["hand", "a", "b", "c"],
        by_hand=(),
        held=["hand"],
        stood={"a": "hand"},
        restore=["a"],
    )
    assert as_found(now) == ["b", "c", "hand", "a"]
    assert as_applied(now) == ["hand", "b", "c", "a"]


def test_what_stood_behind_an_issue_that_was_moved_by_hand_since_goes_back_to_where_that_stood():
    now = Moved(
        present=["a", "b", "c", "hand"],
        applied=["a", "hand", "b", "c"],
        by_hand=["hand"],
        stood={"a": "hand"},
        restore=["a"],
    )
    assert as_applied(now) == ["hand", "a", "b", "c"]
    assert as_found(now) == ["a", "b", "c", "hand"]
