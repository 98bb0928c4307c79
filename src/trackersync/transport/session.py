"""One transport a run: hands out clients that share limiters by host and account."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from trackersync import __version__
from trackersync.transport.clock import Clock, SystemClock

if TYPE_CHECKING:
    from requests.auth import AuthBase

    from trackersync.transport.allowance import Allowance
    from trackersync.transport.ceiling import Ceiling
    from trackersync.transport.client import Client
    from trackersync.transport.limiter import Limiter


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
        allowances: Mapping[str, Allowance] = MappingProxyType({}),
    ) -> None:
        """`timeout` is (connect, read) in seconds; `max_wait` bounds the total waiting of one request, in seconds.

        `on_wait` hears (why, seconds) before every wait long enough for a person to wonder. `allowances` are the
        trackers that may only be sent so much, by name.
        """
        self.clock = clock or SystemClock()
        self.timeout = timeout
        self.attempts = attempts
        self.max_wait = max_wait
        self.on_wait = on_wait
        self.allowances = allowances
        self._lock = threading.Lock()
        self._limiters: dict[tuple[str, str], Limiter] = {}
        self._clients: list[Client] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def client(
        self,
        base_url: str,
        *,
        tracker: str,
        account: str,
        auth: AuthBase | None = None,
        headers: Mapping[str, str] | None = None,
        write_spacing: float = 0.0,
        ceilings: Sequence[Ceiling] = (),
    ) -> Client:
        """A client for `base_url`; clients of one host and `account` (a name, never a secret) share one limiter.

        `write_spacing` keeps unsafe requests at least that many seconds apart, over all threads: GitHub asks for one
        second between requests that change something (docs: best practices for using the REST API).
        `ceilings` limit how much content all threads create.
        """
        from trackersync.transport.client import Bounds, Client
        from trackersync.transport.limiter import Limiter
        from trackersync.transport.wire import Wire

        sent = {"User-Agent": f"trackersync/{__version__}"} | dict(headers or {})
        wire = Wire(base_url, tracker=tracker, auth=auth, headers=sent, timeout=self.timeout)
        allowance = self.allowances.get(tracker)
        bounds = Bounds(self.clock, self.attempts, self.max_wait, self.on_wait, write_spacing, allowance, ceilings)
        with self._lock:
            limiter = self._limiters.setdefault((wire.host, account), Limiter(self.clock))
            client = Client(wire, limiter, bounds)
            self._clients.append(client)
        return client

    def close(self) -> None:
        """Close the connections of every client handed out."""
        with self._lock:
            clients = tuple(self._clients)
        for client in clients:
            client.close()
