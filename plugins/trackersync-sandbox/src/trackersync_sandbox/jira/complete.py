"""Makes whole what a file leaves out, so that every answer has the shape and addresses of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import msgspec

from trackersync_sandbox.jira import adf
from trackersync_sandbox.jira.address import address
from trackersync_sandbox.jira.catalog import EPIC_LINK
from trackersync_sandbox.jira.people import Deployment, person
from trackersync_sandbox.state import JSON

# What the Agile API adds to issues is no field of the platform API.
_AGILE = frozenset({"epic", "sprint", "closedSprints", "flagged"})
_CATEGORIES: Mapping[str, JSON] = {
    "new": {"id": 2, "key": "new", "colorName": "blue-gray", "name": "To Do"},
    "indeterminate": {"id": 4, "key": "indeterminate", "colorName": "yellow", "name": "In Progress"},
    "done": {"id": 3, "key": "done", "colorName": "green", "name": "Done"},
}
_PLACES = {
    "issuetype": "issuetype", "project": "project", "resolution": "resolution", "priority": "priority",
    "components": "component", "versions": "version", "fixVersions": "version",
}  # fmt: skip
_PEOPLE = ("assignee", "reporter", "creator")
_STUB_FIELDS = ("summary", "status", "priority", "issuetype")


class Completion:
    """Completes issues one by one; equal parts become one object, so that thousands of issues share them."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._shared: dict[tuple[str, bytes], JSON] = {}

    def fields(self, key: str, given: JSON) -> JSON:
        """The fields of the issue `key`, without nulls and without what Agile adds."""
        found = {name: value for name, value in given.items() if value is not None and name not in _AGILE}
        for name, place in _PLACES.items():
            self._at(found, name, partial(_placed, place=place))
        for name in _PEOPLE:
            self._at(found, name, lambda part: person(part, self._deployment))
        self._at(found, "status", status)
        for name in ("description", "environment"):
            if adf.is_document(found.get(name)):
                found[name] = adf.to_text(found[name])
        found |= {name: counted(found[name], key, name) for name in ("votes", "watches") if name in found}
        found["issuelinks"] = [self._link(link) for link in found.get("issuelinks", ())]
        found["subtasks"] = [self.stub(child) for child in found.get("subtasks", ())]
        if "comment" in found:
            found["comment"] = self._comments(found["comment"], key)
        return self._family(found, given)

    def stub(self, issue: JSON) -> JSON:
        """Another issue as it stands in a link: by id and key, with its four fields as far as the file has them."""
        given = issue.get("fields") or {}
        fields = {name: given[name] for name in _STUB_FIELDS if given.get(name) is not None}
        self._at(fields, "status", status)
        for name in ("priority", "issuetype"):
            self._at(fields, name, partial(_placed, place=name))
        return {"id": str(issue.get("id", "0")), "key": issue["key"], "fields": fields}

    def _family(self, found: JSON, given: JSON) -> JSON:
        """On Cloud an epic is the parent of its stories; on Data Center they name it in a field, if they name it."""
        parent, epic = given.get("parent"), given.get("epic")
        subtask = bool(found["issuetype"].get("subtask"))
        found.pop("parent", None)
        if self._deployment == "data_center" and not subtask:
            above = epic or parent
            return found | ({EPIC_LINK: above["key"]} if above else {})
        above = parent or epic
        return found | ({"parent": self.stub(above)} if above else {})

    def _at(self, fields: JSON, name: str, completed: Callable[[JSON], JSON]) -> None:
        value = fields.get(name)
        if isinstance(value, list):
            fields[name] = [self._share(name, part, completed) for part in value]
        elif value is not None:
            fields[name] = self._share(name, value, completed)

    def _share(self, name: str, part: JSON, completed: Callable[[JSON], JSON]) -> JSON:
        known = (name, msgspec.json.encode(part))
        if known not in self._shared:
            self._shared[known] = completed(part)
        return self._shared[known]

    def _link(self, link: JSON) -> JSON:
        ends = {end: self.stub(link[end]) for end in ("inwardIssue", "outwardIssue") if end in link}
        kind = self._share("link type", link["type"], lambda part: _placed(part, "issueLinkType"))
        found = str(link.get("id", "0"))
        return {"id": found, "self": address(f"issueLink/{found}"), "type": kind} | ends

    def _comments(self, page: JSON, key: str) -> JSON:
        comments = [self._comment(comment) for comment in page.get("comments", ())]
        total = page.get("total", len(comments))
        place = address(f"issue/{key}/comment")
        return {
            "comments": comments,
            "self": place,
            "maxResults": max(total, len(comments)),
            "total": total,
            "startAt": 0,
        }

    def _comment(self, comment: JSON) -> JSON:
        authors = {name: comment[name] for name in ("author", "updateAuthor") if comment.get(name)}
        for name in authors:
            self._at(authors, name, lambda part: person(part, self._deployment))
        return comment | authors


def status(given: JSON) -> JSON:
    """A status with its category: a category's key is enough, and none means to do."""
    category = given.get("statusCategory") or {}
    whole = _CATEGORIES.get(category.get("key", "new"), _CATEGORIES["new"])
    category = whole | {"self": address(f"statuscategory/{whole['id']}")}
    return (
        {"description": "", "iconUrl": address("images/status.png")}
        | _placed(given, "status")
        | {"statusCategory": category}
    )


def counted(given: Any, key: str, name: str) -> JSON:
    """Votes or watches, which a file may give as a bare number."""
    shape = {"votes": ("votes", "hasVoted", "votes"), "watches": ("watchCount", "isWatching", "watchers")}[name]
    count, mine, place = shape
    number = given.get(count, 0) if isinstance(given, dict) else given
    return {"self": address(f"issue/{key}/{place}"), count: number, mine: False}


def categories() -> Iterable[JSON]:
    """The three categories every status falls into."""
    return _CATEGORIES.values()


def _placed(part: JSON, place: str) -> JSON:
    found = str(part.get("id") or part["name"])
    return part | {"self": address(f"{place}/{found}"), "id": found}
