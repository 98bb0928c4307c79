"""A Jira of `responses`, of either deployment; every request a test makes is held against Jira's OpenAPI documents."""

import json
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import pytest
import responses

from trackersync.connector import FieldNames
from trackersync.testing import FakeClock
from trackersync.transport import Transport
from trackersync_jira.connector import JiraConnector
from trackersync_jira.settings import JiraSettings

URL = "https://jira.example/base"
SHARED = Path(__file__).parents[4] / "shared"
SPECS = [SHARED / "specs" / "jira-platform.json", SHARED / "specs" / "jira-software.json"]

FIELDS = [
    {"id": "summary", "name": "Summary", "schema": {"type": "string", "system": "summary"}},
    {"id": "priority", "name": "Priority", "schema": {"type": "priority", "system": "priority"}},
    {"id": "customfield_1", "name": "Reach", "custom": True, "schema": {"type": "number", "customId": 1}},
    {"id": "customfield_2", "name": "Impact", "custom": True, "schema": {"type": "option", "customId": 2}},
    {"id": "customfield_3", "name": "Twin", "custom": True, "schema": {"type": "string", "customId": 3}},
    {"id": "customfield_4", "name": "twin", "custom": True, "schema": {"type": "string", "customId": 4}},
    {"id": "customfield_5", "name": "Story point estimate", "custom": True, "schema": {"type": "number"}},
    {"id": "customfield_6", "name": "Story Points", "custom": True, "schema": {"type": "number"}},
    {"id": "customfield_7", "name": "Priority Score", "custom": True, "schema": {"type": "number"}},
    {
        "id": "customfield_8",
        "name": "Why",
        "custom": True,
        "schema": {"type": "string", "custom": "com.atlassian.jira.plugin.system.customfieldtypes:textarea"},
    },
    {
        "id": "customfield_9",
        "name": "Epic Link",
        "custom": True,
        "schema": {"type": "any", "custom": "com.pyxis.greenhopper.jira:gh-epic-link"},
    },
    {"id": "customfield_10", "name": "Rank", "custom": True, "schema": {"type": "any"}},
    {"id": "customfield_11", "name": "Teams", "custom": True, "schema": {"type": "array", "items": "option"}},
    {"id": "customfield_12", "name": "Tags", "custom": True, "schema": {"type": "array", "items": "string"}},
    {
        "id": "customfield_13",
        "name": "Sprint",
        "custom": True,
        "schema": {"type": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint"},
    },
]


def issue(number: int, **fields: Any) -> dict[str, Any]:
    """An issue as both deployments send it, as far as the fields go."""
    standard = {
        "summary": f"Issue {number}",
        "created": "2024-01-02T03:04:05.000+0000",
        "updated": "2024-02-03T04:05:06.789+0100",
        "status": {"name": "Open", "statusCategory": {"key": "new", "name": "To Do"}},
    }
    return {"id": str(10000 + number), "key": f"CORE-{number}", "fields": standard | fields}


class Jira:
    """What one test's Jira answers at `url`, while people see it at `shown_at`.

    `calls` are the requests as (method, path below the site, query, body). A pull from Cloud lists ids and looks up the
    fields at once, so that either may come first.
    """

    def __init__(
        self, http: responses.RequestsMock, *, cloud: bool, url: str = URL, shown_at: str | None = None
    ) -> None:
        self.http = http
        self.cloud = cloud
        self.url = url
        self.api = f"{url}/rest/api/{3 if cloud else 2}"
        kind = "Cloud" if cloud else "Data Center"
        self.http.get(f"{url}/rest/api/2/serverInfo", json={"baseUrl": shown_at or url, "deploymentType": kind})
        self.http.get(f"{url}/rest/api/2/field", json=FIELDS)
        self.http.get(f"{url}/rest/api/2/myself", json={"accountId": "me"})
        self.http.get(f"{url}/rest/agile/1.0/board/12/configuration", json={"ranking": {"rankCustomFieldId": 10}})

    @property
    def calls(self) -> list[tuple[str, str, dict[str, str], Any]]:
        return [
            (
                call.request.method,
                urlsplit(call.request.url).path.removeprefix(urlsplit(self.url).path),
                dict(parse_qsl(urlsplit(call.request.url).query)),
                json.loads(call.request.body) if call.request.body else None,
            )
            for call in self.http.calls
            if call.request.url.startswith(self.url)
        ]

    @property
    def paths(self) -> list[str]:
        return [f"{method} {path}" for method, path, _, _ in self.calls]

    @property
    def searches(self) -> list[dict[str, Any]]:
        """What was sent to the search, be it for issues or for a list of ids."""
        return [body for method, path, _, body in self.calls if method == "POST" and "/search" in path]

    @property
    def reads(self) -> list[dict[str, Any]]:
        """What was sent for whole issues: to the bulk fetch of Cloud, or to the search for more than a field."""
        asked = [body for method, path, _, body in self.calls if method == "POST" and path.endswith("/issue/bulkfetch")]
        return [body for body in [*self.searches, *asked] if len(body["fields"]) > 1]

    def holds(self, *found: dict[str, Any]) -> None:
        """These issues are what a bulk fetch of Cloud may ask for; `has` says so too."""
        by_id = {raw["id"]: raw for raw in found}

        def bulkfetch(request: Any) -> tuple[int, dict[str, str], str]:
            ids = json.loads(request.body)["issueIdsOrKeys"]
            return 200, {}, json.dumps({"issues": [by_id[id_] for id_ in ids if id_ in by_id]})

        if self.cloud:
            self.http.add_callback("POST", f"{self.api}/issue/bulkfetch", bulkfetch)

    def has(self, *found: dict[str, Any], page: int | None = None) -> None:
        """These issues are what every search finds and every fetch may ask for; `page` is the most a page holds."""
        page = page or (100 if self.cloud else 1000)
        by_id = {raw["id"]: raw for raw in found}

        def search_jql(request: Any) -> tuple[int, dict[str, str], str]:
            body = json.loads(request.body)
            start = int(body.get("nextPageToken", 0))
            assert " id > " not in body["jql"], "it compares keys within a project"
            there = list(found)
            size = min(5000 if body["fields"] == ["id"] else page, body["maxResults"])
            last = start + size >= len(there)
            answer = {"issues": there[start : start + size], "isLast": last}
            return 200, {}, json.dumps(answer if last else answer | {"nextPageToken": str(start + size)})

        def search(request: Any) -> tuple[int, dict[str, str], str]:
            query = dict(parse_qsl(urlsplit(request.url).query))
            asked = query or json.loads(request.body)
            start, size = int(asked.get("startAt", 0)), min(page, int(asked["maxResults"]))
            ids = re.fullmatch(r"id in \((.*)\) ORDER BY id ASC", asked["jql"])
            there = [by_id[id_] for id_ in ids[1].split(", ") if id_ in by_id] if ids else list(found)
            answer = {"issues": there[start : start + size], "total": len(there), "startAt": start}
            return 200, {}, json.dumps(answer)

        if self.cloud:
            self.http.add_callback("POST", f"{self.api}/search/jql", search_jql)
            self.holds(*found)
        else:
            self.http.add_callback("POST", f"{self.api}/search", search)
            self.http.add_callback("GET", f"{self.api}/search", search)


@cache
def _operations() -> list[tuple[re.Pattern[str], str, dict[str, Any], dict[str, Any]]]:
    found = []
    for file in SPECS:
        document = json.loads(file.read_text())
        for template, operations in document["paths"].items():
            pattern = re.compile(re.sub(r"\{[^}]+\}", "[^/]+", template))
            found += [(pattern, method.upper(), entry, document["components"]) for method, entry in operations.items()]
    # A template without parameters is the more exact one.
    return sorted(found, key=lambda entry: "[^/]+" in entry[0].pattern)


def breaches(method: str, path: str, query: dict[str, str], body: Any) -> Iterator[str]:
    """How a request departs from the documents; those of version 2 are held against version 3, the one published."""
    path = path.replace("/rest/api/2/", "/rest/api/3/")
    for pattern, verb, operation, components in _operations():  # noqa: B007 - used after the break
        if verb == method and pattern.fullmatch(path):
            break
    else:
        yield f"no operation {method} {path}"
        return
    parameters = {entry["name"]: entry for entry in operation.get("parameters", []) if entry["in"] == "query"}
    yield from (f"{method} {path} knows no parameter {name}" for name in query if name not in parameters)
    for name in query.keys() & parameters.keys():
        allowed = parameters[name]["schema"].get("enum")
        if allowed and query[name] not in allowed:
            yield f"{method} {path} takes {name} of {allowed}"
    if body is not None:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        validator = jsonschema.Draft4Validator(schema | {"components": components})
        yield from (f"{method} {path}: {error.message}" for error in validator.iter_errors(body))


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture(params=["cloud", "data_center"])
def deployment(request) -> str:
    return request.param


@pytest.fixture
def jira(http, deployment) -> Iterator[Jira]:
    jira = Jira(http, cloud=deployment == "cloud")
    yield jira
    if all(file.exists() for file in SPECS):
        assert [breach for call in jira.calls for breach in breaches(*call)] == []


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connect(clock):
    """Makes a connector: settings by keyword, `fields` the wanted ones, `columns` those that the rules use."""
    transports = []

    def make(
        *fields: str, columns: Collection[str] = (), token: str | None = "s3cr3t", **settings: Any
    ) -> JiraConnector:
        transport = Transport(clock=clock)
        transports.append(transport)
        return JiraConnector(
            "core",
            JiraSettings(**({"url": URL, "jql": "project = CORE"} | settings)),
            transport=transport,
            env={} if token is None else {"JIRA_TOKEN": token},
            wanted=FieldNames(fields=frozenset(fields), columns=frozenset(columns)),
        )

    yield make
    for transport in transports:
        transport.close()


@pytest.fixture
def tools() -> SimpleNamespace:
    """What tests share besides fixtures."""
    return SimpleNamespace(
        issue=issue, breaches=breaches, url=URL, shared=SHARED, specs=SPECS, fields=FIELDS, jira=Jira
    )
