"""Renders records in exactly the shape GitHub's REST API gives them; every link starts with the caller's base."""

from __future__ import annotations

from urllib.parse import quote

from trackersync_sandbox.github.records import (
    Field,
    Issue,
    IssueType,
    Label,
    Milestone,
    Owner,
    Person,
    Repository,
    Value,
    render_time,
)
from trackersync_sandbox.state import JSON

_PLACES = ("followers", "subscriptions", "repos", "received_events")
_REPOSITORY_PATHS = {
    "archive": "/{archive_format}{/ref}", "assignees": "{/user}", "blobs": "/git/blobs{/sha}",
    "branches": "{/branch}", "collaborators": "{/collaborator}", "comments": "{/number}", "commits": "{/sha}",
    "compare": "/{base}...{head}", "contents": "/{+path}", "contributors": "", "deployments": "", "downloads": "",
    "events": "", "forks": "", "hooks": "", "issues": "{/number}", "keys": "{/key_id}", "labels": "{/name}",
    "languages": "", "merges": "", "milestones": "{/number}", "notifications": "{?since,all,participating}",
    "pulls": "{/number}", "releases": "{/id}", "stargazers": "", "statuses": "/{sha}", "subscribers": "",
    "subscription": "", "tags": "", "teams": "", "trees": "/git/trees{/sha}",
}  # fmt: skip


def repository_url(repository: Repository, base: str) -> str:
    """The API's address of a repository."""
    return f"{base}/repos/{repository.full_name}"


def html_url(issue: Issue, base: str) -> str:
    """What a person would open."""
    return f"{base}/{issue.repository.full_name}/{'pull' if issue.pull else 'issues'}/{issue.number}"


def render_person(person: Person | Owner | None, base: str) -> JSON | None:
    """The schema `simple-user`."""
    if person is None:
        return None
    api = f"{base}/users/{person.login}"
    return {
        "login": person.login,
        "id": person.id,
        "node_id": person.node_id,
        "avatar_url": f"{base}/avatars/u/{person.id}?v=4",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{base}/{person.login}",
        **{f"{place}_url": f"{api}/{place}" for place in _PLACES},
        "organizations_url": f"{api}/orgs",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "events_url": f"{api}/events{{/privacy}}",
        "type": person.type if isinstance(person, Person) else "Organization",
        "user_view_type": "public",
        "site_admin": person.site_admin if isinstance(person, Person) else False,
    }


def render_label(label: Label, base: str) -> JSON:
    """The schema `label`."""
    return {
        "id": label.id,
        "node_id": label.node_id,
        "url": f"{repository_url(label.repository, base)}/labels/{quote(label.name, safe='')}",
        "name": label.name,
        "color": label.color,
        "default": label.default,
        "description": label.description,
    }


def render_issue(issue: Issue, base: str) -> JSON:
    """The schema `issue`."""
    url = f"{repository_url(issue.repository, base)}/issues/{issue.number}"
    assignees = [render_person(person, base) for person in issue.assignees]
    return {
        **_links(issue, url, base),
        "id": issue.id,
        "node_id": issue.node_id,
        "number": issue.number,
        "title": issue.title,
        "user": render_person(issue.author, base),
        "labels": [render_label(label, base) for label in issue.labels],
        "state": issue.state,
        "locked": issue.locked,
        "assignees": assignees,
        "assignee": assignees[0] if assignees else None,
        "milestone": _milestone(issue.repository, issue.milestone, base),
        "comments": issue.comments,
        "created_at": render_time(issue.created_at),
        "updated_at": render_time(issue.updated_at),
        "closed_at": render_time(issue.closed_at) if issue.closed_at else None,
        "author_association": issue.association,
        "type": _type(issue.type),
        "active_lock_reason": issue.lock_reason,
        "body": issue.body,
        "closed_by": render_person(issue.closed_by, base),
        "reactions": {"url": f"{url}/reactions", "total_count": sum(issue.reactions.values()), **issue.reactions},
        "performed_via_github_app": None,
        "state_reason": issue.state_reason,
        "pinned_comment": None,
        **(_pull(issue, base) if issue.pull else _planning(issue, base)),
    }


def render_field_value(field: Field, value: Value) -> JSON:
    """The schema `issue-field-value`."""
    options = [{"id": one.number, "name": one.name, "color": one.color.lower()} for one in field.chosen(value)]
    several = field.type == "MULTI_SELECT"
    shown = field.shown(value)
    return {
        "issue_field_id": field.id,
        "issue_field_name": field.name,
        "node_id": field.node_id,
        "data_type": field.type.lower(),
        "value": ", ".join(shown) if isinstance(shown, tuple) else shown,
        "single_select_option": options[0] if options and not several else None,
        "multi_select_options": options if several else None,
    }


