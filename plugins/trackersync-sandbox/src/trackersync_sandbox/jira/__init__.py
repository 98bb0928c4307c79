"""The emulated Jira, Cloud or Data Center: searches by real JQL, edits with Jira's own refusals, ranks as strings."""

from __future__ import annotations

from trackersync_sandbox.jira.loading import is_open as is_open
from trackersync_sandbox.jira.loading import site_of
from trackersync_sandbox.jira.people import Deployment
from trackersync_sandbox.jira.tracker import Jira
from trackersync_sandbox.source import Backlog

__all__ = ["is_open", "load"]


def load(backlog: Backlog, *, deployment: Deployment) -> Jira:
    """The tracker that starts with `backlog`. Raises ValueError for what is no Jira issue.

    The backlog's board part may name boards by project: `{"boards": {"CORE": {"id": 12, "name": "Core"}}}`.
    """
    return Jira(site_of(backlog, deployment))
