"""The whole way from issues to scores, as columns; `score` reads the result off it, `explain` how it came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from trackersync.errors import ConfigError
from trackersync.model import Issue, IssueKey, StateCategory
from trackersync.scoring.adjustments import Applied, Ground, apply_adjustment
from trackersync.scoring.bands import assign_bands
from trackersync.scoring.check import check_rules, input_order
from trackersync.scoring.columns import COLUMNS, Kind
from trackersync.scoring.evaluate import Table, evaluate, read_column, series
from trackersync.scoring.expressions import Expression, parse
from trackersync.scoring.frameworks import formula_of, scale_of
from trackersync.scoring.gaps import InputColumn, input_column
from trackersync.scoring.normalization import normalize, round_scores, span_of
from trackersync.scoring.rules import Action, Add, Adjustment, HalfLife, Inherit, Multiply, Rules

_SIZES = ("effort", "job_size", "duration")


@dataclass(slots=True)
class Calculation:
    """Everything about the open issues, by row; a row without a score needs input."""

    issues: Sequence[Issue]
    """The open ones, in the order of their keys, so that nothing depends on the order in which they came."""
    rules: Rules
    formula: Expression
    inputs: Mapping[str, InputColumn]
    table: Table
    base: pl.Series
    """The formula's value; null where it has none or an input that it needs is missing."""
    failures: Mapping[int, str]
    """Why the formula has no value, where that is not for want of an input."""
    steps: Sequence[Applied]
    normalized: pl.Series
    scores: Sequence[float | None]
    order: Sequence[int] = field(default=())
    """The rows that have a score, first to last."""
    bands: Mapping[int, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def adjusted(self) -> pl.Series:
        """The scores after all adjustments, before they are normalised."""
        return self.steps[-1].after if self.steps else self.base


def calculate(
    issues: Sequence[Issue], rules: Rules, *, now: datetime, bands_before: Mapping[IssueKey, str]
) -> Calculation:
    """Score and rank the open issues among `issues`. Raises `ConfigError` for rules that `check_rules` refuses."""
    if problems := check_rules(rules):
        raise ConfigError(problems)
    rows = sorted((issue for issue in issues if issue.state_category is not StateCategory.DONE), key=_key)
    formula = parse(formula_of(rules), [used.name for used in rules.inputs])
    table = Table(len(rows))
    inputs = _fill_table(table, rows, rules, formula, now)
    result = evaluate(formula, table)
    base = _blocked(result.values, formula, inputs)
    steps = list(_adjust(base, rules, Ground(rows, table, [used.name for used in rules.inputs])))
    adjusted = steps[-1].after if steps else base
    normalized = normalize(adjusted, rules.normalize, _span(rules, formula))
    scores = round_scores(normalized.to_list(), rules.round)
    calculation = Calculation(
        rows, rules, formula, inputs, table, base, result.failures, steps, normalized, scores
    )  # fmt: skip
    calculation.order = _order(calculation)
    calculation.bands = _bands(calculation, bands_before)
    calculation.warnings = tuple(_warnings(calculation))
    return calculation


def _key(issue: Issue) -> IssueKey:
    return issue.ref.issue_key


def _fill_table(
    table: Table, rows: Sequence[Issue], rules: Rules, formula: Expression, now: datetime
) -> dict[str, InputColumn]:
    """Put into the table the columns and inputs that these rules use, and no others."""
    wanted = _wanted(rules, formula)
    for name in sorted(wanted & COLUMNS.keys()):
        table.columns[name] = read_column(COLUMNS[name], rows, now)
    inputs: dict[str, InputColumn] = {}
    for used in input_order(rules):
        if used.name in wanted:
            inputs[used.name] = input_column(used, rows, rules, table, formula)
            table.columns[used.name] = inputs[used.name].values
    return inputs


def _wanted(rules: Rules, formula: Expression) -> set[str]:
    """Every name that is needed to score, with all that the computed inputs among them are computed from."""
    names = [used.name for used in rules.inputs]
    wanted = set(formula.names)
    for adjustment in rules.adjustments:
        wanted |= names_of(adjustment, names)
    if any(band.capacity is not None for band in rules.bands):
        wanted.add(_size_name(rules))
    for used in reversed(input_order(rules)):
        if used.name in wanted and used.expression is not None:
            wanted |= parse(used.expression, names).names
    return wanted


def names_of(adjustment: Adjustment, inputs: Sequence[str]) -> frozenset[str]:
    """The columns and inputs that an adjustment uses."""
    names: frozenset[str] = frozenset()
    if adjustment.when is not None:
        names |= parse(adjustment.when, inputs, wants=Kind.BOOLEAN).names
    if text := text_of(adjustment.action):
        names |= parse(text, inputs).names
    return names


def text_of(action: Action) -> str:
    """The expression of an action, empty for one that has none."""
    match action:
        case Multiply(text) | Add(text) | HalfLife(of=text):
            return text
        case Inherit():
            return ""


def _blocked(values: pl.Series, formula: Expression, inputs: Mapping[str, InputColumn]) -> pl.Series:
    """The formula's values without those of issues that lack an input of it: `+` could do without one, we may not."""
    for name in formula.names & inputs.keys():
        values = values.zip_with(inputs[name].values.is_not_null(), series(Kind.NUMBER, [None]))
    return values


def _adjust(base: pl.Series, rules: Rules, ground: Ground) -> Iterator[Applied]:
    scores = base
    for adjustment in rules.adjustments:
        applied = apply_adjustment(adjustment, scores, ground)
        yield applied
        scores = applied.after


def _span(rules: Rules, formula: Expression) -> tuple[float, float] | None:
    if rules.normalize != "fixed":
        return None
    return span_of(formula, {used.name: scale_of(used, rules.framework) for used in rules.inputs})


def _order(calculation: Calculation) -> list[int]:
    """Score, then the score before it was rounded, then older first, then the immutable id: the same everywhere."""
    scores, exact, issues = calculation.scores, calculation.adjusted.to_list(), calculation.issues
    ranked = [
        (-score, -exact[row], issues[row].created_at, issues[row].ref.id, issues[row].ref.tracker, row)
        for row, score in enumerate(scores)
        if score is not None
    ]
    return [place[-1] for place in sorted(ranked)]


def _bands(calculation: Calculation, before: Mapping[IssueKey, str]) -> dict[int, str]:
    order, bands = calculation.order, calculation.rules.bands
    sizes = _sizes(calculation)
    scores = [score for row in order if (score := calculation.scores[row]) is not None]
    old = [before.get(_key(calculation.issues[row])) for row in order]
    assigned = assign_bands(bands, calculation.rules.hysteresis, scores, old, [sizes[row] for row in order])
    return dict(zip(order, assigned, strict=True))


def _size_name(rules: Rules) -> str:
    """Where the size of an issue is kept that capacities are used up by."""
    names = {used.name for used in rules.inputs}
    return next((name for name in _SIZES if name in names), "estimate")


def _sizes(calculation: Calculation) -> Sequence[float | None]:
    column = calculation.table.columns.get(_size_name(calculation.rules))
    return [None] * len(calculation.issues) if column is None else column.to_list()


def _warnings(calculation: Calculation) -> Iterator[str]:
    for step in calculation.steps:
        yield from step.warnings
    for name in sorted(calculation.inputs.keys() - calculation.formula.names):
        unusable = [row for row, found in enumerate(calculation.inputs[name].readings) if found.problem]
        if unusable:
            first = calculation.inputs[name].readings[unusable[0]].problem
            yield f"{name} cannot be used on {len(unusable)} issues, on {calculation.issues[unusable[0]].ref}: {first}"
    if any(band.capacity is not None for band in calculation.rules.bands):
        unknown = sum(_sizes(calculation)[row] is None for row in calculation.order)
        if unknown:
            yield f"{unknown} issues have no {_size_name(calculation.rules)} and fit into no band with a capacity"
