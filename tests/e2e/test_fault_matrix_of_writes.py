"""Every fault of a tracker while a plan is applied: all is accounted for, and the same plan then finishes the rest.

The rows stand in the table that is printed with those of reading.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from trackersync.errors import StoreError
from trackersync.store.database import Database
from trackersync.transport import SystemClock

TEAM = """\
version: 1
trackers:
  web: {connector: github, url: "{base}/github", repository: acme/web, project: {owner: acme, number: 7}}
  core: {connector: jira, url: "{base}/jira", email: pm@acme.example, jql: project = CORE, board: 12}
inputs:
  reach: {from: {web: {project_field: Reach}, core: {field: Reach}}, missing: {default: 1}}
scoring: {framework: formula, expression: reach}
bands: {P0: {share: 20%}, P1: {}}
write:
  github: {labels: {prefix: "priority/"}, project_fields: {score: Score, band: Priority}, order: project}
  jira: {labels: {prefix: "priority-"}, fields: {score: Priority Score}, priority: {P0: High, P1: Low}, order: board}
guards: {max_changed_share: 1}
"""
EDIT = "PUT /rest/api/3/issue/{issueIdOrKey}"
RANK = "PUT /rest/agile/1.0/issue/rank"
LABELS = "POST /graphql addLabelsToLabelable"
MUTATION = "POST /graphql mutation"


@dataclass(frozen=True)
class Fault:
    """What the tracker does to a request that writes, how the apply then ends, and what it says."""

    does: dict[str, Any]
    code: int = 0
    says: str = ""


def answer(route: str, status: int, body: Any = "{}", *, call: int | str = 1, **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    told = {"Content-Type": "application/json", **named}
    return {"route": route, "call": call, "status": status, "body": body, "headers": told}


def graphql_error(kind: str, message: str, **told: Any) -> dict[str, Any]:
    return answer(MUTATION, 200, {"data": None, "errors": [{"type": kind, "message": message}]}, **told)


NOON = "Sun, 22 Nov 2026 12:00:00 GMT"
SECONDARY = {"message": "You have exceeded a secondary rate limit."}
LOST = {"drop": True, "after": True}
TOO_LONG = {"errors": {"labels": "The label is too long: 255 characters are allowed."}}
OFF_SCREEN = {
    "errors": {"priority": "Field 'priority' cannot be set. It is not on the appropriate screen, or unknown."}
}
NO_OPTION = {"errors": {"customfield_10034": "Option 'P0' is not valid"}}
CHANGED = {"errorMessages": ["The issue was changed by somebody else"]}
FORBIDDEN = "Resource not accessible by integration"

FAULTS = {
    "429 with Retry-After, an edit": Fault(answer(EDIT, 429, Retry_After="7")),
    "429 without a word, a move": Fault(answer(RANK, 429)),
    "429 until a date": Fault(answer(EDIT, 429, Retry_After="Sun, 22 Nov 2026 12:00:30 GMT", Date=NOON)),
    "429 quota until the minute": Fault(answer(EDIT, 429, X_RateLimit_Reset="2026-11-22T12:01Z", Date=NOON)),
    "429 halfway for two hours": Fault(answer(EDIT, 429, call="4-99", Retry_After="7200"), 3, "asks to wait 2 h"),
    "429 secondary limit, mutations": Fault(answer(MUTATION, 429, SECONDARY)),
    "403 secondary limit, mutations": Fault(answer(MUTATION, 403, SECONDARY, Retry_After="65")),
    "RATE_LIMITED told as success": Fault(graphql_error("RATE_LIMITED", "API rate limit exceeded")),
    "409, somebody else was quicker": Fault(answer(EDIT, 409, CHANGED, call=2), 3, "changed by somebody else"),
    "422, a label too long": Fault(answer(EDIT, 422, TOO_LONG, call=2), 3, "too long"),
    "400, a field off the screen": Fault(answer(EDIT, 400, OFF_SCREEN, call=2), 3, "appropriate screen"),
    "400, an option was renamed": Fault(answer(EDIT, 400, NO_OPTION, call=2), 3, "not valid"),
    "403, edits lost halfway": Fault(answer(EDIT, 403, call="3-99"), 3, "403"),
    "403, moves lost halfway": Fault(answer(RANK, 403, call="2-99"), 3, "Schedule Issues"),
    "401, the token ran out halfway": Fault(answer(EDIT, 401, call="3-99"), 3, "401"),
    "FORBIDDEN, mutations": Fault(graphql_error("FORBIDDEN", FORBIDDEN, call="all"), 3, "not accessible"),
    "500, an edit": Fault(answer(EDIT, 500, call=2), 3, "found not written"),
    "502 and yet written": Fault(answer(EDIT, 502, call=2) | {"after": True}),
    "502 and yet written, mutations": Fault(answer(MUTATION, 502) | {"after": True}),
    "cut after an edit was sent": Fault({"route": EDIT, "call": 2, **LOST}),
    "cut after a move was sent": Fault({"route": RANK, "call": 1, **LOST}),
    "cut after mutations were sent": Fault({"route": MUTATION, "call": 2, **LOST}),
    "cut before an edit was carried out": Fault({"route": EDIT, "call": 2, "drop": True}, 3, "found not written"),
    "cut before a move was made": Fault({"route": RANK, "call": 2, "drop": True}, 3, "found not moved"),
    "the answer to a move is cut off": Fault({"route": MUTATION, "call": "all", "cut": 20}, 3, "web"),
}


@pytest.fixture
def planned(serve, team, run, tmp_path) -> tuple[Any, int]:
    """A sandbox, and how many changes the plan beside the team's file has."""
    sandbox = serve(limit=12)
    team(TEAM, sandbox.url)
    assert run("plan", "--out", "plan.json").code == 0
    return sandbox, len(json.loads((tmp_path / "plan.json").read_text())["changes"])


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    """The state of the trackers after an apply that nothing disturbed, filled by the first test that asks."""
    return {}


