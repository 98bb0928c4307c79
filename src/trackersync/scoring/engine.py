"""Scoring: from issues and rules to one ranked list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct

from trackersync.model import Issue, IssueKey
from trackersync.scoring.calculation import Calculation, calculate
from trackersync.scoring.gaps import unfilled, why_missing
from trackersync.scoring.potential import best_ranks
from trackersync.scoring.remarks import remarks_on
from trackersync.scoring.rules import Rules
from trackersync.scoring.steps import Step, strongest
from trackersync.scoring.votes import Dispute, disputes

NO_BANDS: Mapping[IssueKey, str] = MappingProxyType({})
"""The bands of before where no list was applied yet."""


class Scored(Struct, frozen=True):
    """One ranked issue: its score, rounded as the rules say; its rank, 1 is first; its band, empty without bands."""

    issue: Issue
    score: float
    rank: int
    band: str
    why: tuple[Step, ...] = ()
    """The two steps that did most, where it was asked for."""


class NeedsInput(Struct, frozen=True):
    """An issue that cannot be scored: which inputs are missing, in words why each is, and who might know."""

    issue: Issue
    missing: tuple[str, ...]
    detail: str
    ask: tuple[str, ...] = ()
    """Those who work on it, else who reported it."""
    best_rank: int | None = None
    """The best rank that answers could give it; None where no answer would do."""


class Excluded(Struct, frozen=True):
    """An issue that a rule leaves out of the list."""

    issue: Issue
    rule: str
    because: str | None


class Ranking(Struct, frozen=True):
    """The open issues, first to last; those that need input, first whose answer matters most; those left out."""

    ranked: tuple[Scored, ...]
    needs_input: tuple[NeedsInput, ...]
    warnings: tuple[str, ...]
    excluded: tuple[Excluded, ...] = ()
    disputed: tuple[Dispute, ...] = ()
    """Where people disagree too much for one number to stand for them all."""


def score(
    issues: Sequence[Issue], rules: Rules, *, now: datetime, bands_before: Mapping[IssueKey, str] = NO_BANDS
) -> Ranking:
    """Rank all issues that are not done; the same issues in any order give the same list.

    `now` is aware; `bands_before` has the band in which each issue was in the list that was last applied. Raises
    `ConfigError` with all problems that `check_rules` finds.
    """
    return ranking_of(calculate(issues, rules, now=now, bands_before=bands_before))


def ranking_of(calculation: Calculation, *, explained: int = 0) -> Ranking:
    """The list that a calculation comes to, with reasons for so many of the first; below 0: for all."""
    issues, order = calculation.backlog.issues, calculation.order
    scores, bands = calculation.scores.gather(order).to_list(), calculation.bands.gather(order).to_list()
    tallies = {name: column.read.tallies for name, column in calculation.inputs.items()}
    reasons = len(order) if explained < 0 else explained
    ranked = tuple(
        Scored(issues[row], score, rank, band, strongest(calculation, row) if rank <= reasons else ())
        for rank, (row, score, band) in enumerate(zip(order.to_list(), scores, bands, strict=True), start=1)
    )
    return Ranking(
        ranked,
        tuple(_needing(calculation)),
        tuple(remarks_on(calculation)),
        tuple(excluded(calculation, row) for row in sorted(calculation.excluded)),
        tuple(disputes(issues, tallies, calculation.method.rules.votes.disagreement)),
    )


def _needing(calculation: Calculation) -> list[NeedsInput]:
    """First who could come highest, of equals who lacks the least, then the oldest, then by id."""
    rows = [row for row in calculation.scores.is_null().arg_true() if row not in calculation.excluded]
    best = best_ranks(calculation, rows)
    last = calculation.backlog.height + 1
    found = [needs_input(calculation, row, best_rank=best.get(row)) for row in rows]
    created = calculation.backlog.created.gather(rows).to_list()
    places = zip(found, created, strict=True)
    return [
        each
        for each, _ in sorted(places, key=lambda place: (place[0].best_rank or last, len(place[0].missing), place[1]))
    ]


def excluded(calculation: Calculation, row: int) -> Excluded:
    """Which rule leaves out the issue of this row."""
    part = calculation.applied[calculation.excluded[row]].part
    return Excluded(calculation.backlog.issues[row], part.name, part.because)


def needs_input(calculation: Calculation, row: int, *, best_rank: int | None = None) -> NeedsInput:
    """What the issue of this row, which has no score, lacks."""
    issue = calculation.backlog.issues[row]
    missing, detail = _lack(calculation, row)
    people = issue.assignees or ((issue.author,) if issue.author else ())
    return NeedsInput(issue, missing, detail, tuple(person.name for person in people), best_rank)


def _lack(calculation: Calculation, row: int) -> tuple[tuple[str, ...], str]:
    inputs, formula = calculation.inputs, calculation.method.formula
    lacking = sorted(name for name in formula.names & inputs.keys() if inputs[name].values[row] is None)
    if lacking:
        leaves = tuple(dict.fromkeys(leaf for name in lacking for leaf in unfilled(name, inputs, row)))
        return leaves, "; ".join(why_missing(name, inputs, row) for name in leaves)
    if calculation.base[row] is not None:
        step = next(applied for applied in calculation.applied if applied.after[row] is None)
        return (), f"{step.part.name}: the score becomes too large to compute with"
    unknown = sorted(name for name in formula.names if calculation.table.columns[name][row] is None)
    absent = f"not known here: {', '.join(unknown)}" if unknown else "no condition of it holds"
    return tuple(unknown), f"the formula has no value: {calculation.failures.get(row, absent)}"
