"""What GitHub answers, typed: of each answer only what the model holds.

GraphQL documents alias their fields to REST's names, so that one shape serves both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from msgspec import Meta, Struct

from trackersync.model import Person, Value

T = TypeVar("T")
Moment = Annotated[datetime, Meta(tz=True)]


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC; at the very ends of the calendar, where UTC has no such day, as it was told."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


class Connection(Struct, Generic[T]):
    """One filled page of a list in GraphQL."""

    nodes: list[T | None] | None = None

    @property
    def seen(self) -> list[T]:
        """What this account may see of it."""
        return [node for node in self.nodes or () if node is not None]


class Named(Struct):
    """A label, an option, an issue type: what is known of it is its name."""

    name: str


class Total(Struct):
    """The size of a list that was not asked for."""

    total: int


class Place(Struct):
    """The repository an issue is in, `owner/name` as GitHub spells it."""

    full_name: str


class PageInfo(Struct):
    """Whether a list goes on after this page, and from where."""

    more: bool
    end: str | None = None


class Neighbour(Struct):
    """Another issue, as far as its ref."""

    number: int
    repository: Place

    @property
    def key(self) -> str:
        """`acme/web#7`."""
        return f"{self.repository.full_name}#{self.number}"

    def is_in(self, repository: str) -> bool:
        """Whether it is in this repository; GitHub's names do not differ by case."""
        return self.repository.full_name.casefold() == repository.casefold()


class RestNeighbour(Struct):
    """The same in REST."""

    number: int
    repository_url: str

    @property
    def key(self) -> str:
        """`acme/web#7`."""
        return f"{self.repository_url.partition('/repos/')[2]}#{self.number}"


class PullRequest(Struct):
    """A pull request that will close an issue."""

    state: str
    repository: Place


class Account(Struct):
    """Who opened an issue or works on it. REST marks a bot in its login, GraphQL in its type."""

    login: str
    node_id: str = ""
    kind: str = ""

    @property
    def person(self) -> Person:
        """The account under the login that REST gives it."""
        bot = self.kind == "Bot" and not self.login.endswith("[bot]")
        return Person(self.node_id or self.login, f"{self.login}[bot]" if bot else self.login)


class Milestone(Struct):
    """`due_on` is midnight of the due day somewhere in America, so that its day in UTC is the day meant."""

    title: str
    due_on: Moment | None = None

    @property
    def due_day(self) -> date | None:
        """The day that GitHub shows."""
        return in_utc(self.due_on).date() if self.due_on else None


class SubIssues(Struct):
    """How much of an issue's parts is done."""

    total: int
    completed: int


class Dependencies(Struct):
    """How many open issues stand before and behind this one."""

    blocked_by: int
    blocking: int


class SharedAnswer(Struct, kw_only=True):
    """What both APIs say of an issue in one shape."""

    node_id: str
    number: int
    title: str
    html_url: str
    state: str
    created_at: Moment
    updated_at: Moment
    closed_at: Moment | None = None
    body: str | None = None
    user: Account | None = None
    milestone: Milestone | None = None
    type: Named | None = None
    sub_issues_summary: SubIssues | None = None
    issue_dependencies_summary: Dependencies | None = None

    @property
    def linked(self) -> bool:
        """Whether an open issue blocks this one or is blocked by it."""
        summary = self.issue_dependencies_summary
        return summary is not None and bool(summary.blocked_by or summary.blocking)


class RestFieldValue(Struct):
    """The value of an organisation's issue field, as REST gives it."""

    value: str | float | None = None
    issue_field_name: str | None = None
    single_select_option: Named | None = None
    multi_select_options: list[Named] | None = None

    @property
    def plain(self) -> Value:
        """Number or text; of a choice the option's name, of several all names."""
        if self.single_select_option:
            return self.single_select_option.name
        if self.multi_select_options:
            return tuple(option.name for option in self.multi_select_options)
        return self.value


