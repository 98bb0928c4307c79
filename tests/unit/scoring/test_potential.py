"""What needs input is listed by how far an answer could take it, and names whom to ask."""

from __future__ import annotations

import pytest

from trackersync.model import Direction, Link, Person
from trackersync.scoring.engine import score
from trackersync.scoring.kano import KANO_SURVEY
from trackersync.scoring.rules import Add, Adjustment, Inherit, Input, Missing, Rules, Scale


def asked(issues, rules, now):
    return [(entry.issue.ref.key, entry.best_rank) for entry in score(issues, rules, now=now).needs_input]


def test_first_comes_whose_answer_could_change_the_top_most(formula, field, worth, now):
    rules = formula("value / effort", field("value"), field("effort", scale=Scale(min=1)))
    ranked = [{"value": value, "effort": 1} for value in (30, 20, 10)]
    lacking = [{"value": 5}, {"value": 25}, {"effort": 3}, {}]
    # The best effort is the least on its scale, 1; the best value is the highest that anybody has, 30.
    assert asked(worth(*ranked, *lacking), rules, now) == [
        ("CORE-7", 1), ("CORE-5", 2), ("CORE-6", 3), ("CORE-4", 4),
    ]  # fmt: skip


def test_where_the_formula_does_not_tell_which_way_is_better_both_are_tried(formula, field, worth, now):
    rules = formula("abs(value - 50)", field("value", scale=Scale(0, 80)))
    assert asked(worth(60, 10, None), rules, now) == [("CORE-3", 1)]
    assert asked(worth(60, 0, None), rules, now) == [("CORE-3", 1)]


def test_answers_to_several_questions_are_tried_in_every_combination(formula, field, worth, now):
    ends = Scale(0, 10)
    rules = formula("abs(value - other)", field("value", scale=ends), field("other", scale=ends))
    assert asked(worth({"value": 9, "other": 1}, {}), rules, now) == [("CORE-2", 1)]


def test_a_survey_that_nobody_answered_could_come_to_the_best_category(field, worth, now):
    survey = [
        Input(name=each.name, expression=each.expression) if each.expression else field(each.name, values=each.values)
        for each in KANO_SURVEY.inputs
    ]
    answered = {"functional": "like", "dysfunctional": "dislike"}
    rules = Rules(framework="kano", inputs=tuple(survey))
    # Only an answer from the middle, neutral, makes it a must-be.
    assert asked(worth(answered, {}, {"functional": "like"}), rules, now) == [("CORE-3", 1), ("CORE-2", 1)]
    assert asked(worth(answered | {"functional": "neutral"}, answered, {"functional": "like"}), rules, now) == [
        ("CORE-3", 2)
    ]


def test_an_issue_that_no_answer_can_give_a_score_comes_last(formula, field, worth, now):
    rules = formula("value / votes", field("value"))
    issues = [*worth({"value": 5}), *worth({}, {"value": 4}, votes=2)[1:], *worth({}, {}, {}, votes=2)[2:]]
    assert asked(issues, rules, now) == [("CORE-3", 1), ("CORE-1", None)]


def test_of_equals_comes_first_who_lacks_the_least(formula, field, worth, now):
    rules = formula("value * reach", *(field(name, scale=Scale(0, 10)) for name in ("value", "reach")))
    assert asked(worth({}, {"value": 10}, {"value": 2, "reach": 3}), rules, now) == [("CORE-2", 1), ("CORE-1", 1)]


def test_nothing_ranked_and_nothing_known_is_no_error(formula, field, worth, now):
    assert asked(worth(None, None), formula(), now) == [("CORE-1", None), ("CORE-2", None)]
    assert asked([], formula(), now) == []
    bounded = formula("value", field("value", scale=Scale(0, 10)))
    assert asked(worth(None), bounded, now) == [("CORE-1", 1)]


def test_who_works_on_it_is_asked_and_else_who_reported_it(formula, issue, now):
    ann, bob, eve = (Person(name.lower(), name) for name in ("Ann", "Bob", "Eve"))
    issues = [issue(1, author=eve, assignees=(ann, bob)), issue(2, author=eve), issue(3)]
    found = score(issues, formula(), now=now).needs_input
    assert [entry.ask for entry in found] == [("Ann", "Bob"), ("Eve",), ()]


def test_what_else_is_known_of_the_issue_counts_as_it_stands(formula, field, adjust, issue, now):
    rules = formula(
        "value * reach",
        field("value", scale=Scale(0, 10)),
        field("reach", missing=Missing("default", 1)),
        adjustments=adjust(Add("100"), when="has_label('urgent')"),
    )
    issues = [issue(1, fields={"value": 5, "reach": 10}), issue(2), issue(3, labels=("urgent",))]
    assert asked(issues, rules, now) == [("CORE-3", 1), ("CORE-2", 2)]


@pytest.mark.parametrize(("when", "rank"), [("value > 5", 1), ("value > 50", 3)])
def test_an_answer_decides_whether_an_issue_inherits(when, rank, formula, field, issue, now):
    unblocks = Adjustment(name="unblocks", action=Inherit(), when=when)
    rules = formula("value + votes", field("value", scale=Scale(0, 10)), adjustments=(unblocks,))
    links = (Link("blocks", Direction.OUTWARD, "memory:CORE-2"),)
    known = [issue(number, fields={"value": 9}, votes=votes) for number, votes in ((2, 90), (3, 50))]
    assert asked([issue(1, links=links, votes=0), *known], rules, now) == [("CORE-1", rank)]
