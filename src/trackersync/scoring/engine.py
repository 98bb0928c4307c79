"""Scoring: from issues and rules to one ranked list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from trackersync.model import Issue, IssueKey
from trackersync.scoring.calculation import Calculation, calculate
from trackersync.scoring.gaps import unfilled, why_missing
from trackersync.scoring.rules import Rules

_NO_BANDS: Mapping[IssueKey, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Scored:
    """One ranked issue: its score, rounded as the rules say; its rank, 1 is first; its band, empty without bands."""

    issue: Issue
    score: float
    rank: int
    band: str


@dataclass(frozen=True, slots=True)
class NeedsInput:
    """An issue that cannot be scored: which inputs are missing, and in words why each is."""

    issue: Issue
    missing: tuple[str, ...]
    detail: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """The open issues, first to last, and those that cannot be ranked, oldest first."""

    ranked: tuple[Scored, ...]
    needs_input: tuple[NeedsInput, ...]
    warnings: tuple[str, ...]


def score(
    issues: Sequence[Issue], rules: Rules, *, now: datetime, bands_before: Mapping[IssueKey, str] = _NO_BANDS
) -> Ranking:
    """Rank all issues that are not done; the same issues in any order give the same list.

    `now` is aware; `bands_before` has the band in which each issue was in the list that was last applied. Raises
    `ConfigError` with all problems that `check_rules` finds.
    """
    calculation = calculate(issues, rules, now=now, bands_before=bands_before)
    ranked = tuple(
        Scored(calculation.issues[row], calculation.scores[row] or 0.0, rank, calculation.bands[row])
        for rank, row in enumerate(calculation.order, start=1)
    )
    unscored = [row for row, score in enumerate(calculation.scores) if score is None]
    unscored.sort(key=lambda row: calculation.issues[row].created_at)
    return Ranking(ranked, tuple(needs_input(calculation, row) for row in unscored), calculation.warnings)


def needs_input(calculation: Calculation, row: int) -> NeedsInput:
    """What the issue of this row, which has no score, lacks."""
    issue, inputs = calculation.issues[row], calculation.inputs
    lacking = sorted(name for name in calculation.formula.names & inputs.keys() if inputs[name].values[row] is None)
    if lacking:
        leaves = tuple(dict.fromkeys(leaf for name in lacking for leaf in unfilled(name, inputs, row)))
        return NeedsInput(issue, leaves, "; ".join(why_missing(name, inputs, row) for name in leaves))
    if calculation.base[row] is not None:
        step = next(step for step in calculation.steps if step.after[row] is None)
        return NeedsInput(issue, (), f"{step.adjustment.name}: the score becomes too large to compute with")
    unknown = sorted(name for name in calculation.formula.names if calculation.table.columns[name][row] is None)
    absent = f"not known here: {', '.join(unknown)}" if unknown else "no condition of it holds"
    detail = calculation.failures.get(row, absent)
    return NeedsInput(issue, tuple(unknown), f"the formula has no value: {detail}")
