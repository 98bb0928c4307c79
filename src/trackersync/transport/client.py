"""One host and account: requests go through the limiter, retries are bounded, answers become data or an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Self

import msgspec
from msgspec import Struct

from trackersync.errors import RateLimitError, TrackerError
from trackersync.transport.allowance import Allowance
from trackersync.transport.ceiling import Ceiling
from trackersync.transport.classify import failure, is_secondary
from trackersync.transport.clock import Clock
from trackersync.transport.graphql import GraphQLError, GraphQLResult, failure_of_query, limit_in, read_result
from trackersync.transport.limiter import Limiter, lane_of
from trackersync.transport.response import Response
from trackersync.transport.retry import Budget, retrying
from trackersync.transport.wire import Call, Wire
from trackersync.transport.words import duration

__all__ = ["Bounds", "Client", "GraphQLError", "GraphQLResult", "Response"]

_Judge = Callable[[Response], TrackerError | None]


class Bounds(Struct, frozen=True):
    """How patient one request is: see `Transport`."""

    clock: Clock
    attempts: int
    max_wait: float
    on_wait: Callable[[str, float], None] | None = None
    write_spacing: float = 0.0
    allowance: Allowance | None = None
    ceilings: Sequence[Ceiling] = ()


class Client:
    """Sends requests to one base URL as one account. Made by `Transport.client`; safe to use from several threads."""

    def __init__(self, wire: Wire, limiter: Limiter, bounds: Bounds) -> None:
        self._wire = wire
        self._limiter = limiter
        self._bounds = bounds

    def __repr__(self) -> str:
        return f"Client({self._wire.host!r}, tracker={self._wire.tracker!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        self._wire.close()

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
        other 4xx, with the tracker's own words in the message; BudgetError before anything is sent.
        """
        body = None if json is None else msgspec.json.encode(json)
        repeatable = method in ("GET", "HEAD") if safe is None else safe
        return self._carry_out(Call(method, self._wire.resolve(url), params, body), safe=repeatable)

    def graphql(
        self,
        url: str,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        safe: bool = True,
        tolerated: frozenset[str] = frozenset(),
        pieces: int = 0,
    ) -> GraphQLResult:
        """POST a GraphQL document; limits that arrive as HTTP 200 (`RATE_LIMITED`) are waited for like any other.

        With `safe` (a query) any other error in the answer is raised: a partial answer to a read is no answer; but
        errors of a `tolerated` type (`NOT_FOUND` when ids are looked up) are returned beside the data.
        Without (a mutation) errors are returned beside the data. `pieces` is how much content it creates, where the
        tracker has ceilings on that.
        """
        read: list[GraphQLResult] = []

        def judge(response: Response) -> TrackerError | None:
            read[:] = [result := read_result(response)]
            limit = limit_in(result)
            refusal = self._refusal(response, limit.message) if limit else None
            if safe:
                return refusal or failure_of_query(result, response, tolerated)
            # A mutation of which anything was carried out must not be sent again.
            return refusal if result.empty else None

        document: dict[str, Any] = {"query": query}
        if variables is not None:
            document["variables"] = dict(variables)
        call = Call("POST", self._wire.resolve(url), body=msgspec.json.encode(document))
        self._carry_out(call, safe=safe, judge=judge, pieces=pieces)
        return read[0]

    def _carry_out(self, call: Call, *, safe: bool, judge: _Judge | None = None, pieces: int = 0) -> Response:
        budget = Budget(self._bounds.clock, self._bounds.max_wait, self._bounds.on_wait)
        spacing = 0.0 if safe else self._bounds.write_spacing

        def attempt() -> Response:
            self._await_turn(call, budget, spacing, pieces)
            self._await_room(budget)
            return self._attempt(call, judge)

        return retrying(budget, attempts=self._bounds.attempts, safe=safe)(attempt)

    def _await_turn(self, call: Call, budget: Budget, spacing: float, pieces: int) -> None:
        lane, ceilings = lane_of(call.url), self._bounds.ceilings
        while wait := self._limiter.turn(lane, spacing=spacing, pieces=pieces, ceilings=ceilings):
            if not budget.afford(wait.seconds):
                again = self._bounds.clock.now() + timedelta(seconds=wait.seconds)
                raise RateLimitError(
                    f"{self._wire.host} asks to wait {duration(wait.seconds)}, "
                    f"more than the {duration(budget.left)} this request may still wait ({wait.why})",
                    retry_after=wait.seconds,
                    hint=f"run it again after {again:%Y-%m-%d %H:%M:%S} UTC",
                    tracker=self._wire.tracker,
                    host=self._wire.host,
                )
            budget.wait(wait.seconds, wait.why)

    def _await_room(self, budget: Budget) -> None:
        """Count what is sent next against what the team allows; only a short wait is waited."""
        clock, allowance = self._bounds.clock, self._bounds.allowance
        while allowance and (used_up := allowance.take(clock.now())):
            seconds = (used_up.room_at - clock.now()).total_seconds()
            if not (allowance.rate.is_waited_for and budget.afford(seconds)):
                raise allowance.error(used_up, tracker=self._wire.tracker, host=self._wire.host)
            budget.wait(seconds, f"the budget of {allowance.rate} for {self._wire.tracker} is used up")

    def _attempt(self, call: Call, judge: _Judge | None) -> Response:
        response = self._wire.send(call)
        error = failure(call.method, response)
        if isinstance(error, RateLimitError):
            error = self._refusal(response, error.message)
        elif error and response.status == HTTPStatus.SERVICE_UNAVAILABLE and "Retry-After" in response.headers:
            self._limiter.refused(lane_of(call.url), response, error.message, secondary=False)
        elif error is None:
            error = judge(response) if judge else None
        if error:
            raise error
        self._limiter.observe(lane_of(call.url), response)
        return response

    def _refusal(self, response: Response, told: str) -> RateLimitError:
        """Make every thread heed the refusal, and say so."""
        seconds = self._limiter.refused(lane_of(response.url), response, told, secondary=is_secondary(told))
        return RateLimitError(
            told,
            retry_after=seconds,
            hint=f"try again in {duration(seconds)}; fewer runs, or an account of its own, leave more room",
            tracker=self._wire.tracker,
            host=self._wire.host,
            status=response.status,
        )
