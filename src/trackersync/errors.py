"""Every error trackersync raises on purpose, named by what the reader does next.

::

    TrackersyncError(message, hint)
    ├── ConfigError(problems)      fix the file; carries every problem at once
    ├── StoreError                 fix the store's URL, disk or version
    ├── PluginError                install or repair a connector
    ├── GuardError(guards)         look at the numbers, then allow the guard by name or change the rules
    ├── PlanError                  make a new plan: this one is damaged, foreign or of another version
    └── TrackerError(tracker, host, ref, status)
        ├── RetriableError         try again later
        │   ├── RateLimitError(retry_after)
        │   ├── BudgetError(room_at)   our own budget, not a limit of the tracker's
        │   └── UnavailableError(sent)
        ├── FatalError             nothing of this tracker can go on
        │   ├── AuthError          renew the token
        │   ├── ForbiddenError     grant the permission
        │   └── InvalidResponseError   what answered is not the tracker's API
        └── ItemError              this one item cannot be read or written; the rest goes on
            ├── NotFoundError
            ├── RejectedError
            ├── ConflictError
            └── UnsupportedError

Only the command line turns these into text and exit codes (`trackersync.cli.boundary`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct


class TrackersyncError(Exception):
    """Something a user can act on: `message` says what happened and where, `hint` what to do next."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Problem(Struct, frozen=True):
    """One thing wrong with a file: where (`path` of keys, `line` counted from 1), what, and what to do."""

    message: str
    path: tuple[str | int, ...] = ()
    line: int | None = None
    hint: str | None = None

    def render(self, file: str) -> str:
        """`file:line: a.b.c: message (hint)`, as editors and people read it."""
        where = file if self.line is None else f"{file}:{self.line}"
        key = ".".join(str(part) for part in self.path)
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}: {key + ': ' if key else ''}{self.message}{hint}"


class ConfigError(TrackersyncError):
    """The configuration cannot be used; `problems` holds all that is wrong with it, in file order."""

    def __init__(self, problems: Sequence[Problem], *, file: str = "trackersync.yaml", hint: str | None = None) -> None:
        self.problems = tuple(problems)
        self.file = file
        super().__init__("\n".join(problem.render(file) for problem in problems), hint=hint)


class StoreError(TrackersyncError):
    """The store cannot be opened, read or written."""


class PluginError(TrackersyncError):
    """A connector is not installed, or is installed and does not load."""


class GuardVerdict(Struct, frozen=True):
    """One guard that said no: its name in the file, the limit, what was found, in a sentence."""

    name: str
    message: str


class GuardError(TrackersyncError):
    """A guard refused; nothing was written. `guards` says which ones and with what numbers."""

    def __init__(self, guards: Sequence[GuardVerdict], *, hint: str | None = None) -> None:
        self.guards = tuple(guards)
        names = " ".join(f"--allow {guard.name}" for guard in guards)
        super().__init__(
            "\n".join(f"refused by guard {guard.name}: {guard.message}" for guard in guards),
            hint=hint or f"look at the plan; if it is what you want, allow it for this one run with {names}",
        )


class PlanError(TrackersyncError):
    """The plan file cannot be applied: damaged, edited, of another version or for other trackers."""


class TrackerError(TrackersyncError):
    """A tracker, or the way to it, said no. `tracker` is the team's name for it; `host` where it was asked."""

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        tracker: str | None = None,
        host: str | None = None,
        ref: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.tracker = tracker
        self.host = host
        self.ref = ref
        self.status = status


class RetriableError(TrackerError):
    """The same request may succeed later."""


class RateLimitError(RetriableError):
    """A limit was hit; `retry_after` is the seconds the tracker asked to wait, None where it did not say."""

    def __init__(self, message: str, *, retry_after: float | None = None, hint: str | None = None,
                 tracker: str | None = None, host: str | None = None, status: int | None = None) -> None:  # fmt: skip
        super().__init__(message, hint=hint, tracker=tracker, host=host, status=status)
        self.retry_after = retry_after


class BudgetError(RetriableError):
    """The file's `budget` for this tracker is used up: nothing was sent, and nothing can be before `room_at`."""

    def __init__(self, message: str, *, room_at: datetime, hint: str | None = None,
                 tracker: str | None = None, host: str | None = None) -> None:  # fmt: skip
        super().__init__(message, hint=hint, tracker=tracker, host=host)
        self.room_at = room_at


class UnavailableError(RetriableError):
    """The tracker could not be reached or answered 5xx. `sent` tells whether a write may have been carried out."""

    def __init__(self, message: str, *, sent: bool = True, hint: str | None = None,
                 tracker: str | None = None, host: str | None = None, status: int | None = None) -> None:  # fmt: skip
        super().__init__(message, hint=hint, tracker=tracker, host=host, status=status)
        self.sent = sent


class FatalError(TrackerError):
    """Nothing of this tracker can go on before a person acts; other trackers do."""


class AuthError(FatalError):
    """401: the credentials are wrong, expired or revoked."""


class ForbiddenError(FatalError):
    """403 that is no rate limit: the account lacks a permission or scope."""


class InvalidResponseError(FatalError):
    """The answer is not what the API promises: HTML, JSON cut off in the middle, a missing field."""


class ItemError(TrackerError):
    """One item cannot be read or written; the others can."""


class NotFoundError(ItemError):
    """404 or 410: it is not there, or this account may not see it."""


class RejectedError(ItemError):
    """400 or 422: the tracker will not take this value.

    `by_field` holds its words by the field they are about, where it tells fields apart as Jira does.
    """

    by_field: Mapping[str, str] = MappingProxyType({})


class ConflictError(ItemError):
    """409: it changed meanwhile."""


class UnsupportedError(ItemError):
    """The connector never declared this ability."""
