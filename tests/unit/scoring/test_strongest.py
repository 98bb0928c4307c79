"""Why a score is what it is, in the few steps that did most for it."""

from __future__ import annotations

import pytest

from trackersync.scoring.engine import ranking_of
from trackersync.scoring.rules import Add, Multiply


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
