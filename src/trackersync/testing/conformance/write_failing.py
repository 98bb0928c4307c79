"""Trouble while writing: one refusal does not stop the rest, and what may have been carried out is not sent again."""

from __future__ import annotations

import pytest

from trackersync.change import Change, Status
from trackersync.connector import Target
from trackersync.errors import AuthError, RateLimitError
from trackersync.testing.conformance.check import Checks, seeds
from trackersync.testing.conformance.failing import HOURS
from trackersync.testing.conformance.names import Names
from trackersync.testing.conformance.written import (
    any_target,
    apply,
    change_to,
    current_of,
    fetched,
    held,
    issues_of,
    value_of,
)
from trackersync.testing.double import TrackerDouble


class WriteFailureChecks(Checks):
    """What `apply` promises when the tracker refuses or fails."""

    def test_one_rejection_does_not_stop_the_rest(
        self, tracker: TrackerDouble, connector: Target, names: Names
    ) -> None:
        changes = _changes(tracker, connector, names, count=3)
        tracker.refuse(2)
        outcomes = apply(connector, changes)
        assert [outcome.status for outcome in outcomes] == [Status.APPLIED, Status.REJECTED, Status.APPLIED]
        assert outcomes[1].detail, "the tracker's own words say why"
        assert outcomes[1].detail.isprintable()
        for change, outcome in zip(changes, outcomes, strict=True):
            now = held(connector.fetch([change.ref.id])[change.ref.id], change.target)
            assert now == (change.after if outcome.status is Status.APPLIED else change.before)

    def test_issue_gone_meanwhile_does_not_stop_the_rest(
        self, tracker: TrackerDouble, connector: Target, names: Names
    ) -> None:
        changes = _changes(tracker, connector, names, count=2)
        current = {id_: issue for id_, issue in current_of(connector, changes).items() if id_ != changes[0].ref.id}
        outcomes = list(connector.apply(changes, current, notify=False))
        assert [outcome.status for outcome in outcomes] == [Status.CONFLICT, Status.APPLIED]

    def test_broken_write_is_unknown_and_not_sent_again(
        self, tracker: TrackerDouble, connector: Target, names: Names
    ) -> None:
        change = _changes(tracker, connector, names, count=1)[0]
        apply(connector, [change])  # so that labels exist and nothing but this one write remains to be sent
        again = change_to(fetched(connector, issues_of(connector)[1]), change.target, change.before)
        current = current_of(connector, [again])
        tracker.fail(502, writes_only=True)
        before = len(tracker.requests)
        outcomes = list(connector.apply([again], current, notify=False))
        assert [outcome.status for outcome in outcomes] == [Status.UNKNOWN]
        assert len([request for request in tracker.requests[before:] if request.write]) == 1

    def test_lost_permission_stops_the_writing(self, tracker: TrackerDouble, connector: Target, names: Names) -> None:
        changes = _changes(tracker, connector, names, count=2)
        current = current_of(connector, changes)
        tracker.fail(401, body=b'{"message": "Bad credentials"}', writes_only=True)
        with pytest.raises(AuthError):
            list(connector.apply(changes, current, notify=False))

    def test_long_limit_stops_the_writing(self, tracker: TrackerDouble, connector: Target, names: Names) -> None:
        changes = _changes(tracker, connector, names, count=2)
        current = current_of(connector, changes)
        tracker.fail(429, {"Retry-After": str(HOURS)}, b'{"message": "Slow down"}', writes_only=True)
        with pytest.raises(RateLimitError) as caught:
            list(connector.apply(changes, current, notify=False))
        assert caught.value.retry_after is not None


def _changes(tracker: TrackerDouble, connector: Target, names: Names, *, count: int) -> list[Change]:
    target = any_target(connector, names)
    tracker.seed(seeds(count))
    issues = issues_of(connector)
    return [change_to(issues[number], target, value_of(target, names, 0)) for number in sorted(issues)]
