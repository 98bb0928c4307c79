"""What was written and when, for people and machines; the JSON is stable: keys are only added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trackersync.model import IssueRef
from trackersync.report.explanation import short

if TYPE_CHECKING:
    from trackersync.scoring.steps import Step
    from trackersync.store import Entry, Movement, RunInfo


def strongest_steps(steps: Sequence[Step]) -> tuple[str, ...]:
    """`deadline +8`: the steps that did most, without what changes with every day."""
    return tuple(f"{step.name} {short(step.delta, signed=True)}" for step in steps)


def ended(run: RunInfo, *, newest: bool) -> str:
    """How a run ended: `done`, `partial`, `cut off`; of the newest one nobody knows whether it still runs."""
    if run.status is not None:
        return run.status
    return "cut off or still running" if newest else "cut off"


def history_document(runs: Sequence[RunInfo], newest: str | None) -> dict[str, Any]:
    """`{"runs": [{"run", "at", "by", "finished_at", "ended", "allowed", "outcomes": {STATUS: n}}]}`, newest first.

    `ended` is as `ended` says, `finished_at` null for what was cut off; `by` is who had it done, null where nobody
    knows; `allowed` names guards.
    """
    return {"runs": [_run(run, newest) for run in runs]}


def issue_history_document(
    ref: IssueRef,
    entries: Sequence[Entry],
    movements: Sequence[Movement],
    runs: Sequence[RunInfo],
    newest: str | None,
) -> dict[str, Any]:
    """The same of the runs that wrote to one issue, with `ref`, `tracker`, `standings` and `writes`, newest first.

    A standing is `{"at", "run", "rank", "band", "score", "why"}`, of the runs alone that moved the issue; null where it
    left the list, and `why` the steps that did most for another score.

    A write is `{"at", "run", "target", "before", "after", "reason", "outcome", "detail"}`; the values of a move are
    `["after"|"before", ID]`, the tracker's own id of the neighbour.
    """
    document = {
        "ref": str(ref),
        "tracker": ref.tracker,
        "standings": [_standing(each) for each in movements],
        "writes": [_write(entry) for entry in entries],
    }
    return history_document(runs, newest) | document


def _run(run: RunInfo, newest: str | None) -> dict[str, Any]:
    return {
        "run": run.id,
        "at": run.at.isoformat(),
        "by": run.by,
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "ended": ended(run, newest=run.id == newest),
        "allowed": list(run.allowed),
        "outcomes": {str(status): count for status, count in sorted(run.outcomes.items())},
    }


def _standing(movement: Movement) -> dict[str, Any]:
    return {
        "at": movement.at.isoformat(),
        "run": movement.run,
        "rank": movement.rank,
        "band": movement.band or None,
        "score": movement.score,
        "why": list(movement.why),
    }


BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None]) -> str:
    """A bar a value, the least lowest; a blank where there is none, and the same for all where all are the same."""
    known = [value for value in values if value is not None]
    least, most = min(known, default=0.0), max(known, default=0.0)
    step = (most - least) / (len(BARS) - 1)
    return "".join(" " if each is None else BARS[round((each - least) / step) if step else 3] for each in values)


def what_moved(movements: Sequence[Movement]) -> list[str]:
    """By movement, newest first, the steps that did not do as much the time before, or who else moved it."""
    return [_moved_by(now, before) for now, before in zip(movements, [*movements, None][1:], strict=True)]


def _moved_by(now: Movement, before: Movement | None) -> str:
    if now.rank is None:
        return "not in the list any more: done, gone, left out or without an input"
    if before is None or before.rank is None:
        return "; ".join(["new in the list", *now.why])
    if now.score == before.score:
        return "others moved"
    new = [step for step in now.why if step not in before.why]
    return "; ".join(new) or "all scores moved"


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
