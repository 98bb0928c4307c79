"""The one model that every tracker's issues are read into; plain frozen data, no I/O, no behaviour but naming."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

Value = str | int | float | bool | tuple[str, ...] | None
"""What a field of an issue can hold, and what can be written to one."""

IssueKey = tuple[str, str]
"""(tracker name, the tracker's immutable id): what everything is keyed by, since refs change when issues move."""


class IssueRef(Struct, frozen=True, gc=False):
    """One piece of work, keyed by the tracker's immutable id and shown by its ref, `github:acme/web#12`."""

    tracker: str
    """The team's name of the tracker."""
    connector: str
    """The kind of tracker: `github`, `jira` …"""
    id: str
    """The tracker's immutable id: GitHub's node id, Jira's numeric issue id."""
    key: str
    """What people read and type: `acme/web#12`, `CORE-7`."""

    def __str__(self) -> str:
        return f"{self.connector}:{self.key}"

    @property
    def issue_key(self) -> IssueKey:
        """The key under which everything about this issue is kept."""
        return (self.tracker, self.id)


class StateCategory(StrEnum):
    """What any tracker's state means for the order of work."""

    TODO = "todo"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class Person(Struct, frozen=True, gc=False):
    """Somebody as the tracker names them: `name` is the login or display name, `id` never changes."""

    id: str
    name: str


class Direction(StrEnum):
    """From whose side a link is told: outward is `this blocks that`, inward `this is blocked by that`."""

    OUTWARD = "outward"
    INWARD = "inward"


class Link(Struct, frozen=True, gc=False):
    """A relation of this issue to another, possibly in another tracker.

    `kind` is `blocks`, `relates`, `duplicates`, `clones`, or the tracker's own word in lower case;
    `target` is a ref (`jira:CORE-7`) or the other issue's URL.
    """

    kind: str
    direction: Direction
    target: str


class Issue(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """All that scoring can use of one issue. What a tracker lacks is None or absent, never 0.

    All datetimes are aware and in UTC.
    """

    ref: IssueRef
    title: str
    url: str
    state: str
    """The tracker's own word: `open`, `In Review`."""
    state_category: StateCategory
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    due_on: date | None = None
    body: str = ""
    type: str | None = None
    """Lower case: `bug`, `story`, `feature`."""
    labels: tuple[str, ...] = ()
    author: Person | None = None
    assignees: tuple[Person, ...] = ()
    milestone: str | None = None
    fix_versions: tuple[str, ...] = ()
    affects_versions: tuple[str, ...] = ()
    """The versions that have it."""
    components: tuple[str, ...] = ()
    estimate: float | None = None
    """The tracker's own estimate: story points where there is such a field, else seconds of original estimate."""
    priority: str | None = None
    """The tracker's native priority by name."""
    votes: int | None = None
    watchers: int | None = None
    reactions: Mapping[str, int] | None = None
    """Count by kind, as the tracker names the kinds (`+1`, `heart`)."""
    comments: int | None = None
    links: tuple[Link, ...] = ()
    parent: str | None = None
    """The parent's ref or URL, as in `Link.target`."""
    sub_issues: int | None = None
    sub_issues_open: int | None = None
    blocks_open: int | None = None
    """How many open issues this one blocks, as far as the tracker itself says."""
    blocked_by_open: int | None = None
    pull_requests_open: int | None = None
    """How many open pull requests will close it."""
    sprint: str | None = None
    """The sprint it is in: the active one, else the next that is planned."""
    sprint_state: str | None = None
    """Of that sprint: `active` or `future`."""
    past_sprints: int | None = None
    """How many sprints it was in that are over; None where the tracker has no sprints."""
    fields: Mapping[str, Value] = {}
    """The issue's own custom fields by name: Jira custom fields, GitHub organisation issue fields."""
    project_fields: Mapping[str, Value] = {}
    """Fields kept on the configured project's item by name: GitHub Projects v2."""
    properties: Mapping[str, Value] = {}
    """What apps keep on the issue, out of sight, by key, as far as it was asked for: Jira issue properties."""
    comment: str | None = None
    """The text of our own comment, where there is one; only `Source.fetch` tells, and only where it is wanted."""
    native_rank: str | None = None
    """Sorts bytewise into the tracker's own order of work; None where the issue is not on the board or project."""
    native_ids: Mapping[str, str] = {}
    """Further ids the connector needs to write to this issue, under names of its own.

    One name is common: `PROJECT_ITEM`, the issue's item on the configured project, absent where it is not on it.
    """


PROJECT_ITEM = "project_item"
"""In `Issue.native_ids`."""


class Delta(Struct, frozen=True):
    """A page of what was touched on a tracker since it was last read."""

    issues: Sequence[Issue] = ()
    """As they are now, all of them selected; some may be as they were."""
    left: Sequence[str] = ()
    """Ids of what is not selected, whether it ever was or not."""


class Fate(StrEnum):
    """What became of an issue that is not found any more, in words for people."""

    DELETED = "deleted"
    MOVED = "moved"
    HIDDEN = "not visible to this account any more"
    UNSELECTED = "not selected any more"
    UNKNOWN = "not found any more"


class Whereabouts(Struct, frozen=True):
    """The fate of an issue, and where it is now, if it moved."""

    fate: Fate
    to: str | None = None
    """Its new key."""


class SnapshotInfo(Struct, frozen=True):
    """What is known of a tracker's snapshot without its issues."""

    tracker: str
    identity: str
    """What was read, `Source.identify`: another repository or selection under the same name has no snapshot yet."""
    taken_at: datetime
    """When the pull began."""
    count: int
    cursor: str | None = None
    """Where the next read may go on from; None: it begins anew."""
    whole_at: datetime | None = None
    """When the last read began that looked at every issue."""


class Standing(Struct, frozen=True, omit_defaults=True):
    """Where an issue stood in the list that was last applied."""

    ref: IssueRef
    score: float
    rank: int
    """1 is first."""
    band: str
    points: tuple[tuple[str, float], ...] = ()
    """What each part of the rules added to the score before it was normalised, in their order; not kept with a list."""
