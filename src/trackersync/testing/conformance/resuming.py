"""Going on from an earlier read: what was touched is read again, in few requests, and nothing falls between."""

from __future__ import annotations

import pytest

from trackersync.connector import Source
from trackersync.errors import TrackerError
from trackersync.model import Delta, Issue
from trackersync.testing.conformance.check import Checks, by_number, pulled, seeds
from trackersync.testing.double import TrackerDouble

MOST_WHEN_IDLE = 2
"""Requests of a read that finds nothing touched: the question itself, and one about the board or project."""


class ResumingChecks(Checks):
    """What `cursor` and `changes` promise where a tracker can be read so."""

    def test_changes_hold_what_was_touched(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(tracker.page_size + 1))
        cursor = _cursor_after_pull(connector)
        tracker.edit(2, title="Issue 2 edited")
        assert by_number(_touched(connector, cursor))[2].title == "Issue 2 edited"
        assert connector.cursor is not None, "the read came to its end, and cannot be gone on from"

    def test_nothing_falls_between_two_reads(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(tracker.page_size * 2))
        pages = connector.pull()
        next(pages)
        tracker.edit(1, title="Issue 1 edited while it was read")
        list(pages)
        if connector.cursor is None:
            pytest.skip("this tracker can only be read anew")
        assert by_number(_touched(connector, connector.cursor))[1].title == "Issue 1 edited while it was read"

    def test_an_idle_tracker_costs_next_to_nothing(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(3))
        cursor = _cursor_after_pull(connector)
        before = len(tracker.requests)
        list(connector.changes(cursor))
        assert 0 < len(tracker.requests) - before <= MOST_WHEN_IDLE
        assert not any(request.write for request in tracker.requests)

    def test_a_read_that_breaks_moves_no_cursor(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(3))
        cursor = _cursor_after_pull(connector)
        tracker.fail(status=401)
        with pytest.raises(TrackerError):
            list(connector.changes(cursor))
        assert connector.cursor == cursor


def _cursor_after_pull(connector: Source) -> str:
    pulled(connector)
    if connector.cursor is None:
        pytest.skip("this tracker can only be read anew")
    return connector.cursor


def _touched(connector: Source, cursor: str) -> list[Issue]:
    deltas: list[Delta] = list(connector.changes(cursor))
    return [issue for delta in deltas for issue in delta.issues]
