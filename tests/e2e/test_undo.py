"""People change what we wrote, and a run is undone: on both trackers, through the program."""

from __future__ import annotations

import json
import os
import re
from importlib.resources import files

import pytest

DEMO = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")
MADE_BY_US = "Kept by trackersync"


@pytest.fixture
def ready(sandbox, team):
    team(DEMO, sandbox.url)
    return sandbox


def bare(state):
    """All but the labels that exist in the repository now: they may be in use, and are never deleted."""
    for repository in state["github"]["repositories"].values():
        repository["labels"] = {
            name: label for name, label in repository["labels"].items() if label["description"] != MADE_BY_US
        }
    return state


def latest(run) -> str:
    return json.loads(run("history", "--limit", "1", "--format", "json").out)["runs"][0]["run"]


def test_a_run_is_undone_to_the_last_byte_and_redone(ready, run) -> None:
    before = ready.get("state")
    wanted = run("plan").out
    assert run("sync").code == 0
    synced = ready.get("state")
    assert synced != before
    undone = run("revert", latest(run), "--yes")
    assert undone.code == 0, undone
    assert bare(ready.get("state")) == before
    assert run("plan").out == wanted
    refused = run("sync")
    assert refused.code == 5, "a scheduler would write it all again"
    assert "max_changed_share" in refused.err
    assert run("revert", latest(run), "--yes").code == 0
    assert ready.get("state") == synced
    assert run("plan", "--exit-code").code == 0


REAL = """\
version: 1
trackers:
  core:
    connector: jira
    url: "{base}/jira"
    email: pm@acme.example
    token_env: JIRA_TOKEN
    jql: project = {project}
    board: 12
  rust:
    connector: github
    url: "{base}/github"
    repository: rust-lang/rust
    token_env: GITHUB_TOKEN
    project: {owner: rust-lang, number: 1}
inputs:
  demand: {expression: votes + reactions + watchers / 10, missing: {default: 0}}
  talk: {expression: comments, missing: {default: 0}}
scoring:
  framework: formula
  expression: 1 + demand + talk / 4
  adjustments:
    - {name: bug, when: type = 'bug', multiply: 1.5, because: It is broken.}
bands: {P0: {share: 5%}, P1: {share: 20%}, P2: {share: 50%}, P3: {}}
hysteresis: 2
write:
  jira:
    labels: {prefix: "priority-"}
    order: board
  github:
    labels: {prefix: "priority/"}
    project_fields: {score: Score, rank: Rank, band: Priority}
    order: project
"""


def undo_of_a_full_sync(sandbox, program) -> int:
    """Sync, undo, compare; how many changes went there and back."""
    before = sandbox.get("state")
    synced = program("sync")
    assert synced.code == 0, synced
    changes = json.loads(program("history", "--format", "json").out)["runs"][0]
    assert changes["outcomes"].keys() == {"applied"}
    undone = program("revert", changes["run"], "--yes")
    assert undone.code == 0, undone
    assert bare(sandbox.get("state")) == before
    return changes["outcomes"]["applied"]


def test_some_hundred_real_issues_are_as_before(shared, serve, team, run) -> None:
    jira, github = shared / "data" / "jira-arrow.jsonl.gz", shared / "data" / "github-rust.jsonl.gz"
    sandbox = serve(jira={"ARROW": [jira]}, github={"rust-lang/rust": [github]}, limit=300, open_only=True)
    team(REAL, sandbox.url, **{"{project}": "ARROW"})
    assert undo_of_a_full_sync(sandbox, run) > 500


@pytest.mark.skipif("TRACKERSYNC_TEST_LARGE" not in os.environ, reason="takes minutes; set TRACKERSYNC_TEST_LARGE")
def test_tens_of_thousands_of_real_issues_are_as_before(shared, serve_apart, team, program) -> None:
    data = shared / "data"
    github = f"rust-lang/rust={data / 'github-rust.jsonl.gz'}"
    sandbox = serve_apart("--jira", f"TIMOB={data / 'jira-timob.jsonl.gz'}", "--github", github)
    team(REAL, sandbox.url, **{"{project}": "TIMOB"})
    assert undo_of_a_full_sync(sandbox, program) > 5_000


def ranked(run, tracker: str) -> list[str]:
    return [e["ref"] for e in json.loads(run("score", "--format", "json").out)["ranked"] if e["tracker"] == tracker]


def labels(state, ref: str) -> list[str]:
    connector, _, key = ref.partition(":")
    if connector == "jira":
        return state["jira"]["issues"][key]["labels"]
    repository, _, number = key.partition("#")
    return state["github"]["repositories"][repository]["issues"][number]["labels"]


def order(state, tracker: str) -> list[str]:
    if tracker == "core":
        return [f"jira:{key}" for key in state["jira"]["order"]]
    return [f"github:{item['issue']}" for item in state["github"]["projects"]["acme/7"]["items"]]


