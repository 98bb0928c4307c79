"""One Jira site as one account: what kind it is, its fields, and the way its REST API is asked.

Detection, fields and permissions go through the `jira` library, over our own transport: one limiter, bounded
retries and our errors for all requests. The bulk paths use the transport directly, since the library would hold
every page as objects, retry without regard to what was written, and knows no bulk fetch.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, tzinfo
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import requests
from requests.adapters import BaseAdapter
from requests.auth import AuthBase
from requests.structures import CaseInsensitiveDict

from trackersync.errors import AuthError, ForbiddenError, InvalidResponseError, ItemError, NotFoundError, RejectedError
from trackersync.transport import Response, Transport
from trackersync_jira.catalog import FieldCatalog
from trackersync_jira.gateway import api_address
from trackersync_jira.settings import JiraSettings
from trackersync_jira.shapes import BoardConfiguration
from trackersync_jira.sign_in import LOCKED_OUT, account_of, way_out

if TYPE_CHECKING:
    from jira import JIRA

    from trackersync.transport import Client, Clock

_LOGIN_REASON = "X-Seraph-LoginReason"
_ADMINISTRATION = ("ADMINISTER", "ADMINISTER_PROJECTS")


class JiraSite:
    """Asks one site. What does not change during a run is asked once and kept; construction asks nothing."""

    def __init__(self, tracker: str, settings: JiraSettings, *, auth: AuthBase, transport: Transport) -> None:
        self.tracker = tracker
        self.host = urlsplit(settings.url).netloc
        self._settings = settings
        self._auth = auth
        self._transport = transport
        self._quiet: dict[str, bool] = {}

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: Any = None,
        safe: bool | None = None,
    ) -> Response:
        """As `Client.request`; an account that Jira silently took for a stranger is an AuthError too.

        Jira answers some requests with wrong credentials by what anonymous visitors may see, and says so only in a
        header. Taken for an answer that would be a read with most issues missing.
        """
        try:
            response = self._http.request(method, path, params=params, json=json, safe=safe)
        except AuthError as error:
            error.hint = way_out(self._settings)
            raise
        except ForbiddenError as error:
            error.hint = LOCKED_OUT if self._settings.user else error.hint
            raise
        if "AUTHENTICATED_FAILED" in response.headers.get(_LOGIN_REASON, ""):
            raise AuthError(
                f"{response.place} answered as to a stranger: Jira did not accept the credentials",
                hint=way_out(self._settings),
                tracker=self.tracker,
                host=self.host,
                status=response.status,
            )
        return response

    @property
    def clock(self) -> Clock:
        """The time by which waiting is done."""
        return self._transport.clock

    @cached_property
    def is_cloud(self) -> bool:
        """Whether this is Jira Cloud; all else is Data Center or its predecessor, Server."""
        return self._server.get("deploymentType") == "Cloud"

    @property
    def api(self) -> str:
        """Where the REST API stands: version 3 is the one Cloud specifies, 2 the newest of Data Center."""
        return "rest/api/3" if self.is_cloud else "rest/api/2"

    @property
    def version(self) -> str:
        """The server's version in its own words, empty where it tells none."""
        return str(self._server.get("version") or "")

    @property
    def people_url(self) -> str:
        """The address under which people see issues."""
        if not self._settings.at_gateway:
            return self._settings.url
        base = self._server.get("baseUrl")
        if isinstance(base, str) and base.startswith("https://"):
            return base.rstrip("/")
        return self._settings.url

    @cached_property
    def catalog(self) -> FieldCatalog:
        """The fields that this account may see."""
        return FieldCatalog.of(self._through_library("fields"), tracker=self.tracker, host=self.host)

    @cached_property
    def rank_field(self) -> int | None:
        """The number of the custom field by which the configured board is ranked, None without a board.

        Source: https://developer.atlassian.com/cloud/jira/software/rest/, board configuration.
        """
        board = self._settings.board
        if board is None:
            return None
        try:
            response = self.ask("GET", f"rest/agile/1.0/board/{board}/configuration")
        except NotFoundError as error:
            raise NotFoundError(
                f"no board {board} on {self.host}, or this account may not see it",
                hint="the number stands in the board's address: …/boards/12, or rapidView=12",
                tracker=self.tracker,
                host=self.host,
                status=error.status,
            ) from error
        ranking = response.json(BoardConfiguration).ranking
        if ranking is None or ranking.rank_custom_field_id is None:
            raise RejectedError(
                f"board {board} on {self.host} is not ordered by rank",
                hint="order its filter by Rank in the board's settings, or leave out `board`",
                tracker=self.tracker,
                host=self.host,
            )
        return ranking.rank_custom_field_id

    def may_be_quiet(self, project: str) -> bool:
        """Whether this account may edit issues of a project without notifying people.

        Jira ignores such an edit altogether where the account administers neither the site nor the project (OpenAPI
        of `PUT /issue/{issueIdOrKey}`), so it is asked first, once a project. No answer means no.
        """
        if project not in self._quiet:
            self._quiet[project] = self._holds(project, _ADMINISTRATION)
        return self._quiet[project]

    @cached_property
    def may_bulk_change(self) -> bool:
        """Whether this account has the global permission Bulk change; no answer means no."""
        return self._holds(None, ("BULK_CHANGE",))

    def _holds(self, project: str | None, any_of: Collection[str]) -> bool:
        try:
            where = {} if project is None else {"projectKey": project}
            answer = self._through_library("my_permissions", **where, permissions=",".join(any_of))
        except ItemError:
            return False
        permissions = answer.get("permissions") if isinstance(answer, dict) else None
        held = permissions if isinstance(permissions, dict) else {}
        return any(isinstance(held.get(key), dict) and held[key].get("havePermission") is True for key in any_of)

    @cached_property
    def account(self) -> str:
        """What tells this account from all others, as `account_id` of its comments does."""
        answer = self._through_library("myself")
        known = answer if isinstance(answer, dict) else {}
        found = next((known[name] for name in ("accountId", "key", "name") if isinstance(known.get(name), str)), "")
        if not found:
            raise self._not_jira()
        return found

    @cached_property
    def time_zone(self) -> tzinfo:
        """The account's time zone, in which Jira reads dates without one; UTC where it is not told."""
        answer = self._through_library("myself")
        name = answer.get("timeZone") if isinstance(answer, dict) else None
        try:
            return ZoneInfo(str(name))
        except (ZoneInfoNotFoundError, ValueError):
            return UTC

    def may_browse(self, project: str) -> bool:
        """Whether this account may see the issues of a project; no answer means no."""
        return self._holds(project, ("BROWSE_PROJECTS",))

    def require_login(self) -> None:
        """Raise AuthError where this account is not logged in: then nothing found does not mean that nothing is."""
        self._through_library("myself")

    @cached_property
    def _url(self) -> str:
        return api_address(self.tracker, self._settings, self._transport)

    @cached_property
    def _http(self) -> Client:
        """Made when something is first asked: to find where to ask may take a request."""
        return self._transport.client(
            self._url,
            tracker=self.tracker,
            account=account_of(self._settings),
            auth=self._auth,
            headers={"Accept": "application/json"},
        )

    @property
    def server(self) -> dict[str, str]:
        """What is known of the server, to be remembered for another run; `remember` takes it back."""
        return {key: value for key, value in self._server.items() if isinstance(value, str)}

    def remember(self, server: Mapping[str, str]) -> None:
        """Know this of the server without asking: what kind it is does not change from run to run."""
        self._server = dict(server)

    @cached_property
    def _server(self) -> Mapping[str, Any]:
        answer = self._through_library("server_info")
        if not isinstance(answer, dict):
            raise self._not_jira()
        return answer

    @cached_property
    def _library(self) -> JIRA:
        from jira import JIRA

        # Asking for the server at once would happen before our adapter stands in the way of its own retries.
        library = JIRA(self._url, get_server_info=False, max_retries=0, timeout=self._transport.timeout, logging=False)
        library._session.mount(self._url, _OverTransport(self.ask))  # noqa: SLF001 - takes no session from outside
        return library

    def _through_library(self, method: str, **arguments: str) -> Any:
        try:
            return getattr(self._library, method)(**arguments)
        except (ValueError, RecursionError):
            # The library shows a whole login page as its message, so nothing of it is kept.
            raise self._not_jira() from None

    def _not_jira(self) -> InvalidResponseError:
        return InvalidResponseError(
            f"{self.host} does not answer as Jira's REST API does",
            hint="check that the address is Jira's, and that no proxy or log-in page answers in its place",
            tracker=self.tracker,
            host=self.host,
        )


class _OverTransport(BaseAdapter):
    """Lets a session of `requests` send over our transport, whose errors pass through unchanged."""

    def __init__(self, ask: Callable[[str, str], Response]) -> None:
        super().__init__()
        self._ask = ask

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Send what the library asks for, a GET without a body; credentials are the transport's."""
        answer = self._ask(request.method or "GET", request.url or "")
        response = requests.Response()
        response.request = request
        response.url = answer.url
        response.status_code = answer.status
        response.headers = CaseInsensitiveDict(answer.headers)
        response.raw = BytesIO(answer.content)
        return response

    def close(self) -> None:
        """Nothing is held: the connections are the transport's."""
