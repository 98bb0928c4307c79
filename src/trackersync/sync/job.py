"""The whole job in one go."""

from __future__ import annotations

from collections.abc import Collection

from trackersync.plan.document import Plan
from trackersync.sync.applying import apply_plan
from trackersync.sync.planning import make_plan
from trackersync.sync.reading import PullResult
from trackersync.sync.workspace import Progress, Workspace, silent
from trackersync.sync.writing import RunResult


def sync(
    workspace: Workspace, *, allow: Collection[str] = (), progress: Progress = silent
) -> tuple[Plan, tuple[PullResult, ...], RunResult]:
    """Pull, score, plan, guards, apply, never asking; one at a time on one store."""
    with workspace.store.lock("sync"):
        plan, results = make_plan(workspace, allow=allow, progress=progress)
        return plan, results, apply_plan(workspace, plan, progress=progress)
