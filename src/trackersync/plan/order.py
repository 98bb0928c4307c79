"""The least moves that turn one order into another: everything outside a longest increasing subsequence.

Fredman, "On computing the length of longest increasing subsequences", Discrete Mathematics 11 (1975): patience
piles with back links, O(n log n). No shorter list of moves exists, since issues that keep their places must stand in
increasing order.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct


class Move(Struct, frozen=True, gc=False):
    """Put `id` directly after `after`; where that is None, before `before`, which is then the first of all."""

    id: str
    after: str | None
    before: str | None = None


def least_moves(
    present: Sequence[str], wanted: Sequence[str], left_alone: Collection[str] = frozenset()
) -> tuple[Move, ...]:
    """The moves, to be made in this order, that bring `present` into the order of `wanted`.

    `wanted` has the same ids, but for those left alone. These are not moved, and nothing is put between one of them and
    what it stands directly behind, for as long as that one keeps its place; the top and the very end are kept as well.
    """
    free = [id_ for id_ in present if id_ not in left_alone] if left_alone else present
    held = _held(present, left_alone) if left_alone else {}
    kept = _kept(free, wanted)
    anchors = (
        [held.get(id_, id_) if stays else id_ for id_, stays in zip(wanted, kept, strict=True)] if held else wanted
    )
    moves = [Move(id_, anchor) for id_, anchor, stays in zip(wanted[1:], anchors, kept[1:], strict=False) if not stays]
    if kept and not kept[0]:
        top = held.get(None)
        moves.insert(0, Move(wanted[0], top, before=free[0] if top is None else None))
    return tuple(moves)


def _held(present: Sequence[str], left_alone: Collection[str]) -> dict[str | None, str]:
    """The last of those left alone that stand directly behind an id, and under None at the top.

    What somebody put at the very end is to stay there, whatever comes to stand before it.
    """
    held: dict[str | None, str] = {}
    above, last = None, None
    for id_ in present:
        if id_ in left_alone:
            last = id_
            continue
        if last is not None:
            held[above] = last
        above, last = id_, None
    return held


def in_order(present: Sequence[str], wanted: Sequence[str], doubtful: Collection[str] = frozenset()) -> frozenset[str]:
    """A largest set of ids that already stand in the wanted order among themselves.

    It is one of those that are not `doubtful`; of these it has the ones that fit in besides.
    """
    if not doubtful:
        return _standing(present, wanted)
    first = _standing(*([id_ for id_ in order if id_ not in doubtful] for order in (present, wanted)))
    fitting = _fitting(present, wanted, first)
    return first | _standing(*([id_ for id_ in order if id_ in fitting] for order in (present, wanted)))


def _fitting(present: Sequence[str], wanted: Sequence[str], first: frozenset[str]) -> frozenset[str]:
    """Those that stand between the same two of the first as they should."""
    there = dict(_gaps(wanted, first))
    return frozenset(id_ for id_, gap in _gaps(present, first) if gap == there[id_])


def _gaps(order: Sequence[str], first: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Each that is not one of the first, with how many of them stand before it."""
    gap = 0
    for id_ in order:
        if id_ in first:
            gap += 1
        else:
            yield id_, gap


def _standing(present: Sequence[str], wanted: Sequence[str]) -> frozenset[str]:
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
