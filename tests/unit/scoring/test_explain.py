"""An explanation tells where every number came from, and its steps add up to the score exactly."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from msgspec.structs import replace

from trackersync.errors import TrackersyncError
from trackersync.model import Direction, IssueRef, Link, StateCategory
from trackersync.scoring.engine import score
from trackersync.scoring.explain import explain
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

GITHUB, JIRA = "github", "jira"


def kept(name, github, jira, **changes):
    return Input(name=name, sources={GITHUB: github, JIRA: jira}, **changes)


def project_field(name):
    return InputSource("project_field", name)


ACME = Rules(
    framework="rice",
    inputs=(
        kept("reach", project_field("Reach"), InputSource("field", "Reach"), scale=Scale(min=0),
             missing=Missing("default", 1)),
        kept("impact", InputSource("label", "impact/{value}"), InputSource("field", "Impact"),
             values={"massive": 3, "high": 2, "medium": 1, "low": 0.5, "minimal": 0.25}),
        kept("confidence", project_field("Confidence"), InputSource("field", "Confidence"), scale=Scale(0, 1),
             missing=Missing("neutral")),
        kept("effort", project_field("Effort"), InputSource("field", "Story Points"), scale=Scale(min=0.5),
             missing=Missing("worst")),
        Input(name="demand", expression="votes + reactions + watchers / 10"),
    ),
    adjustments=(
        Adjustment(name="regression", when="type = 'bug' AND has_label('regression')", action=Multiply("1.5"),
                   because="A regression breaks a promise that was already kept."),
        Adjustment(name="deadline", when="due_in_days < 14", action=Add("10")),
        Adjustment(name="demand", action=Add("least(demand, 20)")),
        Adjustment(name="cooling", action=HalfLife("idle_days", 180, 0.5)),
        Adjustment(name="unblocks", action=Inherit("blocks", 0.5)),
    ),
    normalize="percentile",
    round=0,
    bands=(Band(name="P0", share=0.05), Band(name="P1", share=0.2), Band(name="P2", share=0.5), Band(name="P3")),
    hysteresis=2,
)  # fmt: skip


@pytest.fixture
def issues(issue, now):
    """A regression on GitHub, what it blocks in Jira, one without values but for its impact, one without, one done."""
    web, core = IssueRef("web", GITHUB, "n1", "acme/web#12"), IssueRef("core", JIRA, "7", "CORE-7")
    return [
        issue(
            ref=web, type="bug", labels=("regression", "impact/High"), reactions={"+1": 3}, url="https://gh.example/12",
            project_fields={"Reach": 100, "Confidence": 0.8, "Effort": 2}, updated_at=now - timedelta(days=180),
            links=(Link("blocks", Direction.OUTWARD, "jira:CORE-7"),),
        ),
        issue(
            ref=core, type="story", votes=40, watchers=20, due_on=(now + timedelta(days=3)).date(),
            fields={"Reach": 900, "Impact": "massive", "Confidence": 1, "Story Points": 3},
        ),
        issue(ref=IssueRef("core", JIRA, "8", "CORE-8"), fields={"Impact": "low"}),
        issue(ref=IssueRef("core", JIRA, "9", "CORE-9")),
        issue(ref=IssueRef("core", JIRA, "10", "CORE-10"), state="Done", state_category=StateCategory.DONE),
    ]  # fmt: skip


def test_inputs_say_what_they_are_and_where_they_came_from(issues, now):
    uses = {use.name: use for use in explain(issues, ACME, "github:acme/web#12", now=now).inputs}
    assert (uses["impact"].value, uses["impact"].raw, uses["impact"].origin) == (2.0, "High", "label impact/High")
    assert (uses["reach"].value, uses["reach"].origin) == (100.0, "project field Reach")
    assert (uses["demand"].value, uses["demand"].origin) == (3.0, "computed: votes + reactions + watchers / 10")
    assert (uses["labels"].value, uses["labels"].origin) == (("regression", "impact/high"), "built in")
    assert uses["type"].value == "bug"
    assert uses["due_in_days"].value is None
    assert list(uses)[:4] == ["reach", "impact", "confidence", "effort"]


def test_what_stands_in_for_a_missing_value_is_said(issues, now):
    origins = {use.name: (use.value, use.origin) for use in explain(issues, ACME, "CORE-8", now=now).inputs}
    assert origins["reach"] == (1.0, "the default, because it is missing (field Reach)")
    assert origins["confidence"] == (
        0.9,
        "the middle of what the others have, because it is missing (field Confidence)",
    )
    assert origins["effort"] == (3.0, "the worst value, because it is missing (field Story Points)")


def test_the_formula_is_shown_with_its_numbers(issues, now):
    explanation = explain(issues, ACME, "CORE-7", now=now)
    assert explanation.formula == "reach * impact * confidence / effort"
    assert explanation.filled == "900 * 3 * 1 / 3"
    assert explanation.steps[0].after == 900


def test_every_step_tells_what_it_did_or_why_it_did_nothing(issues, now):
    steps = explain(issues, ACME, "acme/web#12", now=now).steps
    assert [(step.name, step.operation, step.applied, float(step.delta)) for step in steps] == [
        ("rice", "100 * 2 * 0.8 / 2", True, 80),
        ("regression", "× 1.5", True, 40),
        ("deadline", "only when due_in_days < 14", False, 0),
        ("demand", "+ 3 (least(demand, 20))", True, 3),
        ("cooling", "× 0.5 (half-life 180 days, idle_days = 180, never below 0.5)", True, -61.5),
        ("unblocks", "at least 0.5 × 930, the score of jira:CORE-7, which it blocks", True, 403.5),
        ("percentile", "the percent of the other issues that score less, equals counting half", True, -415),
        ("round", "to a whole number", False, 0),
    ]
    assert steps[1].because == "A regression breaks a promise that was already kept."


def test_nothing_known_is_said_to_have_done_nothing(issues, now):
    steps = {step.name: step for step in explain(issues, ACME, "CORE-8", now=now).steps}
    assert steps["demand"].operation == "no value: nothing added"
    assert steps["unblocks"].operation == "it blocks no issue that has a score"
    assert not steps["demand"].applied


@pytest.mark.parametrize("changes", [{}, {"normalize": "none", "round": 3}, {"normalize": "minmax", "round": 1}])
def test_the_steps_start_at_nothing_chain_and_add_up_to_the_score(changes, issues, now):
    rules = replace(ACME, **changes)
    for scored in score(issues, rules, now=now).ranked:
        explanation = explain(issues, rules, scored.issue.ref.issue_key, now=now)
        assert explanation.steps[0].before == 0
        assert all(first.after == second.before for first, second in pairwise(explanation.steps))
        assert sum((step.delta for step in explanation.steps), Decimal(0)) == Decimal(repr(scored.score))
        assert (explanation.score, explanation.rank, explanation.band) == (scored.score, scored.rank, scored.band)
        assert explanation.ranked == 3


def test_an_issue_that_needs_input_says_what_is_missing(issues, now):
    explanation = explain(issues, ACME, ("core", "9"), now=now)
    assert (explanation.score, explanation.rank, explanation.band, explanation.steps) == (None, None, None, ())
    assert explanation.missing == ("impact",)
    assert explanation.detail == "impact: no value (field Impact)"
    assert explanation.filled == "1 * ? * 0.9 / 3"


def test_an_issue_that_is_done_says_so(issues, now):
    explanation = explain(issues, ACME, "CORE-10", now=now)
    assert (explanation.score, explanation.detail) == (None, "it is done (Done), and only open issues are ranked")
    assert explanation.inputs == ()


URL = "https://tracker.example/browse/CORE-7"


@pytest.mark.parametrize("name", ["JIRA:core-7", " core-7 ", f"{URL}/", f"{URL}?focusedId=1#comment-1", ("core", "7")])
def test_an_issue_goes_by_ref_key_url_or_immutable_id(name, issues, now):
    assert explain(issues, ACME, name, now=now).issue.ref.key == "CORE-7"


def test_an_unknown_issue_is_answered_with_the_nearest(issues, now):
    with pytest.raises(TrackersyncError, match="no issue CORE-77 in the snapshot") as refused:
        explain(issues, ACME, "CORE-77", now=now)
    assert refused.value.hint == "did you mean CORE-7?"
    with pytest.raises(TrackersyncError, match="no issue core zzzzz") as refused:
        explain(issues, ACME, ("core", "zzzzz"), now=now)
    assert "pull first" in refused.value.hint


def test_a_name_that_several_issues_have_is_refused(issue, now):
    twins = [issue(ref=IssueRef(tracker, JIRA, "1", "CORE-1")) for tracker in ("a", "b")]
    with pytest.raises(TrackersyncError, match="several trackers: a, b") as refused:
        explain(twins, ACME, "jira:CORE-1", now=now)
    assert refused.value.hint == "name it by its URL"


def test_other_actions_are_told_in_their_own_words(issue, now):
    rules = Rules(
        framework="formula",
        expression="CASE WHEN has_label('x') AND type = 'bug' THEN 4 ELSE comments END",
        adjustments=(
            Adjustment(name="less", action=Add("-2")),
            Adjustment(name="twice", action=Multiply("comments / 2")),
            Adjustment(name="votes", action=Multiply("votes")),
            Adjustment(name="due", action=HalfLife("due_in_days", 5)),
        ),
        round=2,
    )
    explanation = explain([issue(type="bug", labels=("x",), comments=3)], rules, "CORE-1", now=now)
    assert explanation.filled == "CASE WHEN has_label('x') AND 'bug' = 'bug' THEN 4 ELSE 3 END"
    assert [step.operation for step in explanation.steps[1:]] == [
        "− 2",
        "× 1.5 (comments / 2)",
        "no value: nothing multiplied",
        "no value: nothing faded",
        "to 2 digits after the point",
    ]


def test_a_list_in_a_formula_is_shown(issue, now):
    rules = Rules(framework="formula", expression="CASE WHEN labels = 'x' THEN 1 ELSE 0 END")
    explanation = explain([issue(labels=("x", "y"))], rules, "CORE-1", now=now)
    assert explanation.filled == "CASE WHEN ('x', 'y') = 'x' THEN 1 ELSE 0 END"


@pytest.mark.parametrize(
    ("source", "days"),
    [
        (InputSource("field", "x"), 30),
        (InputSource("label", "x/{value}"), 30),
        (InputSource("table", "points.csv x", {"core-1": "3"}), None),
        (InputSource("column", "votes"), None),
        (InputSource("column", "milestone"), 30),
    ],
)
def test_what_a_tracker_keeps_is_at_least_as_old_as_the_last_touch(source, days, issue, now):
    rules = Rules(framework="formula", expression="x", inputs=(Input(name="x", sources={"memory": source}),))
    of = issue(fields={"x": 3}, labels=("x/3",), votes=3, milestone="3", updated_at=now - timedelta(days=30))
    (use,) = explain([of], rules, "CORE-1", now=now).inputs
    assert (use.value, use.days) == (3, days)
