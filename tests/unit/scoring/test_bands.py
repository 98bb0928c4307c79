"""Bands end where the file says, and those who were in one before leave it only when they are clearly past its edge."""

from __future__ import annotations

import pytest

from trackersync.scoring.bands import assign_bands
from trackersync.scoring.columns import Kind
from trackersync.scoring.evaluate import series
from trackersync.scoring.rules import Band

SHARES = (Band(name="P0", share=0.05), Band(name="P1", share=0.2), Band(name="P2", share=0.5), Band(name="P3"))
SCORES = (Band(name="high", min_score=70), Band(name="middle", min_score=30.5), Band(name="low"))


def assign(bands, count=None, *, scores=None, before=None, sizes=None, hysteresis=0.0):
    scores = scores or [float(count - place) for place in range(count)]
    nothing = [None] * len(scores)
    return assign_bands(
        bands,
        hysteresis,
        series(Kind.NUMBER, scores),
        series(Kind.TEXT, before or nothing),
        series(Kind.NUMBER, sizes or nothing),
    ).to_list()


@pytest.mark.parametrize(
    ("count", "sizes"), [(100, [5, 20, 50, 25]), (20, [1, 4, 10, 5]), (19, [0, 4, 10, 5]), (1, [0, 0, 0, 1])]
)
def test_shares_add_up_before_they_round_down(count, sizes):
    bands = assign(SHARES, count)
    assert [bands.count(band.name) for band in SHARES] == sizes
    assert bands == sorted(bands)


def test_shares_are_what_people_wrote_and_not_the_nearest_binary_number():
    tenths = tuple(Band(name=f"B{number}", share=0.1) for number in range(10))
    assert [assign(tenths, 10).count(band.name) for band in tenths] == [1] * 10


def test_counts_fill_up_from_the_top_and_the_rest_has_no_band():
    assert assign((Band(name="A", count=2), Band(name="B", count=1)), 5) == ["A", "A", "B", "", ""]


def test_scores_decide_where_a_minimum_is_set():
    assert assign(SCORES, scores=[99.0, 70.0, 69.9, 30.5, 30.4]) == ["high", "high", "middle", "middle", "low"]


def test_a_list_without_bands_or_issues_has_none():
    assert assign((), 2) == ["", ""]
    assert assign(SHARES, 0, scores=[]) == []


@pytest.mark.parametrize(
    ("place", "before", "band"),
    [
        (5, None, "P0"), (6, None, "P1"), (6, "P0", "P0"), (7, "P0", "P0"), (8, "P0", "P1"), (60, "P0", "P2"),
        (5, "P1", "P1"), (4, "P1", "P1"), (3, "P1", "P0"), (27, "P1", "P1"), (28, "P1", "P2"),
        (74, "P3", "P3"), (73, "P3", "P2"), (1, "P9", "P0"),
    ],
)  # fmt: skip
def test_an_issue_stays_in_its_band_of_before_until_it_is_clearly_past_the_edge(place, before, band):
    old = [before if position == place else None for position in range(1, 101)]
    assert assign(SHARES, 100, before=old, hysteresis=2)[place - 1] == band


@pytest.mark.parametrize(
    ("score", "before", "band"),
    [(69.0, "high", "high"), (68.0, "high", "high"), (67.9, "high", "middle"), (71.9, "middle", "middle"),
     (72.0, "middle", "high"), (28.5, "middle", "middle"), (32.4, "low", "low"), (32.5, "low", "middle")],
)  # fmt: skip
def test_patience_is_in_points_where_scores_decide(score, before, band):
    assert assign(SCORES, scores=[score], before=[before], hysteresis=2) == [band]


def test_hysteresis_in_percent_is_whole_positions():
    old = ["P0", None, *["P0"] * 3, *[None] * 45]
    assert assign(SHARES, 50, before=old, hysteresis=3.9)[:5] == ["P0", "P0", "P0", "P1", "P1"]


@pytest.mark.parametrize(
    ("size", "let_in"), [(1, ["P0"]), (2, ["P0", "P1"]), (3, ["P0", "P0", "P1"]), (4, ["P0", "P0", "P1", "P1"])]
)
def test_no_hysteresis_keeps_the_first_of_all_out_of_the_first_band(size, let_in):
    bands = (Band(name="P0", count=size), Band(name="P1"))
    assert assign(bands, 100, before=["P1"] * 100, hysteresis=10)[:size] == let_in


def test_a_capacity_takes_what_still_fits_in_order():
    bands = (Band(name="now", capacity=5), Band(name="next", capacity=5), Band(name="later"))
    sizes = [3.0, 8.0, 3.0, 2.0, None, 0.0, 2.0]
    assert assign(bands, 7, sizes=sizes) == ["now", "later", "next", "now", "later", "now", "next"]


def test_capacity_is_not_used_up_by_rounding():
    assert assign((Band(name="now", capacity=0.3),), 3, sizes=[0.1, 0.1, 0.1]) == ["now"] * 3