class RestIssue(SharedAnswer, kw_only=True):
    """An entry of REST's list of issues (schema `issue`); pull requests are marked by `pull_request`."""

    repository_url: str
    comments: int
    labels: list[Named | str]
    assignees: list[Account] | None = None
    reactions: dict[str, Any] | None = None
    parent_issue_url: str | None = None
    issue_field_values: list[RestFieldValue] | None = None
    pull_request: Any = None

    @property
    def repository_name(self) -> str:
        """`owner/name` as GitHub spells it."""
        return self.repository_url.partition("/repos/")[2]

    @property
    def label_names(self) -> tuple[str, ...]:
        """In the order of the answer."""
        return tuple(label if isinstance(label, str) else label.name for label in self.labels)

    @property
    def assigned(self) -> list[Account]:
        """Who works on it."""
        return self.assignees or []

    @property
    def reaction_counts(self) -> Mapping[str, int] | None:
        """By kind, without the sum and the address."""
        if self.reactions is None:
            return None
        return {kind: n for kind, n in self.reactions.items() if isinstance(n, int) and kind != "total_count"}

    @property
    def comment_count(self) -> int:
        """All comments."""
        return self.comments

    @property
    def parent_key(self) -> str | None:
        """`acme/web#7`, from `…/repos/acme/web/issues/7`."""
        repository, _, number = (self.parent_issue_url or "").partition("/repos/")[2].partition("/issues/")
        return f"{repository}#{number}" if number else None

    @property
    def field_values(self) -> Mapping[str, Value]:
        """The organisation's issue fields by name."""
        return {
            value.issue_field_name: value.plain for value in self.issue_field_values or () if value.issue_field_name
        }


class ShownValue(Struct):
    """The value of a field of any type in GraphQL: at most one of these is told."""

    number: float | None = None
    text: str | None = None
    option: str | None = None
    options: list[Named] | None = None
    date: str | None = None
    iteration: str | None = None
    field: Named | None = None
    issue_field: ShownValue | None = None

    @property
    def plain(self) -> Value:
        """The value; None where the field is of a kind that holds none of its own (people, reviewers …)."""
        if self.issue_field:
            return self.issue_field.plain
        if self.options:
            return tuple(option.name for option in self.options)
        told = (self.number, self.text, self.option, self.date, self.iteration)
        return next((value for value in told if value is not None), None)


class ReactionGroup(Struct):
    """How often one reaction was given."""

    content: str
    reactors: Total


_REACTIONS = {"THUMBS_UP": "+1", "THUMBS_DOWN": "-1"}
"""REST's names where they are not GraphQL's in lower case."""


class GraphIssue(SharedAnswer, kw_only=True):
    """An `Issue` as our GraphQL documents ask for it."""

    repository: Place
    labels: Connection[Named]
    assignees: Connection[Account]
    comments: Total
    reactions: list[ReactionGroup] | None = None
    parent: Neighbour | None = None
    issue_field_values: Connection[ShownValue] | None = None
    pulls: Connection[PullRequest] | None = None

    @property
    def repository_name(self) -> str:
        """`owner/name` as GitHub spells it."""
        return self.repository.full_name

    @property
    def pull_requests_open(self) -> int | None:
        """How many open pull requests of the same repository will close it; None where nobody asked."""
        if self.pulls is None:
            return None
        return sum(pull.state == "OPEN" and pull.repository == self.repository for pull in self.pulls.seen)

    @property
    def label_names(self) -> tuple[str, ...]:
        """In the order of the answer."""
        return tuple(label.name for label in self.labels.seen)

    @property
    def assigned(self) -> list[Account]:
        """Who works on it."""
        return self.assignees.seen

    @property
    def reaction_counts(self) -> Mapping[str, int] | None:
        """By kind, under REST's names."""
        if self.reactions is None:
            return None
        return {_REACTIONS.get(r.content, r.content.lower()): r.reactors.total for r in self.reactions}

    @property
    def comment_count(self) -> int:
        """All comments."""
        return self.comments.total

    @property
    def parent_key(self) -> str | None:
        """`acme/web#7`."""
        return self.parent.key if self.parent else None

    @property
    def field_values(self) -> Mapping[str, Value]:
        """The organisation's issue fields by name."""
        values = self.issue_field_values.seen if self.issue_field_values else []
        return {value.field.name: value.plain for value in values if value.field}
