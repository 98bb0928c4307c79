"""The whole job against a sandbox that breaks as it is told to: the run ends right, and nothing is written twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

DEMO = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")


def writes(asked: list[str]) -> list[str]:
    return [one for one in asked if re.match(r"PUT |POST \S+graphql .*mutation", one)]


_undisturbed: dict[str, Any] = {}


@pytest.fixture
def wanted(serve, team, run, tmp_path) -> dict[str, Any]:
    """The state of the trackers after a run that nothing disturbed, made once."""
    if not _undisturbed:
        calm = serve()
        team(DEMO, calm.url)
        assert run("sync").code == 0
        for file in tmp_path.iterdir():
            file.unlink()
        _undisturbed.update(calm.get("state"))
    return _undisturbed


LIST = "GET /repos/{owner}/{repo}/issues"
SEARCH = "POST /rest/api/3/search/jql"
ITEMS = "POST /graphql POSITION"
MUTATION = "POST /graphql mutation"
LABELS = "POST /graphql addLabelsToLabelable"
MOVE = "POST /graphql updateProjectV2ItemPosition"
EDIT = "PUT /rest/api/3/issue/{issueIdOrKey}"
RANK = "PUT /rest/agile/1.0/issue/rank"


def fault(route: str, call: int | str = 1, **what: Any) -> dict[str, Any]:
    return {"route": route, "call": call, **what}


def told(status: int, body: Any = "{}", **headers: str) -> dict[str, Any]:
    return {"status": status, "body": body, "headers": {name.replace("_", "-"): text for name, text in headers.items()}}


NOON = "Sun, 22 Nov 2026 12:00:00 GMT"
PRIMARY = {"message": "API rate limit exceeded for user ID 1."}
SECONDARY = {"message": "You have exceeded a secondary rate limit."}
IN_A_200 = {"data": None, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
REFUSALS = [
    (fault(LIST, **told(429, Retry_After="7")), 7),
    (fault(SEARCH, **told(429, Retry_After="1.5")), 1.5),
    (fault(EDIT, **told(429, Retry_After="Sun, 22 Nov 2026 12:00:30 GMT", Date=NOON)), 31),
    (fault(RANK, **told(429, X_RateLimit_Reset="2026-11-22T12:01Z", Date=NOON)), 61),
    (fault(EDIT, 2, **told(429)), 10),
    (fault(ITEMS, **told(403, SECONDARY)), 60),
    (fault(LABELS, **told(403, SECONDARY, Retry_After="65")), 65),
    (fault(MOVE, **told(200, IN_A_200)), 10),
    (fault(LABELS, 2, **told(403, PRIMARY, X_RateLimit_Remaining="0", X_RateLimit_Reset="20")), 20),
]


def test_every_way_to_be_told_to_wait_is_heeded_and_the_run_is_whole(asked, team, run, slept, wanted, sandbox) -> None:
    sandbox.post("faults", [one for one, _ in REFUSALS])
    team(DEMO, sandbox.url)
    ended = run("sync")
    assert ended.code == 0, ended
    assert_all_struck(sandbox)
    for _, seconds in REFUSALS:
        assert any(seconds - 0.5 < each <= seconds for each in slept), (seconds, slept)
    assert sandbox.get("state") == wanted
    assert_settled(asked, run)


def test_reads_that_break_are_asked_for_again(asked, team, run, slept, wanted, sandbox) -> None:
    broken = [
        fault(LIST, 1, **told(502, "<html>Bad gateway</html>")),
        fault(LIST, 2, drop=True),
        fault(LIST, 3, cut=1000),
        fault(SEARCH, 1, **told(503, Retry_After="9")),
        fault(SEARCH, 2, cut=1000),
        fault(ITEMS, **told(504)),
    ]
    sandbox.post("faults", broken)
    team(DEMO, sandbox.url)
    ended = run("sync")
    assert ended.code == 0, ended
    assert_all_struck(sandbox)
    assert sum(slept) > 9
    assert sandbox.get("state") == wanted
    assert_settled(asked, run)


UNREADABLE = {
    "web": (fault(LIST, "all", **told(500)), r"POST \S+graphql .*mutation"),
    "core": (fault(SEARCH, "all", **told(403)), r"PUT \S+/rest/"),
}


@pytest.mark.usefixtures("slept")
@pytest.mark.parametrize("tracker", UNREADABLE)
def test_a_tracker_that_cannot_be_read_is_not_written_to_and_the_other_is(tracker, asked, team, run, sandbox) -> None:
    team(DEMO, sandbox.url)
    assert run("sync").code == 0
    for number in range(1, 20):
        sandbox.edit(f"jira:CORE-{number}", Reach=7000 - 300 * number)
    before = sandbox.get("state")
    broken, written = UNREADABLE[tracker]
    sandbox.post("faults", [broken])
    asked.clear()
    ended = run("sync", "--allow", "max_changed_share")
    assert ended.code == 3, ended
    assert f"{tracker}: not read: " in ended.err
    assert [one for one in writes(asked) if re.match(written, one)] == []
    kept = "github" if tracker == "web" else "jira"
    assert sandbox.get("state")[kept] == before[kept]
    assert (sandbox.get("state") != before) is (tracker == "web")
    sandbox.post("faults/reset")
    mended = run("sync", "--allow", "max_changed_share")
    assert mended.code == 0, mended
    assert sandbox.get("state")[kept] != before[kept]
    assert_settled(asked, run)


LOST = {"drop": True, "after": True}
BAD_GATEWAY = told(502) | {"after": True}
BROKEN_WRITES = {
    "answers lost": ([fault(LABELS, **LOST), fault(EDIT, **LOST)], 0),
    "done and a bad gateway": ([fault(LABELS, **BAD_GATEWAY), fault(EDIT, **BAD_GATEWAY)], 0),
    "answers cut off": ([fault(LABELS, "1-2", cut=20)], 0),
    "every edit lost": ([fault(EDIT, "all", **LOST)], 0),
    "never done": ([fault(LABELS, **told(502)), fault(EDIT, drop=True)], 3),
    "moves lost": ([fault(RANK, **LOST), fault(MOVE, **LOST)], 0),
    "given up": ([fault(MUTATION, "1-4", **BAD_GATEWAY)], 3),
}
ELSEWHERE = {"type": "FORBIDDEN", "message": "Resource not accessible by integration"}
OFF_SCREEN = {
    "errors": {"priority": "Field 'priority' cannot be set. It is not on the appropriate screen, or unknown."}
}
REFUSED_WRITES = {
    "off the screen": (fault(EDIT, **told(400, OFF_SCREEN)), "not on the appropriate screen"),
    "one is gone": (fault(EDIT, **told(404, {"errorMessages": ["Issue does not exist"]})), "Issue does not exist"),
    "one changed meanwhile": (fault(EDIT, **told(409, {"errorMessages": ["was changed"]})), "was changed"),
    "edits are not ours to make": (fault(EDIT, "all", **told(403)), "403"),
    "the token is lost": (fault(EDIT, "all", **told(401)), "401"),
    "edits limited for two hours": (fault(EDIT, "all", **told(429, Retry_After="7200")), "asks to wait 2 h"),
    "moves are not ours to make": (fault(RANK, "all", **told(403, {"errorMessages": ["Schedule Issues"]})), "Schedule"),
    "mutations refused one by one": (
        fault(LABELS, "all", **told(200, {"data": None, "errors": [ELSEWHERE]})),
        "not accessible by integration",
    ),
    "mutations limited for two hours": (fault(MUTATION, "all", **told(200, IN_A_200, Retry_After="7200")), "2 h"),
}


@pytest.mark.usefixtures("slept")
@pytest.mark.parametrize("how", BROKEN_WRITES)
def test_writes_that_break_are_read_again_and_never_replayed(how, asked, team, run, wanted, sandbox) -> None:
    broken, code = BROKEN_WRITES[how]
    asked.clear()
    sandbox.post("faults", broken)
    team(DEMO, sandbox.url)
    ended = run("sync")
    assert ended.code == code, ended
    assert len(set(writes(asked))) == len(writes(asked))
    sandbox.post("faults/reset")
    if code:
        mended = run("sync")
        assert mended.code == 0, mended
    assert sandbox.get("state") == wanted
    assert_settled(asked, run)


@pytest.mark.usefixtures("slept")
@pytest.mark.parametrize("how", REFUSED_WRITES)
def test_writes_that_are_refused_are_told_and_made_by_a_later_run(how, asked, team, run, wanted, sandbox) -> None:
    refused, says = REFUSED_WRITES[how]
    sandbox.post("faults", [refused])
    team(DEMO, sandbox.url)
    ended = run("sync")
    assert ended.code == 3, ended
    assert_all_struck(sandbox)
    assert says in ended.out + ended.err
    sandbox.post("faults/reset")
    mended = run("sync")
    assert mended.code == 0, mended
    assert sandbox.get("state") == wanted
    assert_settled(asked, run)


@pytest.mark.usefixtures("slept")
def test_a_write_whose_fate_was_never_learnt_is_not_taken_for_a_humans(asked, team, run, sandbox) -> None:
    team(DEMO, sandbox.url)
    assert run("sync").code == 0
    for number in range(1, 20):
        sandbox.edit(f"jira:CORE-{number}", Reach=7000 - 300 * number)
    # Three answers lost in a row end the writing, and then nothing can be read again either: issues and what blocks
    # them were, before.
    by_id = fault("POST /graphql ids", "4-99", **told(500))
    sandbox.post("faults", [fault(MUTATION, "1-3", **LOST), by_id, fault(EDIT, **LOST)])
    cut_off = run("sync", "--allow", "max_changed_share")
    assert cut_off.code == 3, cut_off
    assert "unknown" in cut_off.out + cut_off.err
    sandbox.post("faults/reset")
    mended = run("sync", "--allow", "max_changed_share")
    assert mended.code == 0, mended
    assert_settled(asked, run)


def assert_all_struck(sandbox: Any) -> None:
    assert [one for one in sandbox.get("faults")["faults"] if not one["struck"]] == []


def assert_settled(asked: list[str], run: Callable[..., Any]) -> None:
    """One more run writes nothing, and what we wrote is known for ours."""
    asked.clear()
    again = run("sync")
    assert again.code == 0, again
    assert writes(asked) == []
    assert "left alone" not in run("plan", "--offline").out
