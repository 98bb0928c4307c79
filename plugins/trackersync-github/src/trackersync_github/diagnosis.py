"""Looks for everything that is missing on GitHub or will bite, in six requests at most; sends no write.

Where a server refuses a question about what it may not know, one more asks what that is.

| probe | asks for |
| --- | --- |
| budget and account | `GET /rate_limit`, which costs nothing: what is left, and in its headers scopes, expiry, time |
| repository | `GET /repos/{owner}/{repo}`: is it there, archived, and what may we do |
| issues | one issue of the list, as every read asks for it |
| milestone | with `select.milestone`: all there are, one request more for each 100 |
| project | with `project`: its fields and their options, and whether we may write to it |
| issue fields | where some are read: those that are visible |
| labels | where the account may not create them: those that are there |
| mail | nothing: it is known what GitHub sends |
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from msgspec import Meta, Struct

from trackersync.connector import FieldNames
from trackersync.diagnosis import Finding, Written, clock_skew, examine
from trackersync.errors import ForbiddenError, NotFoundError, RejectedError
from trackersync.transport import Response
from trackersync_github import documents
from trackersync_github.account import (
    expiry_findings,
    lacking,
    needs_of,
    scope_findings,
    scopes_of,
    version_findings,
)
from trackersync_github.answers import Connection, Milestone
from trackersync_github.client import GitHubClient
from trackersync_github.facts import Field, nearest, read_facts
from trackersync_github.refused import explain, needed
from trackersync_github.settings import GitHubSettings, ProjectSettings

_LOW = 0.1
"""The share of an hour's budget below which it is told."""
_LAST_SECOND = 253402300799


class _Rate(Struct):
    limit: int
    remaining: int
    reset: Annotated[int, Meta(ge=0, le=_LAST_SECOND)]


class _Limits(Struct):
    resources: dict[str, _Rate]


class _Roles(Struct):
    pull: bool = False
    triage: bool = False
    push: bool = False


class _Repository(Struct):
    full_name: str
    archived: bool = False
    has_issues: bool = True
    permissions: _Roles | None = None


class _Project(Struct):
    fields: Connection[Field]
    closed: bool = False
    may_write: bool = True


class _Holder(Struct):
    project: _Project | None = None


class _Answer(Struct):
    holder: _Holder | None = None


class _Labels(Struct):
    repository: dict[str, Any] | None = None


