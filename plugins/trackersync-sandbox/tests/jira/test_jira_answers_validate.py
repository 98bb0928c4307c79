"""Every answer validates against Jira's own OpenAPI descriptions."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012


@pytest.fixture(scope="session")
def specs(shared_file):
    """Both descriptions, read once: paths and a registry for their references."""
    found = {}
    for name in ("platform", "software"):
        spec = json.loads(shared_file(f"specs/jira-{name}.json").read_bytes())
        resource = Resource(contents={"components": spec["components"]}, specification=DRAFT202012)
        found[name] = spec["paths"], Registry().with_resource("spec:", resource)
    return found


@pytest.fixture
def valid(specs):
    """Assert that an answer is what the operation promises; version 2's operations are described as version 3's."""

    def check(method, template, answer):
        paths, registry = specs["software" if template.startswith("/rest/agile") else "platform"]
        responses = paths[template.replace("/rest/api/2/", "/rest/api/3/")][method.lower()]["responses"]
        content = responses[str(answer.status_code)].get("content", {}).get("application/json", {})
        if "schema" in content:
            schema = _absolute(content["schema"])
            errors = list(Draft202012Validator(schema, registry=registry).iter_errors(answer.json))
            assert not errors, [f"{error.json_path}: {error.message}"[:300] for error in errors[:5]]

    return check


def _absolute(part):
    """References made to start at the description."""
    if isinstance(part, list):
        return [_absolute(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {key: f"spec:{value}" if key == "$ref" else _absolute(value) for key, value in part.items()}


PLATFORM = [
    ("GET", "serverInfo", None),
    ("GET", "myself", None),
    ("GET", "mypermissions?permissions=EDIT_ISSUES,ADMINISTER", None),
    ("GET", "field", None),
    ("GET", "priority", None),
    ("GET", "status", None),
    ("GET", "resolution", None),
    ("GET", "project/CORE", None),
    ("GET", "issue/CORE-6", None),
    ("GET", "issue/CORE-99", None),
    ("GET", "issue/CORE-6/editmeta", None),
    ("GET", "issue/CORE-99/editmeta", None),
    ("PUT", "issue/CORE-2", {"fields": {"customfield_10033": 7}}),
    ("PUT", "issue/CORE-2", {"fields": {"customfield_10033": "x"}}),
]
EDIT = {
    "selectedIssueIdsOrKeys": ["CORE-2", "CORE-4711"],
    "selectedActions": ["customfield_10033"],
    "editedFieldsInput": {"clearableNumberFields": [{"fieldId": "customfield_10033", "value": 7}]},
    "sendBulkNotification": False,
}
CLOUD = [
    ("GET", "search/jql?jql=project=CORE&fields=*all&maxResults=7", None),
    ("POST", "search/jql", {"jql": "project = CORE", "fields": ["*all"], "maxResults": 100}),
    ("POST", "search/jql", {"jql": "project = CORE", "maxResults": 3}),
    ("POST", "search/jql", {"jql": ""}),
    ("POST", "search/approximate-count", {"jql": "project = CORE"}),
    ("POST", "issue/bulkfetch", {"issueIdsOrKeys": ["CORE-1", "CORE-7"], "fields": ["*all"]}),
    ("GET", "bulk/issues/fields?issueIdsOrKeys=CORE-1,CORE-7", None),
    ("GET", "bulk/issues/fields?issueIdsOrKeys=CORE-4711", None),
    ("POST", "bulk/issues/fields", EDIT),
    ("POST", "bulk/issues/fields", EDIT | {"selectedActions": ["labels"]}),
    ("GET", "bulk/queue/10000", None),
    ("GET", "bulk/queue/4711", None),
]
SERVER = [
    ("GET", "search?jql=project=CORE&fields=*all", None),
    ("POST", "search", {"jql": "project = CORE", "fields": ["summary"], "maxResults": 3}),
]
KEEPING = [
    ("PUT", "issue/CORE-2/properties/{propertyKey}", "issue/CORE-2/properties/score", 7),
    ("GET", "issue/CORE-2/properties", "issue/CORE-2/properties", None),
    ("GET", "issue/CORE-2/properties/{propertyKey}", "issue/CORE-2/properties/score", None),
    ("GET", "issue/CORE-2", "issue/CORE-2?properties=score", None),
    ("POST", "search/jql", "search/jql", {"jql": "key = CORE-2", "fields": ["comment"], "properties": ["score"]}),
    ("POST", "issue/bulkfetch", "issue/bulkfetch", {"issueIdsOrKeys": ["CORE-2"], "properties": ["score"]}),
    ("DELETE", "issue/CORE-2/properties/{propertyKey}", "issue/CORE-2/properties/score", None),
    ("POST", "issue/CORE-2/comment", "issue/CORE-2/comment", {"properties": [{"key": "mark", "value": True}]}),
    ("GET", "issue/CORE-2/comment", "issue/CORE-2/comment", None),
    ("GET", "issue/CORE-2/comment/{id}", "issue/CORE-2/comment/1000001", None),
    ("PUT", "issue/CORE-2/comment/{id}", "issue/CORE-2/comment/1000001", {}),
    ("POST", "comment/list", "comment/list?expand=properties", {"ids": [1000001]}),
    ("DELETE", "issue/CORE-2/comment/{id}", "issue/CORE-2/comment/1000001", None),
]
AGILE = [
    ("GET", "board", "board", None),
    ("GET", "board/12", "board/{boardId}", None),
    ("GET", "board/12/configuration", "board/{boardId}/configuration", None),
    ("PUT", "issue/rank", "issue/rank", {"issues": ["CORE-1"], "rankBeforeIssue": "CORE-2"}),
    ("PUT", "issue/rank", "issue/rank", {"issues": ["CORE-1", "CORE-99"], "rankBeforeIssue": "CORE-2"}),
    ("PUT", "issue/rank", "issue/rank", {"issues": []}),
]


def template_of(path):
    place = path.partition("?")[0].replace("CORE-6", "{issueIdOrKey}").replace("CORE-2", "{issueIdOrKey}")
    place = re.sub(r"queue/\d+", "queue/{taskId}", place)
    return place.replace("CORE-99", "{issueIdOrKey}").replace("project/CORE", "project/{projectIdOrKey}")


@pytest.mark.parametrize(("method", "path", "body"), PLATFORM)
def test_platform_answers_validate(either, valid, method, path, body):
    valid(method, f"/rest/api/2/{template_of(path)}", either(method, f"/rest/api/2/{path}", json=body))


@pytest.mark.parametrize("version", ["2", "3"])
@pytest.mark.parametrize(("method", "path", "body"), [*PLATFORM, *CLOUD])
def test_cloud_answers_validate_in_both_versions(cloud, valid, version, method, path, body):
    valid(method, f"/rest/api/3/{template_of(path)}", cloud(method, f"/rest/api/{version}/{path}", json=body))


@pytest.mark.parametrize("version", ["2", "3"])
def test_what_is_kept_and_said_validates(cloud, valid, version):
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": "x"}]}
    words = {"type": "doc", "version": 1, "content": [paragraph]}
    for method, template, path, body in KEEPING:
        talks = method in ("POST", "PUT") and "/comment" in template
        sent = body | {"body": words if version == "3" else "x"} if talks else body
        answer = cloud(method, f"/rest/api/{version}/{path}", json=sent)
        assert answer.status_code < 300, (method, path, answer.text)
        valid(method, f"/rest/api/3/{template.replace('CORE-2', '{issueIdOrKey}')}", answer)


@pytest.mark.parametrize("polls", [0, 1, 2])
def test_a_bulk_edit_validates_at_every_stage(serving, new_ticket, valid, polls):
    api = serving(new_ticket(1), new_ticket(2), bulk_polls=polls, lacking=frozenset({"EDIT_ISSUES@CORE-1"}))
    body = EDIT | {"selectedIssueIdsOrKeys": ["CORE-1", "CORE-2", "CORE-99"]}
    valid("POST", "/rest/api/3/bulk/issues/fields", api("POST", "/rest/api/3/bulk/issues/fields", json=body))
    for _ in range(polls + 1):
        valid("GET", "/rest/api/3/bulk/queue/{taskId}", api("GET", "/rest/api/3/bulk/queue/10000"))


def test_a_missing_permission_to_bulk_change_validates(serving, new_ticket, valid):
    api = serving(new_ticket(1), lacking=frozenset({"BULK_CHANGE"}))
    for method, path in (("GET", "issues/fields"), ("POST", "issues/fields"), ("GET", "queue/{taskId}")):
        body = EDIT if method == "POST" else None
        answer = api(method, f"/rest/api/3/bulk/{path.format(taskId=10000)}", json=body)
        assert answer.status_code in (400, 403)
        valid(method, f"/rest/api/3/bulk/{path}", answer)


@pytest.mark.parametrize("what", ["delete", "hide", "move"])
def test_what_is_said_of_issues_that_are_gone_validates(cloud, valid, what):
    assert cloud.play(what, "CORE-2", **({"to": "OPS"} if what == "move" else {})).status_code == 200
    for method, path, body in [*PLATFORM, *CLOUD]:
        valid(method, f"/rest/api/3/{template_of(path)}", cloud(method, f"/rest/api/3/{path}", json=body))


@pytest.mark.parametrize(("method", "path", "body"), SERVER)
def test_the_search_of_data_center_validates(server, valid, method, path, body):
    valid(method, f"/rest/api/2/{template_of(path)}", server(method, f"/rest/api/2/{path}", json=body))


@pytest.mark.parametrize(("method", "path", "template", "body"), AGILE)
def test_agile_answers_validate(either, valid, method, path, template, body):
    valid(method, f"/rest/agile/1.0/{template}", either(method, f"/rest/agile/1.0/{path}", json=body))


def test_every_route_is_an_operation_of_the_specification(cloud, specs):
    known = {(method.upper(), path) for paths, _ in specs.values() for path, some in paths.items() for method in some}
    for route in cloud.tracker.routes:
        assert (route.method, route.template.replace("/rest/api/2/", "/rest/api/3/")) in known
