"""What can be wrong with bands."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from trackersync.errors import Problem
from trackersync.scoring.rules import Band

LIMITS = ("share", "count", "min_score", "capacity")


def limit_of(band: Band) -> str | None:
    """The name of the band's limit, None for the band that takes the rest."""
    return next((limit for limit in LIMITS if getattr(band, limit) is not None), None)


def check_bands(bands: Sequence[Band], hysteresis: float) -> Iterator[Problem]:
    """The problems of the bands and of the hysteresis at their edges."""
    for name, times in Counter(band.name for band in bands).items():
        if times > 1:
            yield Problem(f"there are {times} bands `{name}`", ("bands", name))
    for band in bands:
        yield from _check_limits(band)
    yield from _check_kinds(bands)
    yield from _check_rest(bands)
    yield from _check_shares(bands)
    yield from _check_scores(bands)
    if not (math.isfinite(hysteresis) and hysteresis >= 0):
        yield Problem("hysteresis is 0 or more", ("hysteresis",))


def _check_limits(band: Band) -> Iterator[Problem]:
    limits = [limit for limit in LIMITS if getattr(band, limit) is not None]
    if len(limits) > 1:
        yield Problem(f"a band has one limit, not {' and '.join(limits)}", ("bands", band.name))
    if band.share is not None and not 0 < band.share <= 1:
        yield Problem("a share is above 0 % and at most 100 %", ("bands", band.name, "share"))
    if band.budget is not None and not 0 < band.budget <= 1:
        yield Problem("a budget is above 0 % and at most 100 %", ("bands", band.name, "budget"))
    for limit in ("count", "min_score", "capacity"):
        value = getattr(band, limit)
        if value is not None and not math.isfinite(value):
            yield Problem(f"a {limit} is a finite number", ("bands", band.name, limit))
        elif value is not None and value <= 0 and limit != "min_score":
            yield Problem(f"a {limit} is above 0", ("bands", band.name, limit))


def _check_kinds(bands: Sequence[Band]) -> Iterator[Problem]:
    kinds = [(band, limit) for band in bands if (limit := limit_of(band))]
    for band, limit in kinds[1:]:
        if limit != kinds[0][1]:
            message = f"bands are limited in one way: `{kinds[0][0].name}` by {kinds[0][1]}, this one by {limit}"
            yield Problem(message, ("bands", band.name))


def _check_rest(bands: Sequence[Band]) -> Iterator[Problem]:
    for band in bands[:-1]:
        if limit_of(band) is None:
            yield Problem("it takes all that is left, so no band after it gets any", ("bands", band.name))


def _check_shares(bands: Sequence[Band]) -> Iterator[Problem]:
    total = Fraction(0)
    for band in bands:
        if band.share is None or not math.isfinite(band.share):
            continue
        total += exact(band.share)
        if total > 1:
            message = f"the shares up to here add up to {float(total):.0%}"
            yield Problem(message, ("bands", band.name, "share"), hint="each band has its own share of the list")
            return


def _check_scores(bands: Sequence[Band]) -> Iterator[Problem]:
    scores = [(band.name, band.min_score) for band in bands if band.min_score is not None]
    for (above, higher), (name, lower) in pairwise(scores):
        if lower >= higher:
            message = f"{lower:g} is not below the {higher:g} of `{above}` above it"
            yield Problem(message, ("bands", name, "min_score"))


def exact(value: float) -> Fraction:
    """The number as people wrote it: a share of 0.05 is a twentieth, not the nearest binary number."""
    return Fraction(str(value))
