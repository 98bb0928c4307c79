"""A goal weighs in for every issue that serves it, once, and under its own name."""

from __future__ import annotations

import pytest

from trackersync.scoring.check import check_rules
from trackersync.scoring.explain import explain
from trackersync.scoring.rules import Goal

RETENTION = Goal(name="retention", weight=2, labels=("goal/retention", "area/checkout/%"), because="They leave.")
QUARTER = Goal(name="quarter", weight=3, milestones=("2027 Q%",))
PLATFORM = Goal(name="platform", weight=4, epics=("CORE-100", "https://tracker.example/browse/CORE-200"))
SPEED = Goal(name="speed", weight=0.5, when="label_like('perf/%') AND votes > 3")
GOALS = (RETENTION, QUARTER, PLATFORM, SPEED)


@pytest.mark.parametrize(
    ("facts", "weight"),
    [
        ({}, 1), ({"labels": ("Goal/Retention",)}, 2), ({"labels": ("area/checkout/tax",)}, 2),
        ({"labels": ("area/checkout",)}, 1), ({"labels": ("goal-retention",)}, 1), ({"milestone": "2027 q1"}, 3),
        ({"milestone": "H 2027 Q1"}, 1), ({"parent": "jira:core-100"}, 4), ({"parent": "jira:CORE-1000"}, 1),
        ({"parent": "https://tracker.example/browse/CORE-100"}, 4), ({"parent": "jira:XCORE-100"}, 1),
        ({"parent": "https://tracker.example/browse/core-200/"}, 4), ({"labels": ("perf/start",), "votes": 9}, 0.5),
        ({"labels": ("perf/start",)}, 1),
    ],
)  # fmt: skip
def test_an_issue_serves_a_goal_by_label_milestone_epic_or_condition(facts, weight, formula, worth, scores):
    assert scores(formula(goals=GOALS, round=1), worth(10, **facts)) == {"CORE-1": 10 * weight}


def test_of_several_goals_only_the_weightiest_counts_and_of_equals_the_first(formula, worth, now):
    twin = Goal(name="twin", weight=2, labels=("goal/retention",))
    rules = formula(goals=(SPEED, RETENTION, twin))
    step = explain(worth(10, labels=("goal/retention", "perf/x"), votes=9), rules, "CORE-1", now=now).steps[1]
    assert (step.name, step.because, step.operation, float(step.delta)) == ("goal retention", "They leave.", "× 2", 10)


def test_an_issue_that_serves_none_says_so(formula, worth, now):
    step = explain(worth(10), formula(goals=GOALS), "CORE-1", now=now).steps[1]
    assert (step.name, step.operation, step.applied) == ("goals", "it serves no goal", False)


@pytest.mark.parametrize("text", ["a.b", "a(b", "[x]", "50%off", "a\\b", "100%", "a|b", "^a$"])
def test_a_label_means_itself_whatever_characters_it_has(text, formula, worth, scores):
    rules = formula(goals=(Goal(name="g", weight=2, labels=(text,)),))
    assert scores(rules, worth(10, labels=(text.replace("%", " percent "),))) == {"CORE-1": 20}
    assert scores(rules, worth(10, labels=(f"x{text}",))) == {"CORE-1": 10}


def test_what_is_wrong_with_goals_is_told_all_at_once(formula):
    goals = (
        Goal(name="a", weight=0, labels=("x",)),
        Goal(name="b", weight=1),
        Goal(name="c", weight=2, when="vots > 1"),
    )
    problems = check_rules(formula(goals=goals))
    assert [(problem.path, problem.message.split(",")[0]) for problem in problems] == [
        (("goals", "a", "weight"), "the weight of a goal is above 0; 1 changes nothing"),
        (("goals", "b"), "nothing says which issues serve it"),
        (("goals", "c", "when"), "unknown name `vots`"),
    ]
