"""Filters, sorts and pages a repository's issues the way `GET /repos/{owner}/{repo}/issues` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar
from urllib.parse import urlencode

from trackersync_sandbox.github.records import Issue, parse_time
from trackersync_sandbox.state import Call

T = TypeVar("T")
Test = Callable[[Issue], bool]
MAX_PAGE = 100
_DEFAULT_PAGE = 30
CHOICES = {
    "state": ("open", "closed", "all"),
    "sort": ("created", "updated", "comments"),
    "direction": ("desc", "asc"),
}
"""Parameters with a fixed set of values, the default first."""
_SORT_KEYS = {
    "created": attrgetter("created_at", "number"),
    "updated": attrgetter("updated_at", "number"),
    "comments": attrgetter("comments", "number"),
}


class InvalidParameterError(ValueError):
    """A parameter has a value GitHub refuses."""

    def __init__(self, field: str, value: str) -> None:
        super().__init__(f"{field}={value}")
        self.field = field
        self.value = value


def select_issues(issues: Sequence[Issue], parameters: Mapping[str, str]) -> list[Issue]:
    """The issues a query asks for, in its order. Raises InvalidParameterError."""
    chosen = {name: parameters.get(name, values[0]) for name, values in CHOICES.items()}
    for name, choice in chosen.items():
        if choice not in CHOICES[name]:
            raise InvalidParameterError(name, choice)
    given = {**parameters, "state": chosen["state"]}
    found = list(issues)
    tests = [make(given[name]) for name, make in _FILTERS.items() if given.get(name)]
    for test in filter(None, tests):
        found = [issue for issue in found if test(issue)]
    return sorted(found, key=_SORT_KEYS[chosen["sort"]], reverse=chosen["direction"] == "desc")


def page_of(call: Call, everything: Sequence[T]) -> tuple[Sequence[T], dict[str, str]]:
    """One page of a list, and the Link header to the others (none where one page holds all)."""
    size = min(_whole(call, "per_page", _DEFAULT_PAGE), MAX_PAGE)
    page = _whole(call, "page", 1)
    last = max(1, -(-len(everything) // size))
    wanted = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    if page >= last:
        del wanted["next"], wanted["last"]
    if page == 1:
        del wanted["prev"], wanted["first"]
    links = ", ".join(f'<{_address(call, number)}>; rel="{rel}"' for rel, number in wanted.items())
    return everything[(page - 1) * size : page * size], {"Link": links} if links else {}


def _in_state(state: str) -> Test | None:
    """None lets everything through, at no cost for long lists."""
    return None if state == "all" else lambda issue: issue.state == state


def _with_labels(names: str) -> Test:
    wanted = {name.strip().lower() for name in names.split(",")}
    return lambda issue: wanted <= {label.name.lower() for label in issue.labels}


def _in_milestone(text: str) -> Test:
    if text in _ANY_OR_NONE:
        return lambda issue: (issue.milestone is not None) == (text == "*")
    if not text.isdecimal():
        raise InvalidParameterError("milestone", text)
    return lambda issue: issue.milestone is not None and issue.milestone.number == int(text)


def _of_type(name: str) -> Test:
    if name in _ANY_OR_NONE:
        return lambda issue: (issue.type is not None) == (name == "*")
    return lambda issue: issue.type is not None and issue.type.name.lower() == name.lower()


def _assigned(login: str) -> Test:
    if login in _ANY_OR_NONE:
        return lambda issue: bool(issue.assignees) == (login == "*")
    return lambda issue: login in {person.login for person in issue.assignees}


def _created_by(login: str) -> Test:
    return lambda issue: issue.author is not None and issue.author.login == login


def _since(text: str) -> Test:
    try:
        moment = parse_time(text)
    except ValueError as exc:
        raise InvalidParameterError("since", text) from exc
    return lambda issue: issue.updated_at >= moment


_ANY_OR_NONE = ("*", "none")
_FILTERS: Mapping[str, Callable[[str], Test | None]] = {
    "state": _in_state,
    "labels": _with_labels,
    "milestone": _in_milestone,
    "type": _of_type,
    "assignee": _assigned,
    "creator": _created_by,
    "since": _since,
}


def _whole(call: Call, name: str, default: int) -> int:
    """A positive number, or the default for anything else, as GitHub takes it."""
    text = call.request.args.get(name, "")
    return int(text) if text.isdecimal() and int(text) > 0 else default


def _address(call: Call, page: int) -> str:
    parameters: dict[str, Any] = {**call.request.args.to_dict(), "page": page}
    return f"{call.request.base_url}?{urlencode(parameters)}"
