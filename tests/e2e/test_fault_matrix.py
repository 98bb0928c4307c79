"""Every fault of a tracker against every way a pull can end: the new snapshot or the old one, never a mixture.

The table is printed when the tests are done: `pytest tests/e2e/test_fault_matrix.py`.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import Any

import pytest

from trackersync.transport import SystemClock

TEAM = """\
version: 1
trackers:
  web: {connector: github, url: "{base}/github", repository: acme/web}
  core: {connector: jira, url: "{base}/jira", email: pm@acme.example, jql: project = CORE}
scoring: {framework: formula, expression: age_days}
"""
LISTS = {"web": "GET /repos/{owner}/{repo}/issues", "core": "POST /rest/api/3/search/jql"}
EDITED = {
    "web": {"ref": "github:acme/web#1", "set": {"title": "Edited by hand"}},
    "core": {"ref": "jira:CORE-6", "set": {"summary": "Edited by hand"}},
}
SECONDARY = {"message": "You have exceeded a secondary rate limit."}
AGAIN = {"issues": [], "nextPageToken": "again", "isLast": False}
WAITING = 900
"""Seconds that one request may wait in all."""


@dataclass(frozen=True)
class Fault:
    """What the list of issues answers, and how the pull of that tracker ends: read, or kept with this exit code."""

    does: dict[str, Any]
    code: int = 0
    only: str = ""
    """The tracker that can answer so."""


def answer(status: int, body: Any = "{}", *, call: int | str = "all", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return {"status": status, "body": body, "call": call, "headers": {"Content-Type": "application/json", **named}}


FAULTS = {
    "401, bad credentials": Fault(answer(401), 1),
    "403, no permission": Fault(answer(403), 1),
    "404, gone or hidden": Fault(answer(404), 1),
    "410, the API was removed": Fault(answer(410), 1),
    "422, refused": Fault(answer(422), 1),
    "429 with Retry-After, once": Fault(answer(429, call=1, Retry_After="7")),
    "429 without a word, once": Fault(answer(429, call=1)),
    "429 for two hours": Fault(answer(429, Retry_After="7200"), 1),
    "403 secondary limit, once": Fault(answer(403, SECONDARY, call=1, Retry_After="65"), only="web"),
    "403 secondary limit, for good": Fault(answer(403, SECONDARY, Retry_After="650"), 1, only="web"),
    "500, once": Fault(answer(500, call=1)),
    "500, for good": Fault(answer(500), 1),
    "502, once": Fault(answer(502, "<html>Bad gateway</html>", call=1)),
    "503 with Retry-After, once": Fault(answer(503, call=1, Retry_After="9")),
    "504, for good": Fault(answer(504), 1),
    "connection dropped, once": Fault({"drop": True, "call": 1}),
    "connection dropped, for good": Fault({"drop": True}, 1),
    "body cut off, once": Fault({"cut": 500, "call": 1}),
    "body cut off, for good": Fault({"cut": 500}, 1),
    "a log-in page in its place": Fault(answer(200, "<html>Log in</html>", Content_Type="text/html"), 1),
    "JSON of another API": Fault(answer(200, {"hello": "world"}), 1),
    "a token that comes again": Fault(answer(200, AGAIN), 1, only="core"),
    "suddenly nothing": Fault(answer(200, []), 5, only="web"),
    "suddenly nothing, at last": Fault(answer(200, {"issues": [], "isLast": True}), 5, only="core"),
}
CASES = [(name, tracker) for name, fault in FAULTS.items() for tracker in LISTS if fault.only in {"", tracker}]


@pytest.fixture
def slept(monkeypatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(SystemClock, "sleep", lambda _, seconds: slept.append(seconds))
    monkeypatch.setattr(SystemClock, "monotonic", lambda _: time.monotonic() + sum(slept))
    return slept


def told(out: str) -> list[str]:
    """The verdicts, without what is told below them of issues that are gone."""
    return [line for line in out.splitlines() if not line.startswith(" ")]


def titles(run) -> dict[str, str]:
    return {entry["ref"]: entry["title"] for entry in json.loads(run("score", "--format", "json").out)["ranked"]}


@pytest.mark.parametrize(("name", "tracker"), CASES, ids=[f"{name}-{tracker}" for name, tracker in CASES])
def test_a_pull_ends_right_and_the_store_holds_the_old_or_the_new(name, tracker, sandbox, team, run, slept, table):
    fault = FAULTS[name]
    team(TEAM, sandbox.url)
    assert run("pull").code == 0
    before = titles(run)
    for edit in EDITED.values():
        sandbox.post("edit", edit)
    sandbox.post("faults", [{"route": LISTS[tracker], **fault.does}])
    slept.clear()
    ended = run("pull", "--full")

    other = next(each for each in LISTS if each != tracker)
    read = [each for each in LISTS if each == other or fault.code == 0]
    assert ended.code == fault.code, ended
    verdicts = {line.partition(":")[0]: re.findall(r"complete|partial|unchanged", line) for line in told(ended.out)}
    assert verdicts == {each: ["complete" if each in read else "partial"] for each in LISTS}
    assert sum(slept) <= WAITING
    edited = {EDITED[each]["ref"]: "Edited by hand" for each in read}
    assert titles(run) == before | edited
    if fault.code:
        assert f"{tracker}: not read: " in ended.err
        assert "its last snapshot of " in ended.err
        assert "hint: " in ended.err
    sandbox.post("faults/reset")
    assert run("pull", "--full").code == 0
    assert titles(run) == before | {edit["ref"]: "Edited by hand" for edit in EDITED.values()}
    said = next((line for line in ended.err.splitlines() if "not read" in line), "")
    outcome = "read" if not fault.code else f"kept, exit {fault.code}"
    table.append((name, tracker, outcome, f"waited {sum(slept):.0f} s", said.partition("not read: ")[2][:90]))
