"""Every framework that can be named works, and what was published about it comes out to the last digit."""

from __future__ import annotations

import pytest

from trackersync.scoring.check import check_rules
from trackersync.scoring.engine import score
from trackersync.scoring.frameworks import FRAMEWORKS, VARIANTS, formula_of, scale_of, values_of, worked_formula
from trackersync.scoring.inputs import off_scale
from trackersync.scoring.kano import ANSWERS, EVALUATION
from trackersync.scoring.rules import Input, InputSource, Rules, Scale, Vote, Votes
from trackersync.scoring.scales import SCALES

ALL = {**FRAMEWORKS, **VARIANTS}
EXAMPLES = [(framework, example) for framework in ALL.values() for example in framework.examples]
EXACT = 10
"""Digits to which a score is compared that its source does not round."""


def used(wanted, scale=None):
    source = {"memory": InputSource("field", wanted.name)}
    return Input(
        name=wanted.name,
        sources={} if wanted.expression else source,
        expression=wanted.expression or None,
        weight=wanted.weight,
        scale=scale or Scale(),
    )


def rules_of(framework, **changes):
    inputs = tuple(used(wanted) for wanted in framework.inputs)
    return Rules(**{"framework": framework.name, "inputs": inputs, "round": 6, **changes})


def rules_for(framework, example):
    inputs = [used(wanted) for wanted in framework.inputs] + [used(own, own.scale) for own in example.inputs]
    digits = EXACT if example.digits is None else example.digits
    expression = example.expression or None
    return Rules(framework=framework.name, inputs=tuple(inputs), expression=expression, round=digits)


@pytest.mark.parametrize(("framework", "example"), EXAMPLES, ids=lambda each: getattr(each, "source", "")[:40])
def test_what_was_published_comes_out_to_the_last_digit(framework, example, issue, now):
    rules = rules_for(framework, example)
    assert check_rules(rules) == []
    ranking = score([issue(fields=example.given)], rules, now=now)
    assert [scored.score for scored in ranking.ranked] == [example.score]
    assert formula_of(rules) == worked_formula(framework, example)


@pytest.mark.parametrize("framework", ALL.values(), ids=ALL)
def test_every_framework_has_an_example_and_says_where_it_and_the_method_come_from(framework):
    assert framework.source
    assert framework.doc
    assert framework.examples
    for example in framework.examples:
        assert example.source
        read = {wanted.name for wanted in framework.inputs or example.inputs if not wanted.expression}
        assert example.given.keys() == read


@pytest.mark.parametrize("framework", [each for each in ALL.values() if each.inputs], ids=lambda each: each.doc)
def test_published_cases_rank_as_their_published_scores_do(framework, issue, now):
    issues = [issue(n, title=f"{case.score}", fields=case.given) for n, case in enumerate(framework.examples)]
    ranked = score(issues, rules_of(framework), now=now).ranked
    published = sorted((case.score for case in framework.examples), reverse=True)
    assert [float(scored.issue.title) for scored in ranked] == published


@pytest.mark.parametrize("framework", ALL.values(), ids=ALL)
def test_a_framework_is_valid_with_the_scales_and_words_it_comes_with(framework):
    if framework.expression:
        assert check_rules(rules_of(framework)) == []
    for wanted in framework.first_inputs:
        worth = (*wanted.allowed, *wanted.values.values())
        assert not [value for value in worth if off_scale(value, wanted.scale)]
        assert wanted.doc


def test_weighted_takes_the_mean_of_what_people_say_times_a_weight_that_may_be_negative(issue, now):
    """Ducalis, total score formula: sales of weight 3 with 2, 3, 2 and effort of weight -2 with 0, 2, 1."""
    said = {"sales": (2, 3, 2), "effort": (0, 2, 1)}
    votes = tuple(
        Vote(person=f"person {n}", issue="CORE-1", input=name, value=value)
        for name, values in said.items()
        for n, value in enumerate(values)
    )
    inputs = tuple(used(own, own.scale) for own in FRAMEWORKS["weighted"].examples[0].inputs)
    rules = Rules(framework="weighted", inputs=inputs, votes=Votes(votes=votes, disagreement=1), round=EXACT)
    assert score([issue()], rules, now=now).ranked[0].score == 7 - 2


KANO = {"M": "must-be", "O": "one-dimensional", "A": "attractive", "I": "indifferent", "R": "reverse"}
CELLS = [
    (functional, dysfunctional, letter)
    for functional, row in zip(ANSWERS, EVALUATION, strict=True)
    for dysfunctional, letter in zip(ANSWERS, row, strict=True)
]


