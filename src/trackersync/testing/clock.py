"""A clock that a test moves, so that nothing ever sleeps."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
"""When a `FakeClock` begins unless told otherwise."""


class FakeClock:
    """Time stands still but for `sleep`, which returns at once; `sleeps` tells, in seconds, what was slept."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._elapsed = 0.0
        self._lock = threading.Lock()
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        """Move on, and remember for how long; of sleepers in several threads each moves the clock."""
        with self._lock:
            self.sleeps.append(seconds)
            self._elapsed += seconds

    def advance(self, seconds: float) -> None:
        """Move on without anybody having slept."""
        with self._lock:
            self._elapsed += seconds
