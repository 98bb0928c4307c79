"""The product manager's button, in a real terminal against the sandbox."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

DEMO = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")


@pytest.fixture
def ready(sandbox, team, run):
    team(DEMO, sandbox.url)
    assert run("sync").code == 0
    return sandbox


def waiting(run) -> str:
    """An issue that only lacks its impact, and is in Jira."""
    gaps = json.loads(run("score", "--format", "json").out)["needs_input"]
    return next(gap["ref"] for gap in gaps if gap["missing"] == ["impact"] and gap["ref"].startswith("jira:"))


def labels(ready, ref: str) -> list[str]:
    return ready.get("state")["jira"]["issues"][ref.removeprefix("jira:")]["labels"]


def test_an_answer_is_shown_asked_about_and_written(ready, run, typed) -> None:
    ref = waiting(run)
    terminal = typed("rescore", "--set", f"{ref}.impact=massive", "--allow", "max_changed_share")
    terminal.until("– → ").until("field Impact").until("Write the answers to the trackers too?").types("y")
    terminal.until("Write all this?").types("y").until("applied")
    assert terminal.ends() == 0, terminal.shown
    assert any(label.startswith("priority-") for label in labels(ready, ref))
    assert run("plan", "--exit-code").code == 0
    assert ref not in json.loads(run("score", "--format", "json").out)["needs_input"]


def test_whoever_says_no_changes_nothing(ready, run, typed) -> None:
    ref, before = waiting(run), ready.get("state")
    terminal = typed("rescore", "--set", f"{ref}.impact=massive", "--allow", "max_changed_share")
    terminal.until("answers to the trackers too?").types("n").until("Write all this?").types("n")
    terminal.until("nothing was written")
    assert terminal.ends() == 1
    assert ready.get("state") == before


@pytest.mark.parametrize("question", ["answers to the trackers too?", "Write all this?"])
def test_ctrl_c_ends_any_question_at_once_and_changes_nothing(ready, run, typed, question) -> None:
    ref, before = waiting(run), ready.get("state")
    terminal = typed("rescore", "--set", f"{ref}.impact=massive", "--allow", "max_changed_share")
    if "answers" not in question:
        terminal.until("answers to the trackers too?").types("n").until("counts the answers once")
    terminal.until(question).interrupt().until("Aborted!")
    assert terminal.ends() == 1
    assert ready.get("state") == before


def test_a_guard_that_says_no_can_be_let_pass_by_whoever_sees_why(ready, run, typed) -> None:
    ref = waiting(run)
    terminal = typed("rescore", "--set", f"{ref}.impact=massive")
    terminal.until("max_changed_share").until("Let it pass this once?").types("")
    assert terminal.ends() == 5, terminal.shown
    terminal = typed("rescore", "--set", f"{ref}.impact=massive")
    terminal.until("Let it pass this once?").types("y").until("trackers too?").types("y").until("all this?").types("y")
    assert terminal.ends() == 0, terminal.shown
    assert json.loads(run("history", "--format", "json").out)["runs"][0]["allowed"] == ["max_changed_share"]


def test_of_one_issue_that_somebody_edited_only_that_is_read(ready, run, typed) -> None:
    assert run("pull").code == 0
    ranked = [e for e in json.loads(run("score", "--format", "json").out)["ranked"] if e["tracker"] == "core"]
    ref = ranked[-1]["ref"]
    ready.edit(ref, labels=["urgent"])
    ready.post("requests/reset")
    terminal = typed("rescore", ref)
    terminal.until(ref)
    terminal.ends()
    asked = ready.get("requests")["by_route"]
    assert asked.pop("jira POST /rest/api/3/issue/bulkfetch") == 1
    assert not [route for route in asked if "search" in route or "/github" in route]
