"""The emulated Jira, Cloud or Data Center: searches by real JQL, edits with Jira's own refusals, ranks as strings."""

from __future__ import annotations

from trackersync_sandbox.jira.index import Index
from trackersync_sandbox.jira.loading import is_open as is_open
from trackersync_sandbox.jira.loading import site_of
from trackersync_sandbox.jira.people import Deployment
from trackersync_sandbox.jira.rates import Rates
from trackersync_sandbox.jira.tracker import Jira
from trackersync_sandbox.source import Backlog
from trackersync_sandbox.state import Clock

__all__ = ["is_open", "load"]

CAN_LACK = frozenset({
    "EDIT_ISSUES", "SCHEDULE_ISSUES", "BULK_CHANGE", "ADMINISTER", "ADMINISTER_PROJECTS",
    "ADD_COMMENTS", "EDIT_OWN_COMMENTS", "DELETE_OWN_COMMENTS",
})  # fmt: skip
"""Permissions that the account can be without: everywhere, in one project or for one issue."""
_IN_PLACES = CAN_LACK - {"ADMINISTER", "BULK_CHANGE"}


def load(
    backlog: Backlog,
    *,
    deployment: Deployment,
    lacking: frozenset[str] = frozenset(),
    clock: Clock | None = None,
    search_lag: float = 0.0,
    rate_limit: int | None = None,
    bulk_polls: int = 0,
) -> Jira:
    """The tracker that starts with `backlog`. Raises ValueError for what is no Jira issue, and for what none can lack.

    `lacking` are permissions of the account, and fields, by name, off the edit screen. The `clock` dates every update.
    Searches see it `search_lag` seconds late, which Data Center's never do. `rate_limit` is what each token has, in
    requests an hour; None limits nothing. A bulk edit is found unfinished `bulk_polls` times before it is done.

    The backlog's board part may name boards by project: `{"boards": {"CORE": {"id": 12, "name": "Core"}}}`.
    """
    if search_lag and deployment == "data_center":
        raise ValueError("the searches of Data Center see everything at once: a search lag is Cloud's")
    clock = clock or Clock()
    site = site_of(backlog, deployment, Index(clock, search_lag))
    known = CAN_LACK | {field.name for field in site.catalog}
    if unknown := sorted(name for name in lacking - known if name.partition("@")[0] not in _IN_PLACES):
        raise ValueError(f"no permission or field is called {', '.join(unknown)}; there is {', '.join(sorted(known))}")
    site.lacking = lacking
    return Jira(site, Rates(deployment, rate_limit, clock), bulk_polls=bulk_polls)
