"""Every fault of a tracker against every way a pull can end: the new snapshot or the old one, never a mixture.

The table is printed when the tests are done: `pytest tests/e2e/test_fault_matrix.py`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

TEAM = """\
version: 1
trackers:
  web: {connector: github, url: "{base}/github", repository: acme/web}
  core: {connector: jira, url: "{base}/jira", email: pm@acme.example, jql: project = CORE}
scoring: {framework: formula, expression: age_days}
"""
LISTS = {"web": "GET /repos/{owner}/{repo}/issues", "core": "POST /rest/api/3/search/jql"}
EDITED = {"web": "github:acme/web#1", "core": "jira:CORE-6"}
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
    says: str = ""
    """What stands in the message or the hint, where the pull fails."""
    changes: int | None = None
    """The exit code where only what was touched since is asked for, if it is another one."""

    def ends(self, *, full: bool) -> int:
        return self.code if full or self.changes is None else self.changes


def answer(status: int, body: Any = "{}", *, call: int | str = "all", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return {"status": status, "body": body, "call": call, "headers": {"Content-Type": "application/json", **named}}


NOON = "Sun, 22 Nov 2026 12:00:00 GMT"
PRIMARY = {"message": "API rate limit exceeded for user ID 1."}
ABUSE = {"message": "You have triggered an abuse detection mechanism. Please wait a few minutes before you try again."}
SAML = {"message": "Resource protected by organization SAML enforcement."}
NO_DATE = {"errorMessages": ["Date value '1' for field 'updated' is invalid."]}
NO_END = {"issues": [], "isLast": False}
STRANGER = {"issues": [], "isLast": True}
ODD_ONE = [{"number": 1, "title": None}]

FAULTS = {
    "301, renamed": Fault(answer(301, call=1, Location="/github/repos/acme/web/issues?per_page=100"), only="web"),
    "302 to a log-in page": Fault(answer(302, Location="https://login.example/?next=x"), 1, says="login.example"),
    "304, unasked for": Fault(answer(304, ""), 1),
    "400, JQL refused": Fault(answer(400, NO_DATE), 1, only="core", says="Date value"),
    "400, no milliseconds in dates": Fault(answer(400, NO_DATE, call=1), 1, only="core", changes=0),
    "401, bad credentials": Fault(answer(401), 1, says="renew the token"),
    "403, no permission": Fault(answer(403), 1, says="permission"),
    "403, names the permission": Fault(
        answer(403, X_Accepted_GitHub_Permissions="issues=read"), 1, only="web", says="issues=read"
    ),
    "403, single sign-on": Fault(answer(403, SAML), 1, only="web", says="SAML enforcement"),
    "403, CAPTCHA": Fault(answer(403, X_Seraph_LoginReason="AUTHENTICATION_DENIED"), 1, only="core"),
    "404, gone or hidden": Fault(answer(404), 1, says="this account may see it"),
    "410, the API was removed": Fault(answer(410), 1, says="410"),
    "422, refused": Fault(answer(422), 1),
    "451, not here": Fault(answer(451), 1, says="451"),
    "429 with Retry-After, once": Fault(answer(429, call=1, Retry_After="7")),
    "429 without a word, once": Fault(answer(429, call=1)),
    "429 for two hours": Fault(answer(429, Retry_After="7200"), 1, says="asks to wait 2 h"),
    "429 until a date, once": Fault(answer(429, call=1, Retry_After="Sun, 22 Nov 2026 12:00:30 GMT", Date=NOON)),
    "429 for part of a second, once": Fault(
        answer(429, call=1, Retry_After="1.5", RateLimit_Reason="jira-burst-based")
    ),
    "429 quota until the minute, once": Fault(
        answer(
            429, call=1, X_RateLimit_Reset="2026-11-22T12:01Z", RateLimit_Reason="jira-quota-tenant-based", Date=NOON
        )
    ),
    "429 cost until the hour": Fault(
        answer(429, X_RateLimit_Reset="2026-11-22T13:00Z", RateLimit_Reason="jira-cost-based", Date=NOON),
        1,
        says="asks to wait 1 h",
    ),
    "429 of an empty bucket, once": Fault(
        answer(429, call=1, X_RateLimit_Remaining="0", X_RateLimit_Interval_Seconds="6")
    ),
    "429 secondary limit, once": Fault(answer(429, SECONDARY, call=1), only="web"),
    "403 primary limit, once": Fault(
        answer(403, PRIMARY, call=1, X_RateLimit_Remaining="0", X_RateLimit_Reset="20"), only="web"
    ),
    "403 primary limit for an hour": Fault(
        answer(403, PRIMARY, X_RateLimit_Remaining="0", X_RateLimit_Reset="3600"), 1, only="web", says="asks to wait"
    ),
    "403 abuse detection, once": Fault(answer(403, ABUSE, call=1), only="web"),
    "403 secondary limit, once": Fault(answer(403, SECONDARY, call=1, Retry_After="65"), only="web"),
    "403 secondary limit, for good": Fault(answer(403, SECONDARY, Retry_After="650"), 1, only="web"),
    "500, once": Fault(answer(500, call=1)),
    "500, for good": Fault(answer(500), 1),
    "502, once": Fault(answer(502, "<html>Bad gateway</html>", call=1)),
    "503 with Retry-After, once": Fault(answer(503, call=1, Retry_After="9")),
    "504, for good": Fault(answer(504), 1),
    "connection dropped, once": Fault({"drop": True, "call": 1}),
    "connection dropped, for good": Fault({"drop": True}, 1),
    "body cut off, once": Fault({"cut": 100, "call": 1}),
    "body cut off, for good": Fault({"cut": 100}, 1),
    "a log-in page in its place": Fault(answer(200, "<html>Log in</html>", Content_Type="text/html"), 1),
    "JSON of another API": Fault(answer(200, {"hello": "world"}), 1),
    "an empty body": Fault(answer(200, ""), 1),
    "one issue of another shape": Fault(answer(200, ODD_ONE), 1, only="web"),
    "one issue of another form": Fault(answer(200, {"issues": [{"id": 1}], "isLast": True}), 1, only="core"),
    "a token that comes again": Fault(answer(200, AGAIN), 1, only="core", says="repeated a page token"),
    "neither an end nor a token": Fault(answer(200, NO_END), 1, only="core", says="neither ended the search"),
    "answered as to a stranger": Fault(
        answer(200, STRANGER, X_Seraph_LoginReason="AUTHENTICATED_FAILED"), 1, only="core", says="as to a stranger"
    ),
    # Where only what was touched is asked for, nothing is what an idle tracker answers.
    "suddenly nothing": Fault(answer(200, []), 5, only="web", says="max_shrink", changes=0),
    "suddenly nothing, at last": Fault(answer(200, STRANGER), 5, only="core", says="max_shrink", changes=0),
}
CASES = [(name, tracker) for name, fault in FAULTS.items() for tracker in LISTS if fault.only in {"", tracker}]


def titles(run) -> dict[str, str]:
    return {entry["ref"]: entry["title"] for entry in json.loads(run("score", "--format", "json").out)["ranked"]}


@pytest.mark.parametrize(("name", "tracker"), CASES, ids=[f"{name}-{tracker}" for name, tracker in CASES])
def test_a_pull_ends_right_and_the_store_holds_the_old_or_the_new(name, tracker, sandbox, team, run, slept, table):
    fault = FAULTS[name]
    team(TEAM, sandbox.url)
    assert run("pull").code == 0
    for full in (False, True):
        title = f"Edited before a {'whole' if full else 'short'} read"
        before = titles(run)
        for edit in EDITED.values():
            sandbox.edit(edit, title=title)
        sandbox.post("faults", [{"route": LISTS[tracker], **fault.does}])
        slept.clear()
        ended = run("pull", *(["--full"] if full else []))

        code = fault.ends(full=full)
        nothing = code == 0 and fault.code == 5
        read = [each for each in LISTS if each != tracker or code == 0]
        assert ended.code == code, ended
        assert verdicts(ended) == {
            each: "partial" if each not in read else "unchanged" if nothing and each == tracker else "complete"
            for each in LISTS
        }
        assert sum(slept) <= WAITING
        new = {EDITED[each]: title for each in read if not (nothing and each == tracker)}
        assert titles(run) == before | new
        if code:
            assert f"{tracker}: not read: " in ended.err
            assert "its last snapshot of " in ended.err
            assert "hint: " in ended.err
            assert fault.says in ended.err
        sandbox.post("faults/reset")
        assert run("pull", "--full").code == 0
        assert titles(run) == before | dict.fromkeys(EDITED.values(), title)
        told = next((line for line in ended.err.splitlines() if "not read" in line), "")
        how = "whole" if full else "since"
        outcome = "kept" if code else "unchanged" if nothing else "read"
        waited = f"waited {sum(slept):.0f} s"
        table.append((name, tracker, how, f"{outcome}, exit {code}", waited, told.partition("not read: ")[2][:90]))


BOARDS = """\
version: 1
trackers:
  web: {connector: github, url: "{base}/github", repository: acme/web, project: {owner: acme, number: 7}}
  core: {connector: jira, url: "{base}/jira", email: pm@acme.example, jql: project = CORE, board: 12}
