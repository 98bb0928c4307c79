"""One host and account: requests go through the limiter, retries are bounded, answers become data or an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, overload

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer with a status below 400."""

    status: int
    headers: Mapping[str, str]
    """Looked up without regard to case."""
    content: bytes
    url: str

    @overload
    def json(self) -> Any: ...
    @overload
    def json(self, shape: type[T]) -> T: ...
    def json(self, shape: Any = Any) -> Any:
        """Decode the body with msgspec into `shape`; HTML, cut off or misshapen JSON is an `InvalidResponseError`."""
        raise NotImplementedError

    @property
    def next_url(self) -> str | None:
        """The `rel="next"` of the Link header (RFC 8288), None on the last page."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class GraphQLError:
    """One entry of a GraphQL answer's `errors`: `path[0]` is the alias of the mutation it belongs to."""

    message: str
    type: str | None = None
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphQLResult:
    """`data` and `errors` side by side: in a mutation of many aliases some may fail while the others stand."""

    data: Mapping[str, Any]
    errors: tuple[GraphQLError, ...]


class Client:
    """Sends requests to one base URL as one account. Made by `Transport.client`; safe to use from several threads."""

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: Any = None,
        safe: bool | None = None,
    ) -> Response:
        """Send, wait as told, retry what may be retried, and return the answer or raise a `TrackerError`.

        `url` is absolute or relative to the base URL; an absolute one on another host is refused: the token stays home.
        `safe` says that the request may be repeated without harm; by default that is true of GET and HEAD alone. An
        unsafe request is repeated only where the tracker surely did not carry it out: a rate limit, or no connection.

        Raises AuthError 401, ForbiddenError 403, NotFoundError 404 and 410, ConflictError 409, RateLimitError 429 or a
        limit told by 403, UnavailableError 5xx and broken connections (`sent` tells the rest), RejectedError for any
        other 4xx, with the tracker's own words in the message.
        """
        raise NotImplementedError

    def graphql(
        self, url: str, query: str, variables: Mapping[str, Any] | None = None, *, safe: bool = True
    ) -> GraphQLResult:
        """POST a GraphQL document; limits that arrive as HTTP 200 (`RATE_LIMITED`) are waited for like any other.

        With `safe` (a query) any other error in the answer is raised: a partial answer to a read is no answer.
        Without (a mutation) errors are returned beside the data.
        """
        raise NotImplementedError
