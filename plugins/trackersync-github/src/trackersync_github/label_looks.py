"""What labels should be called and look like, and what is to be done for that; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from zlib import crc32

from msgspec import Struct

from trackersync.change import LabelSet

_BY_URGENCY = ("B60205", "D93F0B", "FBCA04", "0E8A16", "1D76DB", "C5DEF5")
"""Red, orange, yellow, green, blue, pale: GitHub's own palette, each readable under the text GitHub puts on it."""
_WHAT_FOR = "Kept by trackersync"


class Label(Struct):
    """A label as it is in the repository."""

    id: str
    name: str
    color: str = ""
    description: str | None = None


class Edit(Struct, frozen=True):
    """One label to be edited: by which input, and what was done once it is."""

    label: str
    was: str
    """What it was called before."""
    input: dict[str, Any]
    done: str


def colour_of(label: str) -> str:
    """Six hexadecimal digits, always the same for a label: `P0` is red, and the further from 0 the calmer."""
    number = re.search(r"(\d+)\D*$", label)
    if number:
        return _BY_URGENCY[min(int(number[1][-3:]), len(_BY_URGENCY) - 1)]
    return _BY_URGENCY[crc32(label.casefold().encode()) % len(_BY_URGENCY)]


def looks_of(label: str, labels: LabelSet | None) -> dict[str, str]:
    """Colour and description of a label that is created: the file's, or else our own."""
    colours, descriptions = (labels.colours, labels.descriptions) if labels else ({}, {})
    return {"color": colours.get(label, colour_of(label)), "description": descriptions.get(label, _WHAT_FOR)}


def former(label: str, labels: LabelSet) -> str | None:
    """What the label was called under the prefix of before; None where there was no other."""
    if labels.previously is None or labels.previously == labels.prefix:
        return None
    return labels.previously + label.removeprefix(labels.prefix)


def edits(labels: LabelSet, found: Callable[[str], Label | None]) -> Iterator[Edit]:
    """What makes the labels that are there as the file has them.

    One is renamed only where none of the new name is there; colours and descriptions that the file does not give stay.
    """
    for name in labels.names:
        before = former(name, labels)
        label = found(name) or (found(before) if before else None)
        if label is None:
            continue
        named = {"name": name} if before and label.name.casefold() == before.casefold() and label.name != name else {}
        looks = _other_looks(label, labels.colours.get(name), labels.descriptions.get(name))
        if named or looks:
            done = [f"renamed the label {label.name!r} to {name!r}"] if named else []
            done += [f"gave the label {name!r} its {' and '.join(_WORDS[key] for key in looks)}"] if looks else []
            yield Edit(name, label.name, {"id": label.id, **named, **looks}, ", ".join(done))


_WORDS = {"color": "colour", "description": "description"}


def _other_looks(label: Label, colour: str | None, description: str | None) -> dict[str, str]:
    wanted: dict[str, str] = {}
    if colour is not None and colour.casefold() != label.color.casefold():
        wanted["color"] = colour
    if description is not None and description != (label.description or ""):
        wanted["description"] = description
    return wanted


def retired(labels: LabelSet) -> list[str]:
    """Those that shall go: only such with a prefix of ours, and none that a band still has."""
    prefixes = tuple(prefix.casefold() for prefix in (labels.prefix, labels.previously) if prefix)
    kept = {name.casefold() for name in labels.names}
    return [name for name in labels.retired if name.casefold().startswith(prefixes) and name.casefold() not in kept]
