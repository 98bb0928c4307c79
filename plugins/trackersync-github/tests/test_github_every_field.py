"""Project fields and issue fields of every kind are read from the sandbox's GitHub, each as people see it."""

from __future__ import annotations

import re

import pytest
import responses
from werkzeug.test import Client

from trackersync.connector import FieldNames
from trackersync.testing import FakeClock
from trackersync.transport import Transport
from trackersync_github.connector import GitHubConnector
from trackersync_github.settings import GitHubSettings

sandbox = pytest.importorskip("trackersync_sandbox.github", reason="needs the sandbox")

ON_PROJECT = {"Reach": 4.5, "Note": "short", "Start": "2026-05-06", "Band": "P1", "Iteration": "Iteration 8"}
OF_ISSUES = {
    "Weight": 3,
    "Customer": "Bike Parts",
    "Due": "2026-05-06",
    "Severity": "High",
    "Teams": ("Web", "Android"),
}
BOARD = {
    "projects": [
        {
            "owner": "acme", "number": 7, "title": "Roadmap",
            "fields": [
                {"name": "Reach", "type": "number"}, {"name": "Note", "type": "text"},
                {"name": "Start", "type": "date"},
                {"name": "Band", "type": "single_select", "options": ["P0", "P1"]},
                {"name": "Iteration", "type": "iteration", "options": ["Iteration 7", "Iteration 8"]},
            ],
            "items": [{"issue": 1, "values": ON_PROJECT}, {"issue": 2}],
        }
    ],
    "issue_fields": [
        {"name": "Weight", "type": "number"}, {"name": "Customer", "type": "text"}, {"name": "Due", "type": "date"},
        {"name": "Severity", "type": "single_select", "options": ["Low", "High"]},
        {"name": "Teams", "type": "multi_select", "options": ["Web", "iOS", "Android"]},
    ],
    "issue_field_values": {"1": OF_ISSUES},
    "blocked_by": {"2": [1]},
}  # fmt: skip
ISSUES = [
    {"number": 1, "title": "Full", "type": "Bug", "body": None, "reactions": {"+1": 2, "heart": 1}},
    {"number": 2, "title": "Bare", "parent_issue_url": "https://x/repos/acme/web/issues/1"},
    {"number": 3, "title": "Pull", "body": "Fixes #1", "pull_request": {"merged_at": None}},
]


@pytest.fixture
def read():
    """Both issues by a connector that wants these fields and columns; and how often it asked by GraphQL."""
    from trackersync_sandbox.app import Sandbox
    from trackersync_sandbox.source import Backlog
    from trackersync_sandbox.state import Requests

    def pulled(wanted):
        requests = Requests()
        tracker = sandbox.load(Backlog({"acme/web": iter(ISSUES)}, BOARD), requests)
        http = Client(Sandbox([tracker], requests))

        def answer(request):
            headers = dict(request.headers)
            told = http.open(f"/github{request.path_url}", method=request.method, data=request.body, headers=headers)
            return told.status_code, {"Content-Type": "application/json"}, told.data

        settings = GitHubSettings(repository="acme/web", project={"owner": "acme", "number": 7})
        with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
            for method in ("GET", "POST"):
                mock.add_callback(method, re.compile(r"https://api\.github\.com/.*"), callback=answer)
            with Transport(clock=FakeClock()) as transport:
                env = {"GITHUB_TOKEN": "any"}
                source = GitHubConnector("web", settings, transport=transport, env=env, wanted=wanted)
                listed = {issue.title: issue for page in source.pull() for issue in page}
                asked = sum(call.request.method == "POST" for call in mock.calls)
                fetched = {issue.title: issue for issue in source.fetch([i.ref.id for i in listed.values()]).values()}
        return listed, fetched, asked

    return pulled


def test_fields_of_every_kind_are_read_by_either_api_as_people_see_them(read):
    listed, fetched, _ = read(FieldNames(frozenset(OF_ISSUES), frozenset(ON_PROJECT)))
    for issues in (listed, fetched):
        assert issues["Full"].project_fields == ON_PROJECT
        assert issues["Full"].fields == OF_ISSUES
        assert (issues["Bare"].project_fields, issues["Bare"].fields) == ({}, {})


def test_type_parts_and_reactions_need_no_wish_and_pull_requests_and_links_do(read):
    listed, fetched, plain = read(FieldNames())
    used, used_fetched, more = read(FieldNames(columns=frozenset({"pull_requests_open", "links"})))
    for issues in (listed, fetched, used, used_fetched):
        full, bare = issues["Full"], issues["Bare"]
        assert (full.type, full.body, full.reactions) == ("bug", "", {"+1": 2, "heart": 1})
        assert (full.sub_issues, full.sub_issues_open, bare.parent) == (1, 1, "github:acme/web#1")
        assert (full.blocks_open, bare.blocked_by_open) == (1, 1)
    assert [issues["Full"].pull_requests_open for issues in (listed, fetched)] == [None, None]
    assert [issues["Full"].pull_requests_open for issues in (used, used_fetched)] == [1, 1]
    for issues in (used, used_fetched):
        links = (*issues["Full"].links, *issues["Bare"].links)
        assert [link.target for link in links] == ["github:acme/web#2", "github:acme/web#1"]
    assert used["Bare"].pull_requests_open == 0
    assert more == plain + 2
