"""What there is at a repository's owner to be chosen from, for whoever writes the tracker's section of the file."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from trackersync.connector import FieldNames, Offer, Offers
from trackersync_github import documents
from trackersync_github.answers import Connection
from trackersync_github.client import GitHubClient
from trackersync_github.facts import read_facts
from trackersync_github.settings import GitHubSettings

_READABLE = frozenset({"NUMBER", "SINGLE_SELECT"})


class _Project(Struct):
    number: int
    title: str = ""
    closed: bool = False


class _Holder(Struct):
    projects: Connection[_Project] | None = None


class _Answer(Struct):
    holder: _Holder | None = None


def offers(client: GitHubClient, settings: GitHubSettings) -> Offers:
    """The open projects while none is configured, and the fields of the one that is."""
    if settings.project is None:
        return Offers(settings=tuple(_projects(client, settings.repository.partition("/")[0])))
    project = read_facts(client, settings, FieldNames()).project
    fields = project.fields if project else ()
    return Offers(fields={"project_field": tuple(sorted(each.name for each in fields if each.type in _READABLE))})


def _projects(client: GitHubClient, owner: str) -> Iterator[Offer]:
    answer = client.query(documents.PROJECTS, {"owner": owner}, _Answer, tolerated=frozenset({"NOT_FOUND"}))
    found = answer.holder.projects.seen if answer.holder and answer.holder.projects else []
    for project in found:
        if not project.closed:
            yield Offer("project", {"owner": owner, "number": project.number}, project.title)
