"""A pull reads little when little happened, and one that looks at everything says what became of what is gone."""

from __future__ import annotations

import json

import pytest

TEAM = """\
version: 1
trackers:
  web: {connector: github, url: "{base}/github", repository: acme/web}
  core: {connector: jira, url: "{base}/jira", email: pm@acme.example, jql: "project = CORE AND statusCategory != Done"}
scoring: {framework: formula, expression: age_days}
"""


@pytest.fixture
def pulled(sandbox, team, run):
    team(TEAM, sandbox.url)
    assert run("pull").code == 0
    sandbox.post("requests/reset")
    return sandbox


def routes(sandbox) -> dict[str, int]:
    return sandbox.get("requests")["by_route"]


def test_an_idle_team_costs_one_request_a_tracker(pulled, run):
    done = run("pull")
    assert (done.code, done.err) == (0, "")
    assert done.out.count("issues, unchanged since the last pull") == 2
    assert sum(routes(pulled).values()) == 2


def test_an_edit_is_read_and_a_closed_issue_leaves(pulled, run):
    pulled.edit("github:acme/web#1", title="Edited by hand")
    pulled.edit("jira:CORE-6", summary="Edited too")
    done = run("pull")
    assert done.out.count("(1 touched since the last pull)") == 2
    assert "Edited by hand" in run("explain", "github:acme/web#1").out
    assert "Edited too" in run("explain", "jira:CORE-6").out
    # Read again, since reads overlap, but as it was.
    assert run("pull").out.count("unchanged since the last pull") == 2
    pulled.edit("github:acme/web#1", state="closed")
    pulled.edit("jira:CORE-6", state="Done")
    assert run("pull").out.count("(1 touched since the last pull)") == 2


def test_deleted_moved_and_hidden_issues_are_told_apart(pulled, run):
    for ref in ("github:acme/web#1", "jira:CORE-6", "jira:CORE-7"):
        pulled.post("delete", {"ref": ref})
    pulled.post("move", {"ref": "github:acme/web#2", "to": "acme/other"})
    assert run("pull", "--allow", "max_shrink").out.count("unchanged") == 2
    done = run("pull", "--full", "--allow", "max_shrink")
    assert done.code == 0, done
    lines = [line.strip() for line in done.out.splitlines()]
    assert "1 deleted: github:acme/web#1" in lines
    assert any(line.startswith("1 moved: github:acme/web#2 to acme/other#") for line in lines)
    assert "2 deleted: jira:CORE-6, jira:CORE-7" in lines


CORE = """\
version: 1
trackers:
  core: {connector: jira, url: "{base}/jira", email: pm@acme.example, jql: "project = CORE AND statusCategory != Done"}
scoring: {framework: formula, expression: "age_days"}
census: 0h
"""
"""Every pull looks at everything."""
SEARCH = "POST /rest/api/3/search/jql"


@pytest.fixture
def looked_at(sandbox, team, run):
    team(CORE, sandbox.url)
    assert run("pull").code == 0
    sandbox.post("requests/reset")
    return sandbox


def lines(done) -> list[str]:
    return [line.strip() for line in done.out.splitlines()]


def fields_asked(asked: list[str], path: str) -> list[list[str]]:
    return [json.loads(one.split(" ", 2)[2])["fields"] for one in asked if one.startswith(f"POST /jira/{path}")]


def fields_searched(asked: list[str]) -> list[list[str]]:
    return fields_asked(asked, "rest/api/3/search")


def test_only_ids_are_read_where_nobody_touched_anything(looked_at, run, asked):
    asked.clear()
    done = run("pull")
    assert (done.code, lines(done)) == (
        0,
        ["core: 26 issues, unchanged since the last pull (all ids looked at)"],
    )
    touched, ids = fields_searched(asked)
    assert ("summary" in touched, ids) == (True, ["key"])
    assert len(asked) == 2


