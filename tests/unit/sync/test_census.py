"""When everything is looked at, and how what was touched is merged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trackersync.model import Delta, SnapshotInfo
from trackersync.sync.census import Touched, is_due

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "hours", "due"),
    [(24, 21, False), (24, 21.6, True), (24, 30, True), (0, 0, True), (None, 9999, False)],
)
def test_a_census_is_due_a_little_before_its_time(every, hours, due):
    known = SnapshotInfo("web", "github", NOON, 3, "one", NOON)
    now = NOON + timedelta(hours=hours)
    assert is_due(known, None if every is None else timedelta(hours=every), now) is due


def test_what_was_never_looked_at_whole_is_due():
    assert is_due(SnapshotInfo("web", "github", NOON, 3), timedelta(days=1), NOON)


@pytest.fixture
def read(issue):
    """What was touched, from deltas of numbers that are here and numbers that left."""

    def read(*deltas):
        touched = Touched()
        for here, left in deltas:
            touched.add(Delta([issue(number) for number in here], [f"id{number}" for number in left]))
        return touched

    return read


@pytest.mark.parametrize(
    ("deltas", "held"),
    [
        ([], {1, 2, 3}),
        ([([2, 4], [3, 9])], {1, 2, 4}),
        ([([4], []), ([], [4])], {1, 2, 3}),
        ([([], [1]), ([1], [])], {1, 2, 3}),
        ([([1], [1])], {1, 2, 3}),
    ],
)
def test_the_last_word_on_an_issue_counts(read, deltas, held):
    assert read(*deltas).onto({"id1", "id2", "id3"}) == {f"id{number}" for number in held}


def test_what_came_and_what_left_are_both_touched(read):
    touched = read(([1], [2]))
    assert ["id1" in touched, "id2" in touched, "id3" in touched] == [True, True, False]
