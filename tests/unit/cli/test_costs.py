"""How many of what, in words."""

from __future__ import annotations

from trackersync.change import Status
from trackersync.cli.costs import outcomes


def test_outcomes_are_counted_with_their_thousands() -> None:
    assert outcomes({Status.APPLIED: 2592, Status.CONFLICT: 3}) == "2,592 applied, 3 conflict"
    assert outcomes({}) == "nothing to write"
