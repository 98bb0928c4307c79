"""Every framework that can be named works, and its own worked example comes out."""

from __future__ import annotations

import pytest

from trackersync.scoring.check import check_rules
from trackersync.scoring.engine import score
from trackersync.scoring.frameworks import FRAMEWORKS, formula_of, scale_of, values_of
from trackersync.scoring.inputs import off_scale
from trackersync.scoring.rules import Input, InputSource, Rules, Scale
from trackersync.scoring.scales import SCALES

PRESETS = [framework for framework in FRAMEWORKS.values() if framework.expression]


def rules_of(framework, **changes):
    inputs = [Input(name=wanted.name, sources={"memory": InputSource("field", wanted.name)})
              for wanted in framework.inputs]  # fmt: skip
    return Rules(**{"framework": framework.name, "inputs": tuple(inputs), "round": 6, **changes})


@pytest.mark.parametrize("framework", PRESETS, ids=lambda framework: framework.name)
def test_a_frameworks_worked_example_comes_out(framework, issue, now):
    example = framework.example
    given = dict(zip((wanted.name for wanted in framework.inputs), example.given, strict=True))
    ranking = score([issue(fields=given)], rules_of(framework), now=now)
    assert [scored.score for scored in ranking.ranked] == [pytest.approx(example.score)]


@pytest.mark.parametrize("framework", PRESETS, ids=lambda framework: framework.name)
def test_a_framework_is_valid_with_the_scales_and_words_it_comes_with(framework):
    assert check_rules(rules_of(framework)) == []
    for wanted in framework.inputs:
        worth = (*wanted.allowed, *wanted.values.values())
        assert not [value for value in worth if off_scale(value, wanted.scale)]
        assert wanted.doc


def test_every_framework_says_where_it_comes_from():
    assert all(framework.source and framework.doc for framework in FRAMEWORKS.values())


def test_a_frameworks_own_words_count_until_the_team_has_its_own(issue, now):
    framework = FRAMEWORKS["moscow"]
    ranking = score([issue(fields={"moscow": "Must have"})], rules_of(framework), now=now)
    assert ranking.ranked[0].score == 4
    own = Input(name="moscow", sources={"memory": InputSource("field", "moscow")}, values={"now": 10, "later": 1})
    assert values_of(own, "moscow") == {"now": 10, "later": 1}
    assert scale_of(own, "moscow") == Scale(1, 10)


def test_a_declared_scale_wins_over_words_and_framework():
    used = Input(name="impact", values={"high": 5}, scale=Scale(0, 9))
    assert scale_of(used, "rice") == Scale(0, 9)
    assert scale_of(Input(name="impact"), "rice") == Scale(0.25, 3)
    assert scale_of(Input(name="anything"), "rice") == Scale()
    assert scale_of(Input(name="anything"), "no-such") == Scale()


def test_the_steps_of_a_scale_are_its_ends():
    used = Input(name="impact", scale=Scale(steps=(1, 2, 4)))
    assert scale_of(used, "rice") == Scale(1, 4, (1, 2, 4))


def test_the_smallest_of_its_relative_columns_is_known_for_wsjf_only():
    relative = {
        name: [each.scale.min for each in framework.inputs if each.relative] for name, framework in FRAMEWORKS.items()
    }
    assert {name: least for name, least in relative.items() if least} == {"wsjf": [1, 1, 1, 1]}
    assert all(each.allowed == SCALES["wsjf"].steps for each in FRAMEWORKS["wsjf"].inputs)


def test_moscow_and_kano_are_orders_of_classes():
    assert [framework.name for framework in FRAMEWORKS.values() if framework.classes] == ["moscow", "kano"]


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
