"""Normalised scores lie between 0 and 100, keep the order, and are rounded once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import series
from trackersync.scoring.expressions import parse
from trackersync.scoring.normalization import normalize, normalize_again, round_scores, span_of
from trackersync.scoring.rules import Scale


def normalized(scores, how, span=None):
    return normalize(series(Kind.NUMBER, scores), how, span).to_list()


def rounded(scores, digits):
    return round_scores(series(Kind.NUMBER, scores), digits).to_list()


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("none", [10.0, None, 40.0, 20.0, 20.0]),
        ("percentile", [0.0, None, 100.0, 50.0, 50.0]),
        ("minmax", [0.0, None, 100.0, pytest.approx(33.333333), pytest.approx(33.333333)]),
    ],
)
def test_each_way_does_what_it_says_and_leaves_out_what_has_no_score(how, expected):
    assert normalized([10.0, None, 40.0, 20.0, 20.0], how) == expected


def test_fixed_measures_by_the_ends_and_adjustments_may_not_leave_them():
    assert normalized([0.0, 5.0, 10.0, 15.0, -3.0], "fixed", (0.0, 10.0)) == [0.0, 50.0, 100.0, 100.0, 0.0]


@pytest.mark.parametrize("how", ["percentile", "minmax"])
def test_with_nothing_to_compare_with_a_score_is_in_the_middle(how):
    assert normalized([7.0], how) == [50.0]
    assert normalized([7.0, 7.0], how) == [50.0, 50.0]
    assert normalized([None], how) == [None]
    assert normalized([], how) == []


@given(others=st.lists(st.integers(-9, 9).map(float), max_size=6), score=st.integers(-9, 9).map(float))
@pytest.mark.parametrize("how", ["none", "percentile", "minmax"])
def test_a_single_score_beside_others_comes_to_what_it_comes_to_among_them(how, others, score):
    alone = normalize_again(series(Kind.NUMBER, [score]), how, None, series(Kind.NUMBER, others)).to_list()
    assert alone == [pytest.approx(normalized([*others, score], how)[-1])]


def test_a_fixed_span_of_nothing_is_the_middle():
    assert normalized([7.0], "fixed", (3.0, 3.0)) == [50.0]


def test_the_largest_numbers_do_not_overflow():
    assert normalized([-1.7e308, 0.0, 1.7e308], "minmax") == [0.0, 50.0, 100.0]


def test_the_span_of_a_formula_is_found_at_the_ends_of_its_scales():
    scales = {"a": Scale(1, 10), "b": Scale(1, 5), "c": Scale(0.5, 2)}
    assert span_of(parse("a * b / c", ["a", "b", "c"]), scales) == (0.5, 100.0)
    assert span_of(parse("a / (b - b)", ["a", "b"]), scales) is None


def test_rounding_goes_to_the_even_neighbour_and_never_to_minus_zero():
    assert rounded([0.5, 1.5, 2.345, -0.2, None], 0) == [0.0, 2.0, 2.0, 0.0, None]
    assert str(rounded([-0.2], 0)[0]) == "0.0"
    assert rounded([2.345, 1e308], 2) == [2.35, 1e308]
