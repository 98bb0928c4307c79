"""The tracker's own order of work: a move puts an issue exactly where the change says."""

from __future__ import annotations

from itertools import pairwise

import pytest

from trackersync.change import Change, WriteTarget
from trackersync.connector import Target
from trackersync.model import Issue
from trackersync.testing.conformance.check import Checks, seeds
from trackersync.testing.conformance.written import change_to, issues_of, write
from trackersync.testing.double import TrackerDouble


class OrderChecks(Checks):
    """What `apply` promises for the order, where the connector keeps one."""

    def test_order_is_read_as_the_tracker_has_it(self, tracker: TrackerDouble, connector: Target) -> None:
        _needs_order(connector)
        tracker.seed(seeds(4))
        assert _order(connector) == [1, 2, 3, 4]

    def test_order_round_trips(self, tracker: TrackerDouble, connector: Target) -> None:
        _needs_order(connector)
        tracker.seed(seeds(5))
        issues = issues_of(connector)
        moves = [
            _move(issues[4], "before", issues[1]),
            _move(issues[2], "after", issues[4]),
            _move(issues[5], "after", issues[2]),
        ]
        write(connector, moves)
        assert _order(connector) == [4, 2, 5, 1, 3]

    def test_moves_in_a_row_keep_their_order(self, tracker: TrackerDouble, connector: Target) -> None:
        _needs_order(connector)
        count = 60  # more than the fifty issues that Jira moves in one request
        tracker.seed(seeds(count))
        issues = issues_of(connector)
        wanted = [1, *range(count, 1, -1)]
        moves = [_move(issues[number], "after", issues[anchor]) for anchor, number in pairwise(wanted)]
        write(connector, moves)
        assert _order(connector) == wanted


def _needs_order(connector: Target) -> None:
    if connector.capabilities.order is None:
        pytest.skip("the connector keeps no order")


def _move(issue: Issue, where: str, anchor: Issue) -> Change:
    return change_to(issue, WriteTarget("order"), (where, anchor.ref.id))


def _order(connector: Target) -> list[int]:
    """The seeded numbers as the native ranks sort them, bytewise."""
    ranks = {number: issue.native_rank for number, issue in issues_of(connector).items()}
    assert None not in ranks.values(), "every seeded issue is on the board or project"
    return sorted(ranks, key=lambda number: str(ranks[number]).encode())
