"""How far the order can be relied on, when what the inputs are is not known exactly.

Every uncertain input is drawn from a triangle over its range again and again, the whole list is scored each time,
and what comes out is counted. The same seed gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from trackersync.errors import TrackersyncError
from trackersync.model import Issue
from trackersync.scoring.adjustments import finite
from trackersync.scoring.blockers import Edge, join
from trackersync.scoring.calculation import Calculation, rescore
from trackersync.scoring.gaps import InputColumn

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SURE = 0.9
"""The share of all draws in which an issue has to come after the first of a group not to belong to it."""
_LOW, _HIGH = 5, 95
"""Percent of the draws: in nine of ten the rank is between the two."""
_CELLS = 1_000_000
"""Scores that are computed at once."""
_BLOCK = 64


class Chance(Struct, frozen=True, kw_only=True):
    """What becomes of one ranked issue in all draws."""

    issue: Issue
    rank: int
    """In the list as it is."""
    top: float
    """The share of the draws in which it is among the first."""
    best: int
    worst: int
    """In nine of ten draws its rank is from `best` to `worst`."""
    group: int
    """Counted from 1: within a group the order is not supported, the first of it may as well be the last."""


class Robustness(Struct, frozen=True):
    """What the data supports of an order."""

    draws: int
    top: int
    """How many are the first, of whom `Chance.top` tells."""
    varied: tuple[str, ...]
    """The inputs that are uncertain."""
    chances: tuple[Chance, ...]
    """In the order of the list."""


def simulate(calculation: Calculation, *, top: int, draws: int = 1000, seed: int = 0) -> Robustness:
    """Score the ranked issues `draws` times with inputs drawn from their ranges.

    A range is what people voted, from the lowest to the highest, or a declared ± uncertainty; both end where the
    scale does. Raises `TrackersyncError` where no input is uncertain.
    """
    ranges = {name: found for name, column in calculation.inputs.items() if (found := _range(calculation, column))}
    issues, ranked = calculation.backlog.issues, calculation.order.to_list()
    if not ranked:
        return Robustness(draws, top, tuple(ranges), ())
    if not ranges:
        hint = "give an input an `uncertainty`, such as 30%, or let people vote with `low` and `high`"
        raise TrackersyncError("no input is uncertain, so there is nothing to vary", hint=hint)
    scores = np.vstack(list(_draw(calculation, ranges, draws, np.random.default_rng(seed))))
    ranks = _ranks(scores)
    best, worst = np.percentile(ranks, [_LOW, _HIGH], axis=0, method="nearest")
    in_top, groups = (ranks <= top).mean(axis=0), _groups(np.ascontiguousarray(scores.T))
    chances = tuple(
        Chance(issue=issues[row], rank=place + 1, top=float(in_top[place]), best=int(best[place]),
               worst=int(worst[place]), group=groups[place])
        for place, row in enumerate(ranked)
    )  # fmt: skip
    return Robustness(draws, top, tuple(ranges), chances)


class _Range(Struct, frozen=True):
    """Of each ranked issue the least, the most likely and the highest value of one input."""

    low: Floats
    likely: Floats
    high: Floats

    def draw(self, uniform: Floats) -> Floats:
        """The inverse of the triangle's distribution function, for numbers from 0 to 1."""
        width = self.high - self.low
        below, above = self.likely - self.low, self.high - self.likely
        rising = self.low + np.sqrt(uniform * width * below)
        falling = self.high - np.sqrt((1 - uniform) * width * above)
        drawn: Floats = np.where(uniform * width < below, rising, falling)
        return drawn


