"""The least moves that turn one order into another: everything outside a longest increasing subsequence.

Fredman, "On computing the length of longest increasing subsequences", Discrete Mathematics 11 (1975): patience
piles with back links, O(n log n). No shorter list of moves exists, since issues that keep their places must stand in
increasing order.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct


class Move(Struct, frozen=True, gc=False):
    """Put `id` directly after `after`; where that is None, before `before`, which is then the first of all."""

    id: str
    after: str | None
    before: str | None = None


def least_moves(present: Sequence[str], wanted: Sequence[str]) -> tuple[Move, ...]:
    """The moves, to be made in this order, that bring `present` into the order of `wanted` (the same ids)."""
    kept = _kept(present, wanted)
    moves = (
        Move(wanted[place], wanted[place - 1]) if place else Move(wanted[0], None, before=present[0])
        for place, stays in enumerate(kept)
        if not stays
    )
    return tuple(moves)


def in_order(present: Sequence[str], wanted: Sequence[str]) -> frozenset[str]:
    """A largest set of ids that already stand in the wanted order among themselves."""
    return frozenset(id_ for id_, stays in zip(wanted, _kept(present, wanted), strict=True) if stays)


def _kept(present: Sequence[str], wanted: Sequence[str]) -> bytearray:
    """By place in `wanted`: 1 for what may keep its place."""
    place = dict(zip(wanted, range(len(wanted)), strict=True))
    return _longest_increasing(array("q", map(place.__getitem__, present)))


def _longest_increasing(places: array[int]) -> bytearray:
    """A longest increasing subsequence of the numbers from 0 on, each there once: 1 for what belongs to it.

    Arrays rather than lists and dicts: of a million numbers most of the time would go into waiting for memory.
    """
    tails = [last := -1]
    before = array("q", bytes(places.itemsize * len(places)))
    for number in places:
        if number > last:
            before[number] = last
            tails.append(number)
        else:
            pile = bisect_left(tails, number)
            before[number] = tails[pile - 1]
            tails[pile] = number
        last = tails[-1]
    longest = bytearray(len(places))
    while last >= 0:
        longest[last] = 1
        last = before[last]
    return longest
