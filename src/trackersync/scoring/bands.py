"""From the order to the bands, with some patience at the edges for those who were in a band before."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate

import polars as pl
from msgspec import Struct

from trackersync.scoring.check_bands import exact, limit_of
from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import constant, otherwise
from trackersync.scoring.rules import Band


def assign_bands(
    bands: Sequence[Band], hysteresis: float, scores: pl.Series, before: pl.Series, sizes: pl.Series
) -> pl.Series:
    """The band of every issue, first to last; empty where no band takes it.

    All of `scores`, `before` (the band in the list that was last applied, or null) and `sizes` (the effort) are in
    ranking order. `share` and `count` end at a position, `min_score` at a score: an issue stays in its band of before
    while it is no further past an edge than `hysteresis`: points, or percent of the list in whole positions. The first
    half of a band's positions is open to all who come there.
    `capacity` takes what still fits, in order, and knows no hysteresis.
    """
    if kind_of(bands) == "capacity":
        return pl.Series(values=_fill(bands, sizes.to_list()), dtype=pl.String)
    return _stay(places(bands, scores), before, reaches(bands, hysteresis, len(scores)))


def kind_of(bands: Sequence[Band]) -> str | None:
    """By what the bands are limited; None where nothing limits them."""
    return next((limit for band in bands if (limit := limit_of(band))), None)


def places(bands: Sequence[Band], scores: pl.Series) -> pl.Series:
    """Where each issue stands, counted downwards: its position from 1, or its score turned round."""
    if kind_of(bands) == "min_score":
        return -scores
    return pl.int_range(1, len(scores) + 1, dtype=pl.Int64, eager=True).cast(pl.Float64)


class Reach(Struct, frozen=True):
    """The places of one band, counted downwards: where it ends, and between which those of before may stay."""

    name: str
    edge: float
    stays_below: float
    stays_until: float


def reaches(bands: Sequence[Band], hysteresis: float, length: int) -> list[Reach]:
    """How far each band reaches in a list of this length."""
    if kind_of(bands) == "min_score":
        edges = [None if band.min_score is None else -exact(band.min_score) for band in bands]
        return _reaches(bands, edges, exact(hysteresis), [exact(hysteresis)] * len(bands))
    margin, edges = Fraction(math.floor(exact(hysteresis) * length / 100)), _positions(bands, length)
    return _reaches(bands, edges, margin, [min(margin, Fraction(half)) for half in _halves(edges)])


def _positions(bands: Sequence[Band], length: int) -> list[Fraction | None]:
    """The last position of each band; the edges of shares add up first and round down then."""
    shares = accumulate(exact(band.share or 0) for band in bands)
    counts = accumulate(band.count or 0 for band in bands)
    return [
        None if limit_of(band) is None else Fraction(math.floor(share * length) + count)
        for band, share, count in zip(bands, shares, counts, strict=True)
    ]


def _halves(edges: Sequence[Fraction | None]) -> Iterator[int]:
    """Half of the positions of each band: whoever comes into its first half is let in, however small it is."""
    begin = Fraction(0)
    for edge in edges:
        end = begin if edge is None else edge
        yield math.floor((end - begin) / 2)
        begin = end


def _reaches(
    bands: Sequence[Band], edges: Sequence[Fraction | None], outward: Fraction, inward: Sequence[Fraction]
) -> list[Reach]:
    found = []
    stays_below = -math.inf
    for band, edge, closed in zip(bands, edges, inward, strict=True):
        last, until = (math.inf, math.inf) if edge is None else (float(edge), float(edge + outward))
        found.append(Reach(band.name, last, stays_below, until))
        stays_below = math.inf if edge is None else float(edge - closed)
    return found


def _stay(where: pl.Series, before: pl.Series, bands: Sequence[Reach]) -> pl.Series:
    """The first band that an issue is in, unless it may stay in the one of before."""
    band = constant(Kind.TEXT, "", len(where))
    for reach in reversed(bands):
        band = otherwise(constant(Kind.TEXT, reach.name, len(where)), where <= reach.edge, band)
    if before.null_count() == len(before):
        return band
    for reach in bands:
        stays = (before == reach.name) & (where > reach.stays_below) & (where <= reach.stays_until)
        band = otherwise(before, stays, band)
    return band


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
