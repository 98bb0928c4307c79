"""Reading inputs: from a field, a project's field or a label of an issue to a number on the input's scale."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import NamedTuple

from trackersync.model import Issue, Value
from trackersync.scoring.rules import Input, Scale

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_SHOWN = 40


class Reading(NamedTuple):
    """One input of one issue: its number, or why there is none."""

    value: float | None
    raw: Value
    """What the tracker holds."""
    origin: str
    """Where it was read: `label impact/high`, `project field Reach`."""
    problem: str | None = None
    """Why a value that is there cannot be used; no policy for missing values stands in for it."""


class InputReader:
    """Reads one input from the issues of any tracker; a value that was met before is not worked out again."""

    def __init__(self, used: Input, scale: Scale, words: Mapping[str, float]) -> None:
        self._sources = used.sources
        self._scale = scale
        self._words = words
        self._ways: dict[tuple[str, str], Callable[[Issue], Reading]] = {}

    def read(self, issue: Issue) -> Reading:
        """The input of this issue, where the issue's tracker keeps it."""
        tracker = (issue.ref.tracker, issue.ref.connector)
        way = self._ways.get(tracker)
        if way is None:
            way = self._ways[tracker] = self._way(*tracker)
        return way(issue)

    def _way(self, tracker: str, connector: str) -> Callable[[Issue], Reading]:
        """How to read the input from the issues of one tracker."""
        source = self._sources.get(tracker) or self._sources.get(connector)
        if source is None:
            nothing = Reading(None, None, f"no source for tracker {tracker}")
            return lambda _: nothing
        name = source.name
        if source.kind == "label":
            of_labels = lru_cache(maxsize=None)(partial(self._from_labels, name))
            return lambda issue: of_labels(issue.labels)
        worth = lru_cache(maxsize=None, typed=True)(partial(self._reading, f"{source.kind.replace('_', ' ')} {name}"))
        if source.kind == "project_field":
            return lambda issue: worth(issue.project_fields.get(name))
        return lambda issue: worth(issue.fields.get(name))

    def _from_labels(self, pattern: str, labels: tuple[str, ...]) -> Reading:
        found = sorted((label, value) for label in labels if (value := label_value(pattern, label)) is not None)
        readings = [self._reading(f"label {label}", value) for label, value in found]
        if not readings:
            return Reading(None, None, f"label {pattern}")
        if len({reading.value for reading in readings}) > 1:
            contradiction = ", ".join(_shown(label) for label, _ in found)
            return Reading(None, None, f"label {pattern}", f"labels contradict each other: {contradiction}")
        return readings[0]

    def _reading(self, origin: str, raw: Value) -> Reading:
        if isinstance(raw, tuple) and len(raw) <= 1:
            raw = raw[0] if raw else None
        if raw is None or raw == "":
            return Reading(None, None, origin)
        value = _as_number(raw, self._words)
        if value is None:
            return Reading(None, raw, origin, _unknown_word(raw, self._words))
        problem = off_scale(value, self._scale)
        return Reading(None if problem else value, raw, origin, problem)


def _as_number(raw: Value, words: Mapping[str, float]) -> float | None:
    """What a value is worth: as a word if it is one, else as the number that it says."""
    if raw is None or isinstance(raw, tuple):
        return None
    text = str(raw).strip()
    if (worth := words.get(text.casefold())) is not None:
        return float(worth)
    if not isinstance(raw, str):
        number = float(raw)
    elif _NUMBER.fullmatch(text):
        number = float(text)
    else:
        return None
    return number if math.isfinite(number) else None


def _unknown_word(raw: Value, words: Mapping[str, float]) -> str:
    known = f"none of {', '.join(words)}" if words else "no number"
    return f"{_shown(raw)} is {known}"


def off_scale(value: float, scale: Scale) -> str | None:
    """In words, how a value leaves its scale; None where it is on it."""
    if scale.min is not None and value < scale.min:
        return f"{value:.6g} is below {scale.min:.6g}, the least on its scale"
    if scale.max is not None and value > scale.max:
        return f"{value:.6g} is above {scale.max:.6g}, the most on its scale"
    return None


def _shown(raw: Value) -> str:
    text = ", ".join(raw) if isinstance(raw, tuple) else str(raw)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


@lru_cache(maxsize=65536)
def label_value(pattern: str, label: str) -> str | None:
    """What stands in a label for the `{value}` of a pattern, None where the label does not match; any case will do."""
    before, _, after = pattern.partition("{value}")
    found = re.fullmatch(f"{re.escape(before)}(.+){re.escape(after)}", label, re.IGNORECASE | re.DOTALL)
    return found.group(1) if found else None
