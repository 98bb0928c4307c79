"""Why a score is what it is, in the few steps that did most for it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from trackersync.scoring.engine import ranking_of
from trackersync.scoring.rules import Add, Goal, HalfLife, Multiply
from trackersync.scoring.steps import before_normalizing, points_of


@pytest.fixture
def reasons(formula, adjust, worth, calculated):
    """By rank what is told of each issue: the steps' names."""

    def tell(*actions, values=(4,), when=None, explained=-1):
        rules = formula(adjustments=adjust(*actions, when=when))
        ranking = ranking_of(calculated(rules, worth(*values)), explained=explained)
        return [[step.name for step in entry.why] for entry in ranking.ranked]

    return tell


def test_the_two_steps_that_did_most_are_told_in_the_order_of_doing(reasons):
    assert reasons(Add("1"), Add("-3"), Add("2")) == [["formula", "step 2"]]
    assert reasons(Add("30"), Multiply("2"), Add("2")) == [["step 1", "step 2"]]


def test_a_step_that_did_nothing_is_no_reason(reasons):
    assert reasons(Add("0"), Multiply("1")) == [["formula"]]
    assert reasons(Add("9"), when="votes > 3") == [["formula"]]
    assert reasons(values=(0,)) == [[]]


def test_reasons_are_worked_out_for_as_many_as_are_asked_for(reasons):
    assert reasons(values=(3, 2, 1), explained=2) == [["formula"], ["formula"], []]
    assert reasons(values=(3, 2, 1), explained=0) == [[], [], []]


def test_what_a_score_is_made_of_is_told_of_all_issues_at_once_as_by_its_steps(formula, adjust, worth, calculated):
    goals = (Goal(name="growth", weight=2.0, labels=("l",)), Goal(name="other", weight=1.5, labels=("x",)))
    actions = (Add("votes"), Multiply("2"), Add("0"), HalfLife("age_days", 90, 0.5))
    rules = formula(adjustments=adjust(*actions, when="votes != 5"), goals=goals)
    issues = [
        replace(each, votes=place, labels=("l",) if place % 3 else ()) for place, each in enumerate(worth(*range(9)))
    ]
    calculation = calculated(rules, issues)
    made_of = []
    for row in calculation.order.to_list():
        steps = before_normalizing(calculation, row)
        made_of.append([(step.name, float(f"{step.delta:.12g}")) for step in steps if step.delta])
    assert [list(points) for points in points_of(calculation)] == made_of
    assert any(name == "goal growth" for points in made_of for name, _ in points)
