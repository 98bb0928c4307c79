"""Who moves because of what was read anew or answered, for people: from where to where, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trackersync.report.comparison import MOVE_COLUMNS, Section, band_name, move_cells
from trackersync.report.ranking import score_value
from trackersync.report.tables import Table, many
from trackersync.scoring.figures import figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trackersync.scoring.comparison import Move
    from trackersync.scoring.movement import Reason, Shift
    from trackersync.sync.rescoring import Rescored

_WHY = ("Why", "")
_UNMOVED = "nothing of it changed"
_OVERTAKEN, _OVERTAKING = "others passed it", "it passed others that fell"
_RECUT, _RESCALED = "the bands are cut elsewhere", "the scores of others"
_OF_OTHERS = {_OVERTAKEN, _OVERTAKING, _RECUT, _RESCALED}
"""Why an issue moves that has no reason of its own."""


def summary(rescored: Rescored) -> str:
    """What it comes to, in one line."""
    comparison = rescored.comparison
    if not comparison.changed:
        return f"Nothing moves: {many(len(comparison.moves), 'issue')}, each with the rank, score and band that it had."
    bands = sum(move.before.band != move.after.band for move in comparison.moves)
    scores = sum(not move.places and move.before.band == move.after.band for move in comparison.altered)
    said = [f"{many(len(comparison.moved), 'issue')} of {len(comparison.moves):,} would change places"]
    said += [f"{bands:,} would change bands"] * bool(bands)
    said += [f"{scores:,} only the score"] * bool(scores)
    said += [f"{len(comparison.joined):,} would be newly ranked"] * bool(comparison.joined)
    said += [f"{len(comparison.left):,} would no longer be ranked"] * bool(comparison.left)
    return ", ".join(said) + "."


def sections(rescored: Rescored, *, top: int) -> Iterator[Section]:
    """The issues that were asked for, also where they stay; then the first `top` of what else moves."""
    own = [(*move_cells(move), why(move, rescored)) for move in rescored.own]
    own += list(_newly(rescored))
    if own:
        yield Section("Read or answered", Table([*MOVE_COLUMNS, _WHY], own))
    lost = [(str(ref), detail) for ref, detail in rescored.waiting.items()]
    lost += [
        (str(each.place.issue.ref), each.why)
        for each in rescored.comparison.left
        if each.place.issue.ref not in rescored.waiting
    ]
    if lost:
        told = f" ({many(len(lost), 'issue')}, the first {top})" if len(lost) > top else ""
        yield Section(f"Without a rank{told}", Table([("Issue", ""), _WHY], lost[:top]))
    if rescored.others:
        yield _others(rescored, top)


def _others(rescored: Rescored, top: int) -> Section:
    """Why is told where at least one of them has a reason of its own."""
    shown, count = rescored.others[:top], len(rescored.others)
    whys = [why(move, rescored) for move in shown]
    told = [f"the first {top}"] * (count > top)
    columns, rows = [*MOVE_COLUMNS, _WHY], [(*move_cells(move), each) for move, each in zip(shown, whys, strict=True)]
    if set(whys) <= _OF_OTHERS:
        columns, rows = list(MOVE_COLUMNS), [row[:-1] for row in rows]
        told.append("only because others changed")
    heading = "What else changes" if rescored.named else "What changes"
    return Section(f"{heading} ({', '.join([many(count, 'issue'), *told])})", Table(columns, rows))


def _newly(rescored: Rescored) -> Iterator[tuple[str, ...]]:
    """The issues that had no rank and now have one: those asked for or, where all were, every one."""
    for each in rescored.comparison.joined:
        place, key = each.place, each.place.issue.ref.issue_key
        if not rescored.named or key in rescored.named:
            cells = (str(place.issue.ref), place.issue.title, f"– → {place.rank:,}", f"– → {band_name(place.band)}")
            reason = rescored.reasons.get(key)
            yield (*cells, f"– → {score_value(place)}", _inputs(reason) if reason else "new")


def why(move: Move, rescored: Rescored) -> str:
    """The inputs and steps of an issue that are others now."""
    reason = rescored.reasons.get(move.issue.ref.issue_key)
    if reason is None or not (reason.inputs or reason.steps):
        return _of_others(move)
    return "; ".join(part for part in (_inputs(reason), _points(reason.steps)) if part)


def _of_others(move: Move) -> str:
    if move.places:
        return _OVERTAKEN if move.places < 0 else _OVERTAKING
    if move.before.band != move.after.band:
        return _RECUT
    return _RESCALED if move.before.score != move.after.score else _UNMOVED


def _inputs(reason: Reason) -> str:
    return ", ".join(f"{each.name} {_shown(each.before)} → {_shown(each.after)}" for each in reason.inputs)


def _points(steps: Sequence[Shift]) -> str:
    """What steps add now, and what they added before."""
    return ", ".join(f"{each.name} {_signed(each.after)} (was {_signed(each.before)})" for each in steps)


def _signed(points: float | str | None) -> str:
    if not isinstance(points, float):
        return "nothing"
    return f"+{figure(points)}" if points >= 0 else figure(points).replace("-", "−")


def _shown(value: float | str | None) -> str:
    return "–" if value is None else figure(value) if isinstance(value, float) else value
