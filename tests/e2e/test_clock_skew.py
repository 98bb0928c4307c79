"""A server whose clock is hours off: nothing that happened is missed, and an idle tracker still costs one request."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

TEAM = """\
version: 1
trackers:
  web: {connector: github, url: "{base}/github", repository: acme/web}
  core: {connector: jira, url: "{base}/jira", email: pm@acme.example, jql: "project = CORE AND statusCategory != Done"}
scoring: {framework: formula, expression: 1 / (1 + idle_days)}
bands: {P0: {count: 3}, P1: {}}
write:
  web: {labels: {prefix: "priority/"}}
  core: {labels: {prefix: "priority-"}}
guards: {max_changed_share: 1}
"""
HOURS = 3600
LISTS = "GET /repos/{owner}/{repo}/issues"
SEARCH = {"cloud": "POST /rest/api/3/search/jql", "data_center": "POST /rest/api/2/search"}
skewed = pytest.mark.parametrize("skew", [5 * HOURS, -5 * HOURS], ids=["ahead", "behind"])
either = pytest.mark.parametrize("deployment", ["cloud", "data_center"])


@pytest.fixture
def trackers(serve, team, skew, deployment):
    sandbox = serve(clock_skew=skew, deployment=deployment)
    team(TEAM, sandbox.url, **({} if deployment == "cloud" else {"email: pm@acme.example, ": ""}))
    return sandbox


def ticket(number: int) -> dict[str, Any]:
    made = "2026-01-01T00:00:00.000+0000"
    fields = {
        "summary": f"Issue {number}",
        "issuetype": {"id": "1", "name": "Story"},
        "project": {"id": "10000", "key": "CORE", "name": "Core"},
        "status": {"id": "1", "name": "To Do", "statusCategory": {"key": "new"}},
        "created": made,
        "updated": made,
    }
    return {"id": str(number), "key": f"CORE-{number}", "fields": fields}


def write_lines(file: Path, issues: list[dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(issue) + "\n" for issue in issues), encoding="utf-8")


def titles(run) -> dict[str, str]:
    document = json.loads(run("score", "--format", "json").out)
    return {entry["ref"]: entry["title"] for entry in document["ranked"]}


@skewed
@either
def test_what_is_edited_between_two_reads_is_not_missed(trackers, run) -> None:
    assert run("pull").code == 0
    trackers.edit("github:acme/web#1", title="Edited by hand")
    trackers.edit("jira:CORE-6", title="Edited by hand")
    done = run("pull")
    assert (done.code, done.err) == (0, "")
    assert done.out.count("(1 touched since the last pull)") == 2
    assert titles(run)["github:acme/web#1"] == titles(run)["jira:CORE-6"] == "Edited by hand"


@skewed
@either
def test_what_is_edited_while_it_is_read_is_not_missed(serve, team, run, tmp_path, skew, deployment) -> None:
    """The edit comes with the second page, when the issue on the first was handed out as it was before."""
    files = {"github": {"acme/web": [tmp_path / "web.jsonl"]}, "jira": {"CORE": [tmp_path / "core.jsonl"]}}
    write_lines(tmp_path / "web.jsonl", [{"number": n, "title": f"Issue {n}"} for n in range(1, 151)])
    write_lines(tmp_path / "core.jsonl", [ticket(n) for n in range(1, 151)])
    sandbox = serve(clock_skew=skew, deployment=deployment, **files)
    team(TEAM, sandbox.url, **({} if deployment == "cloud" else {"email: pm@acme.example, ": ""}))
    edits = {LISTS: "github:acme/web#1", SEARCH[deployment]: "jira:CORE-1"}
    strikes = [
        {"route": route, "call": 2, "edit": {"ref": ref, "set": {"title": "Edited meanwhile"}}}
        for route, ref in edits.items()
    ]
    sandbox.post("faults", strikes)
    assert run("pull").code == 0
    assert {titles(run)[ref] for ref in edits.values()} == {"Issue 1"}
    assert run("pull").code == 0
    assert {titles(run)[ref] for ref in edits.values()} == {"Edited meanwhile"}


@skewed
@either
def test_an_idle_tracker_costs_one_request_and_a_closed_issue_leaves(trackers, run) -> None:
    assert run("pull").code == 0
    before = titles(run)
    trackers.post("requests/reset")
    assert run("pull").out.count("issues, unchanged since the last pull") == 2
    assert trackers.get("requests")["total"] == 2
    trackers.edit("github:acme/web#1", state="closed")
    trackers.edit("jira:CORE-6", state="Done")
    assert run("pull").code == 0
    assert set(before) - set(titles(run)) == {"github:acme/web#1", "jira:CORE-6"}


@skewed
@pytest.mark.parametrize("deployment", ["cloud"])
def test_our_own_writes_are_known_for_ours_and_a_second_run_writes_nothing(trackers, run) -> None:
    assert run("sync").code == 0
    after = trackers.get("state")
    trackers.post("requests/reset")
    again = run("sync")
    assert (again.code, again.err) == (0, "")
    assert trackers.get("requests")["graphql_mutations"] == 0
    assert trackers.get("state") == after
    assert "left alone" not in run("plan", "--offline").out


@skewed
@pytest.mark.parametrize("deployment", ["cloud"])
def test_doctor_tells_of_it_once_a_tracker(trackers, run, skew) -> None:
    findings = json.loads(run("doctor", "--format", "json").out)["findings"]
    side = "behind" if skew > 0 else "ahead of"
    clocks = [(each["tracker"], each["what"]) for each in findings if each["severity"] == "warning"]
    assert [tracker for tracker, _ in clocks] == ["web", "core"]
    told = re.compile(f"the clock of this machine is (4 h 59 min|5 h|5 h 1 min) {side} the tracker's")
    assert all(told.match(what) for _, what in clocks), clocks
