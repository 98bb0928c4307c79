"""What became of moves, by the order of the board read anew: no issue tells by itself who put it where it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from trackersync.change import Change, Outcome, Status
from trackersync.model import Value
from trackersync.plan.order import in_order

BY_HAND = "somebody moved it since"
"""Why a move is not made where an issue stands neither where it stood nor where it was to go."""


def settle_moves(lost: Sequence[Outcome], order: Sequence[str], moves: Sequence[Change]) -> list[Outcome]:
    """The final outcomes of moves of which no answer is known, by the `order` of the issues that the plan is about.

    `moves` are all that were planned. A move was made where the issue stands directly beside its neighbour, and that
    one was not itself left where it was.
    """
    made = _made([outcome.change for outcome in lost], order)
    planned = {change.ref.id: change.before for change in moves}
    return [_settled(outcome, order, planned, made=outcome.change.ref.id in made) for outcome in lost]


def _settled(lost: Outcome, order: Sequence[str], planned: Mapping[str, Value], *, made: bool) -> Outcome:
    change = lost.change
    if made:
        return Outcome(change, Status.APPLIED, "found moved")
    if change.ref.id not in order:
        return Outcome(change, Status.CONFLICT, "it is no longer on the board")
    if _is_elsewhere(change.ref.id, order, planned):
        return Outcome(change, Status.CONFLICT, BY_HAND)
    return Outcome(change, Status.REJECTED, f"{lost.detail}; read again and found not moved")


def _made(moves: Sequence[Change], order: Sequence[str]) -> set[str]:
    place = {id_: index for index, id_ in enumerate(order)}
    beside: dict[str, list[str]] = {}
    made = set()
    for change in moves:
        side, anchor = _destination(change)
        if side == "after":  # what goes before another one goes to the top, wherever that one stands later
            beside.setdefault(anchor, []).append(change.ref.id)
        if _stands(place, change.ref.id, side, anchor):
            made.add(change.ref.id)
    unmoved = [change.ref.id for change in moves if change.ref.id not in made]
    while unmoved:  # who stands beside an issue that was left where it was, stood there before
        followers = made.intersection(beside.get(unmoved.pop(), ()))
        made -= followers
        unmoved += followers
    return made


def _stands(place: Mapping[str, int], id_: str, side: str, anchor: str) -> bool:
    if id_ not in place:
        return False
    if side == "before":
        return place[id_] == 0
    return anchor in place and place[id_] == place[anchor] + 1


def _is_elsewhere(id_: str, order: Sequence[str], planned: Mapping[str, Value]) -> bool:
    """Whether an issue stands behind another one, of those that are not moved, than when the plan was made."""
    if id_ not in planned:
        return False
    then = _predecessor_then(id_, planned)
    ahead = order[: order.index(id_)]
    now = next((other for other in reversed(ahead) if other not in planned), None)
    return now != then and (then is None or then in order)


def _predecessor_then(id_: str, planned: Mapping[str, Value]) -> str | None:
    passed = set()
    while id_ in planned and id_ not in passed:
        passed.add(id_)
        match planned[id_]:
            case ("after", before):
                id_ = before
            case _:
                return None
    return id_


class Resumption(Struct, frozen=True):
    """What is left of the moves of a plan that was applied before; of one that never was, all are."""

    settled: Mapping[Change, Outcome] = field(default_factory=dict)
    """The outcomes of those that are not made again."""
    redirected: Mapping[Change, Change] = field(default_factory=dict)
    """Those whose neighbour a person took elsewhere, as they are made instead: beside whom that one was to stand."""

    def as_sent(self, change: Change) -> Change:
        """The change as it is handed to the connector."""
        return self.redirected.get(change, change)


def resume(
    moves: Sequence[Change], earlier: Mapping[Change, Outcome], order: Sequence[str], wanted: Sequence[str]
) -> Resumption:
    """What earlier runs left of these moves, so that none is made twice and what a person moved since stays there.

    `earlier` has the outcomes of those that ended for good; `order` is how the issues of the plan stand now, `wanted`
    how it wants them.
    """
    settled = {change: _again(outcome) for change, outcome in earlier.items()}
    unmade = {change.ref.id for change in moves if change not in earlier}
    left = _left_alone(earlier, order, [id_ for id_ in wanted if id_ not in unmade])
    redirected = {
        change: replace(change, after=after)
        for change in moves
        if change not in earlier and (after := _around(change.after, left)) != change.after
    }
    return Resumption(settled, redirected)


def _again(outcome: Outcome) -> Outcome:
    if outcome.status is Status.CONFLICT:
        return outcome
    return Outcome(outcome.change, Status.UNCHANGED, "an earlier run of this plan moved it")


def _left_alone(earlier: Mapping[Change, Outcome], order: Sequence[str], wanted: Sequence[str]) -> dict[str, Value]:
    """By id, where those were to go that stand elsewhere by a person's hand."""
    moved = {change.ref.id for change in earlier}
    kept = _in_order([id_ for id_ in order if id_ not in moved], wanted)
    now, then = _gaps(order, kept), _gaps(wanted, kept)
    right = _in_order([id_ for id_ in order if id_ in kept or now[id_] == then.get(id_, id_)], wanted)
    return {
        change.ref.id: change.after
        for change, outcome in earlier.items()
        if outcome.status is Status.CONFLICT or change.ref.id not in right
    }


def _in_order(present: Sequence[str], wanted: Sequence[str]) -> frozenset[str]:
    both = set(present) & set(wanted)
    return in_order([id_ for id_ in present if id_ in both], [id_ for id_ in wanted if id_ in both])


def _gaps(order: Sequence[str], kept: Collection[str]) -> dict[str, str | None]:
    """By id the last of these that stands before it; what was never moved tells best where everything belongs."""
    gaps: dict[str, str | None] = {}
    last = None
    for id_ in order:
        gaps[id_] = last
        last = id_ if id_ in kept else last
    return gaps


def _around(after: Value, left: Mapping[str, Value]) -> Value:
    passed: set[str] = set()
    while isinstance(after, tuple) and after[-1] in left and after[-1] not in passed:
        passed.add(after[-1])
        after = left[after[-1]]
    return after


def _destination(change: Change) -> tuple[str, str]:
    match change.after:
        case (side, anchor):
            return side, anchor
        case _:
            raise ValueError(f"a move goes before or after another issue, not to {change.after!r}")
