"""The limiter alone: who is held back, for how long, and why."""

import pytest
from requests.structures import CaseInsensitiveDict

from trackersync.transport import Response
from trackersync.transport.limiter import Limiter, Wait, lane_of


def response(**headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(200, CaseInsensitiveDict(named), b"", "https://api.example/x")


@pytest.mark.parametrize(
    ("url", "lane"),
    [
        ("/graphql", "graphql"),
        ("https://ghe.example/api/graphql", "graphql"),
        ("/search/issues?q=graphql", "search"),
        ("/rest/api/3/search/jql", "search"),
        ("/repos/a/b/issues", "core"),
        ("", "core"),
    ],
)
def test_budgets_are_told_apart_by_path(url, lane):
    assert lane_of(url) == lane


def test_the_longer_of_two_pauses_holds(clock):
    limiter = Limiter(clock)
    limiter.refused("core", response(Retry_After="30"), "slow", secondary=False)
    limiter.refused("core", response(Retry_After="10"), "slower", secondary=False)
    assert limiter.turn("core") == Wait(30, "slow")
    clock.advance(30)
    assert limiter.turn("core") is None


def test_requests_refused_together_are_one_strike(clock):
    limiter = Limiter(clock)
    seconds = [limiter.refused("core", response(), "slow", secondary=True) for _ in range(3)]
    assert seconds == [60, 60, 60]
    clock.advance(60)
    assert limiter.refused("core", response(), "slow", secondary=True) == 120


def test_a_budget_used_up_without_a_time_holds_nobody_back(clock):
    limiter = Limiter(clock)
    limiter.observe("core", response(X_RateLimit_Remaining="0"))
    assert limiter.turn("core") is None


def test_writes_alone_are_kept_apart(clock):
    limiter = Limiter(clock)
    assert limiter.turn("core", spacing=1) is None
    assert limiter.turn("core") is None
    assert limiter.turn("core", spacing=1) == Wait(1, "writes are kept apart")
