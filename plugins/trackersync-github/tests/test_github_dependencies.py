"""Who blocks whom is read whichever way a server tells it, and what it cannot tell never stops the read."""

from __future__ import annotations

import pytest

from trackersync.connector import FieldNames
from trackersync.errors import RejectedError
from trackersync.model import Direction, Link

URL = "https://api.github.com"
ONE = f"{URL}/repos/acme/web/issues/1/dependencies"
UNKNOWN = (200, {"errors": [{"message": "Field 'blockedBy' doesn't exist on type 'Issue'", "path": ["query"]}]})
LINKS = FieldNames(columns=frozenset({"links"}))
BOTH = {"blocked_by": 1, "blocking": 2}


def pulled(connector):
    return {issue.ref.key: issue for page in connector.pull() for issue in page}


@pytest.fixture
def older(github):
    """A server whose GraphQL knows no dependencies, while its REST lists count them."""
    github.will_answer(UNKNOWN, github.facts() | {"holder": None})
    return github


def named(*keys):
    places = (key.split("#") for key in keys)
    return [{"number": int(n), "repository_url": f"{URL}/repos/{place}", "title": "x"} for place, n in places]


def test_an_older_server_is_asked_for_each_issue_by_rest(connect, older, rest_paths):
    older.lists([
        older.rest_issue(1, issue_dependencies_summary=BOTH),
        older.rest_issue(2),
        older.rest_issue(3, issue_dependencies_summary={"blocked_by": 0, "blocking": 1}),
    ])  # fmt: skip
    older.mock.get(f"{ONE}/blocked_by", json=named("acme/api#7"))
    older.mock.get(f"{ONE}/blocking", json=named("acme/web#3", "acme/web#4"))
    older.mock.get(f"{ONE.replace('/1/', '/3/')}/blocking", json=named("acme/web#9"))
    issues = pulled(connect(LINKS))
    inward, outward = Direction.INWARD, Direction.OUTWARD
    assert issues["acme/web#1"].links == (
        Link("blocks", inward, "github:acme/api#7"),
        Link("blocks", outward, "github:acme/web#3"),
        Link("blocks", outward, "github:acme/web#4"),
    )
    assert issues["acme/web#2"].links == ()
    assert issues["acme/web#3"].links == (Link("blocks", outward, "github:acme/web#9"),)
    asked = [url for url in older.gets if "dependencies" in url]
    assert len(asked) == 3
    for side in ("blocked_by", "blocking"):
        assert "get" in rest_paths["paths"][f"/repos/{{owner}}/{{repo}}/issues/{{issue_number}}/dependencies/{side}"]


def test_what_graphql_does_not_know_is_asked_of_it_once_a_run(connect, older):
    older.lists([older.rest_issue(1, issue_dependencies_summary=BOTH)])
    older.mock.get(f"{ONE}/blocked_by", json=[])
    older.mock.get(f"{ONE}/blocking", json=[])
    connector = connect(LINKS)
    pulled(connector)
    pulled(connector)
    assert len(older.asked) == 2


def test_a_server_that_tells_them_in_no_way_is_read_with_their_counts_alone(connect, older):
    older.lists([older.rest_issue(1, issue_dependencies_summary=BOTH, body="Blocked by github:acme/api#7")])
    older.mock.get(f"{ONE}/blocked_by", status=404, json={"message": "Not Found"})
    (issue,) = pulled(connect(LINKS)).values()
    assert (issue.blocked_by_open, issue.blocks_open) == (1, 2)
    assert issue.links == (Link("blocks", Direction.INWARD, "github:acme/api#7"),)


def test_a_refusal_of_a_server_that_knows_them_stays_an_error(connect, github):
    facts = github.facts()
    facts["issue"]["fields"] += [{"name": "blockedBy"}, {"name": "blocking"}]
    github.lists([github.rest_issue(1, issue_dependencies_summary=BOTH)])
    github.will_answer(UNKNOWN, facts)
    with pytest.raises(RejectedError, match="blockedBy"):
        pulled(connect(LINKS))


def test_a_server_without_dependencies_is_never_asked_for_them(connect, github):
    github.lists([github.rest_issue(1)])
    (issue,) = pulled(connect(LINKS)).values()
    assert (issue.links, issue.blocks_open, github.asked) == ((), None, [])


def test_who_blocks_whom_is_asked_only_where_the_rules_use_it(connect, github):
    github.lists([github.rest_issue(1, issue_dependencies_summary=BOTH)])
    (issue,) = pulled(connect()).values()
    assert (issue.links, issue.blocked_by_open, github.asked) == ((), 1, [])
