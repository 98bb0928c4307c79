"""The emulated Jira behind the server's contract."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from werkzeug import Response

from trackersync_sandbox.jira.agile import Agile
from trackersync_sandbox.jira.bulk import Bulk
from trackersync_sandbox.jira.comments import Comments
from trackersync_sandbox.jira.discovery import Discovery
from trackersync_sandbox.jira.exchange import answer
from trackersync_sandbox.jira.finder import Finder
from trackersync_sandbox.jira.human import hand_edit
from trackersync_sandbox.jira.issues import Issues
from trackersync_sandbox.jira.jql.dates import TIME_ZONE
from trackersync_sandbox.jira.people import myself, person_id
from trackersync_sandbox.jira.properties import Properties
from trackersync_sandbox.jira.rates import Rates
from trackersync_sandbox.jira.rendering import Version
from trackersync_sandbox.jira.searching import CloudSearch, ServerSearch
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.snapshot import site_as_json
from trackersync_sandbox.jira.ticket import Ticket
from trackersync_sandbox.state import BadEditError, Call, Mail, Route, Tracker, UnknownRefError

_VERSIONS: Mapping[str, tuple[Version, ...]] = {"cloud": ("2", "3"), "data_center": ("2",)}


class Jira(Tracker):
    """A Jira Cloud or Data Center."""

    name: ClassVar[str] = "jira"

    def __init__(self, site: Site, rates: Rates, *, bulk_polls: int = 0) -> None:
        self._site = site
        self._rates = rates
        me = self._me = myself(site.deployment, TIME_ZONE)
        versions = _VERSIONS[site.deployment]
        finder = Finder(site, person_id(me))
        on_cloud = (CloudSearch(site, finder), Bulk(site, me, polls=bulk_polls))
        own = on_cloud if site.deployment == "cloud" else (ServerSearch(site, finder),)
        issues = (Issues(site, versions), Properties(site, versions), Comments(site, me, versions))
        parts = (*own, *issues, Discovery(site, me, versions), Agile(site))
        self._routes = [route for part in parts for route in part.routes()]

    @property
    def routes(self) -> Sequence[Route]:
        """All operations of the deployment."""
        return self._routes

    def unauthorized(self, call: Call, *, token_given: bool) -> Response:
        """Plain words on Cloud, JSON on Data Center; the reason stands in a header."""
        said = "Client must be authenticated to access this resource."
        realm = f'OAuth realm="{call.base}"'
        headers = {"WWW-Authenticate": realm} | (
            {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"} if token_given else {}
        )
        if self._site.deployment == "cloud":
            return Response(said, 401, headers, content_type="text/html;charset=UTF-8")
        response = answer(call, {"message": said, "status-code": 401}, status=401)
        response.headers.extend(headers)
        return response

    def no_route(self, call: Call) -> Response:
        """What the deployment says of an address it does not have."""
        if self._site.deployment == "cloud":
            path = call.request.path.removeprefix(f"/{self.name}")
            return answer(call, {"status": 404, "error": "Not Found", "message": "", "path": path}, status=404)
        return answer(call, {"message": f"null for uri: {call.request.base_url}", "status-code": 404}, status=404)

    def refused(self, call: Call) -> Response | None:
        """429 where the hour is used up."""
        return self._rates.refused(call)

    def finish(self, call: Call, response: Response) -> Response:
        """The rate limit, where there is one."""
        self._rates.stamp(call, response)
        return response

    @property
    def mail(self) -> Mail:
        """One to each watcher, but for quiet edits and properties; the account's own watching is not told apart."""
        return self._site.mail

    def state(self) -> Any:
        """As `snapshot` shows it."""
        return site_as_json(self._site)

    def edit(self, key: str, values: Mapping[str, Any]) -> None:
        """As the contract says; the board of an issue is all of its project."""
        hand_edit(self._ticket(key), values, self._site, self._me)

    def delete(self, key: str) -> None:
        """Nothing tells of it any more."""
        self._site.remove(self._ticket(key), hidden=False)

    def hide(self, key: str) -> None:
        """As if it were deleted; only Data Center tells the difference, and only when asked for this one issue."""
        self._site.remove(self._ticket(key), hidden=True)

    def move(self, key: str, to: str) -> str:
        """To the project with the key `to`: the key changes, the id does not, and the old key leads on."""
        ticket = self._ticket(key)
        if not re.fullmatch(r"[A-Z][A-Z0-9_]+", to):
            raise BadEditError(f"{to!r} is no key of a project; one looks like CORE")
        if to == ticket.project:
            raise BadEditError(f"jira:{ticket.key} is in {to} already")
        self._site.move(ticket, to)
        return ticket.key

    def _ticket(self, key: str) -> Ticket:
        ticket = self._site.find(key)
        if ticket is None:
            raise UnknownRefError(f"no issue {key!r} in the Jira half of the sandbox")
        return ticket
