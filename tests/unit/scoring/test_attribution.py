"""What moved an issue is what was changed, for it or for those that it changes places with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from trackersync.model import Direction, Link
from trackersync.scoring.attribution import ORDER, WHOLE, Counted, RulesPart, causes
from trackersync.scoring.rules import (
    Add,
    Adjustment,
    Cap,
    Exclude,
    Floor,
    Goal,
    HalfLife,
    Inherit,
    Missing,
    Multiply,
    Rules,
    Scale,
    Set,
)


@pytest.fixture
def why(calculated):
    """The cause of the move of one of these issues, by its place among them."""

    def found(issues, before, after, at=0):
        return causes([issues[at]], calculated(before, issues), calculated(after, issues))[0]

    return found


@pytest.fixture
def weighted(field):
    def make(**weights):
        return Rules(
            framework="weighted", round=2, inputs=tuple(field(name, weight=weight) for name, weight in weights.items())
        )

    return make


def rule(name):
    return RulesPart("rule", (name,))


def term(*names):
    return RulesPart("term", names)


def test_a_weight_that_grew_is_told_by_its_input(why, worth, weighted) -> None:
    issues = worth({"value": 3, "cost": 1}, {"value": 1, "cost": -2})
    cause = why(issues, weighted(value=1, cost=-1), weighted(value=2, cost=-1))
    assert (cause.part, cause.before, cause.after) == (term("value"), 3, 6)
    assert (cause.points, cause.others, cause.others_points) == (3, 1, 1)


def test_what_is_subtracted_counts_against(why, worth, formula, field) -> None:
    inputs = (field("value"), field("cost"))
    issues = worth({"value": 5, "cost": 3}, {"value": 4, "cost": 1})
    cause = why(issues, formula("value - cost", *inputs), formula("value - 0.1 * cost", *inputs))
    assert (cause.part, cause.before, cause.after) == (term("cost"), -3, pytest.approx(-0.3))


def test_a_rule_that_is_not_touched_is_not_blamed_for_what_it_makes_of_a_change(why, worth, weighted) -> None:
    """Bugs pass the wish because they gain more by the same weight, not because anybody changed what a bug is worth."""
    bug = Adjustment(name="bug", when="type = 'bug'", action=Multiply("3"))
    wish, *bugs = worth({"value": 1, "reach": 5}, {"value": 0, "reach": 0}, {"value": 1, "reach": 0.5})
    issues = [wish, *(replace(each, type="bug") for each in bugs)]
    before = replace(weighted(value=1, reach=1), adjustments=(bug,))
    cause = why(issues, before, replace(weighted(value=4, reach=1), adjustments=(bug,)))
    assert (cause.part, cause.points, cause.others, cause.others_points) == (term("value"), 3, 1, 9)


def test_a_rule_that_changed_is_told_by_name_with_its_effects(why, worth, formula) -> None:
    issues = [replace(worth(2)[0], type="bug"), worth(2, 3)[1]]
    by = lambda factor: (Adjustment(name="bug", when="type = 'bug'", action=Multiply(factor)),)  # noqa: E731
    cause = why(issues, formula(adjustments=by("1")), formula(adjustments=by("2")))
    assert (cause.part, cause.before, cause.after, cause.points, cause.others_points) == (rule("bug"), 0, 2, 2, 0)


def test_a_new_rule_has_nothing_before_and_one_that_is_gone_nothing_after(why, worth, formula) -> None:
    issues = worth(2, 3)
    more = formula(adjustments=(Adjustment(name="more", when="title = 'issue 1'", action=Add("5")),))
    joined, left = why(issues, formula(), more), why(issues, more, formula())
    assert (joined.part, joined.before, joined.after) == (rule("more"), None, 5)
    assert (left.part, left.before, left.after, left.points) == (rule("more"), 5, None, -5)


def test_what_moves_the_others_is_the_cause_too(why, worth, formula) -> None:
    issues = worth(2, 3, 4)
    cap = (Adjustment(name="down", when="title <> 'issue 1'", action=Set("1")),)
    cause = why(issues, formula(), formula(adjustments=cap))
    assert (cause.part, cause.points, cause.others, cause.others_points) == (rule("down"), 0, 2, -2.5)


def test_another_formula_is_told_as_a_whole_with_the_inputs_that_count_otherwise(why, worth, formula, field) -> None:
    issues = worth({"value": 5}, {"value": 5, "effort": 4})
    effort = field("effort", scale=Scale(min=1), missing=Missing("default", 1.0))
    before = formula("value / effort", field("value"), effort)
    after = replace(before, inputs=(field("value"), replace(effort, missing=Missing("default", 10.0))))
    cause = why(issues, before, after)
    assert (cause.part, cause.before, cause.after) == (WHOLE, 5, 0.5)
    assert cause.inputs == (Counted("effort", 1, 10),)


def test_two_formulas_without_a_common_term_are_told_as_a_whole(why, worth, weighted) -> None:
    issues = worth({"value": 5, "reach": 1, "risk": 1}, {"value": 4, "reach": 9, "risk": 0})
    cause = why(issues, weighted(value=1, risk=1), weighted(reach=1))
    assert (cause.part, cause.before, cause.after) == (WHOLE, 6, 1)


def test_the_order_of_the_rules_can_be_the_cause(why, worth, formula) -> None:
    issues = [replace(worth(1)[0], type="bug"), worth(1, 5)[1]]
    add = Adjustment(name="add", when="type = 'bug'", action=Add("2"))
    double = Adjustment(name="double", when="type = 'bug'", action=Multiply("2"))
    cause = why(issues, formula(adjustments=(double, add)), formula(adjustments=(add, double)))
    assert (cause.part, cause.before, cause.after, cause.points) == (ORDER, None, None, 2)


def test_what_an_issue_inherits_is_its_own_rules_doing(why, worth, formula) -> None:
    issues = worth(1, 3, 2)
    issues[0] = replace(issues[0], links=(Link("blocks", Direction.OUTWARD, "memory:CORE-3"),))
    inherit = (Adjustment(name="unblocks", action=Inherit("blocks", 1.0)),)
    raised = (Adjustment(name="urgent", when="title = 'issue 3'", action=Add("9")), *inherit)
    cause = why(issues, formula(adjustments=inherit), formula(adjustments=raised))
    assert (cause.part, cause.before, cause.after, cause.others) == (rule("unblocks"), 1, 10, 1)


def test_a_rule_that_leaves_issues_out_moves_none_of_the_others(why, worth, formula) -> None:
    issues = worth(1, 3, 2)
    out = (Adjustment(name="out", when="title = 'issue 2'", action=Exclude()),)
    more = (*out, Adjustment(name="more", when="title = 'issue 1'", action=Add("5")))
    assert why(issues, formula(), formula(adjustments=out)) is None
    assert why(issues, formula(), formula(adjustments=more)).part == rule("more")


def test_several_rules_of_one_name_are_told_apart(why, worth, formula) -> None:
    issues = worth(2, 3)
    twice = lambda amount: tuple(  # noqa: E731
        Adjustment(name="more", when=when, action=Add(amount)) for when in ("title = 'issue 1'", "title = 'issue 3'")
    )
    cause = why(issues, formula(adjustments=twice("0")), formula(adjustments=twice("5")))
    assert (cause.part, cause.before, cause.after) == (rule("more"), 0, 5)


def test_a_constant_of_the_formula_can_be_the_cause(why, worth, formula, field) -> None:
    double = (Adjustment(name="double", when="title = 'issue 1'", action=Multiply("2")),)
    inputs = (field("value"),)
    cause = why(
        worth(1, 3),
        formula("value + 0", *inputs, adjustments=double),
        formula("value + 9", *inputs, adjustments=double),
    )
    assert (cause.part, cause.before, cause.after, cause.points, cause.others_points) == (term(), 0, 9, 18, 9)


def test_goals_and_what_keeps_classes_apart_are_parts_of_their_own(why, worth, formula, field) -> None:
    goals = (Goal(name="first", weight=3, when="title = 'issue 1'"),)
    cause = why(worth(1, 2), formula(), formula(goals=goals))
    assert (cause.part, cause.before, cause.after, cause.points) == (RulesPart("goals"), None, 2, 2)
    classes = Rules(framework="moscow", inputs=(field("moscow"),), round=2)
    more = replace(classes, adjustments=(Adjustment(name="more", when="title = 'issue 1'", action=Add("0.3")),))
    issues = worth({"moscow": 2}, {"moscow": 2}, {"moscow": 3})
    issues[0] = replace(issues[0], created_at=issues[0].created_at + timedelta(days=1))
    assert why(issues, classes, more).part == rule("more")


ADJUSTMENTS = (
    Adjustment(name="double", when="type = 'bug'", action=Multiply("2")),
    Adjustment(name="demand", action=Add("votes")),
    Adjustment(name="low", when="votes > 3", action=Floor("2")),
    Adjustment(name="cooling", action=HalfLife("votes", 4)),
    Adjustment(name="high", action=Cap("9")),
)
WEIGHTS = {"value": 1, "cost": -1}
CHANGES = {
    ("term", "value"): ({**WEIGHTS, "value": 3}, ADJUSTMENTS),
    ("rule", "double"): (WEIGHTS, (replace(ADJUSTMENTS[0], action=Multiply("5")), *ADJUSTMENTS[1:])),
    ("rule", "demand"): (WEIGHTS, (ADJUSTMENTS[0], *ADJUSTMENTS[2:])),
    ("rule", "low"): (WEIGHTS, (*ADJUSTMENTS[:2], replace(ADJUSTMENTS[2], when=None), *ADJUSTMENTS[3:])),
    ("rule", "new"): (WEIGHTS, (*ADJUSTMENTS, Adjustment(name="new", action=Set("votes")))),
    ("order",): (WEIGHTS, ADJUSTMENTS[::-1]),
}


@given(
    st.lists(st.tuples(*[st.integers(-9, 9)] * 2, st.integers(0, 6), st.booleans()), min_size=2, max_size=8),
    st.sampled_from(list(CHANGES)),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_only_thing_that_changed_is_the_cause_of_every_move_with_all_that_it_does(
    issue, weighted, calculated, drawn, changed
) -> None:
    issues = [
        issue(number, fields={"value": value, "cost": cost}, votes=votes, type="bug" if is_bug else "story")
        for number, (value, cost, votes, is_bug) in enumerate(drawn)
    ]
    weights, adjustments = CHANGES[changed]
    before = calculated(replace(weighted(**WEIGHTS), adjustments=ADJUSTMENTS, round=9), issues)
    after = calculated(replace(weighted(**weights), adjustments=adjustments, round=9), issues)
    for row, cause in enumerate(causes(issues, before, after)):
        if cause:
            assert cause.part == RulesPart(changed[0], changed[1:])
            assert cause.points == pytest.approx(after.adjusted[row] - before.adjusted[row])
