"""What several people said of one input becomes one value, with how far apart they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from trackersync.model import Issue
from trackersync.scoring.blockers import folded
from trackersync.scoring.figures import figure
from trackersync.scoring.inputs import as_number, off_scale, unknown_word
from trackersync.scoring.rules import Aggregate, Input, Scale, Vote, Votes

_TRIMMED = 5
_MIDDLE = 4
_NAMED = 5


class Votable(NamedTuple):
    """An input that people may vote on, with the numbers and words that it takes."""

    used: Input
    scale: Scale
    words: Mapping[str, float]
    """In folded case."""
    classes: Sequence[float] = ()
    """The only values that the votes may come to, where the input is a class; ascending."""


class Tally(Struct, frozen=True):
    """What the votes on one input of one issue come to."""

    value: float | None
    """None where no vote can be used."""
    low: float
    high: float
    """From the lowest to the highest that anybody holds possible."""
    people: tuple[tuple[str, float], ...]
    """Who said what, by name."""
    disagreement: float
    """The share of the scale, 0 to 1, that the middle half of the votes spans."""
    problems: tuple[str, ...]
    """The votes that cannot be used, and why."""
    since: date | None
    """The date of the oldest vote that counts, where all have one."""


Tallies = Mapping[str, Mapping[int, Tally]]
"""By input, by row."""


class _Counted(NamedTuple):
    """A vote as numbers."""

    person: str
    value: float
    low: float
    high: float
    weight: float
    on: date | None


def tally(votes: Votes, inputs: Mapping[str, Votable], rows: Mapping[str, Sequence[int]]) -> tuple[Tallies, list[str]]:
    """Count the votes on these inputs; `rows` has the rows that a name in folded case stands for.

    Of several votes of one person on the same, the last by date counts and, without dates, the last in the list. The
    second of the answer tells which votes are on issues that are not here or cannot be told apart.
    """
    last: dict[tuple[str, int], dict[str, Vote]] = {}
    unknown: dict[str, None] = {}
    unclear: dict[str, None] = {}
    for vote in votes.votes:
        found = rows.get(folded(vote.issue.strip()), ())
        if len(found) != 1:
            (unclear if found else unknown)[vote.issue] = None
        elif vote.input in inputs:
            said = last.setdefault((vote.input, found[0]), {})
            person = vote.person.casefold()
            if person not in said or not _is_older(vote, said[person]):
                said[person] = vote
    tallies: dict[str, Mapping[int, Tally]] = {}
    for name, votable in inputs.items():
        of_input = {row: _count(votable, said.values()) for (voted, row), said in last.items() if voted == name}
        span = _span(votable.scale, [vote for usable, _ in of_input.values() for vote in usable])
        how = _way(votable, votes)
        tallies[name] = {row: _tally(usable, problems, how, span) for row, (usable, problems) in of_input.items()}
    return tallies, list(_warnings(unknown, unclear))


def _is_older(vote: Vote, other: Vote) -> bool:
    return vote.on is not None and other.on is not None and vote.on < other.on


def _count(votable: Votable, votes: Iterable[Vote]) -> tuple[list[_Counted], list[str]]:
    """The votes that can be used, by person, and what is wrong with the others."""
    usable, problems = [], []
    for vote in sorted(votes, key=lambda vote: vote.person.casefold()):
        try:
            usable.append(_counted(votable, vote))
        except ValueError as error:
            problems.append(f"{vote.person}: {error}")
    return usable, problems


def _counted(votable: Votable, vote: Vote) -> _Counted:
    """A vote as numbers; `ValueError` in words where one of them is none, or off the scale."""
    value = _number(votable, vote.value)
    low, high = (value if end is None else _number(votable, end) for end in (vote.low, vote.high))
    if not low <= value <= high:
        raise ValueError(f"{figure(value)} is not between {figure(low)} and {figure(high)}")
    return _Counted(vote.person, value, low, high, vote.weight, vote.on)


def _number(votable: Votable, said: float | str) -> float:
    number = as_number(said, votable.words)
    problem = unknown_word(said, votable.words) if number is None else off_scale(number, votable.scale)
    if number is None or problem:
        raise ValueError(problem)
    return number


def _span(scale: Scale, votes: Sequence[_Counted]) -> float:
    """How wide an input's scale is; where it is open, how wide apart all votes on the input are."""
    if scale.min is not None and scale.max is not None:
        return scale.max - scale.min
    values = [vote.value for vote in votes]
    return max(values) - min(values) if values else 0.0


