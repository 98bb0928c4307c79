"""The whole way from a backlog to ranks and bands, as columns; what it was made of stays, for explanations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import polars as pl

from trackersync.errors import ConfigError
from trackersync.model import Issue, IssueKey
from trackersync.scoring.adjustments import Applied, Terms, holds_of, scores_after, terms_of
from trackersync.scoring.backlog import Backlog, read_backlog
from trackersync.scoring.bands import assign_bands
from trackersync.scoring.blockers import Blockers, join
from trackersync.scoring.check import check_rules
from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import Table, constant, evaluate, otherwise
from trackersync.scoring.expressions import Expression
from trackersync.scoring.gaps import InputColumn, computed, filled, input_column
from trackersync.scoring.method import Method, Part, read_method
from trackersync.scoring.normalization import normalize, round_scores, span_of
from trackersync.scoring.rules import Exclude, Inherit, Rules


@dataclass
class Calculation:
    """Everything about the open issues, by row; a row without a score is excluded or needs input."""

    backlog: Backlog
    method: Method
    table: Table
    """All columns and inputs that are used, gaps filled."""
    inputs: Mapping[str, InputColumn]
    base: pl.Series
    """The formula's value; null where it has none or an input that it needs is missing."""
    failures: Mapping[int, str]
    """Why the formula has no value, where that is not for want of an input."""
    applied: Sequence[Applied]
    blockers: Mapping[str, Blockers]
    """By kind of link, for every `inherit`."""
    span: tuple[float, float] | None
    """The ends of the formula's values where scores are normalised between fixed ends."""
    normalized: pl.Series
    scores: pl.Series
    order: pl.Series
    """The rows that have a score, first to last."""
    bands_before: pl.Series
    """By row, in the list that was last applied; null where it had none."""
    bands: pl.Series = field(init=False)
    """By row; empty where no band takes it, null where there is no rank."""

    @property
    def adjusted(self) -> pl.Series:
        """The scores after all parts of the method, before they are normalised."""
        return self.applied[-1].after if self.applied else self.base

    @cached_property
    def ranks(self) -> pl.Series:
        """By row, 1 is first; null where there is no score."""
        nothing = pl.repeat(None, self.backlog.height, dtype=pl.UInt32, eager=True)
        return nothing.scatter(self.order, pl.int_range(1, len(self.order) + 1, dtype=pl.UInt32, eager=True))

    @cached_property
    def excluded(self) -> Mapping[int, int]:
        """By row that is excluded, the place of the part of the method which does that first."""
        found: dict[int, int] = {}
        for place, applied in enumerate(self.applied):
            if isinstance(applied.part.action, Exclude):
                found |= {row: place for row in applied.terms.holds.arg_true() if row not in found}
        return found

    def sizes(self) -> pl.Series:
        """By row what capacities are used up by; null where nobody knows."""
        known = self.table.columns.get(self.method.size)
        return constant(Kind.NUMBER, None, self.backlog.height) if known is None else known


def calculate(
    issues: Sequence[Issue], rules: Rules, *, now: datetime, bands_before: Mapping[IssueKey, str]
) -> Calculation:
    """Score and rank the open issues among `issues`. Raises `ConfigError` for rules that `check_rules` refuses."""
    if problems := check_rules(rules):
        raise ConfigError(problems)
    method = read_method(rules)
    backlog = read_backlog(issues, method, now=now)
    return calculate_backlog(backlog, method, bands_before=backlog.column_of(bands_before))


def calculate_backlog(backlog: Backlog, method: Method, *, bands_before: pl.Series) -> Calculation:
    """Score and rank a backlog; `bands_before` has the band of each row in the list that was last applied, or null."""
    table = backlog.table()
    inputs: dict[str, InputColumn] = {}
    for used, expression in method.inputs:
        column = input_column(used, expression, backlog.inputs.get(used.name), method, table)
        inputs[used.name], table.columns[used.name] = column, column.values
    result = evaluate(method.formula, table)
    base = blocked(result.values, method, table)
    blockers = {kind: join(edges) for kind, edges in backlog.edges.items()}
    applied = list(_apply(base, method, table, blockers))
    adjusted = applied[-1].after if applied else base
    span = _span(method, inputs)
    normalized = normalize(adjusted, method.rules.normalize, span)
    scores = round_scores(normalized, method.rules.round)
    order = _order(scores, adjusted, backlog.created)
    calculation = Calculation(
        backlog, method, table, inputs, base, result.failures, applied, blockers, span, normalized, scores, order,
        bands_before,
    )  # fmt: skip
    calculation.bands = _bands(calculation)
    return calculation


