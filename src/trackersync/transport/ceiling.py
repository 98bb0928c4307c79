"""How much content an account may create: GitHub counts comments and the like apart from requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct


class Ceiling(Struct, frozen=True):
    """At most so many pieces of content in so many seconds."""

    most: int
    seconds: float


Made = tuple[float, int]
"""When how many pieces were made."""


def wait_for_room(made: Sequence[Made], ceilings: Iterable[Ceiling], pieces: int, now: float) -> float:
    """Seconds until so many more pieces stay below every ceiling; `made` is what was made so far, oldest first."""
    return max((_wait(made, ceiling, pieces, now) for ceiling in ceilings), default=0.0)


def _wait(made: Sequence[Made], ceiling: Ceiling, pieces: int, now: float) -> float:
    recent = [(at, count) for at, count in made if at + ceiling.seconds > now]
    held, wait = sum(count for _, count in recent), 0.0
    for at, count in recent:
        if held + pieces <= ceiling.most:
            break
        held, wait = held - count, at + ceiling.seconds - now
    return wait
