"""Where an issue stood, as bars and in words."""

from datetime import UTC, datetime

import pytest

from trackersync.report.history import sparkline, what_moved
from trackersync.store import Movement

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def moved(score, *why, rank=1):
    return Movement(run="r", at=NOON, score=score, rank=rank, band="P0", why=why)


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


def test_what_moved_an_issue_is_what_it_was_not_the_time_before():
    newest_first = [
        moved(None, rank=None),
        moved(48, "rice +40", "deadline +8"),
        moved(40, "rice +40"),
        moved(40, rank=3),
        moved(40, "rice +40"),
    ]
    said = what_moved(newest_first)
    assert said[0].startswith("not in the list any more")
    assert said[1:] == ["deadline +8", "others moved", "others moved", "new in the list; rice +40"]
