"""Everything wrong with rules is found at once, each at its key in the file."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from trackersync.scoring.check import check_rules, input_order
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

FIELD = {"memory": InputSource("field", "F")}
VALUE = Input(name="value", sources=FIELD)
EFFORT = Input(name="effort", sources=FIELD, scale=Scale(min=0.5))
GOOD = Rules(framework="value-effort", inputs=(VALUE, EFFORT))


def formula(expression, *inputs, **changes):
    return Rules(framework="formula", expression=expression, inputs=inputs, **changes)


def problem_of(rules):
    (problem,) = check_rules(rules)
    return problem


def adjusted(action, when=None):
    return replace(GOOD, adjustments=(Adjustment(name="a", action=action, when=when),))


def test_good_rules_have_no_problem():
    assert check_rules(GOOD) == []


@pytest.mark.parametrize(
    ("rules", "path", "words", "hint"),
    [
        (Rules(framework="ricee"), ("scoring", "framework"), "unknown framework `ricee`", "did you mean rice?"),
        (Rules(framework="zzz"), ("scoring", "framework"), "unknown framework", "one of rice, ice"),
        (
            Rules(framework="kano-survey"),
            ("scoring", "framework"),
            "unknown framework",
            "it is `kano` with inputs of its",
        ),
        (formula(None), ("scoring", "framework"), "needs the team's own `expression`", "add scoring.expression"),
        (
            replace(GOOD, expression="1"),
            ("scoring", "expression"),
            "`value-effort` has a formula of its own",
            "name the framework `formula`",
        ),
        (Rules(framework="weighted", inputs=(VALUE,)), ("scoring", "framework"), "needs a `weight`", None),
        (
            replace(GOOD, inputs=(replace(VALUE, name="vlaue"), EFFORT)),
            ("scoring", "framework"),
            "needs the input `value`",
            "did you mean vlaue?",
        ),
        (
            replace(GOOD, inputs=(VALUE,)),
            ("scoring", "framework"),
            "needs the input `effort`",
            "effort: in any unit",
        ),
        (formula("valeu", VALUE), ("scoring", "expression"), "unknown name `valeu`", "did you mean value?"),
        (formula("value > 1", VALUE), ("scoring", "expression"), "must be a number", None),
        (replace(GOOD, round=-1), ("scoring", "round"), "0 to 10 digits", None),
        (replace(GOOD, normalize="fixed"), ("scoring", "normalize"), "`effort` has none", "max: …"),
        (
            formula(
                " + ".join(f"in{n}" for n in range(13)),
                *(replace(VALUE, name=f"in{n}") for n in range(13)),
                normalize="fixed",
            ),
            ("scoring", "normalize"),
            "more than 12 of them",
            "use percentile or minmax",
        ),
    ],
)
def test_problems_of_the_formula(rules, path, words, hint):
    problems = [problem for problem in check_rules(rules) if words in problem.message]
    assert [problem.path for problem in problems] == [path]
    assert hint is None or hint in problems[0].hint


@pytest.mark.parametrize(
    ("bad", "path", "words"),
    [
        (Input(name="votes", sources=FIELD), ("inputs", "votes"), "built-in column"),
        (Input(name="Case", sources=FIELD), ("inputs", "Case"), "cannot be a name"),
        (Input(name='a"b', sources=FIELD), ("inputs", 'a"b'), "cannot be a name"),
        (Input(name="x"), ("inputs", "x"), "neither read"),
        (Input(name="x", sources=FIELD, expression="1"), ("inputs", "x"), "both read"),
        (Input(name="x", expression="vots"), ("inputs", "x", "expression"), "unknown name `vots`"),
        (Input(name="x", expression="votes > 1"), ("inputs", "x", "expression"), "must be a number"),
        (Input(name="x", expression="sum(votes)"), ("inputs", "x", "expression"), "unknown function `sum`"),
        (
            Input(name="x", sources={"github": InputSource("label", "x/")}),
            ("inputs", "x", "from", "github"),
            "does not say where the value stands",
        ),
        (
            Input(name="x", sources={"jira": InputSource("column", "vote")}),
            ("inputs", "x", "from", "jira"),
            "`vote` is no built-in column",
        ),
        (Input(name="x", sources=FIELD, scale=Scale(3, 1)), ("inputs", "x", "scale"), "begins at 3 and ends at 1"),
        (Input(name="x", sources=FIELD, uncertainty=1.5), ("inputs", "x", "uncertainty"), "between 0 % and 100 %"),
        (
            Input(name="x", sources=FIELD, scale=Scale(0, 1), values={"high": 2}),
            ("inputs", "x", "values", "high"),
            "2 is above 1",
        ),
        (
            Input(name="x", sources=FIELD, scale=Scale(1), missing=Missing("default", 0)),
            ("inputs", "x", "missing"),
            "0 is below 1",
        ),
        (Input(name="x", sources=FIELD, missing=Missing("default")), ("inputs", "x", "missing"), "no default"),
        (Input(name="x", sources=FIELD, scale=Scale(float("nan"))), ("inputs", "x"), "finite"),
        (Input(name="x", sources=FIELD, values={"a": float("inf")}), ("inputs", "x"), "finite"),
        (Input(name="x", sources=FIELD, weight=2), ("inputs", "x", "weight"), "only the `weighted` framework"),
        (Input(name="x", sources=FIELD, missing=Missing("worst")), ("inputs", "x", "missing"), "is worse"),
        (Input(name="x", expression="x + 1"), ("inputs", "x", "expression"), "computed from itself: x → x"),
    ],
)
def test_problems_of_inputs(bad, path, words):
    problem = problem_of(replace(GOOD, inputs=(*GOOD.inputs, bad)))
    assert problem.path == path
    assert words in problem.message


def test_two_inputs_of_one_name_are_reported():
    assert [problem.path for problem in check_rules(replace(GOOD, inputs=(VALUE, EFFORT, EFFORT)))] == [
        ("inputs", "effort"),
        ("inputs", "effort"),
    ]


def test_inputs_computed_in_a_circle_are_named_in_order():
    ring = [Input(name=name, expression=f"{needs} + 1") for name, needs in (("a", "b"), ("b", "c"), ("c", "a"))]
    problem = problem_of(formula("votes", *ring))
    assert problem.path[0] == "inputs"
    assert problem.message in {f"computed from itself: {ring}" for ring in ("a → b → c → a", "b → c → a → b",
                                                                           "c → a → b → c")}  # fmt: skip


def test_inputs_come_after_those_that_they_are_computed_from():
    rules = formula("c", Input(name="c", expression="b * 2"), Input(name="b", expression="a"), replace(VALUE, name="a"))
    assert [used.name for used in input_order(rules)] == ["a", "b", "c"]


@pytest.mark.parametrize("scale", [Scale(min=0), Scale(min=-1), Scale(max=5)])
def test_a_divisor_that_may_be_zero_is_refused(scale):
    problem = problem_of(replace(GOOD, inputs=(VALUE, replace(EFFORT, scale=scale))))
    assert problem.path == ("inputs", "effort", "scale")
    assert "divides by `effort`" in problem.message


def test_a_divisor_has_the_frameworks_scale_or_that_of_its_words_unless_it_declares_one():
    assert check_rules(replace(GOOD, inputs=(VALUE, replace(EFFORT, scale=Scale())))) == []
    assert check_rules(replace(GOOD, inputs=(VALUE, replace(EFFORT, scale=Scale(), values={"s": 1, "l": 5})))) == []
    assert problem_of(replace(GOOD, inputs=(VALUE, replace(EFFORT, scale=Scale(), values={"none": 0})))).path == (
        "inputs",
        "effort",
        "scale",
    )


@pytest.mark.parametrize("text", ["value / x", "value / (2 * x)", "value / x / 2", "1 + 2 / x", "abs(value / x)"])
def test_a_formula_of_the_teams_own_may_not_divide_by_what_may_be_zero_either(text):
    assert problem_of(formula(text, VALUE, replace(VALUE, name="x"))).path == ("inputs", "x", "scale")


def test_a_divisor_that_is_a_sum_is_left_to_the_data():
    assert check_rules(formula("value / (x + 1)", VALUE, replace(VALUE, name="x"))) == []


@pytest.mark.parametrize(
    ("rules", "key", "words"),
    [
        (adjusted(Add("1"), when="has_labl('x')"), ("when",), "unknown function `has_labl`"),
        (adjusted(Add("1"), when="votes"), ("when",), "must be a condition"),
        (adjusted(Add("vots")), ("add",), "unknown name"),
        (adjusted(Multiply("type")), ("multiply",), "must be a number"),
        (adjusted(HalfLife("idle", 3)), ("half_life", "of"), "unknown name"),
        (adjusted(HalfLife("idle_days", 0)), ("half_life", "days"), "longer than 0 days"),
        (adjusted(HalfLife("idle_days", float("nan"))), ("half_life", "days"), "longer than 0 days"),
        (adjusted(HalfLife("idle_days", 3, 2)), ("half_life", "floor"), "between 0 and 1"),
        (adjusted(Inherit("blocks", 0)), ("inherit", "share"), "above 0"),
        (adjusted(Inherit("blocks", 1.5)), ("inherit", "share"), "above 0"),
    ],
)
def test_problems_of_adjustments(rules, key, words):
    problem = problem_of(rules)
    assert problem.path == ("scoring", "adjustments", 0, *key)
    assert words in problem.message


@pytest.mark.parametrize(
    ("bands", "path", "words"),
    [
        ((Band(name="A", count=1), Band(name="A")), ("bands", "A"), "2 bands `A`"),
        ((Band(name="A", share=0.1, count=2),), ("bands", "A"), "one limit, not share and count"),
        ((Band(name="A", share=0.1), Band(name="B", count=2)), ("bands", "B"), "`A` by share, this one by count"),
        ((Band(name="A"), Band(name="B", count=2)), ("bands", "A"), "no band after it"),
        ((Band(name="A", share=0.6), Band(name="B", share=0.5)), ("bands", "B", "share"), "add up to 110%"),
        ((Band(name="A", share=0.0),), ("bands", "A", "share"), "above 0 %"),
        ((Band(name="A", share=float("nan")),), ("bands", "A", "share"), "above 0 %"),
        ((Band(name="A", count=0),), ("bands", "A", "count"), "above 0"),
        ((Band(name="A", capacity=-1.0),), ("bands", "A", "capacity"), "above 0"),
        ((Band(name="A", capacity=float("inf")),), ("bands", "A", "capacity"), "finite"),
        ((Band(name="A", min_score=float("nan")),), ("bands", "A", "min_score"), "finite"),
        (
            (Band(name="A", min_score=50), Band(name="B", min_score=50)),
            ("bands", "B", "min_score"),
            "not below the 50 of `A`",
        ),
    ],
)
def test_problems_of_bands(bands, path, words):
    problem = problem_of(replace(GOOD, bands=bands))
    assert problem.path == path
    assert words in problem.message


def test_shares_that_make_up_the_whole_are_fine():
    bands = tuple(Band(name=str(number), share=0.1) for number in range(10))
    assert check_rules(replace(GOOD, bands=bands)) == []


@pytest.mark.parametrize("hysteresis", [-1, float("nan")])
def test_hysteresis_is_not_negative(hysteresis):
    assert problem_of(replace(GOOD, hysteresis=hysteresis)).path == ("hysteresis",)


def test_all_problems_are_reported_at_once():
    bad = Rules(
        framework="rise",
        inputs=(Input(name="x", expression="vots"), Input(name="y")),
        adjustments=(Adjustment(name="a", action=Add("z"), when="1"),),
        round=99,
        bands=(Band(name="A"), Band(name="A")),
        hysteresis=-2,
    )
    assert len(check_rules(bad)) == 9


def test_an_input_that_a_framework_lacks_hides_nothing_else():
    rules = replace(GOOD, inputs=(replace(EFFORT, scale=Scale(min=0, max=9)),), normalize="fixed")
    assert [problem.path for problem in check_rules(rules)] == [("scoring", "framework"), ("inputs", "effort", "scale")]
