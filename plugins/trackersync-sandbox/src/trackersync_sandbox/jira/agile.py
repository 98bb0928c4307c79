"""Boards and the order of work: the Jira Software half of the API."""

from __future__ import annotations

import msgspec
from werkzeug import Response

from trackersync_sandbox.jira.catalog import RANK_ID
from trackersync_sandbox.jira.exchange import answer, body, query
from trackersync_sandbox.jira.refusals import NO_ISSUE, refusal
from trackersync_sandbox.jira.site import Board, Site
from trackersync_sandbox.jira.ticket import Ticket
from trackersync_sandbox.state import JSON, Call, Route

_API = "/rest/agile/1.0"
_MAX_RANKED = 50
_PAGE = 50
_NOT_SCHEDULED = "You do not have permission to rank issues: it needs Schedule Issues."


class _Rank(msgspec.Struct, rename="camel"):
    issues: list[str]
    rank_before_issue: str | None = None
    rank_after_issue: str | None = None
    rank_custom_field_id: int | None = None


class _Boards(msgspec.Struct, rename="camel"):
    start_at: int = 0
    max_results: int = _PAGE
    type: str | None = None
    name: str | None = None
    project_key_or_id: str | None = None


class Agile:
    """The same on Cloud and Data Center."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> list[Route]:
        """There is version 1.0 only."""
        return [
            Route("GET", f"{_API}/board", self._boards),
            Route("GET", f"{_API}/board/{{boardId}}", lambda call: answer(call, _described(self._board(call), call))),
            Route("GET", f"{_API}/board/{{boardId}}/configuration", self._configuration),
            Route("PUT", f"{_API}/issue/rank", self._rank),
        ]

    def _boards(self, call: Call) -> Response:
        asked = query(call, _Boards)
        found = [_described(board, call) for board in self._site.boards.values() if _meant(board, asked)]
        page = found[asked.start_at : asked.start_at + asked.max_results]
        place = {"maxResults": asked.max_results, "startAt": asked.start_at, "total": len(found)}
        return answer(call, place | {"isLast": asked.start_at + len(page) >= len(found), "values": page})

    def _board(self, call: Call) -> Board:
        asked = call.args["boardId"]
        board = self._site.boards.get(int(asked)) if asked.isdecimal() else None
        if board is None:
            raise refusal("The requested board cannot be viewed because it either does not exist or you do not have "
                          "permission to view it.", status=404)  # fmt: skip
        return board

    def _configuration(self, call: Call) -> Response:
        board = self._board(call)
        columns = [
            {"name": name, "statuses": [{"id": status["id"], "self": status["self"]} for status in statuses]}
            for name, statuses in self._columns().items()
        ]
        place = f"{call.base}{_API}/board/{board.id}"
        return answer(call, {
            "id": board.id,
            "name": board.name,
            "type": "kanban",
            "self": f"{place}/configuration",
            "location": {"type": "project", "projectKeyOrId": board.project["key"]},
            "filter": {"id": str(10000 + board.id), "self": f"{call.base}/rest/api/2/filter/{10000 + board.id}"},
            "columnConfig": {"columns": columns, "constraintType": "none"},
            "ranking": {"rankCustomFieldId": RANK_ID},
        })  # fmt: skip

    def _columns(self) -> dict[str, list[JSON]]:
        columns: dict[str, list[JSON]] = {"To Do": [], "In Progress": [], "Done": []}
        for status in self._site.statuses.values():
            columns[status["statusCategory"]["name"]].append(status)
        return columns

    def _rank(self, call: Call) -> Response:
        asked = body(call, _Rank)
        if "SCHEDULE_ISSUES" in self._site.lacking:
            raise refusal(_NOT_SCHEDULED, status=403)
        if not 1 <= len(asked.issues) <= _MAX_RANKED:
            raise refusal(f"The number of issues to rank must be between 1 and {_MAX_RANKED}.")
        if asked.rank_custom_field_id not in (None, RANK_ID):
            raise refusal(errors={"rankCustomFieldId": f"Field {asked.rank_custom_field_id} is not a rank field."})
        anchor, before = self._anchor(asked)
        found = {name: self._site.find(name) for name in asked.issues}
        moving = list(dict.fromkeys(ticket for ticket in found.values() if ticket))
        if anchor in moving:
            raise refusal("An issue cannot be ranked before or after itself.")
        barred = {ticket for ticket in moving if self._site.lacks("SCHEDULE_ISSUES", ticket)}
        self._site.rank([ticket for ticket in moving if ticket not in barred], anchor, before=before)
        if all(found.values()) and not barred:
            return Response(status=204)
        entries = [_entry(name, ticket, barred=ticket in barred) for name, ticket in found.items()]
        return answer(call, {"entries": entries}, status=207)

    def _anchor(self, asked: _Rank) -> tuple[Ticket, bool]:
        given = [name for name in (asked.rank_before_issue, asked.rank_after_issue) if name]
        if len(given) != 1:
            raise refusal("Exactly one of rankBeforeIssue and rankAfterIssue must be given.")
        anchor = self._site.find(given[0])
        if anchor is None:
            raise refusal(NO_ISSUE)
        return anchor, bool(asked.rank_before_issue)


def _meant(board: Board, asked: _Boards) -> bool:
    project = (board.project["key"], board.project["id"])
    return (
        asked.type in (None, "kanban")
        and (asked.name or "").casefold() in board.name.casefold()
        and (asked.project_key_or_id is None or asked.project_key_or_id in project)
    )


def _described(board: Board, call: Call) -> JSON:
    project = board.project
    name = project.get("name", project["key"])
    return {
        "id": board.id,
        "self": f"{call.base}{_API}/board/{board.id}",
        "name": board.name,
        "type": "kanban",
        "location": {
            "projectId": int(project["id"]),
            "displayName": f"{name} ({project['key']})",
            "projectName": name,
            "projectKey": project["key"],
            "projectTypeKey": "software",
            "name": f"{name} ({project['key']})",
        },
    }


def _entry(name: str, ticket: Ticket | None, *, barred: bool) -> JSON:
    if ticket is None:
        return {"issueKey": name, "status": 404, "errors": [NO_ISSUE]}
    told: JSON = {"issueId": ticket.id, "issueKey": ticket.key, "status": 403 if barred else 200}
    return told | ({"errors": [_NOT_SCHEDULED]} if barred else {})
