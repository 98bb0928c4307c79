"""Every input is read from somewhere that exists and can hold it, or computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trackersync.config.document import KeyPath
from trackersync.config.places import Places
from trackersync.config.shape import InputShape, SourceShape
from trackersync.config.wording import closest, nearest
from trackersync.errors import Problem

KINDS = ("field", "project_field", "issue_field", "label")


def check_inputs(places: Places, inputs: Mapping[str, InputShape]) -> Iterator[Problem]:
    """Every input is read from somewhere that exists and can hold it, or computed."""
    for name, shape in inputs.items():
        at: KeyPath = ("inputs", name)
        raw = places.document.mapping(at)
        meant = {closest(key, ("from", "expression")) for key in raw}
        if raw.get("from") is None and raw.get("expression") is None and meant <= {None}:
            hint = "say where it is kept with from:, or compute it with expression:"
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
            if kind not in source.capabilities.reads:
                hint = nearest(kind, source.capabilities.reads, "it reads")
                yield places.document.problem((*here, kind), f"{connector} has no {kind} to read from", hint)
    if shape.label is not None and shape.label.count("{value}") != 1:
        hint = "write it where the value stands in the label, such as impact/{value}"
        yield places.document.problem((*here, "label"), "has no {value}, or more than one", hint)


def _several(given: list[str]) -> str:
    return " and ".join(given) if given else "no place"
