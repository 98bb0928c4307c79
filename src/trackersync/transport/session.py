"""One transport a run: hands out clients that share limiters by host and account."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from requests.auth import AuthBase

from trackersync.transport.client import Client
from trackersync.transport.clock import Clock, SystemClock


class Transport:
    """Everything HTTP of one run: the clock, the bounds, and one limiter for each host and account."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        timeout: tuple[float, float] = (10.0, 60.0),
        attempts: int = 5,
        max_wait: float = 900.0,
        on_wait: Callable[[str, float], None] | None = None,
    ) -> None:
        """`timeout` is (connect, read) in seconds; `max_wait` bounds the total waiting of one request, in seconds.

        `on_wait` hears (why, seconds) before every wait long enough for a person to wonder.
        """
        self.clock = clock or SystemClock()
        self.timeout = timeout
        self.attempts = attempts
        self.max_wait = max_wait
        self.on_wait = on_wait

    def client(
        self,
        base_url: str,
        *,
        tracker: str,
        account: str,
        auth: AuthBase | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Client:
        """A client for `base_url`; clients of one host and `account` (a name, never a secret) share one limiter."""
        raise NotImplementedError
