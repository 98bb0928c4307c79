"""What the emulated GitHub holds: plain mutable records, without a single address in them."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from trackersync_sandbox.state import Clock

FieldType = Literal["NUMBER", "TEXT", "DATE", "SINGLE_SELECT", "MULTI_SELECT", "ITERATION"]
Value = float | str | tuple[str, ...]
"""Of a number, text or date field; of a select or iteration the ids of what is chosen."""

BUILT_IN = {
    "Title": "TITLE",
    "Assignees": "ASSIGNEES",
    "Labels": "LABELS",
    "Linked pull requests": "LINKED_PULL_REQUESTS",
    "Milestone": "MILESTONE",
    "Repository": "REPOSITORY",
}
"""The fields every project has, and which no mutation writes, with their types."""


def stable_id(*parts: object) -> int:
    """A database id that is the same in every run."""
    return 1_000_000 + zlib.crc32("/".join(map(str, parts)).encode())


def node_id(prefix: str, *parts: object) -> str:
    """A node id that is the same in every run, in GitHub's form `I_kwDO…`."""
    text = "/".join(map(str, parts))
    return f"{prefix}_{base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}"


def parse_time(text: str) -> datetime:
    """GitHub's `2026-01-31T12:00:00Z`, or any other ISO 8601 time, aware and in UTC."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def render_time(moment: datetime) -> str:
    """As GitHub writes times."""
    return f"{moment.isoformat()[: len('2026-01-31T12:00:00')]}Z"


@dataclass(slots=True, eq=False)
class Person:
    """A user."""

    login: str
    id: int
    node_id: str
    type: str = "User"
    site_admin: bool = False


@dataclass(slots=True, eq=False)
class Option:
    """One choice of a single select field."""

    id: str
    number: int
    name: str
    color: str = "GRAY"
    description: str = ""


@dataclass(slots=True, eq=False)
class Field:
    """A field of a project or, as an issue field, of an organisation."""

    node_id: str
    id: int
    name: str
    type: str
    """A `FieldType`, or that of a built-in field."""
    created_at: datetime
    options: list[Option] = field(default_factory=list)
    project: Project | None = None
    """None for an organisation's issue field."""

    def option(self, option_id: object) -> Option | None:
        """The choice with this id; ids compare to the letter."""
        return next((option for option in self.options if option.id == option_id), None)

    def option_named(self, name: object) -> Option | None:
        """The choice with this name, to the letter."""
        return next((option for option in self.options if option.name == name), None)

    def chosen(self, value: Value | None) -> list[Option]:
        """The choices that a value of this field stands for."""
        ids = value if isinstance(value, tuple) else (value,)
        return [option for option in self.options if option.id in ids]

    def shown(self, value: Value | None) -> Value | None:
        """The value as people see it: of a choice its name, of several their names."""
        names = tuple(option.name for option in self.chosen(value))
        return names if isinstance(value, tuple) else names[0] if names else value


@dataclass(slots=True, eq=False)
class Owner:
    """An organisation."""

    login: str
    id: int
    node_id: str
    created_at: datetime
    clock: Clock
    """That of the server on which all of the organisation's is."""
    issue_fields: list[Field] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Label:
    """A repository's label."""

    repository: Repository
    id: int
    node_id: str
    name: str
    color: str = "ededed"
    default: bool = False
    description: str | None = None


@dataclass(slots=True, eq=False)
class Milestone:
    """A repository's milestone; times as text, since nothing computes with them."""

    number: int
    id: int
    node_id: str
    title: str
    description: str | None
    state: str
    creator: Person | None
    created_at: str
    updated_at: str
    closed_at: str | None
    due_on: str | None
    issues: list[Issue] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class IssueType:
    """An organisation's issue type."""

    id: int
    node_id: str
    name: str
    description: str | None
    color: str | None


@dataclass(slots=True, eq=False)
class PullRequest:
    """What makes an issue a pull request."""

    merged_at: str | None
    draft: bool


