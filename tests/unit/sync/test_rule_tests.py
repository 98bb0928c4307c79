"""The team's own examples pass where the rules do what is expected, and fail with what they did instead."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from trackersync.config.examples import Example, Expectation
from trackersync.scoring.rules import Adjustment, Band, Exclude, Input, InputSource, Multiply, Rules
from trackersync.sync.rule_tests import Failure, run_tests

RULES = Rules(
    framework="formula",
    expression="value",
    inputs=(Input(name="value", sources={"jira": InputSource("field", "Value")}),),
    adjustments=(
        Adjustment(name="bug", when="type = 'bug'", action=Multiply("2")),
        Adjustment(name="epics", when="type = 'epic'", action=Exclude(), because="Nobody works on an epic."),
    ),
    bands=(Band(name="P0", min_score=10), Band(name="P1")),
)


@pytest.fixture
def verdict(now):
    def of(given, rules=RULES, **expect):
        example = Example(name="an example", given=given, expect=Expectation(**expect))
        return run_tests(rules, [example], now=now)[0]

    return of


@pytest.fixture
def failures(verdict):
    return lambda given, rules=RULES, **expect: verdict(given, rules, **expect).failures


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        ({"value": 5, "type": "bug"}, {"score": 10, "band": "P0", "above": {"value": 9}, "below": {"value": 11}}),
        ({"type": "bug"}, {"needs_input": ("value",)}),
        ({"value": 5, "type": "epic"}, {"excluded": True}),
        ({"value": 1, "age_days": 5}, {"above": {"value": 1}}),
    ],
)
def test_what_is_as_expected_passes_and_explains_nothing(verdict, given, expect) -> None:
    found = verdict(given, **expect)
    assert (found.passed, found.failures, found.explanations) == (True, (), ())


@pytest.mark.parametrize(
    ("given", "expect", "expected", "found"),
    [
        ({"value": 5}, {"score": 7}, "score 7", "score 5"),
        ({"value": 5}, {"band": "P0"}, "band P0", "band P1, score 5"),
        ({"value": 5}, {"above": {"value": 6}}, "a rank above the other", "score 5, of the other score 6"),
        ({"value": 5}, {"below": {"value": 4}}, "a rank below the other", "score 5, of the other score 4"),
        ({"value": 5}, {"needs_input": ("value",)}, "needs input: value", "score 5"),
        ({"value": 5}, {"excluded": True}, "left out of the list", "score 5"),
        ({}, {"score": 5}, "score 5", "needs input: value"),
        ({"value": 5, "type": "epic"}, {"band": "P1"}, "band P1", "left out by epics"),
        ({}, {"above": {"value": 6}}, "a rank above the other", "needs input: value, of the other score 6"),
        ({"votes": "many"}, {"score": 5}, "facts that an issue can have", "votes: 'many' is no number"),
    ],
)
def test_what_is_not_as_expected_fails_with_what_was_found(failures, given, expect, expected, found) -> None:
    assert failures(given, **expect) == (Failure(expected, found),)


@pytest.mark.parametrize("side", ["above", "below"])
def test_two_equal_issues_are_neither_above_nor_below_each_other(failures, side) -> None:
    (failure,) = failures({"value": 5}, **{side: {"value": 5}})
    assert failure.found == "score 5, of the other score 5"


def test_every_failure_is_told_and_each_issue_explained(verdict) -> None:
    found = verdict({"value": 5, "type": "bug"}, score=1, band="P1", above={"value": 100}, below={"value": 1})
    assert [failure.expected for failure in found.failures] == [
        "score 1", "band P1", "a rank above the other", "a rank below the other",
    ]  # fmt: skip
    assert [each.issue.ref.key for each in found.explanations] == ["given", "above", "below"]
    assert [step.name for step in found.explanations[0].steps] == ["formula", "bug", "epics", "round"]


@pytest.mark.parametrize("how", ["percentile", "minmax"])
def test_a_score_that_is_made_of_the_whole_list_cannot_be_expected_but_an_order_can(failures, how) -> None:
    rules = replace(RULES, normalize=how)
    score, band = failures({"value": 5}, rules, score=50, band="P0")
    assert (score.expected, band.expected) == ("score 50", "band P0")
    for failure in (score, band):
        assert f"{how} makes a" in failure.found
        assert failure.found.endswith("which an example has not; expect above or below")
    assert failures({"value": 5}, rules, above={"value": 4.9}, below={"value": 5.1}) == ()


def test_a_tie_that_rounding_makes_is_no_tie(failures) -> None:
    assert failures({"value": 5.2}, above={"value": 5.1}) == ()


def test_each_example_is_a_list_of_its_own(now) -> None:
    example = Example(name="one", given={"value": 5}, expect=Expectation(score=5))
    assert all(verdict.passed for verdict in run_tests(RULES, [example, replace(example, name="two")], now=now))
    assert run_tests(RULES, [], now=now) == []
