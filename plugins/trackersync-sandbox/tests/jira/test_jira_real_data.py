"""Real backlogs load, and a full pull gives every issue exactly once."""

from __future__ import annotations

import gzip

import msgspec
import pytest
from werkzeug.test import Client

from trackersync_sandbox import jira
from trackersync_sandbox.app import Sandbox
from trackersync_sandbox.source import from_files, selection
from trackersync_sandbox.state import Requests

EVERYTHING = selection(jira.is_open, limit=None, open_only=False)
FIELDS = ["summary", "description", "status", "priority", "labels", "issuelinks", "parent", "customfield_10019"]


class Id(msgspec.Struct):
    id: str


class Page(msgspec.Struct, rename="camel"):
    issues: list[Id]
    is_last: bool = True
    next_page_token: str = ""
    total: int = 0


def ids_in(path):
    with gzip.open(path) as lines:
        return [msgspec.json.decode(line, type=Id).id for line in lines]


@pytest.mark.parametrize(("name", "project"), [("timob", "TIMOB"), ("arrow", "ARROW"), ("mod", "MOD")])
def test_a_full_pull_by_token_gives_every_issue_once(shared_file, name, project):
    path = shared_file(f"data/jira-{name}.jsonl.gz")
    http = Client(Sandbox([jira.load(from_files({project: [path]}, EVERYTHING), deployment="cloud")], Requests()))
    body = {"jql": f"project = {project} ORDER BY id ASC", "fields": FIELDS, "maxResults": 100}
    found, more = [], {}
    while True:
        answer = http.post("/jira/rest/api/3/search/jql", json=body | more, headers={"Authorization": "Bearer x"})
        page = msgspec.json.decode(answer.data, type=Page)
        found += [issue.id for issue in page.issues]
        if page.is_last:
            break
        more = {"nextPageToken": page.next_page_token}
    assert sorted(found) == sorted(ids_in(path))


def test_a_full_pull_by_offset_gives_every_issue_once(shared_file):
    path = shared_file("data/jira-arrow.jsonl.gz")
    http = Client(Sandbox([jira.load(from_files({"ARROW": [path]}, EVERYTHING), deployment="data_center")], Requests()))
    found, total = [], 1
    while len(found) < total:
        query = {"jql": "ORDER BY Rank", "fields": "*all", "startAt": len(found), "maxResults": 1000}
        answer = http.get("/jira/rest/api/2/search", query_string=query, headers={"Authorization": "Bearer x"})
        page = msgspec.json.decode(answer.data, type=Page)
        found, total = found + [issue.id for issue in page.issues], page.total
    assert sorted(found) == sorted(ids_in(path))
