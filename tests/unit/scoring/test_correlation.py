"""Rank correlation as it is defined, counted fast."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync.scoring.correlation import inversions, kendall, spearman

permutations = st.integers(0, 60).flatmap(lambda count: st.permutations(range(count)))


@given(permutations)
def test_pairs_are_counted_as_if_one_by_one(places) -> None:
    assert inversions(places) == sum(first > second for first, second in combinations(places, 2))


@given(permutations)
def test_tau_is_the_share_of_pairs_that_agree_less_the_share_that_does_not(places) -> None:
    pairs = list(combinations(places, 2))
    agree = sum(first < second for first, second in pairs)
    assert kendall(places) == (pytest.approx((2 * agree - len(pairs)) / len(pairs)) if pairs else None)


def test_rho_of_a_case_worked_by_hand() -> None:
    # The distances are 1, 1, 2, 1, 1: their squares add up to 8, and 1 - 6 * 8 / (5 * 24) = 0.6.
    assert spearman([1, 0, 4, 2, 3]) == pytest.approx(0.6)


@given(permutations)
def test_both_are_the_same_from_either_side(places) -> None:
    inverse = sorted(range(len(places)), key=lambda index: places[index])
    assert kendall(places) == kendall(inverse)
    assert spearman(places) == spearman(inverse)


@pytest.mark.parametrize("correlation", [kendall, spearman])
def test_the_same_order_is_1_the_opposite_is_minus_1_and_one_thing_has_none(correlation) -> None:
    assert correlation(range(100)) == 1
    assert correlation(range(99, -1, -1)) == -1
    assert correlation([1, 0]) == -1
    assert correlation([0]) is None
    assert correlation([]) is None
