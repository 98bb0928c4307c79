"""Only what was touched is read again, on Jira's clock, and what is gone is told apart."""

from __future__ import annotations

import json
import re

import pytest
from msgspec.structs import replace

from trackersync.errors import RejectedError, UnsupportedError
from trackersync.model import Delta, Fate, IssueRef, Whereabouts
from trackersync_jira.cursor import Cursor
from trackersync_jira.mapping import Reading

NOON = {"Date": "Sun, 01 Mar 2026 12:00:30 GMT"}
SINCE = 1772366130000
NOTHING = Delta([], [])


@pytest.fixture
def cursor(jira, tools):
    """What a read at noon leaves."""
    server = {"baseUrl": tools.url, "deploymentType": "Cloud" if jira.cloud else "Data Center"}
    return str(Cursor(since=SINCE, projects=["CORE"], server=server, reading=Reading(tracker="core", site=tools.url)))


def answers(jira, pages, *, refuses=None, headers=NOON):
    """Searches are answered by the first pattern that their JQL holds; what they find is there to be fetched."""

    def search(request):
        asked = json.loads(request.body)
        if refuses and refuses in asked["jql"]:
            return 400, {}, json.dumps({"errorMessages": [f"{refuses} is not valid"]})
        found = next(issues for pattern, issues in pages.items() if re.search(pattern, asked["jql"]))
        return 200, headers, json.dumps({"issues": found, "isLast": True, "total": len(found), "startAt": 0})

    jira.holds(*(raw for found in pages.values() for raw in found if "fields" in raw))
    jira.http.add_callback("POST", f"{jira.api}/{'search/jql' if jira.cloud else 'search'}", search)


def test_a_read_ends_with_a_cursor_a_little_before_it_began_and_the_projects_seen(jira, connect, tools):
    moved = tools.issue(2) | {"key": "A_B-2"}
    answers(jira, {"": [tools.issue(1), moved]})
    connector = connect()
    assert connector.cursor is None
    list(connector.pull())
    left = Cursor.parse(connector.cursor)
    assert (left.since, left.projects) == (SINCE, ["A_B", "CORE"])


def test_a_move_on_the_board_is_found_by_the_ranks_alone(jira, connect, tools):
    def ranked(number, rank):
        return tools.issue(number, customfield_10=rank)

    answers(jira, {"updated >=": [], "": [ranked(1, "0|b:"), ranked(2, "0|c:"), ranked(3, "0|a:")]})
    connector = connect(board=12)
    assert connector.follows_board
    before = [issue for page in connector.pull() for issue in page]
    kept = [before[0], replace(before[1], native_rank="0|a0:"), before[2]]
    assert list(connector.changes(connector.cursor)) == [NOTHING]
    assert [(issue.ref.key, issue.native_rank) for issue in connector.on_board(kept)] == [("CORE-2", "0|c:")]
    asked = jira.searches[-1]
    assert (asked["fields"], asked["maxResults"]) == (["customfield_10"], 5000)
    assert not connect().follows_board


def test_without_the_servers_clock_there_is_no_cursor(jira, connect, tools):
    answers(jira, {"": [tools.issue(1)]}, headers={})
    clockless = connect()
    list(clockless.pull())
    assert clockless.cursor is None


def test_an_idle_selection_costs_one_request(jira, connect, cursor):
    answers(jira, {"updated >=": []})
    connector = connect(jql="project = CORE AND statusCategory != Done ORDER BY rank")
    assert list(connector.changes(cursor)) == [NOTHING]
    (asked,) = jira.searches
    assert len(jira.calls) == 1
    assert asked["jql"] == (
        f'((project = CORE AND statusCategory != Done) OR project in ("CORE")) AND updated >= {SINCE} ORDER BY id ASC'
    )
    assert connector.cursor == cursor


def test_what_another_version_left_is_no_cursor(connect):
    with pytest.raises(UnsupportedError, match="of another version"):
        list(connect().changes("1772366130000 CORE"))


def test_what_is_selected_no_more_has_left(jira, connect, tools, cursor):
    touched = [tools.issue(number) for number in (1, 2, 3)]
    answers(jira, {"id in": [{"id": "10002"}], "updated >=": touched})
    connector = connect(jql="project = CORE AND labels = x")
    (delta,) = connector.changes(cursor)
    assert [issue.ref.key for issue in delta.issues] == ["CORE-2"]
    assert delta.left == ["10001", "10003"]
    asked = jira.searches[-1]
    assert asked["jql"] == "(project = CORE AND labels = x) AND id in (10001, 10002, 10003) ORDER BY id ASC"
    assert (asked["fields"], asked["maxResults"]) == (["id"], 1000)


def test_a_server_that_takes_no_milliseconds_is_asked_in_the_accounts_own_time(jira, connect, tools, cursor):
    jira.http.replace("GET", f"{tools.url}/rest/api/2/myself", json={"timeZone": "America/New_York"})
    answers(jira, {"id in": [{"id": "10001"}], "updated >=": [tools.issue(1)]}, refuses=str(SINCE))
    (delta,) = connect().changes(cursor)
    assert len(delta.issues) == 1
    assert 'updated >= "2026-03-01 06:55"' in jira.searches[1]["jql"]


@pytest.mark.parametrize("zone", ["Mars/Olympus", None, "/etc/passwd"])
def test_an_unknown_time_zone_is_taken_for_utc(zone, jira, connect, tools, cursor):
    jira.http.replace("GET", f"{tools.url}/rest/api/2/myself", json={"timeZone": zone})
    answers(jira, {"updated >=": []}, refuses=str(SINCE))
    assert list(connect().changes(cursor)) == [NOTHING]
    assert 'updated >= "2026-03-01 11:55"' in jira.searches[1]["jql"]


def test_a_selection_that_is_refused_is_an_error_and_moves_no_cursor(jira, connect, cursor):
    answers(jira, {}, refuses="project")
    connector = connect()
    with pytest.raises(RejectedError):
        list(connector.changes(cursor))
    assert connector.cursor is None


def test_deleted_moved_hidden_and_unselected_are_told_apart(jira, connect, tools):
    jira.has(tools.issue(3) | {"key": "OPS-9"}, tools.issue(4))
    for project, may in (("CORE", True), ("GONE", False)):
        answer = {"permissions": {"BROWSE_PROJECTS": {"havePermission": may}}}
        query = {"projectKey": project, "permissions": "BROWSE_PROJECTS"}
        from responses.matchers import query_param_matcher

        jira.http.get(
            f"{tools.url}/rest/api/2/mypermissions", json=answer, match=[query_param_matcher(query, strict_match=False)]
        )
    gone = [
        IssueRef("core", "jira", str(10000 + n), key)
        for n, key in ((1, "CORE-1"), (2, "GONE-2"), (3, "CORE-3"), (4, "CORE-4"), (5, "CORE-5"))
    ]
    assert connect().whereabouts(gone) == {
        "10001": Whereabouts(Fate.DELETED),
        "10005": Whereabouts(Fate.DELETED),
        "10002": Whereabouts(Fate.HIDDEN),
        "10003": Whereabouts(Fate.MOVED, "OPS-9"),
        "10004": Whereabouts(Fate.UNSELECTED),
    }
    assert [path for path in jira.paths if "mypermissions" in path] == ["GET /rest/api/2/mypermissions"] * 2
