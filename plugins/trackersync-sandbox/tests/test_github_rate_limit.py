"""With `--rate-limit`, GitHub refuses what is beyond the hour, each token by itself."""

from __future__ import annotations

import pytest

QUERY = {"query": "{ viewer { login } }"}


@pytest.fixture
def limited(serving):
    return serving([{"number": 1, "title": "t"}], rate_limit=3)


def left(answer):
    return answer.headers["X-RateLimit-Remaining"]


def test_rest_is_refused_with_403_once_nothing_remains(limited):
    assert [left(limited("GET", "/user")) for _ in range(3)] == ["2", "1", "0"]
    answer = limited("GET", "/repos/acme/web/issues")
    assert (answer.status_code, left(answer)) == (403, "0")
    assert answer.json["message"].startswith("API rate limit exceeded")
    assert answer.headers["X-RateLimit-Limit"] == answer.headers["X-RateLimit-Used"] == "3"
    assert "Retry-After" not in answer.headers


def test_what_is_refused_is_not_done(limited):
    for _ in range(3):
        limited("GET", "/user")
    assert limited("PATCH", "/repos/acme/web/issues/1", json={"title": "T"}).status_code == 403
    assert b'"T"' not in limited.state()


def test_graphql_says_so_with_200_and_has_a_budget_of_its_own(limited):
    for _ in range(3):
        limited("GET", "/user")
    assert [left(limited("POST", "/graphql", json=QUERY)) for _ in range(3)] == ["2", "1", "0"]
    answer = limited("POST", "/graphql", json=QUERY)
    assert (answer.status_code, left(answer)) == (200, "0")
    assert [error["type"] for error in answer.json["errors"]] == ["RATE_LIMITED"]
    assert answer.headers["X-RateLimit-Resource"] == "graphql"


def test_how_much_is_left_may_always_be_asked_and_costs_nothing(limited):
    for _ in range(4):
        limited("GET", "/user")
    answer = limited("GET", "/rate_limit")
    assert answer.status_code == 200
    assert answer.json["resources"]["core"]["remaining"] == 0
    assert answer.json["resources"]["graphql"]["remaining"] == 3


def test_every_token_has_an_hour_of_its_own(limited):
    for _ in range(4):
        limited("GET", "/user")
    assert limited("GET", "/user", headers={"Authorization": "Bearer other"}).status_code == 200


def test_the_next_hour_begins_at_the_time_that_was_told(limited):
    for _ in range(4):
        last = limited("GET", "/user")
    limited.advance(3_500_000)
    again = limited("GET", "/user")
    assert (again.status_code, again.headers["X-RateLimit-Reset"]) == (403, last.headers["X-RateLimit-Reset"])
    limited.advance(101_000)
    later = limited("GET", "/user")
    assert (later.status_code, left(later)) == (200, "2")
    assert int(later.headers["X-RateLimit-Reset"]) > int(last.headers["X-RateLimit-Reset"])
