"""What there is at a repository's owner to be chosen from, for whoever writes the tracker's section of the file.

Projects and issue fields are asked for together. Where that is refused, because the account may not see one of the two
or an older Enterprise Server does not know it, each is asked for by itself, and what can be seen is offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from msgspec import Struct

from trackersync.connector import InputKind, Offer, Offers
from trackersync.errors import ForbiddenError, RejectedError
from trackersync_github import documents
from trackersync_github.answers import Connection
from trackersync_github.client import GitHubClient
from trackersync_github.facts import Field
from trackersync_github.settings import GitHubSettings

_READABLE = frozenset({"NUMBER", "SINGLE_SELECT"})
_REFUSED = (ForbiddenError, RejectedError)


class _Project(Struct):
    number: int
    title: str = ""
    closed: bool = False


class _Fields(Struct):
    fields: Connection[Field]


class _Holder(Struct):
    projects: Connection[_Project] | None = None
    project: _Fields | None = None


class _Repository(Struct):
    issue_fields: Connection[Field] | None = None


class _Answer(Struct):
    repository: _Repository | None = None
    holder: _Holder | None = None


def offers(client: GitHubClient, settings: GitHubSettings) -> Offers:
    """The open projects while none is configured, the fields of the one that is, and the organisation's issue fields.

    What an account may not see is not offered; an error only says why nothing is.
    """
    try:
        return _of_projects(client, settings, issue_fields=True)
    except _REFUSED:
        return _apart(client, settings)


def _apart(client: GitHubClient, settings: GitHubSettings) -> Offers:
    try:
        return _of_projects(client, settings, issue_fields=False)
    except _REFUSED:
        with suppress(*_REFUSED):
            alone = _asked(client, settings, documents.facts(project=False, issue_fields=True))
            if alone.fields:
                return alone
        raise


def _of_projects(client: GitHubClient, settings: GitHubSettings, *, issue_fields: bool) -> Offers:
    project = settings.project
    if project is None:
        return _asked(client, settings, documents.projects(issue_fields=issue_fields))
    document = documents.facts(project=True, issue_fields=issue_fields)
    return _asked(client, settings, document, projectOwner=project.owner, number=project.number)


def _asked(client: GitHubClient, settings: GitHubSettings, document: str, **project: str | int) -> Offers:
    owner, _, name = settings.repository.partition("/")
    variables = {"owner": owner, "name": name, **project}
    answer = client.query(document, variables, _Answer, tolerated=frozenset({"NOT_FOUND"}))
    return Offers(settings=tuple(_projects(answer.holder, owner)), fields=_fields(answer))


def _projects(holder: _Holder | None, owner: str) -> Iterator[Offer]:
    for project in holder.projects.seen if holder and holder.projects else ():
        if not project.closed:
            yield Offer("project", {"owner": owner, "number": project.number}, project.title)


def _fields(answer: _Answer) -> dict[InputKind, tuple[str, ...]]:
    project = answer.holder.project if answer.holder else None
    kinds: dict[InputKind, Connection[Field] | None] = {
        "project_field": project.fields if project else None,
        "issue_field": answer.repository.issue_fields if answer.repository else None,
    }
    readable = {kind: _readable(fields.seen if fields else ()) for kind, fields in kinds.items()}
    return {kind: names for kind, names in readable.items() if names}


def _readable(fields: Iterable[Field]) -> tuple[str, ...]:
    return tuple(sorted(field.name for field in fields if field.type in _READABLE))
