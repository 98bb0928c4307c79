"""Columns hold what the tracker knows, and nothing where it knows nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from trackersync.model import Person
from trackersync.scoring.columns import COLUMNS, SEPARATOR
from trackersync.scoring.evaluate import read_column

NUMBERS = ["votes", "watchers", "reactions", "comments", "estimate", "due_in_days", "due_on"]
COUNTS = [
    "blocks_open", "blocked_by_open", "sub_issues", "sub_issues_open", "pull_requests_open", "past_sprints",
    "thumbs_up", "thumbs_down",
]  # fmt: skip
TEXTS = ["type", "priority", "milestone", "author", "sprint", "sprint_state"]


def read(name, of, now):
    return COLUMNS[name].read(of, now)


@pytest.mark.parametrize("name", NUMBERS + COUNTS + TEXTS)
def test_what_a_tracker_lacks_is_absent_and_never_zero(name, issue, now):
    assert read(name, issue(), now) is None


def test_lists_are_empty_where_there_is_nothing(issue, now):
    lists = ("labels", "components", "assignee", "fix_versions", "affects_versions")
    assert [read(name, issue(), now) for name in lists] == [[]] * len(lists)


def test_days_are_whole_and_count_from_now(issue, now):
    bug = issue(
        created_at=now - timedelta(days=9, hours=23),
        updated_at=now - timedelta(hours=30),
        due_on=(now + timedelta(days=3)).date(),
    )
    found = [read(name, bug, now) for name in ("age_days", "idle_days", "due_in_days", "due_on", "created_at")]
    assert found == [9.0, 1.0, 3.0, -3.0, 9.0]
    assert read("due_in_days", bug, now + timedelta(days=5)) == -2.0


def test_a_clock_that_is_ahead_does_not_make_negative_ages(issue, now):
    assert read("idle_days", issue(updated_at=now + timedelta(days=2)), now) == 0.0


def test_numbers_that_are_none_are_not_let_in(issue, now):
    assert read("estimate", issue(estimate=float("nan")), now) is None
    assert read("estimate", issue(estimate=float("inf")), now) is None
    assert read("estimate", issue(estimate=0), now) == 0.0


def test_reactions_of_all_kinds_count(issue, now):
    assert read("reactions", issue(reactions={"+1": 3, "heart": 2}), now) == 5.0
    assert read("reactions", issue(reactions={}), now) == 0.0


def test_thumbs_count_alone_too_and_none_given_is_zero_where_the_tracker_has_reactions(issue, now):
    bug = issue(reactions={"+1": 3, "-1": 1, "heart": 2})
    assert [read(name, bug, now) for name in ("reactions", "thumbs_up", "thumbs_down")] == [6.0, 3.0, 1.0]
    assert read("thumbs_up", issue(reactions={"heart": 2}), now) == 0.0


def test_columns_of_texts_are_folded_and_everyone_who_works_on_it_is_an_assignee(issue, now):
    bug = issue(
        type="Bug",
        labels=("Area/UI", f"a{SEPARATOR}b"),
        author=Person("1", "Ann"),
        assignees=(Person("1", "Ann"), Person("2", "Bob")),
    )
    assert read("type", bug, now) == "Bug"
    assert read_column(COLUMNS["type"], [bug], now).to_list() == ["bug"]
    assert read_column(COLUMNS["author"], [bug], now).to_list() == ["ann"]
    assert read("labels", bug, now) == ["area/ui", "a b"]
    assert read("assignee", bug, now) == ["ann", "bob"]
