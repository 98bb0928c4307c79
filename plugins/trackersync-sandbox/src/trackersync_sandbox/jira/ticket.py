"""One Jira issue as the emulator keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from trackersync_sandbox.state import JSON, moved


@dataclass(slots=True, eq=False)
class Ticket:
    """One issue; parts that many issues share, such as a status, are the same object in all of them."""

    id: int
    key: str
    fields: JSON
    """By field id, completed, without nulls and without the rank."""
    created: int
    """Milliseconds since the epoch."""
    updated: int
    rank: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    """What apps keep on it, by key."""

    @property
    def project(self) -> str:
        """The project's key."""
        return self.key.rpartition("-")[0]

    @property
    def number(self) -> int:
        """What follows the project in the key."""
        return int(self.key.rpartition("-")[2])

    @property
    def watchers(self) -> int:
        """How many people watch it."""
        return int(self.fields.get("watches", {}).get("watchCount", 0))

    def knows(self, other: Ticket) -> bool:
        """Whether it is linked with an issue, or its parent or part."""
        name = str(other.id)
        return (
            any(name in _ends(link) for link in self.fields.get("issuelinks", ()))
            or any(part["id"] == name for part in self.fields.get("subtasks", ()))
            or self.fields.get("parent", {}).get("id") == name
        )

    def forget(self, other: Ticket) -> None:
        """Drop the links to an issue that is gone; that is no update."""
        name = str(other.id)
        self.fields["issuelinks"] = [link for link in self.fields.get("issuelinks", ()) if name not in _ends(link)]
        if "subtasks" in self.fields:
            self.fields["subtasks"] = [part for part in self.fields["subtasks"] if part["id"] != name]
        if self.fields.get("parent", {}).get("id") == name:
            del self.fields["parent"]

    def touch(self, now: datetime) -> None:
        """Move the time of the last update on."""
        updated = moved(datetime.fromtimestamp(self.updated / 1000, UTC), now)
        self.updated = int(updated.timestamp() * 1000)
        self.fields["updated"] = timestamp(updated)


def _ends(link: JSON) -> list[str]:
    return [link[end]["id"] for end in ("inwardIssue", "outwardIssue") if end in link]


def timestamp(moment: datetime) -> str:
    """As Jira writes it: `2026-02-27T09:15:00.000+0000`."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}{moment:%z}"


def milliseconds(text: str) -> int:
    """Since the epoch, of a time as Jira writes it."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)
