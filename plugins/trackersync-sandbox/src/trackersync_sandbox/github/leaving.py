"""How issues leave a repository: deleted, transferred to another, or no longer shown to the account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from trackersync_sandbox.github.records import Issue, Repository, node_id, stable_id
from trackersync_sandbox.github.world import World
from trackersync_sandbox.github.writes import touch
from trackersync_sandbox.state import BadEditError


def remove(world: World, issue: Issue, how: Literal["deleted", "hidden"]) -> None:
    """It is in no list, on no project and no node from now on; its number answers 410 where deleted, 404 where hidden.

    Raises BadEditError for the deletion of a pull request, which GitHub does not know.
    """
    if issue.pull and how == "deleted":
        raise BadEditError(f"github:{issue.key} is a pull request, and GitHub deletes none")
    _leave(world, issue)
    issue.repository.gone[issue.number] = how
    for item in issue.items:
        item.project.items.remove(item)
        world.nodes.pop(item.node_id, None)
    for comment in issue.thread:
        del world.nodes[comment.node_id]
    for other in issue.blocked_by:
        other.blocking.remove(issue)
        other.loaded_dependencies = dict.fromkeys(other.loaded_dependencies, 0)
    for other in issue.blocking:
        other.blocked_by.remove(issue)
        other.loaded_dependencies = dict.fromkeys(other.loaded_dependencies, 0)


def transfer(world: World, issue: Issue, full_name: str) -> None:
    """It goes on in another repository under a new number and new ids, and its old number answers 301.

    A repository that is not there is made. Labels and the milestone go along where it has some of the same name. Raises
    BadEditError for what cannot be transferred.
    """
    if issue.pull:
        raise BadEditError(f"github:{issue.key} is a pull request, and GitHub transfers none")
    if full_name.lower() == issue.repository.full_name.lower():
        raise BadEditError(f"github:{issue.key} is in {issue.repository.full_name} already")
    try:
        to = world.repositories.get(full_name.lower()) or world.add_repository(full_name, ())
    except ValueError as exc:
        raise BadEditError(str(exc)) from exc
    _leave(world, issue)
    issue.repository.gone[issue.number] = issue
    issue.labels = [label for own in issue.labels if (label := to.labels.get(own.name.lower()))]
    titles = {milestone.title: milestone for milestone in to.milestones.values()}
    issue.milestone = titles.get(issue.milestone.title) if issue.milestone else None
    if issue.milestone:
        issue.milestone.issues.append(issue)
    issue.repository, issue.number = to, _next_number(to)
    issue.id, issue.node_id = stable_id(to.full_name, issue.number), node_id("I", to.full_name, issue.number)
    to.issues[issue.number] = world.nodes[issue.node_id] = issue
    touch(issue)


def _leave(world: World, issue: Issue) -> None:
    """Out of the repository, and of all that is told by numbers there."""
    repository = issue.repository
    if parent := issue.parent:
        parent.sub_issues.remove(issue)
        parent.loaded_sub_issues = dict.fromkeys(parent.loaded_sub_issues, 0)
    for part in issue.sub_issues:
        part.parent_number = None
    issue.parent_number, issue.sub_issues = None, []
    issue.loaded_sub_issues = dict.fromkeys(issue.loaded_sub_issues, 0)
    if issue.milestone:
        issue.milestone.issues.remove(issue)
    del repository.issues[issue.number]
    world.nodes.pop(issue.node_id, None)


def _next_number(repository: Repository) -> int:
    """Issues and pull requests share their numbers, and none is given twice."""
    taken: Iterable[int] = (*repository.issues, *repository.gone, 0)
    return max(taken) + 1
