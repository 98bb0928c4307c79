"""Where an issue stood, as bars and in words."""

from datetime import UTC, datetime

import pytest

from trackersync.model import IssueRef
from trackersync.report.history import issue_history_document, sparkline, what_moved
from trackersync.store import Movement

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def moved(score, *points, rank=1, band="P0"):
    return Movement(run="r", at=NOON, score=score, rank=rank, band=band, points=points)


@pytest.mark.parametrize(
    ("values", "bars"),
    [
        ([], ""),
        ([1], "▄"),
        ([5, 5], "▄▄"),
        ([0, 50, 100], "▁▅█"),
        ([3, None, 1], "█ ▁"),
        ([None], " "),
        ([-1e308, 1e307], "▁█"),
    ],
)
def test_a_bar_is_as_high_as_its_value_among_the_others(values, bars):
    assert sparkline(values) == bars


RICE, DEADLINE, BIG = ("rice", 40.0), ("deadline", 8.0), ("big", 100.0)


def test_what_moved_an_issue_is_what_its_score_was_not_made_of_before():
    newest_first = [
        moved(None, rank=None, band=None),
        moved(141.5, ("rice", 41.5), BIG),
        moved(148, RICE, DEADLINE, BIG, rank=2),
        moved(140, rank=3),
        moved(140, RICE, BIG),
    ]
    assert what_moved(newest_first) == [
        "not in the list any more: done, gone, left out or without an input",
        "deadline +8 → 0; rice +40 → +41.5",
        "deadline 0 → +8",
        "others moved",
        "new in the list; rice +40; big +100",
    ]


def test_where_the_score_stays_what_moved_it_is_its_band_or_others():
    newest_first = [moved(40, band="P1"), moved(40, band=""), moved(40, rank=4), moved(40, RICE)]
    assert what_moved(newest_first)[:3] == ["its band: none → P1", "its band: P0 → none", "others moved"]


def test_a_score_that_is_another_though_it_is_made_of_the_same_moved_with_those_of_others():
    assert what_moved([moved(38, RICE), moved(40, RICE)])[0] == "the scores of others"
    assert what_moved([moved(38, RICE), moved(40)])[0] == "its score"


def test_numbers_of_any_size_are_told():
    assert what_moved([moved(1, ("worth", 1e300), ("tiny", 1e-9)), moved(2, RICE)])[0].startswith("worth 0 → +1000000")


def test_the_newest_are_told_against_what_was_before_them():
    moves = [moved(48, RICE, DEADLINE), moved(40, RICE)]
    document = issue_history_document(IssueRef("core", "jira", "1", "CORE-1"), [], moves, [], 1)
    assert [(each["moved_by"], each["why"]) for each in document["standings"]] == [
        ("deadline 0 → +8", ["rice +40", "deadline +8"])
    ]
