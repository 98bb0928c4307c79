"""Puts a sandbox together from what the user asked for.

Each half is a package with two names: `is_open(issue) -> bool` tells an open issue in the API's form, and
`load(backlog, …) -> Tracker` builds the tracker from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from trackersync_sandbox import github, jira
from trackersync_sandbox.app import Sandbox
from trackersync_sandbox.source import built_in, from_files, selection
from trackersync_sandbox.state import Clock, Requests

Deployment = Literal["cloud", "data_center"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line offers; the defaults serve the built-in backlog in both trackers."""

    github: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    """Files by `OWNER/REPO`."""
    jira: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    """Files by project key."""
    deployment: Deployment = "cloud"
    latency: float = 0.0
    """Seconds every answer of a tracker takes at least."""
    search_lag: float = 0.0
    """Seconds after which Jira Cloud's searches see a change."""
    clock_skew: float = 0.0
    """Seconds that the clocks of the trackers are ahead of this machine's; behind it where negative."""
    bulk_polls: int = 0
    """How often a bulk edit of Jira Cloud is found unfinished before it is done."""
    rate_limit: int | None = None
    """Requests an hour that each tracker takes with one token."""
    faults: Path | None = None
    """The file with the faults in force from the start."""
    limit: int | None = None
    """Load no more than this many issues of each file."""
    open_only: bool = False
    lacking: Sequence[str] = ()
    """Scopes of the GitHub token, permissions of the Jira account and fields off Jira's edit screen, all missing."""


def build(options: Options) -> Sandbox:
    """The application. Raises OSError for a file that cannot be read and ValueError for what is not to be in it."""
    open_github = selection(github.is_open, limit=options.limit, open_only=options.open_only)
    open_jira = selection(jira.is_open, limit=options.limit, open_only=options.open_only)
    issues = from_files(options.github, open_github) if options.github else built_in("github", "acme/web", open_github)
    tickets = from_files(options.jira, open_jira) if options.jira else built_in("jira", "CORE", open_jira)
    requests, clock = Requests(), Clock(options.clock_skew)
    scopes = github.CAN_LACK.intersection(options.lacking)
    trackers = [
        github.load(issues, requests, lacking=scopes, clock=clock, rate_limit=options.rate_limit),
        jira.load(
            tickets,
            deployment=options.deployment,
            lacking=frozenset(options.lacking) - scopes,
            clock=clock,
            search_lag=options.search_lag,
            rate_limit=options.rate_limit,
            bulk_polls=options.bulk_polls,
        ),
    ]
    sandbox = Sandbox(trackers, requests, latency=options.latency, clock=clock)
    if options.faults:
        sandbox.script.read(options.faults)
    return sandbox
