"""Requests are counted for all processes on one store together, and the count forgets what is over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trackersync.store import Store
from trackersync.transport.allowance import Rate

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
THREE = Rate(3, "h")


def take(store, rate=THREE, *, after=0.0, tracker="web"):
    return store.take_request(tracker, rate, NOON + timedelta(seconds=after))


def test_so_many_requests_are_taken_and_then_it_is_told_when_there_is_room(store) -> None:
    assert [take(store, after=600 * n) for n in range(3)] == [None] * 3
    used_up = take(store, after=1500)
    # The first was sent in the minute that began at noon, and so perhaps at its end.
    assert used_up.room_at == NOON + timedelta(minutes=61)
    assert used_up.all_at == NOON + timedelta(minutes=81)
    assert take(store, after=3659) is not None
    assert take(store, after=3660) is None


def test_what_is_refused_counts_for_nothing(store) -> None:
    for _ in range(3):
        take(store)
    assert take(store, after=1) == take(store, after=2)


def test_each_tracker_has_a_count_of_its_own(store) -> None:
    for _ in range(3):
        take(store)
    assert take(store, tracker="core") is None


def test_the_count_outlives_the_process(url) -> None:
    with Store.open(url) as store:
        for _ in range(3):
            take(store)
    with Store.open(url) as store:
        assert take(store, after=60) is not None


def test_a_rate_that_was_lowered_waits_until_enough_is_over(store) -> None:
    for minute in range(6):
        assert take(store, Rate(9, "h"), after=60 * minute) is None
    assert take(store, Rate(2, "h"), after=400).room_at == NOON + timedelta(minutes=65)


def test_processes_together_take_no_more_than_the_rate(url) -> None:
    with Store.open(url) as one, Store.open(url) as other, ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda n: take(one if n % 2 else other, Rate(20, "d")), range(40)))
    assert taken.count(None) == 20


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory):
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('spending')}/store.db") as store:
        yield store


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(1, 4),
    st.sampled_from(["min", "h", "d"]),
    st.lists(st.floats(0, 1), min_size=1, max_size=25),
    st.uuids(),
)
def test_in_no_stretch_as_long_as_the_period_more_is_sent(sqlite, requests, per, gaps, tracker) -> None:
    rate, at, sent = Rate(requests, per), NOON, []
    for gap in gaps:
        at += rate.period * gap
        used_up = sqlite.take_request(str(tracker), rate, at)
        if used_up is None:
            sent.append(at)
        else:
            assert at < used_up.room_at <= used_up.all_at
    for first in sent:
        assert sum(first <= each < first + rate.period for each in sent) <= requests


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 3), st.lists(st.floats(0, 0.5), min_size=4, max_size=12), st.uuids())
def test_where_there_is_said_to_be_room_there_is(sqlite, requests, gaps, tracker) -> None:
    rate, at = Rate(requests, "h"), NOON
    for gap in gaps:
        at += rate.period * gap
        while used_up := sqlite.take_request(str(tracker), rate, at):
            at = used_up.room_at
            assert sqlite.take_request(str(tracker), rate, at) is None
            break
