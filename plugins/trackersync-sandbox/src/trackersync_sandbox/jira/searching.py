"""Search: by token and without a total on Cloud, by offset and with one on Data Center."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import msgspec
from werkzeug import Response

from trackersync_sandbox.jira import rendering
from trackersync_sandbox.jira.exchange import answer, body, query
from trackersync_sandbox.jira.finder import Finder, token
from trackersync_sandbox.jira.refusals import REMOVED, refusal
from trackersync_sandbox.jira.rendering import Version
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.state import JSON, Call, Route

_CLOUD_PAGE = 100
_CLOUD_IDENTITY_PAGE = 5000
_SERVER_PAGE = 1000
_BULK = 100
_RECONCILED = 50
_MAX_PROPERTIES = 5
_COMMENTS_ALONG = 20
_LISTS = frozenset({"fields", "expand", "properties", "reconcileIssues"})


class _Search(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """`SearchAndReconcileRequestBean`; what the sandbox has no use for is taken too."""

    jql: str = ""
    next_page_token: str | None = None
    max_results: int = 50
    fields: list[str] = []
    expand: str | list[str] | None = None
    fields_by_keys: bool = False
    properties: list[str] = []
    reconcile_issues: Annotated[list[int], msgspec.Meta(max_length=_RECONCILED)] = []
    fail_fast: bool = False


class _ServerSearch(msgspec.Struct, rename="camel"):
    """The body of Data Center's `search`, which passes over what it does not know."""

    jql: str = ""
    start_at: int = 0
    max_results: int = 50
    fields: list[str] = []
    validate_query: bool | str = True

    @property
    def strict(self) -> bool:
        """Whether values that do not exist are refused."""
        return self.validate_query in (True, "true", "strict")


class _Count(msgspec.Struct, forbid_unknown_fields=True):
    jql: str = ""


class _BulkFetch(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    issue_ids_or_keys: list[str]
    fields: list[str] = []
    expand: list[str] = []
    fields_by_keys: bool = False
    properties: list[str] = []


class CloudSearch:
    """`search/jql`, its count, `bulkfetch`, and the tombstone of the old search."""

    def __init__(self, site: Site, finder: Finder) -> None:
        self._site = site
        self._finder = finder

    def routes(self) -> list[Route]:
        """For both versions of the API."""
        found = []
        for version in ("2", "3"):
            api = f"/rest/api/{version}"
            found += [
                Route("GET", f"{api}/search/jql", partial(self._get, version=version)),
                Route("POST", f"{api}/search/jql", partial(self._post, version=version)),
                Route("POST", f"{api}/search/approximate-count", self._count),
                Route("GET", f"{api}/search", self._removed),
                Route("POST", f"{api}/search", self._removed),
                Route("POST", f"{api}/issue/bulkfetch", partial(self._bulk_fetch, version=version)),
            ]
        return found

    def _get(self, call: Call, version: Version) -> Response:
        return self._page(call, query(call, _Search, lists=_LISTS), version)

    def _post(self, call: Call, version: Version) -> Response:
        return self._page(call, body(call, _Search), version)

    def _page(self, call: Call, asked: _Search, version: Version) -> Response:
        if asked.max_results < 1:
            raise refusal("The maxResults parameter must be greater than 0.")
        bare = rendering.only_identity(asked.fields)
        size = min(asked.max_results, _CLOUD_IDENTITY_PAGE if bare else _CLOUD_PAGE)
        number, start = 0, 0
        if asked.next_page_token:
            number, start, found = self._finder.kept(asked.next_page_token, asked.jql)
        else:
            found = self._finder.search(asked.jql, bounded=True, fresh=asked.reconcile_issues)
        page, last = found[start : start + size], start + size >= len(found)
        if start:
            page = self._site.shown(page, fresh=asked.reconcile_issues)
        properties = _few(asked.properties)
        result: JSON = {"isLast": last, "issues": self._issues(page, asked.fields, version, properties)}
        if not last:
            number = number or self._finder.keep(asked.jql, found)
            result["nextPageToken"] = token(number, start + size)
        return answer(call, result, version)

    def _issues(self, page: Sequence[Any], asked: list[str], version: Version, properties: Sequence[str]) -> list[JSON]:
        if not properties and all(name.strip() == "id" for part in asked for name in part.split(",")):
            return [{"id": str(ticket.id)} for ticket in page]
        fields = rendering.wanted_fields(asked, self._site.catalog, default="*all")
        shown = (rendering.issue(ticket, fields, self._site, version, properties) for ticket in page)
        return [_with_few_comments(issue) for issue in shown]

    def _count(self, call: Call) -> Response:
        return answer(call, {"count": len(self._finder.search(body(call, _Count).jql, bounded=True))})

    def _removed(self, _: Call) -> Response:
        raise refusal(REMOVED, status=410)

    def _bulk_fetch(self, call: Call, version: Version) -> Response:
        asked = body(call, _BulkFetch)
        if not 1 <= len(asked.issue_ids_or_keys) <= _BULK:
            raise refusal(f"The number of issues to fetch must be between 1 and {_BULK}.")
        found = {ticket.id: ticket for ticket in map(self._site.find, asked.issue_ids_or_keys) if ticket}
        fields = rendering.wanted_fields(asked.fields, self._site.catalog, default="*navigable")
        shown = self._issues([found[id_] for id_ in sorted(found)], list(fields), version, _few(asked.properties))
        return answer(call, {"issueErrors": [], "issues": shown}, version)


def _few(asked: Sequence[str]) -> list[str]:
    """The keys of properties, of which five may be asked for."""
    keys = rendering.names_in(asked)
    if len(keys) > _MAX_PROPERTIES:
        raise refusal(f"A maximum of {_MAX_PROPERTIES} issue properties can be requested.")
    return keys


def _with_few_comments(issue: JSON) -> JSON:
    """Of an issue that was said much about, the first comments: how many Jira sends along is written nowhere."""
    page = issue.get("fields", {}).get("comment")
    if not page or len(page["comments"]) <= _COMMENTS_ALONG:
        return issue
    few = page | {"comments": page["comments"][:_COMMENTS_ALONG], "maxResults": _COMMENTS_ALONG}
    return issue | {"fields": issue["fields"] | {"comment": few}}


class ServerSearch:
    """Data Center's `search`."""

    def __init__(self, site: Site, finder: Finder) -> None:
        self._site = site
        self._finder = finder

    def routes(self) -> list[Route]:
        """There is version 2 only."""
        return [Route("GET", "/rest/api/2/search", self._get), Route("POST", "/rest/api/2/search", self._post)]

    def _get(self, call: Call) -> Response:
        return self._page(call, query(call, _ServerSearch, lists=_LISTS))

    def _post(self, call: Call) -> Response:
        return self._page(call, body(call, _ServerSearch))

    def _page(self, call: Call, asked: _ServerSearch) -> Response:
        if asked.start_at < 0:
            raise refusal("The value of the startAt parameter cannot be negative.")
        size = _SERVER_PAGE if asked.max_results < 0 else min(asked.max_results, _SERVER_PAGE)
        found = self._finder.current(asked.jql, fresh=asked.start_at == 0, strict=asked.strict)
        fields = rendering.wanted_fields(asked.fields, self._site.catalog, default="*navigable")
        page = found[asked.start_at : asked.start_at + size]
        issues = [rendering.issue(ticket, fields, self._site, "2") for ticket in page]
        result = {"expand": "schema,names", "startAt": asked.start_at, "maxResults": size, "total": len(found)}
        return answer(call, result | {"issues": issues}, "2")
