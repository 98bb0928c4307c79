"""What is stored, scored and ranked; touches no network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from trackersync.model import Issue, IssueKey
from trackersync.sync.workspace import Workspace

if TYPE_CHECKING:
    from trackersync.scoring.calculation import Calculation
    from trackersync.scoring.engine import Ranking
    from trackersync.scoring.explain import Explanation
    from trackersync.scoring.robustness import Robustness
    from trackersync.scoring.versus import Versus


def read_issues(workspace: Workspace) -> list[Issue]:
    """Every stored issue of the configured trackers, as people left it."""
    readable = [tracker for tracker in workspace.config.trackers if workspace.snapshot(tracker)]
    return workspace.store.issues_as_left(readable)


def rank(workspace: Workspace, *, explained: int = 0) -> Ranking:
    """Score and rank the stored snapshots, with reasons as `ranking_of` gives them; touches no network."""
    from trackersync.scoring.engine import ranking_of

    return ranking_of(calculate_stored(workspace), explained=explained)


def rank_for_plan(workspace: Workspace, *, explained: int) -> tuple[Ranking, list[tuple[tuple[str, float], ...]]]:
    """The same, and for each ranked issue what its score is made of, for its standing."""
    from trackersync.scoring.engine import ranking_of
    from trackersync.scoring.steps import points_of

    calculation = calculate_stored(workspace)
    return ranking_of(calculation, explained=explained), points_of(calculation)


def rank_robustly(workspace: Workspace, *, top: int, explained: int = 0) -> tuple[Ranking, Robustness]:
    """The same, and how far the order can be relied on; `top` is how many are the first."""
    from trackersync.scoring.engine import ranking_of
    from trackersync.scoring.robustness import simulate

    calculation = calculate_stored(workspace)
    return ranking_of(calculation, explained=explained), simulate(calculation, top=top)


def calculate_stored(workspace: Workspace) -> Calculation:
    """Everything about the stored issues under the rules of the file; touches no network."""
    from trackersync.scoring.calculation import calculate  # it loads polars, for which a pull has no use

    rules = workspace.config.rules
    return calculate(read_issues(workspace), rules, now=workspace.now(), bands_before=bands_before(workspace))


def bands_before(workspace: Workspace) -> Mapping[IssueKey, str]:
    """The band each issue had in the list that was last applied, for hysteresis."""
    return workspace.store.bands()


def explain_issue(workspace: Workspace, name: str) -> Explanation:
    """How one issue, named by ref, key or URL, came by its place among all stored ones; touches no network."""
    from trackersync.scoring.explain import explain

    rules, before = workspace.config.rules, bands_before(workspace)
    return explain(read_issues(workspace), rules, name, now=workspace.now(), bands_before=before)


def set_apart(workspace: Workspace, first: str, second: str) -> Versus:
    """What separates two issues, and the least that would make them change places; touches no network."""
    from trackersync.scoring.versus import versus

    rules, before = workspace.config.rules, bands_before(workspace)
    return versus(read_issues(workspace), rules, (first, second), now=workspace.now(), bands_before=before)
