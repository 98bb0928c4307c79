"""What several people say becomes one value that none of them could call made up, and disagreement is told."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync.scoring.check import check_rules
from trackersync.scoring.engine import score
from trackersync.scoring.explain import explain
from trackersync.scoring.rules import Input, Missing, Scale, Vote, Votes
from trackersync.scoring.votes import Votable, aggregate, tally

IMPACT = Votable(Input(name="impact"), Scale(0, 10), {"high": 8.0, "low": 2.0})
ROWS = {"core-1": [0], "memory:core-1": [0], "core-2": [1, 2]}


def votes(*said, **changes):
    """(person, value) or (person, value, low, high)."""
    given_ = [
        Vote(
            person=person,
            issue="CORE-1",
            input="impact",
            value=value,
            low=(ends or (None,))[0],
            high=(ends or (None,))[-1],
        )
        for person, value, *ends in said
    ]
    return Votes(votes=tuple(given_), **changes)


def told(given_, votable=IMPACT):
    return tally(given_, {"impact": votable}, ROWS)[0]["impact"][0]


@pytest.mark.parametrize(
    ("how", "value"),
    [("mean", 5), ("median", 4), ("trimmed", pytest.approx(14 / 3)), ("geometric", pytest.approx(1152**0.2))],
)
def test_one_value_is_made_of_many_as_the_team_says(how, value):
    found = told(votes(("Ann", "low"), ("Bob", "high"), ("Cid", 9), ("Dee", 4), ("Eve", 2), aggregate=how))
    assert found.value == value
    assert found.people == (("Ann", 2), ("Bob", 8), ("Cid", 9), ("Dee", 4), ("Eve", 2))


def test_the_published_mean_is_not_moved_to_a_step_of_the_scale():
    # Ducalis, total score formula: the criterion is the mean of what was given, 6.357 for 14 people who sum up to 89.
    said = [(f"p{n}", value) for n, value in enumerate([8, 8, 8, 8, 8, 8, 8, 5, 5, 5, 5, 5, 5, 3])]
    assert told(votes(*said)).value == pytest.approx(89 / 14)


def test_an_inputs_own_way_wins_and_a_heavier_word_counts_more():
    median = IMPACT._replace(used=Input(name="impact", aggregate="median"))
    assert told(votes(("Ann", 1), ("Bob", 2), ("Cid", 9)), median).value == 2
    heavy = Votes(
        votes=tuple(
            Vote(person=person, issue="CORE-1", input="impact", value=value, weight=weight)
            for person, value, weight in (("Ann", 2, 3), ("Bob", 10, 1))
        )
    )
    assert told(heavy).value == 4


def test_the_last_word_of_a_person_counts_by_date_and_else_by_place():
    def vote(value, on):
        return Vote(person="Ann" if value < 5 else "ANN", issue="CORE-1", input="impact", value=value, on=on)

    may, june = date(2026, 5, 1), date(2026, 6, 1)
    assert told(Votes(votes=(vote(3, None), vote(7, None)))).value == 7
    assert told(Votes(votes=(vote(3, june), vote(7, may)))).value == 3
    assert told(Votes(votes=(vote(3, may), vote(7, june)))).since == june


@pytest.mark.parametrize(
    ("values", "apart"),
    [((0, 10), 1), ((4, 4), 0), ((7,), 0), ((0, 5, 5, 10), 0), ((0, 2, 8, 10), 0.6), ((0, 0, 10), 1)],
)
def test_disagreement_is_the_share_of_the_scale_that_the_middle_half_spans(values, apart):
    assert told(votes(*((f"p{n}", value) for n, value in enumerate(values)))).disagreement == apart


def test_on_an_open_scale_people_are_as_far_apart_as_anybody_was_on_that_input():
    open_ended = IMPACT._replace(scale=Scale(min=0))
    assert told(votes(("Ann", 100), ("Bob", 500)), open_ended).disagreement == 1
    assert told(votes(("Ann", 100), ("Bob", 100)), open_ended).disagreement == 0


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("huge", "Ann: 'huge' is none of high, low"),
        (11, "Ann: 11 is above 10"),
        (float("nan"), "Ann: 'nan' is none of"),
    ],
)
def test_a_vote_that_makes_no_sense_is_left_out_and_told(value, words):
    found = told(votes(("Ann", value), ("Bob", 4)))
    assert (found.value, found.people) == (4, (("Bob", 4),))
    assert words in found.problems[0]


def test_a_range_says_how_sure_somebody_is():
    found = told(votes(("Ann", 4, 2, 9), ("Bob", 5)))
    assert (found.value, found.low, found.high) == (4.5, 2, 9)
    assert "Ann: 4 is not between 5 and 9" in told(votes(("Ann", 4, 5, 9))).problems


def test_votes_on_strangers_and_on_namesakes_are_told_and_count_for_nothing():
    strangers = [Vote(person="Ann", issue=f"X-{n}", input="impact", value=1) for n in range(7)]
    twins = Vote(person="Ann", issue=" core-2 ", input="impact", value=1)
    tallies, warnings = tally(Votes(votes=(*strangers, twins)), {"impact": IMPACT}, ROWS)
    assert tallies == {"impact": {}}
    assert warnings[0].startswith("X-0, X-1, X-2, X-3, X-4 and 2 more: there are votes on what is not among")
    assert "several issues are called" in warnings[1]


pairs = st.lists(st.tuples(st.floats(0.01, 1000), st.floats(0.1, 10)), min_size=1, max_size=6)
ways = st.sampled_from(["mean", "median", "trimmed", "geometric"])


@given(pairs, ways)
def test_no_way_leaves_what_was_said(said, how):
    assert min(value for value, _ in said) <= aggregate(said, how) <= max(value for value, _ in said)


@given(pairs, ways)
def test_the_order_in_which_people_spoke_changes_nothing(said, how):
    assert len({aggregate(order, how) for order in list(permutations(said))[:24]}) == 1


@given(pairs, ways, st.floats(0.1, 10), st.floats(1, 100))
def test_more_weight_never_moves_the_value_away_from_its_owner(said, how, value, more):
    lighter, heavier = aggregate([*said, (value, 1)], how), aggregate([*said, (value, more)], how)
    assert abs(heavier - value) <= abs(lighter - value) + 1e-9 * abs(lighter)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=9))
def test_disagreement_is_a_share(values):
    found = told(votes(*((f"p{n}", value) for n, value in enumerate(values))))
    assert 0 <= found.disagreement <= 1


@pytest.fixture
def voted(formula, field):
    ann = Vote(person="Ann", issue="memory:CORE-1", input="value", value=2, on=date(2026, 5, 30))
    bob = Vote(person="Bob", issue="core-1", input="value", value=10, on=date(2026, 5, 20))
    return formula("value", field("value", scale=Scale(0, 10)), votes=Votes(votes=(ann, bob)))


def test_votes_win_over_what_the_tracker_holds_and_are_told_as_the_reason(voted, worth, now):
    found = explain(worth(1, 4), voted, "CORE-1", now=now)
    assert found.score == 6
    (use,) = found.inputs
    assert (use.origin, use.days) == ("mean of the votes Ann 2, Bob 10", 12)
    assert explain(worth(1, 4), voted, "CORE-2", now=now).score == 4


def test_who_disagree_are_flagged_and_ranked_all_the_same(voted, worth, now):
    ranking = score(worth(1, 4), voted, now=now)
    assert [(entry.issue.ref.key, entry.score) for entry in ranking.ranked] == [("CORE-1", 6), ("CORE-2", 4)]
    (dispute,) = ranking.disputed
    assert (dispute.input, dispute.disagreement, dispute.low, dispute.high) == ("value", 0.8, 2, 10)


def test_an_input_whose_votes_all_make_no_sense_needs_input(formula, field, worth, now):
    vote = Vote(person="Ann", issue="CORE-1", input="value", value="huge")
    rules = formula("value", field("value", missing=Missing("default", 3)), votes=Votes(votes=(vote,)))
    (needing,) = score(worth(1), rules, now=now).needs_input
    assert needing.detail == "value: Ann: 'huge' is no number (votes)"


def test_an_input_may_live_by_votes_alone(formula, worth, now):
    vote = Vote(person="Ann", issue="CORE-1", input="value", value=7)
    rules = formula("value", Input(name="value"), votes=Votes(votes=(vote,)))
    ranking = score(worth(None, None), rules, now=now)
    assert [(entry.issue.ref.key, entry.score) for entry in ranking.ranked] == [("CORE-1", 7)]
    assert ranking.needs_input[0].detail == "value: no value (no source for tracker core)"


def test_votes_that_would_count_for_nothing_are_told_before_anything_is_scored(formula, field):
    said = [Vote(person="A", issue="X", input=name, value=1) for name in ("valeu", "demand", "value", "value")]
    rules = formula(
        "value + demand",
        field("value", aggregate="geometric"),
        Input(name="demand", expression="votes"),
        votes=Votes(votes=(*said, Vote(person="B", issue="X", input="value", value=1, weight=0)), disagreement=2),
    )
    assert [(problem.path, problem.message) for problem in check_rules(rules)] == [
        (("votes", "disagreement"), "it is a share of the scale, between 0 % and 100 %"),
        (("votes",), "the weight of a vote is above 0"),
        (("votes",), "there are votes on `valeu`, which is no input"),
        (("inputs", "demand", "expression"), "there are votes on `demand`, which is computed"),
        (("inputs", "value", "scale"), "a geometric mean needs values above 0, so the scale must begin above 0"),
    ]
