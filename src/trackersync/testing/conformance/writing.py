"""Writing: what is applied can be read, nothing else is touched, and doing it twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from trackersync.change import Change
from trackersync.connector import Target
from trackersync.model import Issue
from trackersync.testing.conformance.check import Checks, seeds
from trackersync.testing.conformance.names import Names
from trackersync.testing.conformance.reading import MOST_AT_START
from trackersync.testing.conformance.written import (
    PREFIX,
    any_target,
    apply,
    change_to,
    current_of,
    each_target,
    fetched,
    held,
    issues_of,
    target_of,
    value_of,
    write,
)
from trackersync.testing.double import TrackerDouble

UNTRACED = frozenset({"project_field", "property"})
"""What may be written without a touch of the issue itself: Jira keeps its time, and a project's item has its own."""


class WritingChecks(Checks):
    """What `apply` promises for labels, fields and the native priority."""

    @each_target
    def test_apply_then_fetch_shows_it(
        self, tracker: TrackerDouble, connector: Target, names: Names, kind: str
    ) -> None:
        target = target_of(kind, connector, names)
        tracker.seed(seeds(2))
        issues = issues_of(connector)
        for step in (0, 1):
            now = fetched(connector, issues[1])
            write(connector, [change_to(now, target, value_of(target, names, step))])
            assert held(fetched(connector, now), target) == value_of(target, names, step)
        assert fetched(connector, issues[1]).updated_at > issues[1].updated_at or kind in UNTRACED
        assert held(issues_of(connector)[1], target) == value_of(target, names, 1)
        assert fetched(connector, issues[2]).labels == issues[2].labels
        assert held(fetched(connector, issues[2]), target) == held(issues[2], target)

    @each_target
    def test_apply_twice_leaves_the_same(
        self, tracker: TrackerDouble, connector: Target, names: Names, kind: str
    ) -> None:
        target = target_of(kind, connector, names)
        tracker.seed(seeds(1))
        change = change_to(issues_of(connector)[1], target, value_of(target, names, 0))
        write(connector, [change])
        once = issues_of(connector)
        apply(connector, [change])
        assert {number: _settled(issue) for number, issue in issues_of(connector).items()} == {
            number: _settled(issue) for number, issue in once.items()
        }

    @each_target
    def test_clear_really_clears(self, tracker: TrackerDouble, connector: Target, names: Names, kind: str) -> None:
        target = target_of(kind, connector, names)
        tracker.seed(seeds(1))
        issue = issues_of(connector)[1]
        if kind == "priority":  # some trackers know no issue without one: what stood there before is put back
            cleared = held(issue, target) or value_of(target, names, 1)
        else:
            cleared = () if kind == "labels" else None
        write(connector, [change_to(issue, target, value_of(target, names, 0))])
        assert held(fetched(connector, issue), target) == value_of(target, names, 0)
        write(connector, [change_to(fetched(connector, issue), target, cleared)])
        assert held(fetched(connector, issue), target) == cleared

    def test_foreign_labels_survive(self, tracker: TrackerDouble, connector: Target, names: Names) -> None:
        target = target_of("labels", connector, names)
        foreign = ("bug", "kit", "other/P1")
        tracker.seed(seeds(1, labels=foreign))
        issue = issues_of(connector)[1]
        write(connector, [change_to(issue, target, (f"{PREFIX}P1",))])
        tracker.edit(1, labels=(*foreign, f"{PREFIX}P1", "just-added"))
        write(connector, [change_to(fetched(connector, issue), target, (f"{PREFIX}P2",))])
        expected = sorted((*foreign, f"{PREFIX}P2", "just-added"))
        assert sorted(fetched(connector, issue).labels) == expected

    @each_target
    def test_touches_only_what_it_names(
        self, tracker: TrackerDouble, connector: Target, names: Names, kind: str
    ) -> None:
        target = target_of(kind, connector, names)
        tracker.seed(seeds(1, labels=("bug",), body="as it was"))
        before = issues_of(connector)[1]
        write(connector, [change_to(before, target, value_of(target, names, 0))])
        after = issues_of(connector)[1]
        assert _without(after, kind) == _without(before, kind)

    def test_many_targets_of_many_issues_at_once(self, tracker: TrackerDouble, connector: Target, names: Names) -> None:
        able = connector.capabilities
        declared = {
            "labels": able.labels,
            "field": able.fields,
            "project_field": able.project_fields,
            "priority": able.priority,
            "property": able.properties,
        }
        targets = [target_of(kind, connector, names) for kind, can in declared.items() if can]
        tracker.seed(seeds(tracker.page_size + 1))
        issues = issues_of(connector)
        changes = [
            change_to(issue, target, value_of(target, names, number % 2))
            for number, issue in issues.items()
            for target in targets
        ]
        write(connector, changes)
        now = issues_of(connector)
        found = [held(now[number], target) for number in issues for target in targets]
        assert found == [change.after for change in changes]

    def test_outcomes_in_order_one_per_change(self, tracker: TrackerDouble, connector: Target, names: Names) -> None:
        target = any_target(connector, names)
        tracker.seed(seeds(3))
        issues = issues_of(connector)
        changes = [change_to(issues[number], target, value_of(target, names, 0)) for number in (3, 1, 2)]
        assert len(apply(connector, changes)) == 3
        assert apply(connector, []) == []

    def test_apply_stays_in_its_forecast(self, tracker: TrackerDouble, connector: Target, names: Names) -> None:
        target = any_target(connector, names)
        tracker.seed(seeds(tracker.page_size + 1))
        changes = [change_to(issue, target, value_of(target, names, 0)) for issue in issues_of(connector).values()]
        current = current_of(connector, changes)
        before = len(tracker.requests)
        list(connector.apply(changes, current, notify=False))
        assert len(tracker.requests) - before <= forecast(connector, changes) + MOST_AT_START

    def test_forecast_counts_requests(self, connector: Target) -> None:
        assert forecast(connector, []) == 0


def forecast(connector: Target, changes: Sequence[Change]) -> int:
    """The requests that writing is forecast to take."""
    return connector.forecast(changes, notify=False, ask=True).requests


def _settled(issue: Issue) -> Issue:
    return replace(issue, updated_at=issue.created_at)


def _without(issue: Issue, kind: str) -> Issue:
    """The issue without what a write of this kind may change."""
    blank = {
        "labels": {"labels": ()},
        "field": {"fields": {}},
        "project_field": {"project_fields": {}},
        "priority": {"priority": None},
        "property": {"properties": {}},
    }
    rest = replace(_settled(issue), native_ids={}, **blank[kind])  # type: ignore[arg-type]  # one attribute, of its own type
    return rest if kind == "labels" else replace(rest, labels=tuple(sorted(issue.labels)))
