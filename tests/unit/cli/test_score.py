"""What a product manager sees of the list: reasons, chances, gaps, what is left out and who disagrees."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing

import pytest

from trackersync.model import Person

TEAM = """\
version: 1
trackers:
  core: {connector: memory, project: CORE}
  web: {connector: memory, project: WEB}
inputs:
  worth: {from: {memory: {field: Worth}}, scale: {min: 0, max: 20}, uncertainty: 50%}
votes:
  list:
    - {person: Ann, issue: memory:CORE-2, input: worth, value: 0}
    - {person: Bob, issue: memory:CORE-2, input: worth, value: 16}
scoring:
  framework: formula
  expression: worth
  adjustments:
    - {name: bug, when: type = 'bug', multiply: 2, because: It is broken.}
    - {name: epics, when: type = 'epic', exclude: true, because: Epics are not worked on.}
bands: {P0: {share: 50%}, P1: {}}
"""


@pytest.fixture
def pulled(team, trackers, issue, run):
    """Ranked are WEB-11 (11), CORE-2 (8, as voted) and CORE-1 (1); WEB-12 lacks its worth, CORE-3 is an epic."""
    team(TEAM)
    hostile = issue(12, tracker="web", title="=1+1 \x1b[31m", author=Person("1", "Eve\x1b"))
    trackers["web"].add(hostile)
    trackers["core"].add(issue(3, type="epic", fields={"Worth": 9}))
    assert run("pull").code == 0
    return run


def test_the_table_tells_the_list_and_all_that_is_beside_it(pulled):
    done = pulled("score", "--why")
    assert done.code == 0, done
    lines = [line.split() for line in done.out.splitlines()]
    assert [line[3] for line in lines[1:4]] == ["memory:CORE-11", "memory:CORE-2", "memory:CORE-1"]
    assert "formula +11 (11)" in done.out
    assert "Needs input (1 issue," in done.out
    assert "Eve" in done.out
    assert "rank 1" in done.out
    assert "epics: 1 issue, Epics are not worked on." in done.out
    assert "People disagree (1 input)" in done.out
    assert "80%  Ann 0, Bob 16" in done.out
    assert "\x1b" not in done.out


def test_chances_are_told_beside_the_ranks(pulled):
    done = pulled("score", "--robust", "--top", "1")
    assert done.code == 0, done
    assert "In top 1" in done.out
    assert "1,000 draws of worth" in done.out
    again = pulled("score", "--robust", "--top", "1")
    assert again.out == done.out


def test_json_has_reasons_chances_gaps_and_disputes(pulled):
    document = json.loads(pulled("score", "--why", "--robust", "--format", "json").out)
    first = document["ranked"][0]
    assert first["why"] == [{"name": "formula", "delta": "11", "operation": "11"}]
    assert set(first["robust"]) == {"top", "best", "worst", "group"}
    assert document["robust"] == {"draws": 1000, "top": 10, "varied": ["worth"]}
    assert [(each["ask"], each["best_rank"]) for each in document["needs_input"]] == [(["Eve\x1b"], 1)]
    assert [(each["rule"], each["because"]) for each in document["excluded"]] == [("epics", "Epics are not worked on.")]
    assert [(each["input"], each["disagreement"], each["people"]) for each in document["disputed"]] == [
        ("worth", 0.8, {"Ann": 0.0, "Bob": 16.0})
    ]


def test_csv_and_markdown_have_the_same_columns_and_no_formula(pulled):
    rows = list(csv.DictReader(io.StringIO(pulled("score", "--why", "--robust", "--format", "csv").out)))
    assert [row["ref"] for row in rows] == ["memory:CORE-11", "memory:CORE-2", "memory:CORE-1"]
    assert rows[0]["why"] == "formula +11 (11)"
    assert set(rows[0]) >= {"top", "best", "worst", "group"}
    text = pulled("score", "--why", "--robust", "--format", "md").out
    assert "| Rank | Band | Score | In top 10 | 9 of 10 | Group | Issue | Title | Why |" in text
    assert "\n- epics: 1 issue, Epics are not worked on.\n" in text
    assert "| memory:CORE-2 | worth | 80% | Ann 0, Bob 16 |" in text


def test_without_anything_uncertain_robust_says_what_to_declare(team, run):
    team(TEAM.replace(", uncertainty: 50%", "").partition("votes:")[0] + "scoring:" + TEAM.partition("scoring:")[2])
    assert run("pull").code == 0
    done = run("score", "--robust")
    assert done.code == 1
    assert "no input is uncertain" in done.err
    assert "hint: give an input an `uncertainty`" in done.err


def test_two_issues_are_compared_on_the_terminal_and_for_machines(pulled):
    done = pulled("explain", "memory:CORE-1", "--vs", "memory:CORE-11")
    assert done.code == 0, done
    assert done.out.index("memory:CORE-11") < done.out.index("memory:CORE-1 ")
    assert "They change places" in done.out
    document = json.loads(pulled("explain", "CORE-1", "--vs", "CORE-11", "--format", "json").out)
    assert (document["higher"]["ref"], document["lower"]["ref"]) == ("memory:CORE-11", "memory:CORE-1")
    assert document["apart"] == [{"name": "worth", "higher": "11", "lower": "1"}]
    assert [(way["ref"], way["after"]) for way in document["ways"]] == [
        ("memory:CORE-1", 11.1),
        ("memory:CORE-11", 0.9),
    ]


def test_the_way_into_the_next_band_is_told(pulled):
    done = pulled("explain", "CORE-1")
    assert "Into P0, all else being as it is, by any one of:" in done.out
    document = json.loads(pulled("explain", "CORE-1", "--format", "json").out)
    assert document["next_band"] == "P0"
    (way,) = document["ways_up"]
    assert (way["input"], way["before"]) == ("worth", 1)
    assert way["after"] > 11


def test_where_no_single_change_is_enough_it_says_so(team, run):
    team(TEAM.replace("P0: {share: 50%}", "P0: {min_score: 99}"))
    assert run("pull").code == 0
    assert "no change of a single input is enough" in run("explain", "CORE-1").out


def test_an_issue_that_is_left_out_says_by_which_rule(pulled):
    assert "the rule `epics` leaves it out: Epics are not worked on." in pulled("explain", "CORE-3").out


@pytest.mark.parametrize("command", [("score",), ("explain", "CORE-1")])
def test_a_snapshot_that_was_read_before_the_file_named_a_field_is_told(pulled, team, command):
    assert "was read without" not in pulled(*command).err
    team(TEAM.replace("  worth:", "  haste: {from: {core: {field: Haste}}}\n  worth:"))
    told = "warning: core was read without Haste: missing on every issue here\nhint: run `trackersync pull`\n"
    assert told in pulled(*command).err
    assert "web was read without" not in pulled(*command).err
    assert pulled("pull").code == 0
    assert "was read without" not in pulled(*command).err


def test_a_cursor_of_another_version_tells_nothing_of_fields(pulled, team, tmp_path):
    team(TEAM.replace("  worth:", "  haste: {from: {core: {field: Haste}}}\n  worth:"))
    for left in ("3f2b90aa71c4d5e6 7", "1234567890123456 7"):
        with closing(sqlite3.connect(tmp_path / "trackersync.db")) as store, store:
            store.execute("UPDATE snapshot SET cursor = ?", (left,))
        done = pulled("score")
        assert (done.code, "was read without" in done.err) == (0, False)


@pytest.mark.parametrize("options", [(), ("--robust",), ("--format", "md")])
def test_a_list_without_issues_says_so_and_tells_no_chances(team, run, options):
    team(TEAM.replace("type = 'epic'", "title IS NOT NULL"))
    assert run("pull").code == 0
    done = run("score", *options)
    assert done.out.startswith("No issue is ranked.\n")
    assert "draws" not in done.out
    assert "epics: 4 issues, Epics are not worked on." in done.out
