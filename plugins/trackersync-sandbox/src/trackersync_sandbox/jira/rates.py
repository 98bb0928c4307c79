"""Jira's rate limits: Cloud's hourly budget of an account, Data Center's bucket of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from werkzeug import Response

from trackersync_sandbox.jira.people import Deployment
from trackersync_sandbox.limits import HOUR, Limit
from trackersync_sandbox.state import Call, Clock, json_response, token_of

_NEAR = 0.2
"""The part of the budget at which Cloud begins to warn."""


class Rates:
    """The limit as the deployment tells it; without a limit, nothing is told."""

    def __init__(self, deployment: Deployment, size: int | None, clock: Clock) -> None:
        self._cloud = deployment == "cloud"
        self._limit = Limit(size, clock, on_the_hour=self._cloud) if size else None

    def refused(self, call: Call) -> Response | None:
        """429 where nothing is left."""
        who = token_of(call.request)
        if self._limit is None or not self._limit.refuses(who):
            return None
        headers = {"Retry-After": str(self._limit.wait(who))}
        if self._cloud:
            headers["RateLimit-Reason"] = "jira-cost-based"
        return json_response({"errorMessages": ["Rate limit exceeded."], "errors": {}}, 429, headers)

    def stamp(self, call: Call, response: Response) -> None:
        """Count the request and tell what is left."""
        if self._limit is not None:
            who = token_of(call.request)
            self._limit.spend(who)
            response.headers.extend(self._told(self._limit, who))

    def _told(self, limit: Limit, who: str | None) -> Mapping[str, str]:
        left = limit.left(who)
        told = {"X-RateLimit-Limit": str(limit.size), "X-RateLimit-Remaining": str(left)}
        if not self._cloud:
            return told | {"X-RateLimit-FillRate": str(limit.size), "X-RateLimit-Interval-Seconds": str(HOUR)}
        told["X-RateLimit-Reset"] = f"{datetime.fromtimestamp(limit.reset(who), UTC):%Y-%m-%dT%H:%MZ}"
        return told | ({"X-RateLimit-NearLimit": "true"} if left < limit.size * _NEAR else {})
