"""How each field of the schema is read from the records; what is not listed is read by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any
from urllib.parse import quote

from trackersync_sandbox.github.graph import lists, lookups
from trackersync_sandbox.github.graph.connections import Connection, connect
from trackersync_sandbox.github.graph.context import Info
from trackersync_sandbox.github.graph.objects import FieldValue, issue_field_values, item_value, item_values, type_name
from trackersync_sandbox.github.records import Issue, Item, render_time
from trackersync_sandbox.github.shape import html_url

Resolver = Callable[..., Any]
_ITERATION = timedelta(days=14)
_REACTIONS = {
    "THUMBS_UP": "+1", "THUMBS_DOWN": "-1", "LAUGH": "laugh", "HOORAY": "hooray", "CONFUSED": "confused",
    "HEART": "heart", "ROCKET": "rocket", "EYES": "eyes",
}  # fmt: skip


def resolve_by_name(source: Any, info: Info, **_: Any) -> Any:
    """`createdAt` is that key of a dictionary, or the attribute `created_at` of a record; `id` is its node id."""
    if info.field_name == "id":
        return getattr(source, "node_id", None) or source.id
    if isinstance(source, dict):
        value = source[info.field_name]
    else:
        value = getattr(source, re.sub(r"[A-Z]", lambda found: "_" + found[0].lower(), info.field_name))
    return render_time(value) if isinstance(value, datetime) else value


def resolve_type(value: Any, *_: Any) -> str:
    """The member of a union, or the implementation of an interface."""
    return type_name(value)


def _listed(everything: Callable[[Any], Sequence[Any]]) -> Resolver:
    """A connection over what `everything` gives for the object."""

    def resolve(source: Any, info: Info, first: int | None = None, after: str | None = None, **_: Any) -> Connection:
        return connect(everything(source), info, first=first, after=after)

    return resolve


def _issue_fields(owner_of: Callable[[Any], Any]) -> Resolver:
    """A connection over the issue fields of an organisation that the token may see."""

    def resolve(source: Any, info: Info, first: int | None = None, after: str | None = None, **_: Any) -> Connection:
        return connect(info.context.world.visible_fields(owner_of(source)), info, first=first, after=after)

    return resolve


def _constant(value: Any) -> Resolver:
    return lambda *_, **__: value


def _of(name: str) -> Resolver:
    """The value of another attribute."""
    read = attrgetter(name)
    return lambda source, *_, **__: read(source)


def _rate_limit(_: Any, info: Info, **__: Any) -> Any:
    rate = info.context.budget.rate("graphql")
    reset = render_time(datetime.fromtimestamp(rate.pop("reset"), UTC))
    return {**rate, "resetAt": reset, "cost": info.context.cost.points, "nodeCount": info.context.cost.node_count}


def _field_value_by_name(item: Item, _: Info, name: str) -> Any:
    return item_value(item, item.project.field_named(name))


def _options(field: Any, _: Info, names: list[str] | None = None) -> Any:
    return [option for option in field.options if names is None or option.name in names]


def _page(path: Callable[[Any], str]) -> Resolver:
    """An address on the caller's own base."""
    return lambda source, info, **_: f"{info.context.base}/{path(source)}"


def _state_reason(issue: Issue, _: Info, **__: Any) -> str | None:
    return issue.state_reason.upper() if issue.state_reason else None


def _iteration_start(value: FieldValue, *_: Any) -> str:
    """One iteration follows the other from the day the field was made."""
    place = value.field.options.index(value.option) if value.option else 0
    return (value.field.created_at + place * _ITERATION).date().isoformat()


def _reaction_groups(issue: Issue, *_: Any) -> Any:
    return [
        {"content": content, "reactors": {"totalCount": issue.reactions[key]}} for content, key in _REACTIONS.items()
    ]


def _dependencies(issue: Issue, *_: Any) -> Any:
    counts = issue.dependencies
    return {
        "blockedBy": counts["blocked_by"],
        "blocking": counts["blocking"],
        "totalBlockedBy": counts["total_blocked_by"],
        "totalBlocking": counts["total_blocking"],
    }