@dataclass(slots=True, eq=False, kw_only=True)
class Issue:
    """An issue, or a pull request where `pull` is set."""

    repository: Repository
    number: int
    id: int
    node_id: str
    title: str
    body: str | None
    state: str
    state_reason: str | None
    author: Person | None
    association: str
    labels: list[Label]
    assignees: list[Person]
    milestone: Milestone | None
    type: IssueType | None
    loaded_comments: int
    """How many comments it was loaded with, of which nothing else is known."""
    reactions: dict[str, int]
    locked: bool
    lock_reason: str | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    closed_by: Person | None
    pull: PullRequest | None
    parent_number: int | None
    loaded_dependencies: dict[str, int]
    """Counts as loaded; they hold as long as nothing is known of who blocks whom."""
    loaded_sub_issues: dict[str, int]
    """Counts as loaded; they hold as long as no child is known."""
    blocked_by: list[Issue] = field(default_factory=list)
    blocking: list[Issue] = field(default_factory=list)
    sub_issues: list[Issue] = field(default_factory=list)
    field_values: dict[str, Value] = field(default_factory=dict)
    """Values of the organisation's issue fields, by the field's node id."""
    items: list[Item] = field(default_factory=list)
    thread: list[Comment] = field(default_factory=list)
    """The comments that were written here, oldest first."""

    @property
    def owner(self) -> Owner:
        """The repository's."""
        return self.repository.owner

    @property
    def comments(self) -> int:
        """How many there are."""
        return self.loaded_comments + len(self.thread)

    @property
    def all_comments(self) -> list[Comment]:
        """Oldest first; those that were only counted are empty, and nobody's."""
        unknown = (
            Comment(
                issue=self, node_id=node_id("IC", self.key, "loaded", number), body="", author=None,
                created_at=self.created_at, updated_at=self.created_at,
            )
            for number in range(self.loaded_comments)
        )  # fmt: skip
        return [*unknown, *self.thread]

    @property
    def key(self) -> str:
        """`acme/web#12`."""
        return f"{self.repository.full_name}#{self.number}"

    @property
    def parent(self) -> Issue | None:
        """The issue this one is a part of, where it is in the same repository."""
        return self.repository.issues.get(self.parent_number or 0)

    @property
    def dependencies(self) -> dict[str, int]:
        """Counts of dependencies, the first of each pair of the open ones alone."""
        if not (self.blocked_by or self.blocking):
            return self.loaded_dependencies
        return {
            "blocked_by": sum(other.state == "open" for other in self.blocked_by),
            "total_blocked_by": len(self.blocked_by),
            "blocking": sum(other.state == "open" for other in self.blocking),
            "total_blocking": len(self.blocking),
        }

    @property
    def sub_issue_counts(self) -> dict[str, int]:
        """How many parts this issue has, and how many of them are closed."""
        if not self.sub_issues:
            return self.loaded_sub_issues
        total = len(self.sub_issues)
        completed = sum(part.state == "closed" for part in self.sub_issues)
        return {"total": total, "completed": completed, "percent_completed": 100 * completed // total}


@dataclass(slots=True, eq=False, kw_only=True)
class Comment:
    """What somebody said on an issue; without an author, somebody whose account is gone."""

    issue: Issue
    node_id: str
    body: str
    author: Person | None
    created_at: datetime
    updated_at: datetime

    @property
    def owner(self) -> Owner:
        """The repository's."""
        return self.issue.owner


@dataclass(slots=True, eq=False, kw_only=True)
class Repository:
    """A repository and all that belongs to it; the dictionaries keep what was loaded only once in memory."""

    owner: Owner
    name: str
    id: int
    node_id: str
    created_at: datetime
    issues: dict[int, Issue] = field(default_factory=dict)
    gone: dict[int, Issue | Literal["deleted", "hidden"]] = field(default_factory=dict)
    """What became of issues that were here; one that was transferred is where it is now."""
    labels: dict[str, Label] = field(default_factory=dict)
    """By name in lower case: GitHub ignores the case of labels."""
    milestones: dict[int, Milestone] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    types: dict[str, IssueType] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """`acme/web`."""
        return f"{self.owner.login}/{self.name}"


@dataclass(slots=True, eq=False, kw_only=True)
class Item:
    """An issue's place on a project."""

    project: Project
    issue: Issue
    id: int
    node_id: str
    created_at: datetime
    updated_at: datetime
    values: dict[str, Value] = field(default_factory=dict)
    """By the field's node id."""

    @property
    def owner(self) -> Owner:
        """The project's."""
        return self.project.owner


@dataclass(slots=True, eq=False, kw_only=True)
class Project:
    """A Projects v2 board."""

    owner: Owner
    number: int
    title: str
    id: int
    node_id: str
    created_at: datetime
    fields: list[Field] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    """In the order people gave them."""

    @property
    def key(self) -> str:
        """`acme/7`."""
        return f"{self.owner.login}/{self.number}"

    def field_named(self, name: str) -> Field | None:
        """The field with this name; like GitHub, without regard to case."""
        return next((one for one in self.fields if one.name.lower() == name.lower()), None)
