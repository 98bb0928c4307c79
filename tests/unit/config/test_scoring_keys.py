"""What makes scores can be said in the file, and what is wrong with it is told in plain words, all at once."""

from __future__ import annotations

import pytest

from trackersync.scoring.rules import (
    Adjustment,
    Cap,
    Exclude,
    Floor,
    Goal,
    InputSource,
    Scale,
    Set,
)

HEAD = """\
version: 1
trackers:
  one: {connector: desk, url: "https://one.example"}
  two: {connector: shelf}
"""
RULES = """\
scoring: {framework: formula, expression: size}
"""
BODY = HEAD + "inputs:\n  size: {from: {desk: {field: Size}}, scale: {min: 1}}\n" + RULES


@pytest.fixture
def size(load):
    """The only input, with these keys."""
    return lambda keys: load(HEAD + f"inputs:\n  size: {{{keys}}}\n" + RULES).rules.inputs[0]


@pytest.fixture
def wrong(problems):
    """What is told of the only input with these keys."""
    return lambda keys: problems(HEAD + f"inputs:\n  size: {{{keys}}}\n" + RULES)


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ('milestone: "Q{value}"', InputSource("milestone", "Q{value}")),
        ("column: priority", InputSource("column", "priority")),
        ("column: votes", InputSource("column", "votes")),
    ],
)
def test_an_input_is_read_from_what_every_issue_has(source, read, size):
    assert size(f"from: {{desk: {{{source}}}, shelf: {{{source}}}}}").sources == {"desk": read, "shelf": read}


@pytest.mark.parametrize(
    ("keys", "scale", "values"),
    [
        ("scale: fibonacci", Scale(1, 21, (1, 2, 3, 5, 8, 13, 21)), None),
        ("scale: [1, 2, 4]", Scale(1, 4, (1, 2, 4)), None),
        ("scale: {min: 0}", Scale(0), None),
        ("scale: t-shirt", Scale(1, 13, (1, 2, 3, 5, 8, 13)), {"XS": 1, "S": 2, "M": 3, "L": 5, "XL": 8, "XXL": 13}),
        ("scale: t-shirt, values: {tiny: 1}", Scale(1, 13, (1, 2, 3, 5, 8, 13)), {"tiny": 1}),
    ],
)
def test_a_scale_is_named_listed_or_given_by_its_ends(keys, scale, values, size):
    found = size(f"from: {{desk: {{field: S}}}}, {keys}")
    assert (found.scale, found.values) == (scale, values)


def test_uncertainty_and_the_way_of_counting_votes_belong_to_the_input(size):
    found = size("from: {desk: {field: S}}, uncertainty: 30%, aggregate: median")
    assert (found.uncertainty, found.aggregate) == (0.3, "median")


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("from: {desk: {milestone: Q}}", "from.desk.milestone: has no {value}, or more than one"),
        ("from: {desk: {column: priorty}}", "no built-in column is named 'priorty' (did you mean priority?)"),
        ("from: {desk: {column: labels}}", "`labels` is a list of texts, and an input is a number or a word"),
        ("from: {desk: {column: created_at}}", "`created_at` is a date, and an input is a number or a word"),
        ("from: {desk: {field: S}}, scale: fibonaci", "scale: no scale is named 'fibonaci' (did you mean fibonacci?)"),
        ("from: {desk: {field: S}}, scale: small", "scales are: fibonacci, wsjf, powers, t-shirt"),
        ("from: {desk: {field: S}}, scale: [3, 1, 1]", "the values of a scale ascend, each once (write [1, 3])"),
        ("from: {desk: {field: S}}, scale: [a]", "expected {min: …, max: …}, a scale's name or a list of numbers"),
        ("from: {desk: {field: S}}, scale: {steps: [1]}", "expected {min: …, max: …}, a scale's name or a list"),
        ("from: {desk: {field: S}}, scale: {mim: 1}", "scale.mim: unknown key (did you mean min?)"),
        ("from: {desk: {field: S}}, scale: fibonacci, missing: {default: 4}", "4 is none of the steps of its scale"),
        ("from: {desk: {field: S}}, uncertainty: 300%", "a share lies between 0% and 100%, found 300%"),
        (
            "from: {desk: {field: S}}, aggregate: mode",
            "expected mean, median, trimmed, geometric, found the text 'mode'",
        ),
    ],
)
def test_what_is_wrong_with_an_input_is_told(keys, told, wrong):
    (problem,) = wrong(keys)
    assert problem.startswith("6: inputs.size")
    assert told in problem


@pytest.mark.parametrize("source", ["column: priority", "field: Priority"])
def test_our_own_priority_is_not_read_back(source, problems):
    text = HEAD + f"inputs:\n  size: {{from: {{desk: {{{source}}}}}, values: {{High: 2}}}}\n" + RULES
    text += "bands: {P0: {}}\nwrite: {one: {priority: {P0: High}}}\n"
    (problem,) = problems(text)
    assert problem.startswith("9: write.one.priority: the input size is read from the priority, which this would write")


