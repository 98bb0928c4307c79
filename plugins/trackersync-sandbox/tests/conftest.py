"""A GitHub to talk to without a socket, and GitHub's own specifications to judge its answers by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from werkzeug.test import Client

from trackersync_sandbox import github
from trackersync_sandbox.app import Sandbox
from trackersync_sandbox.source import Backlog, built_in, selection
from trackersync_sandbox.state import Clock, Requests

SHARED = Path(__file__).parents[4] / "shared"
TOKEN = {"Authorization": "Bearer any"}


def shared(path):
    """A file of the shared material; the test is skipped where it is absent."""
    if not (SHARED / path).exists():
        pytest.skip(f"needs ../shared/{path}, which is not here")
    return SHARED / path


class Api:
    """Calls the sandbox as a client of GitHub would."""

    def __init__(self, tracker, requests, **options):
        self.world = tracker.world
        self.app = Sandbox([tracker], requests, **options)
        self.http = Client(self.app)

    def __call__(self, method, path, *, headers=TOKEN, **options):
        return self.http.open("/github" + path, method=method, headers=headers, **options)

    def get(self, path, **options):
        answer = self("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json

    def graphql(self, query, **variables):
        answer = self("POST", "/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == 200
        return answer.json

    def state(self):
        return self.http.get("/_sandbox/state").data

    def requests(self):
        return self.http.get("/_sandbox/requests").json

    def edit(self, ref, **values):
        return self.http.post("/_sandbox/edit", json={"ref": ref, "set": values})

    def advance(self, milliseconds):
        assert self.http.post("/_sandbox/clock", json={"advance_ms": milliseconds}).status_code == 200

    def play(self, what, ref, **more):
        """`play("move", "github:acme/web#1", to="acme/api")`."""
        return self.http.post(f"/_sandbox/{what}", json={"ref": ref, **more})


def serve(backlog, *, kind=Api, rate_limit=None, **options):
    requests, clock = Requests(), Clock()
    return kind(github.load(backlog, requests, clock=clock, rate_limit=rate_limit), requests, clock=clock, **options)


EVERYTHING = selection(github.is_open, limit=None, open_only=False)


@pytest.fixture
def api():
    """The built-in backlog."""
    return serve(built_in("github", "acme/web", EVERYTHING))


@pytest.fixture
def serving():
    """Serve issues of one's own, with a board, or with those of other repositories: `others={"acme/api": […]}`."""

    def make(issues, board=None, *, repository="acme/web", others=None, **options):
        listed = {repository: issues, **(others or {})}
        return serve(Backlog({name: iter(some) for name, some in listed.items()}, board or {}), **options)

    return make


@pytest.fixture(scope="session")
def rest_spec():
    """GitHub's OpenAPI description, read once."""
    return json.loads(shared("specs/github-rest.json").read_bytes())


@pytest.fixture(scope="session")
def official_schema():
    """GitHub's GraphQL schema, parsed once: definitions by name."""
    from graphql import parse

    document = parse(shared("specs/github.graphql").read_text("utf-8"), no_location=True)
    return {
        definition.name.value: definition for definition in document.definitions if getattr(definition, "name", None)
    }


@pytest.fixture(scope="session")
def shared_file():
    """Find a file of the shared material, or skip."""
    return shared


ISSUES = [
    {"number": n, "title": f"Issue {n}", "labels": ["bug"], "created_at": f"2026-01-0{n}T00:00:00Z"} for n in (1, 2, 3)
]
BOARD = {
    "projects": [
        {
            "owner": "acme",
            "number": 7,
            "title": "Roadmap",
            "fields": [
                {"name": "Score", "type": "number"},
                {"name": "Note", "type": "text"},
                {"name": "Start", "type": "date"},
                {"name": "Priority", "type": "single_select", "options": ["P0", "P1"]},
            ],
            "items": [{"issue": 1, "values": {"Score": 4.5, "Priority": "P1"}}, {"issue": 2}],
        },
        {
            "owner": "acme",
            "number": 8,
            "title": "Other",
            "fields": [{"name": "Score", "type": "number"}],
            "items": [],
        },
    ],
    "issue_fields": [
        {"name": "Impact", "type": "single_select", "options": ["High", "Low"]},
        {"name": "Weight", "type": "number"},
    ],
    "issue_field_values": {"1": {"Impact": "High"}},
    "blocked_by": {"1": [2]},
}


class Hub(Api):
    """The board below, with what mutations need to name close at hand."""

    @property
    def ids(self):
        project = self.world.projects["acme", 7]
        repository = self.world.repositories["acme/web"]
        return {
            "repository": repository.node_id,
            "project": project.node_id,
            "issues": {number: issue.node_id for number, issue in repository.issues.items()},
            "items": {item.issue.number: item.node_id for item in project.items},
            "fields": {field.name: field.node_id for field in project.fields},
            "options": {option.name: option.id for option in project.field_named("Priority").options},
            "issue_fields": {field.name: field for field in self.world.owners["acme"].issue_fields},
            "labels": {label.name: label.node_id for label in repository.labels.values()},
        }

    def mutate(self, name, chosen, /, **given):
        """One mutation under the alias `a`."""
        kind = name[0].upper() + name[1:] + "Input"
        return self.graphql(f"mutation($i: {kind}!) {{ a: {name}(input: $i) {{ {chosen} }} }}", i=given)

    def on_item(self, field, item=1):
        known = self.ids
        return {"projectId": known["project"], "itemId": known["items"][item], "fieldId": known["fields"][field]}

    @property
    def _items(self):
        return json.loads(self.state())["github"]["projects"]["acme/7"]["items"]

    def values(self, number=1):
        return next(item["values"] for item in self._items if item["issue"] == f"acme/web#{number}")

    @property
    def order(self):
        return [item["issue"] for item in self._items]


@pytest.fixture
def hub():
    """Three issues, two of them on a project; another project is empty."""
    return serve(Backlog({"acme/web": iter(ISSUES)}, BOARD), kind=Hub)
