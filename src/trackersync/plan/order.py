"""The least moves that turn one order into another: everything outside a longest increasing subsequence.

Fredman, "On computing the length of longest increasing subsequences", Discrete Mathematics 11 (1975): patience
piles with back links, O(n log n). No shorter list of moves exists, since issues that keep their places must stand in
increasing order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct


class Move(Struct, frozen=True):
    """Put `id` directly after `after`; where that is None, before `before`, which is then the first of all."""

    id: str
    after: str | None
    before: str | None = None


def least_moves(present: Sequence[str], wanted: Sequence[str]) -> tuple[Move, ...]:
    """The moves, to be made in this order, that bring `present` into the order of `wanted` (the same ids)."""
    kept = in_order(present, wanted)
    moves = []
    for place, moved in enumerate(wanted):
        if moved in kept:
            continue
        if place == 0:
            moves.append(Move(moved, after=None, before=present[0]))
        else:
            moves.append(Move(moved, after=wanted[place - 1]))
    return tuple(moves)


def in_order(present: Sequence[str], wanted: Sequence[str]) -> frozenset[str]:
    """A largest set of ids that already stand in the wanted order among themselves."""
    place = {id_: index for index, id_ in enumerate(wanted)}
    places = [place[id_] for id_ in present]
    return frozenset(wanted[index] for index in _longest_increasing(places))


def _longest_increasing(numbers: Sequence[int]) -> list[int]:
    """A longest strictly increasing subsequence of distinct numbers, in order."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        pile = bisect_left(tails, number)
        before[number] = tails[pile - 1] if pile else None
        tails[pile : pile + 1] = [number]
    longest: list[int] = []
    link = tails[-1] if tails else None
    while link is not None:
        longest.append(link)
        link = before[link]
    return longest[::-1]
