"""How alike two orders of the same things are, in one number: 1 is the same order, 0 no relation, -1 the opposite.

Both take the places that the things of one order, first to last, have in the other: a permutation of 0 … n-1. There
are no ties, since a ranking is a total order. With fewer than two things there is no order to speak of: None.
"""

from __future__ import annotations

from collections.abc import Sequence


def kendall(places: Sequence[int]) -> float | None:
    """Kendall's tau: the share of pairs that keep their order less the share of pairs that change it."""
    count = len(places)
    if count < 2:  # noqa: PLR2004 - a pair
        return None
    return 1 - 4 * inversions(places) / (count * (count - 1))


def spearman(places: Sequence[int]) -> float | None:
    """Spearman's rho: as tau, but a thing that moves far counts for more than many that move a little."""
    count = len(places)
    if count < 2:  # noqa: PLR2004 - a pair
        return None
    squares = sum((place - index) ** 2 for index, place in enumerate(places))
    return 1 - 6 * squares / (count * (count * count - 1))


def inversions(places: Sequence[int]) -> int:
    """How many pairs stand the other way round, counted in O(n log n) by a Fenwick tree of the places met so far."""
    tree = [0] * (len(places) + 1)
    found = 0
    for met, place in enumerate(places):
        node, before = place + 1, 0
        while node:
            before += tree[node]
            node &= node - 1
        found += met - before
        node = place + 1
        while node < len(tree):
            tree[node] += 1
            node += node & -node
    return found
