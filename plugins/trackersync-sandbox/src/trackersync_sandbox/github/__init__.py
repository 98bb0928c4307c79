"""The GitHub half: REST and GraphQL over one state."""

from __future__ import annotations

from trackersync_sandbox.github.answers import LIMIT
from trackersync_sandbox.github.tracker import GitHub
from trackersync_sandbox.github.world import build_world
from trackersync_sandbox.limits import Limit
from trackersync_sandbox.source import Backlog
from trackersync_sandbox.state import JSON, Clock, Requests

__all__ = ["CAN_LACK", "is_open", "load"]


def is_open(issue: JSON) -> bool:
    """Whether an issue in the API's form is open."""
    return bool(issue.get("state", "open") == "open")


CAN_LACK = frozenset({"project", "read:org"})
"""Scopes that a token can be without."""


def load(
    backlog: Backlog,
    requests: Requests,
    *,
    lacking: frozenset[str] = frozenset(),
    clock: Clock | None = None,
    rate_limit: int | None = None,
) -> GitHub:
    """The tracker over these issues. Raises ValueError where they are not what the API gives.

    The `clock` dates every update. `rate_limit` is what each token has by it, in requests and in GraphQL points an
    hour; None tells GitHub's own limit and never refuses for it.
    """
    clock = clock or Clock()
    world = build_world(backlog, clock)
    world.lacking = lacking & CAN_LACK
    return GitHub(world, requests, Limit(rate_limit or LIMIT, clock, enforced=rate_limit is not None))
