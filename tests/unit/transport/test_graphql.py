"""GraphQL: limits inside HTTP 200, partial answers, and mutations that are never replayed."""

import pytest

from trackersync.errors import (
    ForbiddenError,
    InvalidResponseError,
    NotFoundError,
    RateLimitError,
    RejectedError,
    UnavailableError,
)
from trackersync.transport import GraphQLError

URL = "https://api.example/graphql"
LIMITED = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}


def test_data_is_returned_and_the_document_is_sent(client, http):
    http.post(URL, json={"data": {"viewer": {"login": "bot"}}})
    result = client.graphql("/graphql", "query($n: Int) { viewer { login } }", {"n": 1})
    assert result.data == {"viewer": {"login": "bot"}}
    assert result.errors == ()
    assert http.calls[0].request.body == b'{"query":"query($n: Int) { viewer { login } }","variables":{"n":1}}'


@pytest.mark.parametrize("safe", [True, False])
@pytest.mark.parametrize(
    "error",
    [
        {"type": "RATE_LIMITED", "message": "API rate limit exceeded"},
        {"type": "RATE_LIMIT", "message": "API rate limit already exceeded"},
        {"message": "You have exceeded a secondary rate limit"},
    ],
)
def test_a_limit_that_arrives_as_success_is_waited_for(client, http, clock, safe, error):
    http.post(URL, json={"data": None, "errors": [error]}, headers={"Retry-After": "90"})
    http.post(URL, json={"data": {"ok": True}})
    assert client.graphql("/graphql", "{ ok }", safe=safe).data == {"ok": True}
    assert clock.sleeps == [90]


def test_the_reset_of_the_graphql_budget_holds_for_graphql_alone(client, http, clock):
    told = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "3000", "X-RateLimit-Resource": "graphql"}
    http.post(URL, json=LIMITED, headers=told)
    http.get("https://api.example/x", json={})
    with pytest.raises(RateLimitError) as caught:
        client.graphql("/graphql", "{ ok }")
    assert caught.value.retry_after == 3000
    client.request("GET", "/x")
    assert clock.sleeps == []


def test_a_mutation_carried_out_in_part_is_not_sent_again_but_the_limit_is_heeded(client, http, clock):
    body = {"data": {"a": {"id": 1}, "b": None}, "errors": [LIMITED["errors"][0] | {"path": ["b"]}]}
    http.post(URL, json=body, headers={"Retry-After": "60"})
    result = client.graphql("/graphql", "mutation { a b }", safe=False)
    assert result.data == {"a": {"id": 1}, "b": None}
    assert result.errors == (GraphQLError("API rate limit exceeded", "RATE_LIMITED", ("b",)),)
    assert len(http.calls) == 1
    http.post(URL, json={"data": {}})
    client.graphql("/graphql", "mutation { b }", safe=False)
    assert clock.sleeps == [60]


def test_errors_of_a_mutation_stand_beside_its_data(client, http):
    http.post(URL, json={"data": {"a": None}, "errors": [{"type": "NOT_FOUND", "message": "gone\x07", "path": ["a"]}]})
    result = client.graphql("/graphql", "mutation { a }", safe=False)
    assert result.errors == (GraphQLError("gone", "NOT_FOUND", ("a",)),)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "NOT_FOUND", "message": "Could not resolve to a Repository"}, NotFoundError),
        ({"type": "FORBIDDEN", "message": "Resource not accessible"}, ForbiddenError),
        ({"type": "INSUFFICIENT_SCOPES", "message": "needs read:project"}, ForbiddenError),
        ({"message": "Field 'x' doesn't exist on type 'Issue'"}, RejectedError),
    ],
)
def test_a_partial_answer_to_a_read_is_no_answer(client, http, error, kind):
    http.post(URL, json={"data": {"repository": None, "other": {}}, "errors": [error]})
    with pytest.raises(kind, match=error["message"].replace("(", r"\(")) as caught:
        client.graphql("/graphql", "{ repository other }")
    assert caught.value.hint
    assert caught.value.tracker == "web"


@pytest.mark.parametrize(
    "error",
    [
        {"message": "Something went wrong while executing your query."},
        {"type": "RESOURCE_LIMITS_EXCEEDED", "message": "Resource limits for this query exceeded."},
    ],
)
def test_trouble_told_as_success_is_tried_again(client, http, error):
    http.post(URL, json={"errors": [error]})
    http.post(URL, json={"data": {"ok": True}})
    assert client.graphql("/graphql", "{ ok }").data == {"ok": True}


def test_trouble_that_stays_is_unavailable(client, http):
    http.post(URL, json={"errors": [{"message": "Something went wrong"}]})
    with pytest.raises(UnavailableError):
        client.graphql("/graphql", "{ ok }")
    assert len(http.calls) == 5


def test_a_mutation_is_never_replayed_after_a_server_error(client, http):
    http.post(URL, status=502)
    with pytest.raises(UnavailableError) as caught:
        client.graphql("/graphql", "mutation { a }", safe=False)
    assert caught.value.sent
    assert len(http.calls) == 1


def test_tolerated_errors_stand_beside_the_data_of_a_read(client, http):
    body = {"data": {"nodes": [None, {}]}, "errors": [{"type": "NOT_FOUND", "message": "no", "path": ["nodes", 0]}]}
    http.post(URL, json=body)
    result = client.graphql("/graphql", "{ nodes }", tolerated=frozenset({"NOT_FOUND"}))
    assert result.data == {"nodes": [None, {}]}
    assert result.errors[0].path == ("nodes", 0)


@pytest.mark.parametrize("body", [b"{}", b'{"data": null}', b"[]", b"<html>", b'{"data": {"a": '])
def test_what_is_no_graphql_answer_is_told(client, http, body):
    http.post(URL, body=body)
    with pytest.raises(InvalidResponseError):
        client.graphql("/graphql", "{ ok }")
