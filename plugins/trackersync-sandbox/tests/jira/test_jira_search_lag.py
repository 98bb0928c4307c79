"""Jira Cloud's searches see changes late; what is asked for by id is seen at once."""

from __future__ import annotations

import pytest


@pytest.fixture
def late(serving, new_ticket):
    """CORE-1 to CORE-4 whose changes searches see after five seconds."""
    return serving(*map(new_ticket, range(1, 5)), search_lag=5.0)


def titles(api, jql="project = CORE ORDER BY key", **more):
    return {issue["key"]: issue["fields"]["summary"] for issue in api.search(jql, **more)["issues"]}


def fetched(api, *names):
    answer = api("POST", "/rest/api/3/issue/bulkfetch", json={"issueIdsOrKeys": list(names), "fields": ["summary"]})
    return {issue["key"]: issue["fields"]["summary"] for issue in answer.json["issues"]}


def test_a_search_sees_an_edit_after_the_lag_and_bulkfetch_at_once(late):
    late.put("CORE-1", fields={"summary": "New", "labels": ["fresh"]})
    assert fetched(late, "CORE-1") == {"CORE-1": "New"}
    assert late.fields("CORE-1")["summary"] == "New"
    assert titles(late)["CORE-1"] == "Issue 1"
    assert late.keys("labels = fresh") == []
    late.advance(4900)
    assert late.keys("labels = fresh") == []
    late.advance(200)
    assert late.keys("labels = fresh") == ["CORE-1"]
    assert titles(late)["CORE-1"] == "New"


def test_every_edit_is_seen_in_its_own_time(late):
    for seconds in range(3):
        late.edit("CORE-1", title=f"Title {seconds}")
        late.advance(2000)
    seen = [titles(late)["CORE-1"]]
    for _ in range(3):
        late.advance(1900)
        seen.append(titles(late)["CORE-1"])
    assert seen == ["Title 0", "Title 1", "Title 2", "Title 2"]


def test_what_went_is_found_for_a_while_and_then_no_more(late):
    late.play("delete", "CORE-2")
    late.play("move", "CORE-3", to="OPS")
    count = {"jql": "project = CORE"}
    assert late.keys("project = CORE ORDER BY key") == ["CORE-1", "CORE-2", "CORE-3", "CORE-4"]
    assert late("POST", "/rest/api/3/search/approximate-count", json=count).json == {"count": 4}
    assert fetched(late, "10002", "10003") == {"OPS-1": "Issue 3"}
    late.advance(5001)
    assert late.keys("project = CORE ORDER BY key") == ["CORE-1", "CORE-4"]
    assert late.keys("project = OPS") == ["OPS-1"]
    assert late("POST", "/rest/api/3/search/approximate-count", json=count).json == {"count": 2}


@pytest.mark.parametrize("field", ["id", "key"])
def test_pages_of_ids_alone_lag_as_those_of_whole_issues_do(late, field):
    def listed():
        return [issue["id"] for issue in late.search("project = CORE ORDER BY id", fields=[field])["issues"]]

    late.play("delete", "CORE-2")
    late.play("move", "CORE-3", to="OPS")
    assert listed() == ["10001", "10002", "10003", "10004"]
    late.advance(5001)
    assert listed() == ["10001", "10004"]


def test_moves_on_the_board_are_seen_late_as_well(late):
    late.rank("CORE-4", rankBeforeIssue="CORE-1")
    assert late.keys("project = CORE ORDER BY Rank") == ["CORE-1", "CORE-2", "CORE-3", "CORE-4"]
    late.advance(5001)
    assert late.keys("project = CORE ORDER BY Rank") == ["CORE-4", "CORE-1", "CORE-2", "CORE-3"]


def test_issues_to_be_reconciled_are_seen_as_they_are_on_every_page(late):
    late.put("CORE-1", fields={"summary": "New"})
    late.put("CORE-4", fields={"summary": "New too"})
    jql, fresh = "project = CORE ORDER BY key", {"reconcileIssues": [10004]}
    first = late.search(jql, maxResults=3, **fresh)
    second = late.search(jql, maxResults=3, nextPageToken=first["nextPageToken"], **fresh)
    assert [issue["fields"]["summary"] for issue in first["issues"] + second["issues"]] == [
        "Issue 1",
        "Issue 2",
        "Issue 3",
        "New too",
    ]
    asked = {"jql": jql, "reconcileIssues": list(range(51))}
    assert late("POST", "/rest/api/3/search/jql", json=asked).status_code == 400


def test_without_a_lag_searches_see_everything_at_once(three):
    three.put("CORE-1", fields={"summary": "New"})
    assert titles(three)["CORE-1"] == "New"


def test_a_lag_is_clouds(serving, new_ticket):
    with pytest.raises(ValueError, match="a search lag is Cloud's"):
        serving(new_ticket(1), deployment="data_center", search_lag=1.0)


@pytest.mark.parametrize("body", [b"{", b"{}", b'{"advance_ms": -1}', b'{"advance_ms": 1, "back": 2}'])
def test_what_is_no_time_to_pass_is_refused(three, body):
    assert three.http.post("/_sandbox/clock", data=body).status_code == 400
