"""What all other tests hold every request against is at hand, and finds what departs from it."""

import pytest


def test_requests_are_held_against_jiras_own_documents(tools):
    for file in tools.specs:
        if not file.exists():
            pytest.skip(f"needs {file.name} of the shared specifications: requests are not checked against them")
    search = {"jql": "a = b", "fields": ["summary"], "maxResults": 100}
    assert list(tools.breaches("POST", "/rest/api/3/search/jql", {}, search)) == []
    assert list(tools.breaches("POST", "/rest/api/3/search/jql", {}, search | {"startAt": 0}))
    assert list(tools.breaches("POST", "/rest/api/3/search/jql", {"page": "1"}, search))
    assert list(tools.breaches("POST", "/rest/api/3/search/jsql", {}, search))
    assert list(tools.breaches("GET", "/rest/api/2/search", {"validateQuery": "maybe"}, None))
    assert list(tools.breaches("PUT", "/rest/agile/1.0/issue/rank", {}, {"issues": [1]}))
