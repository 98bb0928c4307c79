"""Scales that can be named in the file: the values that estimates may take, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct, field


class NamedScale(Struct, frozen=True):
    """The values of a scale, ascending, and what its words are worth."""

    name: str
    steps: tuple[float, ...]
    words: Mapping[str, float] = field(default_factory=dict)


_SIZES = {"XS": 1.0, "S": 2.0, "M": 3.0, "L": 5.0, "XL": 8.0, "XXL": 13.0}

_ALL = (
    # Planning poker's cards without 0, by which nothing can be divided.
    NamedScale("fibonacci", (1, 2, 3, 5, 8, 13, 21)),
    # The relative sizes of SAFe's weighted shortest job first.
    NamedScale("wsjf", (1, 2, 3, 5, 8, 13, 20)),
    NamedScale("powers", (1, 2, 4, 8, 16, 32)),
    # Each size is about as much more as on the Fibonacci scale, so that the two can be used side by side.
    NamedScale("t-shirt", tuple(_SIZES.values()), MappingProxyType(_SIZES)),
)

SCALES: Mapping[str, NamedScale] = MappingProxyType({scale.name: scale for scale in _ALL})
"""Every scale by the name it has in the file."""
