import pytest


def test_a_person_changes_what_the_browser_shows(cloud):
    answer = cloud.edit(
        "CORE-2", labels=["mine"], title="Renamed", body="New text", state="In Review", priority="Lowest",
        fields={"Reach": 5, "impact": "Low", "Priority Score": None}, position=0,
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    found = cloud.fields("CORE-2", 2)
    assert (found["labels"], found["summary"], found["description"]) == (["mine"], "Renamed", "New text")
    assert (found["status"]["name"], found["priority"]["name"]) == ("In Review", "Lowest")
    assert (found["customfield_10030"], found["customfield_10031"]["value"]) == (5.0, "Low")
    assert found["updated"] > "2026-11-17T"
    assert cloud.order[0] == "CORE-2"


def test_fields_and_jiras_own_words_may_stand_beside_the_others(cloud):
    values = {"summary": "Renamed", "status": "In Review", "Reach": 5, "fields": {"impact": "Low"}}
    assert cloud.edit("CORE-2", **values).status_code == 200
    found = cloud.fields("CORE-2", 2)
    assert (found["summary"], found["status"]["name"]) == ("Renamed", "In Review")
    assert (found["customfield_10030"], found["customfield_10031"]["value"]) == (5.0, "Low")


def test_closing_and_opening_again(cloud):
    cloud.edit("CORE-2", state="done")
    closed = cloud.fields("CORE-2")
    assert closed["resolution"]["name"] == "Done"
    assert closed["resolutiondate"] >= "2026-"
    cloud.edit("CORE-2", state="To Do")
    opened = cloud.fields("CORE-2")
    assert (opened["resolution"], opened["resolutiondate"]) == (None, None)


def test_a_site_without_resolutions_closes_as_done(three, serving, new_ticket):
    api = serving(new_ticket(1), new_ticket(2, status="Done"))
    api.edit("CORE-1", state="Done")
    assert api.fields("CORE-1")["resolution"]["name"] == "Done"


def test_an_edit_that_changes_nothing_still_moves_the_time(cloud):
    before = cloud.fields("CORE-2")["updated"]
    cloud.edit("CORE-2", priority="High")
    assert cloud.fields("CORE-2")["updated"] > before


@pytest.mark.parametrize("position", [0, 1, 2, 99])
def test_a_position_counts_from_the_top_of_the_project(three, position):
    before = three.fields("CORE-2")["updated"]
    three.edit("CORE-2", position=position)
    assert three.order.index("CORE-2") == min(position, 2)
    assert three.fields("CORE-2")["updated"] == before


def test_the_only_issue_of_a_project_stays_where_it_is(serving, new_ticket):
    api = serving(new_ticket(1), new_ticket(1, project="WEB"))
    assert api.edit("WEB-1", position=0).status_code == 200
    assert api.order == ["CORE-1", "WEB-1"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"project_fields": {"Score": 1}}, "a Jira issue has no project_fields"),
        ({"state": "Gone"}, "no status 'Gone'; there are"),
        ({"priority": "Urgent"}, "Priority: Priority name 'Urgent' is not valid"),
        ({"labels": ["a b"]}, "Labels: The label 'a b' contains spaces"),
        ({"fields": {"Reech": 1}}, "no field 'Reech' that can be edited; there are"),
        ({"fields": {"Reach": "many"}}, "Reach: Operation value must be a number"),
        ({"fields": {"Impact": "Huge"}}, "Impact: Option value 'Huge' is not valid"),
        ({"fields": [1]}, "fields: not an object"),
        ({"fields": [1], "Reach": 1}, "fields: not an object"),
        ({"position": -1}, "position: -1 is not a number from 0"),
        ({"position": True}, "position: True is not a number from 0"),
        ({"title": "Set", "position": "top"}, "position: 'top' is not"),
    ],
)
def test_what_cannot_be_set_is_told_and_nothing_is_set(cloud, values, said):
    before = cloud.state
    answer = cloud.edit("CORE-2", **values)
    assert answer.status_code == 400
    assert said in answer.json["error"]
    assert cloud.state == before


def test_a_position_of_an_issue_alone_in_its_project_is_checked_too(serving, new_ticket):
    assert serving(new_ticket(1)).edit("CORE-1", position="top").status_code == 400


def test_an_unknown_issue_is_told(cloud):
    answer = cloud.edit("CORE-99", title="x")
    assert (answer.status_code, "CORE-99" in answer.json["error"]) == (404, True)


def test_the_state_shows_names_and_order_but_no_times(cloud):
    state = cloud.state
    assert state["order"][0] == "CORE-16"
    assert state["issues"]["CORE-6"] == {
        "summary": "Order queue stops after one malformed message", "environment": None, "duedate": "2026-11-26",
        "description": cloud.fields("CORE-6", 2)["description"], "status": "To Do", "resolution": None,
        "priority": "Highest", "issuetype": "Bug", "components": ["Orders"], "versions": None,
        "fixVersions": ["2026.12"], "assignee": "Kim Sörensen", "reporter": "Kim Sörensen", "labels": ["regression"],
        "votes": 3, "watches": 16, "parent": "CORE-1", "links": [["blocks", "CORE-5"]],
            "properties": {}, "comments": [],
        "fields": {"Reach": 4200.0, "Impact": "Massive", "Confidence": 0.9, "Story Points": 3.0},
    }  # fmt: skip


def test_the_state_shows_fields_of_files_by_their_values(serving, new_ticket):
    values = {"customfield_12310001": "x", "customfield_12310003": [{"value": "a"}, {"value": "b"}]}
    shown = serving(new_ticket(1, **values)).state["issues"]["CORE-1"]
    assert shown["fields"] == {"customfield_12310001": "x", "customfield_12310003": ["a", "b"]}
    assert (shown["votes"], shown["watches"], shown["parent"]) == (None, None, None)
