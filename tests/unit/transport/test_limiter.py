"""The limiter alone: who is held back, for how long, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from trackersync.testing import FakeClock
from trackersync.transport import Response
from trackersync.transport.ceiling import Ceiling
from trackersync.transport.limiter import Limiter, Wait, lane_of

NOON = "Thu, 01 Jan 2026 12:00:00 GMT"


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


def near(**headers):
    return response(X_RateLimit_NearLimit="true", **headers)


@pytest.mark.parametrize(
    ("headers", "gap"),
    [
        ({"X_RateLimit_Remaining": "60", "X_RateLimit_Reset": "30"}, 0.5),
        ({"X_RateLimit_Remaining": "60", "X_RateLimit_Reset": "2026-01-01T12:01Z", "Date": NOON}, 61 / 60),
        ({"X_RateLimit_Remaining": "6", "X_RateLimit_Reset": "3000"}, 5),
        ({"X_RateLimit_Remaining": "0"}, 1),
        ({}, 1),
    ],
)
def test_near_its_limit_what_is_left_is_made_to_last(clock, headers, gap):
    limiter = Limiter(clock)
    limiter.observe("core", near(**headers))
    assert limiter.turn("core") is None
    assert limiter.turn("core") == Wait(pytest.approx(gap), "the rate limit is near")
    clock.advance(gap)
    assert limiter.turn("core") is None


def test_once_enough_is_left_again_nobody_is_slowed(clock):
    limiter = Limiter(clock)
    limiter.observe("core", near())
    limiter.turn("core")
    limiter.observe("core", response(X_RateLimit_NearLimit="false"))
    assert limiter.turn("core") is None


MINUTE_AND_HOUR = (Ceiling(80, 60), Ceiling(500, 3600))


def test_content_stays_below_its_ceilings_and_what_creates_none_goes_on(clock):
    limiter = Limiter(clock)
    for _ in range(4):
        assert limiter.turn("graphql", pieces=20, ceilings=MINUTE_AND_HOUR) is None
        clock.advance(1)
    assert limiter.turn("graphql", ceilings=MINUTE_AND_HOUR) is None
    wait = limiter.turn("graphql", pieces=20, ceilings=MINUTE_AND_HOUR)
    assert wait == Wait(56, "the tracker limits how much content is created")
    clock.advance(56)
    assert limiter.turn("graphql", pieces=20, ceilings=MINUTE_AND_HOUR) is None


def test_more_at_once_than_a_ceiling_goes_alone(clock):
    limiter, low = Limiter(clock), (Ceiling(10, 60),)
    assert limiter.turn("graphql", pieces=20, ceilings=low) is None
    assert limiter.turn("graphql", pieces=20, ceilings=low).seconds == 60
    clock.advance(60)
    assert limiter.turn("graphql", pieces=20, ceilings=low) is None


@given(st.lists(st.tuples(st.integers(1, 20), st.floats(0, 40)), max_size=80))
def test_in_no_stretch_more_content_is_created_than_its_ceiling(asked):
    clock, made = FakeClock(), []
    limiter = Limiter(clock)
    for pieces, pause in asked:
        clock.advance(pause)
        while wait := limiter.turn("graphql", pieces=pieces, ceilings=MINUTE_AND_HOUR):
            clock.advance(wait.seconds)
        made.append((clock.monotonic(), pieces))
    for ceiling in MINUTE_AND_HOUR:
        for start, _ in made:
            # A thousandth less, for sums of floats.
            held = sum(pieces for at, pieces in made if start <= at < start + ceiling.seconds - 0.001)
            assert held <= ceiling.most
