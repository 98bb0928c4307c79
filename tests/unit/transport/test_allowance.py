"""The team's own budget for a tracker: every request is counted, a minute is waited for, an hour is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from trackersync.errors import BudgetError, RateLimitError
from trackersync.transport import Transport
from trackersync.transport.allowance import Allowance, Rate, UsedUp

BASE = "https://api.example"


class Counter:
    """Counts as the store does, but only for one tracker and from full to full."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.since = None
        self.count = 0

    def take(self, at):
        if self.since is None or at >= self.since + self.rate.period:
            self.since, self.count = at, 0
        if self.count == self.rate.requests:
            return UsedUp(self.since + self.rate.period, self.since + self.rate.period)
        self.count += 1
        return None


@pytest.fixture
def client_with(clock):
    """`client_with(Rate(2, "h"))`: a client of `web`, which has this budget."""
    opened = []

    def client(rate, tracker="web"):
        counter = Counter(rate)
        transport = Transport(clock=clock, allowances={"web": Allowance(rate, counter.take)})
        opened.append(transport)
        return transport.client(BASE, tracker=tracker, account="bot")

    yield client
    for transport in opened:
        transport.close()


def test_a_used_up_budget_sends_nothing_waits_for_nothing_and_says_when_there_is_room(client_with, http, clock) -> None:
    http.get(f"{BASE}/x", json={})
    client = client_with(Rate(2, "h"))
    began = clock.now()
    for _ in range(2):
        client.request("GET", "/x")
    with pytest.raises(BudgetError) as caught:
        client.request("GET", "/x")
    assert len(http.calls) == 2
    assert clock.sleeps == []
    assert caught.value.room_at == began + timedelta(hours=1)
    assert "the budget of 2/h for web is used up: there is room again from" in caught.value.message
    assert (caught.value.tracker, caught.value.host) == ("web", "api.example")
    clock.advance(3600)
    client.request("GET", "/x")


def test_a_budget_by_the_minute_is_waited_for(client_with, http, clock) -> None:
    http.get(f"{BASE}/x", json={})
    client = client_with(Rate(2, "min"))
    for _ in range(5):
        client.request("GET", "/x")
    assert len(http.calls) == 5
    assert clock.sleeps == [60, 60]


def test_what_is_sent_again_counts_again(client_with, http) -> None:
    http.get(f"{BASE}/x", status=502)
    client = client_with(Rate(3, "h"))
    with pytest.raises(BudgetError):
        client.request("GET", "/x")
    assert len(http.calls) == 3


def test_a_write_that_the_budget_stops_was_surely_not_sent(client_with, http) -> None:
    http.put(f"{BASE}/x", status=429, headers={"Retry-After": "1"})
    with pytest.raises(BudgetError):
        client_with(Rate(1, "d")).request("PUT", "/x", json={})
    assert len(http.calls) == 1


def test_a_wait_that_the_tracker_asks_for_costs_nothing_of_the_budget(client_with, http, clock) -> None:
    http.get(f"{BASE}/x", status=429, headers={"Retry-After": "4000"})
    client = client_with(Rate(2, "d"))
    for _ in range(3):
        with pytest.raises(RateLimitError):
            client.request("GET", "/x")
    assert len(http.calls) == 1


def test_a_tracker_without_a_budget_is_not_counted(client_with, http) -> None:
    http.get(f"{BASE}/x", json={})
    client = client_with(Rate(1, "d"), tracker="core")
    for _ in range(3):
        client.request("GET", "/x")


@pytest.mark.parametrize(
    ("rate", "requests", "runs", "seconds"),
    [
        (Rate(1000, "h"), 2300, 3, 0),
        (Rate(1000, "h"), 1000, 1, 0),
        (Rate(1000, "h"), 0, 0, 0),
        (Rate(60, "min"), 150, 1, 120),
        (Rate(60, "min"), 60, 1, 0),
    ],
)
def test_a_rate_tells_how_many_runs_and_how_long_it_makes_of_a_plan(rate, requests, runs, seconds) -> None:
    assert (rate.runs(requests), rate.seconds(requests)) == (runs, seconds)
