"""`doctor` against a GitHub and a Jira where much is wrong: all of it is told in one run, and nothing is written."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

DEMO = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")
SIX = ("project", "SCHEDULE_ISSUES", "Priority Score")
"""What the accounts lack; three names in the file are wrong besides."""
WRONG = {
    "{score: Score, rank: Rank, band: Priority}": "{score: Scores, rank: Rank, band: Priority}",
    "{P0: Highest,": "{P0: Hihgest,",
    "board: 12": "board: 99",
}
MOST_REQUESTS = 6 + 8


def findings(ran, severity):
    return [(each["tracker"], each["what"]) for each in json.loads(ran.out)["findings"] if each["severity"] == severity]


@pytest.mark.parametrize("deployment", ["cloud", "data_center"])
def test_where_all_is_well_no_error_is_told_and_nothing_is_written(serve, run, team, deployment) -> None:
    sandbox = serve(deployment=deployment)
    team(DEMO, sandbox.url)
    before = sandbox.get("state")
    ran = run("doctor", "--format", "json")
    assert (ran.code, findings(ran, "error"), findings(ran, "warning"), ran.err) == (0, [], [], "")
    asked = sandbox.get("requests")
    assert asked["graphql_mutations"] == 0
    assert asked["total"] <= MOST_REQUESTS
    assert sandbox.get("state") == before


@pytest.mark.parametrize("deployment", ["cloud", "data_center"])
def test_six_things_wrong_at_once_are_six_errors_in_one_run(serve, run, team, deployment) -> None:
    sandbox = serve(lacking=SIX, deployment=deployment)
    team(DEMO, sandbox.url, **WRONG)
    before = sandbox.get("state")
    ran = run("doctor", "--format", "json")
    assert ran.code == 1
    told = findings(ran, "error")
    expected = [
        ("web", "the token lacks the scope project, needed to write to the project"),
        ("web", "project acme/7 has no field 'Scores'; did you mean 'Score'"),
        ("core", "no board 99 on localhost"),
        ("core", "no priority is named 'Hihgest'"),
        ("core", "the account lacks the permission Schedule Issues in project CORE, needed to keep the order"),
        ("core", "the field 'Priority Score' is not on the edit screen of CORE-"),
    ]
    assert len(told) == len(expected), told
    for (tracker, what), (where, begins) in zip(told, expected, strict=True):
        assert (tracker, what[: len(begins)]) == (where, begins)
    assert findings(ran, "warning") == []
    assert all(each["do"] for each in json.loads(ran.out)["findings"] if each["severity"] == "error")
    assert sandbox.get("requests")["graphql_mutations"] == 0
    assert sandbox.get("state") == before


def test_people_are_told_the_same_in_words(serve, run, team) -> None:
    sandbox = serve(lacking=SIX)
    team(DEMO, sandbox.url, **WRONG)
    ran = run("doctor")
    assert ran.code == 1
    assert "the field 'Priority Score' is not on the edit screen" in ran.out
    assert ran.out.splitlines()[-1] == "2 trackers: 6 errors"


def test_a_token_that_is_missing_or_refused_on_one_tracker_hides_nothing_of_the_other(
    serve, run, team, monkeypatch
) -> None:
    sandbox = serve(lacking=("SCHEDULE_ISSUES",))
    team(DEMO, sandbox.url)
    monkeypatch.delenv("GITHUB_TOKEN")
    unset = findings(run("doctor", "--format", "json"), "error")
    monkeypatch.setenv("GITHUB_TOKEN", "bad")
    refused = findings(run("doctor", "--format", "json"), "error")
    assert [tracker for tracker, _ in unset] == [tracker for tracker, _ in refused] == ["web", "core"]
    assert "GITHUB_TOKEN" in unset[0][1]
    assert "Bad credentials" in refused[0][1]


def test_trackers_that_do_not_answer_are_told_each_once(run, team) -> None:
    team(DEMO, "http://localhost:9")
    ran = run("doctor", "--format", "json")
    assert ran.code == 1
    assert [tracker for tracker, _ in findings(ran, "error")] == ["web", "core"]
