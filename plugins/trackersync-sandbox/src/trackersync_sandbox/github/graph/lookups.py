"""Finds the one thing a query names; what cannot be found is refused as GitHub refuses it."""

from __future__ import annotations

from typing import Any

from trackersync_sandbox.github.graph.context import Info
from trackersync_sandbox.github.graph.refusals import missing, missing_node
from trackersync_sandbox.github.records import Issue, Label, Owner, Person, Project, Repository


def node(_: Any, info: Info, id: str) -> Any:  # noqa: A002 - GitHub's own name
    """Anything with a node id."""
    if id not in info.context.world.nodes:
        raise missing_node(id)
    return info.context.world.nodes[id]


def nodes(_: Any, info: Info, ids: list[str]) -> list[Any]:
    """Null for what is gone, and one error each, at its place in the list."""
    return [info.context.world.nodes.get(one) or missing_node(one) for one in ids]


def repository(_: Any, info: Info, *, owner: str, name: str, **__: Any) -> Repository:
    """By owner and name."""
    found = info.context.world.repositories.get(f"{owner}/{name}".lower())
    if found is None:
        raise missing("Repository", f"name '{owner}/{name}'")
    return found


def organization(_: Any, info: Info, login: str) -> Owner:
    """By login."""
    found = info.context.world.owners.get(login.lower())
    if found is None:
        raise missing("Organization", f"login of '{login}'")
    return found


def user(_: Any, info: Info, login: str) -> Person:
    """By login; organisations are none."""
    world = info.context.world
    people = [world.viewer, *(one for repository in world.repositories.values() for one in repository.people.values())]
    found = next((person for person in people if person.login.lower() == login.lower()), None)
    if found is None:
        raise missing("User", f"login of '{login}'")
    return found


def repository_owner(_: Any, info: Info, login: str) -> Owner | None:
    """By login; null where there is none."""
    return info.context.world.owners.get(login.lower())


def repository_of(source: Owner | Person, info: Info, name: str, **_: Any) -> Repository | None:
    """One of the owner's repositories; null where there is none."""
    return info.context.world.repositories.get(f"{source.login}/{name}".lower())


def issue(repository: Repository, _: Info, number: int) -> Issue:
    """By number; pull requests are none."""
    found = repository.issues.get(number)
    if found is None or found.pull:
        raise missing("Issue", f"number of {number}")
    return found


def label(repository: Repository, _: Info, name: str) -> Label | None:
    """By name; null where there is none."""
    return repository.labels.get(name.lower())


def project(source: Any, info: Info, number: int) -> Project:
    """By number."""
    found = info.context.world.projects.get((owner_login(source), number))
    if found is None:
        raise missing("ProjectV2", f"number {number}")
    return found


def owner_login(source: Any) -> str:
    """Whose projects the object has: those of the organisation it belongs to."""
    if isinstance(source, Issue):
        return source.repository.owner.login.lower()
    owner = source.owner if isinstance(source, Repository) else source
    return str(owner.login).lower()
