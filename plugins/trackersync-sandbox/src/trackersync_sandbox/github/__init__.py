"""The GitHub half: REST and GraphQL over one state."""

from __future__ import annotations

from trackersync_sandbox.github.tracker import GitHub
from trackersync_sandbox.github.world import build_world
from trackersync_sandbox.source import Backlog
from trackersync_sandbox.state import JSON, Requests

__all__ = ["is_open", "load"]


def is_open(issue: JSON) -> bool:
    """Whether an issue in the API's form is open."""
    return bool(issue.get("state", "open") == "open")


def load(backlog: Backlog, requests: Requests) -> GitHub:
    """The tracker over these issues. Raises ValueError where they are not what the API gives."""
    return GitHub(build_world(backlog), requests)
