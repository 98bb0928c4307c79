"""Two rankings side by side: every issue is accounted for once, and nothing that stays is said to move."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync.model import Issue, IssueRef, StateCategory
from trackersync.scoring.comparison import compare, compare_rules
from trackersync.scoring.engine import Excluded, NeedsInput, Ranking, Scored
from trackersync.scoring.rules import Band, Input, InputSource, Rules

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BANDS = ("P0", "P1", "")


def make_issue(number, **values):
    return Issue(
        ref=IssueRef("core", "memory", f"id{number}", f"CORE-{number}"), title=f"Issue {number}", url="", state="open",
        state_category=StateCategory.TODO, created_at=NOW, updated_at=NOW, **values,
    )  # fmt: skip


def ranking(numbers, bands=None, **others):
    bands = bands or ["P0"] * len(numbers)
    ranked = (
        Scored(make_issue(number), float(-rank), rank, band)
        for rank, (number, band) in enumerate(zip(numbers, bands, strict=True), start=1)
    )
    return Ranking(tuple(ranked), others.get("needs_input", ()), (), others.get("excluded", ()))


def number_of(issue):
    return int(issue.ref.id.removeprefix("id"))


@st.composite
def rankings(draw):
    numbers = draw(st.lists(st.integers(0, 40), unique=True))
    return ranking(numbers, [draw(st.sampled_from(BANDS)) for _ in numbers])


@given(rankings(), rankings())
def test_every_issue_is_accounted_for_once(before, after) -> None:
    found = compare(before, after)
    earlier, later = ({each.issue.ref.issue_key for each in some.ranked} for some in (before, after))
    assert {move.issue.ref.issue_key for move in found.moves} == earlier & later
    assert [each.place for each in found.left] == [e for e in before.ranked if e.issue.ref.issue_key not in later]
    assert [each.place for each in found.joined] == [e for e in after.ranked if e.issue.ref.issue_key not in earlier]
    assert sum(found.flows.values()) == len(earlier | later)


@given(rankings(), rankings())
def test_the_other_way_round_everything_is_turned_round(before, after) -> None:
    there, back = compare(before, after), compare(after, before)
    assert (there.tau, there.rho, there.overlaps) == (back.tau, back.rho, back.overlaps)
    assert Counter({(after, before): count for (before, after), count in there.flows.items()}) == back.flows
    assert {move.issue.ref: move.places for move in there.moves} == {m.issue.ref: -m.places for m in back.moves}
    assert (there.left, there.changed) == (back.joined, back.changed) or there.left
    assert sum(move.places for move in there.moves) == 0


@given(rankings())
def test_the_same_ranking_moves_nothing(before) -> None:
    found = compare(before, before)
    assert (found.changed, found.moved, found.left, found.joined) == (0, (), (), ())
    assert {found.tau, found.rho} == ({1.0} if len(before.ranked) > 1 else {None})
    assert all(overlap.first == overlap.shared for overlap in found.overlaps)
    assert all(earlier == later for earlier, later in found.flows)


def test_the_opposite_order_is_minus_1_and_the_ends_move_furthest() -> None:
    found = compare(ranking(range(25)), ranking(range(24, -1, -1)))
    assert (found.tau, found.rho) == (-1, -1)
    assert [(number_of(move.issue), move.places) for move in found.moves[:3]] == [(24, 24), (0, -24), (23, 22)]
    assert [(overlap.first, overlap.shared) for overlap in found.overlaps] == [(10, 0), (20, 15)]


def test_nothing_and_one_issue_have_no_correlation() -> None:
    for numbers in ((), (1,)):
        found = compare(ranking(numbers), ranking(numbers))
        assert (found.tau, found.rho, found.overlaps, found.changed) == (None, None, (), 0)


def test_those_that_come_in_move_nobody_else() -> None:
    found = compare(ranking([1, 2]), ranking([9, 8, 7, 1, 2]))
    assert [(move.places, move.after.rank) for move in found.moves] == [(0, 4), (0, 5)]
    assert (found.tau, len(found.joined), len(found.moved)) == (1, 3, 0)
    assert found.changed == 5  # the two have another score


def test_why_an_issue_is_ranked_no_longer_is_told() -> None:
    after = ranking(
        [1],
        needs_input=(NeedsInput(make_issue(2), ("effort",), "effort: no value (field Effort)"),),
        excluded=(Excluded(make_issue(3), "epics", "Nobody works on an epic."), Excluded(make_issue(4), "old", None)),
    )
    found = compare(ranking([4, 3, 2, 1, 5]), after)
    assert [(number_of(each.place.issue), each.why) for each in found.left] == [
        (4, "left out by old"),
        (3, "left out by epics: Nobody works on an epic."),
        (2, "needs input: effort: no value (field Effort)"),
        (5, "not among the issues"),
    ]
    assert found.flows == {("P0", "P0"): 1, ("P0", None): 4}


def test_who_comes_into_a_band_and_who_leaves_it() -> None:
    found = compare(ranking([1, 2, 3, 4], ["P0", "P0", "P1", ""]), ranking([4, 3, 2, 1], ["P0", "P0", "P0", "P1"]))
    assert [number_of(move.issue) for move in found.into("P0")] == [4, 3]
    assert [number_of(move.issue) for move in found.out_of("P0")] == [1]
    assert found.flows == {("P0", "P1"): 1, ("P0", "P0"): 1, ("P1", "P0"): 1, ("", "P0"): 1}


def rules(weights=(1, 1), share=0.1, **changes):
    return Rules(
        framework="weighted",
        inputs=tuple(
            Input(name=name, sources={"memory": InputSource("field", name)}, weight=weight)
            for name, weight in zip(("value", "urgency"), weights, strict=True)
        ),
        bands=(Band(name="P0", share=share), Band(name="P1")),
        **changes,
    )


@pytest.fixture
def issues():
    return [make_issue(number, fields={"value": number, "urgency": 50 - number % 7}) for number in range(40)]


def test_the_same_rules_move_nothing(issues) -> None:
    compared = compare_rules(issues, rules(), rules(), now=NOW, bands_before={}, explained=10)
    assert (compared.comparison.changed, compared.comparison.tau, compared.causes) == (0, 1, {})


def test_as_many_causes_are_looked_for_as_are_asked_for_in_each_list(issues) -> None:
    compared = compare_rules(issues, rules(), rules((1, 9), 0.2), now=NOW, bands_before={}, explained=3)
    comparison = compared.comparison
    told = [move for some in (comparison.moved, comparison.into("P0"), comparison.out_of("P0")) for move in some[:3]]
    assert compared.causes.keys() == {move.issue.ref.issue_key for move in told if move.places}
    assert all(cause.part.names == ("urgency",) for cause in compared.causes.values())


def test_the_band_of_the_list_that_was_last_applied_counts_for_both(issues) -> None:
    kept = {make_issue(39).ref.issue_key: "P0"}
    compared = compare_rules(
        issues, rules(hysteresis=10), rules((2, 2), hysteresis=10), now=NOW, bands_before=kept, explained=1
    )
    assert compared.comparison.flows == {("P0", "P0"): 5, ("P1", "P1"): 35}
