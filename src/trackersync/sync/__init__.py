"""The use cases: each is a short walk along pull, score, plan, apply, with the store and the trackers at its ends."""

from trackersync.sync.applying import apply_plan
from trackersync.sync.job import sync
from trackersync.sync.planning import forecast, make_plan
from trackersync.sync.ranking import explain_issue, rank
from trackersync.sync.reading import PullResult, pull
from trackersync.sync.workspace import Progress, Workspace
from trackersync.sync.writing import DONE, RunResult

__all__ = [
    "DONE",
    "Progress",
    "PullResult",
    "RunResult",
    "Workspace",
    "apply_plan",
    "explain_issue",
    "forecast",
    "make_plan",
    "pull",
    "rank",
    "sync",
]
