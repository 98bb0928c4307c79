"""The state of a world as JSON that is the same for equal states: names instead of ids, and no times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trackersync_sandbox.github.records import Field, Issue, Project, Repository, Value
from trackersync_sandbox.github.world import World
from trackersync_sandbox.state import JSON


def world_as_json(world: World) -> JSON:
    """Repositories by full name with their issues by number; projects as `acme/7` with their items in order."""
    return {
        "repositories": {repository.full_name: _repository(repository) for repository in world.repositories.values()},
        "projects": {project.key: _project(project) for project in world.projects.values()},
    }


def shown_values(fields: Iterable[Field], values: Mapping[str, Value]) -> JSON:
    """Values by the field's name, as people see them."""
    return {field.name: field.shown(values[field.node_id]) for field in fields if field.node_id in values}


def _repository(repository: Repository) -> JSON:
    labels = {
        label.name: {"color": label.color, "description": label.description} for label in repository.labels.values()
    }
    return {"labels": labels, "issues": {str(issue.number): _issue(issue) for issue in repository.issues.values()}}


def _issue(issue: Issue) -> JSON:
    return {
        "title": issue.title,
        "body": issue.body,
        "state": issue.state,
        "state_reason": issue.state_reason,
        "labels": sorted(label.name for label in issue.labels),
        "assignees": sorted(person.login for person in issue.assignees),
        "milestone": issue.milestone and issue.milestone.title,
        "type": issue.type and issue.type.name,
        "pull_request": issue.pull is not None,
        "blocked_by": sorted(blocker.key for blocker in issue.blocked_by),
        "comments": [{"author": one.author and one.author.login, "body": one.body} for one in issue.thread],
        "fields": shown_values(issue.repository.owner.issue_fields, issue.field_values),
    }


def _project(project: Project) -> JSON:
    return {
        "title": project.title,
        "fields": [{"name": field.name, "type": field.type} for field in project.fields],
        "items": [
            {"issue": item.issue.key, "values": shown_values(project.fields, item.values)} for item in project.items
        ],
    }