class Diagnosis:
    """One examination of one repository and its project."""

    def __init__(
        self,
        client: GitHubClient,
        settings: GitHubSettings,
        wanted: FieldNames,
        written: Written,
        *,
        now: datetime,
        kept: str,
    ) -> None:
        """`kept` says where the token is kept."""
        self._client = client
        self._settings = settings
        self._wanted = wanted
        self._written = written
        self._now = now
        self._kept = kept
        self._needs = needs_of(settings, wanted, written)
        self._account: Response | None = None
        self._there = True
        self._has_issues = True
        self._roles = _Roles(pull=True, triage=True, push=True)

    def findings(self) -> Iterator[Finding]:
        """Everything found."""
        milestone = self._settings.select.milestone
        probes = [self._budget, self._repository, self._issues]
        probes += [partial(self._milestone, milestone)] if milestone else []
        probes += [partial(self._project, self._settings.project)] if self._settings.project else []
        probes += [self._issue_fields] if self._wanted.fields else []
        return examine([*probes, self._labels, self._mail])

    def _budget(self) -> Iterator[Finding]:
        try:
            response = self._client.get("rate_limit")
        except NotFoundError:
            return  # an Enterprise Server without limits
        yield from self._of_account(response)
        resources = response.json(_Limits).resources
        for name, words in (("core", "REST requests"), ("graphql", "GraphQL points")):
            if rate := resources.get(name):
                # By GitHub's clock, as the reset itself.
                yield _left(rate, words, response.date or self._now)

    def _of_account(self, response: Response) -> Iterator[Finding]:
        """What the headers of the first answer tell; those of the others say the same."""
        if self._account is not None:
            return
        self._account = response
        yield from scope_findings(self._needs, scopes_of(response.headers))
        if self._settings.app is None:
            yield from expiry_findings(response.headers, self._now, kept=self._kept)
        yield from version_findings(response.headers)
        yield from clock_skew(response.headers, self._now)

    def _repository(self) -> Iterator[Finding]:
        name = self._settings.repository
        try:
            response = self._client.get(f"repos/{name}")
        except NotFoundError:
            self._there = False
            yield Finding(
                "error",
                f"repository {name} was not found",
                "check `repository`, and that the token may see it: a private one looks like none at all",
            )
            return
        yield from self._of_account(response)
        found = response.json(_Repository)
        self._has_issues = found.has_issues
        if found.full_name.casefold() != name.casefold():
            yield Finding("warning", f"repository {name} is now {found.full_name}", "write that as `repository`")
        if not found.has_issues:
            yield Finding("error", f"{name} has no issues", "switch them on in the repository's settings, Features")
        if self._written.anything and found.archived:
            yield Finding("error", f"{name} is archived: nothing in it can be written", "unarchive it in its settings")
        # Of an App's token GitHub tells no roles at all: then there is not even that of a reader.
        if found.permissions and found.permissions.pull:
            self._roles = found.permissions
        if self._written.fields and not self._roles.push:
            yield Finding(
                "error",
                f"the account may not set the issue fields of {name}",
                "give it the role Write in the repository's settings",
            )
        if self._written.labels and not (self._roles.triage or self._roles.push):
            yield Finding(
                "error",
                f"the account may not label issues of {name}",
                "give it the role Write in the repository's settings",
            )

    def _issues(self) -> Iterator[Finding]:
        if self._there and self._has_issues:
            self._client.get(f"repos/{self._settings.repository}/issues", {"per_page": 1})
        yield from ()

    def _milestone(self, title: str) -> Iterator[Finding]:
        if not self._there:
            return
        name = self._settings.repository
        pages = self._client.pages(f"repos/{name}/milestones", {"state": "all"}, Milestone)
        present = [milestone.title for page in pages for milestone in page]
        if title not in present:
            what = f"{name} has no milestone {title!r}{nearest(title, present)}"
            yield Finding("error", what, "correct select.milestone, or make the milestone")

    def _project(self, settings: ProjectSettings) -> Iterator[Finding]:
        variables = {"owner": settings.owner, "number": settings.number}
        # Not to be seen for want of the scope is what the missing scope says already.
        tolerated = {"NOT_FOUND", "INSUFFICIENT_SCOPES"} if self._lacks("project") else {"NOT_FOUND"}
        try:
            answer = self._client.query(documents.PROJECT, variables, _Answer, tolerated=frozenset(tolerated))
        except (ForbiddenError, RejectedError) as error:
            explain(error, self._client, self._settings, FieldNames())
            raise
        project = answer.holder.project if answer.holder else None
        if project is None:
            if not self._lacks("project"):
                seen = f"that this account may see it: {needed(self._settings)}"
                do = f"check project.owner and project.number, and {seen}"
                yield Finding("error", f"project {settings} was not found", do)
            return
        if project.closed:
            yield Finding("warning", f"project {settings} is closed", "reopen it, or name the one that took its place")
        writes = self._written.project_fields or self._written.order or self._written.add_to_project
        if writes and not project.may_write and not self._lacks("project"):
            yield Finding(
                "error",
                f"the account may not write to project {settings}",
                "give it the role Write in the project's settings",
            )
        yield from self._fields(f"project {settings}", project.fields.seen)

    def _fields(self, place: str, fields: list[Field]) -> Iterator[Finding]:
        present = {field.name: field for field in fields}
        for name in sorted(self._wanted.project_fields | self._written.project_fields.keys()):
            field = present.get(name)
            if field is None:
                yield Finding("error", f"{place} has no field {name!r}{nearest(name, present)}", _CORRECT)
            elif name in self._written.project_fields:
                yield from _unfit(place, field, self._written.project_fields[name], "the project's settings")

    def _issue_fields(self) -> Iterator[Finding]:
        if not self._there:
            return
        alone = self._settings.model_copy(update={"project": None})
        visible = {field.name: field for field in read_facts(self._client, alone, self._wanted).issue_fields}
        asked, owner = sorted(self._wanted.fields), self._settings.repository.partition("/")[0]
        if not visible:
            names = ", ".join(map(repr, asked))
            yield Finding("error", f"no issue fields are to be seen, {names} among them", _NO_FIELDS)
            return
        for name in asked:
            if name not in visible:
                yield Finding("error", f"{owner} has no issue field {name!r}{nearest(name, visible)}", _CORRECT)
            elif name in self._written.fields:
                yield from _unfit(owner, visible[name], self._written.fields[name], "the organisation's settings")

    def _labels(self) -> Iterator[Finding]:
        names = self._written.labels
        if not names or self._roles.push or not self._roles.triage or not self._there:
            return
        owner, _, name = self._settings.repository.partition("/")
        variables = {"owner": owner, "name": name} | {f"l{i}": label for i, label in enumerate(names)}
        found = self._client.query(documents.labels(len(names)), variables, _Labels).repository or {}
        missing = [label for i, label in enumerate(names) if not found.get(f"l{i}")]
        if missing:
            yield Finding(
                "error",
                f"the labels {', '.join(map(repr, missing))} do not exist, and the account may not create them",
                "create them on the repository's page of labels, or give the account the role Write",
            )

    def _mail(self) -> Iterator[Finding]:
        if self._written.comment and not self._written.notify:
            yield Finding(
                "warning",
                "those who watch an issue get mail of its first comment: of `notify: false` GitHub knows nothing",
                "leave out `comment`, or accept that mail; of edits there is none",
            )

    def _lacks(self, scope: str) -> bool:
        """Whether that scope was told to be missing already."""
        scopes = scopes_of(self._account.headers) if self._account else None
        return any(scope in need.scopes for need in lacking(self._needs, scopes))


