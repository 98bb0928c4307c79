"""Reads issues: all of a JQL selection page by page, or some by id as they are now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from trackersync.connector import FieldNames
from trackersync.errors import UnavailableError
from trackersync.model import Issue
from trackersync_jira.client import JiraSite
from trackersync_jira.jql import in_fixed_order, with_ids
from trackersync_jira.mapping import Reading, to_issue
from trackersync_jira.paging import PAGE, Page, by_offset, by_token
from trackersync_jira.settings import JiraSettings
from trackersync_jira.shapes import Fetched, OffsetPage, RawIssue, TokenPage, fields_with


class Reader:
    """Reads one selection of issues of one site, with the wanted fields and, for a board, the rank."""

    def __init__(self, site: JiraSite, settings: JiraSettings, wanted: FieldNames) -> None:
        self._site = site
        self._settings = settings
        self._wanted = wanted

    def pull(self) -> Iterator[Sequence[Issue]]:
        """Yield all selected issues, a page at a time; finding none at all is believed only of an account logged in."""
        found = 0
        pages = self._cloud_pages() if self._site.is_cloud else self._server_pages()
        for page in pages:
            found += len(page)
            yield self._issues(page)
        if not found:
            self._site.require_login()

    def fetch(self, ids: Sequence[str]) -> dict[str, Issue]:
        """Read these issues from the database itself, a hundred a request; those that are gone are absent."""
        read = self._bulk_fetch if self._site.is_cloud else self._search_ids
        # Jira's ids are numbers: anything else names no issue, and would mean something else in JQL.
        unique = [id_ for id_ in dict.fromkeys(ids) if id_.isdecimal() and id_.isascii()]
        chunks = (unique[start : start + PAGE] for start in range(0, len(unique), PAGE))
        return {issue.ref.id: issue for chunk in chunks for issue in self._issues(read(chunk))}

    @cached_property
    def reading(self) -> Reading:
        """What to ask of every issue; raises RejectedError for a wanted field that the site does not have."""
        catalog = self._site.catalog
        rank = self._site.rank_field
        return Reading(
            tracker=self._site.tracker,
            site=self._site.people_url,
            fields=catalog.ids(self._wanted.fields),
            estimates=catalog.estimates,
            epics=() if self._site.is_cloud else catalog.epic_links,
            rank=None if rank is None else f"customfield_{rank}",
        )

    def _issues(self, page: Page) -> list[Issue]:
        return [to_issue(raw, self.reading) for raw in page]

    def _shape(self, answer: Any) -> Any:
        """`answer`, one of the shapes that hold issues, for issues with the fields asked for."""
        return answer[self._fields_asked]

    @cached_property
    def _fields_asked(self) -> Any:
        return fields_with(self.reading.custom)

    def _cloud_pages(self) -> Iterator[Page]:
        asked = {"jql": in_fixed_order(self._settings.jql), "fields": self.reading.ids, "maxResults": PAGE}
        shape = self._shape(TokenPage)

        def ask(token: str | None) -> TokenPage[Any]:
            body = asked | ({"nextPageToken": token} if token else {})
            page: TokenPage[Any] = self._site.ask("POST", self._path("search/jql"), json=body, safe=True).json(shape)
            return page

        return by_token(ask, tracker=self._site.tracker)

    def _server_pages(self) -> Iterator[Page]:
        # One more than a page, since each page begins with the last issue of the one before.
        asked = {"jql": in_fixed_order(self._settings.jql), "fields": self.reading.ids, "maxResults": PAGE + 1}
        shape = self._shape(OffsetPage)

        def ask(start: int) -> OffsetPage[Any]:
            body = asked | {"startAt": start}
            page: OffsetPage[Any] = self._site.ask("POST", self._path("search"), json=body, safe=True).json(shape)
            return page

        return by_offset(ask, tracker=self._site.tracker)

    def _bulk_fetch(self, ids: list[str]) -> list[RawIssue[Any]]:
        body = {"issueIdsOrKeys": ids, "fields": self.reading.ids}
        response = self._site.ask("POST", self._path("issue/bulkfetch"), json=body, safe=True)
        fetched: Fetched[Any] = response.json(self._shape(Fetched))
        if fetched.issue_errors:
            first = fetched.issue_errors[0]
            raise UnavailableError(
                f"Jira could not return {len(fetched.issue_errors)} issues just now, the first being {first.id}: "
                f"{first.error_message}",
                sent=False,
                tracker=self._site.tracker,
                host=self._site.host,
            )
        return fetched.issues

    def _search_ids(self, ids: list[str]) -> list[RawIssue[Any]]:
        """By GET, where `validateQuery` keeps one missing id from failing the rest."""
        shape = self._shape(OffsetPage)

        def ask(start: int) -> OffsetPage[Any]:
            params: dict[str, str | int] = {
                "jql": with_ids(ids),
                "fields": ",".join(self.reading.ids),
                "maxResults": PAGE + 1,
                "startAt": start,
                "validateQuery": "false",
            }
            page: OffsetPage[Any] = self._site.ask("GET", self._path("search"), params=params).json(shape)
            return page

        return [raw for page in by_offset(ask, tracker=self._site.tracker) for raw in page]

    def _path(self, resource: str) -> str:
        return f"{self._site.api}/{resource}"
