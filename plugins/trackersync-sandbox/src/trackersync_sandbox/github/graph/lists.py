"""The connections whose content depends on arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from trackersync_sandbox.github import closing
from trackersync_sandbox.github.graph.connections import Connection, connect
from trackersync_sandbox.github.graph.context import Info
from trackersync_sandbox.github.graph.lookups import owner_login
from trackersync_sandbox.github.records import Issue, Project, Repository, parse_time

_ORDERS = {
    "CREATED_AT": attrgetter("created_at", "number"),
    "UPDATED_AT": attrgetter("updated_at", "number"),
    "COMMENTS": attrgetter("comments", "number"),
}


def issues(
    repository: Repository, info: Info, first: int | None = None, after: str | None = None, **given: Any
) -> Connection:
    """The issues without pull requests, filtered and ordered as asked."""
    order = given.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    filters = {
        **{name: given[name] for name in ("states", "labels") if given.get(name)},
        **(given.get("filterBy") or {}),
    }
    found = [issue for issue in repository.issues.values() if issue.pull is None and _matches(issue, filters)]
    found.sort(key=_ORDERS[order["field"]], reverse=order["direction"] == "DESC")
    return connect(found, info, first=first, after=after)


def _matches(issue: Issue, filters: Mapping[str, Any]) -> bool:
    """What of `IssueFilters` the schema has; a null filter filters nothing."""
    labels = {label.name.lower() for label in issue.labels}
    tests: Mapping[str, Callable[[Any], bool]] = {
        "states": lambda states: issue.state.upper() in states,
        "labels": lambda names: not labels.isdisjoint(name.lower() for name in names),
        "since": lambda since: issue.updated_at >= parse_time(since),
        "assignee": lambda login: (
            bool(issue.assignees) if login == "*" else login in {who.login for who in issue.assignees}
        ),
        "createdBy": lambda login: issue.author is not None and issue.author.login == login,
    }
    return all(tests[name](value) for name, value in filters.items() if value is not None)


def pulls(
    repository: Repository, info: Info, first: int | None = None, after: str | None = None, **given: Any
) -> Connection:
    """The pull requests in these states, oldest first."""
    states = given.get("states")
    found = [pull for pull in repository.issues.values() if pull.pull and (not states or pull_state(pull) in states)]
    found.sort(key=_ORDERS["CREATED_AT"])
    return connect(found, info, first=first, after=after)


def pull_state(pull: Issue) -> str:
    """`OPEN`, `CLOSED` or `MERGED`."""
    merged = pull.pull and pull.pull.merged_at
    return "MERGED" if merged else pull.state.upper()


def closes(pull: Issue, info: Info, first: int | None = None, after: str | None = None) -> Connection:
    """The issues that a pull request will close."""
    return connect(closing.closes(pull, info.context.world), info, first=first, after=after)


def closed_by(issue: Issue, info: Info, first: int | None = None, after: str | None = None, **given: Any) -> Connection:
    """The pull requests that will close an issue: those that are open, unless all are asked for."""
    found = closing.closed_by(issue, info.context.world, closed=bool(given.get("includeClosedPrs")))
    return connect(found, info, first=first, after=after)


def labels(
    repository: Repository, info: Info, first: int | None = None, after: str | None = None, query: str | None = None
) -> Connection:
    """The repository's labels whose names contain `query`."""
    found = [label for label in repository.labels.values() if (query or "").lower() in label.name.lower()]
    return connect(found, info, first=first, after=after)


def projects(source: Any, info: Info, first: int | None = None, after: str | None = None) -> Connection:
    """The organisation's projects."""
    login = owner_login(source)
    found = [project for (owner, _), project in info.context.world.projects.items() if owner == login]
    return connect(found, info, first=first, after=after)


def items(project: Project, info: Info, first: int | None = None, after: str | None = None, **given: Any) -> Connection:
    """The project's items in their order, or in the reverse of it."""
    order = given.get("orderBy") or {"direction": "ASC"}
    shown = "NOT_ARCHIVED" in given["archivedStates"]
    items = project.items if shown else []
    return connect(items if order["direction"] == "ASC" else items[::-1], info, first=first, after=after)