def _way(votable: Votable, votes: Votes) -> Callable[[Sequence[tuple[float, float]]], float]:
    """How (value, weight) pairs become one value; of two classes that are equally near it is the lower."""
    how, classes = votable.used.aggregate or votes.aggregate, votable.classes

    def nearest(pairs: Sequence[tuple[float, float]]) -> float:
        value = aggregate(pairs, how)
        return min(classes, key=lambda each: abs(each - value), default=value)

    return nearest


def _tally(
    votes: Sequence[_Counted],
    problems: Sequence[str],
    how: Callable[[Sequence[tuple[float, float]]], float],
    span: float,
) -> Tally:
    if not votes:
        return Tally(None, math.nan, math.nan, (), 0.0, tuple(problems), None)
    dates = [vote.on for vote in votes if vote.on is not None]
    return Tally(
        value=how([(vote.value, vote.weight) for vote in votes]),
        low=min(vote.low for vote in votes),
        high=max(vote.high for vote in votes),
        people=tuple((vote.person, vote.value) for vote in votes),
        disagreement=_disagreement([vote.value for vote in votes], span),
        problems=tuple(problems),
        since=min(dates) if len(dates) == len(votes) else None,
    )


def aggregate(votes: Sequence[tuple[float, float]], how: Aggregate) -> float:
    """One value of (value, weight) pairs, never outside of what was said, and not moved to a step of the scale.

    `trimmed` leaves out the lowest and the highest fifth of the votes, from three votes on at least one of each.
    `geometric` needs values above 0.
    """
    ordered = sorted(votes)
    return min(max(_WAYS[how](ordered), ordered[0][0]), ordered[-1][0])


def _mean(votes: Sequence[tuple[float, float]]) -> float:
    total = math.fsum(weight for _, weight in votes)
    return math.fsum(value * (weight / total) for value, weight in votes)


def _trimmed(ordered: Sequence[tuple[float, float]]) -> float:
    ends = max(len(ordered) // _TRIMMED, 1) if len(ordered) > 2 else 0  # noqa: PLR2004 - of two none is in the middle
    return _mean(ordered[ends : len(ordered) - ends])


def _geometric(votes: Sequence[tuple[float, float]]) -> float:
    return math.exp(_mean([(math.log(value), weight) for value, weight in votes]))


def _median(ordered: Sequence[tuple[float, float]]) -> float:
    """Half the weight lies on either side; where it is half exactly, the middle of the two that it lies between."""
    half = math.fsum(weight for _, weight in ordered) / 2
    below = 0.0
    for (value, weight), (following, _) in pairwise(ordered):
        below += weight
        if below == half:
            return value / 2 + following / 2
        if below > half:
            return value
    return ordered[-1][0]


_WAYS: Mapping[Aggregate, Callable[[Sequence[tuple[float, float]]], float]] = {
    "mean": _mean,
    "median": _median,
    "trimmed": _trimmed,
    "geometric": _geometric,
}


def _disagreement(values: Sequence[float], span: float) -> float:
    """Without the lowest and the highest quarter, both rounded down: so two people are always both in the middle."""
    ends = len(values) // _MIDDLE
    middle = sorted(values)[ends : len(values) - ends]
    return min((middle[-1] - middle[0]) / span, 1.0) if span > 0 else 0.0


def _warnings(unknown: Iterable[str], unclear: Iterable[str]) -> Iterator[str]:
    if names := list(unknown):
        yield f"{_named(names)}: there are votes on what is not among the open issues, and they count for nothing"
    if names := list(unclear):
        yield f"{_named(names)}: there are votes on what several issues are called; name them by URL"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


class Dispute(Struct, frozen=True):
    """One input of one issue on which people disagree too much for one number to stand for them all."""

    issue: Issue
    input: str
    disagreement: float
    low: float
    high: float
    """The lowest and the highest value that was voted."""
    people: tuple[tuple[str, float], ...]


def disputes(issues: Sequence[Issue], tallies: Tallies, threshold: float) -> list[Dispute]:
    """Where people disagree more than this share of the scale, those that are furthest apart first."""
    found = [
        Dispute(
            issues[row], name, told.disagreement, min(v for _, v in told.people), max(v for _, v in told.people),
            told.people,
        )
        for name, by_row in tallies.items()
        for row, told in by_row.items()
        if told.disagreement > threshold
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.disagreement, str(each.issue.ref), each.input))
