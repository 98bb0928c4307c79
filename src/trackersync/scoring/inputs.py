"""Reading inputs: from where a tracker or the team keeps them to a number on the input's scale."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, NamedTuple

from trackersync.model import Issue, Value
from trackersync.scoring.blockers import folded
from trackersync.scoring.columns import COLUMNS
from trackersync.scoring.figures import figure
from trackersync.scoring.rules import Input, InputSource, Scale

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?")
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


class _Way(NamedTuple):
    """How one tracker's issues are read: what stands there, and what that is worth."""

    raw: Callable[[Issue], Value]
    worth: Callable[[Any], Reading]


class InputReader:
    """Reads one input from the issues of any tracker; a value that was met before is not worked out again."""

    def __init__(self, used: Input, scale: Scale, words: Mapping[str, float], now: datetime) -> None:
        self._sources = used.sources
        self._scale = scale
        self._words = words
        self._now = now
        self._ways: dict[str, _Way] = {}

    def read(self, issue: Issue) -> Reading:
        """The input of this issue, where the issue's tracker keeps it."""
        way = self._way(issue.ref.tracker, issue.ref.connector)
        return way.worth(way.raw(issue))

    def read_all(self, issues: Sequence[Issue], connectors: Mapping[str, str]) -> list[Reading]:
        """The input of all these issues, of trackers with these connectors."""
        ways = {tracker: self._way(tracker, connector) for tracker, connector in connectors.items()}
        if len(ways) == 1:
            ((raw, worth),) = ways.values()
            return list(map(worth, map(raw, issues)))
        return [way.worth(way.raw(issue)) for issue in issues for way in (ways[issue.ref.tracker],)]

    def _way(self, tracker: str, connector: str) -> _Way:
        """How to read the input from the issues of one tracker."""
        way = self._ways.get(tracker)
        if way is None:
            way = self._ways[tracker] = self._new_way(tracker, connector)
        return way

    def _new_way(self, tracker: str, connector: str) -> _Way:
        source = source_of(self._sources, tracker, connector)
        if source is None:
            nothing = Reading(None, None, f"no source for tracker {tracker}")
            return _Way(lambda _: None, lambda _: nothing)
        if source.kind in {"label", "milestone"}:
            worth = partial(self._from_texts, source.kind, source.name)
        else:
            worth = partial(self._reading, f"{source.kind.replace('_', ' ')} {source.name}")
        return _Way(self._raw(source), lru_cache(maxsize=None, typed=True)(worth))

    def _raw(self, source: InputSource) -> Callable[[Issue], Value]:
        """Where the value itself stands, or the texts among which it is."""
        name, table, now = source.name, source.table, self._now
        match source.kind:
            case "label":
                return attrgetter("labels")
            case "milestone":
                return lambda issue: _one(issue.milestone)
            case "project_field":
                return lambda issue: issue.project_fields.get(name)
            case "table":
                return lambda issue: next((table[each] for each in names_of(issue) if each in table), None)
            case "column":
                read = COLUMNS[name].read
                return lambda issue: _plain(read(issue, now))
            case _:
                return lambda issue: issue.fields.get(name)

    def _from_texts(self, kind: str, pattern: str, texts: tuple[str, ...]) -> Reading:
        found = sorted((text, value) for text in texts if (value := label_value(pattern, text)) is not None)
        readings = [self._reading(f"{kind} {text}", value) for text, value in found]
        if not readings:
            return Reading(None, None, f"{kind} {pattern}")
        if len({reading.value for reading in readings}) > 1:
            contradiction = ", ".join(_shown(text) for text, _ in found)
            return Reading(None, None, f"{kind} {pattern}", f"{kind}s contradict each other: {contradiction}")
        return readings[0]

    def _reading(self, origin: str, raw: Value) -> Reading:
        if isinstance(raw, tuple) and len(raw) <= 1:
            raw = raw[0] if raw else None
        if raw is None or raw == "":
            return Reading(None, None, origin)
        value = as_number(raw, self._words)
        if value is None:
            value = days_until(raw, self._now)
        if value is None:
            return Reading(None, raw, origin, unknown_word(raw, self._words))
        problem = off_scale(value, self._scale)
        return Reading(None if problem else value, raw, origin, problem)


def source_of(sources: Mapping[str, InputSource], tracker: str, connector: str) -> InputSource | None:
    """Where one tracker keeps an input: what its own name says wins over what its connector says."""
    return sources.get(tracker) or sources.get(connector)


def _one(text: str | None) -> tuple[str, ...]:
    return () if text is None else (text,)


def _plain(cell: float | str | list[str] | None) -> Value:
    return tuple(cell) if isinstance(cell, list) else cell


def names_of(issue: Issue) -> tuple[str, str, str]:
    """What people may call an issue, in folded case: its ref, its key, its URL."""
    return folded(str(issue.ref)), folded(issue.ref.key), folded(issue.url)


def as_number(raw: Value, words: Mapping[str, float]) -> float | None:
    """What a value is worth: as a word if it is one, else as the finite number that it says; else None.

    The words are in folded case.
    """
    if raw is None or isinstance(raw, tuple):
        return None
    text = str(raw).strip()
    if (worth := words.get(text.casefold())) is not None:
        return float(worth)
    if not isinstance(raw, str):
        number = float(raw) if abs(raw) <= sys.float_info.max else math.inf
    elif _NUMBER.fullmatch(text):
        number = float(text)
    else:
        return None
    return number if math.isfinite(number) else None


def days_until(raw: Value, now: datetime) -> float | None:
    """Of a date, or a date with a time, the days until it by UTC, negative once it is past; None for all else."""
    if not isinstance(raw, str) or not _DATE.fullmatch(raw.strip()):
        return None
    try:
        moment = datetime.fromisoformat(raw.strip())
        day = moment.astimezone(UTC).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        return None
    return float((day - now.astimezone(UTC).date()).days)


def unknown_word(raw: Value, words: Mapping[str, float]) -> str:
    """In words, that a value is worth nothing known."""
    known = f"none of {', '.join(words)}" if words else "no number"
    return f"{_shown(raw)!r} is {known}"


def off_scale(value: float, scale: Scale) -> str | None:
    """In words, how a value leaves its scale; None where it is on it."""
    if scale.min is not None and value < scale.min:
        return f"{figure(value)} is below {figure(scale.min)}, the least on its scale"
    if scale.max is not None and value > scale.max:
        return f"{figure(value)} is above {figure(scale.max)}, the most on its scale"
    if scale.steps and value not in scale.steps:
        return f"{figure(value)} is none of the steps of its scale, {_listed(scale.steps)}"
    return None


def _listed(steps: Sequence[float]) -> str:
    return ", ".join(map(figure, steps))


def _shown(raw: Value) -> str:
    text = ", ".join(raw) if isinstance(raw, tuple) else str(raw)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


@lru_cache(maxsize=65536)
def label_value(pattern: str, label: str) -> str | None:
    """What stands in a label for the `{value}` of a pattern, None where the label does not match; any case will do."""
    before, _, after = pattern.partition("{value}")
    found = re.fullmatch(f"{re.escape(before)}(.+){re.escape(after)}", label, re.IGNORECASE | re.DOTALL)
    return found.group(1) if found else None
