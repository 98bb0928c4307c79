"""What was written and when, for people and machines; the JSON is stable: keys are only added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from trackersync.change import WriteTarget
from trackersync.model import IssueKey, IssueRef, Value

if TYPE_CHECKING:
    from trackersync.store import Entry, RunInfo


def ended(run: RunInfo, *, newest: bool) -> str:
    """How a run ended: `done`, `partial`, `cut off`; of the newest one nobody knows whether it still runs."""
    if run.status is not None:
        return run.status
    return "cut off or still running" if newest else "cut off"


def history_document(runs: Sequence[RunInfo], newest: str | None) -> dict[str, Any]:
    """`{"runs": [{"run", "at", "finished_at", "ended", "allowed", "outcomes": {STATUS: n}}]}`, newest first.

    `ended` is as `ended` says, `finished_at` null for what was cut off; `allowed` names guards.
    """
    return {"runs": [_run(run, newest) for run in runs]}


def issue_history_document(
    ref: IssueRef, entries: Sequence[Entry], runs: Sequence[RunInfo], newest: str | None
) -> dict[str, Any]:
    """The same of the runs that wrote to one issue, with `ref`, `tracker` and `writes`, newest first.

    A write is `{"at", "run", "target", "before", "after", "reason", "outcome", "detail"}`; the values of a move are
    `["after"|"before", ID]`, the tracker's own id of the neighbour.
    """
    document = {"ref": str(ref), "tracker": ref.tracker, "writes": [_write(entry) for entry in entries]}
    return history_document(runs, newest) | document


def _run(run: RunInfo, newest: str | None) -> dict[str, Any]:
    return {
        "run": run.id,
        "at": run.at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "ended": ended(run, newest=run.id == newest),
        "allowed": list(run.allowed),
        "outcomes": {str(status): count for status, count in sorted(run.outcomes.items())},
    }


def _write(entry: Entry) -> dict[str, Any]:
    outcome, change = entry.outcome, entry.outcome.change
    return {
        "at": entry.at.isoformat(),
        "run": entry.run,
        "target": str(change.target),
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
        "outcome": str(outcome.status),
        "detail": outcome.detail,
    }


def shown_value(value: Value, target: WriteTarget, tracker: str, refs: Mapping[IssueKey, IssueRef]) -> str:
    """A value as people read it; a place by the key of the neighbour, as far as that is known."""
    match value:
        case None | ():
            return "–"
        case (where, id_) if target.kind == "order":
            neighbour = refs.get((tracker, id_))
            return f"{where} {neighbour.key if neighbour else id_}"
        case tuple():
            return " ".join(value)
        case _:
            return str(value)
