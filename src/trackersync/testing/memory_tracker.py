"""A tracker that lives in memory: what tests fill, edit, script failures for and look into."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from msgspec.structs import replace

from trackersync.errors import TrackerError
from trackersync.model import Issue
from trackersync.testing.double import SentRequest


@dataclass
class MemoryTracker:
    """A tracker in memory: tests fill it, edit it, script its failures and look at what was asked of it."""

    issues: dict[str, Issue] = field(default_factory=dict)
    """By immutable id."""
    remarks: dict[str, list[str]] = field(default_factory=dict)
    """By id, what others than the account commented."""
    order: list[str] = field(default_factory=list)
    """Ids in the order of work; an issue that is not in it is not on the board."""
    page_size: int = 100
    fields: Collection[str] = ("Score", "Rank", "Band", "Reach", "Effort")
    """The fields that exist, on issues and on the project alike."""
    priorities: Collection[str] = ("Highest", "High", "Medium", "Low", "Lowest")
    refused: dict[str, str] = field(default_factory=dict)
    """By id of the issues for which the tracker refuses every value: its words."""
    lost: set[str] = field(default_factory=set)
    """Ids of the issues whose next write is carried out, but the answer to it is lost."""
    notified: list[str] = field(default_factory=list)
    """Ids of the issues whose watchers were sent mail, once for each write."""
    requests: list[SentRequest] = field(default_factory=list)
    clock: int = 0
    """How often anything was touched."""
    touched: dict[str, int] = field(default_factory=dict)
    """By id, when by that clock an issue was last touched; a move touches whoever has another place since."""
    _failure: TrackerError | None = None
    _spared: int = 0
    _writes_only: bool = False

    def add(self, *issues: Issue) -> Self:
        """Put issues in, at the end of the order; one with a known id is replaced where it stands."""
        for issue in issues:
            if issue.ref.id not in self.issues:
                self.order.append(issue.ref.id)
            self.issues[issue.ref.id] = issue
            self._touch(issue.ref.id)
        return self

    def edit(self, id: str, **values: Any) -> None:  # noqa: A002 - the model's word
        """Change an issue, as a person would or as a write does: `updated_at` moves on by a second."""
        issue = self.issues[id]
        self.issues[id] = replace(issue, **{"updated_at": issue.updated_at + timedelta(seconds=1), **values})
        self._touch(id)

    def remove(self, id: str) -> None:  # noqa: A002 - the model's word
        """Delete an issue."""
        del self.issues[id]
        if id in self.order:
            self._touch(*self.order[self.order.index(id) :])
            self.order.remove(id)

    def _touch(self, *ids: str) -> None:
        self.clock += 1
        self.touched |= dict.fromkeys(ids, self.clock)

    def fail(self, error: TrackerError, *, after: int = 0, writes_only: bool = False) -> None:
        """From now on, `after` so many more requests, every request (or write) raises this error; see `heal`."""
        self._failure, self._spared, self._writes_only = error, after, writes_only

    def heal(self) -> None:
        """Fail no more."""
        self._failure = None

    def request(self, method: str, route: str, *, write: bool = False) -> None:
        """Take note of a request, and fail it if that is the script."""
        self.requests.append(SentRequest(method, route, write))
        if self._failure is None or (self._writes_only and not write):
            return
        if self._spared:
            self._spared -= 1
            return
        raise self._failure

    def rank(self, id: str) -> str | None:  # noqa: A002 - the model's word
        """The place in the order, zero-padded so that it sorts bytewise."""
        return f"{self.order.index(id):06}" if id in self.order else None

    def place(self, id: str, *, listed: bool) -> None:  # noqa: A002 - the model's word
        """Put an issue on the board, where it comes last, or take it off."""
        if id in self.order:
            self.order.remove(id)
        if listed:
            self.order.append(id)
        self._touch(id)

    def move(self, id: str, where: str, anchor: str) -> None:  # noqa: A002 - the model's word
        """Put an issue directly `after` or `before` another."""
        self.order.remove(id)
        self.order.insert(self.order.index(anchor) + (where == "after"), id)
        self._touch(*self.order)
