from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trackersync.plan.order import in_order, least_moves

ids = st.lists(st.integers(0, 40).map(str), unique=True, max_size=30)


def carried_out(present: list[str], moves: object) -> list[str]:
    order = list(present)
    for move in moves:  # type: ignore[attr-defined]
        order.remove(move.id)
        place = order.index(move.after) + 1 if move.after is not None else order.index(move.before)
        order.insert(place, move.id)
    return order


@given(st.data(), ids)
def test_the_moves_bring_any_order_into_the_wanted_one(data: st.DataObject, present: list[str]) -> None:
    wanted = data.draw(st.permutations(present))
    assert carried_out(present, least_moves(present, wanted)) == wanted


@given(ids)
def test_what_is_in_order_is_not_moved(present: list[str]) -> None:
    assert least_moves(present, present) == ()


def brute_force_longest(numbers: list[int]) -> int:
    best: list[int] = []
    for place, number in enumerate(numbers):
        best.append(1 + max((b for b, other in zip(best, numbers[:place], strict=True) if other < number), default=0))
    return max(best, default=0)


@given(st.data(), ids)
def test_no_shorter_list_of_moves_exists(data: st.DataObject, present: list[str]) -> None:
    wanted = data.draw(st.permutations(present))
    longest = brute_force_longest([wanted.index(id_) for id_ in present])
    assert len(least_moves(present, wanted)) == len(present) - longest
    assert len(in_order(present, wanted)) == longest


def test_foreign_issues_keep_their_places_among_each_other() -> None:
    board = ["x", "a", "y", "b", "z", "c"]
    ours = [id_ for id_ in board if id_ in "abc"]
    after = carried_out(board, least_moves(ours, ["c", "a", "b"]))
    assert [id_ for id_ in after if id_ in "abc"] == ["c", "a", "b"]
    assert [id_ for id_ in after if id_ in "xyz"] == ["x", "y", "z"]
