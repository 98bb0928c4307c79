"""The labels of a tracker as things of their own: made ready before any is written, and retired at the end."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from trackersync.change import LabelSet
from trackersync.connector import Target
from trackersync.errors import StoreError, TrackerError
from trackersync.plan.document import Plan
from trackersync.sync.chunk import DONE
from trackersync.sync.workspace import Workspace
from trackersync.sync.writing import RunResult

log = logging.getLogger("trackersync")


def labels_in_use(plan: Plan, tracker: str) -> LabelSet | None:
    """The tracker's labels, where the plan writes any."""
    written = any(change.ref.tracker == tracker and change.target.kind == "labels" for change in plan.changes)
    return plan.trackers[tracker].labels if written else None


def define_labels(workspace: Workspace, target: Target, labels: LabelSet | None, result: RunResult) -> None:
    """Before labels are written; what cannot be done stops this tracker, and a store that fails all of them."""
    if labels is None or result.stopped:
        return
    try:
        done = _defined(target, labels, result)
        for line in done:
            log.info("%s: %s", target.tracker, line)
        if done:
            # A label that was renamed is no touch of the issues that carry it: only a read of all of them shows it.
            workspace.store.forget_cursor(target.tracker)
    except StoreError as error:
        result.stopped = error


def _defined(target: Target, labels: LabelSet, result: RunResult) -> Sequence[str]:
    try:
        return target.define_labels(labels)
    except TrackerError as error:
        result.errors[target.tracker] = error
        return ["some may have been renamed"] if labels.previously else []


def retire_labels(target: Target, labels: LabelSet | None, result: RunResult) -> None:
    """Only once nothing is left that may carry them; what cannot be done is told, and nothing depends on it."""
    failed = any(o.status not in DONE for o in result.outcomes if o.change.ref.tracker == target.tracker)
    if labels is None or not labels.retired or failed:
        return
    try:
        for line in target.retire_labels(labels):
            log.info("%s: %s", target.tracker, line)
    except TrackerError as error:
        log.warning("%s: labels could not be retired: %s", target.tracker, error.message)
