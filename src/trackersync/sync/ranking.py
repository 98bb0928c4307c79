"""What is stored, scored and ranked; touches no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from trackersync.change import OwnWrite
from trackersync.model import Issue, IssueKey
from trackersync.sync.workspace import Workspace

if TYPE_CHECKING:
    from trackersync.scoring.engine import Ranking
    from trackersync.scoring.explain import Explanation


def read_issues(workspace: Workspace) -> list[Issue]:
    """Every stored issue of the configured trackers, with our own writes taken out of `updated_at`.

    An issue is idle since a person last touched it, not since we wrote its label.
    """
    own = workspace.store.own_writes()
    readable = [tracker for tracker in workspace.config.trackers if workspace.snapshot(tracker)]
    return [as_people_left_it(issue, own) for issue in workspace.store.issues(readable)]


def as_people_left_it(issue: Issue, own: Mapping[IssueKey, OwnWrite]) -> Issue:
    """The issue with `updated_at` as it was before our own last write, where nobody touched it since."""
    written = own.get(issue.ref.issue_key)
    if written is None or written.updated_at != issue.updated_at:
        return issue
    return replace(issue, updated_at=written.active_at)


def rank(workspace: Workspace) -> Ranking:
    """Score and rank the stored snapshots; touches no network."""
    from trackersync.scoring.engine import score  # it loads polars, for which a pull has no use

    rules = workspace.config.rules
    return score(read_issues(workspace), rules, now=workspace.now(), bands_before=bands_before(workspace))


def bands_before(workspace: Workspace) -> dict[IssueKey, str]:
    """The band each issue had in the list that was last applied, for hysteresis."""
    return {key: standing.band for key, standing in workspace.store.standings().items()}


def explain_issue(workspace: Workspace, name: str) -> Explanation:
    """How one issue, named by ref, key or URL, came by its place among all stored ones; touches no network."""
    from trackersync.scoring.explain import explain

    rules, before = workspace.config.rules, bands_before(workspace)
    return explain(read_issues(workspace), rules, name, now=workspace.now(), bands_before=before)
