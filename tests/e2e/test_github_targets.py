"""Everything that can be written to GitHub at once, with people and refusals in between, through the program itself."""

from __future__ import annotations

import pytest

TEAM = """\
version: 1
trackers:
  web: {connector: github, url: "{base}/github", repository: acme/web, project: {owner: acme, number: 7}}
scoring: {framework: formula, expression: age_days + 1}
bands: {High: {share: 30%}, Low: {}}
guards: {max_changed_share: 100%}
write:
  web:
    labels: {prefix: "p/"}
    issue_fields: {band: Severity}
    add_to_project: true
    project_fields: {score: Score, rank: Rank}
    comment: true
    order: project
"""
ABSENT, EDITED = "github:acme/web#3", "github:acme/web#4"
RENAMED = TEAM.replace(
    'labels: {prefix: "p/"}', 'labels: {prefix: "priority/", previously: "p/", colours: {High: "#FF0000"}}'
)


@pytest.fixture
def github(sandbox, team):
    """The sandbox's GitHub, with one issue that is not on the project."""
    team(TEAM, sandbox.url)
    sandbox.edit(ABSENT, on_project=False)
    return sandbox


def issue(sandbox, ref):
    return sandbox.get("state")["github"]["repositories"]["acme/web"]["issues"][ref.rpartition("#")[2]]


def item(sandbox, ref):
    items = sandbox.get("state")["github"]["projects"]["acme/7"]["items"]
    return next((one for one in items if one["issue"] == ref.removeprefix("github:")), None)


def applied(run):
    """Plan and apply; the exit code of the latter."""
    assert run("plan", "--out", "plan.json").code == 0
    return run("apply", "plan.json").code


def test_all_of_it_is_written_and_a_second_run_finds_nothing_to_write(github, run):
    assert applied(run) == 0
    here = issue(github, ABSENT)
    band = here["fields"]["Severity"]
    assert f"p/{band}" in here["labels"]
    (comment,) = here["comments"]
    assert comment["author"] == "sandbox"
    assert comment["body"].startswith(f"Priority {band}, score ")
    assert set(item(github, ABSENT)["values"]) >= {"Score", "Rank"}
    assert github.get("notifications")["github"] == 30, "one mail for each first comment, and none for anything else"
    assert run("plan", "--exit-code").code == 0


def test_a_single_refusal_is_told_and_made_good_by_the_next_run(github, run):
    refused = [
        {"route": f"POST /graphql {name}", "call": call, "refuse": f"{name} is refused"}
        for name, call in (("addProjectV2ItemById", 1), ("addComment", 3), ("setIssueFieldValue", "2-3"))
    ]
    github.post("faults", refused)
    assert run("plan", "--out", "plan.json").code == 0
    partly = run("apply", "plan.json")
    assert partly.code == 3
    assert all(f"{fault['refuse']}" in partly.out + partly.err for fault in refused)
    assert item(github, ABSENT) is None
    github.post("faults/reset")
    assert applied(run) == 0
    assert item(github, ABSENT)["values"]["Score"] > 0
    assert {len(issue(github, f"github:acme/web#{number}")["comments"]) for number in (1, 3, 4)} == {1}


def test_an_answer_that_is_lost_is_read_again_and_nothing_is_there_twice(github, run):
    github.post("faults", [{"route": "POST /graphql addComment", "drop": True, "after": True, "call": 1}])
    assert applied(run) == 0
    issues = github.get("state")["github"]["repositories"]["acme/web"]["issues"].values()
    assert [len(one["comments"]) for one in issues if one["comments"]] == [1] * 30
    assert run("plan", "--exit-code").code == 0


def test_what_people_change_between_plan_and_apply_stands(github, run, team):
    assert applied(run) == 0
    team(TEAM.replace("age_days + 1", "age_days + 2"), github.url)
    run("plan", "--out", "plan.json")
    github.edit(EDITED, comment="It does not matter.", project_fields={"Score": 1})
    assert run("apply", "plan.json").code == 3
    assert issue(github, EDITED)["comments"][0]["body"] == "It does not matter."
    assert item(github, EDITED)["values"]["Score"] == 1
    assert issue(github, ABSENT)["comments"][0]["body"] != "It does not matter."


def test_labels_are_renamed_with_their_issues_in_two_requests(github, run, team):
    assert applied(run) == 0
    team(RENAMED, github.url)
    assert run("plan", "--out", "plan.json").code == 0
    github.post("requests/reset")
    assert run("apply", "plan.json").code == 0
    labels = github.get("state")["github"]["repositories"]["acme/web"]["labels"]
    assert labels["priority/High"]["color"] == "ff0000"
    assert not any(name.startswith("p/") for name in labels)
    assert github.get("requests")["graphql_mutations"] == 2, "one for each label, whatever the number of issues"
    assert run("plan", "--exit-code").code == 0
