import pytest

from trackersync_sandbox import jira
from trackersync_sandbox.source import Backlog


def by_name(fields):
    return {field["name"]: field for field in fields}


def test_the_deployment_is_told(cloud, server):
    assert cloud.get("/rest/api/3/serverInfo")["deploymentType"] == "Cloud"
    info = server.get("/rest/api/2/serverInfo")
    assert (info["deploymentType"], info["versionNumbers"][0]) == ("Server", 10)
    assert info["baseUrl"] == "http://localhost/jira"


def test_the_fields_of_a_product_team_are_there(either):
    fields = by_name(either.get("/rest/api/2/field"))
    numbers = ("Reach", "Confidence", "Story Points", "Priority Score", "Priority Rank", "Business Value",
               "Time Criticality", "Risk Reduction", "Job Size")  # fmt: skip
    assert {fields[name]["schema"]["type"] for name in numbers} == {"number"}
    assert fields["Impact"]["schema"]["type"] == "option"
    assert fields["Rank"]["schema"]["custom"] == "com.pyxis.greenhopper.jira:gh-lexo-rank"
    assert fields["Rank"]["id"] == "customfield_10019"
    assert "cf[10016]" in fields["Story Points"]["clauseNames"]


def test_fields_found_in_files_are_named_by_their_id(serving, new_ticket):
    values = {"customfield_12310001": "x", "customfield_12310002": ["a"], "customfield_12310003": [{"value": "a"}]}
    api = serving(
        new_ticket(1, customfield_12310001=None, customfield_12310004=2, customfield_x=1), new_ticket(2, **values)
    )
    fields = by_name(api.get("/rest/api/3/field"))
    kinds = [
        fields[f"customfield_{number}"]["schema"]["custom"].rpartition(":")[2] for number in range(12310001, 12310005)
    ]
    assert kinds == ["textfield", "labels", "multicheckboxes", "float"]
    assert "customfield_x" not in fields


def test_priorities_go_from_the_most_pressing_with_those_of_files_among_them(serving, new_ticket, cloud):
    own = [
        new_ticket(n, priority={"id": str(n), "name": name})
        for n, name in enumerate(("Critical", "High", "None", "Odd"), 1)
    ]
    found = serving(*own).get("/rest/api/3/priority")
    names = [priority["name"] for priority in found]
    assert names == ["Highest", "Critical", "High", "Medium", "Low", "Lowest", "None", "Odd"]
    assert len({priority["id"] for priority in found}) == len(found)
    assert [priority["id"] for priority in cloud.get("/rest/api/3/priority")] == ["1", "2", "3", "4", "5"]


def test_statuses_resolutions_and_the_project_are_told(either):
    assert {status["name"] for status in either.get("/rest/api/2/status")} == {
        "To Do",
        "In Progress",
        "In Review",
        "Done",
    }
    assert {entry["name"] for entry in either.get("/rest/api/2/resolution")} == {"Done", "Duplicate"}
    assert either.get("/rest/api/2/project/CORE")["id"] == either.get("/rest/api/2/project/10000")["id"] == "10000"
    assert either("GET", "/rest/api/2/project/NONE").status_code == 404


def test_a_project_without_issues_is_there_with_its_board():
    from werkzeug.test import Client

    from trackersync_sandbox.app import Sandbox
    from trackersync_sandbox.state import Requests

    http = Client(Sandbox([jira.load(Backlog({"NEW": iter([])}), deployment="cloud")], Requests()))
    token = {"Authorization": "Bearer x"}
    assert http.get("/jira/rest/agile/1.0/board/12", headers=token).json["location"]["projectKey"] == "NEW"
    found = http.post(
        "/jira/rest/api/3/search/jql", headers=token, json={"jql": "project = NEW AND statusCategory != Done"}
    )
    assert found.json == {"isLast": True, "issues": []}


def test_the_account_lives_where_dates_are_not_utc(cloud, server):
    assert cloud.get("/rest/api/3/myself")["timeZone"] == "Australia/Brisbane"
    assert server.get("/rest/api/2/myself")["name"] == "sandbox"


class TestPermissions:
    def test_those_asked_about_are_granted(self, cloud):
        asked = "permissions=EDIT_ISSUES,SCHEDULE_ISSUES,ADMINISTER&projectKey=CORE&issueKey=CORE-1"
        found = cloud.get(f"/rest/api/3/mypermissions?{asked}")["permissions"]
        assert {key: entry["havePermission"] for key, entry in found.items()} == {
            "EDIT_ISSUES": True, "SCHEDULE_ISSUES": True, "ADMINISTER": True,
        }  # fmt: skip
        assert found["ADMINISTER"]["type"] == "GLOBAL"

    def test_data_center_tells_of_all(self, server):
        assert {"EDIT_ISSUES", "ADMINISTER"} < set(server.get("/rest/api/2/mypermissions")["permissions"])

    @pytest.mark.parametrize(
        ("asked", "status"),
        [("", 400), ("permissions=FLY", 400), ("permissions=EDIT_ISSUES&issueKey=CORE-99", 404),
         ("permissions=EDIT_ISSUES&projectKey=NONE", 404)],
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused(self, cloud, asked, status):
        assert cloud("GET", f"/rest/api/3/mypermissions?{asked}").status_code == status


class TestRefusals:
    @pytest.mark.parametrize(
        ("headers", "reason"), [({"Authorization": "Bearer bad"}, "AUTHENTICATED_FAILED"), ({}, None)]
    )
    def test_a_wrong_token_or_none_is_told_as_jira_tells_it(self, cloud, server, headers, reason):
        for api in (cloud, server):
            answer = api("GET", "/rest/api/2/myself", headers=headers)
            assert answer.status_code == 401
            assert answer.headers.get("X-Seraph-LoginReason") == reason
            assert answer.headers["WWW-Authenticate"].startswith("OAuth realm=")
            assert "Client must be authenticated to access this resource." in answer.text

    def test_an_address_that_is_not_there(self, cloud):
        answer = cloud("GET", "/rest/api/3/nonsense")
        assert (answer.status_code, answer.json["path"]) == (404, "/rest/api/3/nonsense")


@pytest.mark.parametrize(
    "issue",
    [{"key": "CORE-1"}, {"key": "CORE-1", "id": "1", "fields": {}}, {"key": "WEB-1", "id": "1", "fields": {}},
     {"number": 1, "title": "of GitHub"}],
)  # fmt: skip
def test_a_file_of_something_else_is_refused_by_name(issue):
    with pytest.raises(ValueError, match=r"not an issue as Jira's API gives it|is not of project CORE"):
        jira.load(Backlog({"CORE": iter([issue])}), deployment="cloud")


def test_an_unknown_option_in_a_file_is_refused(new_ticket):
    with pytest.raises(ValueError, match="Huge"):
        jira.load(Backlog({"CORE": iter([new_ticket(1, customfield_10031="Huge")])}), deployment="cloud")


def test_open_is_what_is_not_done(new_ticket):
    assert jira.is_open(new_ticket(1))
    assert not jira.is_open(new_ticket(1, status="Done"))


def test_ranks_of_files_are_kept_and_the_others_come_last(serving, new_ticket):
    api = serving(
        new_ticket(1),
        new_ticket(2, customfield_12311820="0|z00010:"),
        new_ticket(3, customfield_12311820="0|z00002:"),
        new_ticket(4, customfield_12311820="0|z00002:"),
    )
    assert api.order == ["CORE-3", "CORE-2", "CORE-1", "CORE-4"]
    assert api.fields("CORE-2")["customfield_10019"] == "0|z00010:"