def _sub_issues(issue: Issue, *_: Any) -> Any:
    counts = issue.sub_issue_counts
    return {"total": counts["total"], "completed": counts["completed"], "percentCompleted": counts["percent_completed"]}


def _database_id(source: Any, *_: Any) -> int | None:
    """None above 32 bits, which GraphQL's Int cannot hold and GitHub answers so too."""
    return source.id if source.id < 2**31 else None


_OWNER: Mapping[str, Resolver] = {
    "avatarUrl": _page(lambda owner: f"avatars/u/{owner.id}?v=4"),
    "databaseId": _database_id,
    "name": _constant(None),
    "projectV2": lookups.project,
    "projectsV2": lists.projects,
    "repository": lookups.repository_of,
    "resourcePath": lambda owner, *_: f"/{owner.login}",
    "url": _page(lambda owner: owner.login),
}
_ISSUE_OR_PULL: Mapping[str, Resolver] = {
    "author": _of("author"),
    "closed": lambda issue, *_: issue.state == "closed",
    "databaseId": _database_id,
    "labels": _listed(_of("labels")),
    "projectItems": _listed(_of("items")),
    "projectV2": lookups.project,
    "projectsV2": lists.projects,
    "url": lambda issue, info: html_url(issue, info.context.base),
    "viewerCanLabel": _constant(value=True),
}
_ISSUE_FIELD: Mapping[str, Resolver] = {
    "dataType": _of("type"),
    "description": _constant(None),
    "fullDatabaseId": lambda field, *_: str(field.id),
    "visibility": _constant("ALL"),
}
_PROJECT_FIELD: Mapping[str, Resolver] = {
    "dataType": _of("type"),
    "databaseId": _database_id,
    "updatedAt": lambda field, *_: render_time(field.created_at),
}

