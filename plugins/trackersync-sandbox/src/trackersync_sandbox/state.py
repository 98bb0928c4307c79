"""What both emulated trackers share: the contract between the server and a tracker, and how time passes."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import msgspec
from werkzeug import Request, Response

JSON = dict[str, Any]
"""A JSON object."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to one tracker, after routing."""

    request: Request
    args: Mapping[str, str]
    """What stands in the path in place of the template's `{names}`, decoded."""
    base: str
    """The address the caller used, without a slash at the end: `http://localhost:8484/github`; links start with it."""
    refused: Callable[[str], str | None] = lambda _: None
    """The words by which a script has one mutation of this name refused, where it does."""


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of a tracker's API: `template` is its path as the official specification writes it."""

    method: str
    template: str
    handler: Callable[[Call], Response]


class AnswerError(Exception):
    """Raised by a handler that answers at once: the tracker's own refusal."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


class UnknownRefError(LookupError):
    """No issue of this tracker has this ref."""


class BadEditError(ValueError):
    """What a pretended human wants to set is no key or no value of this tracker; the text says which."""


class Tracker(ABC):
    """One emulated tracker. The server lets in one call at a time to each, so nothing here needs a lock."""

    name: ClassVar[str]
    """First part of the path, of refs and of counted routes: `github`, `jira`."""

    @property
    @abstractmethod
    def routes(self) -> Sequence[Route]:
        """All operations; templates are relative to `/{name}`."""

    @abstractmethod
    def unauthorized(self, call: Call, *, token_given: bool) -> Response:
        """The tracker's own answer to a wrong token, or to none."""

    @abstractmethod
    def no_route(self, call: Call) -> Response:
        """The tracker's own answer to a path or method that does not exist."""

    def refused(self, call: Call) -> Response | None:  # noqa: ARG002 - a hook for rate limits
        """The tracker's own refusal of a request that it takes from nobody now; None for one that it takes."""
        return None

    def finish(self, call: Call, response: Response) -> Response:  # noqa: ARG002 - a hook for headers
        """Add what stands on every answer, such as rate limit headers."""
        return response

    @property
    def mail(self) -> Mail:
        """What people would have got; of a tracker without its own count, nothing."""
        return Mail()

    @abstractmethod
    def state(self) -> Any:
        """Everything written or loaded that a later plan could depend on, as JSON without timestamps."""

    @abstractmethod
    def edit(self, key: str, values: Mapping[str, Any]) -> None:
        """Set values on the issue `key` (`acme/web#12`, `CORE-7`) as a human in the browser would.

        Keys: `labels`, `title`, `body`, `state`, `priority`, `fields` {name: value}, `project_fields` {name: value},
        `position` (index from 0 in the order of the board or project), `comment` (the account's own one, None deletes
        it), `remark` (a comment of somebody else is added), `on_project`. All are checked before any is set, and the
        time of the last update moves. Raises UnknownRefError and BadEditError.
        """

    @abstractmethod
    def delete(self, key: str) -> None:
        """The issue is gone for good. Raises UnknownRefError, and BadEditError for what this tracker deletes never."""

    @abstractmethod
    def hide(self, key: str) -> None:
        """The account may no longer see the issue. Raises UnknownRefError."""

    @abstractmethod
    def move(self, key: str, to: str) -> str:
        """Move the issue to another repository or project, made where it is not there; its new key.

        Raises UnknownRefError, and BadEditError where it cannot be moved or `to` is no name.
        """


class Clock:
    """The trackers' own time, for what they date and for all that has to wait: the machine's, moved at will."""

    def __init__(self, ahead: float = 0.0) -> None:
        """`ahead` is how many seconds the trackers are ahead of this machine; fewer than none, and they are behind."""
        self._ahead = ahead

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._ahead

    def moment(self) -> datetime:
        """The same as a time in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def advance(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self._ahead += seconds


class Mail:
    """Counts the mails that writes to one tracker would have sent since the last reset."""

    def __init__(self) -> None:
        self.sent = 0

    def send(self, people: int) -> None:
        """One mail to each of so many people."""
        self.sent += people


class Requests:
    """Counts what reached the trackers since the last reset. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._routes: Counter[str] = Counter()
        self._mutations = 0
        self._writes: list[str] = []

    def wrote(self, writes: Iterable[str]) -> None:
        """These single writes were carried out."""
        with self._lock:
            self._writes += writes

    def count(self, route: str) -> None:
        """One request on `route`, such as `github GET /user`."""
        with self._lock:
            self._routes[route] += 1

    def count_mutations(self, number: int) -> None:
        """So many aliased mutation fields in one GraphQL request."""
        with self._lock:
            self._mutations += number

    def reset(self) -> None:
        """Start again from nothing."""
        with self._lock:
            self._routes.clear()
            self._mutations = 0
            self._writes.clear()

    def writes_as_json(self) -> JSON:
        """What `GET /_sandbox/writes` answers."""
        with self._lock:
            return {"writes": list(self._writes)}

    def as_json(self) -> JSON:
        """What `GET /_sandbox/requests` answers."""
        with self._lock:
            routes = dict(sorted(self._routes.items()))
            return {"total": sum(routes.values()), "by_route": routes, "graphql_mutations": self._mutations}


def moved(previous: datetime, now: datetime) -> datetime:
    """The time of an update `now`: whole seconds, and always later than `previous`, so that every write shows."""
    return max(now.replace(microsecond=0), previous + timedelta(seconds=1))


def token_of(request: Request) -> str | None:
    """The secret in the Authorization header; the password where it is Basic."""
    authorization = request.authorization
    if authorization is None:
        return None
    return (authorization.password if authorization.type == "basic" else authorization.token) or None


def json_response(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`data` as an answer in JSON."""
    body = msgspec.json.encode(data)
    return Response(body, status=status, headers=dict(headers or {}), content_type="application/json; charset=utf-8")
