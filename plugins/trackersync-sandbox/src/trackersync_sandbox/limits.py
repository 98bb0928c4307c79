"""Rate limits: so many requests an hour for every token."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from trackersync_sandbox.state import Clock

HOUR = 3600
"""Seconds."""


@dataclass(slots=True)
class _Hour:
    reset: int
    used: int = 0


class Limit:
    """What is left of the hour to everybody who asks."""

    def __init__(self, size: int, clock: Clock, *, enforced: bool = True, on_the_hour: bool = False) -> None:
        """Hours begin with the first request, or `on_the_hour`; if not `enforced`, one used up begins anew at once."""
        self.size = size
        self.enforced = enforced
        self._clock = clock
        self._on_the_hour = on_the_hour
        self._hours: dict[Hashable, _Hour] = {}

    def spend(self, who: Hashable, points: int = 1) -> None:
        """Count requests or points; no more than there are."""
        hour = self._hour(who)
        if hour.used + points >= self.size and not self.enforced:
            hour = self._hours[who] = self._begun()
        hour.used = min(hour.used + points, self.size)

    def left(self, who: Hashable) -> int:
        """How much of this hour is left."""
        return self.size - self._hour(who).used

    def refuses(self, who: Hashable) -> bool:
        """Whether nothing is left."""
        return self.enforced and self.left(who) == 0

    def reset(self, who: Hashable) -> int:
        """When the next hour begins, in seconds since the epoch."""
        return self._hour(who).reset

    def wait(self, who: Hashable) -> int:
        """In how many seconds that is, at least one."""
        return max(1, self.reset(who) - int(self._clock.now()))

    def _hour(self, who: Hashable) -> _Hour:
        hour = self._hours.get(who)
        if hour is None or self._clock.now() >= hour.reset:
            hour = self._hours[who] = self._begun()
        return hour

    def _begun(self) -> _Hour:
        now = int(self._clock.now())
        return _Hour((now // HOUR + 1) * HOUR if self._on_the_hour else now + HOUR)
