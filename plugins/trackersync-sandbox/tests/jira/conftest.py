"""A Jira to talk to without a socket, as Cloud or as Data Center."""

from __future__ import annotations

import json

import pytest
from werkzeug.test import Client

from trackersync_sandbox import jira
from trackersync_sandbox.app import Sandbox
from trackersync_sandbox.source import Backlog, built_in, selection
from trackersync_sandbox.state import Clock, Requests

TOKEN = {"Authorization": "Basic cG1AYWNtZS5leGFtcGxlOmFueQ=="}
EVERYTHING = selection(jira.is_open, limit=None, open_only=False)
STATUSES = {
    "To Do": {"id": "1", "name": "To Do", "statusCategory": {"key": "new"}},
    "In Progress": {"id": "3", "name": "In Progress", "statusCategory": {"key": "indeterminate"}},
    "Done": {"id": "5", "name": "Done", "statusCategory": {"key": "done"}},
}


def ticket(number, summary="", *, status="To Do", project="CORE", **fields):
    """An issue in the API's form with no more than has to be there."""
    standard = {
        "summary": summary or f"Issue {number}",
        "issuetype": {"id": "1", "name": "Bug", "subtask": False},
        "project": {"id": "10000" if project == "CORE" else "10001", "key": project, "name": f"{project} project"},
        "status": STATUSES[status],
        "labels": [],
        "created": f"2026-01-{number:02}T10:00:00.000+0000",
        "updated": f"2026-02-{number:02}T10:00:00.000+0000",
    }
    offset = 0 if project == "CORE" else 500
    return {"id": str(10000 + offset + number), "key": f"{project}-{number}", "fields": standard | fields}


class Api:
    """Calls the sandbox as a client of Jira would."""

    def __init__(self, backlog, deployment, **options):
        clock = Clock()
        self.tracker = jira.load(backlog, deployment=deployment, clock=clock, **options)
        self.app = Sandbox([self.tracker], Requests(), clock=clock)
        self.http = Client(self.app)
        self.search_path = "/rest/api/3/search/jql" if deployment == "cloud" else "/rest/api/2/search"

    def __call__(self, method, path, *, headers=TOKEN, **options):
        return self.http.open("/jira" + path, method=method, headers=headers, **options)

    def get(self, path, **options):
        answer = self("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json

    def search(self, jql, *, fields=("summary",), **more):
        """One page."""
        answer = self("POST", self.search_path, json={"jql": jql, "fields": list(fields)} | more)
        assert answer.status_code == 200, answer.text
        return answer.json

    def keys(self, jql):
        """All that a query finds, in order."""
        return [issue["key"] for issue in self.search(jql, fields=["key"], maxResults=1000)["issues"]]

    def refused(self, jql):
        """What Jira says to a query."""
        answer = self("POST", self.search_path, json={"jql": jql})
        assert answer.status_code == 400, answer.text
        (said,) = answer.json["errorMessages"]
        return said

    def put(self, key, **body):
        return self("PUT", f"/rest/api/3/issue/{key}", json=body)

    def fields(self, key, version=3):
        return self.get(f"/rest/api/{version}/issue/{key}")["fields"]

    def rank(self, *issues, **anchor):
        return self("PUT", "/rest/agile/1.0/issue/rank", json={"issues": list(issues)} | anchor)

    @property
    def order(self):
        return self.state["order"]

    @property
    def state(self):
        return json.loads(self.http.get("/_sandbox/state").data)["jira"]

    def edit(self, ref, **values):
        return self.http.post("/_sandbox/edit", json={"ref": f"jira:{ref}", "set": values})

    def advance(self, milliseconds):
        assert self.http.post("/_sandbox/clock", json={"advance_ms": milliseconds}).status_code == 200

    def play(self, what, ref, **more):
        """`play("move", "CORE-1", to="OPS")`."""
        return self.http.post(f"/_sandbox/{what}", json={"ref": f"jira:{ref}", **more})


@pytest.fixture
def serving():
    """Serve issues of one's own: `serving(ticket(1), ticket(2))`."""

    def make(*tickets, deployment="cloud", board=None, **options):
        by_project = {}
        for one in tickets:
            by_project.setdefault(one["key"].rpartition("-")[0], []).append(one)
        return Api(Backlog({key: iter(some) for key, some in by_project.items()}, board or {}), deployment, **options)

    return make


@pytest.fixture
def new_ticket():
    """Make an issue in the API's form: `new_ticket(7, "Title", status="Done", labels=["x"])`."""
    return ticket


@pytest.fixture(params=["cloud", "data_center"])
def either(request):
    """The built-in backlog in each deployment."""
    return Api(built_in("jira", "CORE", EVERYTHING), request.param)


@pytest.fixture
def cloud():
    """The built-in backlog on Cloud."""
    return Api(built_in("jira", "CORE", EVERYTHING), "cloud")


@pytest.fixture
def server():
    """The built-in backlog on Data Center."""
    return Api(built_in("jira", "CORE", EVERYTHING), "data_center")


@pytest.fixture
def three(serving):
    """CORE-1 to CORE-3 in this order."""
    return serving(*(ticket(number) for number in (1, 2, 3)))
