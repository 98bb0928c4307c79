"""A GitHub to talk to without a socket, and GitHub's own specifications to judge its answers by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from werkzeug.test import Client

from trackersync_sandbox import github
from trackersync_sandbox.app import Sandbox
from trackersync_sandbox.source import Backlog, built_in, selection
from trackersync_sandbox.state import Requests

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


def serve(backlog, **options):
    requests = Requests()
    return Api(github.load(backlog, requests), requests, **options)


EVERYTHING = selection(github.is_open, limit=None, open_only=False)


@pytest.fixture
def api():
    """The built-in backlog."""
    return serve(built_in("github", "acme/web", EVERYTHING))


@pytest.fixture
def serving():
    """Serve issues of one's own: `serving(acme_web=[…])`, or with a board."""

    def make(issues, board=None, *, repository="acme/web", **options):
        return serve(Backlog({repository: iter(issues)}, board or {}), **options)

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
