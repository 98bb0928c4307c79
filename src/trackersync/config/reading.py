"""Every input is read from somewhere that exists and can hold it, or computed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from trackersync.config.document import KeyPath
from trackersync.config.places import Places
from trackersync.config.rules_shape import InputShape, SourceShape
from trackersync.config.wording import closest, nearest
from trackersync.errors import Problem
from trackersync.scoring.columns import COLUMNS, Kind

KINDS = ("field", "project_field", "issue_field", "label", "milestone", "column", "table")
OURS = frozenset({"milestone", "column", "table"})
"""What needs nothing of a connector: every tracker's issues have it, or the team does."""
READABLE = tuple(column.name for column in COLUMNS.values() if column.kind in {Kind.NUMBER, Kind.TEXT})
"""The built-in columns that hold one value, as an input does."""


def check_inputs(places: Places, inputs: Mapping[str, InputShape], voted: Collection[str]) -> Iterator[Problem]:
    """Every input is read from somewhere that exists and can hold it, computed, or `voted` on."""
    for name, shape in inputs.items():
        at: KeyPath = ("inputs", name)
        raw = places.document.mapping(at)
        meant = {closest(key, ("from", "expression")) for key in raw}
        nowhere = raw.get("from") is None and raw.get("expression") is None and name not in voted
        if nowhere and meant <= {None}:
            hint = "say where it is kept with from:, compute it with expression:, or let people vote on it"
            yield places.document.problem(at, "has neither from nor expression", hint)
        elif raw.get("from") is not None and raw.get("expression") is not None:
            yield places.document.problem((*at, "expression"), "stands beside from", "keep one of the two")
        for entry, source in (shape.source or {}).items():
            yield from _check_source(places, (*at, "from"), entry, source)


def _check_source(places: Places, at: KeyPath, entry: str, shape: SourceShape) -> Iterator[Problem]:
    yield from places.unknown(at, entry)
    here = (*at, entry)
    raw = places.document.mapping(here)
    given = [kind for kind in KINDS if raw.get(kind) is not None]
    if len(given) != 1 and set(raw) <= set(KINDS):
        yield places.document.problem(here, "names " + _several(given), f"give exactly one of {', '.join(KINDS)}")
    for kind in given:
        for connector, source in places.loaded(entry).items():
            if kind not in source.capabilities.reads | OURS:
                hint = nearest(kind, source.capabilities.reads, "it reads")
                yield places.document.problem((*here, kind), f"{connector} has no {kind} to read from", hint)
    for kind, pattern in (("label", shape.label), ("milestone", shape.milestone)):
        if pattern is not None and pattern.count("{value}") != 1:
            hint = f"write it where the value stands in the {kind}, such as impact/{{value}}"
            yield places.document.problem((*here, kind), "has no {value}, or more than one", hint)
    if shape.column is not None:
        yield from _check_column(places, (*here, "column"), shape.column)


def _check_column(places: Places, at: KeyPath, name: str) -> Iterator[Problem]:
    if name not in COLUMNS:
        hint = nearest(name, READABLE, "columns are")
        yield places.document.problem(at, f"no built-in column is named {name!r}", hint)
    elif name not in READABLE:
        hint = "compute the input with expression:, for example from has_label('x') or days_since(created_at)"
        yield places.document.problem(at, f"`{name}` is {COLUMNS[name].kind}, and an input is a number or a word", hint)


def _several(given: list[str]) -> str:
    return " and ".join(given) if given else "no place"
