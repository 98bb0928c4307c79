"""What differs between two sets of rules is told in full, in words, and nothing is told that does not differ."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import fields, replace

from trackersync.scoring.rule_changes import changes_of
from trackersync.scoring.rules import (
    Add,
    Adjustment,
    Band,
    Cap,
    Exclude,
    Floor,
    Goal,
    HalfLife,
    Inherit,
    Input,
    InputSource,
    Missing,
    Multiply,
    Rules,
    Scale,
    Set,
    Vote,
    Votes,
)

EFFORT = Input(name="effort", sources={"jira": InputSource("field", "Effort")}, weight=1)
REGRESSION = Adjustment(name="regression", action=Multiply("1.5"), when="type = 'bug'", because="It was promised.")
DEADLINE = Adjustment(name="deadline", action=Add("10"), when="due_in_days < 14")
RETENTION = Goal(name="retention", weight=1.5, labels=("goal/retention",))
P0 = Band(name="P0", share=0.05)
ALICE = Vote(person="alice", issue="CORE-1", input="effort", value=3)
RULES = Rules(
    framework="weighted", inputs=(EFFORT,), votes=Votes(votes=(ALICE,)), goals=(RETENTION,), adjustments=(REGRESSION,),
    bands=(P0, Band(name="P1")),
)  # fmt: skip


def of_input(**changes):
    return replace(RULES, inputs=(replace(EFFORT, **changes),))


def of_rule(**changes):
    return replace(RULES, adjustments=(replace(REGRESSION, **changes),))


def of_goal(**changes):
    return replace(RULES, goals=(replace(RETENTION, **changes),))


def of_band(**changes):
    return replace(RULES, bands=(replace(P0, **changes), RULES.bands[1]))


def of_votes(*votes, **changes):
    return replace(RULES, votes=replace(RULES.votes, votes=votes, **changes))


TOLD = [
    (replace(RULES, framework="rice"), "framework: weighted → rice"),
    (replace(RULES, expression="effort * 2"), "formula: none → effort * 2"),
    (replace(RULES, normalize="minmax"), "normalised by: none → minmax"),
    (replace(RULES, round=1), "digits after the point: 0 → 1"),
    (replace(RULES, hysteresis=2.5), "hysteresis: 0 → 2.5"),
    (replace(RULES, inputs=()), "input effort is gone: jira field Effort, weight 1"),
    (of_input(weight=-2), "weight of effort: 1 → -2"),
    (of_input(missing=Missing("worst")), "missing value of effort: no score without it → counts as the worst"),
    (of_input(missing=Missing("default", 2)), "missing value of effort: no score without it → counts as 2"),
    (of_input(scale=Scale(0.5)), "scale of effort: as the framework has it → from 0.5"),
    (of_input(scale=Scale(1, 5, (1, 3, 5))), "scale of effort: as the framework has it → 1, 3, 5"),
    (of_input(uncertainty=0.3), "uncertainty of effort: none → 30%"),
    (of_input(aggregate="median"), "votes become one value by, for effort: none → median"),
    (of_input(values={"S": 1}), "worth of effort, S: none → 1"),
    (
        of_input(sources={"jira": InputSource("label", "e/{value}")}),
        "source of effort, jira: field Effort → label e/{value}",
    ),
    (of_input(expression="1"), "formula of effort: none → 1"),
    (of_rule(action=Multiply("2")), "rule regression: × 1.5 → × 2"),
    (of_rule(action=Add("10")), "rule regression: × 1.5 → + 10"),
    (of_rule(action=Set("10")), "rule regression: × 1.5 → = 10"),
    (of_rule(action=Cap("10")), "rule regression: × 1.5 → at most 10"),
    (of_rule(action=Floor("10")), "rule regression: × 1.5 → at least 10"),
    (of_rule(action=Exclude()), "rule regression: × 1.5 → left out of the list"),
    (
        of_rule(action=HalfLife("idle_days", 90, 0.25)),
        "rule regression: × 1.5 → halved with every 90 days of idle_days, never below 25%",
    ),
    (
        of_rule(action=Inherit("blocks", 0.5)),
        "rule regression: × 1.5 → at least 50% of the best issue that it blocks",
    ),
    (of_rule(when=None), "condition of rule regression: type = 'bug' → always"),
    (of_rule(because=None), "reason of rule regression: It was promised. → none given"),
    (
        replace(RULES, adjustments=(REGRESSION, DEADLINE)),
        "new rule deadline: + 10, when due_in_days < 14",
    ),
    (of_goal(weight=2), "weight of goal retention: 1.5 → 2"),
    (of_goal(labels=("a", "b")), "labels of goal retention: goal/retention → a, b"),
    (of_goal(milestones=("Q3",)), "milestones of goal retention: none → Q3"),
    (of_goal(epics=("CORE-1",)), "epics of goal retention: none → CORE-1"),
    (of_goal(when="votes > 1"), "condition of goal retention: always → votes > 1"),
    (of_goal(because="Vision."), "reason of goal retention: none given → Vision."),
    (of_band(share=0.1), "band P0: share 5% → share 10%"),
    (of_band(share=None, min_score=60), "band P0: share 5% → min score 60"),
    (of_band(share=None, count=7), "band P0: share 5% → count 7"),
    (of_band(share=None, capacity=40), "band P0: share 5% → capacity 40"),
    (of_band(budget=0.125), "band P0: share 5% → share 5%, budget 12.5%"),
    (replace(RULES, bands=(P0,)), "band P1 is gone: the rest"),
    (replace(RULES, bands=RULES.bands[::-1]), "another order of bands: P1, P0"),
    (of_votes(ALICE, replace(ALICE, person="bob")), "votes: 1 added"),
    (of_votes(replace(ALICE, value=5)), "votes: 1 changed"),
    (of_votes(), "votes: 1 gone"),
    (of_votes(replace(ALICE, on=date(2026, 1, 1))), "votes: 1 changed"),
    (of_votes(ALICE, aggregate="median"), "votes become one value by: mean → median"),
    (of_votes(ALICE, disagreement=0.25), "people disagree from: 50% → 25%"),
]  # fmt: skip


@pytest.mark.parametrize(("after", "told"), TOLD, ids=[told for _, told in TOLD])
def test_a_difference_is_told_in_one_line(after, told) -> None:
    assert changes_of(RULES, after) == (told,)
    assert changes_of(after, RULES)
    assert changes_of(after, after) == ()


def test_every_field_of_the_rules_is_among_the_differences_told() -> None:
    """A field that is added to the rules later is compared, too, and belongs in the list above."""
    for owner, get in {
        Rules: lambda rules: rules,
        Votes: lambda rules: rules.votes,
        Input: lambda rules: rules.inputs and rules.inputs[0],
        Goal: lambda rules: rules.goals[0],
        Adjustment: lambda rules: rules.adjustments[0],
        Band: lambda rules: rules.bands[0],
    }.items():
        for field in fields(owner):
            # A roadmap asks for sizes, which changes nobody's score.
            if field.name not in {"name", "sized"}:
                assert any(
                    getattr(get(after), field.name, None) != getattr(get(RULES), field.name) for after, _ in TOLD
                ), f"{owner.__name__}.{field.name}"


def test_a_table_with_other_values_differs_though_it_has_the_same_name() -> None:
    tables = [of_input(sources={"jira": InputSource("table", "points.csv effort", {"core-1": each})}) for each in "12"]
    assert changes_of(*tables) == ("source of effort, jira: table points.csv effort, with other values",)


def test_another_order_is_told_where_it_matters() -> None:
    other = Adjustment(name="other", action=Add("1"))
    one, two = replace(RULES, adjustments=(REGRESSION, other)), replace(RULES, adjustments=(other, REGRESSION))
    assert changes_of(one, two) == ("another order of rules: other, regression",)
    more = Input(name="value", weight=1, expression="votes")
    assert changes_of(replace(RULES, inputs=(EFFORT, more)), replace(RULES, inputs=(more, EFFORT))) == ()


def test_large_numbers_keep_their_digits() -> None:
    assert changes_of(of_input(weight=1_234_567), of_input(weight=0.0001234567)) == (
        "weight of effort: 1234567 → 0.0001234567",
    )