def test_limits_and_exclusion_are_actions_of_their_own(load):
    config = load(
        BODY.replace(
            "expression: size",
            "expression: size, adjustments: [{name: a, set: 100}, {name: b, cap: 90}, {name: c, floor: votes},"
            " {name: d, when: type = 'epic', exclude: true, because: No.}]",
        )
    )
    assert config.rules.adjustments == (
        Adjustment(name="a", action=Set("100")),
        Adjustment(name="b", action=Cap("90")),
        Adjustment(name="c", action=Floor("votes")),
        Adjustment(name="d", action=Exclude(), when="type = 'epic'", because="No."),
    )


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("exclude: false", "exclude: expected true, found false (remove it, or the rule that it stands in)"),
        ("exclude: true, add: 1", "does 2 things: add, exclude"),
        ("cap: vots", "cap: unknown name `vots`"),
        ("set: ''", "set: expected a number or an expression, found an empty text"),
    ],
)
def test_what_is_wrong_with_an_action_is_told(rule, told, problems):
    (problem,) = problems(BODY.replace("expression: size", f"expression: size, adjustments: [{{name: a, {rule}}}]"))
    assert told in problem


def test_goals_are_met_by_one_or_several(load):
    goals = 'goals:\n  a: {weight: 2, label: [x, "y/%"], milestone: M, epic: ONE-1, when: votes > 1, because: Yes.}\n'
    (goal,) = load(BODY + goals).rules.goals
    assert goal == Goal(
        name="a", weight=2, labels=("x", "y/%"), milestones=("M",), epics=("ONE-1",), when="votes > 1", because="Yes."
    )


@pytest.mark.parametrize(
    ("goal", "told"),
    [
        ("{label: x}", "goals.a.weight: is missing"),
        ("{weight: 0, label: x}", "goals.a.weight: must be more than 0, found 0"),
        ("{weight: 1}", "goals.a: nothing says which issues serve it"),
        ("{weight: 1, when: vots}", "goals.a.when: unknown name `vots`"),
        ("{weight: 1, label: [1]}", "goals.a.label.0: expected text, found the number 1"),
        ("{weight: 1, labels: x}", "goals.a.labels: unknown key (did you mean label?)"),
        ("{wieght: 1, label: x}", "goals.a.wieght: unknown key (did you mean weight?)"),
        ("{weight: 1, milestone: []}", "goals.a.milestone: must not be empty"),
        (
            "{weight: 1, milestone: 2027}",
            "goals.a.milestone: expected a text or a list of texts, found the number 2027 (put",
        ),
        ("{weight: 1, epic: {a: b}}", "goals.a.epic: expected a text or a list of texts, found a mapping"),
        ("x", "goals.a: expected a mapping of keys to values, found the text 'x'"),
    ],
)
def test_what_is_wrong_with_a_goal_is_told_once(goal, told, problems):
    (problem,) = problems(BODY + f"goals:\n  a: {goal}\n")
    assert problem.startswith(f"9: {told}")


def test_a_goal_without_a_weight_hides_nothing_else_that_is_wrong_with_it(problems):
    assert [each.split(" ")[1] for each in problems(BODY + "goals: {a: {when: vots, epic: 5}}\n")] == [
        "goals.a.epic:",
        "goals.a.weight:",
        "goals.a.when:",
    ]


def test_a_band_has_a_budget_and_a_test_expects_what_is_not_ranked(load):
    text = (
        BODY
        + "bands: {P0: {min_score: 9, budget: 5%}, P1: }\ntests:\n  - {given: {type: epic}, expect: {excluded: true}}\n"
    )
    config = load(text + "  - {given: {votes: 1}, expect: {needs_input: [size]}}\n")
    assert config.rules.bands[0].budget == 0.05
    assert [(each.expect.excluded, each.expect.needs_input) for each in config.tests] == [
        (True, None),
        (False, ("size",)),
    ]


@pytest.mark.parametrize(("expect", "name"), [("score: 3", "score"), ("band: P0", "band")])
def test_what_depends_on_the_whole_list_is_not_expected_of_an_example(expect, name, problems):
    text = BODY.replace("expression: size", "expression: size, normalize: percentile")
    (problem,) = problems(text + "bands: {P0: {min_score: 9}, P1: }\ntests: [{given: {}, expect: {" + expect + "}}]\n")
    assert f"expect.{name}: under normalize: percentile a {name} depends on the whole list" in problem


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("excluded: no", "expect.excluded: expected true"),
        ("needs_input: []", "expect.needs_input: must not be empty"),
        ("needs_input: [sise]", "expect.needs_input.0: 'sise' is no input (did you mean size?)"),
    ],
)
def test_what_is_wrong_with_an_expectation_is_told(expect, told, problems):
    found = problems(BODY + f"tests:\n  - {{given: {{votes: 1}}, expect: {{{expect}}}}}\n")
    assert any(told in problem for problem in found), found
