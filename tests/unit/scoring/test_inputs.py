"""Inputs are read from where the team keeps them, and a value that makes no sense is never guessed at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trackersync.model import IssueRef
from trackersync.scoring.inputs import InputReader, as_number, label_value
from trackersync.scoring.rules import Input, InputSource, Scale

ANY = Scale()
NOW = datetime(2026, 6, 1, tzinfo=UTC)
WORDS = {"high": 2.0, "low": 0.5, "80 %": 0.8}


def reader(scale=ANY, **sources):
    return InputReader(Input(name="impact", sources=sources), scale, WORDS, NOW)


def read(of, kind, name, scale=ANY):
    return reader(scale, memory=InputSource(kind, name)).read(of)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (3, 3.0), (2.5, 2.5), ("High", 2.0), (" low ", 0.5), ("80 %", 0.8), ("12", 12.0), ("-1.5e2", -150.0),
        (("high",), 2.0), (True, 1.0), (0, 0.0), (".5", 0.5),
    ],
)  # fmt: skip
def test_a_value_is_worth_what_the_words_say_or_the_number_that_it_is(raw, value, issue):
    assert read(issue(fields={"Impact": raw}), "field", "Impact").value == value


@pytest.mark.parametrize(("ahead", "days"), [(14, 14.0), (0, 0.0), (-3, -3.0)])
@pytest.mark.parametrize(
    "form", ["{:%Y-%m-%d}", " {:%Y-%m-%d} ", "{:%Y-%m-%d}T00:00:00Z", "{:%Y-%m-%dT%H:%M:%S}.000+0000"]
)
def test_a_date_is_worth_the_days_until_it_wherever_it_stands(ahead, days, form, issue):
    day = form.format(NOW + timedelta(days=ahead))
    dated = issue(fields={"Impact": day}, project_fields={"Impact": day}, labels=(f"due {day.strip()}",))
    for kind, name in (("field", "Impact"), ("project_field", "Impact"), ("label", "due {value}")):
        assert read(dated, kind, name).value == days


def test_a_time_counts_by_the_day_that_it_has_in_utc(issue):
    late = f"{NOW:%Y-%m-%d}T23:30:00-0200"
    assert read(issue(fields={"Impact": late}), "field", "Impact").value == 1.0


@pytest.mark.parametrize("odd", ["2026-13-01", "2026-02-30", "2026-01-01Z", "2026-1-1", "9999-12-31T23:59:59-2359"])
def test_what_is_no_date_is_worth_nothing_known(odd, issue):
    found = read(issue(fields={"Impact": odd}), "field", "Impact")
    assert (found.value, found.problem is None) == (None, False)


def test_a_word_of_the_team_counts_before_the_date_that_it_looks_like(issue):
    used = Input(name="impact", sources={"memory": InputSource("field", "Impact")})
    reader = InputReader(used, ANY, {"2026-05-06": 7}, NOW)
    assert reader.read(issue(fields={"Impact": "2026-05-06"})).value == 7.0


@pytest.mark.parametrize("raw", [None, "", (), ("",)])
def test_nothing_is_missing_and_no_problem(raw, issue):
    reading = read(issue(fields={"Impact": raw}), "field", "Impact")
    assert (reading.value, reading.problem) == (None, None)


@pytest.mark.parametrize("raw", ["enormous", "nan", "inf", "1_000", "0x10", "1,5", ("high", "low"), "9" * 400, "٣x"])
def test_a_word_nobody_declared_is_a_problem_that_names_the_known_ones(raw, issue):
    reading = read(issue(fields={"Impact": raw}), "field", "Impact")
    assert reading.value is None
    assert "is none of high, low, 80 %" in reading.problem
    assert len(reading.problem) < 100


@pytest.mark.parametrize("raw", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_a_problem(raw, issue):
    assert read(issue(fields={"Impact": raw}), "field", "Impact").problem


def test_without_words_a_text_has_to_be_a_number(issue):
    reading = InputReader(Input(name="x", sources={"memory": InputSource("field", "X")}), Scale(), {}, NOW)
    assert reading.read(issue(fields={"X": "many"})).problem == "'many' is no number"


@pytest.mark.parametrize(("raw", "words"), [(0, "0 is below 0.5, the least"), (11, "11 is above 10, the most")])
def test_a_value_off_its_scale_is_a_problem(raw, words, issue):
    reading = read(issue(fields={"Impact": raw}), "field", "Impact", Scale(0.5, 10))
    assert reading.value is None
    assert reading.raw == raw
    assert words in reading.problem


def test_fields_of_the_issue_and_of_its_project_are_kept_apart(issue):
    both = issue(fields={"Impact": 1}, project_fields={"Impact": 2})
    assert read(both, "field", "Impact") == (1.0, 1, "field Impact", None)
    assert read(both, "issue_field", "Impact") == (1.0, 1, "issue field Impact", None)
    assert read(both, "project_field", "Impact") == (2.0, 2, "project field Impact", None)


def test_a_label_says_the_value_in_any_case(issue):
    reading = read(issue(labels=("bug", "Impact/High")), "label", "impact/{value}")
    assert reading == (2.0, "High", "label Impact/High", None)
    assert read(issue(labels=("bug",)), "label", "impact/{value}") == (None, None, "label impact/{value}", None)


def test_labels_that_contradict_each_other_are_a_problem_and_those_that_agree_are_not(issue):
    contradiction = read(issue(labels=("impact/low", "impact/high")), "label", "impact/{value}")
    assert contradiction.value is None
    assert contradiction.problem == "labels contradict each other: impact/high, impact/low"
    assert read(issue(labels=("impact/2", "impact/high")), "label", "impact/{value}").value == 2.0


def test_the_trackers_name_wins_over_its_kind(issue):
    used = reader(memory=InputSource("field", "A"), core=InputSource("field", "B"))
    assert used.read(issue(fields={"A": 1, "B": 2})).value == 2.0
    other = issue(ref=IssueRef("web", "memory", "1", "W-1"), fields={"A": 1, "B": 2})
    assert used.read(other).value == 1.0


def test_a_tracker_without_a_source_has_no_value(issue):
    reading = reader(elsewhere=InputSource("field", "A")).read(issue(fields={"A": 1}))
    assert reading == (None, None, "no source for tracker core", None)


@pytest.mark.parametrize(
    ("pattern", "label", "value"),
    [
        ("impact/{value}", "impact/high", "high"),
        ("impact/{value}", "IMPACT/High", "High"),
        ("impact/{value}", "impact/", None),
        ("impact/{value}", "x-impact/high", None),
        ("{value} points", "5 points", "5"),
        ("a.b/{value}", "axb/1", None),
        ("({value})", "(3)", "3"),
    ],
)
def test_a_pattern_matches_the_whole_label(pattern, label, value):
    assert label_value(pattern, label) == value


def test_a_milestone_says_the_value_like_a_label(issue):
    assert read(issue(milestone="Impact 3"), "milestone", "impact {value}") == (3.0, "3", "milestone Impact 3", None)
    assert read(issue(), "milestone", "impact {value}") == (None, None, "milestone impact {value}", None)


def test_a_built_in_column_is_read_as_the_tracker_writes_it(issue):
    assert read(issue(priority="High"), "column", "priority") == (2.0, "High", "column priority", None)
    assert read(issue(priority="None"), "column", "priority").problem.startswith("'None' is none of high")
    assert read(issue(votes=7), "column", "votes") == (7.0, 7.0, "column votes", None)
    assert read(issue(), "column", "votes") == (None, None, "column votes", None)


def test_a_table_of_the_teams_own_knows_issues_by_ref_key_or_url(issue):
    of = issue()
    for name in ("memory:core-1", "core-1", "https://tracker.example/browse/core-1"):
        kept = InputSource("table", "points.csv value", {name: "3"})
        assert reader(memory=kept).read(of) == (3.0, "3", "table points.csv value", None)
    assert reader(memory=InputSource("table", "points.csv value")).read(of).value is None


def test_a_value_between_the_steps_of_its_scale_is_a_problem(issue):
    steps = Scale(1, 8, (1, 2, 3, 5, 8))
    assert read(issue(fields={"Impact": 5}), "field", "Impact", steps).value == 5
    assert read(issue(fields={"Impact": 4}), "field", "Impact", steps).problem.startswith("4 is none of the steps")


def test_a_number_beyond_all_others_is_none():
    assert as_number(10**400, {}) is None
    assert as_number("1" + "0" * 400, {}) is None