def render_issue_field(field: Field) -> JSON:
    """The schema `issue-field`."""
    moment = render_time(field.created_at)
    options = [
        {"id": option.number, "name": option.name, "description": option.description, "color": option.color.lower(),
         "priority": place, "created_at": moment, "updated_at": moment}
        for place, option in enumerate(field.options, start=1)
    ]  # fmt: skip
    return {
        "id": field.id,
        "node_id": field.node_id,
        "name": field.name,
        "description": None,
        "data_type": field.type.lower(),
        "visibility": "all",
        "options": options or None,
        "created_at": moment,
        "updated_at": moment,
    }


def render_repository(repository: Repository, base: str) -> JSON:
    """The schema `full-repository`."""
    api = repository_url(repository, base)
    page = f"{base}/{repository.full_name}"
    opened = sum(issue.state == "open" for issue in repository.issues.values())
    owner = render_person(repository.owner, base)
    moment = render_time(repository.created_at)
    roots = {"archive": "", "blobs": "", "trees": ""}
    return {
        **{f"{name}_url": f"{api}{roots.get(name, '/' + name)}{rest}" for name, rest in _REPOSITORY_PATHS.items()},
        "git_commits_url": f"{api}/git/commits{{/sha}}", "git_refs_url": f"{api}/git/refs{{/sha}}",
        "git_tags_url": f"{api}/git/tags{{/sha}}", "issue_comment_url": f"{api}/issues/comments{{/number}}",
        "issue_events_url": f"{api}/issues/events{{/number}}",
        "id": repository.id, "node_id": repository.node_id, "name": repository.name,
        "full_name": repository.full_name, "owner": owner, "organization": owner, "private": False,
        "html_url": page, "url": api, "clone_url": f"{page}.git", "git_url": f"{page}.git", "ssh_url": f"{page}.git",
        "svn_url": page, "mirror_url": None, "homepage": None, "description": None, "language": None,
        "license": None, "fork": False, "archived": False, "disabled": False, "default_branch": "main",
        "visibility": "public", "size": 0, "has_issues": True, "has_projects": True, "has_wiki": False,
        "has_pages": False, "has_discussions": False, "forks": 0, "forks_count": 0, "network_count": 0,
        "stargazers_count": 0, "watchers": 0, "watchers_count": 0, "subscribers_count": 0,
        "open_issues": opened, "open_issues_count": opened,
        "permissions": {"admin": True, "maintain": True, "push": True, "triage": True, "pull": True},
        "created_at": moment, "updated_at": moment, "pushed_at": moment,
    }  # fmt: skip


def _links(issue: Issue, url: str, base: str) -> JSON:
    return {
        "url": url,
        "repository_url": repository_url(issue.repository, base),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": html_url(issue, base),
    }


def _planning(issue: Issue, base: str) -> JSON:
    """What issues have and pull requests lack."""
    fields = {field.node_id: field for field in issue.repository.owner.issue_fields}
    parent = issue.parent
    return {
        "sub_issues_summary": issue.sub_issue_counts,
        "issue_dependencies_summary": issue.dependencies,
        "parent_issue_url": parent and f"{repository_url(parent.repository, base)}/issues/{parent.number}",
        "issue_field_values": [render_field_value(fields[key], value) for key, value in issue.field_values.items()],
    }


def _pull(issue: Issue, base: str) -> JSON:
    assert issue.pull is not None
    page = html_url(issue, base)
    api = f"{repository_url(issue.repository, base)}/pulls/{issue.number}"
    addresses = {"url": api, "html_url": page, "diff_url": f"{page}.diff", "patch_url": f"{page}.patch"}
    return {"draft": issue.pull.draft, "pull_request": {**addresses, "merged_at": issue.pull.merged_at}}


def _milestone(repository: Repository, milestone: Milestone | None, base: str) -> JSON | None:
    if milestone is None:
        return None
    url = f"{repository_url(repository, base)}/milestones/{milestone.number}"
    opened = sum(issue.state == "open" for issue in milestone.issues)
    return {
        "url": url,
        "html_url": f"{base}/{repository.full_name}/milestone/{milestone.number}",
        "labels_url": f"{url}/labels",
        "id": milestone.id,
        "node_id": milestone.node_id,
        "number": milestone.number,
        "title": milestone.title,
        "description": milestone.description,
        "creator": render_person(milestone.creator, base),
        "open_issues": opened,
        "closed_issues": len(milestone.issues) - opened,
        "state": milestone.state,
        "created_at": milestone.created_at,
        "updated_at": milestone.updated_at,
        "due_on": milestone.due_on,
        "closed_at": milestone.closed_at,
    }


def _type(kind: IssueType | None) -> JSON | None:
    if kind is None:
        return None
    return {
        "id": kind.id,
        "node_id": kind.node_id,
        "name": kind.name,
        "description": kind.description,
        "color": kind.color,
        "created_at": "2024-01-25T09:27:30Z",
        "updated_at": "2024-01-25T09:27:30Z",
        "is_enabled": True,
    }
