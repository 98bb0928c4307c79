"""The order a list had before a run moved some of its issues, as far as people left it alone since.

The ledger says of every moved issue directly after which one it stood. Those of one run were all taken from one order,
so what was not moved, in its present order, and behind each issue those that stood there one after another, is that
order again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from trackersync.plan.order import Move


class Moved(Struct, frozen=True, kw_only=True):
    """What is known of the order of one tracker; all by id."""

    present: Sequence[str]
    """What is on the board now, in its order."""
    applied: Sequence[str]
    """What we ranked, as the list that was last applied has it."""
    by_hand: Collection[str]
    """The issues that people moved since."""
    held: Collection[str] = ()
    """Those that people had moved before the run: they stood where they stand."""
    stood: Mapping[str, str | None]
    """Of the issues that the run moved: directly after which one each stood; None: before all others."""
    restore: Collection[str]
    """Those of them that shall go back."""


def as_applied(moved: Moved) -> list[str]:
    """The whole order as ours: what goes back is back, and what people moved is where we had put it."""
    return _merged(_restored(moved), moved.applied, moved.held)


def as_found(moved: Moved) -> list[str]:
    """The whole order as it shall be: what goes back is back, and what people moved is where they put it."""
    back = set(moved.restore)
    fixed = [id_ for id_ in moved.present if id_ not in back]
    return _merged(_restored(moved), fixed, moved.by_hand)


def _restored(moved: Moved) -> list[str]:
    """The order that the run found, in which what people moved since is where we had put it."""
    return list(_with_restored(_merged(moved.present, moved.applied, moved.by_hand), moved))


def moves_back(wanted: Sequence[str], restore: Collection[str]) -> Iterator[Move]:
    """The moves that bring all that is restored to its place in `wanted`; nothing else is moved.

    To be made in this order: each issue that another is put beside stands already.
    """
    back = set(restore)
    first_fixed = next((id_ for id_ in wanted if id_ not in back), None)
    for place, id_ in enumerate(wanted):
        if id_ not in back:
            continue
        if place:
            yield Move(id_, after=wanted[place - 1])
        elif first_fixed is not None:
            yield Move(id_, after=None, before=first_fixed)


def lost(moved: Moved) -> set[str]:
    """Those whose place cannot be told any more, since an issue that stood before them is gone."""
    here, reached = set(moved.present) - moved.stood.keys(), set[str]()
    followers = _followers(moved.stood)
    for start in (None, *here):
        reached.update(_chain(start, followers))
    return set(moved.restore) - reached


def _with_restored(order: Sequence[str], moved: Moved) -> Iterator[str]:
    back, followers = set(moved.restore), _followers(moved.stood)
    yield from (id_ for id_ in _chain(None, followers) if id_ in back)
    for id_ in order:
        if id_ not in back:
            yield id_
        if id_ not in moved.stood:
            yield from (follower for follower in _chain(id_, followers) if follower in back)


def _followers(stood: Mapping[str, str | None]) -> dict[str | None, str]:
    return {before: id_ for id_, before in stood.items()}


def _chain(start: str | None, followers: Mapping[str | None, str]) -> Iterator[str]:
    """The moved issues that stood one after another behind this one."""
    next_ = followers.get(start)
    while next_ is not None:
        yield next_
        next_ = followers.get(next_)


def _merged(order: Sequence[str], other: Sequence[str], moving: Collection[str]) -> list[str]:
    """`order` with each of `moving` where `other` has it: behind the same issue, which is none of them."""
    moved, behind = set(moving), dict[str | None, list[str]]()
    last: str | None = None
    for id_ in other:
        if id_ in moved:
            behind.setdefault(last, []).append(id_)
        else:
            last = id_
    merged = list(behind.get(None, ()))
    for id_ in order:
        if id_ not in moved:
            merged += [id_, *behind.get(id_, ())]
    return merged