@pytest.mark.parametrize(("functional", "dysfunctional", "letter"), CELLS)
def test_all_25_cells_of_the_kano_evaluation_table(functional, dysfunctional, letter, issue, now):
    answers = {"functional": functional, "dysfunctional": dysfunctional}
    words = tuple(Input(name=name, sources={"memory": InputSource("field", name)}, values=ANSWERS) for name in answers)
    computed = used(VARIANTS["kano-survey"].input("kano"))
    ranking = score([issue(fields=answers)], Rules(framework="kano", inputs=(*words, computed)), now=now)
    if letter == "Q":
        assert ranking.ranked == ()
        assert [needed.missing for needed in ranking.needs_input] == [("kano",)]
    else:
        assert [scored.score for scored in ranking.ranked] == [FRAMEWORKS["kano"].input("kano").values[KANO[letter]]]


def test_the_kano_evaluation_table_is_the_published_one():
    assert len(CELLS) == 25
    by_answers = {(functional, dysfunctional): letter for functional, dysfunctional, letter in CELLS}
    inner = ("must-be", "neutral", "live-with")
    assert by_answers["like", "dislike"] == "O"
    assert {by_answers["like", answer] for answer in inner} == {"A"}
    assert {by_answers[answer, "dislike"] for answer in inner} == {"M"}
    assert {by_answers[one, other] for one in inner for other in inner} == {"I"}
    assert by_answers["like", "like"] == by_answers["dislike", "dislike"] == "Q"
    assert {by_answers["dislike", answer] for answer in ("like", *inner)} == {"R"}
    assert {by_answers[answer, "like"] for answer in inner} == {"R"}


def test_classes_come_in_their_published_order(issue, now):
    for name, words in {"moscow": ["must", "should", "could", "won't"], "kano": list(KANO.values())}.items():
        issues = [issue(n, fields={name: word}) for n, word in enumerate(reversed(words))]
        ranked = score(issues, rules_of(FRAMEWORKS[name]), now=now).ranked
        assert [scored.issue.fields[name] for scored in ranked] == words


def test_a_frameworks_own_words_count_until_the_team_has_its_own(issue, now):
    framework = FRAMEWORKS["moscow"]
    ranking = score([issue(fields={"moscow": "Must have"})], rules_of(framework), now=now)
    assert ranking.ranked[0].score == 4
    own = Input(name="moscow", sources={"memory": InputSource("field", "moscow")}, values={"now": 10, "later": 1})
    assert values_of(own, "moscow") == {"now": 10, "later": 1}
    assert scale_of(own, "moscow") == Scale(1, 10)


def test_a_declared_scale_wins_over_words_and_framework():
    impact = Input(name="impact", values={"high": 5}, scale=Scale(0, 9))
    assert scale_of(impact, "rice") == Scale(0, 9)
    assert scale_of(Input(name="impact"), "rice") == Scale(0.25, 3)
    assert scale_of(Input(name="anything"), "rice") == Scale()
    assert scale_of(Input(name="anything"), "no-such") == Scale()


def test_the_steps_of_a_scale_are_its_ends():
    assert scale_of(Input(name="impact", scale=Scale(steps=(1, 2, 4))), "rice") == Scale(1, 4, (1, 2, 4))


def test_the_smallest_of_its_relative_columns_is_known_for_wsjf_only():
    relative = {name: [each.scale.min for each in framework.inputs if each.relative] for name, framework in ALL.items()}
    assert {name: least for name, least in relative.items() if least} == {"wsjf": [1, 1, 1, 1]}
    assert all(each.allowed == SCALES["wsjf"].steps for each in FRAMEWORKS["wsjf"].inputs)


def test_moscow_and_kano_are_orders_of_classes():
    assert [name for name, framework in ALL.items() if framework.classes] == ["moscow", "kano", "kano-survey"]


def test_weighted_adds_up_the_inputs_by_their_weights(issue, now):
    inputs = tuple(
        Input(name=name, sources={"memory": InputSource("field", name)}, weight=weight)
        for name, weight in (("value", 3), ("tech risk", -0.5), ("notes", None))
    )
    rules = Rules(framework="weighted", inputs=inputs, round=2)
    assert formula_of(rules) == '3 * value + (-0.5) * "tech risk"'
    assert check_rules(rules) == []
    assert score([issue(fields={"value": 4, "tech risk": 5})], rules, now=now).ranked[0].score == 9.5


def test_rules_without_a_known_framework_have_no_formula():
    assert formula_of(Rules(framework="no-such")) == ""
    assert formula_of(Rules(framework="formula")) == ""
