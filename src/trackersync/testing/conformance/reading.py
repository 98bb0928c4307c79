"""Reading: every issue once, lazily, in few requests, whatever people wrote into it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from msgspec.structs import fields

from trackersync.connector import FieldNames, Source
from trackersync.errors import RejectedError
from trackersync.model import Issue
from trackersync.testing.conformance.check import Checks, by_number, pulled, seeds
from trackersync.testing.conformance.names import Names
from trackersync.testing.double import SeedIssue, TrackerDouble
from trackersync.transport.ahead import AT_ONCE

SIZES = ("none", "one", "page-1", "page", "page+1", "2.5 pages")
MOST_AT_START = 10
"""Requests a pull may spend on looking up fields, boards and the like."""
MOST_PER_PAGE = 2
"""Requests a pull may spend on a page: the issues, and what the project or board adds to them."""
AWKWARD = (
    SeedIssue(number=1, title="Issue 1 \N{PARTY POPPER} \N{WOMAN}\N{ZERO WIDTH JOINER}\N{ROCKET}", body=None),
    SeedIssue(
        number=2,
        title="Issue 2 \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
        body="\u05e9\u05dc\u05d5\u05dd",
    ),
    SeedIssue(number=3, title='Issue 3 <b>&amp; "quoted" \\ back|slash', body="one\r\ntwo\r\n\r\n- three"),
    SeedIssue(number=4, title="Issue 4 " + "long" * 50, body="x" * 32_000),
    SeedIssue(number=5, title="Issue 5", labels=("a,b", "kind/bug", "good first issue", "caf\u00e9", "C++")),
)


class ReadingChecks(Checks):
    """What `pull` and `fetch` promise."""

    @pytest.mark.parametrize("size", SIZES)
    def test_every_issue_once_across_pages(self, tracker: TrackerDouble, connector: Source, size: str) -> None:
        page = tracker.page_size
        count = dict(zip(SIZES, (0, 1, page - 1, page, page + 1, page * 5 // 2), strict=True))[size]
        tracker.seed(seeds(count))
        issues = pulled(connector)
        assert sorted(issue.title for issue in issues) == sorted(seed.title for seed in seeds(count))
        assert len({issue.ref.id for issue in issues}) == count
        assert len({issue.ref.key for issue in issues}) == count

    def test_pull_is_lazy(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(tracker.page_size * (AT_ONCE + 2)))  # so many may be on their way at once
        pages = connector.pull()
        assert list(tracker.requests) == []
        first = next(pages)
        early = len(tracker.requests)
        assert 0 < len(first) <= tracker.page_size
        rest = list(pages)
        assert rest
        assert early < len(tracker.requests), "all was read before the first page was handed over"

    def test_pull_is_repeatable(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(3))
        before = pulled(connector)
        assert pulled(connector) == before
        tracker.edit(2, title="Issue 2 edited")
        after = by_number(pulled(connector))
        assert after[2].title == "Issue 2 edited"
        assert after[2].updated_at > by_number(before)[2].updated_at
        assert after[2].ref == by_number(before)[2].ref

    def test_pull_stays_in_request_budget(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(tracker.page_size))
        pulled(connector)
        one_page = len(tracker.requests)
        assert one_page <= MOST_AT_START + MOST_PER_PAGE
        tracker.seed(seeds(tracker.page_size * 4))
        pulled(connector)
        assert len(tracker.requests) - one_page <= one_page + MOST_PER_PAGE * 3

    def test_pull_sends_no_write(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(3))
        ids = [issue.ref.id for issue in pulled(connector)]
        connector.fetch(ids)
        assert [request for request in tracker.requests if request.write] == []

    def test_maps_awkward_values(self, tracker: TrackerDouble, connector: Source) -> None:
        accepted = re.compile(connector.capabilities.label_pattern)
        awkward = [
            SeedIssue(
                number=seed.number,
                title=seed.title,
                body=seed.body,
                labels=tuple(label for label in seed.labels if accepted.fullmatch(label)),
            )
            for seed in AWKWARD
        ]
        tracker.seed(awkward)
        issues = by_number(pulled(connector))
        for seed in awkward:
            issue = issues[seed.number]
            assert issue.title == seed.title
            assert issue.body.split() == (seed.body or "").split()
            assert sorted(issue.labels) == sorted(seed.labels)

    def test_every_issue_says_where_it_is_and_when(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(2))
        for issue in pulled(connector):
            assert (issue.ref.tracker, issue.ref.connector) == (connector.tracker, connector.kind)
            assert issue.ref.id
            assert issue.ref.key
            assert urlsplit(issue.url).scheme in ("http", "https")
            assert urlsplit(issue.url).netloc
            assert [name for name, moment in _moments(issue).items() if moment.utcoffset() != timedelta(0)] == []
            assert issue.created_at <= issue.updated_at

    def test_fetch_returns_present_and_omits_absent(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(3))
        issues = by_number(pulled(connector))
        wanted = [issues[3].ref.id, tracker.absent_id, issues[1].ref.id]
        found = connector.fetch(wanted)
        assert set(found) == {issues[1].ref.id, issues[3].ref.id}
        assert {id_: issue.title for id_, issue in found.items()} == {
            issues[1].ref.id: "Issue 1",
            issues[3].ref.id: "Issue 3",
        }

    def test_fetch_agrees_with_pull(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(3, labels=("kind/bug",)))
        issues = pulled(connector)
        found = connector.fetch([issue.ref.id for issue in issues])
        assert {id_: _writable(issue) for id_, issue in found.items()} == {
            issue.ref.id: _writable(issue) for issue in issues
        }

    def test_fetch_stays_in_request_budget(self, tracker: TrackerDouble, connector: Source) -> None:
        tracker.seed(seeds(tracker.page_size * 2))
        ids = [issue.ref.id for issue in pulled(connector)]
        connector.fetch(ids[:1])  # so that what is looked up once is known
        before = len(tracker.requests)
        assert set(connector.fetch(ids)) == set(ids)
        assert len(tracker.requests) - before <= MOST_PER_PAGE * 2
        before = len(tracker.requests)
        assert dict(connector.fetch([])) == {}
        assert len(tracker.requests) == before

    def test_unknown_wanted_field_is_named_with_the_nearest(
        self, tracker: TrackerDouble, connector: Source, names: Names
    ) -> None:
        wanted = _misspelt(connector, names)
        if wanted is None:
            pytest.skip("the connector reads no fields")
        tracker.seed(seeds(1))
        other = type(connector)(
            connector.tracker, connector.settings, transport=connector.transport, env=connector.env, wanted=wanted
        )
        with pytest.raises(RejectedError) as caught:
            pulled(other)
        told = f"{caught.value.message} {caught.value.hint}"
        for misspelt in wanted.fields | wanted.project_fields:
            assert misspelt in told
            assert misspelt[:-1] in told.replace(misspelt, ""), "the nearest existing name helps"


def _moments(issue: Issue) -> dict[str, datetime]:
    values = {field.name: getattr(issue, field.name) for field in fields(issue)}
    return {name: value for name, value in values.items() if isinstance(value, datetime)}


def _writable(issue: Issue) -> tuple[object, ...]:
    """What a plan is checked against before it is written."""
    return issue.ref, issue.updated_at, issue.labels, issue.priority, dict(issue.fields), dict(issue.project_fields)


def _misspelt(connector: Source, names: Names) -> FieldNames | None:
    if connector.capabilities.fields:
        return FieldNames(fields=frozenset({f"{names.field}x"}))
    if connector.capabilities.project_fields:
        return FieldNames(project_fields=frozenset({f"{names.project_field}x"}))
    return None
