"""Turns issues in the API's form into records; keys an older export lacks get GitHub's own defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from trackersync_sandbox.github.records import (
    Issue,
    IssueType,
    Label,
    Milestone,
    Person,
    PullRequest,
    Repository,
    node_id,
    parse_time,
    stable_id,
)
from trackersync_sandbox.state import JSON

REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
_DEPENDENCIES = ("blocked_by", "total_blocked_by", "blocking", "total_blocking")
_SUB_ISSUES = ("total", "completed", "percent_completed")
_LONG_AGO = "2020-01-01T00:00:00Z"


def read_issue(repository: Repository, raw: JSON) -> Issue:
    """The record of one listed issue or pull request, added to its repository.

    Raises ValueError for what is no issue as GitHub lists them.
    """
    number = raw.get("number")
    try:
        if not isinstance(number, int):
            raise TypeError("it has no number")  # noqa: TRY301 - told like everything else that is wrong with it
        issue = _issue(repository, number, raw)
    except (KeyError, TypeError, AttributeError, ValueError) as exc:
        raise ValueError(f"issue {number} of {repository.full_name} is not as GitHub lists them: {exc!r}") from exc
    repository.issues[number] = issue
    if issue.milestone:
        issue.milestone.issues.append(issue)
    return issue


def read_label(repository: Repository, raw: JSON | str) -> Label:
    """The repository's label, made at first sight; lists may hold plain names."""
    given: JSON = {"name": raw} if isinstance(raw, str) else raw
    name = given["name"]
    key = (repository.full_name, name)
    return repository.labels.setdefault(
        name.lower(),
        Label(
            repository,
            given.get("id") or stable_id("label", *key),
            given.get("node_id") or node_id("LA", *key),
            name,
            given.get("color") or "ededed",
            bool(given.get("default")),
            given.get("description"),
        ),
    )


def read_person(repository: Repository, raw: JSON | str | None) -> Person | None:
    """The person, one record for all their issues; lists may hold plain logins."""
    given: JSON = {"login": raw} if isinstance(raw, str) else raw or {}
    login = given.get("login")
    if not login:
        return None
    return repository.people.setdefault(
        login,
        Person(
            login,
            given.get("id") or stable_id("user", login),
            given.get("node_id") or node_id("U", login),
            given.get("type") or "User",
            bool(given.get("site_admin")),
        ),
    )


def _issue(repository: Repository, number: int, raw: JSON) -> Issue:
    key = (repository.full_name, number)
    created = raw.get("created_at") or _LONG_AGO
    closed = raw.get("closed_at")
    return Issue(
        repository=repository,
        number=number,
        id=raw.get("id") or stable_id(*key),
        node_id=raw.get("node_id") or node_id("I", *key),
        title=raw.get("title") or "",
        body=raw.get("body"),
        state=raw.get("state") or "open",
        state_reason=raw.get("state_reason"),
        author=read_person(repository, raw.get("user")),
        association=raw.get("author_association") or "NONE",
        labels=[read_label(repository, label) for label in raw.get("labels") or ()],
        assignees=[person for who in raw.get("assignees") or () if (person := read_person(repository, who))],
        milestone=_milestone(repository, raw.get("milestone")),
        type=_type(repository, raw.get("type")),
        loaded_comments=raw.get("comments") or 0,
        reactions=_counts(raw.get("reactions"), REACTIONS),
        locked=bool(raw.get("locked")),
        lock_reason=raw.get("active_lock_reason"),
        created_at=parse_time(created),
        updated_at=parse_time(raw.get("updated_at") or closed or created),
        closed_at=parse_time(closed) if closed else None,
        closed_by=read_person(repository, raw.get("closed_by")),
        pull=_pull(raw),
        parent_number=_parent(raw),
        loaded_dependencies=_counts(raw.get("issue_dependencies_summary"), _DEPENDENCIES),
        loaded_sub_issues=_counts(raw.get("sub_issues_summary"), _SUB_ISSUES),
    )


def _milestone(repository: Repository, raw: JSON | None) -> Milestone | None:
    if not raw:
        return None
    number = raw["number"]
    created = raw.get("created_at") or _LONG_AGO
    milestone = Milestone(
        number=number,
        id=raw.get("id") or stable_id("milestone", repository.full_name, number),
        node_id=raw.get("node_id") or node_id("MI", repository.full_name, number),
        title=raw["title"],
        description=raw.get("description"),
        state=raw.get("state") or "open",
        creator=read_person(repository, raw.get("creator")),
        created_at=created,
        updated_at=raw.get("updated_at") or created,
        closed_at=raw.get("closed_at"),
        due_on=raw.get("due_on"),
    )
    return repository.milestones.setdefault(number, milestone)


def _type(repository: Repository, raw: JSON | str | None) -> IssueType | None:
    if not raw:
        return None
    given: JSON = {"name": raw} if isinstance(raw, str) else raw
    name = given["name"]
    return repository.types.setdefault(
        name,
        IssueType(
            given.get("id") or stable_id("type", repository.owner.login, name),
            given.get("node_id") or node_id("IT", repository.owner.login, name),
            name,
            given.get("description"),
            given.get("color"),
        ),
    )


def _pull(raw: JSON) -> PullRequest | None:
    pull = raw.get("pull_request")
    return None if pull is None else PullRequest(pull.get("merged_at"), bool(raw.get("draft")))


def _parent(raw: JSON) -> int | None:
    found = re.search(r"/issues/(\d+)$", raw.get("parent_issue_url") or "")
    return int(found[1]) if found else None


def _counts(raw: Mapping[str, Any] | None, keys: tuple[str, ...]) -> dict[str, int]:
    return {key: int((raw or {}).get(key) or 0) for key in keys}
