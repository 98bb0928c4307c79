"""A pull reads little when little happened, and one that looks at everything says what became of what is gone."""

from __future__ import annotations

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


def asked(sandbox) -> dict[str, int]:
    return sandbox.get("requests")["by_route"]


def test_an_idle_team_costs_one_request_a_tracker(pulled, run):
    done = run("pull")
    assert (done.code, done.err) == (0, "")
    assert done.out.count("(unchanged since the last pull)") == 2
    assert sum(asked(pulled).values()) == 2


def test_an_edit_is_read_and_a_closed_issue_leaves(pulled, run):
    pulled.edit("github:acme/web#1", title="Edited by hand")
    pulled.edit("jira:CORE-6", summary="Edited too")
    done = run("pull")
    assert done.out.count("(1 touched since the last pull)") == 2
    assert "Edited by hand" in run("explain", "github:acme/web#1").out
    assert "Edited too" in run("explain", "jira:CORE-6").out


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
