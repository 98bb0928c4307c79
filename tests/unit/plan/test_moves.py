"""What became of moves, told from the order of the board alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync.change import Change, Outcome, Status, WriteTarget
from trackersync.model import IssueRef
from trackersync.plan.moves import BY_HAND, resume, settle_moves
from trackersync.plan.order import least_moves

ORDER = WriteTarget("order")


def moves_between(present: str, wanted: str) -> list[Change]:
    return [
        Change(
            ref=IssueRef("core", "memory", move.id, move.id),
            target=ORDER,
            before=("after", present[place - 1]) if (place := present.index(move.id)) else ("before", present[1]),
            after=("before", str(move.before)) if move.after is None else ("after", move.after),
            reason="",
        )
        for move in least_moves(present, wanted)
    ]


def make(order: list[str], change: Change) -> None:
    side, anchor = change.after
    order.remove(change.ref.id)
    order.insert(order.index(anchor) + (side == "after"), change.ref.id)


def settled(lost: list[Change], order: list[str], moves: list[Change]) -> dict[str, Status]:
    unknown = [Outcome(change, Status.UNKNOWN, "lost") for change in lost]
    return {outcome.change.ref.id: outcome.status for outcome in settle_moves(unknown, order, moves)}


orders = st.integers(2, 9).flatmap(lambda size: st.permutations("abcdefghi"[:size])).map("".join)


@given(orders, st.data())
def test_what_was_made_of_a_run_that_was_cut_off_is_told_exactly_and_the_rest_completes_the_order(
    present, data
) -> None:
    wanted = "".join(data.draw(st.permutations(present)))
    moves = moves_between(present, wanted)
    made = data.draw(st.integers(0, len(moves)))
    order = list(present)
    for change in moves[:made]:
        make(order, change)
    found = settled(moves, order, moves)
    for change in moves[:made]:
        assert found[change.ref.id] is Status.APPLIED
    for change in moves:
        if found[change.ref.id] is Status.REJECTED:
            make(order, change)
    assert "".join(order) == wanted
    assert set(found.values()) <= {Status.APPLIED, Status.REJECTED}


@given(orders, st.data())
def test_what_a_person_moved_since_stays_and_the_rest_of_the_moves_goes_around_it(present, data) -> None:
    wanted = "".join(data.draw(st.permutations(present)))
    moves = moves_between(present, wanted)
    made = data.draw(st.integers(0, len(moves)))
    order = list(present)
    for change in moves[:made]:
        make(order, change)
    earlier = {change: Outcome(change, Status.APPLIED) for change in moves[:made]}
    taken = moves[made - 1].ref.id if made else None
    if taken:
        order.remove(taken)
        order.insert(data.draw(st.integers(0, len(order))), taken)
    left = resume(moves, earlier, order, wanted)
    assert {change: outcome.status for change, outcome in left.settled.items()} == dict.fromkeys(
        moves[:made], Status.UNCHANGED
    )
    others = [id_ for id_ in order if id_ != taken]
    for change in moves[made:]:
        sent = left.as_sent(change)
        make(order, sent)
        others = [id_ for id_ in order if id_ != taken]
    assert "".join(others) == wanted.replace(taken or "-", "")


def test_an_issue_that_stands_beside_its_neighbour_because_that_one_was_not_moved_was_not_moved_either() -> None:
    moves = moves_between("abxyz", "xyzab"[::1])
    assert [change.ref.id for change in moves] == ["a", "b"]
    assert settled(moves, list("abxyz"), moves) == {"a": Status.REJECTED, "b": Status.REJECTED}


@pytest.mark.parametrize(
    ("order", "status"), [("kxl", Status.REJECTED), ("klx", Status.APPLIED), ("xkl", Status.CONFLICT)]
)
def test_an_issue_neither_here_nor_there_was_moved_by_a_person(order, status) -> None:
    moves = moves_between("kxl", "klx")
    (change,) = [Change(ref=IssueRef("core", "memory", "x", "x"), target=ORDER, before=("after", "k"),
                        after=("after", "l"), reason="")]  # fmt: skip
    assert moves
    (outcome,) = settle_moves([Outcome(change, Status.UNKNOWN, "lost")], list(order), [change])
    assert outcome.status is status
    assert (outcome.detail == BY_HAND) is (status is Status.CONFLICT)


def test_an_issue_that_left_the_board_is_a_conflict() -> None:
    moves = moves_between("kxl", "klx")
    (outcome,) = settle_moves([Outcome(moves[0], Status.UNKNOWN, "lost")], ["k"], moves)
    assert outcome.status is Status.CONFLICT