_CORRECT = "correct the name in the file, or make the field"
_NO_FIELDS = (
    "an empty list is also what GITHUB_TOKEN and other tokens get that may not see them: use a classic token with "
    "read:org or one with the organisation's permission to read issue fields; a user's repository has none"
)


def _left(rate: _Rate, words: str, now: datetime) -> Finding:
    until = datetime.fromtimestamp(rate.reset, UTC)
    when = f"until {until:%H:%M} UTC" if until > now else "now"
    what = f"{rate.remaining:,} of {rate.limit:,} {words} are left {when}"
    if rate.remaining < _LOW * rate.limit:
        return Finding("warning", what, "run later, or give this job an account of its own")
    return Finding("info", what)


def _unfit(place: str, field: Field, names: tuple[str, ...], settings: str) -> Iterator[Finding]:
    """Why a field cannot hold what is to be written: these names or, without any, numbers; its `settings` are where."""
    if field.type == "SINGLE_SELECT" and names:
        options = [option.name for option in field.options]
        missing = [name for name in names if name not in options]
        if missing:
            yield Finding(
                "error",
                f"the field {field.name!r} of {place} lacks the options {', '.join(map(repr, missing))}; it has "
                f"{', '.join(map(repr, options)) or 'none'}",
                f"add them in {settings}; options are told apart to the letter",
            )
    elif field.type not in ("TEXT", "SINGLE_SELECT" if names else "NUMBER"):
        wanted = "a single select or a text" if names else "a number or a text"
        yield Finding(
            "error",
            f"the field {field.name!r} of {place} is of the type {field.type}; {wanted} is needed",
            f"make another field in {settings}, and name that one",
        )
