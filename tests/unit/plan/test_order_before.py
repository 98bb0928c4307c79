"""The order before a run comes back exactly, and what people moved since stays where they put it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trackersync.plan.order import least_moves
from trackersync.plan.order_before import Moved, as_applied, as_found, lost, moves_back


def carried_out(order, moves):
    order = list(order)
    for move in moves:
        order.remove(move.id)
        place = order.index(move.before) if move.after is None else order.index(move.after) + 1
        order.insert(place, move.id)
    return order


@st.composite
def runs(draw):
    """An order, what a run made of the ranked ones in it, and what it moved."""
    before = draw(st.permutations("abcdefghij"[: draw(st.integers(1, 10))]))
    wanted = draw(st.permutations(draw(st.lists(st.sampled_from(before), unique=True))))
    moves = least_moves([id_ for id_ in before if id_ in wanted], wanted)
    after = carried_out(before, moves)
    stood = {move.id: before[before.index(move.id) - 1] if before.index(move.id) else None for move in moves}
    return before, wanted, after, stood


def moved(run, present, *, by_hand=(), restore=None):
    _, wanted, _, stood = run
    applied = [id_ for id_ in wanted if id_ in present]
    back = stood.keys() - set(by_hand) if restore is None else restore
    known = Moved(present=present, applied=applied, by_hand=set(by_hand), stood=stood, restore=back & set(present))
    return Moved(
        present=present, applied=applied, by_hand=known.by_hand, stood=stood, restore=known.restore - lost(known)
    )


@given(runs())
def test_where_nobody_moved_anything_the_order_is_the_one_before(run) -> None:
    before, _, after, stood = run
    known = moved(run, after)
    assert lost(known) == set()
    assert as_applied(known) == as_found(known) == list(before)
    moves = list(moves_back(as_found(known), known.restore))
    assert carried_out(after, moves) == list(before)
    assert len(moves) == len(stood)


@given(runs(), st.data())
def test_whatever_happened_since_only_what_is_restored_moves(run, data) -> None:
    _, wanted, after, stood = run
    present = [id_ for id_ in after if data.draw(st.integers(0, 5))]
    by_hand = [id_ for id_ in present if id_ in wanted and data.draw(st.integers(0, 3)) == 0]
    for id_ in by_hand:
        present.remove(id_)
        present.insert(data.draw(st.integers(0, len(present))), id_)
    chosen = {id_ for id_ in stood if id_ not in by_hand and data.draw(st.booleans())}
    known = moved(run, present, by_hand=by_hand, restore=chosen)
    found = as_found(known)
    assert sorted(found) == sorted(as_applied(known)) == sorted(present)
    fixed = [id_ for id_ in present if id_ not in known.restore]
    assert [id_ for id_ in found if id_ not in known.restore] == fixed
    moves = list(moves_back(found, known.restore))
    assert {move.id for move in moves} <= set(known.restore)
    assert carried_out(present, moves) == found


def test_what_stood_behind_an_issue_moved_by_hand_goes_back_to_where_that_one_stood() -> None:
    # Before: a b c d. The run put c first; then somebody put b first.
    known = Moved(present="bcad", applied="cabd", by_hand={"b"}, stood={"c": "b"}, restore={"c"})
    assert as_applied(known) == list("abcd")
    assert as_found(known) == list("bacd")


def test_a_place_behind_an_issue_that_is_gone_is_told_as_lost() -> None:
    known = Moved(present="ca", applied="ca", by_hand=(), stood={"c": "b"}, restore={"c"})
    assert lost(known) == {"c"}
    through = Moved(present="ca", applied="ca", by_hand=(), stood={"c": "b", "b": "a"}, restore={"c"})
    assert lost(through) == set()
    assert as_found(through) == list("ac")
