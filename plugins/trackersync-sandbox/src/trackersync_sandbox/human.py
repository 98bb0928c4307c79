"""What a human does to an issue while nobody's program looks: edits, deletes, hides or moves it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from trackersync_sandbox.state import JSON, Tracker, UnknownRefError


@dataclass(frozen=True, slots=True)
class Served:
    """A tracker, and the lock that whoever touches it holds."""

    tracker: Tracker
    lock: threading.RLock = field(default_factory=threading.RLock)


class Edit(msgspec.Struct, forbid_unknown_fields=True):
    """Set values by the names people see."""

    ref: str
    set: JSON

    def do(self, tracker: Tracker, key: str) -> JSON:
        """Tells what was set."""
        tracker.edit(key, self.set)
        return {"set": self.set}


class Delete(msgspec.Struct, forbid_unknown_fields=True):
    """Gone for good."""

    ref: str

    def do(self, tracker: Tracker, key: str) -> JSON:
        """There is nothing to tell."""
        tracker.delete(key)
        return {}


class Hide(msgspec.Struct, forbid_unknown_fields=True):
    """Out of the account's sight."""

    ref: str

    def do(self, tracker: Tracker, key: str) -> JSON:
        """There is nothing to tell."""
        tracker.hide(key)
        return {}


class Move(msgspec.Struct, forbid_unknown_fields=True):
    """To another repository or project."""

    ref: str
    to: str

    def do(self, tracker: Tracker, key: str) -> JSON:
        """Tells the new ref as `now`."""
        return {"now": f"{tracker.name}:{tracker.move(key, self.to)}"}


Deed: TypeAlias = Edit | Delete | Hide | Move
"""One thing done to the issue `ref`, such as `github:acme/web#12`; to do it may raise UnknownRefError, BadEditError."""

DEEDS: Mapping[str, type[Deed]] = {"edit": Edit, "delete": Delete, "hide": Hide, "move": Move}
"""By the names of their routes."""


class Human:
    """Somebody with a browser and every permission in all trackers."""

    def __init__(self, served: Mapping[str, Served]) -> None:
        self._served = served

    def do(self, deed: Deed) -> JSON:
        """The deed's ref and what became of it. Raises UnknownRefError and BadEditError."""
        name, _, key = deed.ref.partition(":")
        served = self._served.get(name)
        if served is None:
            raise UnknownRefError(f"no tracker {name!r} in ref {deed.ref!r}; refs look like github:acme/web#12")
        with served.lock:
            return {"ref": deed.ref, **deed.do(served.tracker, key)}
