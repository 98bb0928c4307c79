"""What was written is told write by write, however the writes were packed into requests."""

from __future__ import annotations

import json

from trackersync_sandbox.writes import single_writes


def written(method: str, path: str, body: object = None) -> list[str]:
    return list(single_writes(method, path, json.dumps(body).encode()))


def test_every_mutation_of_a_document_is_one_write() -> None:
    query = "mutation($m0: A!, $m1: B!) { m0: add(input: $m0) { x } m1: move(input: $m1) { x } }"
    body = {"query": query, "variables": {"m0": {"id": "I"}, "m1": {"id": "J"}}}
    assert written("POST", "graphql", body) == ['add {"id": "I"}', 'move {"id": "J"}']
    assert written("POST", "graphql", {"query": "query { viewer { login } }"}) == []


def test_every_issue_of_a_run_of_moves_is_one_write() -> None:
    body = {"issues": ["CORE-1", "CORE-2"], "rankBeforeIssue": "CORE-9"}
    path = "rest/agile/1.0/issue/rank"
    assert written("PUT", path, body) == ["rank CORE-1 before CORE-9", "rank CORE-2 after CORE-1"]
    assert written("PUT", path, {"issues": ["CORE-2"], "rankAfterIssue": "CORE-1"}) == ["rank CORE-2 after CORE-1"]


def test_an_edit_is_one_write_and_a_search_none() -> None:
    assert written("PUT", "rest/api/3/issue/7", {"fields": {}}) == ['PUT rest/api/3/issue/7 {"fields": {}}']
    assert written("POST", "rest/api/3/search/jql", {"jql": ""}) == []
    assert written("GET", "repos/acme/web/issues") == []
