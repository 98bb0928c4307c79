"""What moves do to a board on which others have issues too, made as each kind of tracker makes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from trackersync.change import Change, WriteTarget
from trackersync.model import IssueRef
from trackersync.plan.order import Move, in_order, least_moves
from trackersync_jira.ranking import LONGEST_RUN, runs

Board = list[str]


class Case(Struct):
    """A board, and what of it is ours: in the order in which it shall stand, or left where somebody put it."""

    board: Board
    wanted: list[str]
    by_hand: frozenset[str]

    @property
    def ours(self) -> list[str]:
        return [id_ for id_ in self.board if id_ in self.by_hand or id_ in self.wanted]

    @property
    def moves(self) -> tuple[Move, ...]:
        return least_moves(self.ours, self.wanted, self.by_hand)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    board = draw(st.lists(st.integers(0, 99).map(str), unique=True, max_size=14))
    whose = [draw(st.sampled_from(["ours", "ours", "ours", "by hand", "foreign"])) for _ in board]
    ours = [id_ for id_, who in zip(board, whose, strict=True) if who == "ours"]
    by_hand = frozenset(id_ for id_, who in zip(board, whose, strict=True) if who == "by hand")
    return Case(board, draw(st.permutations(ours)), by_hand)


def change(move: Move) -> Change:
    after = ("before", str(move.before)) if move.after is None else ("after", move.after)
    ref = IssueRef("core", "jira", move.id, move.id)
    return Change(ref=ref, target=WriteTarget("order"), before=None, after=after, reason="")


def as_jira(board: Board, moves: Sequence[Move]) -> Board:
    """Runs of up to fifty, each set down in its order directly beside one anchor."""
    board = board[:]
    for run in runs(map(change, moves)):
        side, anchor = run[0].after  # type: ignore[misc]
        ids = [each.ref.id for each in run]
        rest = [id_ for id_ in board if id_ not in ids]
        place = rest.index(anchor) + (side == "after")
        board = [*rest[:place], *ids, *rest[place:]]
    return board


def as_github(board: Board, moves: Sequence[Move]) -> Board:
    """One item at a time directly after another; the only other place that has a name is the top of the project."""
    board = board[:]
    for move in moves:
        board.remove(move.id)
        board.insert(0 if move.after is None else board.index(move.after) + 1, move.id)
    return board


Way = Callable[[Board, Sequence[Move]], Board]
either_way = pytest.mark.parametrize("made", [as_jira, as_github])


@either_way
@given(cases())
def test_the_wanted_order_is_reached_and_nobody_elses_issue_changes_places(made: Way, case: Case) -> None:
    after = made(case.board, case.moves)
    moved = {move.id for move in case.moves}
    assert [id_ for id_ in after if id_ in case.wanted] == case.wanted
    assert [id_ for id_ in after if id_ not in moved] == [id_ for id_ in case.board if id_ not in moved]
    assert not moved - {*case.wanted}


@given(cases())
def test_no_more_is_moved_than_stands_outside_the_longest_run_in_order(case: Case) -> None:
    free = [id_ for id_ in case.board if id_ in case.wanted]
    assert len(case.moves) == len(free) - len(in_order(free, case.wanted))
    assert case.moves == least_moves(case.ours, case.wanted, case.by_hand)


def above(order: Sequence[str], id_: str) -> str | None:
    """What an issue stands directly behind."""
    place = order.index(id_)
    return order[place - 1] if place else None


@either_way
@given(cases())
def test_an_issue_moved_by_hand_stays_behind_the_one_it_was_put_behind(made: Way, case: Case) -> None:
    before = case.ours
    after = [id_ for id_ in made(case.board, case.moves) if id_ in before]
    moved = {move.id for move in case.moves}
    last = {id_ for place, id_ in enumerate(before) if not {*before[place:]} - case.by_hand}
    for id_ in case.by_hand - last:
        if above(before, id_) not in moved:
            assert above(after, id_) == above(before, id_)
    # What was put at the very end, or in a row of such, is still there.
    assert {*after[len(after) - len(last) :]} == last


def test_a_board_that_is_all_out_of_order_takes_a_request_for_every_fifty() -> None:
    ids = [str(number) for number in range(1000)]
    case = Case(ids[::-1], ids, frozenset())
    assert as_jira(case.board, case.moves) == ids
    assert len(list(runs(map(change, case.moves)))) == -(-999 // LONGEST_RUN)


@given(cases(), st.randoms())
def test_of_what_was_moved_by_hand_before_only_what_fits_in_counts_as_in_order(case: Case, random) -> None:
    wanted = random.sample(case.ours, len(case.ours))
    kept = in_order(case.ours, wanted, case.by_hand)
    assert [id_ for id_ in case.ours if id_ in kept] == [id_ for id_ in wanted if id_ in kept]
    sure = [[id_ for id_ in order if id_ not in case.by_hand] for order in (case.ours, wanted)]
    assert kept - case.by_hand == in_order(*sure)
    for id_ in {*case.ours} - kept:
        more = kept | {id_}
        assert [i for i in case.ours if i in more] != [i for i in wanted if i in more]


@given(cases(), st.randoms(), st.data())
def test_once_it_is_ordered_nothing_is_left_to_move_whatever_people_and_rules_did(case: Case, random, data) -> None:
    """The order applied last is known of some of the issues, people moved any, and the rules want another."""
    known = [id_ for id_ in case.ours if data.draw(st.integers(0, 4))]
    applied, wanted = (random.sample(ids, len(ids)) for ids in (known, case.ours))
    moved_before = case.by_hand & {*known}

    def moved_by_hand(board: Board, last: list[str], before: frozenset[str]) -> frozenset[str]:
        return frozenset(last) - in_order([id_ for id_ in board if id_ in last], last, before)

    def moves(board: Board, by_hand: frozenset[str]) -> tuple[Move, ...]:
        present = [id_ for id_ in board if id_ in wanted]
        return least_moves(present, [id_ for id_ in wanted if id_ not in by_hand], by_hand)

    by_hand = moved_by_hand(case.board, applied, moved_before)
    board = as_jira(case.board, moves(case.board, by_hand))
    still = moved_by_hand(board, wanted, by_hand)
    assert still <= by_hand
    assert moves(board, still) == ()
