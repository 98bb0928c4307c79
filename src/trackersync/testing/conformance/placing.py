"""Issues are put on the configured project, and what belongs to their places there can be written at once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from trackersync.change import Change, WriteTarget
from trackersync.connector import Target
from trackersync.model import PROJECT_ITEM, Issue
from trackersync.testing.conformance.check import Checks, seeds
from trackersync.testing.conformance.names import Names
from trackersync.testing.conformance.written import apply, change_to, fetched, held, issues_of, write
from trackersync.testing.double import TrackerDouble

ITEM = WriteTarget("project_item")


class PlacingChecks(Checks):
    """What `apply` and `fetch` promise of places on a project, where the connector declares that it gives them."""

    def test_issue_put_on_the_project_is_told_to_be_on_it(self, tracker: TrackerDouble, connector: Target) -> None:
        issue = _absent(tracker, connector)
        assert PROJECT_ITEM not in fetched(connector, issue).native_ids
        write(connector, [_put(issue)])
        assert PROJECT_ITEM in fetched(connector, issue).native_ids
        assert issues_of(connector)[1].native_rank is not None

    def test_issue_put_on_the_project_twice_is_taken_off_at_once(
        self, tracker: TrackerDouble, connector: Target
    ) -> None:
        issue = _absent(tracker, connector)
        write(connector, [_put(issue)])
        apply(connector, [_put(issue)])
        write(connector, [change_to(issue, ITEM, None)])
        assert issues_of(connector)[1].native_rank is None
        assert issues_of(connector)[2].native_rank is not None

    def test_what_is_put_on_the_project_takes_values_and_a_place_at_once(
        self, tracker: TrackerDouble, connector: Target, names: Names
    ) -> None:
        issue, able = _absent(tracker, connector), connector.capabilities
        field, order = WriteTarget("project_field", names.project_field), WriteTarget("order")
        values = [change_to(issue, field, 7.0)] if able.project_fields else []
        moves = [change_to(issue, order, ("after", issues_of(connector)[2].ref.id))] if able.order else []
        write(connector, [_put(issue), *values, *moves])
        now = issues_of(connector)
        assert [held(now[1], change.target) for change in values] == [change.after for change in values]
        ranks = {number: str(one.native_rank).encode() for number, one in now.items()}
        assert not moves or sorted(ranks, key=lambda number: ranks[number]) == [2, 1, 3]


def _absent(tracker: TrackerDouble, connector: Target) -> Issue:
    """The first of three issues, which alone is not on the project."""
    if not connector.capabilities.project_items:
        pytest.skip("the connector puts nothing on a project")
    tracker.seed([replace(seed, on_project=seed.number != 1) for seed in seeds(3)])
    issue = issues_of(connector)[1]
    assert issue.native_rank is None
    return issue


def _put(issue: Issue) -> Change:
    return change_to(issue, ITEM, True)  # noqa: FBT003 - the value of this target
