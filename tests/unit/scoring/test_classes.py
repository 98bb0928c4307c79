"""Where the method is an order of classes, nothing takes an issue out of its class."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from trackersync.scoring.calculation import calculate
from trackersync.scoring.explain import explain
from trackersync.scoring.robustness import simulate
from trackersync.scoring.rules import Add, Adjustment, Input, InputSource, Multiply, Rules, Vote, Votes
from trackersync.scoring.versus import versus


def moscow(*actions, **changes):
    adjustments = tuple(Adjustment(name=f"step {n}", action=action) for n, action in enumerate(actions))
    kept = Input(name="moscow", sources={"memory": InputSource("field", "moscow")})
    return Rules(framework="moscow", inputs=(kept,), adjustments=adjustments, **changes)


def of(*classes):
    return [{"moscow": name} for name in classes]


def test_the_class_comes_first_and_within_it_the_score(issue, worth, scores):
    should, must, other = worth(*of("should", "must", "should"))
    rules = moscow(Add("votes"))
    issues = [issue(1, fields=should.fields, votes=90), must, issue(3, fields=other.fields, votes=95)]
    assert list(scores(rules, issues).items()) == [("CORE-2", 4), ("CORE-3", 3), ("CORE-1", 3)]


def test_the_step_says_how_far_it_was_brought_back(worth, now):
    issues = worth(*of("must", "could"), votes=49)
    step = explain(issues, moscow(Add("votes"), round=2), "CORE-1", now=now).steps[2]
    assert (step.name, step.operation, float(step.before), float(step.after)) == (
        "class", "its distance from class 4 × 0.01", 53, 4.49,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "class_"),
    [(("must", "must", "should"), 4), (("should", "could"), 2), (("must", "wont"), 2), (("must", "should", "wont"), 3)],
)
def test_what_people_vote_for_is_a_class_and_nothing_between_two(said, class_, issue, now):
    votes = tuple(Vote(person=f"P{n}", issue="CORE-1", input="moscow", value=word) for n, word in enumerate(said))
    rules = moscow(Add("votes"), round=2, votes=Votes(votes=votes))
    found = explain([issue(1, votes=0)], rules, "CORE-1", now=now)
    assert (found.inputs[0].value, found.score) == (class_, class_)
    assert found.inputs[0].origin.startswith("the class nearest to the mean of the votes P0 ")


def test_small_differences_stay_as_they_are(worth, now):
    steps = explain(worth(*of("must")), moscow(Add("0.3"), round=1), "CORE-1", now=now).steps
    assert (float(steps[2].after), steps[2].applied) == (4.3, False)


def test_no_other_value_of_an_adjustment_would_take_an_issue_out_of_its_class(worth, field, calculated, now):
    rules = moscow(Add("help"))
    rules = replace(rules, inputs=(*rules.inputs, field("help", uncertainty=1.0)))
    issues = worth(*({"moscow": name, "help": help_} for name, help_ in (("must", -4), ("should", 4), ("should", 1))))
    found = versus(issues, rules, ("CORE-1", "CORE-2"), now=now)
    assert {way.input for way in found.ways} == {"moscow"}
    within = [way for way in versus(issues, rules, ("CORE-2", "CORE-3"), now=now).ways if way.input == "help"]
    assert [(way.issue.ref.key, way.after) for way in within] == [("CORE-2", 0.99), ("CORE-3", 4.01)]
    chances = simulate(calculated(rules, issues), top=1).chances
    assert [(each.issue.ref.key, each.best, each.worst) for each in chances] == [
        ("CORE-1", 1, 1), ("CORE-2", 2, 2), ("CORE-3", 3, 3),
    ]  # fmt: skip


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cases=st.lists(
        st.tuples(st.sampled_from(["must", "should", "could", "won't"]), st.integers(-1000, 1000)),
        min_size=1,
        max_size=8,
    ),
    normalize=st.sampled_from(["none", "percentile", "minmax"]),
    digits=st.integers(0, 3),
)
def test_no_adjustment_and_no_rounding_takes_an_issue_out_of_its_class(cases, normalize, digits, issue, now):
    issues = [issue(n, fields={"moscow": name}, votes=votes) for n, (name, votes) in enumerate(cases)]
    rules = moscow(Add("votes"), Multiply("1.5"), normalize=normalize, round=digits)
    found = calculate(issues, rules, now=now, bands_before={})
    classes = found.base.gather(found.order).to_list()
    assert classes == sorted(classes, reverse=True)
    scores = found.scores.gather(found.order).to_list()
    assert all(above >= below for above, below in pairwise(scores))
    raw = found.applied[1].after.gather(found.order).to_list()
    for (first, above), (second, below) in pairwise(zip(classes, raw, strict=True)):
        assert first > second or above >= below or above == pytest.approx(below)
