"""`report`: what each format tells, to whom, and since when."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from trackersync.errors import UnavailableError
from trackersync.model import Person, StateCategory

TEAM = """\
version: 1
trackers:
  core: {connector: memory, project: CORE}
  web: {connector: memory, project: WEB}
inputs:
  worth: {from: {memory: {field: Worth}}, scale: {min: 0, max: 20}}
  effort: {from: {memory: {field: Haste}}, scale: {min: 1}, missing: {default: 1}}
votes:
  list:
    - {person: Ann, issue: memory:CORE-2, input: worth, value: 0}
    - {person: Bob, issue: memory:CORE-2, input: worth, value: 16}
goals: {growth: {weight: 2, label: growth}}
capacity: {points: 2, per: 1w}
scoring:
  framework: formula
  expression: worth / effort
  adjustments:
    - {name: epics, when: type = 'epic', exclude: true, because: Epics are not worked on.}
bands: {P0: {share: 40%}, P1: {}}
write:
  memory: {labels: {prefix: "priority/"}, fields: {score: Score}}
"""


def data(tmp_path):
    """What the page is given."""
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text)[1])


@pytest.fixture
def pulled(team, trackers, issue, run):
    """Ranked are WEB-11 (11), CORE-2 (8, as voted) and CORE-1 (1); WEB-12 lacks its worth, CORE-3 is an epic."""
    team(TEAM)
    trackers["web"].add(issue(12, tracker="web", title="=1+1 \x1b[31m", author=Person("1", "Eve\x1b")))
    trackers["core"].add(issue(3, type="epic", fields={"Worth": 9}))
    assert run("pull").code == 0
    return run


@pytest.fixture
def applied(pulled, trackers):
    """The list was applied; since, CORE-1 is worth more, WEB-11 is done, and a person changed the label of CORE-2."""
    assert pulled("sync").code == 0
    now = datetime.now(UTC)
    trackers["core"].edit("id1", fields={**trackers["core"].issues["id1"].fields, "Worth": 20.0})
    trackers["core"].edit("id2", labels=("priority/P1",))
    closed = {"state": "closed", "state_category": StateCategory.DONE, "closed_at": now + timedelta(seconds=5)}
    trackers["web"].edit("id11", **closed)
    assert pulled("pull").code == 0
    assert pulled("plan", "--offline", "--out", "plan.json", "--allow", "max_changed_share").code == 0
    return pulled


def test_a_page_is_written_and_told(pulled, tmp_path):
    done = pulled("report")
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"report\.html: 3 ranked issues, 0\.\d MB\n", done.out)
    assert not list(tmp_path.glob(".*.new"))


def test_the_page_has_all_that_is_known(applied, tmp_path):
    assert applied("report").code == 0
    told = data(tmp_path)
    issues, texts = told["issues"], told["texts"]
    assert issues["key"] == ["CORE-1", "CORE-2"]
    assert issues["rankBefore"] == [3, 2]
    assert [texts[band] for band in issues["bandBefore"]] == ["P1", "P1"]
    assert [texts[label] for labels in issues["labels"] for label in labels] == []
    assert (told["axes"], issues["across"], issues["up"]) == (["effort", "value"], [1.0, 1.0], [20.0, 8.0])
    assert [texts[each] for each in issues["horizon"]] == ["now", "now"]
    assert [gap[0] for gap in told["gaps"]] == ["CORE-12"]
    assert [(each[0], each[4]) for each in told["disputes"]] == [("CORE-2", "worth")]
    assert told["leftOut"] == ["epics: 1 issue, Epics are not worked on."]
    assert [each[:2] for each in told["delivered"]] == [["CORE-11", "Issue 11"]]
    assert told["runs"][0]["outcomes"] == {"applied": 6}
    assert {each["name"]: (each["ranked"], each["gaps"], each["leftOut"]) for each in told["trackers"]} == {
        "core": (2, 0, 1),
        "web": (0, 1, 0),
    }


def test_every_number_of_the_waterfall_is_the_one_explained(pulled, tmp_path):
    assert pulled("report").code == 0
    explained = json.loads(pulled("explain", "memory:CORE-2", "--format", "json").out)
    told = data(tmp_path)
    steps = told["issues"]["steps"][told["issues"]["key"].index("CORE-2")]
    shown = [(told["texts"][steps[at]], steps[at + 3], bool(steps[at + 4])) for at in range(0, len(steps), 5)]
    assert shown == [(step["name"], step["after"], step["applied"]) for step in explained["steps"]]


def test_a_report_tells_since_the_one_that_it_replaces(applied, tmp_path):
    assert applied("report").code == 0
    first = data(tmp_path)
    assert first["since"] is None
    assert applied("report").code == 0
    assert data(tmp_path)["since"] == first["made"]


def test_since_a_day_tells_rank_and_band_of_then(applied, tmp_path):
    assert applied("report", "--since", "2020-01-01").code == 0
    told = data(tmp_path)
    assert told["since"].startswith("2020-01-01")
    assert (told["issues"]["rankThen"], told["issues"]["bandThen"]) == ([0, 0], [-1, -1])
    assert applied("report", "--since", "0d").code == 0
    told = data(tmp_path)
    assert told["issues"]["rankThen"] == [3, 2]
    assert [told["texts"][band] for band in told["issues"]["bandThen"]] == ["P1", "P1"]
    ranked = json.loads(applied("report", "--since", "0d", "--format", "json").out)["ranked"]
    assert [(each["rank_then"], each["band_then"]) for each in ranked] == [(3, "P1"), (2, "P1")]
    rows = list(csv.DictReader(io.StringIO(applied("report", "--since", "0d", "--format", "csv").out)))
    assert [(row["rank_then"], row["band_then"]) for row in rows] == [("3", "P1"), ("2", "P1")]


def test_an_issue_is_told_with_its_moves_over_the_runs(applied, tmp_path):
    assert applied("report").code == 0
    told = data(tmp_path)
    (move,) = [told["issues"]["history"][0][at : at + 5] for at in range(0, len(told["issues"]["history"][0]), 5)]
    when, rank, band, score, why = move
    assert datetime.fromisoformat(told["texts"][when])
    assert (rank, told["texts"][band], score) == (3, "P1", 1.0)
    assert told["texts"][why].startswith("new in the list")


def test_executives_are_told_what_changed_its_band(applied, trackers):
    for number in (4, 5, 6):
        trackers["core"].add(issue_of(trackers, number))
    assert applied("pull").code == 0
    executives = applied("report", "--format", "md").out
    assert "## What changed its band\n\n- [Issue 1](https://tracker.example/browse/CORE-1): P1 → P0\n" in executives


def issue_of(trackers, number):
    first = trackers["core"].issues["id2"]
    return replace(first, ref=replace(first.ref, id=f"id{number}", key=f"CORE-{number}"), title="another")


def test_a_digest_tells_since_when_and_how_long_what_is_done_had_been_in_its_bands(applied):
    executives = applied("report", "--format", "md").out
    assert "2 issues moved since the last run" not in executives
    assert "1 issue moved since the last run" in executives
    assert re.search(r"Issue 11\]\([^)]+\) \(P0 for less than a day\)", executives), executives
    dated = applied("report", "--format", "md", "--since", "2020-01-01").out
    assert "moved since 2020-01-01" in dated
    assert "| new |" in dated


def test_without_scripts_there_is_the_list_and_no_markup_of_a_tracker(pulled, trackers, tmp_path):
    first = trackers["core"].issues["id1"]
    trackers["core"].add(replace(first, title="<b onclick=x>bold</b></noscript>"))
    assert pulled("pull").code == 0
    assert pulled("report").code == 0
    inside = (tmp_path / "report.html").read_text(encoding="utf-8").split("<noscript>")[1].split("</noscript>")[0]
    assert inside.count("<tr>") == 4
    assert "&lt;b onclick=x&gt;bold&lt;/b&gt;&lt;/noscript&gt;" in inside


@pytest.mark.parametrize("given", ["2026-01-31T10:00:00+02:00", "2w", "3d"])
def test_since_takes_a_moment_or_a_time_ago(pulled, tmp_path, given):
    assert pulled("report", "--since", given).code == 0
    assert data(tmp_path)["since"] is not None


@pytest.mark.parametrize("given", ["9999-12-31", "2999-01-01T10:00:00Z"])
def test_since_a_day_to_come_is_refused(pulled, given):
    done = pulled("report", "--since", given)
    assert done.code == 2
    assert "is yet to come" in done.err


@pytest.mark.parametrize(("given", "code"), [("0001-01-01T00:00:00+14:00", 2), ("0001-01-02T00:00Z", 0), ("99999w", 0)])
def test_since_the_beginning_of_time_is_told_or_refused_in_a_line(pulled, given, code):
    done = pulled("report", "--since", given)
    assert done.code == code, done
    assert ("--since" in done.err) == (code == 2)


def test_a_link_leads_to_what_is_written_and_a_pipe_is_written_to(pulled, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "link.html").symlink_to("kept/report.html")
    assert pulled("report", "--out", "link.html").code == 0
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "kept" / "report.html").is_file()
    os.mkfifo(tmp_path / "pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text(encoding="utf-8")))
    reader.start()
    assert pulled("report", "--format", "csv", "--out", "pipe").code == 0
    reader.join(10)
    assert read[0].startswith("rank,")


def test_since_nonsense_is_refused_with_what_is_understood(pulled):
    done = pulled("report", "--since", "yesterday")
    assert done.code == 2
    assert "2026-01-31" in done.err


@pytest.mark.parametrize(
    ("audience", "there", "absent"),
    [
        ("executives", ["## What comes first", "## What the goals get", "## Delivered"], ["Score", "Needs input"]),
        ("engineers", ["## The list", "| Score |", "## Needs input", "## People disagree"], ["## Delivered"]),
        ("support", ["## What is coming", "| now |", "## Delivered"], ["Score", "Needs input"]),
    ],
)
def test_a_digest_has_the_words_of_its_readers(applied, audience, there, absent):
    done = applied("report", "--format", "md", "--for", audience)
    assert done.code == 0, done
    assert all(each in done.out for each in there), done.out
    assert not any(each in done.out for each in absent), done.out
    assert "[Issue 1](https://tracker.example/browse/CORE-1)" in done.out


@pytest.mark.parametrize(("audience", "length"), [("executives", 5), ("engineers", 20), ("support", 15)])
def test_a_digest_is_as_long_as_its_readers_have_time(pulled, trackers, audience, length):
    for number in range(20, 60):
        trackers["core"].add(issue_of(trackers, number))
    assert pulled("pull").code == 0
    told = pulled("report", "--format", "md", "--for", audience).out.split("\n## ")[1]
    assert sum(line.startswith("| ") for line in told.splitlines()) == length + 2


def test_a_digest_of_issues_without_a_title_says_so_and_cuts_a_long_one(pulled, trackers):
    first, second = (trackers["core"].issues[each] for each in ("id1", "id2"))
    trackers["core"].add(replace(first, title=""), replace(second, title="x" * 32_000))
    assert pulled("pull").code == 0
    told = pulled("report", "--format", "md").out
    assert "[(no title)](" in told
    assert max(map(len, told.splitlines())) < 400


def test_for_whom_is_only_asked_of_a_digest(pulled):
    assert pulled("report", "--format", "csv", "--for", "support").code == 2


def test_a_spreadsheet_gets_no_formula(pulled, trackers):
    first = trackers["core"].issues["id1"]
    trackers["core"].add(replace(first, title='=HYPERLINK("x")', labels=("@sum",)))
    assert pulled("pull").code == 0
    rows = list(csv.DictReader(io.StringIO(pulled("report", "--format", "csv").out)))
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert (rows[2]["title"], rows[2]["labels"]) == ('\'=HYPERLINK("x")', "'@sum")
    assert rows[0]["why"].startswith("formula ")


def test_json_has_the_documented_keys(applied):
    told = json.loads(applied("report", "--format", "json").out)
    assert set(told) == {
        "made_at", "since", "before_at", "framework", "formula", "ranked", "needs_input", "excluded", "disputed",
        "warnings", "delivered", "trackers", "overrides", "rules", "runs",
    }  # fmt: skip
    first = told["ranked"][0]
    assert (first["ref"], first["rank_before"], first["roadmap"], first["size"]) == ("memory:CORE-1", 3, "now", 1.0)
    assert told["delivered"][0]["ref"] == "memory:CORE-11"


def test_a_read_that_failed_is_told_until_one_comes_to_its_end(pulled, trackers):
    trackers["web"].fail(UnavailableError("the server is down", tracker="web"))
    assert pulled("pull").code != 0
    told = json.loads(pulled("report", "--format", "json").out)["trackers"]
    assert [(each["name"], each["error"]) for each in told] == [("core", None), ("web", "the server is down")]
    trackers["web"].heal()
    assert pulled("pull").code == 0
    assert not any(each["error"] for each in json.loads(pulled("report", "--format", "json").out)["trackers"])


def test_a_file_that_cannot_be_written_is_told_with_a_way_out(pulled, tmp_path):
    done = pulled("report", "--out", "nowhere/report.html")
    assert done.code == 1
    assert "nowhere/report.html cannot be written" in done.err
    assert "--out" in done.err


def test_a_tree_without_the_built_page_says_how_to_build_it(pulled, tmp_path, monkeypatch):
    monkeypatch.setattr("trackersync.report.html.files", lambda _: tmp_path)
    done = pulled("report")
    assert done.code == 1
    assert "make page" in done.err


def test_a_roadmap_is_cut_by_an_effort_that_no_rule_uses(team, run, trackers):
    team(TEAM.replace("expression: worth / effort", "expression: worth"))
    assert run("pull").code == 0
    ranked = json.loads(run("report", "--format", "json").out)["ranked"]
    assert {each["size"] for each in ranked} == {1.0}
    assert {each["roadmap"] for each in ranked} == {"now", "next"}


def test_an_empty_store_is_a_report_too(team, run, tmp_path):
    team(TEAM)
    done = run("report")
    assert done.code == 0, done
    assert "was never read" in done.err
    assert data(tmp_path)["issues"]["key"] == []
    for form in ("md", "csv", "json"):
        assert run("report", "--format", form).code == 0


def test_a_store_of_a_newer_version_is_told_so_and_left_alone(pulled, tmp_path):
    with closing(sqlite3.connect(tmp_path / "trackersync.db")) as connection, connection:
        connection.execute("UPDATE trackersync_version SET version_num = '9999'")
    done = pulled("report")
    assert done.code == 1
    assert "newer" in done.err
    assert not (tmp_path / "report.html").exists()
