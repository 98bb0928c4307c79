"""Listing ids: every one that a pull finds, each once, in next to no requests, and never a list that just ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from trackersync.connector import Source
from trackersync.errors import TrackerError
from trackersync.testing.conformance.check import Checks, pulled, seeds
from trackersync.testing.double import TrackerDouble

PAGES = 5
MOST_REQUESTS = 2
"""Requests that ids may take of which whole issues fill `PAGES` pages: more, and reading the issues is no dearer."""


class ListingChecks(Checks):
    """What `census` promises where a connector has one."""

    def test_census_lists_what_a_pull_finds(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(tracker.page_size * 2 + 1))
        found = sorted(issue.ref.id for issue in pulled(connector))
        assert sorted(_listed(connector)) == found
        tracker.seed(seeds(1))
        assert len(_listed(connector)) == 1, "a census lists what is there now"

    def test_census_of_nothing_lists_nothing(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed([])
        assert _listed(connector) == []

    def test_census_is_lazy(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(2))
        pages = _census(connector)
        assert list(tracker.requests) == []
        assert len(next(pages)) == 2

    def test_census_stays_in_request_budget(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(tracker.page_size * PAGES))
        pulled(connector)  # so that what is looked up once is known
        before = len(tracker.requests)
        _listed(connector)
        asked = list(tracker.requests)[before:]
        assert 0 < len(asked) <= MOST_REQUESTS
        assert not any(request.write for request in asked)

    def test_a_census_that_breaks_is_no_end(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(3))
        pulled(connector)
        cursor, pages = connector.cursor, _census(connector)
        tracker.fail(502)
        with pytest.raises(TrackerError):
            list(pages)
        assert connector.cursor == cursor


def _census(connector: Source) -> Iterator[Sequence[str]]:
    pages = connector.census()
    if pages is None:
        pytest.skip("here a list of ids costs what the issues cost")
    return pages


def _listed(connector: Source) -> list[str]:
    return [id_ for page in _census(connector) for id_ in page]