@pytest.fixture
def wanted(undisturbed, serve, team, run, tmp_path) -> dict[str, Any]:
    if not undisturbed:
        calm = serve(limit=12)
        team(TEAM, calm.url)
        assert run("plan", "--out", "plan.json").code == 0
        assert run("apply", "plan.json").code == 0
        for file in tmp_path.iterdir():
            file.unlink()
        undisturbed.update(calm.get("state"))
    return undisturbed


def outcomes(ended: Any) -> Counter[str]:
    """How many changes the last line says ended how."""
    told = re.search(r"^run \S+: (.+)$", ended.out, re.MULTILINE)
    assert told, ended
    return Counter({status: int(count) for count, status in re.findall(r"(\d+) (\w+)", told[1])})


@pytest.mark.parametrize("name", FAULTS)
def test_all_is_accounted_for_and_the_same_plan_finishes_the_rest(name, wanted, planned, run, slept, table) -> None:
    fault, (sandbox, changes) = FAULTS[name], planned
    sandbox.post("faults", [fault.does])
    ended = run("apply", "plan.json")
    assert [one["struck"] > 0 for one in sandbox.get("faults")["faults"]] == [True]
    assert ended.code == fault.code, ended
    assert fault.says in " ".join((ended.out + ended.err).split())
    assert outcomes(ended).total() == changes
    assert "unknown" not in outcomes(ended)
    sandbox.post("faults/reset")
    assert_finished_by_the_same_plan(sandbox, changes, run, wanted)
    told = ", ".join(f"{count} {status}" for status, count in outcomes(ended).items())
    table.append((name, "both", "apply", f"exit {fault.code}", f"waited {sum(slept):.0f} s", told))


def assert_finished_by_the_same_plan(sandbox: Any, changes: int, run: Any, wanted: dict[str, Any]) -> None:
    mended = run("apply", "plan.json")
    assert mended.code == 0, mended
    assert outcomes(mended).total() == changes
    assert [write for write, times in Counter(sandbox.get("writes")["writes"]).items() if times > 1] == []
    assert sandbox.get("state") == wanted
    assert run("plan", "--exit-code").code == 0


BEFORE = 3
"""Commits of the run, of who moved, and of the list; the next one notes what is about to be sent."""


@pytest.mark.parametrize("commits", [0, 1, 2, 3, 4, 10, 60])
def test_on_a_full_disk_nothing_is_sent_that_was_not_noted(commits, wanted, planned, run, table, monkeypatch) -> None:
    sandbox, changes = planned
    with monkeypatch.context() as full:
        left = count(1)
        for name in ("write", "write_quickly"):
            full.setattr(Database, name, until_full(getattr(Database, name), left, commits))
        ended = run("apply", "plan.json")
    written = len(sandbox.get("writes")["writes"])
    assert ended.code == (3 if commits > BEFORE else 1), ended
    assert "disk is full" in ended.err
    assert bool(written) is (commits > BEFORE)
    told = re.search(r"^run \S+: .+$", ended.out, re.MULTILINE)
    assert not told or outcomes(ended).total() == changes
    assert_finished_by_the_same_plan(sandbox, changes, run, wanted)
    became = f"{written} writes; {told[0].partition(': ')[2] if told else 'not begun'}"
    table.append((f"disk full after {commits} commits", "both", "apply", f"exit {ended.code}", "waited 0 s", became))


def until_full(write: Any, left: Iterator[int], commits: int) -> Any:
    def writing(self: Database) -> Any:
        if next(left) > commits:
            raise StoreError("store: database or disk is full")
        return write(self)

    return writing


def test_a_clock_that_runs_backwards_disturbs_nothing(wanted, planned, run, monkeypatch) -> None:
    sandbox, changes = planned
    sandbox.post("faults", [answer(EDIT, 401, call="3-99")])
    began, asked = datetime.now(UTC), count()
    monkeypatch.setattr(SystemClock, "now", lambda _: began - timedelta(minutes=next(asked)))
    assert run("apply", "plan.json").code == 3
    sandbox.post("faults/reset")
    assert_finished_by_the_same_plan(sandbox, changes, run, wanted)
