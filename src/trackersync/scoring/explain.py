"""How an issue came to its score: every input, the formula with its numbers, and one step for each thing done since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import polars as pl
from msgspec import Struct

from trackersync.errors import TrackersyncError
from trackersync.model import Issue, IssueKey, IssueRef, StateCategory, Value
from trackersync.scoring.blockers import folded
from trackersync.scoring.calculation import Calculation, calculate
from trackersync.scoring.columns import COLUMNS, Kind
from trackersync.scoring.engine import NO_BANDS, excluded, needs_input
from trackersync.scoring.expressions import nearest
from trackersync.scoring.gaps import InputColumn
from trackersync.scoring.inputs import names_of, source_of
from trackersync.scoring.next_band import band_above
from trackersync.scoring.rules import Rules
from trackersync.scoring.sensitivity import Way, ways
from trackersync.scoring.steps import Step, filled_in, steps_of


class InputUse(Struct, frozen=True):
    """One input or column as it counted: its value, what the tracker holds, and where that is kept."""

    name: str
    value: float | str | tuple[str, ...] | None
    raw: Value
    origin: str
    """`label impact/high`, `project field Reach`, `default 1, because it is missing`, `built in`."""
    days: int | None = None
    """For how many days at least it has been so: since the vote, else since anybody touched the issue."""


class Explanation(Struct, frozen=True, kw_only=True):
    """Everything about one issue's place; `score`, `rank` and `band` are None where it has none."""

    issue: Issue
    inputs: tuple[InputUse, ...]
    formula: str
    filled: str
    """The formula with numbers in the places of names."""
    steps: tuple[Step, ...]
    score: float | None
    rank: int | None
    band: str | None
    ranked: int
    """How many issues are ranked in all."""
    missing: tuple[str, ...] = ()
    detail: str = ""
    """Why there is no score."""
    next_band: str | None = None
    """The band above; None where there is none."""
    ways_up: tuple[Way, ...] = ()
    """The least change of each input that takes it into the band above, all else being as it is; smallest first."""


def explain(
    issues: Sequence[Issue],
    rules: Rules,
    ref_text_or_key: str | IssueKey,
    *,
    now: datetime,
    bands_before: Mapping[IssueKey, str] = NO_BANDS,
) -> Explanation:
    """Explain one issue, named by ref, by key, by URL or by (tracker, id), among all with which it is ranked.

    Raises `TrackersyncError` where no issue has that name or several have it, `ConfigError` for rules that
    `check_rules` refuses.
    """
    (explanation,) = explain_all(issues, rules, [ref_text_or_key], now=now, bands_before=bands_before)
    return explanation


def explain_all(
    issues: Sequence[Issue],
    rules: Rules,
    names: Sequence[str | IssueKey],
    *,
    now: datetime,
    bands_before: Mapping[IssueKey, str] = NO_BANDS,
) -> list[Explanation]:
    """Explain several issues; see `explain`."""
    found = [find_issue(issues, name) for name in names]
    calculation = calculate(issues, rules, now=now, bands_before=bands_before)
    return [explain_one(calculation, issue, now=now) for issue in found]


def find_issue(issues: Sequence[Issue], name: str | IssueKey) -> Issue:
    """The issue of this ref (`github:acme/web#12`), key (`acme/web#12`), URL or (tracker, id)."""
    if isinstance(name, tuple):
        found = [issue for issue in issues if issue.ref.issue_key == name]
        wanted = " ".join(name)
    else:
        wanted = name.strip()
        found = [issue for issue in issues if folded(wanted) in names_of(issue)]
    if len(found) == 1:
        return found[0]
    if found:
        trackers = ", ".join(sorted(issue.ref.tracker for issue in found))
        raise TrackersyncError(f"{wanted} is an issue of several trackers: {trackers}", hint="name it by its URL")
    near = nearest(wanted, (str(issue.ref) if ":" in wanted else issue.ref.key for issue in issues))
    hint = f"did you mean {near}?" if near else "pull first, or look whether the tracker's selection leaves it out"
    raise TrackersyncError(f"no issue {wanted} in the snapshot", hint=hint)


