"""What can be written to a tracker, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Literal

from msgspec import Struct

from trackersync.model import IssueRef, Value


class WriteTarget(Struct, frozen=True, order=True):
    """One place on an issue that the configuration declares ours.

    | kind | name | value |
    | --- | --- | --- |
    | `labels` | the prefix | our labels on the issue, sorted; after: exactly the wanted ones |
    | `field` | the field's name | number, text or option name; None clears |
    | `project_field` | the field's name on the project's item | the same |
    | `priority` | empty | the native priority's name |
    | `property` | the property's key | number or text that apps read and nobody sees; None deletes it |
    | `project_item` | empty | True: the issue is on the configured project; None: it is not |
    | `comment` | empty | the text of our one comment, a line a paragraph; None: there is none |
    | `order` | empty | `("after", ID)`: directly after it; `("before", ID)`: before the first of ours |
    """

    kind: Literal["labels", "field", "project_field", "priority", "property", "project_item", "comment", "order"]
    name: str = ""

    def __str__(self) -> str:
        """`labels priority/`, `field Priority Score`, `priority`, `order`: as people read it and the ledger keys it."""
        return f"{self.kind.replace('_', ' ')} {self.name}".strip()


class LabelSet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The band labels of one tracker as the file has them, for trackers that keep labels as things of their own."""

    prefix: str
    names: tuple[str, ...]
    """Every label that an issue may get, in the order of the bands."""
    colours: dict[str, str] = {}
    """By label six hexadecimal digits; where it has none the connector chooses."""
    descriptions: dict[str, str] = {}
    """By label."""
    previously: str | None = None
    """The prefix that these labels had before: they are renamed, so that issues keep their history."""
    retired: tuple[str, ...] = ()
    """Labels of ours that no band has any more and that shall go, also from closed issues."""

    def renamed(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Labels with the prefix of before, under the names that they have now."""
        return tuple(self.prefix + label[len(self.previously or "") :] for label in labels)


class Change(Struct, frozen=True, kw_only=True):
    """One before → after with a reason, on one target of one issue."""

    ref: IssueRef
    target: WriteTarget
    before: Value
    after: Value
    reason: str


class Status(StrEnum):
    """What became of one change."""

    APPLIED = "applied"
    """Written, and the tracker said so."""
    UNCHANGED = "unchanged"
    """The wanted value was already there: nothing was written."""
    CONFLICT = "conflict"
    """Somebody changed the value, or the issue went away, since the plan: nothing was written."""
    REJECTED = "rejected"
    """The tracker refused; `detail` has its words."""
    UNKNOWN = "unknown"
    """The connection broke after the write was sent: it has to be read again, never replayed blindly."""


class Outcome(Struct, frozen=True):
    """What became of `change`: exactly one for every change handed to a connector, in the order given."""

    change: Change
    status: Status
    detail: str = ""


def issues_at_a_time(changes: Iterable[Change], most: int) -> Iterator[list[Change]]:
    """Changes of at most so many issues at a time, in the order given, in which those of one issue stand together."""
    by_issue = [list(group) for _, group in groupby(changes, key=lambda change: change.ref.issue_key)]
    for start in range(0, len(by_issue), most):
        yield [change for group in by_issue[start : start + most] for change in group]


class Forecast(Struct, frozen=True, kw_only=True):
    """What it takes to write some changes, as far as that is known before they are sent."""

    requests: int = 0
    """Those that write and what is looked up for them; reading the issues before and after comes on top."""
    points: int | None = None
    """What they take of a budget that the tracker counts in points; None where it counts none."""
    seconds: float = 0.0
    """The least that the tracker's limits make them last."""
    mailed: int = 0
    """How many issues' watchers may get mail of them."""
    loud: str = ""
    """Why mail is sent although none is wanted; empty where it is as the file has it."""
    how: str = ""
    """In which of several ways they will be written, and why so; empty where there is but one."""


class FoundOverride(Struct, frozen=True):
    """A human's value, `found` where the ledger says that we `wrote` another."""

    ref: IssueRef
    target: WriteTarget
    wrote: Value
    found: Value


class KnownOverride(Struct, frozen=True):
    """A human's value as it is remembered."""

    override: FoundOverride
    since: datetime
    """When it was first found."""
    released_at: datetime | None = None
    """When a person let us write over this very value; None: nobody did."""


class OwnWrite(Struct, frozen=True):
    """How to recognise our own write when the issue comes back as updated.

    An issue that still says `updated_at` was last touched by us; somebody else last touched it at `active_at`.
    """

    ref: IssueRef
    updated_at: datetime
    active_at: datetime
