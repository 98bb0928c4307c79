"""The GitHub half: REST and GraphQL over one state."""

from __future__ import annotations

from trackersync_sandbox.github.tracker import GitHub
from trackersync_sandbox.github.world import build_world
from trackersync_sandbox.source import Backlog
from trackersync_sandbox.state import JSON, Requests

__all__ = ["CAN_LACK", "is_open", "load"]


def is_open(issue: JSON) -> bool:
    """Whether an issue in the API's form is open."""
    return bool(issue.get("state", "open") == "open")


CAN_LACK = frozenset({"project", "read:org"})
"""Scopes that a token can be without."""


def load(backlog: Backlog, requests: Requests, *, lacking: frozenset[str] = frozenset()) -> GitHub:
    """The tracker over these issues. Raises ValueError where they are not what the API gives."""
    world = build_world(backlog)
    world.lacking = lacking & CAN_LACK
    return GitHub(world, requests)
