"""The ids of a selection: each once or an error, thousands a request, and good for the cursor."""

from __future__ import annotations

import json
import math

import pytest

from trackersync.errors import AuthError, InvalidResponseError, UnavailableError
from trackersync_jira.cursor import Cursor

NOON = {"Date": "Sun, 01 Mar 2026 12:00:30 GMT"}


def listed(connector):
    return [id_ for page in connector.census() for id_ in page]


def identity(number, key=None):
    return {"id": str(10000 + number), "key": key or f"CORE-{number}"}


def serves(jira, *answers):
    """A search that gives these answers in turn, and the last of them from then on."""
    waiting = list(answers)

    def search(_):
        status, body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return status, NOON, json.dumps(body)

    jira.http.add_callback("POST", f"{jira.api}/{'search/jql' if jira.cloud else 'search'}", search)


def all_of(*issues, more=None):
    """The only page, or one that is followed by another, on either deployment."""
    return {"issues": issues, "total": len(issues), "isLast": more is None} | ({"nextPageToken": more} if more else {})


@pytest.mark.parametrize("count", [0, 1, 4999, 5000, 5001, 10_001])
def test_ids_come_each_once_thousands_a_request(jira, connect, count):
    most = 5000 if jira.cloud else 1000
    jira.has(*(identity(number) for number in range(1, count + 1)), page=most)
    assert listed(connect()) == [str(10000 + number) for number in range(1, count + 1)]
    searches = [body for method, path, _, body in jira.calls if method == "POST"]
    # Pages of Data Center overlap by an issue, which tells whether they shifted.
    assert len(searches) == max(1, math.ceil(count / most) if jira.cloud else math.ceil((count - 1) / (most - 1)))
    assert {(body["jql"], *body["fields"], body["maxResults"]) for body in searches} == {
        ("project = CORE ORDER BY id ASC", "key", 5000)
    }


def test_nothing_is_asked_before_the_first_id_is_wanted(jira, connect):
    jira.has(identity(1))
    pages = connect().census()
    assert jira.calls == []
    assert next(pages) == ["10001"]


def test_a_census_without_an_issue_is_not_believed_of_a_stranger(jira, connect, tools):
    jira.has()
    assert listed(connect()) == []
    jira.http.replace("GET", f"{tools.url}/rest/api/2/myself", status=401, json={})
    with pytest.raises(AuthError):
        listed(connect())


@pytest.mark.parametrize("deployment", ["cloud"])
@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"isLast": False, "nextPageToken": "again"}, "repeated a page token after 1 issues"),
        ({"isLast": False}, "neither ended the search"),
    ],
)
def test_a_list_that_goes_in_circles_or_just_ends_is_an_error(jira, connect, told, words):
    serves(jira, (200, {"issues": [identity(1)]} | told))
    with pytest.raises(InvalidResponseError, match=words):
        listed(connect())


@pytest.mark.parametrize("deployment", ["data_center"])
def test_an_empty_page_before_the_end_is_an_error(jira, connect):
    serves(jira, (200, {"issues": [identity(1), identity(2)], "total": 5}), (200, {"issues": [], "total": 5}))
    with pytest.raises(InvalidResponseError, match="announced 5 issues and gave none from number 1 on"):
        listed(connect())


@pytest.mark.parametrize("deployment", ["data_center"])
def test_offsets_that_shift_lose_no_id(jira, connect):
    """CORE-1 leaves between two pages, so that CORE-3 stands where CORE-4 did."""
    before, after = [identity(n) for n in (1, 2, 3, 4, 5)], [identity(n) for n in (2, 3, 4, 5, 6)]
    serves(
        jira,
        (200, {"issues": before[:3], "total": 6}),
        (200, {"issues": after[2:4], "total": 5}),
        (200, {"issues": after, "total": 5}),
    )
    assert listed(connect()) == [str(10000 + number) for number in range(1, 7)]


def test_a_census_that_breaks_is_an_error_and_moves_no_cursor(jira, connect, tools):
    jira.holds(tools.issue(1))
    serves(jira, (200, all_of(tools.issue(1))), (503, {}))
    connector = connect()
    list(connector.pull())
    before = connector.cursor
    with pytest.raises(UnavailableError):
        listed(connector)
    assert connector.cursor == before is not None


def test_projects_of_which_an_issue_came_in_are_asked_about_from_then_on(jira, connect, tools):
    jira.holds(tools.issue(1))
    serves(jira, (200, all_of(tools.issue(1))), (200, all_of(identity(1), identity(2, "NEW_TEAM-2"))))
    connector = connect()
    list(connector.pull())
    before = Cursor.parse(connector.cursor)
    assert listed(connector) == ["10001", "10002"]
    after = Cursor.parse(connector.cursor)
    assert (before.projects, after.projects) == (["CORE"], ["CORE", "NEW_TEAM"])
    assert (after.since, after.server, after.reading) == (before.since, before.server, before.reading)


def test_without_a_read_before_it_a_census_leaves_no_cursor(jira, connect):
    serves(jira, (200, all_of(identity(1))))
    connector = connect()
    assert listed(connector) == ["10001"]
    assert connector.cursor is None


def test_what_people_and_neighbours_change_leaves_no_trace(connect):
    assert {"votes", "watchers", "blocked_by_open"} <= connect().untraced
