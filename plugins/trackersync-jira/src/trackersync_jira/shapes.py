"""Jira's JSON as far as it is used, decoded by msgspec; every key of an issue may be missing or null.

The shapes hold for Cloud (REST v3) and Data Center (REST v2) alike; what differs is typed `Any` and told apart in
the mapping. Sources: Jira's OpenAPI documents, and answers of public Data Centers.
"""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar, cast

import msgspec

from trackersync_jira import on_demand


class Shape(msgspec.Struct, gc=False, rename="camel"):
    """A JSON object of which other keys are skipped."""


class Named(Shape):
    """A priority, component, issue type."""

    name: str | None = None


class Version(Shape):
    """One of an issue's versions."""

    name: str | None = None
    released: bool | None = None


class User(Shape):
    """A person: Cloud has `accountId`, Data Center `key` and `name`."""

    account_id: str | None = None
    key: str | None = None
    name: str | None = None
    display_name: str | None = None


class StatusCategory(Shape):
    """What a status means: `new`, `indeterminate`, `done`."""

    key: str | None = None
    name: str | None = None


class Status(Shape):
    """A step of a workflow."""

    name: str | None = None
    status_category: StatusCategory | None = None


class LinkedFields(Shape):
    """The few fields that Jira sends along of a linked issue."""

    status: Status | None = None


class Linked(Shape):
    """The issue at the other end of a link, a parent or a sub-task."""

    key: str | None = None
    fields: LinkedFields | None = None


class LinkType(Shape):
    """A link type with its words for both directions."""

    name: str | None = None
    outward: str | None = None


class IssueLink(Shape):
    """One link; exactly one of the two ends is given, the other is the issue itself."""

    type: LinkType | None = None
    outward_issue: Linked | None = None
    inward_issue: Linked | None = None


class Votes(Shape):
    """How many voted."""

    votes: int | None = None


class Watches(Shape):
    """How many watch."""

    watch_count: int | None = None


class Comments(Shape):
    """The comments' number; their texts come with it and are skipped."""

    total: int | None = None


class EntityProperty(Shape):
    """What apps keep on a comment."""

    key: str


class Comment(Shape):
    """One comment; `properties` are told by a list of comments alone."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}$")]
    author: User | None = None
    body: Any = None
    properties: list[EntityProperty] | None = None


class CommentPage(Comments):
    """An issue's comments, or some of them."""

    comments: list[Comment] | None = None


class CommentList(Shape):
    """Comments by their ids."""

    values: list[Comment]
    is_last: bool | None = None


class Fields(Shape, rename=None):
    """The system fields that are mapped; the names are Jira's ids of them."""

    summary: str | None = None
    status: Status | None = None
    created: str | None = None
    updated: str | None = None
    resolutiondate: str | None = None
    duedate: str | None = None
    description: Any = None
    issuetype: Named | None = None
    priority: Named | None = None
    labels: list[str] | None = None
    reporter: User | None = None
    creator: User | None = None
    assignee: User | None = None
    fixVersions: list[Version] | None = None  # noqa: N815 - Jira's id of the field
    components: list[Named] | None = None
    timeoriginalestimate: float | None = None
    votes: Votes | None = None
    watches: Watches | None = None
    comment: Comments | None = None
    issuelinks: list[IssueLink] | None = None
    subtasks: list[Linked] | None = None
    parent: Linked | None = None
    versions: list[Version] | None = None


SYSTEM_FIELDS = tuple(id_ for id_ in Fields.__struct_fields__ if id_ not in on_demand.FIELDS.values())
"""The ids of the fields above but for those that are read on demand: what every read asks for."""


def fields_with(custom: tuple[str, ...], *, comments: bool = False) -> type[Fields]:
    """`Fields` and these custom fields besides, undecoded in meaning, as attributes by their ids.

    With `comments` the field of that name is a `CommentPage`.
    """
    extra: list[tuple[str, Any, None]]
    extra = [(field, Any, None) for field in custom if field not in Fields.__struct_fields__]
    extra += [("comment", CommentPage | None, None)] if comments else []
    return cast("type[Fields]", msgspec.defstruct("FieldsAsked", extra, bases=(Fields,), gc=False))


F = TypeVar("F", bound=Fields)


class RawIssue(Shape, Generic[F]):
    """One issue."""

    id: str
    key: str
    fields: F
    properties: dict[str, Any] | None = None


class TokenPage(Shape, Generic[F]):
    """A page of `search/jql` on Cloud."""

    issues: list[RawIssue[F]]
    next_page_token: str | None = None
    is_last: bool | None = None


class OffsetPage(Shape, Generic[F]):
    """A page of `search` on Data Center."""

    issues: list[RawIssue[F]]
    total: int


class Kept(Shape):
    """An issue of which nothing but its properties is of use."""

    properties: dict[str, Any] | None = None


class Identity(Shape):
    """An issue of which nothing but the id was asked for, or the key besides."""

    id: str
    key: str = ""


class IdsPage(Shape):
    """A page of a search for ids on Cloud."""

    issues: list[Identity]
    next_page_token: str | None = None
    is_last: bool | None = None


class IdsOffsetPage(Shape):
    """A page of a search for ids on Data Center."""

    issues: list[Identity]
    total: int


class IssueError(Shape):
    """An issue that `bulkfetch` could not return although it may be there."""

    id: str | None = None
    error_message: str | None = None


class Fetched(Shape, Generic[F]):
    """An answer of `bulkfetch` on Cloud."""

    issues: list[RawIssue[F]]
    issue_errors: list[IssueError] | None = None


class Ranking(Shape):
    """The field a board is ranked by."""

    rank_custom_field_id: Annotated[int, msgspec.Meta(gt=0)] | None = None


class BoardConfiguration(Shape):
    """A board's configuration."""

    ranking: Ranking | None = None


class RankEntry(Shape):
    """What became of one issue of a rank call that was answered by 207."""

    issue_id: int | None = None
    issue_key: str | None = None
    status: int = 200
    errors: list[str] | None = None


class RankResult(Shape):
    """The body of a 207."""

    entries: list[RankEntry]
