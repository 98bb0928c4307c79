"""One limiter for each host and account: what one thread is told, all heed before their next request."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from trackersync.transport.ceiling import Ceiling, Made, wait_for_room
from trackersync.transport.clock import Clock
from trackersync.transport.response import Response
from trackersync.transport.retry_after import asked_wait, unhurried

_EVERYTHING = "everything"
_FIRST_GUESS = 10.0
_FIRST_GUESS_SECONDARY = 60.0
"""GitHub: without Retry-After wait at least a minute, then ever longer (docs: REST API, handling rate limits)."""
_LEAST_PAUSE = 1.0
_SLOWEST = 5.0
"""Seconds between requests at most, while the tracker says that its limit is near: slower is left to a refusal."""


class Wait(Struct, frozen=True):
    """How long to wait before asking again, in seconds, and why."""

    seconds: float
    why: str


class _Pause(Struct, frozen=True):
    until: float
    why: str


def lane_of(url: str) -> str:
    """The budget a request is counted against: GitHub keeps `graphql` and `search` apart from all the rest."""
    segments = urlsplit(url).path.strip("/").split("/")
    return next((segment for segment in reversed(segments) if segment in ("graphql", "search")), "core")


class Limiter:
    """Holds every thread back while the tracker wants quiet; does not sleep itself."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pauses: dict[str, _Pause] = {}
        self._strikes = 0
        self._next_write = 0.0
        self._gap = 0.0
        self._next = 0.0
        self._made: list[Made] = []

    def turn(
        self, lane: str, *, spacing: float = 0.0, pieces: int = 0, ceilings: Sequence[Ceiling] = ()
    ) -> Wait | None:
        """None: go ahead; else what to wait for before asking again.

        `spacing`: seconds to keep between writes. `pieces`: how much content the request creates, below `ceilings`.
        """
        with self._lock:
            now = self._clock.monotonic()
            pause = max(
                (self._pauses[name] for name in (_EVERYTHING, lane) if name in self._pauses),
                key=lambda pause: pause.until,
                default=None,
            )
            if pause and pause.until > now:
                return Wait(pause.until - now, pause.why)
            if spacing and self._next_write > now:
                return Wait(self._next_write - now, "writes are kept apart")
            if self._gap and self._next > now:
                return Wait(self._next - now, "the rate limit is near")
            if pieces and (seconds := wait_for_room(self._made, ceilings, pieces, now)):
                return Wait(seconds, "the tracker limits how much content is created")
            self._go(now, spacing, pieces)
            return None

    def _go(self, now: float, spacing: float, pieces: int) -> None:
        self._next_write = now + spacing if spacing else self._next_write
        self._next = now + self._gap
        if pieces:
            self._made.append((now, pieces))

    def observe(self, lane: str, response: Response) -> None:
        """Take notice of an answer that is no refusal: a budget used up ends the sending before it is overdrawn."""
        if response.headers.get("X-RateLimit-Remaining") == "0":
            seconds = asked_wait(response.headers, self._clock.now())
            if seconds:
                self._pause(self._scope(lane, response), seconds, "the rate limit is used up")
        with self._lock:
            self._strikes = 0
            self._gap = min(_SLOWEST, unhurried(response.headers, self._clock.now()))

    def refused(self, lane: str, response: Response, why: str, *, secondary: bool) -> float:
        """Pause after a refusal, as long as told or else ever longer; returns the seconds."""
        seconds = asked_wait(response.headers, self._clock.now())
        if seconds is None:
            seconds = self._guess(secondary=secondary)
        scope = _EVERYTHING if secondary else self._scope(lane, response)
        self._pause(scope, max(_LEAST_PAUSE, seconds), why)
        return max(_LEAST_PAUSE, seconds)

    def _guess(self, *, secondary: bool) -> float:
        with self._lock:
            now = self._clock.monotonic()
            # Requests that were under way together and refused together are one strike, not many.
            if not any(pause.until > now for pause in self._pauses.values()):
                self._strikes += 1
            first = _FIRST_GUESS_SECONDARY if secondary else _FIRST_GUESS
            return first * 2.0 ** max(0, self._strikes - 1)

    def _scope(self, lane: str, response: Response) -> str:
        """Only a tracker that names the budget (GitHub's core, graphql, search) has more than one."""
        exhausted = response.headers.get("X-RateLimit-Remaining") == "0"
        return lane if exhausted and "X-RateLimit-Resource" in response.headers else _EVERYTHING

    def _pause(self, scope: str, seconds: float, why: str) -> None:
        with self._lock:
            pause = _Pause(self._clock.monotonic() + seconds, why)
            known = self._pauses.get(scope)
            if known is None or known.until < pause.until:
                self._pauses[scope] = pause
