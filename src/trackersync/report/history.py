"""What was written and when, for people and machines; the JSON is stable: keys are only added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from trackersync.model import IssueRef
from trackersync.report.explanation import short

if TYPE_CHECKING:
    from trackersync.store import Entry, Movement, RunInfo


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
    most: int | None,
) -> dict[str, Any]:
    """The same of the runs that wrote to one issue or moved it, with its `ref`, `tracker`, `standings` and `writes`.

    All newest first, and of both no more than `most`.

    A standing is `{"at", "run", "rank", "band", "score", "why", "moved_by"}`, of the runs alone that moved the issue;
    null where it left the list, `why` the two parts that did most for the score, `moved_by` what was another before.

    A write is `{"at", "run", "target", "before", "after", "reason", "outcome", "detail"}`; the values of a move are
    `["after"|"before", ID]`, the tracker's own id of the neighbour.
    """
    document = {
        "ref": str(ref),
        "tracker": ref.tracker,
        "standings": [_standing(*each) for each in zip(movements[:most], what_moved(movements), strict=False)],
        "writes": [_write(entry) for entry in entries[:most]],
    }
    mine = {entry.run for entry in entries[:most]} | {move.run for move in movements[:most]}
    return history_document([run for run in runs if run.id in mine], runs[0].id if runs else None) | document


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


def _standing(movement: Movement, moved_by: str) -> dict[str, Any]:
    return {
        "at": movement.at.isoformat(),
        "run": movement.run,
        "rank": movement.rank,
        "band": movement.band or None,
        "score": movement.score,
        "why": strongest_points(movement.points),
        "moved_by": moved_by,
    }


BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None]) -> str:
    """A bar a value, the least lowest; a blank where there is none, and the same for all where all are the same."""
    known = [value for value in values if value is not None]
    least, most = min(known, default=0.0), max(known, default=0.0)
    step = (most - least) / (len(BARS) - 1)
    return "".join(" " if each is None else BARS[round((each - least) / step) if step else 3] for each in values)


def what_moved(movements: Sequence[Movement]) -> list[str]:
    """By movement, newest first, which points of its score were others the time before, or who else moved it."""
    return [_moved_by(now, movements[place + 1 :]) for place, now in enumerate(movements)]


_TOLD = 3
"""So many parts of a score, the most moving first."""


def _moved_by(now: Movement, earlier: Sequence[Movement]) -> str:
    if now.rank is None:
        return "not in the list any more: done, gone, left out or without an input"
    before = earlier[0] if earlier else None
    if before is None or before.rank is None:
        return "; ".join(["new in the list", *strongest_points(now.points)])
    if now.score != before.score:
        made_of = next((dict(each.points) for each in earlier if each.points), None)
        return "its score" if made_of is None else _told(_shifts(made_of, dict(now.points))) or "the scores of others"
    return f"its band: {before.band or 'none'} → {now.band or 'none'}" if now.band != before.band else "others moved"


def _shifts(before: Mapping[str, float], now: Mapping[str, float]) -> list[tuple[str, float, float]]:
    """Names with the points before and now, where these are others, the most moving first."""
    found = [(name, before.get(name, 0.0), now.get(name, 0.0)) for name in {**before, **now}]
    # What differs by less than is shown would be told as `+40 → +40`.
    other = (each for each in found if _points(each[1]) != _points(each[2]))
    return sorted(other, key=lambda each: -abs(each[2] - each[1]))


def _told(shifts: Sequence[tuple[str, float, float]]) -> str:
    return "; ".join(f"{name} {_points(before)} → {_points(now)}" for name, before, now in shifts[:_TOLD])


def strongest_points(points: Sequence[tuple[str, float]]) -> list[str]:
    """`deadline +8`: the two parts that did most for a score, in their order."""
    most = sorted(points, key=lambda each: -abs(each[1]))[:2]
    return [f"{name} {_points(added)}" for name, added in points if (name, added) in most]


def _points(number: float) -> str:
    return short(Decimal(repr(number)), signed=True) if number else "0"


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
