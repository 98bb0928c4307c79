"""Issues and rules become one list: gaps, adjustments, order, bands and what needs input."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from trackersync.errors import ConfigError
from trackersync.model import Direction, IssueRef, Link, StateCategory
from trackersync.scoring.engine import score
from trackersync.scoring.rules import (
    Add,
    Adjustment,
    Band,
    HalfLife,
    Inherit,
    Input,
    InputSource,
    Missing,
    Multiply,
    Rules,
    Scale,
)


def field(name, **changes):
    return Input(name=name, sources={"memory": InputSource("field", name)}, **changes)


def formula(expression="value", *inputs, **changes):
    return Rules(framework="formula", expression=expression, inputs=inputs or (field("value"),), **changes)


def adjust(action, when=None, name="step"):
    return (Adjustment(name=name, action=action, when=when),)


@pytest.fixture
def scores(now):
    """The score by key of every ranked issue."""

    def compute(rules, *issues):
        return {scored.issue.ref.key: scored.score for scored in score(issues, rules, now=now).ranked}

    return compute


@pytest.fixture
def lacking(now):
    """What the only issue lacks, and in which words."""

    def compute(rules, *issues):
        ranking = score(issues, rules, now=now)
        (found,) = ranking.needs_input
        return found.missing, found.detail

    return compute


def worth(issue, *values, **changes):
    return [issue(number, fields={"value": value}, **changes) for number, value in enumerate(values, start=1)]


def test_rules_with_problems_are_refused_with_all_of_them(issue, now):
    with pytest.raises(ConfigError, match="unknown framework") as refused:
        score([issue()], Rules(framework="rise", round=-3), now=now)
    assert len(refused.value.problems) == 2


def test_nothing_to_rank_is_an_empty_list(issue, now):
    assert score([], formula(), now=now).ranked == ()
    done = issue(fields={"value": 1}, state_category=StateCategory.DONE)
    ranking = score([done], formula(normalize="percentile"), now=now)
    assert (ranking.ranked, ranking.needs_input, ranking.warnings) == ((), (), ())


def test_ranks_are_dense_from_one_and_scores_are_rounded_once(issue, now):
    ranked = score(worth(issue, 1.26, 9, 1.31), formula(round=1), now=now).ranked
    assert [(scored.rank, scored.score) for scored in ranked] == [(1, 9.0), (2, 1.3), (3, 1.3)]
    assert [scored.issue.ref.key for scored in ranked] == ["CORE-2", "CORE-3", "CORE-1"]


def test_equal_scores_go_by_age_then_by_immutable_id(issue, now):
    old = now - timedelta(days=9)
    issues = [
        issue(3, fields={"value": 1}),
        issue(2, fields={"value": 1}),
        issue(9, fields={"value": 1}, created_at=old),
        issue(ref=IssueRef("another", "memory", "id2", "X-2"), fields={"value": 1}),
    ]
    ranked = score(issues, formula(), now=now).ranked
    assert [scored.issue.ref.key for scored in ranked] == ["CORE-9", "X-2", "CORE-2", "CORE-3"]


@pytest.mark.parametrize(
    ("missing", "scale", "expected"),
    [
        (Missing("default", 4), Scale(), 4),
        (Missing("neutral"), Scale(), 5),
        (Missing("worst"), Scale(), 2),
        (Missing("worst"), Scale(min=1), 1),
    ],
)
def test_what_stands_in_for_a_missing_value(missing, scale, expected, issue, scores):
    rules = formula("value", field("value", missing=missing, scale=scale))
    assert scores(rules, *worth(issue, 2, 8, None))["CORE-3"] == expected


def test_the_worst_of_a_divisor_is_the_most(issue, scores):
    effort = field("value", missing=Missing("worst"), scale=Scale(min=0.5))
    assert scores(formula("8 / value", effort), *worth(issue, 2, 8, None))["CORE-3"] == 1
    with_end = replace(effort, scale=Scale(0.5, 16))
    assert scores(formula("8 / value", with_end, round=1), *worth(issue, 2, None))["CORE-2"] == 0.5


def test_without_any_value_neutral_is_the_middle_of_the_scale_and_else_it_blocks(issue, scores, lacking):
    missing = Missing("neutral")
    assert scores(formula("value", field("value", missing=missing, scale=Scale(0, 4))), *worth(issue, None)) == {
        "CORE-1": 2.0
    }
    words = lacking(formula("value", field("value", missing=missing)), *worth(issue, None))
    assert words == (("value",), "value: nothing to take its neutral value from (field value)")


def test_a_missing_input_blocks_and_says_where_it_would_be_read(issue, lacking):
    rules = formula("value + effort", field("value"), field("effort"))
    assert lacking(rules, *worth(issue, 3)) == (("effort",), "effort: no value (field effort)")


def test_a_value_that_cannot_be_used_blocks_whatever_stands_in_for_missing_ones(issue, lacking):
    rules = formula("value", field("value", scale=Scale(min=1), missing=Missing("default", 5)))
    assert lacking(rules, *worth(issue, 0)) == (
        ("value",),
        "value: 0 is below 1, the least on its scale (field value)",
    )


def test_a_missing_computed_input_names_what_it_is_computed_from(issue, lacking):
    inputs = (field("value"), Input(name="doubled", expression="value * 2"), Input(name="more", expression="doubled"))
    assert lacking(formula("more", *inputs), issue())[0] == ("value",)
    assert lacking(formula("more", Input(name="more", expression="votes")), issue()) == (
        ("more",),
        "more: no value (computed: votes)",
    )


def test_a_computed_input_off_its_scale_or_without_a_result_says_why(issue, lacking):
    capped = Input(name="demand", expression="votes", scale=Scale(0, 5))
    assert "9 is above 5" in lacking(formula("demand", capped), issue(votes=9))[1]
    stepped = Input(name="demand", expression="votes", scale=Scale(1, 5, (1, 3, 5)))
    assert "4 is none of the steps of its scale, 1, 3, 5" in lacking(formula("demand", stepped), issue(votes=4))[1]
    broken = Input(name="share", expression="1 / votes")
    assert "division by zero" in lacking(formula("share", broken), issue(votes=0))[1]


@pytest.mark.parametrize(
    ("expression", "missing", "detail"),
    [
        ("votes * 2", ("votes",), "the formula has no value: not known here: votes"),
        ("1 / comments", (), "the formula has no value: division by zero"),
        ("CASE WHEN comments > 1 THEN 1 END", (), "the formula has no value: no condition of it holds"),
    ],
)
def test_a_formula_without_a_value_is_no_score(expression, missing, detail, issue, lacking):
    assert lacking(formula(expression), issue(comments=0)) == (missing, detail)


def test_what_needs_input_is_listed_oldest_first(issue, now):
    issues = [issue(number, created_at=now - timedelta(days=number)) for number in (1, 3, 2)]
    listed = score(issues, formula(), now=now).needs_input
    assert [found.issue.ref.key for found in listed] == ["CORE-3", "CORE-2", "CORE-1"]


def test_adjustments_work_in_order_where_their_condition_holds(issue, scores):
    rules = formula(
        adjustments=(
            *adjust(Multiply("2"), when="type = 'bug'"),
            *adjust(Add("votes"), when="votes > 3"),
            *adjust(Multiply("10")),
        )
    )
    issues = [
        issue(1, fields={"value": 1}, type="bug", votes=5),
        issue(2, fields={"value": 1}, type="Bug", votes=3),
        issue(3, fields={"value": 1}),
    ]
    assert scores(rules, *issues) == {"CORE-1": 70, "CORE-2": 20, "CORE-3": 10}


def test_an_amount_that_is_not_there_changes_nothing(issue, scores):
    rules = formula(
        adjustments=(*adjust(Add("least(votes, 20)")), *adjust(Multiply("votes")), *adjust(HalfLife("due_in_days", 9)))
    )
    assert scores(rules, *worth(issue, 7)) == {"CORE-1": 7}


@pytest.mark.parametrize(("idle", "expected"), [(0, 80), (10, 40), (20, 20), (200, 8)])
def test_a_half_life_fades_down_to_its_floor(idle, expected, issue, scores, now):
    rules = formula(adjustments=adjust(HalfLife("idle_days", 10, 0.1)))
    (stale,) = worth(issue, 80, updated_at=now - timedelta(days=idle))
    assert scores(rules, stale) == {"CORE-1": expected}


def test_a_time_that_has_not_come_yet_does_not_raise_a_score(issue, scores, now):
    rules = formula(adjustments=adjust(HalfLife("-due_in_days", 10)))
    issues = worth(issue, 80, due_on=(now + timedelta(days=30)).date())
    assert scores(rules, *issues) == {"CORE-1": 80}


def links(*targets):
    return tuple(Link("blocks", Direction.OUTWARD, target) for target in targets)


def test_a_blocker_inherits_a_share_of_the_best_that_it_blocks_over_trackers(issue, scores):
    web = IssueRef("web", "memory", "w1", "WEB-1")
    issues = [
        issue(1, fields={"value": 10}, links=links("memory:CORE-2")),
        issue(2, fields={"value": 60}, links=links("memory:WEB-1")),
        issue(ref=web, fields={"value": 100}),
        issue(4, links=links("memory:CORE-5")),
        issue(5, fields={"value": 9}, links=links("memory:CORE-4", "memory:WEB-1")),
        issue(6, fields={"value": 3}, links=links("memory:CORE-7")),
        issue(7, fields={"value": 99}, state_category=StateCategory.DONE),
    ]
    rules = formula(adjustments=adjust(Inherit("blocks", 0.5)))
    assert scores(rules, *issues) == {"CORE-1": 50, "CORE-2": 60, "WEB-1": 100, "CORE-5": 50, "CORE-6": 3}


def test_nobody_inherits_what_is_below_zero_or_without_the_condition(issue, scores):
    issues = [
        issue(1, fields={"value": -20}, links=links("memory:CORE-2")),
        issue(2, fields={"value": -10}),
        issue(3, fields={"value": 1}, links=links("memory:CORE-4")),
        issue(4, fields={"value": 50}),
    ]
    rules = formula(adjustments=adjust(Inherit("blocks", 0.5), when="type = 'bug'"))
    assert scores(rules, *issues)["CORE-3"] == 1
    assert scores(formula(adjustments=adjust(Inherit("blocks", 0.5))), *issues)["CORE-1"] == -20


def test_who_blocks_nobody_inherits_nothing_also_where_all_of_it_would_be_inherited(issue, scores):
    issues = [
        issue(1, fields={"value": 1}, links=links("memory:CORE-3")),
        issue(2, fields={"value": 3}),
        issue(3, fields={"value": 2}),
    ]
    rules = formula(adjustments=adjust(Inherit("blocks", 1.0)))
    assert scores(rules, *issues) == {"CORE-2": 3, "CORE-1": 2, "CORE-3": 2}


def test_a_circle_of_blockers_is_named(issue, now):
    issues = [
        issue(1, fields={"value": 1}, links=links("memory:CORE-2")),
        issue(2, fields={"value": 2}, links=links("memory:CORE-1")),
    ]
    ranking = score(issues, formula(adjustments=adjust(Inherit())), now=now)
    assert [scored.score for scored in ranking.ranked] == [2, 1]
    (warning,) = ranking.warnings
    assert "memory:CORE-1, memory:CORE-2" in warning


def test_a_score_that_outgrows_numbers_is_no_score(issue, lacking):
    rules = formula(adjustments=(*adjust(Multiply("1e300"), name="boost"), *adjust(Multiply("1e300"))))
    missing, detail = lacking(rules, *worth(issue, 1))
    assert (missing, detail) == ((), "step: the score becomes too large to compute with")


def test_a_value_that_only_an_adjustment_cannot_use_is_a_warning(issue, now):
    rules = formula("votes", field("bonus", scale=Scale(0, 1)), adjustments=adjust(Add("bonus")))
    ranking = score([issue(votes=3, fields={"bonus": 7})], rules, now=now)
    assert ranking.ranked[0].score == 3
    assert ranking.warnings == (
        "issues on which bonus cannot be used: 1; on memory:CORE-1: 7 is above 1, the most on its scale",
    )


@pytest.mark.parametrize(
    ("how", "expected"),
    [("percentile", [100, 50, 0]), ("minmax", [100, 25, 0]), ("fixed", [90, 30, 10])],
)
def test_scores_are_normalised_over_the_list(how, expected, issue, now):
    rules = formula("value", field("value", scale=Scale(0, 10)), normalize=how)
    assert [scored.score for scored in score(worth(issue, 1, 3, 9), rules, now=now).ranked] == expected


def test_issues_of_the_same_rounded_score_are_in_the_order_of_their_exact_ones(issue, now):
    issues = [issue(number, fields={"value": number}, created_at=now + timedelta(days=number)) for number in range(500)]
    ranked = score(issues, formula(normalize="percentile"), now=now).ranked
    assert [scored.issue.ref.key for scored in ranked[:3]] == ["CORE-499", "CORE-498", "CORE-497"]


def test_bands_know_where_issues_were_before(issue, now):
    bands = (Band(name="P0", count=1), Band(name="P1"))
    issues = worth(issue, 5, 4)
    rules = formula(bands=bands, hysteresis=50)
    assert [scored.band for scored in score(issues, rules, now=now).ranked] == ["P0", "P1"]
    before = {("core", "id2"): "P0"}
    assert [scored.band for scored in score(issues, rules, now=now, bands_before=before).ranked] == ["P0", "P0"]


def test_without_bands_the_band_is_empty(issue, now):
    assert score(worth(issue, 1), formula(), now=now).ranked[0].band == ""


def test_a_capacity_is_used_up_by_effort_or_by_the_estimate(issue, now):
    bands = (Band(name="now", capacity=3), Band(name="later"))
    effort = field("effort")
    issues = [issue(number, fields={"value": 9 - number, "effort": 2}, estimate=number) for number in (1, 2, 3)]
    by_effort = score(issues, formula("value", field("value"), effort, bands=bands), now=now)
    assert [scored.band for scored in by_effort.ranked] == ["now", "later", "later"]
    by_estimate = score(issues, formula(bands=bands), now=now)
    assert [scored.band for scored in by_estimate.ranked] == ["now", "now", "later"]


def test_an_issue_of_unknown_size_fits_nowhere_and_that_is_said(issue, now):
    rules = formula(bands=(Band(name="now", capacity=3), Band(name="later")))
    ranking = score(worth(issue, 1), rules, now=now)
    assert ranking.ranked[0].band == "later"
    assert ranking.warnings == ("issues without estimate, which fit into no band with a capacity: 1",)