def _range(calculation: Calculation, column: InputColumn) -> _Range | None:
    """None where the input is known exactly, on every ranked issue."""
    off = column.used.uncertainty
    if column.expression is not None or (off is None and not column.read.tallies):
        return None
    rows = calculation.order.to_list()
    likely = column.values.gather(calculation.order).to_numpy().astype(float)
    spread = np.abs(likely) * (off or 0.0)
    low, high = likely - spread, likely + spread
    for place, row in enumerate(rows):
        if row in column.read.tallies:
            told = column.read.tallies[row]
            low[place], high[place] = min(low[place], told.low), max(high[place], told.high)
    low, high = np.clip(low, column.scale.min, None), np.clip(high, None, column.scale.max)
    return _Range(low, likely, high) if (high > low).any() else None


def _draw(
    calculation: Calculation, ranges: Mapping[str, _Range], draws: int, random: np.random.Generator
) -> Iterator[Floats]:
    """The scores of some draws at a time: a row a draw, a column an issue."""
    width = len(calculation.order)
    heirs = {kind: _Heirs(calculation, edges) for kind, edges in calculation.backlog.edges.items()}
    at_once = max(_CELLS // width, 1)
    for begun in range(0, draws, at_once):
        count = min(at_once, draws - begun)
        rows = pl.Series(values=np.tile(calculation.order.to_numpy(), count))
        values = {
            # Numpy knows no null: where an issue has no value there is none to draw either.
            name: pl.Series(values=each.draw(random.random((count, width))).ravel()).fill_nan(None)
            for name, each in ranges.items()
        }

        def inherit(kind: str, scores: pl.Series, count: int = count) -> pl.Series:
            best = heirs[kind].inherited(_by_draw(scores, count))
            return finite(pl.Series(values=best.ravel()))

        scores = rescore(calculation, rows, values, inherit=inherit)
        yield _by_draw(scores, count)


def _by_draw(scores: pl.Series, count: int) -> Floats:
    """A row a draw; what became too large to compute with comes last in it."""
    return scores.fill_null(-np.inf).to_numpy().reshape(count, -1)


class _Heirs:
    """Who inherits from whom over one kind of link, in many draws at once."""

    def __init__(self, calculation: Calculation, edges: Iterable[Edge]) -> None:
        places = {row: place for place, row in enumerate(calculation.order.to_list())}
        linked = sorted({row for edge in edges for row in edge})
        number = {row: place for place, row in enumerate(linked)}
        self._blockers = join((number[row], number[other]) for row, other in edges)
        self._count = len(linked)
        self._ranked = [number[row] for row in linked if row in places]
        self._columns = [places[row] for row in linked if row in places]

    def inherited(self, scores: Floats) -> Floats:
        """The best score that each issue blocks in every draw, minus infinity where it blocks none."""
        reached = np.full((self._count, len(scores)), -np.inf)
        reached[self._ranked] = scores[:, self._columns].T
        for circle in self._blockers.circles:
            reached[circle[0]] = reached[circle].max(axis=0)
        beyond = np.full_like(reached, -np.inf)
        for blocker, blocked in self._blockers.edges:
            np.maximum(beyond[blocker], reached[blocked], out=beyond[blocker])
            np.maximum(reached[blocker], reached[blocked], out=reached[blocker])
        for circle in self._blockers.circles:
            beyond[circle] = beyond[circle[0]]
        amounts = np.full_like(scores, -np.inf)
        amounts[:, self._columns] = beyond[self._ranked].T
        return amounts


def _ranks(scores: Floats) -> Ints:
    """From 1, by draw; of equals in the order of the list."""
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, scores.shape[1] + 1)[np.newaxis, :], axis=1)
    return ranks


def _groups(scores: Floats) -> list[int]:
    """By issue its group; `scores` has a row an issue, in the order of the list."""
    first, groups = 0, [1]
    for begun in range(1, len(scores), _BLOCK):
        block = scores[begun : begun + _BLOCK]
        place = 0
        while place < len(block):
            sure = (scores[first] > block[place:]).mean(axis=1) >= SURE
            same = int(sure.argmax()) if sure.any() else len(sure)
            groups += [groups[-1]] * same
            place += same
            if place < len(block):
                groups.append(groups[-1] + 1)
                first = begun + place
                place += 1
    return groups