PREFIX = {"web": "priority/", "core": "priority-"}


@pytest.mark.parametrize("tracker", ["web", "core"])
def test_each_of_what_people_changed_stands_and_is_told(tracker, ready, run) -> None:
    assert run("sync").code == 0
    prefix, listed, state = PREFIX[tracker], ranked(run, tracker), ready.get("state")
    changed, removed, moved = listed[:3], listed[3], listed[-10:]
    for ref in (*changed, removed):
        foreign = [label for label in labels(state, ref) if not label.startswith(prefix)]
        ready.edit(ref, labels=[*foreign, f"{prefix}P3"] if ref in changed else foreign)
    for ref in moved:
        ready.edit(ref, position=0)
    by_people = ready.get("state")
    synced = run("sync")
    assert synced.code == 0, synced
    assert ready.get("state") == by_people
    for ref in changed:
        assert re.search(
            rf"^left alone: {ref} labels {prefix}: somebody changed .* to {prefix}P3$", synced.out, re.MULTILINE
        )
    assert re.search(rf"^left alone: {removed} labels {prefix}: somebody changed .* to –$", synced.out, re.MULTILINE)
    for ref in moved:
        assert f"left alone: {ref} order: somebody moved it from " in synced.out
    known = json.loads(run("overrides", "--format", "json").out)["overrides"]
    told = {(each["ref"], each["target"]) for each in known if each["fate"] == "stands"}
    assert told == {(ref, f"labels {prefix}") for ref in (*changed, removed)} | {(ref, "order") for ref in moved}


@pytest.mark.parametrize("tracker", ["web", "core"])
def test_an_undo_leaves_alone_what_people_changed_since(tracker, ready, run) -> None:
    before = ready.get("state")
    assert run("sync").code == 0
    prefix, listed = PREFIX[tracker], ranked(run, tracker)
    theirs = sorted([*labels(before, listed[0]), f"{prefix}P3"])
    ready.edit(listed[0], labels=theirs)
    ready.edit(listed[-1], position=0)
    undone = run("revert", latest(run), "--yes")
    assert undone.code == 0, undone
    assert f"left alone: {listed[0]} labels {prefix}: somebody changed" in undone.out
    assert f"left alone: {listed[-1]} order: somebody moved it" in undone.out
    state = ready.get("state")
    assert labels(state, listed[0]) == theirs
    assert order(state, tracker)[0] == listed[-1]
    others = [ref for ref in order(before, tracker) if ref != listed[-1]]
    assert order(state, tracker)[1:] == others
    assert all(labels(state, ref) == labels(before, ref) for ref in listed[1:])
    planned = run("plan").out
    assert f"left alone: {listed[0]} labels {prefix}: somebody changed" in planned
    assert f"left alone: {listed[-1]} order: somebody moved it" in planned


@pytest.mark.parametrize("tracker", ["web", "core"])
def test_a_released_value_is_written_exactly_once(tracker, ready, run) -> None:
    assert run("sync").code == 0
    prefix, (ref, other, *_), state = PREFIX[tracker], ranked(run, tracker), ready.get("state")
    ours = labels(state, ref)
    (label,) = [label for label in ours if label.startswith(prefix)]
    theirs = sorted({f"{prefix}P3", *ours} - {label})
    ready.edit(ref, labels=theirs)
    ready.edit(other, labels=[*labels(state, other), f"{prefix}mine"])
    assert run("overrides", "release", ref).code == 1
    assert run("sync").code == 0
    assert run("overrides", "release", ref, "--target", "order").code == 1
    assert run("overrides", "release", ref).code == 0
    assert re.search(rf"^{ref} .* {label} .* {prefix}P3 .* released *$", run("overrides").out, re.MULTILINE)
    assert run("sync").code == 0
    state = ready.get("state")
    assert labels(state, ref) == ours
    assert f"{prefix}mine" in labels(state, other)
    ready.edit(ref, labels=theirs)
    again = run("sync")
    assert f"left alone: {ref} labels {prefix}: somebody changed {label} to {prefix}P3" in again.out
    assert labels(ready.get("state"), ref) == theirs


@pytest.mark.parametrize("tracker", ["web", "core"])
def test_a_released_place_is_ours_again(tracker, ready, run) -> None:
    assert run("sync").code == 0
    listed, synced = ranked(run, tracker), ready.get("state")
    ready.edit(listed[-1], position=0)
    assert run("sync").code == 0
    assert order(ready.get("state"), tracker) != order(synced, tracker)
    assert run("overrides", "release", listed[-1], "--target", "order").code == 0
    assert run("sync").code == 0
    assert [ref for ref in order(ready.get("state"), tracker) if ref in listed] == listed
    assert json.loads(run("overrides", "--format", "json").out) == {"overrides": []}
