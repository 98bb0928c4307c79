"""What the issues of a tracker hold at a place, as far as a few of them tell: whether an input can be read there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from trackersync.connector import FieldNames, InputKind
from trackersync.model import Issue
from trackersync.scoring.framework import FrameworkInput
from trackersync.scoring.inputs import InputReader, Reading
from trackersync.scoring.rules import Input, InputSource

Place = tuple[InputKind, str]
"""Where a tracker keeps an input: the kind, and the field's name or the pattern of labels."""


class Held(Struct, frozen=True):
    """What issues hold at one place, by the scale and the words of one input."""

    seen: int
    """The issues that were looked at."""
    fit: int
    """Those with a value that the input takes."""
    unfit: int
    """Those with a value that it does not."""
    problem: str = ""
    """Why the first of these cannot be used."""

    @property
    def enough(self) -> bool:
        """Whether the input is kept here: at least half of the issues have it."""
        return self.fit > 0 and self.fit * 2 >= self.seen

    @property
    def foreign(self) -> bool:
        """Whether something else is kept here: more values cannot be used than can."""
        return self.unfit > self.fit


def held(issues: Sequence[Issue], each: FrameworkInput, place: Place, now: datetime) -> Held:
    """What these issues of one tracker hold at a place that they were read with."""
    readings = _readings(issues, each, place, now)
    problems = [reading.problem for reading in readings if reading.problem]
    fit = sum(reading.value is not None for reading in readings)
    return Held(len(issues), fit, len(problems), problems[0] if problems else "")


def _readings(issues: Sequence[Issue], each: FrameworkInput, place: Place, now: datetime) -> list[Reading]:
    if not issues:
        return []
    tracker, connector = issues[0].ref.tracker, issues[0].ref.connector
    used = Input(name=each.name, sources={tracker: InputSource(*place)})
    words = {word.casefold(): worth for word, worth in each.values.items()}
    return InputReader(used, each.scale, words, now).read_all(issues, {tracker: connector})


def fields_at(places: Iterable[Place]) -> FieldNames:
    """The fields that have to be read for these places."""
    asked = list(places)
    return FieldNames(
        frozenset(name for kind, name in asked if kind in {"field", "issue_field"}),
        frozenset(name for kind, name in asked if kind == "project_field"),
    )
