"""Looking for what is missing: it changes nothing, costs little, and what goes wrong meanwhile is a finding too."""

from __future__ import annotations

import pytest

from trackersync.connector import Source
from trackersync.diagnosis import Finding, Written
from trackersync.testing.conformance.check import Checks, seeds
from trackersync.testing.conformance.names import Names
from trackersync.testing.conformance.reading import MOST_AT_START, MOST_PER_PAGE
from trackersync.testing.conformance.written import PREFIX
from trackersync.testing.double import TrackerDouble


class DiagnosisChecks(Checks):
    """What `diagnose` promises; a connector need not look for anything."""

    def test_diagnose_sends_no_write(self, tracker: TrackerDouble, connector: Source, names: Names) -> None:
        tracker.seed(seeds(3))
        _found(connector, names)
        assert [request for request in tracker.requests if request.write] == []

    def test_diagnose_finds_no_error_where_all_is_well(
        self, tracker: TrackerDouble, connector: Source, names: Names
    ) -> None:
        tracker.seed(seeds(3))
        assert [found for found in _found(connector, names) if found.severity == "error"] == []

    def test_diagnose_stays_in_request_budget(self, tracker: TrackerDouble, connector: Source, names: Names) -> None:
        tracker.seed(seeds(1))
        _found(connector, names)
        for_one = len(tracker.requests)
        assert for_one <= MOST_AT_START
        tracker.seed(seeds(tracker.page_size * 3))
        _found(connector, names)
        assert len(tracker.requests) - for_one <= for_one + MOST_PER_PAGE * 2

    @pytest.mark.parametrize("status", [401, 403, 502])
    def test_diagnose_tells_trouble_with_the_way_out(
        self, tracker: TrackerDouble, connector: Source, names: Names, status: int
    ) -> None:
        if type(connector).diagnose is Source.diagnose:
            pytest.skip("the connector looks for nothing")
        tracker.seed(seeds(1))
        tracker.fail(status, body=b'{"message": "you sent %b"}' % tracker.secret.encode())
        errors = [found for found in _found(connector, names) if found.severity == "error"]
        assert errors, "what cannot be looked at is told"
        assert [found for found in errors if not found.do] == [], "the reader wants to know what to do next"
        assert not any(tracker.secret in f"{found.what} {found.do}" for found in errors)


def _found(connector: Source, names: Names) -> list[Finding]:
    """What is found where everything is written that the connector can write."""
    able = connector.capabilities
    written = Written(
        labels=(f"{PREFIX}P1", f"{PREFIX}P2") if able.labels else (),
        fields={names.field: ()} if able.fields else {},
        project_fields={names.project_field: ()} if able.project_fields else {},
        priorities=names.priorities if able.priority else (),
        order=able.order is not None,
    )
    return list(connector.diagnose(written))