RESOLVERS: Mapping[str, Mapping[str, Resolver]] = {
    "Query": {
        "node": lookups.node,
        "nodes": lookups.nodes,
        "organization": lookups.organization,
        "rateLimit": _rate_limit,
        "repository": lookups.repository,
        "repositoryOwner": lookups.repository_owner,
        "user": lookups.user,
        "viewer": lambda _, info: info.context.world.viewer,
    },
    "Organization": {**_OWNER, "issueFields": _issue_fields(lambda owner: owner)},
    "User": _OWNER,
    "Repository": {
        "databaseId": _database_id,
        "hasIssuesEnabled": _constant(value=True),
        "isArchived": _constant(value=False),
        "isPrivate": _constant(value=False),
        "issue": lookups.issue,
        "issueFields": _issue_fields(_of("owner")),
        "issues": lists.issues,
        "label": lookups.label,
        "labels": lists.labels,
        "nameWithOwner": _of("full_name"),
        "projectV2": lookups.project,
        "projectsV2": lists.projects,
        "pullRequests": lists.pulls,
        "url": _page(_of("full_name")),
        "viewerCanAdminister": _constant(value=True),
        "viewerPermission": _constant("ADMIN"),
    },
    "Issue": {
        **_ISSUE_OR_PULL,
        "assignees": _listed(_of("assignees")),
        "authorAssociation": _of("association"),
        "blockedBy": _listed(_of("blocked_by")),
        "blocking": _listed(_of("blocking")),
        "body": lambda issue, *_: issue.body or "",
        "bodyText": lambda issue, *_: issue.body or "",
        "closedByPullRequestsReferences": lists.closed_by,
        "comments": _listed(_of("all_comments")),
        "fullDatabaseId": lambda issue, *_: str(issue.id),
        "issueDependenciesSummary": _dependencies,
        "issueFieldValues": _listed(issue_field_values),
        "issueType": _of("type"),
        "reactionGroups": _reaction_groups,
        "reactions": lambda issue, *_, **__: {"totalCount": sum(issue.reactions.values())},
        "resourcePath": lambda issue, *_: f"/{issue.repository.full_name}/issues/{issue.number}",
        "state": lambda issue, *_: issue.state.upper(),
        "stateReason": _state_reason,
        "subIssues": _listed(_of("sub_issues")),
        "subIssuesSummary": _sub_issues,
        "viewerCanUpdate": _constant(value=True),
    },
    "PullRequest": {
        **_ISSUE_OR_PULL,
        "closingIssuesReferences": lists.closes,
        "isDraft": _of("pull.draft"),
        "merged": lambda pull, *_: pull.pull.merged_at is not None,
        "state": lambda pull, *_: lists.pull_state(pull),
    },
    "IssueComment": {
        "viewerCanUpdate": _constant(value=True),
        "viewerDidAuthor": lambda comment, info: comment.author is info.context.world.viewer,
    },
    "IssueType": {"isEnabled": _constant(value=True)},
    "Label": {
        "isDefault": _of("default"),
        "url": _page(lambda label: f"{label.repository.full_name}/labels/{quote(label.name, safe='')}"),
    },
    "Milestone": {
        "state": lambda milestone, *_: milestone.state.upper(),
        "url": _page(lambda milestone: f"{milestone.issues[0].repository.full_name}/milestone/{milestone.number}"),
    },
    "ReactionGroup": {"reactors": lambda group, *_, **__: group["reactors"]},
    "ProjectV2": {
        "closed": _constant(value=False),
        "databaseId": _database_id,
        "field": lambda project, _, name: project.field_named(name),
        "fields": _listed(_of("fields")),
        "fullDatabaseId": lambda project, *_: str(project.id),
        "items": lists.items,
        "public": _constant(value=False),
        "updatedAt": lambda project, *_: render_time(project.created_at),
        "url": _page(lambda project: f"orgs/{project.owner.login}/projects/{project.number}"),
        "viewerCanUpdate": _constant(value=True),
    },
    "ProjectV2Field": _PROJECT_FIELD,
    "ProjectV2IterationField": _PROJECT_FIELD,
    "ProjectV2SingleSelectField": {**_PROJECT_FIELD, "options": _options},
    "ProjectV2Item": {
        "content": _of("issue"),
        "databaseId": _database_id,
        "fieldValueByName": _field_value_by_name,
        "fieldValues": _listed(item_values),
        "fullDatabaseId": lambda item, *_: str(item.id),
        "isArchived": _constant(value=False),
        "type": lambda item, *_: "PULL_REQUEST" if item.issue.pull else "ISSUE",
    },
    "ProjectV2ItemFieldDateValue": {"date": _of("value")},
    "ProjectV2ItemFieldNumberValue": {"number": _of("value")},
    "ProjectV2ItemFieldTextValue": {"text": _of("value")},
    "ProjectV2ItemFieldIterationValue": {
        "duration": _constant(_ITERATION.days),
        "iterationId": _of("value"),
        "startDate": _iteration_start,
        "title": _of("option.name"),
    },
    "ProjectV2ItemFieldSingleSelectValue": {
        "color": _of("option.color"),
        "description": _of("option.description"),
        "name": _of("option.name"),
        "optionId": _of("value"),
    },
    "UpdateProjectV2ItemPositionPayload": {"items": _listed(lambda payload: payload["items"])},
    "IssueFieldDate": _ISSUE_FIELD,
    "IssueFieldNumber": _ISSUE_FIELD,
    "IssueFieldText": _ISSUE_FIELD,
    "IssueFieldSingleSelect": _ISSUE_FIELD,
    "IssueFieldMultiSelect": _ISSUE_FIELD,
    "IssueFieldMultiSelectValue": {"value": lambda value, *_: ", ".join(option.name for option in value.options)},
    "IssueFieldSingleSelectOption": {
        "databaseId": _of("number"),
        "fullDatabaseId": lambda option, *_: str(option.number),
        "priority": _constant(None),
    },
    "IssueFieldSingleSelectValue": {
        "color": _of("option.color"),
        "description": _of("option.description"),
        "name": _of("option.name"),
        "optionId": _of("value"),
        "value": _of("option.name"),
    },
}
