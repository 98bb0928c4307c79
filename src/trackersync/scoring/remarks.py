"""What is odd about a list as a whole, in words for those who keep the rules."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from trackersync.scoring.calculation import Calculation
from trackersync.scoring.check_bands import exact, limit_of
from trackersync.scoring.frameworks import FRAMEWORKS
from trackersync.scoring.rules import Band

_INFLATED = 0.25
"""The share of the list which a first band without a budget may hold."""
_MUST = 0.6
"""DSDM, Agile Business Consortium: Must Haves are to take no more than 60 % of the effort."""


def remarks_on(calculation: Calculation) -> Iterator[str]:
    """Everything worth a look; each once, the same for the same list."""
    yield from calculation.backlog.warnings
    yield from _circles(calculation)
    yield from _unusable_votes(calculation)
    yield from _unusable(calculation)
    yield from _unsized(calculation)
    yield from _without_smallest(calculation)
    yield from _inflated(calculation)
    yield from _too_many_musts(calculation)


def _circles(calculation: Calculation) -> Iterator[str]:
    issues = calculation.backlog.issues
    for kind, blockers in calculation.blockers.items():
        for circle in blockers.circles:
            members = _named([str(issues[row].ref) for row in circle])
            yield f"a circle of '{kind}', whose issues inherit nothing from one another: {members}"


def _named(names: list[str], most: int = 10) -> str:
    more = f" … and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _unusable_votes(calculation: Calculation) -> Iterator[str]:
    """Votes that are left out beside others that count; where none counts, the issue needs input."""
    for name, column in calculation.inputs.items():
        left_out = {row: told.problems for row, told in column.read.tallies.items() if told.problems and told.people}
        if left_out:
            row, problems = next(iter(sorted(left_out.items())))
            count, ref = sum(map(len, left_out.values())), calculation.backlog.issues[row].ref
            yield f"votes on {name} that cannot be used: {count}; on {ref}: {'; '.join(problems)}"


def _unusable(calculation: Calculation) -> Iterator[str]:
    """Inputs that only adjustments use: the issues are ranked without them, which nobody would notice."""
    for name in sorted(calculation.inputs.keys() - calculation.method.formula.names):
        read = calculation.inputs[name].read
        rows = read.unusable.arg_true()
        if len(rows):
            problem = read.reading(rows[0]).problem
            ref = calculation.backlog.issues[rows[0]].ref
            yield f"issues on which {name} cannot be used: {len(rows)}; on {ref}: {problem}"


def _unsized(calculation: Calculation) -> Iterator[str]:
    if any(band.capacity is not None for band in calculation.method.rules.bands):
        unknown = calculation.sizes().gather(calculation.order).null_count()
        if unknown:
            yield f"issues without {calculation.method.size}, which fit into no band with a capacity: {unknown}"


def _without_smallest(calculation: Calculation) -> Iterator[str]:
    """Relative estimates are anchored by the smallest: without it a whole column may have drifted upwards."""
    framework = FRAMEWORKS[calculation.method.rules.framework]
    for name in (wanted.name for wanted in framework.inputs if wanted.relative):
        column = calculation.inputs[name]
        smallest, least = column.read.values.min(), column.scale.min
        if isinstance(smallest, float) and least is not None and smallest > least:
            message = f"no issue has the smallest {name}, {least:g}: the least is {smallest:g}"
            yield f"{message}; {framework.name} compares relative sizes, of which the smallest is {least:g}"


def _inflated(calculation: Calculation) -> Iterator[str]:
    """Bands that hold more than they may, or a first band by score that holds more than a quarter of everything."""
    bands, ranked = calculation.method.rules.bands, len(calculation.order)
    held = calculation.bands.drop_nulls().value_counts()
    counts = dict(zip(held.to_series(0).to_list(), held["count"].to_list(), strict=True))
    for place, band in enumerate(bands):
        budget = _budget(band, place)
        if budget is not None and counts.get(band.name, 0) > exact(budget) * ranked:
            holds = f"{band.name} holds {counts[band.name]} of {ranked} issues ({counts[band.name] / ranked:.0%})"
            limit = f"its budget of {budget:.0%}" if band.budget is not None else f"{budget:.0%} of the list"
            yield f"inflation: {holds}, more than {limit}"


def _budget(band: Band, place: int) -> float | None:
    if band.budget is None and place == 0 and limit_of(band) == "min_score":
        return _INFLATED
    return band.budget


def _too_many_musts(calculation: Calculation) -> Iterator[str]:
    """By effort where the rules know it of every issue, else by count."""
    if calculation.method.rules.framework != "moscow":
        return
    sizes = calculation.sizes().gather(calculation.order)
    what = calculation.method.size if not sizes.null_count() else "issues"
    weights = sizes if not sizes.null_count() else pl.repeat(1.0, len(sizes), dtype=pl.Float64, eager=True)
    must = weights.filter(calculation.base.gather(calculation.order) == calculation.inputs["moscow"].scale.max)
    total, taken = float(weights.sum()), float(must.sum())
    if total > 0 and taken > _MUST * total:
        yield f"inflation: Must takes {taken / total:.0%} of all {what}, more than {_MUST:.0%}"
