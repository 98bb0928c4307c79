"""The team's own limit on requests to one tracker, kept by all processes together wherever they count them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from msgspec import Struct

from trackersync.errors import BudgetError

Unit = Literal["min", "h", "d"]

_PERIODS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class Rate(Struct, frozen=True):
    """At most so many requests in any minute, hour or day."""

    requests: int
    per: Unit

    def __str__(self) -> str:
        """As the file says it: `1000/h`."""
        return f"{self.requests}/{self.per}"

    @property
    def period(self) -> timedelta:
        """The length of time that the requests of are counted."""
        return _PERIODS[self.per]

    @property
    def is_waited_for(self) -> bool:
        """Whether a request waits for room: a minute at most. A run that would be silent for an hour ends instead."""
        return self.per == "min"

    def runs(self, requests: int) -> int:
        """In how many runs, each with all the room, so many requests are sent."""
        return 1 if self.is_waited_for else ceil(requests / self.requests)

    def seconds(self, requests: int) -> float:
        """The least that so many requests last in one run, by this rate alone."""
        return (requests - 1) // self.requests * self.period.total_seconds() if self.is_waited_for else 0.0


class UsedUp(Struct, frozen=True):
    """No request may be sent now."""

    room_at: datetime
    """When the next one may be."""
    all_at: datetime
    """When there is room for all of the rate again, if nothing is sent before."""


class Allowance(Struct, frozen=True):
    """What one tracker may be sent, and the place where all that is sent to it is counted."""

    rate: Rate
    take: Callable[[datetime], UsedUp | None]
    """Counts a request as sent at this time, or says that it may not be: then nothing is counted."""

    def error(self, used_up: UsedUp, *, tracker: str, host: str) -> BudgetError:
        """What ends the run for this tracker."""
        return BudgetError(
            f"the budget of {self.rate} for {tracker} is used up: there is room again from {_clock(used_up.room_at)}, "
            f"for all of it from {_clock(used_up.all_at)}",
            hint="run it again then: writing goes on where it ended, and reading begins anew; "
            "where one read alone takes more, raise `budget`",
            room_at=used_up.room_at,
            tracker=tracker,
            host=host,
        )


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
