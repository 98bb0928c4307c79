"""The use cases: each is a short walk along pull, score, plan, apply, with the store and the trackers at its ends.

A name is loaded when it is first used: to rank what is stored takes nothing of what plans and writes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackersync.sync.applying import apply_plan
    from trackersync.sync.chunk import DONE
    from trackersync.sync.comparing import compare_with
    from trackersync.sync.diagnosing import Diagnosis, diagnose
    from trackersync.sync.fields_read import not_read_for
    from trackersync.sync.job import sync
    from trackersync.sync.planning import forecast, make_plan
    from trackersync.sync.ranking import explain_issue, rank, rank_robustly, set_apart
    from trackersync.sync.reading import PullResult, pull
    from trackersync.sync.rescoring import Rescored, rescore
    from trackersync.sync.reverting import plan_reversal
    from trackersync.sync.rule_tests import run_tests
    from trackersync.sync.workspace import Progress, Workspace, allowances
    from trackersync.sync.writing import RunResult

__all__ = [
    "DONE",
    "Diagnosis",
    "Progress",
    "PullResult",
    "Rescored",
    "RunResult",
    "Workspace",
    "allowances",
    "apply_plan",
    "compare_with",
    "diagnose",
    "explain_issue",
    "forecast",
    "make_plan",
    "not_read_for",
    "plan_reversal",
    "pull",
    "rank",
    "rank_robustly",
    "rescore",
    "run_tests",
    "set_apart",
    "sync",
]

_HOMES = {
    "DONE": "chunk",
    "Diagnosis": "diagnosing",
    "Progress": "workspace",
    "PullResult": "reading",
    "Rescored": "rescoring",
    "RunResult": "writing",
    "Workspace": "workspace",
    "allowances": "workspace",
    "apply_plan": "applying",
    "compare_with": "comparing",
    "diagnose": "diagnosing",
    "explain_issue": "ranking",
    "forecast": "planning",
    "make_plan": "planning",
    "not_read_for": "fields_read",
    "plan_reversal": "reverting",
    "pull": "reading",
    "rank": "ranking",
    "rank_robustly": "ranking",
    "rescore": "rescoring",
    "run_tests": "rule_tests",
    "set_apart": "ranking",
    "sync": "job",
}


def __getattr__(name: str) -> object:
    """Find a name in the module where it is at home (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
