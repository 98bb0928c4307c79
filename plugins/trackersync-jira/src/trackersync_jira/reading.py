"""Reads issues: all of a JQL selection page by page, or some by id as they are now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cached_property, partial
from itertools import islice
from typing import Any, NamedTuple

from msgspec.structs import replace

from trackersync.connector import FieldNames
from trackersync.errors import RejectedError, UnavailableError
from trackersync.model import Delta, Fate, Issue, IssueRef, Whereabouts
from trackersync.transport import Response
from trackersync.transport.ahead import ahead
from trackersync_jira import on_demand
from trackersync_jira.client import JiraSite
from trackersync_jira.comments import OWN_COMMENT, OwnComment, OwnComments
from trackersync_jira.cursor import Cursor
from trackersync_jira.jql import in_fixed_order, project_of, selected_among, touched_since, with_ids
from trackersync_jira.mapping import Reading, followed, to_issue
from trackersync_jira.paging import PAGE, Page, by_offset, by_token, first_by_token, hundreds
from trackersync_jira.properties import add_properties, asked_for
from trackersync_jira.settings import JiraSettings
from trackersync_jira.shapes import Fetched, IdsOffsetPage, IdsPage, OffsetPage, RawIssue, TokenPage, fields_with

_OVERLAP = timedelta(minutes=5)
_PAGES_AT_ONCE = 10
_IDS = 1000
_LISTINGS = 2
"""Lists of ids in a pull, so that it takes at most four requests beyond one for every hundred issues."""
_MOST = 5000
"""What Jira gives of issues of which next to nothing is asked (OpenAPI of search/jql); Data Center gives less."""


class _Asked(NamedTuple):
    """The fields to ask of issues, and the shape that they come in."""

    ids: list[str]
    fields: Any


def _with_comment(issue: Issue, own: OwnComment | None) -> Issue:
    return replace(issue, comment=own.text, native_ids={OWN_COMMENT: own.id}) if own else issue


class Reader:
    """Reads one selection of issues of one site, with the wanted fields and, for a board, the rank."""

    def __init__(self, site: JiraSite, settings: JiraSettings, wanted: FieldNames) -> None:
        self._site = site
        self._settings = settings
        self._wanted = wanted
        self.cursor: str | None = None
        """See `Source.cursor`."""
        self._is_first = True
        """Whether the next answer is the first of this read."""
        self._answered_at: datetime | None = None
        """When the first page of this read was answered, by Jira's clock; None where it did not say."""

    def pull(self) -> Iterator[Sequence[Issue]]:
        """Yield all selected issues, a page at a time; finding none at all is believed only of an account logged in."""
        projects: set[str] = set()
        self._answered_at, self._is_first = None, True
        for page in self._whole():
            projects.update(project_of(raw.key) for raw in page)
            yield self._issues(page)
        if not projects:
            self._site.require_login()
        self.cursor = self._cursor(projects)

    def _whole(self) -> Iterator[Page]:
        """Every selected issue once.

        Cloud gives the pages of a search only one after the other, but issues by id many at once. So they are listed by
        id, thousands a page, and fetched. Each list is a request more than pages would take, so that whoever has more
        issues than fit on two of them, or on one beside a board, waits for the pages after all.
        Not by ranges of ids: in JQL `id > 10001` compares the numbers of keys within the project of that issue.
        """
        jql = in_fixed_order(self._settings.jql)
        listed = self._listed(jql) if self._site.is_cloud else None
        yield from self._search(jql) if listed is None else self._fetched(listed)

    def _listed(self, jql: str) -> list[str] | None:
        """The ids that this search finds; None where those are more than we list.

        What to ask of the issues is found out meanwhile, which takes a request or two that no list depends on.
        """
        ask = self._asking_by_token({"jql": jql, "fields": ["id"], "maxResults": _MOST}, IdsPage)
        most = _LISTINGS - (self._settings.board is not None)
        with ThreadPoolExecutor(1, thread_name_prefix="listing") as pool:
            listing = pool.submit(first_by_token, ask, pages=most, tracker=self._site.tracker)
            _ = self._asked
            found, ended = listing.result()
        return found if ended else None

    def _fetched(self, ids: Sequence[str], *, comments: bool = False) -> Iterator[Page]:
        """As they are in the database itself, a hundred a request; those that are gone are absent.

        With `comments` they come with their comments.
        """
        asked = self._asked_with_comments if comments else self._asked  # known before several threads ask for it
        read = self._bulk_fetch if self._site.is_cloud else self._search_ids
        return ahead(partial(read, asked=asked), hundreds(ids))

    def changes(self, cursor: str) -> Iterator[Delta]:
        """What was touched since, in the selection or in the projects that it had issues of.

        A request for 100 issues, and one for every thousand of them to know which are selected; what the cursor tells
        of the site is not asked again. What no edit of an issue brings in or takes out, such as a sprint that ends, is
        found by a pull.
        """
        resumed = Cursor.parse(cursor)
        self._site.remember(resumed.server)
        self.reading = resumed.reading
        projects = set(resumed.projects)
        self._answered_at, self._is_first = None, True
        pages = self._touched(resumed.since, resumed.projects)
        while batch := list(islice(pages, _PAGES_AT_ONCE)):
            touched = [raw for page in batch for raw in page]
            selected = self._selected([raw.id for raw in touched]) if touched else set()
            here = [raw for raw in touched if raw.id in selected]
            projects.update(project_of(raw.key) for raw in here)
            yield Delta(self._issues(here), [raw.id for raw in touched if raw.id not in selected])
        self.cursor = self._cursor(projects)

    def census(self) -> Iterator[Sequence[str]]:
        """The ids of all selected issues, a request for 5,000; finding none is believed of an account logged in alone.

        With the keys, which cost no page its size: issues that came in without a touch may be of other projects, and
        the next read must ask for what leaves those too.
        """
        listed, projects = 0, set[str]()
        for page in self._search(in_fixed_order(self._settings.jql), ["key"], size=_MOST, shape=IdsPage):
            listed += len(page)
            projects.update(project_of(raw.key) for raw in page if raw.key)
            yield [raw.id for raw in page]
        if not listed:
            self._site.require_login()
        if projects and self.cursor is not None:
            self.cursor = str(replace(Cursor.parse(self.cursor), projects=sorted(projects)))

    def on_board(self, issues: Sequence[Issue]) -> list[Issue]:
        """By ranks and properties alone, of which a page holds thousands: neither need be a touch of the issue."""
        few = [self.reading.rank or "updated"]
        pages = self._search(in_fixed_order(self._settings.jql), few, self._with_properties, size=_MOST)
        there = {raw.id: raw for page in pages for raw in page}
        asked = [(issue, there[issue.ref.id]) for issue in issues if issue.ref.id in there]
        self._complete([raw for _, raw in asked])
        now = [(issue, followed(issue, raw, self.reading)) for issue, raw in asked]
        return [after for before, after in now if after != before]

    def _touched(self, since: int, projects: Sequence[str]) -> Iterator[Page]:
        """By the time since the epoch and, where the server does not take that, by the account's own clock."""
        by_epoch = self._search(touched_since(self._settings.jql, projects, str(since)))
        try:
            first = next(by_epoch, None)
        except RejectedError:
            local = datetime.fromtimestamp(since / 1000, self._site.time_zone)
            yield from self._search(touched_since(self._settings.jql, projects, f'"{local:%Y-%m-%d %H:%M}"'))
            return
        if first is not None:
            yield first
            yield from by_epoch

    def _selected(self, ids: Sequence[str]) -> set[str]:
        found = self._search(selected_among(self._settings.jql, ids), ["id"], size=_IDS, shape=IdsPage)
        return {raw.id for page in found for raw in page}

    def _cursor(self, projects: Collection[str]) -> str | None:
        """A little before the read began, since the search lags behind what was written."""
        if self._answered_at is None:
            return None
        since = round((self._answered_at - _OVERLAP).timestamp() * 1000)
        return str(Cursor(since=since, projects=sorted(projects), server=self._site.server, reading=self.reading))

    def whereabouts(self, refs: Sequence[IssueRef]) -> dict[str, Whereabouts]:
        """A request for a hundred issues, and one for each project of those that are not found by their ids.

        Jira answers alike for what was deleted and for what this account may not see: whoever may browse the project
        sees all of it but for issues under a security level.
        """
        found = {issue.ref.id: issue for issue in self._found([ref.id for ref in refs], comments=False)}
        asked = {project_of(ref.key) for ref in refs if ref.id not in found}
        visible = {project for project in asked if self._site.may_browse(project)}
        return {ref.id: self._where(ref, found.get(ref.id), visible) for ref in refs}

    def _where(self, ref: IssueRef, now: Issue | None, visible: Collection[str]) -> Whereabouts:
        if now is None:
            return Whereabouts(Fate.DELETED if project_of(ref.key) in visible else Fate.HIDDEN)
        moved = now.ref.key != ref.key
        return Whereabouts(Fate.MOVED, now.ref.key) if moved else Whereabouts(Fate.UNSELECTED)

    def fetch(self, ids: Sequence[str]) -> dict[str, Issue]:
        """These issues by id, as they are now, with our comment where that is wanted; those that are gone are absent.

        See `OwnComments.among` for what a comment costs.
        """
        return {issue.ref.id: issue for issue in self._found(ids, comments=self._wanted.comment)}

    def _found(self, ids: Sequence[str], *, comments: bool) -> Iterator[Issue]:
        # Jira's ids are numbers: anything else names no issue, and would mean something else in JQL.
        unique = [id_ for id_ in dict.fromkeys(ids) if id_.isdecimal() and id_.isascii()]
        if not comments:
            return (issue for page in self._fetched(unique) for issue in self._issues(page))
        raws = [raw for page in self._fetched(unique, comments=True) for raw in page]
        own = OwnComments(self._site).among({raw.id: raw.fields.comment for raw in raws})
        counted = on_demand.COMMENTS in self.reading.on_demand
        issues = [issue if counted else replace(issue, comments=None) for issue in self._issues(raws)]
        return (_with_comment(issue, own.get(issue.ref.id)) for issue in issues)

    @cached_property
    def reading(self) -> Reading:
        """What to ask of every issue; raises RejectedError for a wanted field that the site does not have."""
        catalog = self._site.catalog
        rank = self._site.rank_field
        columns = self._wanted.columns
        return Reading(
            tracker=self._site.tracker,
            site=self._site.people_url,
            fields=catalog.ids(self._wanted.fields),
            estimates=catalog.estimates,
            epics=() if self._site.is_cloud else catalog.epic_links,
            rank=None if rank is None else f"customfield_{rank}",
            sprints=catalog.sprints if on_demand.SPRINTS & columns else (),
            on_demand=tuple(id_ for column, id_ in on_demand.FIELDS.items() if column in columns),
            markup=() if self._site.is_cloud else catalog.text_areas(self._wanted.fields),
            properties=asked_for(self._wanted.properties, tracker=self._site.tracker),
        )

    def _issues(self, page: Page) -> list[Issue]:
        self._complete(page)
        return [to_issue(raw, self.reading) for raw in page]

    def _complete(self, page: Page) -> None:
        if self.reading.properties and not self._site.is_cloud:
            add_properties(page, self._site, self.reading.properties)

    def _shape(self, answer: Any) -> Any:
        """`answer`, one of the shapes that hold issues, for issues with the fields asked for."""
        return answer[self._asked.fields]

    @cached_property
    def _asked(self) -> _Asked:
        return _Asked(self.reading.ids, fields_with(self.reading.custom))

    @cached_property
    def _asked_with_comments(self) -> _Asked:
        ids = list(dict.fromkeys((*self.reading.ids, on_demand.COMMENTS)))
        return _Asked(ids, fields_with(self.reading.custom, comments=True))

    @property
    def _with_properties(self) -> Mapping[str, Any]:
        """What a request for whole issues says besides, on Cloud."""
        return {"properties": self.reading.properties} if self.reading.properties and self._site.is_cloud else {}

    def _search(
        self,
        jql: str,
        fields: Sequence[str] | None = None,
        besides: Mapping[str, Any] | None = None,
        *,
        size: int = PAGE,
        shape: Any = None,
    ) -> Iterator[Page]:
        """Every page of a search, with all fields that are mapped or with these."""
        search = self._cloud_pages if self._site.is_cloud else self._server_pages
        # On Data Center one more than a page, since each page begins with the last issue of the one before.
        most = size if self._site.is_cloud or size != PAGE else PAGE + 1
        asked = (fields, besides or {}) if fields else (self.reading.ids, self._with_properties)
        return search({"jql": jql, "fields": asked[0], "maxResults": most, **asked[1]}, shape)

    def _cloud_pages(self, asked: dict[str, Any], shape: Any) -> Iterator[Page]:
        return by_token(self._asking_by_token(asked, shape or self._shape(TokenPage)), tracker=self._site.tracker)

    def _asking_by_token(self, asked: dict[str, Any], shape: Any) -> Callable[[str | None], TokenPage[Any]]:
        def ask(token: str | None) -> TokenPage[Any]:
            body = asked | ({"nextPageToken": token} if token else {})
            page: TokenPage[Any] = self._answered("search/jql", body).json(shape)
            return page

        return ask

    def _server_pages(self, asked: dict[str, Any], shape: Any) -> Iterator[Page]:
        shape = IdsOffsetPage if shape is IdsPage else self._shape(OffsetPage)

        def ask(start: int) -> OffsetPage[Any]:
            page: OffsetPage[Any] = self._answered("search", asked | {"startAt": start}).json(shape)
            return page

        return by_offset(ask, tracker=self._site.tracker)

    def _answered(self, resource: str, body: Any) -> Response:
        response = self._site.ask("POST", self._path(resource), json=body, safe=True)
        if self._is_first:
            self._answered_at, self._is_first = response.date, False
        return response

    def _bulk_fetch(self, ids: list[str], asked: _Asked) -> list[RawIssue[Any]]:
        """What Jira leaves out of an answer that grew too large is asked for again, half of it at a time.

        One that it leaves out even alone is searched for, so that it costs the tracker no whole read.
        """
        body = {"issueIdsOrKeys": ids, "fields": asked.ids, **self._with_properties}
        response = self._site.ask("POST", self._path("issue/bulkfetch"), json=body, safe=True)
        fetched: Fetched[Any] = response.json(Fetched[asked.fields])  # type: ignore[name-defined]  # a class made while running
        if not fetched.issue_errors:
            return fetched.issues
        left_out = {each.id for each in fetched.issue_errors}
        again = [id_ for id_ in ids if id_ in left_out]
        if len(ids) == 1 and (found := [raw for page in self._search(with_ids(ids)) for raw in page]):
            return found
        if len(ids) == 1 or len(again) != len(left_out):
            first = fetched.issue_errors[0]
            raise UnavailableError(
                f"Jira could not return {len(fetched.issue_errors)} issues just now, the first being {first.id}: "
                f"{first.error_message}",
                sent=False,
                tracker=self._site.tracker,
                host=self._site.host,
            )
        half = (len(again) + 1) // 2
        parts = [part for part in (again[:half], again[half:]) if part]
        return [*fetched.issues, *(raw for part in parts for raw in self._bulk_fetch(part, asked))]

    def _search_ids(self, ids: list[str], asked: _Asked) -> list[RawIssue[Any]]:
        """By GET, where `validateQuery` keeps one missing id from failing the rest."""
        shape: Any = OffsetPage[asked.fields]  # type: ignore[name-defined]  # as above

        def ask(start: int) -> OffsetPage[Any]:
            params: dict[str, str | int] = {
                "jql": with_ids(ids),
                "fields": ",".join(asked.ids),
                "maxResults": PAGE + 1,
                "startAt": start,
                "validateQuery": "false",
            }
            page: OffsetPage[Any] = self._site.ask("GET", self._path("search"), params=params).json(shape)
            return page

        return [raw for page in by_offset(ask, tracker=self._site.tracker) for raw in page]

    def _path(self, resource: str) -> str:
        return f"{self._site.api}/{resource}"