def explain_one(calculation: Calculation, issue: Issue, *, now: datetime) -> Explanation:
    """Explain an issue that is among those that were calculated, or is done."""
    if issue.state_category is StateCategory.DONE:
        return _closed(issue, calculation)
    return _explain(calculation, row_of(calculation, issue), now)


def row_of(calculation: Calculation, issue: Issue) -> int:
    """The row of an issue that is among those that were calculated."""
    return next(row for row, other in enumerate(calculation.backlog.issues) if other.ref == issue.ref)


def _closed(issue: Issue, calculation: Calculation) -> Explanation:
    text = calculation.method.formula.text
    return Explanation(
        issue=issue, inputs=(), formula=text, filled=text, steps=(), score=None, rank=None, band=None,
        ranked=len(calculation.order), detail=f"it is done ({issue.state}), and only open issues are ranked",
    )  # fmt: skip


def _explain(calculation: Calculation, row: int, now: datetime) -> Explanation:
    score, issue = calculation.scores[row], calculation.backlog.issues[row]
    missing, detail = ((), "") if score is not None else _why_not(calculation, row)
    above = None if score is None else band_above(calculation, row)
    return Explanation(
        issue=issue,
        inputs=tuple(uses_of(calculation, row, now)),
        formula=calculation.method.formula.text,
        filled=filled_in(calculation, calculation.method.formula, row),
        steps=() if score is None else tuple(steps_of(calculation, row)),
        score=score,
        rank=calculation.ranks[row],
        band=calculation.bands[row],
        ranked=len(calculation.order),
        missing=missing,
        detail=detail,
        next_band=above[0] if above else None,
        ways_up=tuple(ways(calculation, row, above[1])) if above else (),
    )


def _why_not(calculation: Calculation, row: int) -> tuple[tuple[str, ...], str]:
    if row in calculation.excluded:
        by = excluded(calculation, row)
        return (), f"the rule `{by.rule}` leaves it out" + (f": {by.because}" if by.because else "")
    lacking = needs_input(calculation, row)
    return lacking.missing, lacking.detail


def uses_of(calculation: Calculation, row: int, now: datetime) -> Iterator[InputUse]:
    """What the formula uses, then what only the adjustments use."""
    names = dict.fromkeys(name for name, _, _ in calculation.method.formula.spans)
    for part in calculation.method.parts:
        names |= dict.fromkeys(sorted(part.names))
    issue = calculation.backlog.issues[row]
    touched = max((now - issue.updated_at).days, 0)
    for name in names:
        if name in calculation.inputs:
            yield _use(name, calculation.inputs[name], row, issue.ref, now, touched)
        else:
            cell = _plain(calculation.table.columns[name][row])
            yield InputUse(name, cell, cell, "built in")


def _plain(cell: object) -> float | str | tuple[str, ...] | None:
    if cell is None or isinstance(cell, float | str):
        return cell
    assert isinstance(cell, pl.Series), "columns hold numbers, texts and lists of texts"
    return tuple(cell)


_STANDS_IN = {"default": "the default", "neutral": "the middle of what the others have", "worst": "the worst value"}


def _use(name: str, column: InputColumn, row: int, ref: IssueRef, now: datetime, touched: int) -> InputUse:
    reading = column.read.reading(row)
    value = column.values[row]
    if column.is_missing(row) and column.stand_in is not None:
        origin = f"{_STANDS_IN[column.used.missing.policy]}, because it is missing ({reading.origin})"
        return InputUse(name, value, reading.raw, origin)
    told = column.read.tallies.get(row)
    if told is not None:
        days = None if told.since is None else max((now.date() - told.since).days, 0)
    else:
        days = touched if _is_kept(column, ref) else None
    return InputUse(name, value, reading.raw, reading.origin, days)


def _is_kept(column: InputColumn, ref: IssueRef) -> bool:
    """Whether the tracker keeps the value, so that it is as old at least as the last touch of the issue."""
    source = source_of(column.used.sources, ref.tracker, ref.connector)
    if source is None or source.kind == "table":
        return False
    # Votes, comments and the like change without a touch, and an age with every day.
    return source.kind != "column" or COLUMNS[source.name].kind is Kind.TEXT
