"""The job on tens of thousands of real issues, with every program in a process of its own."""

from __future__ import annotations

import json
import math
import re

import pytest

ALL, PAGE = 22_371, 100
MEGABYTES = 250

TIMOB = """\
version: 1

trackers:
  timob:
    connector: jira
    url: "{base}/jira"
    email: pm@acme.example
    token_env: JIRA_TOKEN
    jql: project = TIMOB
"""
RUST = """\
  rust:
    connector: github
    url: "{base}/github"
    repository: rust-lang/rust
    token_env: GITHUB_TOKEN
"""
RULES = """\
inputs:
  demand: {expression: votes + reactions + watchers / 10, missing: {default: 0}}
  talk: {expression: comments, missing: {default: 0}}
scoring:
  framework: formula
  expression: 1 + demand + talk / 4
  adjustments:
    - {name: bug, when: type = 'bug', multiply: 1.5, because: It is broken.}
    - {name: forgotten, when: idle_days > 365, multiply: 0.5, because: Nobody came back for it.}
bands:
  P0: {share: 5%}
  P1: {share: 20%}
  P2: {share: 50%}
  P3: {}
write:
  jira: {labels: {prefix: "priority-"}}
"""
WRITE_TO_GITHUB = """\
  github: {labels: {prefix: "priority/"}}
"""
READING_BY_POST = ("jira POST /rest/api/3/search/jql", "jira POST /rest/api/3/issue/bulkfetch", "github POST /graphql")


@pytest.fixture
def data(shared):
    return shared / "data"


def labels(state, ref: str) -> list[str]:
    connector, _, key = ref.partition(":")
    if connector == "jira":
        return state["jira"]["issues"][key]["labels"]
    repository, _, number = key.partition("#")
    return state["github"]["repositories"][repository]["issues"][number]["labels"]


def writes(asked) -> dict[str, int]:
    sent = {route: n for route, n in asked["by_route"].items() if not re.match(r"\w+ GET ", route)}
    return {route: n for route, n in sent.items() if route not in READING_BY_POST}


def test_all_open_issues_get_their_label_once(data, serve_apart, team, program) -> None:
    issues, pulls = data / "github-rust.jsonl.gz", data / "github-rust-pulls.jsonl.gz"
    jira, github = f"TIMOB={data / 'jira-timob.jsonl.gz'}", f"rust-lang/rust={issues},{pulls}"
    sandbox = serve_apart("--jira", jira, "--open-only", "--github", github)
    team(TIMOB + RUST + RULES + WRITE_TO_GITHUB, sandbox.url)
    first = program("sync")
    assert first.code == 0, first

    ranked = json.loads(program("score", "--format", "json").out)["ranked"]
    assert {entry["tracker"] for entry in ranked} == {"timob", "rust"}
    assert len(ranked) > 2000
    state = sandbox.get("state")
    wanted = {e["ref"]: [("priority-" if e["tracker"] == "timob" else "priority/") + e["band"]] for e in ranked}
    assert {ref: [label for label in labels(state, ref) if label.startswith("priority")] for ref in wanted} == wanted

    sandbox.post("requests/reset")
    second = program("sync")
    assert second.code == 0, second
    asked = sandbox.get("requests")
    assert (writes(asked), asked["graphql_mutations"]) == ({}, 0)
    assert sandbox.get("state") == state


def test_a_whole_project_takes_a_request_a_page_and_little_memory(data, serve_apart, team, program) -> None:
    sandbox = serve_apart("--jira", f"TIMOB={data / 'jira-timob.jsonl.gz'}")
    team(TIMOB + RULES, sandbox.url)
    pulled = program("pull")
    assert (pulled.code, pulled.out) == (0, f"timob: {ALL:,} issues, complete\n")
    assert sandbox.get("requests")["total"] <= math.ceil(ALL / PAGE) + 5
    assert pulled.megabytes < MEGABYTES
    top = program("score", "--top", "5")
    assert top.code == 0, top
    assert re.findall(r"^ *(\d+)  P0 .* jira:TIMOB-\d+ ", top.out, re.MULTILINE) == ["1", "2", "3", "4", "5"]
