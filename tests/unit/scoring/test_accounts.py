"""Every ranked issue with its reasons, and what the list is laid out by."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import make_issue

from trackersync.model import IssueRef
from trackersync.scoring.accounts import accounts_of, axes_of, horizons
from trackersync.scoring.calculation import calculate
from trackersync.scoring.explain import explain_one
from trackersync.scoring.rules import Goal, Input, InputSource, Missing, Multiply, Rules, Scale

EFFORT = {"scale": Scale(0.5, None), "missing": Missing("default", 1.0)}


@pytest.fixture
def by_effort(formula, field):
    return lambda **changes: formula("value / effort", field("value"), field("effort", **EFFORT), **changes)


def test_an_account_is_the_explanation_of_each_issue_in_the_order_of_the_list(
    by_effort, adjust, worth, calculated, now
):
    issues = worth({"value": 2, "effort": 1}, {"value": 9, "effort": 3}, {"value": None, "effort": 1})
    calculation = calculated(by_effort(adjustments=adjust(Multiply("2"), when="type = 'bug'")), issues)
    accounts = list(accounts_of(calculation, now=now))
    explained = [explain_one(calculation, issues[at], now=now) for at in (1, 0)]
    assert [account.steps for account in accounts] == [each.steps for each in explained]
    assert [account.uses for account in accounts] == [each.inputs for each in explained]
    assert [account.size for account in accounts] == [3.0, 1.0]
    assert {account.reasons for account in accounts} == {2}


def test_the_weightiest_goal_is_told(formula, worth, calculated, now):
    rules = formula(
        goals=(Goal(name="few", weight=2, when="value > 3"), Goal(name="all", weight=1.5, when="value > 0"))
    )
    accounts = accounts_of(calculated(rules, worth(1, 5)), now=now)
    assert [account.goal for account in accounts] == ["few", "all"]


def test_value_is_what_the_effort_divides(by_effort, worth, calculated):
    axes = axes_of(calculated(by_effort(), worth({"value": 2, "effort": 1}, {"value": 9, "effort": 3})))
    assert (axes.across, axes.up, axes.points) == ("effort", "value", [(3.0, 9.0), (1.0, 2.0)])


def test_where_nothing_is_divided_by_the_effort_its_counterpart_is_the_score(formula, field, worth, calculated):
    rules = formula("value - effort", field("value"), field("effort", **EFFORT))
    axes = axes_of(calculated(rules, worth({"value": 5, "effort": 1})))
    assert (axes.across, axes.up, axes.points) == ("effort", "score", [(1.0, 4.0)])


def test_without_an_effort_the_inputs_that_go_most_with_the_score_are_told(formula, field, worth, calculated):
    rules = formula("10 * a + b + 0 * c", field("a"), field("b"), field("c"))
    issues = worth(
        {"a": 1, "b": 5, "c": 1}, {"a": 2, "b": 3, "c": 1}, {"a": 3, "b": 4, "c": 1}, {"a": 3, "b": 5, "c": 1}
    )
    axes = axes_of(calculated(rules, issues))
    assert (axes.across, axes.up) == ("a", "b")


def test_of_one_input_the_score_is_the_counterpart_and_of_none_there_is_nothing(formula, worth, calculated):
    assert axes_of(calculated(formula(), worth(1, 2))).up == "score"
    assert axes_of(calculated(formula("age_days"), worth(1))) is None


def test_a_tracker_s_own_estimate_is_a_size(formula, worth, calculated):
    assert horizons(calculated(formula(), worth(3, 2, 1, estimate=2.0)), 2.0) == ["now", "next", "later"]


def test_what_is_not_estimated_comes_later(formula, worth, calculated):
    assert horizons(calculated(formula(), worth(3)), 5.0) == ["later"]


def test_sizes_that_the_rules_do_not_use_are_not_known(formula, field, worth, calculated):
    rules = formula("value", field("value"), field("effort", **EFFORT))
    assert horizons(calculated(rules, worth({"value": 1, "effort": 1})), 5.0) == ["later"]


@given(sizes=st.lists(st.floats(0.5, 8), max_size=12), capacity=st.floats(0.5, 20))
def test_no_period_takes_more_than_it_holds_and_none_is_left_out_for_nothing(sizes, capacity):
    source = {"memory": InputSource("field", "effort")}
    rules = Rules(
        framework="formula", expression="1 / effort", inputs=(Input(name="effort", sources=source, scale=Scale(0.5)),)
    )
    issues = [
        make_issue(n, ref=IssueRef("t", "memory", str(n), f"T-{n}"), fields={"effort": s}) for n, s in enumerate(sizes)
    ]
    calculation = calculate(issues, rules, now=datetime(2026, 6, 1, tzinfo=UTC), bands_before={})
    found = horizons(calculation, capacity)
    ordered = calculation.inputs["effort"].values.gather(calculation.order).to_list()
    used = {name: sum(s for s, each in zip(ordered, found, strict=True) if each == name) for name in ("now", "next")}
    assert all(total <= capacity * (1 + 1e-9) for total in used.values())
    waiting = [size for size, each in zip(ordered, found, strict=True) if each == "later"]
    assert all(size > capacity - used["next"] - 1e-9 for size in waiting)
