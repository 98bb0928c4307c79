"""The whole job in one go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from trackersync.plan.document import Plan
from trackersync.sync.applying import apply_plan
from trackersync.sync.planning import make_plan
from trackersync.sync.reading import PullResult
from trackersync.sync.workspace import Progress, Workspace, silent
from trackersync.sync.writing import RunResult


def sync(
    workspace: Workspace,
    *,
    allow: Collection[str] = (),
    progress: Progress = silent,
    pulled: Callable[[Sequence[PullResult]], object] = lambda _results: None,
) -> tuple[Plan, tuple[PullResult, ...], RunResult]:
    """Pull, score, plan, guards, apply, never asking; one at a time on one store.

    `pulled` hears what was read before a guard may refuse the rest: what could not be read may be why.
    """
    with workspace.store.lock("sync"):
        plan, results = make_plan(workspace, allow=allow, progress=progress)
        pulled(results)
        return plan, results, apply_plan(workspace, plan, progress=progress)
