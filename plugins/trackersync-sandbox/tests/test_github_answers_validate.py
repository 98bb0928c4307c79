"""Every REST answer validates against GitHub's own OpenAPI description."""

from __future__ import annotations

import gzip
import json
from itertools import islice

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012


@pytest.fixture(scope="session")
def valid(rest_spec):
    """Assert that an answer is what the operation promises."""
    root = _as_json_schema({"components": rest_spec["components"]})
    registry = Registry().with_resource("spec:", Resource(contents=root, specification=DRAFT202012))

    def check(method, template, answer):
        responses = rest_spec["paths"][template][method.lower()]["responses"]
        response = responses[str(answer.status_code)]
        if "$ref" in response:
            response = rest_spec["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        if "content" not in response:
            assert not answer.data
            return
        schema = _as_json_schema(response["content"]["application/json"]["schema"])
        errors = list(Draft202012Validator(schema, registry=registry).iter_errors(answer.json))
        assert not errors, [f"{error.json_path}: {error.message}"[:300] for error in errors[:5]]

    return check


def _as_json_schema(part):
    """OpenAPI 3.0's `nullable` in JSON Schema's words, references made absolute; `format` is left alone."""
    if isinstance(part, list):
        return [_as_json_schema(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {
        key: _as_json_schema(value)
        for key, value in part.items()
        if key not in ("nullable", "discriminator", "example", "examples")
    }
    if isinstance(made.get("$ref"), str):
        made["$ref"] = "spec:" + made["$ref"]
    if part.get("nullable") is True:
        return {"anyOf": [made, {"type": "null"}]}
    return made


_REPO = "/repos/{owner}/{repo}"
_ISSUE = _REPO + "/issues/{issue_number}"
READS = [
    ("/user", "/user"),
    ("/rate_limit", "/rate_limit"),
    ("/orgs/acme/issue-fields", "/orgs/{org}/issue-fields"),
    ("/repos/acme/web", _REPO),
    ("/repos/acme/web/issues?state=all&per_page=100", _REPO + "/issues"),
    ("/repos/acme/web/issues/1", _ISSUE),
    ("/repos/acme/web/issues/1/labels", _ISSUE + "/labels"),
    ("/repos/acme/web/labels", _REPO + "/labels"),
    ("/repos/acme/web/labels/bug", _REPO + "/labels/{name}"),
    ("/repos/acme/nowhere", _REPO),
    ("/repos/acme/nowhere/issues", _REPO + "/issues"),
    ("/repos/acme/web/issues/987654", _ISSUE),
    ("/repos/acme/web/issues?state=ajar", _REPO + "/issues"),
    ("/repos/acme/web/labels/none-such", _REPO + "/labels/{name}"),
]


@pytest.mark.parametrize(("path", "template"), READS, ids=[path for path, _ in READS])
def test_reads_validate(api, valid, path, template):
    valid("GET", template, api("GET", path))


WRITES = [
    ("PATCH", "/repos/acme/web/issues/1", {"title": "New", "state": "closed", "labels": ["a", {"name": "b"}]}, _ISSUE),
    ("PATCH", "/repos/acme/web/issues/1", {"title": 7}, _ISSUE),
    ("POST", "/repos/acme/web/issues/1/labels", {"labels": ["priority/P0"]}, _ISSUE + "/labels"),
    ("POST", "/repos/acme/web/issues/1/labels", {"labels": ["x" * 51]}, _ISSUE + "/labels"),
    ("PUT", "/repos/acme/web/issues/1/labels", ["only"], _ISSUE + "/labels"),
    ("DELETE", "/repos/acme/web/issues/1/labels", None, _ISSUE + "/labels"),
    ("DELETE", "/repos/acme/web/issues/1/labels/bug", None, _ISSUE + "/labels/{name}"),
    ("DELETE", "/repos/acme/web/issues/1/labels/none-such", None, _ISSUE + "/labels/{name}"),
    ("POST", "/repos/acme/web/labels", {"name": "fresh", "color": "B60205", "description": "d"}, _REPO + "/labels"),
    ("POST", "/repos/acme/web/labels", {"name": "BUG"}, _REPO + "/labels"),
]


@pytest.mark.parametrize(("method", "path", "body", "template"), WRITES)
def test_writes_validate(api, valid, method, path, body, template):
    valid(method, template, api(method, path, json=body))


GONE = [(how, method) for how in ("delete", "hide", "move") for method in ("GET", "PATCH")]


@pytest.mark.parametrize(("how", "method"), GONE)
def test_what_is_said_of_issues_that_are_gone_validates(api, valid, how, method):
    assert api.play(how, "github:acme/web#1", **({"to": "acme/api"} if how == "move" else {})).status_code == 200
    answer = api(method, "/repos/acme/web/issues/1", json={"title": "T"})
    if (how, method) != ("hide", "PATCH"):  # the description of an update knows no 404
        valid(method, _ISSUE, answer)
    valid("GET", _REPO + "/issues", api("GET", "/repos/acme/web/issues?state=all&per_page=100"))
    if how == "move":
        valid("GET", _ISSUE, api("GET", "/repos/acme/api/issues/1"))


def test_what_is_said_when_the_hour_is_used_up_validates(serving, valid):
    api = serving([{"number": 1, "title": "t"}], rate_limit=1)
    api("GET", "/user")
    valid("GET", "/user", api("GET", "/user"))
    valid("PATCH", _ISSUE, api("PATCH", "/repos/acme/web/issues/1", json={"title": "T"}))
    valid("GET", "/rate_limit", api("GET", "/rate_limit"))


@pytest.mark.parametrize("export", ["github-rust", "github-rust-pulls", "github-freecad"])
def test_real_exports_are_served_in_the_shape_of_the_official_schema(serving, valid, shared_file, export):
    with gzip.open(shared_file(f"data/{export}.jsonl.gz")) as lines:
        api = serving([json.loads(line) for line in islice(lines, 200)])
    valid("GET", _REPO + "/issues", api("GET", "/repos/acme/web/issues?state=all&per_page=100"))


def test_an_export_keeps_everything_but_its_addresses(serving, shared_file):
    with gzip.open(shared_file("data/github-rust.jsonl.gz")) as lines:
        raw = json.loads(next(lines))
    served = serving([raw], repository="rust-lang/rust").get(f"/repos/rust-lang/rust/issues/{raw['number']}")
    for key, value in raw.items():
        if key != "reactions" and not key.endswith("url"):
            assert _without_addresses(served[key]) == _without_addresses(value), key
    assert served["url"] == raw["url"].replace("https://api.github.com", "http://localhost/github")


def _without_addresses(value):
    if isinstance(value, list):
        return [_without_addresses(one) for one in value]
    if isinstance(value, dict):
        made = {"avatar_url", "gravatar_id"}
        return {
            key: _without_addresses(one) for key, one in value.items() if key not in made and not key.endswith("url")
        }
    return value
