"""Probes by themselves: what one meets hides nothing of what another finds."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from trackersync.diagnosis import Finding, Written, clock_skew, examine
from trackersync.errors import AuthError, ForbiddenError, UnavailableError

FINDING = Finding("warning", "odd")


def raising(error):
    def probe():
        yield FINDING
        raise error

    return probe


@pytest.mark.parametrize(
    "error",
    [
        ForbiddenError("no", hint="grant it"),
        UnavailableError("broken", hint="grant it"),
        AuthError("401: Unauthorized; scope does not match", hint="grant it"),
    ],
)
def test_a_probe_that_fails_is_a_finding_and_the_others_go_on(error) -> None:
    found = list(examine([raising(error), lambda: [FINDING]]))
    assert found == [FINDING, Finding("error", error.message, "grant it"), FINDING]


@pytest.mark.parametrize("error", [AuthError("expired"), UnavailableError("nobody there", sent=False)])
def test_what_could_only_be_said_again_is_not_asked(error) -> None:
    assert list(examine([raising(error), lambda: [FINDING]])) == [FINDING, Finding("error", error.message)]


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, None), (60, None), (-60, None), (300, "5 min ahead of"), (-90, "90 s behind")]
)
def test_clocks_that_differ_by_more_than_a_minute_are_told(now, seconds, told) -> None:
    found = list(clock_skew({"Date": format_datetime(now, usegmt=True)}, now + timedelta(seconds=seconds)))
    assert [finding.severity for finding in found] == (["warning"] if told else [])
    assert all(told in finding.what for finding in found)


@pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}, {"Date": ""}])
def test_a_server_that_does_not_tell_the_time_is_not_held_against_it(now, headers) -> None:
    assert list(clock_skew(headers, now)) == []


def test_nothing_is_written_where_nothing_is_named() -> None:
    assert not Written(notify=False).anything
    assert Written(order=True).anything
