"""Pull requests close the issues that their texts name after a closing word, told from both sides."""

from __future__ import annotations

import pytest

CLOSES = """query($c: String) { repository(owner: "acme", name: "web") {
    pullRequests(first: 2, after: $c, states: [OPEN]) { totalCount pageInfo { hasNextPage endCursor }
    nodes { number state closingIssuesReferences(first: 9) { nodes { number repository { nameWithOwner } } } } } } }"""
CLOSED_BY = """query($all: Boolean) { repository(owner: "acme", name: "web") { issue(number: 1) {
    closedByPullRequestsReferences(first: 9, includeClosedPrs: $all) { nodes { number state } } } } }"""


def pull(number, body, state="open", merged=None):
    return {"number": number, "title": "", "body": body, "state": state, "pull_request": {"merged_at": merged}}


@pytest.fixture
def hub(serving):
    issues = [
        {"number": 1, "title": ""},
        {"number": 2, "title": ""},
        pull(3, "Fixes #1, resolves: #2 and closes #1"),
        pull(4, None),
        pull(5, "See #1. Prefixes #2. Closes #99, fixed #3, fixes acme/api#7"),
        pull(6, "FIXES #1", state="closed"),
        pull(7, "close #1", state="closed", merged="2026-01-01T00:00:00Z"),
    ]
    return serving(issues, others={"acme/api": [{"number": 7, "title": ""}, pull(8, "Closes acme/web#1")]})


def test_a_pull_request_tells_the_issues_that_it_will_close(hub):
    first = hub.graphql(CLOSES)["data"]["repository"]["pullRequests"]
    second = hub.graphql(CLOSES, c=first["pageInfo"]["endCursor"])["data"]["repository"]["pullRequests"]
    assert (first["totalCount"], second["pageInfo"]["hasNextPage"]) == (3, False)
    named = {
        node["number"]: [
            (n["repository"]["nameWithOwner"], n["number"]) for n in node["closingIssuesReferences"]["nodes"]
        ]
        for node in first["nodes"] + second["nodes"]
    }
    assert named == {3: [("acme/web", 1), ("acme/web", 2)], 4: [], 5: [("acme/api", 7)]}


@pytest.mark.parametrize(
    ("whether", "told"),
    [(False, [(3, "OPEN"), (8, "OPEN")]), (True, [(3, "OPEN"), (6, "CLOSED"), (7, "MERGED"), (8, "OPEN")])],
)
def test_an_issue_tells_the_open_ones_unless_all_are_asked_for(hub, whether, told):
    found = hub.graphql(CLOSED_BY, all=whether)["data"]["repository"]["issue"]["closedByPullRequestsReferences"]
    assert [(node["number"], node["state"]) for node in found["nodes"]] == told
