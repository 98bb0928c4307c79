"""What an adjustment must say beyond its grammar: a name of its own, and exactly one thing to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trackersync.config.document import Document, KeyPath
from trackersync.config.rules_shape import AdjustmentShape
from trackersync.config.wording import closest
from trackersync.errors import Problem

ACTIONS = ("multiply", "add", "set", "cap", "floor", "half_life", "inherit", "exclude")


def check_adjustments(document: Document) -> Iterator[Problem]:
    """Read from the file as it stands, so that a fault inside an action does not pass for a missing one."""
    adjustments = document.mapping(("scoring",)).get("adjustments")
    names: dict[str, int] = {}
    for index, raw in enumerate(adjustments if isinstance(adjustments, list) else ()):
        if not isinstance(raw, dict):
            continue
        at: KeyPath = ("scoring", "adjustments", index)
        name = raw.get("name")
        if name is None and "name" not in _meant(raw):
            yield document.problem((*at, "name"), "is missing", "explanations show adjustments by name")
        elif name is not None and str(name) in names:
            hint = f"the other one is number {names[str(name)]}"
            yield document.problem((*at, "name"), f"two adjustments are named {name!r}", hint)
        elif name is not None:
            names[str(name)] = index + 1
        yield from _check_action(document, at, raw)


def _check_action(document: Document, at: KeyPath, raw: Mapping[str, Any]) -> Iterator[Problem]:
    given = [key for key in ACTIONS if raw.get(key) is not None]
    if len(given) > 1:
        what = f"does {len(given)} things: {', '.join(given)}"
        yield document.problem(at, what, "make each an adjustment of its own: the order then is yours")
    elif not given and not _meant(raw) & set(ACTIONS):
        yield document.problem(at, "does nothing", f"give one of {', '.join(ACTIONS)}")


def _meant(raw: Mapping[str, Any]) -> set[str | None]:
    """The keys that misspelt ones most likely stand for; they have a problem of their own already."""
    known = AdjustmentShape.model_fields.keys()
    return {closest(key, known) for key in raw.keys() - known}