inputs:
  reach: {from: {web: {project_field: Reach}, core: {field: Reach}}, missing: {default: 1}}
scoring: {framework: formula, expression: reach}
"""
GRAPHQL = "POST /graphql"
ITEMS = "POST /graphql POSITION"
BOARD = "GET /rest/agile/1.0/board/{boardId}/configuration"
FIELDS = "GET /rest/api/2/field"


def errors(kind: str, message: str, data: Any = None, **told: Any) -> dict[str, Any]:
    return answer(200, {"data": data, "errors": [{"type": kind, "message": message}]}, **told)


NOT_OURS = "Resource not accessible by integration"
HEAVY = "Something went wrong while executing your query. This may be the result of a timeout."
BEHIND = {
    "502 of a heavy query, once": (ITEMS, Fault(answer(502, "<html>", call=1), only="web")),
    "504 of a heavy query, for good": (ITEMS, Fault(answer(504), 1, only="web")),
    "too heavy, told as success": (ITEMS, Fault(errors("", HEAVY, call=1), only="web")),
    "resource limits with half of the data": (
        ITEMS,
        Fault(errors("RESOURCE_LIMITS_EXCEEDED", "Resource limits", {"node": None}, call=1), only="web"),
    ),
    "half of the data for good": (ITEMS, Fault(errors("", "Timeout", {"node": {"items": None}}), 1, only="web")),
    "RATE_LIMITED told as success, once": (ITEMS, Fault(errors("RATE_LIMITED", "API rate limit", call=1), only="web")),
    "RATE_LIMIT told as success, once": (ITEMS, Fault(errors("RATE_LIMIT", "API rate limit", call=1), only="web")),
    "RATE_LIMITED for two hours": (
        GRAPHQL,
        Fault(errors("RATE_LIMITED", "API rate limit", Retry_After="7200"), 1, "web", "asks to wait 2 h"),
    ),
    "403 secondary limit of GraphQL, once": (ITEMS, Fault(answer(403, SECONDARY, call=1), only="web")),
    "a workflow's token": (GRAPHQL, Fault(errors("FORBIDDEN", NOT_OURS), 1, "web", "the scope project")),
    "a scope is missing": (
        GRAPHQL,
        Fault(errors("INSUFFICIENT_SCOPES", "Your token has not been granted the required scopes"), 1, "web", "scope"),
    ),
    "the project is gone": (
        GRAPHQL,
        Fault(
            errors("NOT_FOUND", "Could not resolve", {"repository": {"id": "R", "full_name": "acme/web"}}),
            1,
            "web",
            "project acme/7 was not found",
        ),
    ),
    "the board is gone": (BOARD, Fault(answer(404), 1, "core", "no board 12")),
    "the board is not ours": (BOARD, Fault(answer(403), 1, "core", "permission")),
    "the board is not ordered by rank": (
        BOARD,
        Fault(answer(200, {"id": 12, "name": "Core", "ranking": {}}), 1, "core", "not ordered by rank"),
    ),
    "a field is gone": (FIELDS, Fault(answer(200, []), 1, "core", "Reach")),
    "fields cannot be told, once": (FIELDS, Fault(answer(503, call=1), only="core")),
}


@pytest.mark.parametrize("name", BEHIND)
def test_trouble_beside_the_list_ends_a_pull_as_right(name, sandbox, team, run, slept, table):
    route, fault = BEHIND[name]
    team(BOARDS, sandbox.url)
    assert run("pull").code == 0
    before = titles(run)
    for ref in EDITED.values():
        sandbox.edit(ref, title="Edited by hand")
    sandbox.post("faults", [{"route": route, **fault.does}])
    slept.clear()
    ended = run("pull", "--full")
    read = [each for each in LISTS if each != fault.only or fault.code == 0]
    assert [one["struck"] > 0 for one in sandbox.get("faults")["faults"]] == [True]
    assert ended.code == fault.code, ended
    assert verdicts(ended) == {each: "complete" if each in read else "partial" for each in LISTS}
    assert sum(slept) <= WAITING
    assert titles(run) == before | {EDITED[each]: "Edited by hand" for each in read}
    assert fault.says in ended.err
    assert (f"{fault.only}: not read: " in ended.err) is bool(fault.code)
    told = next((line for line in ended.err.splitlines() if "not read" in line), "")
    outcome = f"{'kept' if fault.code else 'read'}, exit {fault.code}"
    waited = f"waited {sum(slept):.0f} s"
    table.append((name, fault.only, "whole", outcome, waited, told.partition("not read: ")[2][:90]))


def test_issue_fields_that_the_token_may_not_see_are_not_taken_for_absent_values(serve, team, run):
    """GitHub answers such a token with an empty list and no error."""
    open_to_all, unseen = serve(), serve(lacking=("read:org",))
    wanting = TEAM.replace("expression: age_days", "expression: severity")
    wanting += (
        "inputs: {severity: {from: {web: {issue_field: Severity}}, values: {High: 3, Low: 1}, missing: {default: 1}}}\n"
    )
    team(wanting, open_to_all.url)
    assert run("pull").code == 0
    team(wanting, unseen.url)
    ended = run("pull")
    assert ended.code == 1
    assert verdicts(ended) == {"web": "partial", "core": "complete"}
    assert "no issue field 'Severity'" in ended.err
    assert "read:org" in ended.err
    told = json.loads(run("doctor", "--format", "json").out)["findings"]
    assert [each["tracker"] for each in told if "'Severity'" in each["what"] and "read:org" in each["do"]] == ["web"]


def verdicts(ended) -> dict[str, str]:
    """By tracker what stdout says of it, without what is told below of issues that are gone."""
    lines = [line for line in ended.out.splitlines() if not line.startswith(" ")]
    found = {line.partition(":")[0]: re.findall(r"complete|partial|unchanged", line) for line in lines}
    assert all(len(words) == 1 for words in found.values()), lines
    return {tracker: words[0] for tracker, words in found.items()}
