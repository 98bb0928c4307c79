"""Custom fields of every kind are told as Jira tells them; what a file does not say of a field its values do."""

from __future__ import annotations

import pytest

from trackersync_sandbox.jira.kinds import SCHEMAS, kind_of

PRINTED = (
    "com.atlassian.greenhopper.service.sprint.Sprint@2a[id=42,rapidViewId=12,state=ACTIVE,name=Sprint 42,"
    "startDate=2026-11-09T08:00:00.000Z,endDate=<null>,completeDate=<null>,activatedDate=<null>,sequence=42,goal=]"
)
SPRINT = {"id": 42, "name": "Sprint 42", "state": "active", "boardId": 12, "startDate": "2026-11-09T08:00:00.000Z"}
ANN = {"accountId": "5b1", "name": "ann", "displayName": "Ann"}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (3, "number"),
        (2.5, "number"),
        ("plain", "text"),
        ("two\nlines", "text_area"),
        ({"type": "doc", "version": 1, "content": []}, "text_area"),
        ("https://a.example/1", "url"),
        ("2026-05-06", "date"),
        ("2026-05-06T07:08:09.000+0000", "datetime"),
        ({"value": "High"}, "choice"),
        ({"value": "A", "child": {"value": "B"}}, "cascading"),
        ([{"value": "A"}], "options"),
        (["a"], "labels"),
        ([], "labels"),
        (ANN, "user"),
        ([ANN], "users"),
        ({"id": "1", "name": "1.0", "released": False}, "version"),
        ([{"id": "1", "name": "1.0", "archived": False}], "versions"),
        ({"id": "1", "key": "WEB", "name": "Web"}, "project"),
        ([SPRINT], "sprint"),
        ([PRINTED], "sprint"),
        (None, "text"),
    ],
)
def test_a_value_tells_the_kind_of_its_field(value, kind):
    assert kind_of(value) == kind
    assert SCHEMAS[kind]["custom"]


@pytest.mark.parametrize("deployment", ["cloud", "data_center"])
def test_people_and_sprints_are_told_as_the_deployment_tells_them(serving, new_ticket, deployment):
    cloud = deployment == "cloud"
    values = {"customfield_10020": [SPRINT], "customfield_11001": ANN, "customfield_11002": [ANN]}
    api = serving(new_ticket(1, **values), deployment=deployment)
    told = api.fields("CORE-1", 3 if cloud else 2)
    person = told["customfield_11001"]
    assert (person["displayName"], "accountId" in person, "key" in person) == ("Ann", cloud, not cloud)
    assert told["customfield_11002"] == [person]
    (sprint,) = told["customfield_10020"]
    if cloud:
        assert (sprint["name"], sprint["state"], sprint["goal"]) == ("Sprint 42", "active", "")
    else:
        assert sprint == PRINTED
    assert api.state["issues"]["CORE-1"]["fields"]["Sprint"] == ["Sprint 42"]


def test_sprints_that_a_file_has_printed_stay_as_they_are(serving, new_ticket):
    api = serving(new_ticket(1, customfield_10020=[PRINTED]), deployment="data_center")
    assert api.fields("CORE-1", 2)["customfield_10020"] == [PRINTED]


def test_texts_of_several_lines_are_documents_in_version_3_alone_and_can_be_written_in_both(serving, new_ticket):
    document = {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "x"}]}],
    }
    api = serving(new_ticket(1, customfield_11001="two\nlines", customfield_11002=document))
    assert api.fields("CORE-1", 2)["customfield_11001"] == "two\nlines"
    assert api.fields("CORE-1", 3)["customfield_11001"]["type"] == "doc"
    assert (api.fields("CORE-1", 2)["customfield_11002"], api.fields("CORE-1")["customfield_11002"]) == ("x", document)
    assert api.put("CORE-1", fields={"customfield_11001": "plain"}).status_code == 400
    assert api.put("CORE-1", fields={"customfield_11001": document}).status_code == 204
    assert api.fields("CORE-1", 2)["customfield_11001"] == "x"


def test_the_sprints_of_the_built_in_backlog_can_be_searched(either):
    found = either.keys('Sprint = "CORE Sprint 42" ORDER BY key')
    assert {"CORE-3", "CORE-7"} <= set(found)
    assert "CORE-2" not in found
