"""Where one part of a file would undo another: our own values read back as inputs, or written over each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from trackersync.config.document import KeyPath
from trackersync.config.places import Places
from trackersync.config.shape import MeasuresShape, WriteShape
from trackersync.errors import Problem
from trackersync.scoring.inputs import source_of
from trackersync.scoring.rules import Input, InputSource

_PROJECT_FIELD = "project_field"
FIELDS = frozenset({"field", "issue_field", _PROJECT_FIELD})
"""The kinds of source that are fields of a tracker, by name."""


def is_project_field(source: InputSource) -> bool:
    """Whether an input is kept on the project's item, not on the issue itself."""
    return source.kind == _PROJECT_FIELD


class _Read(NamedTuple):
    """From what kind of place, and from which, an input is read."""

    kind: str
    place: str
    input: str


def check_conflicts(places: Places, inputs: tuple[Input, ...], writes: Mapping[str, WriteShape]) -> Iterator[Problem]:
    """Nothing that is written is read as an input, and no field is written twice."""
    for entry, shape in writes.items():
        at: KeyPath = ("write", entry)
        trackers = [(tracker, places.connectors[tracker]) for tracker in places.named(entry)]
        read = {
            _Read(source.kind, source.name, each.name)
            for each in inputs
            for tracker, connector in trackers
            if (source := source_of(each.sources, tracker, connector))
        }
        yield from _fields(places, (*at, "fields"), shape.fields, _names(read, project=False))
        yield from _fields(places, (*at, "issue_fields"), shape.issue_fields, _names(read, project=False))
        yield from _fields(places, (*at, "properties"), shape.properties, {})
        yield from _fields(places, (*at, "project_fields"), shape.project_fields, _names(read, project=True))
        yield from _priority(places, (*at, "priority"), shape.priority, read)
        yield from _labels(places, (*at, "labels", "prefix"), shape.labels.prefix if shape.labels else None, read)
        yield from _labels(
            places, (*at, "labels", "previously"), shape.labels.previously if shape.labels else None, read
        )


def _names(read: set[_Read], *, project: bool) -> dict[str, str]:
    return {
        each.place.casefold(): each.input
        for each in sorted(read)
        if each.kind in FIELDS and (each.kind == _PROJECT_FIELD) == project
    }


def _fields(places: Places, at: KeyPath, shape: MeasuresShape, read: Mapping[str, str]) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for measure, name in (("score", shape.score), ("rank", shape.rank), ("band", shape.band)):
        if name is None:
            continue
        if name.casefold() in read:
            what = f"the input {read[name.casefold()]} is read from the field {name!r}"
            yield places.document.problem((*at, measure), what, "write to a field of its own")
        if name.casefold() in taken:
            what = f"{name!r} already shows the {taken[name.casefold()]}"
            yield places.document.problem((*at, measure), what, "write to a field of its own")
        taken.setdefault(name.casefold(), measure)


def _priority(places: Places, at: KeyPath, written: Mapping[str, str] | None, read: set[_Read]) -> Iterator[Problem]:
    """The native priority is a built-in column, and to some trackers a field as well."""
    for each in sorted(read):
        if written and each.kind in {"column", "field"} and each.place.casefold() == "priority":
            what = f"the input {each.input} is read from the priority, which this would write"
            yield places.document.problem(at, what, "write labels or a field instead, or read the input from elsewhere")


def _labels(places: Places, at: KeyPath, prefix: str | None, read: set[_Read]) -> Iterator[Problem]:
    """A label that starts with our prefix is ours to remove, and one that an input is read from is not."""
    for each in sorted(read):
        pattern = each.place.partition("{value}")[0]
        if each.kind == "label" and prefix and (pattern.startswith(prefix) or prefix.startswith(pattern)):
            what = f"labels of the input {each.input}, {each.place!r}, would be taken for bands, or bands for it"
            yield places.document.problem(at, what, "choose a prefix of its own")
