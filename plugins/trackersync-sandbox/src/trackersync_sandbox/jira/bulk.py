"""One set of values for up to a thousand issues: Cloud's bulk edits, carried out one after another as tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec
from werkzeug import Response

from trackersync_sandbox.jira.bulk_values import KINDS, BulkValues
from trackersync_sandbox.jira.catalog import Field
from trackersync_sandbox.jira.editing import edits, on_screen
from trackersync_sandbox.jira.exchange import answer, body, query
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import Ticket
from trackersync_sandbox.state import JSON, AnswerError, Call, Route, json_response

_MAX_ISSUES = 1000
_MAX_FIELDS = 200
_PAGE = 50
AT_ONCE = 5
"""Tasks that may be under way; source: OpenAPI, tag Issue bulk operations."""
_UNAVAILABLE = "{0}NOTE{1}: This field is not available for bulk update operations."


class _Payload(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """`IssueBulkEditPayload`, as far as the sandbox has fields for it."""

    selected_issue_ids_or_keys: list[str]
    selected_actions: list[str]
    edited_fields_input: BulkValues
    send_bulk_notification: bool | None = True


class _Fields(msgspec.Struct, rename="camel"):
    issue_ids_or_keys: str = ""
    search_text: str = ""
    starting_after: str = "0"


@dataclass(slots=True, eq=False)
class _Task:
    """One bulk edit: `polls` are how often it is still found unfinished."""

    id: str
    asked: _Payload
    created: datetime
    polls: int
    status: Literal["ENQUEUED", "RUNNING", "COMPLETE"] = "ENQUEUED"
    processed: list[int] = field(default_factory=list)
    failed: dict[str, list[str]] = field(default_factory=dict)
    missing: int = 0
    updated: datetime | None = None

    @property
    def done(self) -> bool:
        return self.status == "COMPLETE"


class Bulk:
    """`/bulk/issues/fields` and `/bulk/queue/{taskId}`; Data Center has neither."""

    def __init__(self, site: Site, me: JSON, *, polls: int) -> None:
        """A task is found done when it was found unfinished `polls` times; 0: it is done at once."""
        self._site = site
        self._me = me
        self._polls = polls
        self._tasks: dict[str, _Task] = {}

    def routes(self) -> list[Route]:
        """For both versions of the API."""
        return [
            Route(method, f"/rest/api/{version}/bulk/{path}", operation)
            for version in ("2", "3")
            for method, path, operation in (
                ("GET", "issues/fields", self._editable),
                ("POST", "issues/fields", self._submit),
                ("GET", "queue/{taskId}", self._progress),
            )
        ]

    def _editable(self, call: Call) -> Response:
        self._require_permission(status=403)
        asked = query(call, _Fields)
        tickets = [ticket for name in asked.issue_ids_or_keys.split(",") if (ticket := self._site.find(name.strip()))]
        found = [one for one in self._site.catalog if tickets and on_screen(one, self._site)]
        found = [one for one in found if asked.search_text.casefold() in one.name.casefold()]
        if not found:
            raise refused("No editable fields found for the provided issue IDs.", status=404)
        start = int(asked.starting_after) if asked.starting_after.isdecimal() else 0
        page: JSON = {"fields": [_described(one) for one in found[start : start + _PAGE]]}
        last = start + _PAGE >= len(found)
        return answer(call, page if last else page | {"startingAfter": str(start + _PAGE)})

    def _submit(self, call: Call) -> Response:
        self._require_permission(status=400)
        asked = body(call, _Payload)
        for problem in self._problems(asked):
            raise refused(problem)
        task = _Task(str(10000 + len(self._tasks)), asked, self._site.clock.moment(), self._polls)
        self._tasks[task.id] = task
        if not self._polls:
            self._carry_out(task)
        return answer(call, {"taskId": task.id}, status=201)

    def _problems(self, asked: _Payload) -> Iterator[str]:
        if not 1 <= len(asked.selected_issue_ids_or_keys) <= _MAX_ISSUES:
            yield f"The number of issues to edit must be between 1 and {_MAX_ISSUES}."
        if not 1 <= len(asked.selected_actions) <= _MAX_FIELDS:
            yield f"The number of fields to edit must be between 1 and {_MAX_FIELDS}."
        edited = asked.edited_fields_input.fields
        if unlisted := sorted(edited - set(asked.selected_actions)):
            yield f"The following editedFieldInput values are not listed as selectedActions : {', '.join(unlisted)}"
        if unset := sorted(set(asked.selected_actions) - edited):
            yield f"The following selectedActions have no editedFieldInput values : {', '.join(unset)}"
        if unknown := [name for name in sorted(edited) if not self._takes(name)]:
            yield f"The following fields cannot be edited in bulk : {', '.join(unknown)}"
        if sum(not task.done for task in self._tasks.values()) >= AT_ONCE:
            yield f"No more than {AT_ONCE} bulk operations can be under way at a time."

    def _takes(self, name: str) -> bool:
        found = self._site.catalog.get(name)
        # That the account may not edit the issues is found out issue by issue.
        return found is not None and _is_available(found) and found.name not in self._site.lacking

    def _progress(self, call: Call) -> Response:
        self._require_permission(status=400)
        task = self._tasks.get(call.args["taskId"])
        if task is None:
            raise refused("The task associated with this taskId is not a bulk operation task")
        if task.polls:
            task.polls -= 1
            task.status = "RUNNING"
        else:
            self._carry_out(task)
        return answer(call, self._told(task))

    def _carry_out(self, last: _Task) -> None:
        """What was submitted before a task is done before it."""
        for task in self._tasks.values():
            if not task.done:
                self._edit(task)
            if task is last:
                return

    def _edit(self, task: _Task) -> None:
        changed: list[Ticket] = []
        for name in dict.fromkeys(task.asked.selected_issue_ids_or_keys):
            ticket = self._site.find(name)
            if ticket is None:
                task.missing += 1
            elif reasons := self._written(ticket, task.asked.edited_fields_input, changed):
                task.failed[str(ticket.id)] = reasons
            else:
                task.processed.append(ticket.id)
        if task.asked.send_bulk_notification is not False:
            # One mail tells a person of all the issues; who watches which is not known here.
            self._site.mail.send(max((ticket.watchers for ticket in changed), default=0))
        task.status, task.updated = "COMPLETE", self._site.clock.moment()

    def _written(self, ticket: Ticket, values: BulkValues, changed: list[Ticket]) -> list[str]:
        """Why it could not be written; nothing where it was."""
        if self._site.lacks("EDIT_ISSUES", ticket):
            return ["You do not have permission to edit this issue."]
        try:
            wanted = edits(ticket, values.set, values.updates, self._site, "3")
        except AnswerError as exc:
            told = msgspec.json.decode(exc.response.get_data())
            return list(told["errors"].values())
        if self._site.write(ticket, wanted):
            changed.append(ticket)
        return []

    def _told(self, task: _Task) -> JSON:
        ends: Mapping[str, object] = {}
        if task.done:
            ends = {
                "processedAccessibleIssues": task.processed,
                "failedAccessibleIssues": task.failed,
                "invalidOrInaccessibleIssueCount": task.missing,
            }
        return {
            "taskId": task.id,
            "status": task.status,
            "progressPercent": 100 if task.done else 50,
            "submittedBy": {"accountId": self._me["accountId"]},
            "created": task.created.isoformat(),
            "updated": (task.updated or task.created).isoformat(),
            "totalIssueCount": len(task.asked.selected_issue_ids_or_keys),
            **ends,
        }

    def _require_permission(self, *, status: int) -> None:
        if "BULK_CHANGE" in self._site.lacking:
            raise refused("You do not have the global permission to make bulk changes.", status=status)


def refused(message: str, *, status: int = 400) -> AnswerError:
    """A `BulkOperationErrorResponse`."""
    return AnswerError(json_response({"errors": [{"message": message}]}, status))


def _is_available(one: Field) -> bool:
    return one.id in KINDS or one.kind in KINDS


def _described(one: Field) -> JSON:
    several = one.id == "labels" or one.kind == "labels"
    described: JSON = {
        "id": one.id,
        "name": one.name,
        "type": (one.schema or {}).get("custom", one.id),
        "isRequired": one.id == "summary",
    }
    if several:
        described["multiSelectFieldOptions"] = ["ADD", "REMOVE", "REPLACE", "REMOVE_ALL"]
    return described if _is_available(one) else described | {"unavailableMessage": _UNAVAILABLE}
