"""Trouble while reading: the right error, in bounded time, without a secret in it, and never a read that just ends."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

import pytest

from trackersync.connector import Source
from trackersync.errors import (
    AuthError,
    FatalError,
    ForbiddenError,
    InvalidResponseError,
    NotFoundError,
    RateLimitError,
    RejectedError,
    TrackerError,
    UnavailableError,
)
from trackersync.testing.clock import FakeClock
from trackersync.testing.conformance.check import Checks, pulled, seeds
from trackersync.testing.double import TrackerDouble
from trackersync.transport.ahead import AT_ONCE

HOURS = 7200
"""Seconds, and more than any transport under test may wait."""
MOST_ASKED = 30
"""Requests that a connector may send although nothing but trouble comes back."""


def pull_all(connector: Source) -> object:
    """Pull everything."""
    return pulled(connector)


def fetch_some(connector: Source) -> object:
    """Fetch by ids that an earlier pull could have given."""
    return connector.fetch(["1", "2"])


reads = pytest.mark.parametrize("read", [pull_all, fetch_some])
Read = Callable[[Source], object]


class FailureChecks(Checks):
    """What reading promises when the tracker fails."""

    @reads
    def test_auth_failure(self, tracker: TrackerDouble, connector: Source, read: Read) -> None:
        tracker.fail(401, body=b'{"message": "Bad credentials"}')
        error = _raised(AuthError, connector, read)
        assert error.hint, "the reader wants to know what to do next"

    @reads
    def test_forbidden(self, tracker: TrackerDouble, connector: Source, read: Read) -> None:
        tracker.fail(403, body=b'{"message": "Resource not accessible by personal access token"}')
        error = _raised(ForbiddenError, connector, read)
        assert error.hint, "the reader wants to know what to do next"

    @reads
    def test_rejected(self, tracker: TrackerDouble, connector: Source, read: Read) -> None:
        tracker.fail(422, body=b'{"message": "Validation Failed"}')
        error = _raised(RejectedError, connector, read)
        assert error.hint, "the reader wants to know what to do next"

    def test_missing(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.fail(404, body=b'{"message": "Not Found"}')
        error = _raised(TrackerError, connector, pull_all)
        assert isinstance(error, (NotFoundError, FatalError))

    @reads
    def test_rate_limited_carries_retry_after(self, tracker: TrackerDouble, connector: Source, read: Read) -> None:
        tracker.fail(429, {"Retry-After": str(HOURS)}, b'{"message": "Slow down"}')
        error = _raised(RateLimitError, connector, read)
        assert isinstance(error, RateLimitError)
        assert error.retry_after is not None
        assert error.retry_after >= HOURS - 1
        assert _slept(connector) == 0, "waiting in vain helps nobody"

    @reads
    def test_server_error_is_bounded(self, tracker: TrackerDouble, connector: Source, read: Read) -> None:
        tracker.fail(502)
        _raised(UnavailableError, connector, read)
        assert len(tracker.requests) <= MOST_ASKED
        assert _slept(connector) <= connector.transport.max_wait

    @reads
    @pytest.mark.parametrize("body", [b"<html>Please log in</html>", b'[{"id": 1}, {"id', b'"unexpected"'])
    def test_garbage_body_is_invalid_response(
        self, tracker: TrackerDouble, connector: Source, read: Read, body: bytes
    ) -> None:
        tracker.fail(200, {"Content-Type": "text/html"}, body)
        _raised(InvalidResponseError, connector, read)

    def test_failure_between_pages_is_no_end(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(tracker.page_size * (AT_ONCE + 2)))  # so many may be on their way at once
        pages = connector.pull()
        next(pages)
        tracker.fail(502)
        with pytest.raises(UnavailableError):
            list(pages)

    @reads
    @pytest.mark.parametrize("status", [200, 401, 403, 502])
    def test_no_secret_in_errors(
        self, tracker: TrackerDouble, connector: Source, read: Read, status: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        tracker.fail(status, body=b'{"message": "you sent %b"} %b' % ((tracker.secret.encode(),) * 2))
        error = _raised(TrackerError, connector, read)
        told = "".join(traceback.format_exception(error)) + str(error.hint) + caplog.text
        assert tracker.secret not in told

    @reads
    def test_errors_show_no_escape_sequences(self, tracker: TrackerDouble, connector: Source, read: Read) -> None:
        tracker.fail(401, body=b'{"message": "\\u001b[2Jcleared\\u202e", "errorMessages": ["\\u001b[31mred"]}')
        error = _raised(AuthError, connector, read)
        assert not any(char in str(error) for char in "\x1b\u202e")


def _raised(kind: type[TrackerError], connector: Source, read: Read) -> TrackerError:
    with pytest.raises(kind) as caught:
        read(connector)
    assert caught.value.tracker == connector.tracker, "an error says which tracker it came from"
    return caught.value


def _slept(connector: Source) -> float:
    clock = connector.transport.clock
    assert isinstance(clock, FakeClock), "the connector under test is made with a Transport over a FakeClock"
    return sum(clock.sleeps)
