"""One Jira issue as the emulator keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

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

    @property
    def project(self) -> str:
        """The project's key."""
        return self.key.rpartition("-")[0]

    @property
    def number(self) -> int:
        """What follows the project in the key."""
        return int(self.key.rpartition("-")[2])

    def forget(self, other: Ticket) -> None:
        """Drop the links to an issue that is gone; that is no update."""
        name = str(other.id)
        links = [link for link in self.fields.get("issuelinks", ()) if name not in _ends(link)]
        parts = [part for part in self.fields.get("subtasks", ()) if part["id"] != name]
        for field, kept in (("issuelinks", links), ("subtasks", parts)):
            if len(kept) < len(self.fields.get(field, ())):
                self.fields[field] = kept
        if self.fields.get("parent", {}).get("id") == name:
            del self.fields["parent"]

    def touch(self) -> None:
        """Move the time of the last update on."""
        now = moved(datetime.fromtimestamp(self.updated / 1000, UTC))
        self.updated = int(now.timestamp() * 1000)
        self.fields["updated"] = timestamp(now)


def _ends(link: JSON) -> list[str]:
    return [link[end]["id"] for end in ("inwardIssue", "outwardIssue") if end in link]


def timestamp(moment: datetime) -> str:
    """As Jira writes it: `2026-02-27T09:15:00.000+0000`."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}{moment:%z}"


def milliseconds(text: str) -> int:
    """Since the epoch, of a time as Jira writes it."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)
