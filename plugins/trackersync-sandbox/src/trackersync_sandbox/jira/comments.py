"""Comments on issues, and what apps keep on them."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from werkzeug import Response

from trackersync_sandbox.jira import adf, rendering
from trackersync_sandbox.jira.address import address
from trackersync_sandbox.jira.addressed import ticket_of
from trackersync_sandbox.jira.exchange import answer, body
from trackersync_sandbox.jira.people import person_id
from trackersync_sandbox.jira.properties import Property
from trackersync_sandbox.jira.refusals import refusal
from trackersync_sandbox.jira.rendering import Version
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import Ticket, timestamp
from trackersync_sandbox.state import JSON, Call, Route

_MAX_LISTED = 1000
_PAGE = 100
_EMPTY = "Comment body can not be empty!"
_NO_COMMENT = "Can not find a comment for the id: {0}."


class _Comment(msgspec.Struct):
    """`Comment`, as far as it can be written here."""

    body: Any = None
    properties: list[Property] = []


class _Listed(msgspec.Struct, forbid_unknown_fields=True):
    ids: list[int]


class Comments:
    """`/issue/{issueIdOrKey}/comment` and, on Cloud, `/comment/list`."""

    def __init__(self, site: Site, me: JSON, versions: tuple[Version, ...]) -> None:
        self._site = site
        self._me = {key: value for key, value in me.items() if key != "locale"}
        self._versions = versions

    def routes(self) -> list[Route]:
        """For the deployment's versions of the API."""
        found = []
        for version in self._versions:
            thread = f"/rest/api/{version}/issue/{{issueIdOrKey}}/comment"
            found += [
                Route("GET", thread, partial(self._page, version=version)),
                Route("POST", thread, partial(self._add, version=version)),
                Route("GET", f"{thread}/{{id}}", partial(self._get, version=version)),
                Route("PUT", f"{thread}/{{id}}", partial(self._edit, version=version)),
                Route("DELETE", f"{thread}/{{id}}", self._delete),
            ]
            if self._site.deployment == "cloud":
                found.append(Route("POST", f"/rest/api/{version}/comment/list", partial(self._list, version=version)))
        return found

    def _page(self, call: Call, version: Version) -> Response:
        args = call.request.args
        try:
            start, size = int(args.get("startAt", 0)), int(args.get("maxResults", _PAGE))
        except ValueError:
            raise refusal("Invalid query parameter") from None
        page = self._site.comments(ticket_of(call, self._site))
        newest = args.get("orderBy", "created").startswith("-")
        said = list(reversed(page["comments"])) if newest else page["comments"]
        some = said[start : start + min(size, _PAGE)]
        shown = [rendering.comment(one, version) for one in some]
        return answer(call, page | {"comments": shown, "startAt": start, "maxResults": size}, version)

    def _get(self, call: Call, version: Version) -> Response:
        ticket = ticket_of(call, self._site)
        return answer(call, rendering.comment(self._found(call, ticket), version), version)

    def _add(self, call: Call, version: Version) -> Response:
        ticket = ticket_of(call, self._site)
        if self._site.lacks("ADD_COMMENTS", ticket):
            raise refusal("You do not have the permission to comment on this issue.", status=403)
        asked = body(call, _Comment)
        properties = {each.key: each.value for each in asked.properties}
        said = self._site.say(ticket, _words(asked.body, version), self._me, properties)
        self._site.mail.send(ticket.watchers)
        return answer(call, rendering.comment(said, version), version, status=201)

    def _edit(self, call: Call, version: Version) -> Response:
        """Cloud alone can be asked to send no mail of it."""
        ticket = ticket_of(call, self._site)
        said = self._own(call, ticket, "EDIT_OWN_COMMENTS", "edit")
        asked = body(call, _Comment)
        kept = said["properties"] | {each.key: each.value for each in asked.properties}
        now = timestamp(self._site.clock.moment())
        words = _words(asked.body, version)
        changed = said | {"body": words, "properties": kept, "updated": now, "updateAuthor": self._me}
        self._site.say_instead(ticket, said, changed)
        if self._site.deployment != "cloud" or call.request.args.get("notifyUsers") != "false":
            self._site.mail.send(ticket.watchers)
        return answer(call, rendering.comment(changed, version), version)

    def _delete(self, call: Call) -> Response:
        ticket = ticket_of(call, self._site)
        self._site.say_instead(ticket, self._own(call, ticket, "DELETE_OWN_COMMENTS", "delete"), None)
        self._site.mail.send(ticket.watchers)
        return Response(status=204)

    def _list(self, call: Call, version: Version) -> Response:
        """Only here an answer has the properties of comments, and only where it is asked for them."""
        ids = body(call, _Listed).ids
        if len(ids) > _MAX_LISTED:
            raise refusal(f"A maximum of {_MAX_LISTED} comment ids can be specified.")
        expanded = "properties" in call.request.args.get("expand", "").split(",")
        wanted = frozenset(map(str, ids))
        found = [one for ticket in self._site for one in self._site.comments(ticket)["comments"] if one["id"] in wanted]
        values = [rendering.comment(one, version, properties=expanded) for one in found]
        here = address("comment/list")
        page = {"self": here, "startAt": 0, "maxResults": _MAX_LISTED, "total": len(values), "isLast": True}
        return answer(call, page | {"values": values}, version)

    def _found(self, call: Call, ticket: Ticket) -> JSON:
        asked = call.args["id"]
        comments: list[JSON] = self._site.comments(ticket)["comments"]
        for said in comments:
            if said["id"] == asked:
                return said
        raise refusal(_NO_COMMENT.format(asked), status=404)

    def _own(self, call: Call, ticket: Ticket, permission: str, what: str) -> JSON:
        """The account may touch its own comments alone."""
        said = self._found(call, ticket)
        mine = "author" in said and person_id(said["author"]) == person_id(self._me)
        if not mine or self._site.lacks(permission, ticket):
            raise refusal(f"You do not have the permission to {what} this comment.", status=400)
        return said


def _words(given: Any, version: Version) -> Any:
    """The body as it is kept: a document stays one. Without a word it is refused."""
    document = version == "3"
    fits = adf.is_document(given) if document else isinstance(given, str)
    if not fits or not (adf.to_text(given) if document else given.strip()):
        raise refusal(errors={"comment": _EMPTY})
    return given
