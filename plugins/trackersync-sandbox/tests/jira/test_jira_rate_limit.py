"""With `--rate-limit`, Jira answers 429 beyond the hour, in each deployment's words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

MYSELF = "/rest/api/2/myself"


@pytest.fixture
def limited(serving, new_ticket):
    return lambda deployment="cloud", size=5: serving(new_ticket(1), deployment=deployment, rate_limit=size)


def test_cloud_tells_what_is_left_and_warns_when_it_is_little(limited):
    cloud = limited()
    told = [cloud("GET", MYSELF).headers for _ in range(5)]
    assert [headers["X-RateLimit-Remaining"] for headers in told] == ["4", "3", "2", "1", "0"]
    assert [headers.get("X-RateLimit-NearLimit") for headers in told] == [None, None, None, None, "true"]
    assert {headers["X-RateLimit-Limit"] for headers in told} == {"5"}


def test_cloud_refuses_until_the_top_of_the_hour(limited):
    cloud = limited(size=1)
    cloud("GET", MYSELF)
    answer = cloud("PUT", "/rest/api/3/issue/CORE-1", json={"fields": {"summary": "T"}})
    assert answer.status_code == 429
    assert answer.headers["RateLimit-Reason"] == "jira-cost-based"
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    reset = datetime.strptime(answer.headers["X-RateLimit-Reset"], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    assert reset.minute == 0
    wait = int(answer.headers["Retry-After"])
    assert 0 < wait <= 3600
    cloud.advance(wait * 1000)
    assert cloud.get("/rest/api/3/issue/CORE-1")["fields"]["summary"] == "Issue 1"


def test_data_center_tells_of_its_bucket(limited):
    server = limited("data_center", 1)
    assert server("GET", MYSELF).headers["X-RateLimit-Remaining"] == "0"
    answer = server("GET", MYSELF)
    assert answer.status_code == 429
    told = {name: answer.headers[f"X-RateLimit-{name}"] for name in ("Limit", "FillRate", "Interval-Seconds")}
    assert told == {"Limit": "1", "FillRate": "1", "Interval-Seconds": "3600"}
    assert int(answer.headers["Retry-After"]) > 3500
    assert "RateLimit-Reason" not in answer.headers


def test_every_token_has_an_hour_of_its_own(limited):
    cloud = limited(size=1)
    cloud("GET", MYSELF)
    assert cloud("GET", MYSELF).status_code == 429
    assert cloud("GET", MYSELF, headers={"Authorization": "Bearer other"}).status_code == 200


def test_without_a_limit_nothing_is_told(three):
    assert not [name for name, _ in three("GET", MYSELF).headers if "RateLimit" in name]
