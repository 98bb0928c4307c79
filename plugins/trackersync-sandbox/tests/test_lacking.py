"""What is made to be missing is told where clients look for it, and refused as the tracker refuses it."""

from __future__ import annotations

import base64
import json

import pytest
from werkzeug.test import Client

from trackersync_sandbox.build import Options, build

TOKEN = {"Authorization": "Basic " + base64.b64encode(b"pm@acme.example:any").decode()}
ISSUE = "/jira/rest/api/3/issue/CORE-2"


@pytest.fixture
def lacking():
    """`ask = lacking("project")`: call the built-in backlog where that is missing."""

    def serve(*names):
        http = Client(build(Options(lacking=names)))
        return lambda method, path, **options: http.open(path, method=method, headers=TOKEN, **options)

    return serve


def permissions(ask):
    keys = "EDIT_ISSUES,SCHEDULE_ISSUES,BULK_CHANGE,ADMINISTER,ADMINISTER_PROJECTS"
    held = ask("GET", f"/jira/rest/api/3/mypermissions?permissions={keys}").json["permissions"]
    return {key for key, permission in held.items() if not permission["havePermission"]}


def screen(ask):
    return {field["name"]: field for field in ask("GET", f"{ISSUE}/editmeta").json["fields"].values()}


def labels(ask):
    return ask("GET", ISSUE).json["fields"]["labels"]


def test_nothing_is_missing_unless_told(lacking):
    ask = lacking()
    assert permissions(ask) == set()
    assert ask("GET", "/github/user").headers["X-OAuth-Scopes"] == "project, read:org, repo"
    assert {"Summary", "Labels", "Priority", "Priority Score", "Impact"} <= screen(ask).keys()


def test_the_screen_tells_the_values_of_a_choice(lacking):
    fields = screen(lacking())
    assert "Highest" in [value["name"] for value in fields["Priority"]["allowedValues"]]
    assert "Massive" in [value["value"] for value in fields["Impact"]["allowedValues"]]
    assert "allowedValues" not in fields["Priority Score"]


def test_without_project_a_token_reads_projects_and_writes_none(lacking):
    ask = lacking("project")
    assert ask("GET", "/github/user").headers["X-OAuth-Scopes"] == "read:org, repo, read:project"
    mutation = (
        'mutation { updateProjectV2ItemPosition(input: {projectId: "P", itemId: "I"}) { clientMutationId } '
        'addLabelsToLabelable(input: {labelableId: "I", labelIds: []}) { clientMutationId } }'
    )
    answer = ask("POST", "/github/graphql", json={"query": mutation}).json
    assert [error["type"] for error in answer["errors"]] == ["INSUFFICIENT_SCOPES", "NOT_FOUND"]
    query = '{ organization(login: "acme") { projectV2(number: 7) { title } } }'
    assert "errors" not in ask("POST", "/github/graphql", json={"query": query}).json


@pytest.mark.parametrize(("scopes", "seen"), [((), 3), (("read:org",), 0)])
def test_without_read_org_the_list_of_issue_fields_is_empty_and_no_error(lacking, scopes, seen):
    ask = lacking(*scopes)
    assert len(ask("GET", "/github/orgs/acme/issue-fields").json) == seen
    listed = "issueFields(first: 9) { nodes { __typename } }"
    query = f'{{ organization(login: "acme") {{ {listed} }} repository(owner: "acme", name: "web") {{ {listed} }} }}'
    answer = ask("POST", "/github/graphql", json={"query": query}).json
    assert "errors" not in answer
    assert [len(answer["data"][place]["issueFields"]["nodes"]) for place in ("organization", "repository")] == [
        seen
    ] * 2


def test_without_schedule_issues_nothing_is_ranked(lacking):
    ask = lacking("SCHEDULE_ISSUES")
    assert permissions(ask) == {"SCHEDULE_ISSUES"}
    body = {"issues": ["CORE-1"], "rankBeforeIssue": "CORE-2"}
    assert ask("PUT", "/jira/rest/agile/1.0/issue/rank", json=body).status_code == 403


def test_a_field_off_the_screen_is_refused_by_name(lacking):
    ask = lacking("Priority Score")
    assert "Priority Score" not in screen(ask)
    id_ = next(field["id"] for field in ask("GET", "/jira/rest/api/3/field").json if field["name"] == "Priority Score")
    answer = ask("PUT", ISSUE, json={"fields": {id_: 5}})
    assert (answer.status_code, list(answer.json["errors"])) == (400, [id_])


def test_without_edit_issues_the_screen_is_empty_and_edits_are_refused(lacking):
    ask = lacking("EDIT_ISSUES")
    assert screen(ask) == {}
    assert ask("PUT", ISSUE, json={"fields": {"labels": []}}).status_code == 403


def test_a_quiet_edit_by_who_administers_nothing_is_ignored_without_an_error(lacking):
    ask = lacking("ADMINISTER", "ADMINISTER_PROJECTS")
    before = labels(ask)
    edit = {"update": {"labels": [{"add": "quiet"}]}}
    assert ask("PUT", f"{ISSUE}?notifyUsers=false", json=edit).status_code == 204
    assert labels(ask) == before
    assert ask("PUT", ISSUE, json=edit).status_code == 204
    assert "quiet" in labels(ask)


def test_what_none_can_lack_is_refused_with_what_there_is(lacking):
    with pytest.raises(ValueError, match=r"no permission or field is called BROWSE; there is .*SCHEDULE_ISSUES"):
        lacking("BROWSE")
    assert json.loads(lacking("Impact")("GET", "/_sandbox/state").data)