def test_a_census_tells_apart_what_was_deleted_moved_and_closed(looked_at, run, asked):
    for number in (6, 7, 8):
        looked_at.post("delete", {"ref": f"jira:CORE-{number}"})
    looked_at.post("move", {"ref": "jira:CORE-9", "to": "OPS"})
    looked_at.edit("jira:CORE-10", state="Done")
    asked.clear()
    done = run("pull")
    assert done.code == 0, done
    assert lines(done) == [
        "core: 21 issues, complete (5 touched since the last pull, all ids looked at)",
        "3 deleted: jira:CORE-6, jira:CORE-7, jira:CORE-8",
        "1 moved: jira:CORE-9 to OPS-1",
        "1 not selected any more: jira:CORE-10",
    ]
    # What was touched, which of it is selected, all ids; then whereabouts: five issues, and who may browse the project;
    # then the one that is still there: it may be done.
    assert fields_searched(asked)[1:] == [["id"], ["key"]]
    assert [one.partition(" {")[0] for one in asked[3:]] == [
        "POST /jira/rest/api/3/issue/bulkfetch",
        "GET /jira/rest/api/2/mypermissions ",
        "POST /jira/rest/api/3/issue/bulkfetch",
    ]
    assert "CORE-7" not in run("score", "--format", "csv").out


def test_what_the_question_for_the_touched_missed_is_found_by_its_id(looked_at, run):
    looked_at.edit("jira:CORE-27", state="To Do")
    blind = {"route": SEARCH, "call": 1, "status": 200, "body": {"issues": [], "isLast": True}}
    looked_at.post("faults", [blind])
    done = run("pull")
    told = "1 touched since the last pull, 1 of them found by their ids, all ids looked at"
    assert lines(done) == [f"core: 27 issues, complete ({told})"]
    assert run("explain", "jira:CORE-27").code == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"status": 400, "body": {"errorMessages": ["the index is being rebuilt"]}},
        {"status": 200, "body": {"issues": [{"id": "10001", "key": "CORE-1"}], "isLast": False}},
        {"cut": 20},
    ],
    ids=["refused", "just ends", "cut off"],
)
def test_a_census_that_breaks_leaves_the_last_snapshot_and_says_why(broken, looked_at, run):
    before = run("score", "--format", "csv").out
    looked_at.post("delete", {"ref": "jira:CORE-6"})
    looked_at.edit("jira:CORE-1", state="Done")
    looked_at.post("faults", [{"route": SEARCH, "call": "3-9", **broken}])
    kept = run("pull")
    assert kept.code == 1, kept
    assert "core: not read: " in kept.err
    assert "its last snapshot of 26 issues is kept" in kept.err
    assert run("score", "--format", "csv").out == before
    looked_at.post("faults/reset")
    done = run("pull")
    assert "1 deleted: jira:CORE-6" in lines(done)
    assert "1 not selected any more: jira:CORE-1" in lines(done)


def test_a_sudden_loss_is_refused_with_the_numbers_what_became_of_some_and_the_way_out(looked_at, run):
    for number in range(1, 11):
        looked_at.post("hide", {"ref": f"jira:CORE-{number}"})
    refused = run("pull")
    assert refused.code == 5
    told = " ".join(refused.err.split())
    assert "the last read found 26 issues, this one 16: 38% fewer; the limit is 20%" in told
    assert "its last snapshot of 26 issues is kept" in told
    assert "of 10 that are missing" in told
    assert "--allow max_shrink" in told
    assert run("pull", "--allow", "max_shrink").code == 0


def test_a_deletion_that_the_search_shows_late_is_found_by_the_next_census(serve, team, run):
    late = serve(search_lag=3600.0)
    team(CORE, late.url)
    assert run("pull").code == 0
    late.post("delete", {"ref": "jira:CORE-6"})
    assert "26 issues, unchanged" in run("pull").out
    late.post("clock", {"advance_ms": 3_600_001})
    assert "1 deleted: jira:CORE-6" in lines(run("pull"))


def test_rules_that_use_votes_have_every_issue_read(looked_at, team, run, asked):
    team(CORE, looked_at.url, age_days="age_days + coalesce(votes, 0)")
    asked.clear()
    assert lines(run("pull")) == ["core: 26 issues, complete"]
    (read,) = fields_asked(asked, "rest/api/3/issue/bulkfetch")
    assert "votes" in read
