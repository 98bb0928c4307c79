"""Whatever trackers and people send has a stated result, and never a wrong number at the top of the list."""

from __future__ import annotations

import math
from dataclasses import dataclass
from dataclasses import field as default
from datetime import timedelta
from typing import Any

import pytest

from trackersync.model import Direction, Link
from trackersync.scoring.engine import score
from trackersync.scoring.expressions import ExpressionError, parse
from trackersync.scoring.rules import (
    Adjustment,
    Band,
    Inherit,
    Input,
    InputSource,
    Missing,
    Multiply,
    Rules,
    Scale,
    Vote,
    Votes,
)


def kept(name, **changes):
    return Input(name=name, sources={"memory": InputSource("field", name)}, **changes)


def rules(expression="value / effort", **changes):
    inputs = changes.pop("inputs", (kept("value"), kept("effort", scale=Scale(min=0.5))))
    return Rules(framework="formula", expression=expression, inputs=inputs, **changes)


GOOD = {"value": 6, "effort": 2}


@dataclass(frozen=True)
class Bad:
    """What is bad about the second of two issues, and in which words it needs input."""

    fields: dict[str, Any]
    detail: str
    rules: Rules = default(default_factory=rules)
    good: float | str = 1
    """The value of the first, which can be scored."""


BAD = {
    "a divisor of zero": Bad(
        {"value": 6, "effort": 0},
        "the formula has no value: division by zero",
        rules("value / (effort + 0)", inputs=(kept("value"), kept("effort"))),
    ),
    "a zero that the scale forbids": Bad({"value": 6, "effort": 0}, "effort: 0 is below 0.5, the least on its scale"),
    "a negative effort": Bad({"value": 6, "effort": -3}, "effort: -3 is below 0.5, the least on its scale"),
    "a null in the formula": Bad({"value": None, "effort": 1}, "value: no value (field value)"),
    "not a number": Bad({"value": math.nan, "effort": 1}, "value: 'nan' is no number"),
    "infinity": Bad({"value": math.inf, "effort": 1}, "value: 'inf' is no number"),
    "infinity in words": Bad({"value": "-inf", "effort": 1}, "value: '-inf' is no number"),
    "a number beyond all numbers": Bad({"value": "9" * 400, "effort": 1}, "is no number"),
    "text in a number field": Bad({"value": "a lot", "effort": 1}, "value: 'a lot' is no number (field value)"),
    "several values in a number field": Bad({"value": ("1", "2"), "effort": 1}, "value: '1, 2' is no number"),
    "a value that is not in the map": Bad(
        {"value": "huge"},
        "value: 'huge' is none of big, small",
        rules("value", inputs=(kept("value", values={"big": 6, "small": 1}),)),
    ),
    "a value between the steps": Bad(
        {"value": 4}, "value: 4 is none of the steps of its scale, 1, 2, 3, 5, 8",
        rules("value", inputs=(kept("value", scale=Scale(1, 8, (1, 2, 3, 5, 8))),)),
    ),
    "a default does not hide nonsense": Bad(
        {"value": "??"},
        "value: '??' is no number",
        rules("value", inputs=(kept("value", missing=Missing("default", 3)),)),
    ),
    "a logarithm of zero": Bad(
        {"value": 0}, "logarithm of a number that is not above zero", rules("ln(value)", inputs=(kept("value"),))
    ),
    "a root of less than nothing": Bad(
        {"value": -1}, "square root of a negative number", rules("sqrt(value)", inputs=(kept("value"),))
    ),
    "a result too large": Bad(
        {"value": 1e200, "effort": 1}, "a number too large to compute with", rules("value * value / effort")
    ),
    "an adjustment that grows too large": Bad(
        {"value": 1e300, "effort": 1}, "more: the score becomes too large to compute with",
        rules(adjustments=(Adjustment(name="more", action=Multiply("value")),)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_cannot_be_scored_needs_input_in_words_and_the_rest_is_ranked(bad, worth, now):
    ranking = score(worth({"value": bad.good, "effort": 2}, bad.fields), bad.rules, now=now)
    assert [entry.issue.ref.key for entry in ranking.ranked] == ["CORE-1"]
    (needing,) = ranking.needs_input
    assert bad.detail in needing.detail


def test_ten_thousand_labels_on_one_issue_are_read_like_few(issue, now):
    of_labels = Input(name="value", sources={"memory": InputSource("label", "value/{value}")})
    many = tuple(f"area/{number}" for number in range(10_000))
    counting = rules("CASE WHEN has_label('area/9999') AND label_like('%/77') THEN value END", inputs=(of_labels,))
    ranking = score([issue(1, labels=(*many, "value/3")), issue(2, labels=("value/4",))], counting, now=now)
    assert [(entry.issue.ref.key, entry.score) for entry in ranking.ranked] == [("CORE-1", 3)]


def test_a_thousand_blockers_in_a_circle_gain_nothing_and_are_named_in_part(issue, now):
    issues = [
        issue(n, fields={"value": n}, links=(Link("blocks", Direction.OUTWARD, f"memory:CORE-{(n + 1) % 1000}"),))
        for n in range(1000)
    ]
    inheriting = rules("value", inputs=(kept("value"),), adjustments=(Adjustment(name="heir", action=Inherit()),))
    ranking = score(issues, inheriting, now=now)
    assert [entry.score for entry in ranking.ranked] == list(range(999, -1, -1))
    (warning,) = ranking.warnings
    assert "memory:CORE-1, " in warning
    assert warning.endswith("… and 990 more")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1" + " + 1" * 25_000, "longer than 2000 characters, at character 2001"),
        ("(" * 900 + "1" + ")" * 900, "nested deeper than 20 levels, at character 21"),
        ("votes + (", "this is no complete expression"),
        ("votse + 1", "unknown name `votse`, at character 1 (did you mean votes?)"),
        ("1 + title", "a number is needed here, not a text, at character 5"),
    ],
)
def test_an_expression_that_goes_too_far_is_refused_at_its_place(text, words):
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    assert words in refused.value.message


def test_a_vote_on_an_unknown_issue_counts_for_nothing_and_is_told(worth, now):
    vote = Vote(person="Ann", issue="CORE-99", input="value", value=9)
    ranking = score(worth(GOOD), rules(votes=Votes(votes=(vote,))), now=now)
    assert [entry.score for entry in ranking.ranked] == [3]
    assert ranking.warnings == (
        "CORE-99: there are votes on what is not among the open issues, and they count for nothing",
    )


def test_a_vote_that_makes_no_sense_is_told_though_others_count(worth, now):
    said = (("Ann", "lots"), ("Bob", 6))
    votes = tuple(Vote(person=who, issue="CORE-1", input="value", value=what) for who, what in said)
    ranking = score(worth(GOOD), rules(votes=Votes(votes=votes)), now=now)
    assert [entry.score for entry in ranking.ranked] == [3]
    assert ranking.warnings == ("votes on value that cannot be used: 1; on memory:CORE-1: Ann: 'lots' is no number",)


def test_two_people_who_disagree_wholly_are_ranked_in_the_middle_and_flagged(worth, now):
    votes = tuple(
        Vote(person=who, issue="CORE-1", input="value", value=what) for who, what in (("Ann", 0), ("Bob", 10))
    )
    inputs = (kept("value", scale=Scale(0, 10)), kept("effort", scale=Scale(min=0.5)))
    ranking = score(worth(GOOD), rules(inputs=inputs, votes=Votes(votes=votes), round=1), now=now)
    assert [entry.score for entry in ranking.ranked] == [2.5]
    assert [(each.input, each.disagreement) for each in ranking.disputed] == [("value", 1.0)]


BANDS = (Band(name="P0", share=0.25), Band(name="P1"))


@pytest.mark.parametrize("normalize", ["none", "percentile", "minmax"])
def test_an_empty_backlog_is_an_empty_list(normalize, now):
    ranking = score([], rules(normalize=normalize, bands=BANDS), now=now)
    assert (ranking.ranked, ranking.needs_input, ranking.warnings) == ((), (), ())


@pytest.mark.parametrize(("normalize", "number"), [("none", 3), ("percentile", 50), ("minmax", 50)])
def test_one_issue_is_first_and_nothing_is_divided_by_nothing(normalize, number, worth, now):
    (only,) = score(worth(GOOD), rules(normalize=normalize, bands=BANDS), now=now).ranked
    assert (only.rank, only.score, only.band) == (1, number, "P1")


@pytest.mark.parametrize(("normalize", "number"), [("none", 3), ("percentile", 50), ("minmax", 50)])
def test_equals_keep_one_order_the_older_first(normalize, number, issue, now):
    issues = [issue(n, fields=GOOD, created_at=now - timedelta(days=n % 3)) for n in range(1, 9)]
    ranked = score(issues, rules(normalize=normalize, bands=BANDS), now=now).ranked
    assert {entry.score for entry in ranked} == {number}
    assert [entry.issue.ref.key for entry in ranked] == [
        f"CORE-{n}" for n in (2, 5, 8, 1, 4, 7, 3, 6)
    ]  # fmt: skip
    assert [entry.band for entry in ranked] == ["P0", "P0", *["P1"] * 6]
