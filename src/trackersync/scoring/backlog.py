"""The open issues as columns: all that scoring works with, read once and then never issue by issue again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import polars as pl
from msgspec import Struct, field

from trackersync.model import Issue, IssueKey, StateCategory
from trackersync.scoring.blockers import Edge, find_edges
from trackersync.scoring.columns import COLUMNS, Kind
from trackersync.scoring.evaluate import Table, read_column, series
from trackersync.scoring.figures import figure
from trackersync.scoring.frameworks import FRAMEWORKS, scale_of, values_of
from trackersync.scoring.inputs import InputReader, Reading, names_of
from trackersync.scoring.method import Method
from trackersync.scoring.rules import Inherit, Input, Rules
from trackersync.scoring.votes import Tallies, Tally, Votable, tally


class ReadInput(Struct):
    """One input of all issues as it was read or voted, before anything stands in for what is missing."""

    values: pl.Series
    """Null where there is none or none that can be used."""
    unusable: pl.Series
    """Whether a value is there that cannot be used."""
    reading: Callable[[int], Reading]
    """The same of one row, with where it comes from."""
    tallies: Mapping[int, Tally] = field(default_factory=dict)
    """By row, what the votes came to."""


class Backlog(Struct):
    """The open issues by row, in the order of their ids, so that nothing depends on the order in which they came."""

    issues: Sequence[Issue]
    height: int
    created: pl.Series
    """When each was created, as numbers that grow with time."""
    columns: Mapping[str, pl.Series]
    """The built-in columns that the rules use."""
    inputs: Mapping[str, ReadInput]
    """The inputs that the rules use and do not compute."""
    edges: Mapping[str, Iterable[Edge]]
    """By kind of link, who leads to whom."""
    warnings: Sequence[str] = ()

    def table(self) -> Table:
        """A table of the built-in columns, for inputs to be added to."""
        return Table(self.height, dict(self.columns))

    def column_of(self, values: Mapping[IssueKey, str]) -> pl.Series:
        """A column of texts that are known by issue."""
        found = [values.get(issue.ref.issue_key) for issue in self.issues] if values else [None] * self.height
        return pl.Series(values=found, dtype=pl.String)


def read_backlog(issues: Sequence[Issue], method: Method, *, now: datetime) -> Backlog:
    """Those of the issues that are not done, with the columns and inputs that these rules use and no others."""
    rows = sorted((issue for issue in issues if issue.state_category is not StateCategory.DONE), key=_place)
    connectors = {issue.ref.tracker: issue.ref.connector for issue in rows}
    told, warnings = _tallies(rows, method)
    return Backlog(
        issues=rows,
        height=len(rows),
        created=series(Kind.NUMBER, [issue.created_at.timestamp() for issue in rows]),
        columns={name: read_column(COLUMNS[name], rows, now) for name in sorted(method.columns)},
        inputs={
            used.name: _read(used, rows, connectors, method.rules, now, told.get(used.name, {}))
            for used, expression in method.inputs
            if expression is None
        },
        edges={kind: find_edges(rows, kind) for kind in _link_kinds(method)},
        warnings=warnings,
    )


def _place(issue: Issue) -> IssueKey:
    return (issue.ref.id, issue.ref.tracker)


def _link_kinds(method: Method) -> set[str]:
    return {part.action.link for part in method.parts if isinstance(part.action, Inherit)}


def _tallies(rows: Sequence[Issue], method: Method) -> tuple[Tallies, Sequence[str]]:
    votes = method.rules.votes
    if not votes.votes:
        return {}, ()
    by_name: dict[str, list[int]] = {}
    for row, issue in enumerate(rows):
        for name in set(names_of(issue)):
            by_name.setdefault(name, []).append(row)
    framework = method.rules.framework
    used = {
        each.name: Votable(each, scale_of(each, framework), values_of(each, framework), _classes(each, framework))
        for each, expression in method.inputs
        if expression is None
    }
    return tally(votes, used, by_name)


def _classes(used: Input, framework: str) -> list[float]:
    """The classes that an input stands for, where the framework orders by class: nothing is between two of them."""
    method = FRAMEWORKS[framework]
    is_class = method.classes and method.input(used.name) is not None
    return sorted(set(values_of(used, framework).values())) if is_class else []


def _read(
    used: Input,
    rows: Sequence[Issue],
    connectors: Mapping[str, str],
    rules: Rules,
    now: datetime,
    tallies: Mapping[int, Tally],
) -> ReadInput:
    """One input of all these issues; what people voted wins over what the tracker holds."""
    reader = InputReader(used, scale_of(used, rules.framework), values_of(used, rules.framework), now)

    def reading(row: int) -> Reading:
        return _voted(tallies[row], used, rules) if row in tallies else reader.read(rows[row])

    found = reader.read_all(rows, connectors)
    for row in tallies:
        found[row] = reading(row)
    return ReadInput(
        series(Kind.NUMBER, [each.value for each in found]),
        series(Kind.BOOLEAN, [each.problem is not None for each in found]),
        reading,
        tallies,
    )


def _voted(told: Tally, used: Input, rules: Rules) -> Reading:
    """What the votes on an input came to."""
    said = ", ".join(f"{person} {figure(value)}" for person, value in told.people)
    way = used.aggregate or rules.votes.aggregate
    nearest = "the class nearest to the " if _classes(used, rules.framework) else ""
    origin = f"{nearest}{way} of the votes {said}" if said else "votes"
    problem = "; ".join(told.problems) if told.value is None else None
    return Reading(told.value, told.value, origin, problem or None)
