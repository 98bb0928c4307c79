"""Bulk edits of Jira that go wrong: every value is found out or written once more by itself, and none twice."""

from __future__ import annotations

from typing import Any

import pytest

TEAM = """\
version: 1
trackers:
  core: {connector: jira, url: "{base}/jira", email: pm@acme.example, jql: project = CORE}
scoring: {framework: formula, expression: age_days}
bands: {P0: {share: 10%}, P1: {share: 30%}, P2: {}}
write:
  core: {labels: {prefix: "priority-"}}
"""
BANDS = 3
SUBMIT = "POST /rest/api/3/bulk/issues/fields"
TASK = "GET /rest/api/3/bulk/queue/{taskId}"
ENDLESS = {"taskId": "10000", "status": "RUNNING"}

FAULTS: dict[str, tuple[dict[str, Any], int]] = {
    "none": ({}, 0),
    "an answer is lost": ({"route": SUBMIT, "call": 2, "drop": True, "after": True}, 0),
    "no answer is told": ({"route": SUBMIT, "call": 1, "status": 502, "body": "{}", "after": True}, 0),
    "the permission is withdrawn": ({"route": SUBMIT, "call": "2-9", "status": 403, "body": "{}"}, 0),
    "tasks seem never to end": ({"route": TASK, "call": "all", "status": 200, "body": ENDLESS}, 0),
    "tasks fail": ({"route": TASK, "call": "all", "status": 200, "body": ENDLESS | {"status": "FAILED"}}, 0),
    "tasks cannot be asked": ({"route": TASK, "call": "all", "status": 403, "body": "{}"}, 0),
    "the limit is met": ({"route": SUBMIT, "call": 1, "status": 429, "body": "{}", "headers": {"Retry-After": "9"}}, 0),
    "an edit never comes": ({"route": SUBMIT, "call": 2, "drop": True}, 3),
}


@pytest.mark.usefixtures("slept")
@pytest.mark.parametrize("name", FAULTS)
def test_a_bulk_edit_that_goes_wrong(name, team, run, sandbox) -> None:
    fault, code = FAULTS[name]
    if fault:
        sandbox.post("faults", [fault])
    team(TEAM, sandbox.url)
    ended = run("sync")
    assert ended.code == code, ended
    ours = [sum(label.startswith("priority-") for label in issue["labels"]) for issue in issues(sandbox)]
    assert max(ours) == 1
    assert sandbox.get("requests")["by_route"][f"jira {SUBMIT}"] <= BANDS + 1
    assert run("plan", "--exit-code").code == (4 if code else 0)
    sandbox.post("faults/reset")
    assert run("sync").code == 0
    assert run("plan", "--exit-code").code == 0


def issues(sandbox: Any) -> Any:
    return sandbox.get("state")["jira"]["issues"].values()
