"""What is behind an issue's move between two calculations: its inputs and steps that are others now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from trackersync.model import IssueKey
from trackersync.scoring.calculation import Calculation
from trackersync.scoring.steps import before_normalizing


class Shift(Struct, frozen=True):
    """A number or text that was another before; None where there was, or is, none."""

    name: str
    before: float | str | None
    after: float | str | None


class Reason(Struct, frozen=True):
    """What is another for one issue; nothing of both where it only moved because others did."""

    inputs: tuple[Shift, ...] = ()
    """Inputs and built-in columns that the rules use."""
    steps: tuple[Shift, ...] = ()
    """The formula and what comes after it, with the points that each adds."""


def reasons(issues: Sequence[IssueKey], before: Calculation, after: Calculation) -> dict[IssueKey, Reason]:
    """Why each of these issues moves, of those that both know; the score before it is normalised is looked at."""
    rows = [{each.ref.issue_key: row for row, each in enumerate(of.backlog.issues)} for of in (before, after)]
    return {
        key: Reason(
            tuple(_shifts(_inputs(before, rows[0][key]), _inputs(after, rows[1][key]))),
            tuple(_shifts(_steps(before, rows[0][key]), _steps(after, rows[1][key]))),
        )
        for key in issues
        if key in rows[0] and key in rows[1]
    }


def _shifts(before: Mapping[str, float | str | None], after: Mapping[str, float | str | None]) -> Iterator[Shift]:
    for name in {**before, **after}:
        was, now = before.get(name), after.get(name)
        if was != now:
            yield Shift(name, was, now)


def _inputs(calculation: Calculation, row: int) -> dict[str, float | str | None]:
    """All that is one number or one text; what a list changes is told by the step that uses it."""
    columns = calculation.table.columns
    cells = {name: columns[name][row] for name in {**calculation.inputs, **columns}}
    return {name: cell for name, cell in cells.items() if cell is None or isinstance(cell, float | str)}


def _steps(calculation: Calculation, row: int) -> dict[str, float | str | None]:
    """By name the points that each step adds; several of one name together."""
    added: dict[str, Decimal] = {}
    for step in before_normalizing(calculation, row) if calculation.scores[row] is not None else ():
        added[step.name] = added.get(step.name, Decimal(0)) + step.delta
    return {name: float(points) for name, points in added.items() if points}
