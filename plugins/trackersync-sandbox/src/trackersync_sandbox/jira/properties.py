"""What apps keep on an issue by key, out of people's sight."""

from __future__ import annotations

from typing import Any

import msgspec
from werkzeug import Response

from trackersync_sandbox.jira.address import address
from trackersync_sandbox.jira.addressed import ticket_of
from trackersync_sandbox.jira.exchange import answer, body
from trackersync_sandbox.jira.refusals import refusal
from trackersync_sandbox.jira.rendering import Version
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import Ticket
from trackersync_sandbox.state import Call, Route

_LONGEST_KEY = 255
_LARGEST = 32768


class Property(msgspec.Struct):
    """`EntityProperty`."""

    key: str
    value: Any


class Properties:
    """`/issue/{issueIdOrKey}/properties`."""

    def __init__(self, site: Site, versions: tuple[Version, ...]) -> None:
        self._site = site
        self._versions = versions

    def routes(self) -> list[Route]:
        """For the deployment's versions of the API."""
        found = []
        for version in self._versions:
            place = f"/rest/api/{version}/issue/{{issueIdOrKey}}/properties"
            found += [
                Route("GET", place, self._keys),
                Route("GET", f"{place}/{{propertyKey}}", self._get),
                Route("PUT", f"{place}/{{propertyKey}}", self._put),
                Route("DELETE", f"{place}/{{propertyKey}}", self._delete),
            ]
        return found

    def _keys(self, call: Call) -> Response:
        ticket = ticket_of(call, self._site)
        keys = [{"self": address(f"issue/{ticket.id}/properties/{key}"), "key": key} for key in ticket.properties]
        return answer(call, {"keys": keys})

    def _get(self, call: Call) -> Response:
        ticket = ticket_of(call, self._site)
        key = self._known(call, ticket)
        return answer(call, {"key": key, "value": ticket.properties[key]})

    def _put(self, call: Call) -> Response:
        """Nobody gets mail of it, and it is no update of the issue."""
        ticket = self._editable(call)
        key = call.args["propertyKey"]
        known = key in ticket.properties
        self._site.keep(ticket, checked([Property(key, body(call, Any))]))
        return answer(call, {}, status=200 if known else 201)

    def _delete(self, call: Call) -> Response:
        ticket = self._editable(call)
        self._site.keep(ticket, {self._known(call, ticket): None})
        return Response(status=204)

    def _editable(self, call: Call) -> Ticket:
        ticket = ticket_of(call, self._site)
        if self._site.lacks("EDIT_ISSUES", ticket):
            raise refusal("You do not have permission to edit issues in this project.", status=403)
        return ticket

    def _known(self, call: Call, ticket: Ticket) -> str:
        key = call.args["propertyKey"]
        if key not in ticket.properties:
            raise refusal(f"The property with key {key} does not exist.", status=404)
        return key


def checked(properties: list[Property]) -> dict[str, Any]:
    """The values to keep by key; refused where a key or value is none, or too long."""
    for each in properties:
        if not 1 <= len(each.key) <= _LONGEST_KEY:
            raise refusal(f"The property key must be between 1 and {_LONGEST_KEY} characters long.")
        if each.value is None or len(msgspec.json.encode(each.value)) > _LARGEST:
            raise refusal(f"The property value must be non-empty JSON of at most {_LARGEST} characters.")
    return {each.key: each.value for each in properties}
