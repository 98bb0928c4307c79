"""Setting, limiting and leaving out: each is one step of the explanation, and leaves alone what it does not concern."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from trackersync.model import Direction, Link
from trackersync.scoring.engine import score
from trackersync.scoring.explain import explain
from trackersync.scoring.rules import Adjustment, Cap, Exclude, Floor, Inherit, Multiply, Set


@pytest.mark.parametrize(
    ("action", "after"),
    [
        (Set("7"), [7, 7, 7]),
        (Cap("5"), [1, 5, 5]),
        (Floor("5"), [5, 5, 9]),
        (Cap("votes"), [1, 4, 4]),
        (Floor("watchers"), [1, 5, 9]),
        (Set("watchers"), [1, 5, 9]),
    ],
)
def test_a_score_is_set_or_limited_and_an_amount_that_is_not_known_does_nothing(
    action, after, formula, adjust, worth, scores
):
    found = scores(formula(adjustments=adjust(action)), worth(1, 5, 9, votes=4))
    assert [found[f"CORE-{number}"] for number in (1, 2, 3)] == after


def test_what_has_no_score_gets_none_by_setting_it(formula, adjust, worth, now):
    ranking = score(worth(None, 2), formula(adjustments=adjust(Set("100"), Floor("50"), Cap("90"))), now=now)
    assert [(entry.issue.ref.key, entry.score) for entry in ranking.ranked] == [("CORE-2", 90)]
    assert [entry.missing for entry in ranking.needs_input] == [("value",)]


def test_each_is_told_in_its_own_words(formula, adjust, worth, now):
    rules = formula(adjustments=adjust(Set("votes * 10"), Cap("30"), Floor("20"), Cap("watchers")))
    steps = explain(worth(1, votes=4), rules, "CORE-1", now=now).steps[1:5]
    assert [(step.operation, step.applied, float(step.after)) for step in steps] == [
        ("= 40 (votes * 10), whatever it was", True, 40),
        ("at most 30", True, 30),
        ("at least 20", False, 30),
        ("no value: no upper limit", False, 30),
    ]


@pytest.fixture
def leaving_out(formula):
    """Epics are left out, and whoever votes 9 is too, by a later rule."""
    return formula(
        adjustments=(
            Adjustment(name="epics", action=Exclude(), when="type = 'epic'", because="They are not worked on."),
            Adjustment(name="nine", action=Exclude(), when="votes = 9"),
            Adjustment(name="twice", action=Multiply("2")),
        )
    )


def test_an_excluded_issue_is_in_no_list_but_its_own(leaving_out, worth, now):
    plain, epic, both, lacking = worth(1, 2, 3, None)
    issues = [plain, replace(epic, type="Epic"), replace(both, type="epic", votes=9), replace(lacking, votes=9)]
    ranking = score(issues, leaving_out, now=now)
    assert [(entry.issue.ref.key, entry.score) for entry in ranking.ranked] == [("CORE-1", 2)]
    assert ranking.needs_input == ()
    assert [(entry.issue.ref.key, entry.rule, entry.because) for entry in ranking.excluded] == [
        ("CORE-2", "epics", "They are not worked on."),
        ("CORE-3", "epics", "They are not worked on."),
        ("CORE-4", "nine", None),
    ]


def test_an_excluded_issue_is_explained_by_the_rule(leaving_out, worth, now):
    explanation = explain(worth(1, type="epic"), leaving_out, "CORE-1", now=now)
    assert (explanation.rank, explanation.band, explanation.steps) == (None, None, ())
    assert explanation.detail == "the rule `epics` leaves it out: They are not worked on."
    assert explain(worth(1, votes=9), leaving_out, "CORE-1", now=now).detail == "the rule `nine` leaves it out"


def test_nothing_is_inherited_from_what_was_left_out_before(formula, worth, scores):
    blocker, blocked = worth(1, 100)
    blocker = replace(blocker, links=(Link("blocks", Direction.OUTWARD, "memory:CORE-2"),))
    blocked = replace(blocked, type="epic")
    out = Adjustment(name="epics", action=Exclude(), when="type = 'epic'")
    heir = Adjustment(name="unblocks", action=Inherit("blocks", 0.5))
    assert scores(formula(adjustments=(out, heir)), [blocker, blocked]) == {"CORE-1": 1}
    assert scores(formula(adjustments=(heir, out)), [blocker, blocked]) == {"CORE-1": 50}
