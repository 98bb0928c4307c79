"""An issue of an example says of every built-in column what was given, and of every input."""

from __future__ import annotations

import pytest

from trackersync.errors import TrackersyncError
from trackersync.scoring.columns import COLUMNS, Kind
from trackersync.scoring.engine import score
from trackersync.scoring.evaluate import read_column
from trackersync.scoring.rules import Input, InputSource, Missing, Rules, Scale, Vote, Votes
from trackersync.sync.example_issues import issue_of, rules_for

GIVEN = {Kind.NUMBER: 3, Kind.TEXT: "Some Text", Kind.LIST: ("One", "Two"), Kind.DATE: "2026-05-29"}
READ = {Kind.NUMBER: 3.0, Kind.TEXT: "some text", Kind.LIST: ["one", "two"], Kind.DATE: 3.0}


@pytest.fixture
def reads(now):
    """What expressions see in a column of an issue."""
    return lambda column, made: read_column(column, [made], now).to_list()[0]


@pytest.mark.parametrize("column", COLUMNS.values(), ids=lambda column: column.name)
def test_every_column_can_be_given(column, reads, now) -> None:
    made = issue_of({column.name: GIVEN[column.kind]}, "given", "1", now=now)
    assert reads(column, made) == READ[column.kind]


def test_what_is_not_given_is_not_known(reads, now) -> None:
    made = issue_of({"votes": None}, "given", "1", now=now)
    known = {name for name, column in COLUMNS.items() if reads(column, made) not in (None, [])}
    assert known == {"tracker", "state", "title", "age_days", "idle_days", "created_at", "updated_at"}


def test_one_text_will_do_for_a_list_and_links_have_sides(reads, now) -> None:
    made = issue_of({"labels": "bug", "links": ("blocked by", "Epic", "duplicates")}, "given", "1", now=now)
    assert made.labels == ("bug",)
    assert reads(COLUMNS["links"], made) == ["blocked by", "epic", "duplicates"]


def test_thumbs_are_a_part_of_all_reactions(reads, now) -> None:
    made = issue_of({"reactions": 10, "thumbs_up": 4, "thumbs_down": 1}, "given", "1", now=now)
    assert [reads(COLUMNS[name], made) for name in ("reactions", "thumbs_up", "thumbs_down")] == [10, 4, 1]
    alone = issue_of({"thumbs_up": 4}, "given", "1", now=now)
    assert [reads(COLUMNS[name], alone) for name in ("reactions", "thumbs_up")] == [4, 4]


def test_all_that_a_column_cannot_hold_is_told_at_once(now) -> None:
    facts = {
        "votes": "many", "comments": True, "reactions": float("nan"), "age_days": 1e9, "due_on": "soon",
        "type": ("a", "b"), "state": (),
    }  # fmt: skip
    with pytest.raises(TrackersyncError) as refused:
        issue_of(facts, "given", "1", now=now)
    assert refused.value.message.split("; ") == [
        "votes: 'many' is no number",
        "comments: True is no number",
        "reactions: nan is no number",
        "age_days: 1e+09 days are too many",
        "due_on: 'soon' is no date such as 2026-07-31",
        "type: a, b is not one text",
        "state: nothing is not one text",
    ]


@pytest.fixture
def value(now):
    """What a formula of one input comes to, for each of these examples; None where it has no score."""

    def computed(used, *given, **changes):
        rules = Rules(framework="formula", expression=used.name, inputs=(used,), round=2, **changes)
        issues = [issue_of(facts, str(number), str(number), now=now) for number, facts in enumerate(given)]
        found = {each.issue.ref.id: each.score for each in score(issues, rules_for(rules, given), now=now).ranked}
        return [found.get(str(number)) for number in range(len(given))]

    return computed


def test_an_input_is_given_itself_as_number_or_word_wherever_trackers_keep_it(value) -> None:
    sources = {"jira": InputSource("field", "Impact"), "github": InputSource("label", "impact/{value}")}
    impact = Input(name="impact", sources=sources, values={"high": 3, "low": 1})
    assert value(impact, {"impact": "High"}, {"impact": 2}, {}) == [3, 2, None]


def test_an_input_that_all_trackers_keep_in_labels_or_columns_can_be_given_there(value) -> None:
    label = InputSource("label", "impact/{value}")
    impact = Input(name="impact", sources={"jira": label, "github": label})
    assert value(impact, {"labels": "impact/7"}) == [7]
    assert value(Input(name="demand", sources={"jira": InputSource("column", "votes")}), {"votes": 5}) == [5]
    assert value(impact, {"labels": "impact/7"}, {"impact": 4}) == [None, 4]


def test_a_computed_input_is_computed_unless_it_is_given(value) -> None:
    demand = Input(name="demand", expression="votes + 1", scale=Scale(max=100))
    assert value(demand, {"votes": 5}) == [6]
    assert value(demand, {"votes": 5, "demand": 9}) == [9]
    assert value(demand, {"votes": 5, "demand": 9}, {"votes": 5}, {"demand": 0}) == [9, 6, 0]


def test_policies_for_missing_values_hold_and_votes_do_not(value) -> None:
    effort = Input(name="effort", sources={"jira": InputSource("field", "Effort")}, missing=Missing("default", 4))
    votes = Votes(votes=(Vote(person="alice", issue="0", input="effort", value=9),))
    assert value(effort, {}, votes=votes) == [4]


def test_what_makes_a_score_of_the_whole_list_is_left_out(value) -> None:
    effort = Input(name="effort", sources={"jira": InputSource("field", "Effort")})
    assert value(effort, {"effort": 3}, {"effort": 7}, normalize="percentile") == [3, 7]
