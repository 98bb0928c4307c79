"""From the order to the bands, with some patience at the edges for those who were in a band before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from trackersync.scoring.check_bands import exact, limit_of
from trackersync.scoring.rules import Band


def assign_bands(
    bands: Sequence[Band],
    hysteresis: float,
    scores: Sequence[float],
    before: Sequence[str | None],
    sizes: Sequence[float | None],
) -> list[str]:
    """The band of every issue, first to last; empty where no band takes it.

    All of `scores`, `before` (the band in the list that was last applied) and `sizes` (the effort) are in ranking
    order. `share` and `count` end at a position, `min_score` at a score: an issue stays in its band of before while it
    is no further past an edge than `hysteresis`: points, or percent of the list in whole positions. `capacity` takes
    what still fits, in order, and knows no hysteresis.
    """
    kind = next((limit for band in bands if (limit := limit_of(band))), None)
    if kind == "capacity":
        return _fill(bands, sizes)
    if kind == "min_score":
        # Places count downwards, so that a lower score is further down.
        edges = [None if band.min_score is None else -exact(band.min_score) for band in bands]
        reaches = _reaches(bands, edges, exact(hysteresis))
        return [_band(-score, old, reaches) for score, old in zip(scores, before, strict=True)]
    margin = math.floor(exact(hysteresis) * len(scores) / 100)
    reaches = _reaches(bands, _positions(bands, len(scores)), Fraction(margin))
    return [_band(position, old, reaches) for position, old in enumerate(before, start=1)]


@dataclass(frozen=True, slots=True)
class _Reach:
    """The places of one band, counted downwards: where it ends, and between which those of before may stay."""

    name: str
    edge: float
    stays_below: float
    stays_until: float


def _positions(bands: Sequence[Band], length: int) -> list[Fraction | None]:
    """The last position of each band; the edges of shares add up first and round down then."""
    shares = accumulate(exact(band.share or 0) for band in bands)
    counts = accumulate(band.count or 0 for band in bands)
    return [
        None if limit_of(band) is None else Fraction(math.floor(share * length) + count)
        for band, share, count in zip(bands, shares, counts, strict=True)
    ]


def _reaches(bands: Sequence[Band], edges: Sequence[Fraction | None], margin: Fraction) -> list[_Reach]:
    reaches = []
    stays_below = -math.inf
    for band, edge in zip(bands, edges, strict=True):
        last, until = (math.inf, math.inf) if edge is None else (float(edge), float(edge + margin))
        reaches.append(_Reach(band.name, last, stays_below, until))
        stays_below = math.inf if edge is None else float(edge - margin)
    return reaches


def _band(place: float, before: str | None, reaches: Sequence[_Reach]) -> str:
    natural = ""
    for reach in reaches:
        if reach.name == before and reach.stays_below < place <= reach.stays_until:
            return reach.name
        if not natural and place <= reach.edge:
            natural = reach.name
    return natural


def _fill(bands: Sequence[Band], sizes: Sequence[float | None]) -> list[str]:
    """Each issue in the first band that still has room for it; one of unknown size in none that is limited."""
    room = [math.inf if band.capacity is None else exact(band.capacity) for band in bands]
    assigned = []
    for size in sizes:
        needs = math.inf if size is None else exact(max(size, 0.0))
        chosen = next((index for index, left in enumerate(room) if needs <= left), None)
        if chosen is not None and size is not None:
            room[chosen] -= needs
        assigned.append("" if chosen is None else bands[chosen].name)
    return assigned
