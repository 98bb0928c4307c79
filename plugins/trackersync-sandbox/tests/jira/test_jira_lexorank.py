import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync_sandbox.jira.lexorank import NoRoomError, is_rank, rebalanced, spread

digits = st.text("0123456789abcdefghijklmnopqrstuvwxyz", max_size=12)
ranks = st.builds(
    lambda whole, rest: f"0|{whole}:{rest.rstrip('0')}",
    st.text("0123456789abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=6),
    digits,
)
counts = st.integers(1, 60)


def in_order(found):
    return found == sorted(set(found)) and all(map(is_rank, found))


@given(ranks, ranks, counts)
def test_ranks_between_two_sort_between_them(one, other, count):
    lower, upper = sorted((one, other))
    if lower != upper:
        assert in_order([lower, *spread(lower, upper, count), upper])


@given(ranks, counts)
def test_ranks_at_the_end_sort_after_the_last(last, count):
    assert in_order([last, *spread(last, None, count)])


@given(ranks.filter(lambda rank: rank != "0|000000:"), counts)
def test_ranks_at_the_top_sort_before_the_first(first, count):
    assert in_order([*spread(None, first, count), first])


def test_the_first_ranks_stand_eight_apart_as_in_jira():
    assert spread(None, None, 3) == ["0|i00007:", "0|i0000f:", "0|i0000n:"]


def test_a_rank_fits_between_neighbours_by_a_further_digit():
    assert spread("0|i00007:", "0|i00008:", 1) == ["0|i00007:i"]


def test_ranks_of_two_buckets_are_not_mixed():
    (between,) = spread("0|zzzzzz:", "1|i00007:", 1)
    assert "0|zzzzzz:" < between < "1|i00007:"


@pytest.mark.parametrize(("lower", "upper"), [("0|i00007:", "0|i00007:0"), (None, "0|000000:")])
def test_where_nothing_sorts_between_two_that_is_told(lower, upper):
    with pytest.raises(NoRoomError):
        spread(lower, upper, 1)


def test_dealing_out_anew_moves_to_the_next_bucket():
    found = rebalanced(1000, "2")
    assert in_order(found)
    assert found[0].startswith("0|")
    assert max(map(len, found)) == 9


def test_only_ranks_are_taken_for_ranks():
    assert is_rank("0|z0ovyw:")
    assert not any(map(is_rank, ["9223372036854775807", "0|Z00000:", "3|i00007:", "0|i00007", None, 7]))