def blocked(values: pl.Series, method: Method, table: Table) -> pl.Series:
    """The formula's values without those of issues that lack an input of it: `+` could do without one, we may not."""
    for used, _ in method.inputs:
        if used.name in method.formula.names:
            values = otherwise(values, table.columns[used.name].is_not_null(), None)
    return values


def _apply(base: pl.Series, method: Method, table: Table, blockers: Mapping[str, Blockers]) -> Iterator[Applied]:
    scores = base
    for part in method.parts:
        links = blockers[part.action.link] if isinstance(part.action, Inherit) else None
        terms = terms_of(part, table, scores, base, links)
        changed = scores_after(part.action, scores, terms, base)
        yield Applied(part, terms, scores, changed)
        scores = changed


def _span(method: Method, inputs: Mapping[str, InputColumn]) -> tuple[float, float] | None:
    if method.rules.normalize != "fixed":
        return None
    return span_of(method.formula, {name: column.scale for name, column in inputs.items()})


def _order(scores: pl.Series, exact: pl.Series, created: pl.Series) -> pl.Series:
    """Score, then the score before it was rounded, then older first, then the immutable id: the same everywhere."""
    frame = pl.DataFrame({"score": scores, "exact": exact, "created": created}).with_row_index("row")
    ranked = frame.filter(pl.col("score").is_not_null())
    return ranked.sort("score", "exact", "created", descending=[True, True, False], maintain_order=True)["row"]


def _bands(calculation: Calculation) -> pl.Series:
    order, rules = calculation.order, calculation.method.rules
    names = assign_bands(
        rules.bands, rules.hysteresis, calculation.scores.gather(order), calculation.bands_before.gather(order),
        calculation.sizes().gather(order),
    )  # fmt: skip
    return constant(Kind.TEXT, None, calculation.backlog.height).scatter(order, names)


def rescore(
    calculation: Calculation,
    rows: pl.Series,
    values: Mapping[str, pl.Series],
    inherit: Callable[[str, pl.Series], pl.Series] | None = None,
) -> pl.Series:
    """The adjusted scores that these rows would have if these inputs had these values and all else stayed.

    A row may be named as often as there are values to try. `inherit` tells over a kind of link the best scores that
    rows with these scores block; without it, what is inherited stays what it was.
    """
    method = calculation.method
    changed = _changed_names(calculation, values)
    formula = method.formula if method.formula.names & changed else None
    parts = [applied.part for applied in calculation.applied if applied.part.names & changed]
    table = _table_for(calculation, rows, values, changed, [*([formula] if formula else []), *parts])
    base = blocked(evaluate(formula, table).values, method, table) if formula else calculation.base.gather(rows)
    scores = base
    for applied in calculation.applied:
        part, terms = applied.part, None if applied.part in parts else applied.terms.gather(rows)
        if isinstance(part.action, Inherit):
            holds = terms.holds if terms else holds_of(part, table)
            best = inherit(part.action.link, scores) if inherit else applied.terms.amount.gather(rows)
            terms = Terms(holds, best)
        scores = scores_after(part.action, scores, terms or terms_of(part, table, scores, base, None), base)
    return scores


def _changed_names(calculation: Calculation, values: Mapping[str, pl.Series]) -> set[str]:
    """These inputs and all that are computed from them, which come later in the order of the inputs."""
    changed = set(values)
    for name, column in calculation.inputs.items():
        if column.expression and column.expression.names & changed:
            changed.add(name)
    return changed


def _table_for(
    calculation: Calculation,
    rows: pl.Series,
    values: Mapping[str, pl.Series],
    changed: set[str],
    users: Sequence[Expression | Part],
) -> Table:
    """What the formula and the parts that have to be worked out anew work with, and no more."""
    again = {name: column for name, column in calculation.inputs.items() if name in changed and name not in values}
    expressions = [column.expression for column in again.values() if column.expression]
    wanted = frozenset[str]().union(*(each.names for each in (*users, *expressions)))
    table = Table(len(rows), {name: calculation.table.columns[name].gather(rows) for name in wanted - changed})
    table.columns |= values
    for name, column in again.items():
        assert column.expression is not None, "what is not computed changes by its values alone"
        table.columns[name] = filled(computed(column.expression, table, column.scale), column.stand_in)
    return table
