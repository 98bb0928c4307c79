"""Issues that are deleted, moved or hidden: which is which, and what else they leave."""

from __future__ import annotations

import pytest

LINK = {"id": "1", "type": {"id": "1", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}}


@pytest.fixture
def linked(serving, new_ticket):
    """CORE-1 is linked with, the parent of and the sum of CORE-2; CORE-3 stands alone."""

    def make(deployment="cloud"):
        return serving(
            new_ticket(1, issuelinks=[LINK | {"outwardIssue": {"key": "CORE-2"}}], subtasks=[{"key": "CORE-2"}]),
            new_ticket(2, issuelinks=[LINK | {"inwardIssue": {"key": "CORE-1"}}], parent={"key": "CORE-1"}),
            new_ticket(3),
            deployment=deployment,
        )

    return make


def fetched(api, *names):
    answer = api("POST", "/rest/api/3/issue/bulkfetch", json={"issueIdsOrKeys": list(names), "fields": ["project"]})
    assert answer.status_code == 200
    return [(issue["id"], issue["key"]) for issue in answer.json["issues"]]


@pytest.mark.parametrize("what", ["delete", "hide"])
def test_what_is_gone_is_absent_without_a_word(linked, what):
    cloud = linked()
    assert cloud.play(what, "CORE-1").json == {"ref": "jira:CORE-1"}
    assert cloud.keys("project = CORE ORDER BY key") == ["CORE-2", "CORE-3"]
    assert fetched(cloud, "10001", "CORE-1", "10003") == [("10003", "CORE-3")]
    assert cloud("GET", "/rest/api/3/issue/10001").status_code == 404
    assert cloud.order == ["CORE-2", "CORE-3"]
    assert "does not exist" in cloud.refused("key = CORE-1")
    assert cloud.play(what, "CORE-1").status_code == 404


@pytest.mark.parametrize("what", ["delete", "hide"])
def test_links_parents_and_parts_of_what_is_gone_are_gone_too_and_that_is_no_update(linked, what):
    cloud = linked()
    before = cloud.fields("CORE-2")
    cloud.play(what, "CORE-1")
    after = cloud.fields("CORE-2")
    assert (after["issuelinks"], after["parent"], after["updated"]) == ([], None, before["updated"])
    cloud = linked()
    cloud.play(what, "CORE-2")
    assert (cloud.fields("CORE-1")["issuelinks"], cloud.fields("CORE-1")["subtasks"]) == ([], [])


def test_data_center_tells_hidden_from_deleted_when_asked_for_the_one(linked):
    server = linked("data_center")
    server.play("hide", "CORE-1")
    server.play("delete", "CORE-3")
    assert server("GET", "/rest/api/2/issue/10001").status_code == 403
    assert server("GET", "/rest/api/2/issue/CORE-1").status_code == 403
    assert server("GET", "/rest/api/2/issue/CORE-3").status_code == 404
    assert server.keys("project = CORE") == ["CORE-2"]


@pytest.mark.parametrize("deployment", ["cloud", "data_center"])
def test_a_move_changes_the_key_and_not_the_id_and_the_old_key_leads_on(linked, deployment):
    api = linked(deployment)
    before = api.fields("CORE-1", version=2)
    assert api.play("move", "CORE-1", to="OPS").json == {"ref": "jira:CORE-1", "now": "jira:OPS-1"}
    after = api.get("/rest/api/2/issue/CORE-1")
    assert (after["id"], after["key"], after["fields"]["project"]["key"]) == ("10001", "OPS-1", "OPS")
    assert after["fields"]["updated"] > before["updated"]
    assert api.keys("project = CORE ORDER BY key") == ["CORE-2", "CORE-3"]
    assert api.keys("project in (OPS)") == api.keys("key = CORE-1") == ["OPS-1"]
    assert api.fields("CORE-2", version=2)["issuelinks"][0]["inwardIssue"]["key"] == "OPS-1"
    assert api.get("/rest/agile/1.0/board?projectKeyOrId=OPS")["total"] == 1
    assert api.get("/rest/api/2/project/OPS")["key"] == "OPS"


def test_bulkfetch_finds_moved_issues_by_their_old_key(cloud):
    cloud.play("move", "CORE-2", to="OPS")
    ((found, key),) = fetched(cloud, "CORE-2")
    assert key == "OPS-1"
    assert fetched(cloud, found, "OPS-1", "CORE-2") == [(found, "OPS-1")]


def test_a_project_that_came_later_can_be_searched_at_once(cloud):
    assert "does not exist" in cloud.refused("project = OPS")
    cloud.play("move", "CORE-2", to="OPS")
    assert cloud.keys("project = OPS") == ["OPS-1"]


def test_keys_are_never_given_twice(linked):
    cloud = linked()
    cloud.play("delete", "CORE-3")
    cloud.play("move", "CORE-2", to="OPS")
    assert cloud.play("move", "OPS-1", to="CORE").json["now"] == "jira:CORE-4"
    assert [cloud.get(f"/rest/api/3/issue/{key}")["key"] for key in ("OPS-1", "CORE-2")] == ["CORE-4", "CORE-4"]
    cloud.play("delete", "CORE-4")
    assert [cloud("GET", f"/rest/api/3/issue/{key}").status_code for key in ("OPS-1", "CORE-2")] == [404, 404]


@pytest.mark.parametrize(("to", "why"), [("CORE", "is in CORE already"), ("ops team", "is no key of a project")])
def test_a_move_that_cannot_be_is_told(linked, to, why):
    answer = linked().play("move", "CORE-1", to=to)
    assert (answer.status_code, why in answer.json["error"]) == (400, True)


def test_a_page_of_a_result_leaves_out_what_is_gone_since(serving, new_ticket):
    api = serving(*map(new_ticket, range(1, 6)))
    jql = "project = CORE ORDER BY key"
    first = api.search(jql, maxResults=2)
    api.play("delete", "CORE-3")
    second = api.search(jql, maxResults=2, nextPageToken=first["nextPageToken"])
    assert [issue["key"] for issue in second["issues"]] == ["CORE-4"]
    assert not second["isLast"]


def test_pages_by_offset_shift_when_an_issue_before_them_is_gone(serving, new_ticket):
    api = serving(*map(new_ticket, range(1, 6)), deployment="data_center")
    jql = "project = CORE ORDER BY key"
    api.search(jql, maxResults=2)
    api.play("delete", "CORE-1")
    second = api.search(jql, maxResults=2, startAt=2)
    assert ([issue["key"] for issue in second["issues"]], second["total"]) == (["CORE-4", "CORE-5"], 4)


def test_updates_are_found_by_milliseconds_and_by_minutes_of_the_accounts_time_zone_and_never_deletes(linked):
    cloud = linked()
    cloud.edit("CORE-3", title="Later")
    cloud.play("delete", "CORE-2")
    cloud.play("move", "CORE-1", to="OPS")
    query = (
        'project in (CORE, OPS) AND (updated >= {} OR NOT updated >= "2100/01/01 00:00") ORDER BY updated ASC, id ASC'
    )
    assert sorted(cloud.keys(query.format(1772000000000))) == ["CORE-3", "OPS-1"]
    assert sorted(cloud.keys("updated >= 1772000000000 AND id in (10001, 10003)")) == ["CORE-3", "OPS-1"]
    assert sorted(cloud.keys('updated >= "2026/02/26 00:00"')) == ["CORE-3", "OPS-1"]
