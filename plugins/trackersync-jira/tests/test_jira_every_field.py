"""Fields of every type are read from the sandbox's Jira, as Cloud and as Data Center, each as people see it."""

from __future__ import annotations

import re

import pytest
import responses
from werkzeug.test import Client

from trackersync.connector import FieldNames
from trackersync.testing import FakeClock
from trackersync.transport import Transport
from trackersync_jira.connector import JiraConnector
from trackersync_jira.settings import JiraSettings

jira = pytest.importorskip("trackersync_sandbox.jira", reason="needs the sandbox")

ANN = {"accountId": "5b1", "name": "ann", "displayName": "Ann"}
BOB = {"accountId": "5b2", "name": "bob", "displayName": "Bob"}
SPRINTS = [
    {"id": 41, "name": "Sprint 41", "state": "closed", "boardId": 12},
    {"id": 42, "name": "Sprint 42, the long one", "state": "active", "boardId": 12},
]
KINDS = {
    "number": (3.5, 3.5),
    "text": ("short", "short"),
    "text area": ("*two*\nlines", None),
    "url": ("https://a.example/1", "https://a.example/1"),
    "date": ("2026-05-06", "2026-05-06"),
    "datetime": ("2026-05-06T07:08:09.000+0000", "2026-05-06T07:08:09.000+0000"),
    "radio": ({"id": "1", "value": "High"}, "High"),
    "cascading select": ({"value": "Hardware", "child": {"value": "Laptop"}}, "Hardware - Laptop"),
    "checkboxes": ([{"id": "1", "value": "Web"}, {"id": "2", "value": "App"}], ("Web", "App")),
    "labels": (["a", "b"], ("a", "b")),
    "user": (ANN, "Ann"),
    "users": ([ANN, BOB], ("Ann", "Bob")),
    "version": ({"id": "1", "name": "1.0", "released": True}, "1.0"),
    "versions": ([{"name": "1.0", "released": True}, {"name": "2.0", "released": False}], ("1.0", "2.0")),
    "project": ({"id": "9", "key": "WEB", "name": "Web shop"}, "Web shop"),
}  # fmt: skip
"""By kind what Jira holds and what the model has of it."""

IDS = {kind: f"customfield_{11000 + place}" for place, kind in enumerate(KINDS)}


def ticket(**fields):
    standard = {
        "summary": "Every field",
        "issuetype": {"id": "1", "name": "Bug", "subtask": False},
        "project": {"id": "1", "key": "CORE", "name": "Core"},
        "status": {"id": "1", "name": "To Do", "statusCategory": {"key": "new"}},
        "created": "2026-01-01T00:00:00.000+0000",
        "updated": "2026-01-01T00:00:00.000+0000",
    }
    return {"id": "10001", "key": "CORE-1", "fields": standard | fields}


@pytest.fixture(params=["cloud", "data_center"])
def deployment(request):
    return request.param


@pytest.fixture
def read(deployment):
    """Read CORE-1 of these fields by a connector that wants these fields and columns."""
    from trackersync_sandbox.app import Sandbox
    from trackersync_sandbox.source import Backlog
    from trackersync_sandbox.state import Requests

    def pulled(fields, wanted=(), columns=()):
        tracker = jira.load(Backlog({"CORE": iter([ticket(**fields)])}, {}), deployment=deployment)
        http = Client(Sandbox([tracker], Requests()))

        def answer(request):
            path = request.path_url.removeprefix("/base")
            told = http.open(f"/jira{path}", method=request.method, data=request.body, headers=dict(request.headers))
            return told.status_code, {"Content-Type": "application/json"}, told.data

        with (
            responses.RequestsMock(assert_all_requests_are_fired=False) as mock,
            Transport(clock=FakeClock()) as transport,
        ):
            for method in ("GET", "POST"):
                mock.add_callback(method, re.compile(r"https://jira\.example/.*"), callback=answer)
            settings = JiraSettings(url="https://jira.example/base", jql="project = CORE")
            names = FieldNames(fields=frozenset(wanted), columns=frozenset(columns))
            source = JiraConnector("core", settings, transport=transport, env={"JIRA_TOKEN": "any"}, wanted=names)
            ((issue,),) = ([*page] for page in source.pull())
            assert source.fetch([issue.ref.id]) == {issue.ref.id: issue}
        return issue

    return pulled


def test_fields_of_every_type_are_read_as_people_see_them(read, deployment):
    issue = read({IDS[kind]: held for kind, (held, _) in KINDS.items()}, IDS.values())
    expected = {IDS[kind]: value for kind, (_, value) in KINDS.items()}
    # Cloud's document has the stars as letters; on Data Center they are markup.
    expected[IDS["text area"]] = "*two*\nlines" if deployment == "cloud" else "two\nlines"
    assert issue.fields == expected


def test_fields_that_are_empty_are_nothing(read):
    issue = read({"description": None}, ["Story Points", "Impact", "Sprint", "Priority", "Description"])
    assert issue.fields == dict.fromkeys(["Story Points", "Impact", "Sprint", "Priority", "Description"])
    assert issue.body == ""


def test_sprints_and_versions_and_comments_come_where_the_rules_use_them(read):
    comment = {"comments": [{"id": "1", "body": "long", "author": ANN}], "total": 1}
    fields = {"customfield_10020": SPRINTS, "versions": [{"id": "1", "name": "1.0"}], "comment": comment}
    used = read(fields, ["Sprint"], ["sprint", "affects_versions", "comments"])
    assert (used.sprint, used.sprint_state, used.past_sprints) == ("Sprint 42, the long one", "active", 1)
    assert used.fields == {"Sprint": ("Sprint 41", "Sprint 42, the long one")}
    assert (used.affects_versions, used.comments) == (("1.0",), 1)
    unused = read(fields)
    assert (unused.sprint, unused.past_sprints, unused.affects_versions, unused.comments) == (None, None, (), None)
