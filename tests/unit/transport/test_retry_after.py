"""How long a tracker asks to wait, in every form seen in the wild."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from trackersync.transport.retry_after import asked_wait, parse_reset, parse_retry_after

NOW = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("1.5", 1.5),
        ("Sun, 22 Nov 2026 10:02:00 GMT", 121.0),
        ("Sun, 22 Nov 2026 10:02:00 -0000", 121.0),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 1.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_retry_after_is_read_in_every_form(value, seconds):
    assert parse_retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (str(int(NOW.timestamp()) + 60), 61.0),
        (str(int(NOW.timestamp()) - 60), 1.0),
        ("2026-11-22T10:05Z", 301.0),
        ("2026-11-22T10:05", 301.0),
        ("30", 30.0),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_reset_is_epoch_seconds_a_date_or_a_number_of_seconds(value, seconds):
    assert parse_reset(value, NOW) == seconds


@given(st.text())
def test_no_header_breaks_the_reading_of_it(value):
    for parse in (parse_retry_after, parse_reset):
        seconds = parse(value, NOW)
        assert seconds is None or 0 <= seconds < float("inf")


def headers(**values):
    return CaseInsensitiveDict({name.replace("_", "-"): value for name, value in values.items()})


def test_retry_after_wins_over_the_reset_of_a_budget():
    told = headers(Retry_After="5", X_RateLimit_Remaining="0", X_RateLimit_Reset="600")
    assert asked_wait(told, NOW) == 5


def test_the_reset_of_a_budget_that_is_not_used_up_is_no_wait():
    assert asked_wait(headers(X_RateLimit_Remaining="4000", X_RateLimit_Reset="600"), NOW) is None


def test_a_reset_alone_is_a_wait():
    assert asked_wait(headers(X_RateLimit_Reset="2026-11-22T10:05Z"), NOW) == 301


def test_points_in_time_are_measured_by_the_trackers_own_clock():
    told = headers(
        Date="Sun, 22 Nov 2026 12:00:00 GMT",
        X_RateLimit_Remaining="0",
        X_RateLimit_Reset=str(int(datetime(2026, 11, 22, 12, 1, tzinfo=UTC).timestamp())),
    )
    assert asked_wait(told, NOW) == 61


def test_a_bucket_that_is_refilled_tells_by_its_interval():
    assert asked_wait(headers(X_RateLimit_Remaining="0", X_RateLimit_Interval_Seconds="7"), NOW) == 7


def test_nothing_told_is_none():
    assert asked_wait(headers(), NOW) is None
