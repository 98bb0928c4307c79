"""What does not change in a run: the repository's id, the project's id and fields, and what this server knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from msgspec import Struct

from trackersync.connector import FieldNames
from trackersync.errors import ForbiddenError, NotFoundError, RejectedError
from trackersync_github import documents
from trackersync_github.answers import Connection, Named
from trackersync_github.client import GitHubClient
from trackersync_github.refused import explain, needed
from trackersync_github.settings import GitHubSettings


class Choice(Struct):
    """An option of a single-select field."""

    id: str
    name: str


class Field(Struct):
    """A field of the project, or that the organisation gives its issues.

    `type` is `NUMBER`, `TEXT`, `SINGLE_SELECT` or what we do not write.
    """

    id: str
    name: str
    type: str
    options: list[Choice] = []


@dataclass(frozen=True, slots=True)
class Project:
    """The configured project; `name` is `acme/7`."""

    id: str
    name: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The field of exactly this name, or a `RejectedError` with the nearest ones."""
        return _named(name, self.fields, f"project {self.name} has no field")


@dataclass(frozen=True, slots=True)
class Facts:
    """Read once a run."""

    repository_id: str
    repository_name: str
    """`owner/name` as GitHub spells it now, even where the file still has a former name."""
    issue_has: frozenset[str]
    """The fields that an issue has on this server: older Enterprise Servers lack some."""
    issue_fields: tuple[Field, ...]
    """Those of the organisation; empty unless some are wanted."""
    project: Project | None

    def issue_field(self, name: str) -> Field:
        """The organisation's issue field of exactly this name, or a `RejectedError` with the nearest ones."""
        return _named(name, self.issue_fields, f"the owner of {self.repository_name} has no issue field")

    def is_here(self, repository: str) -> bool:
        """Whether this is our repository; GitHub's names do not differ by case."""
        return repository.casefold() == self.repository_name.casefold()


class _Project(Struct):
    id: str
    fields: Connection[Field]


class _Holder(Struct):
    project: _Project | None = None


class _Repository(Struct):
    id: str
    full_name: str
    issue_fields: Connection[Field] | None = None


class _Type(Struct):
    fields: list[Named]


class _Answer(Struct):
    repository: _Repository | None = None
    issue: _Type | None = None
    holder: _Holder | None = None


def read_facts(client: GitHubClient, settings: GitHubSettings, wanted: FieldNames) -> Facts:
    """Ask once for everything; what is configured and not there is a `NotFoundError`."""
    owner, _, name = settings.repository.partition("/")
    variables: dict[str, str | int] = {"owner": owner, "name": name}
    if settings.project:
        variables |= {"projectOwner": settings.project.owner, "number": settings.project.number}
    document = documents.facts(project=settings.project is not None, issue_fields=bool(wanted.fields))
    try:
        answer = client.query(document, variables, _Answer, tolerated=frozenset({"NOT_FOUND"}))
    except (ForbiddenError, RejectedError) as error:
        explain(error, client, settings, wanted)
        raise
    if answer.repository is None:
        raise NotFoundError(
            f"repository {settings.repository} was not found",
            hint="check its name, and that the token may see it: a private one looks like none at all",
            tracker=client.tracker,
        )
    return Facts(
        repository_id=answer.repository.id,
        repository_name=answer.repository.full_name,
        issue_has=frozenset(field.name for field in answer.issue.fields) if answer.issue else frozenset(),
        issue_fields=tuple(answer.repository.issue_fields.seen) if answer.repository.issue_fields else (),
        project=_project(client, settings, answer.holder),
    )


def _project(client: GitHubClient, settings: GitHubSettings, holder: _Holder | None) -> Project | None:
    if settings.project is None:
        return None
    if holder is None or holder.project is None:
        raise NotFoundError(
            f"project {settings.project} was not found",
            hint=f"check project.owner and project.number, and that this account may see it: {needed(settings)}",
            tracker=client.tracker,
        )
    return Project(holder.project.id, str(settings.project), tuple(holder.project.fields.seen))


def check_wanted(facts: Facts, wanted: FieldNames, tracker: str) -> None:
    """Raise a `RejectedError` for a wanted field that is not there, with the nearest ones that are."""
    project = facts.project
    for name in sorted(wanted.project_fields):
        if project is None:
            raise RejectedError(
                f"the project field {name!r} is wanted, and no project is configured",
                hint="add project: {owner: …, number: …} to this tracker",
                tracker=tracker,
            )
        _check(f"project {project.name} has no field", name, [field.name for field in project.fields], tracker)
    for name in sorted(wanted.fields):
        present = [field.name for field in facts.issue_fields]
        _check(f"the owner of {facts.repository_name} has no issue field", name, present, tracker)


def _check(what: str, name: str, present: Collection[str], tracker: str) -> None:
    if name not in present:
        # Those that an account may not see are left out of the list, without an error.
        unseen = "" if present else ", or use an account that may see more: a classic token needs the scope read:org"
        hint = f"correct the name{unseen}"
        raise RejectedError(f"{what} {name!r}{nearest(name, present)}", hint=hint, tracker=tracker)


def _named(name: str, fields: Sequence[Field], lacking: str) -> Field:
    for field in fields:
        if field.name == name:
            return field
    raise RejectedError(f"{lacking} {name!r}{nearest(name, (field.name for field in fields))}")


def nearest(name: str, present: Iterable[str]) -> str:
    """`; did you mean 'Effort'?`, or all there are where none is near."""
    names = list(present)
    folded = {candidate.casefold(): candidate for candidate in names}
    close = [folded[match] for match in get_close_matches(name.casefold(), folded, n=3)]
    if close:
        return f"; did you mean {' or '.join(repr(match) for match in close)}?"
    return f"; it has {', '.join(repr(candidate) for candidate in names) or 'none'}"
