"""Reading and editing one issue."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from werkzeug import Response

from trackersync_sandbox.jira import rendering
from trackersync_sandbox.jira.editing import edits
from trackersync_sandbox.jira.exchange import answer, body
from trackersync_sandbox.jira.refusals import HIDDEN, NO_ISSUE, refusal
from trackersync_sandbox.jira.rendering import Version
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import Ticket
from trackersync_sandbox.state import Call, Route


class _Edit(msgspec.Struct):
    """`IssueUpdateDetails`, as far as the sandbox has an edit screen for it."""

    fields: dict[str, Any] = {}
    update: dict[str, Any] = {}


class Issues:
    """`/issue/{issueIdOrKey}`."""

    def __init__(self, site: Site, versions: tuple[Version, ...]) -> None:
        self._site = site
        self._versions = versions

    def routes(self) -> list[Route]:
        """For the deployment's versions of the API."""
        found = []
        for version in self._versions:
            place = f"/rest/api/{version}/issue/{{issueIdOrKey}}"
            found += [
                Route("GET", place, partial(self._get, version=version)),
                Route("PUT", place, partial(self._put, version=version)),
            ]
        return found

    def _get(self, call: Call, version: Version) -> Response:
        ticket = self._ticket(call)
        fields = rendering.wanted_fields(call.request.args.getlist("fields"), self._site.catalog, default="*all")
        return answer(call, rendering.issue(ticket, fields, self._site, version), version)

    def _put(self, call: Call, version: Version) -> Response:
        """The account administers everything here, so `notifyUsers=false` is granted; no mail is ever sent."""
        ticket = self._ticket(call)
        asked = body(call, _Edit)
        if not asked.fields and not asked.update:
            raise refusal("one of 'fields' or 'update' required")
        self._site.write(ticket, edits(ticket, asked.fields, asked.update, self._site, version))
        if call.request.args.get("returnIssue") == "true" and self._site.deployment == "cloud":
            return self._get(call, version)
        return Response(status=204)

    def _ticket(self, call: Call) -> Ticket:
        name = call.args["issueIdOrKey"]
        ticket = self._site.find(name)
        if ticket is None and self._site.deployment == "data_center" and self._site.is_hidden(name):
            raise refusal(HIDDEN, status=403)
        if ticket is None:
            raise refusal(NO_ISSUE, status=404)
        return ticket
