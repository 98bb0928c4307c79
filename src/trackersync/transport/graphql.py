"""GraphQL answers: data and errors side by side, and limits that arrive as HTTP 200; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from trackersync.errors import (
    ForbiddenError,
    InvalidResponseError,
    NotFoundError,
    RejectedError,
    TrackerError,
    UnavailableError,
)
from trackersync.transport.classify import is_secondary
from trackersync.transport.response import Response
from trackersync.transport.words import clean

_LIMITS = ("RATE_LIMITED", "RATE_LIMIT")
_KINDS: dict[str, type[TrackerError]] = {
    "NOT_FOUND": NotFoundError,
    "FORBIDDEN": ForbiddenError,
    "INSUFFICIENT_SCOPES": ForbiddenError,
    "RESOURCE_LIMITS_EXCEEDED": UnavailableError,
    "SERVICE_UNAVAILABLE": UnavailableError,
    "INTERNAL": UnavailableError,
}
_TROUBLE = ("something went wrong", "timed out", "timeout", "resource limits")
"""How GitHub says that a query was too much for it or that it has trouble, when it gives no type."""


class GraphQLError(Struct, frozen=True):
    """One entry of a GraphQL answer's `errors`: `path[0]` is the alias of the mutation it belongs to."""

    message: str
    type: str | None = None
    path: tuple[str | int, ...] = ()


class GraphQLResult(Struct, frozen=True):
    """`data` and `errors` side by side: in a mutation of many aliases some may fail while the others stand."""

    data: Mapping[str, Any]
    errors: tuple[GraphQLError, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing at all came of it."""
        return all(value is None for value in self.data.values())


class _Error(msgspec.Struct):
    message: str = ""
    type: str | None = None
    path: tuple[str | int, ...] | None = None


class _Body(msgspec.Struct):
    data: dict[str, Any] | None = None
    errors: list[_Error] | None = None


def read_result(response: Response) -> GraphQLResult:
    """Decode an answer; one with neither data nor errors is an `InvalidResponseError`."""
    body = response.json(_Body)
    if body.data is None and not body.errors:
        raise InvalidResponseError(
            f"{response.place} answered with neither data nor errors",
            hint="check that the address is the GraphQL API's",
            tracker=response.tracker,
            host=response.host,
            status=response.status,
        )
    errors = (
        GraphQLError(clean(response.blot(error.message)), error.type, error.path or ()) for error in body.errors or ()
    )
    return GraphQLResult(body.data or {}, tuple(errors))


def limit_in(result: GraphQLResult) -> GraphQLError | None:
    """The error that says a limit was hit, if there is one."""
    for error in result.errors:
        if error.type in _LIMITS or is_secondary(error.message):
            return error
    return None


def failure_of_query(result: GraphQLResult, response: Response, tolerated: frozenset[str]) -> TrackerError | None:
    """The error a query's answer stands for, None where each of its errors is of a tolerated type."""
    for error in result.errors:
        if error.type in tolerated:
            continue
        kind = _kind(error)
        return kind(
            f"POST {response.place}: {error.message}",
            hint=_HINTS[kind],
            tracker=response.tracker,
            host=response.host,
            status=response.status,
        )
    return None


_HINTS: dict[type[TrackerError], str] = {
    NotFoundError: "check the name and that this account may see it",
    ForbiddenError: "grant the account the permission or scope that the tracker names",
    UnavailableError: "the tracker has trouble or the query is too large: ask for less, or try again later",
    RejectedError: "the tracker's version may lack what was asked for",
}


def _kind(error: GraphQLError) -> type[TrackerError]:
    if any(words in error.message.lower() for words in _TROUBLE):
        return UnavailableError
    return _KINDS.get(error.type or "", RejectedError)
