"""Reading and editing one issue."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from werkzeug import Response

from trackersync_sandbox.jira import rendering
from trackersync_sandbox.jira.addressed import ticket_of
from trackersync_sandbox.jira.catalog import Field
from trackersync_sandbox.jira.editing import edits, on_screen
from trackersync_sandbox.jira.exchange import answer, body
from trackersync_sandbox.jira.loading import option
from trackersync_sandbox.jira.properties import Property, checked
from trackersync_sandbox.jira.refusals import refusal
from trackersync_sandbox.jira.rendering import Version, names_in
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.state import JSON, Call, Route

_ADMINISTRATION = frozenset({"ADMINISTER", "ADMINISTER_PROJECTS"})


class _Edit(msgspec.Struct):
    """`IssueUpdateDetails`, as far as the sandbox has an edit screen for it."""

    fields: dict[str, Any] = {}
    update: dict[str, Any] = {}
    properties: list[Property] = []


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
                Route("GET", f"{place}/editmeta", self._edit_screen),
            ]
        return found

    def _get(self, call: Call, version: Version) -> Response:
        ticket = ticket_of(call, self._site)
        fields = rendering.wanted_fields(call.request.args.getlist("fields"), self._site.catalog, default="*all")
        properties = names_in(call.request.args.getlist("properties"))
        return answer(call, rendering.issue(ticket, fields, self._site, version, properties), version)

    def _put(self, call: Call, version: Version) -> Response:
        """Without mail only for who administers anything: else `notifyUsers=false` is ignored, and so is the edit."""
        ticket = ticket_of(call, self._site)
        if self._site.lacks("EDIT_ISSUES", ticket):
            raise refusal("You do not have permission to edit issues in this project.", status=403)
        asked = body(call, _Edit)
        if not asked.fields and not asked.update:
            raise refusal("one of 'fields' or 'update' required")
        kept = checked(asked.properties)
        values = edits(ticket, asked.fields, asked.update, self._site, version)
        quiet = call.request.args.get("notifyUsers") == "false"
        if quiet and all(self._site.lacks(permission, ticket) for permission in _ADMINISTRATION):
            return Response(status=204)
        if kept:
            self._site.keep(ticket, kept)
        if self._site.write(ticket, values) and not quiet:
            self._site.mail.send(ticket.watchers)
        if call.request.args.get("returnIssue") == "true" and self._site.deployment == "cloud":
            return self._get(call, version)
        return Response(status=204)

    def _edit_screen(self, call: Call) -> Response:
        ticket_of(call, self._site)
        screen = [field for field in self._site.catalog if on_screen(field, self._site)]
        return answer(call, {"fields": {field.id: self._described(field) for field in screen}})

    def _described(self, field: Field) -> JSON:
        """A field as the edit screen has it, with the values it allows where they are a choice."""
        several = field.id == "labels" or field.kind == "labels"
        described: JSON = {
            "required": field.id == "summary",
            "schema": field.schema,
            "name": field.name,
            "key": field.id,
            "operations": ["add", "set", "remove"] if several else ["set"],
        }
        if field.id == "priority":
            return described | {"allowedValues": self._site.priorities}
        options = [option(field.id, name, self._site.catalog) for name in field.options]
        return described | ({"allowedValues": options} if field.kind == "select" else {})
