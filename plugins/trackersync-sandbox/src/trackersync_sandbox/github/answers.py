"""GitHub's refusals, word for word, and its rate limit headers."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug import Response

from trackersync_sandbox.state import JSON, AnswerError, json_response

DOCS = "https://docs.github.com/rest"
LIMIT = 5000
"""Requests, and GraphQL points, an hour."""
_HOUR = 3600


def refusal(status: int, message: str, docs: str = "", **more: Any) -> AnswerError:
    """An answer of the schema `basic-error`, to be raised."""
    body = {"message": message, **more, "documentation_url": DOCS + docs, "status": str(status)}
    return AnswerError(json_response(body, status))


def not_found(docs: str = "") -> AnswerError:
    """404."""
    return refusal(404, "Not Found", docs)


def moved_permanently(url: str, docs: str = "") -> AnswerError:
    """301 to the address where it is now."""
    moved = refusal(301, "Moved Permanently", docs, url=url)
    moved.response.headers["Location"] = url
    return moved


def invalid(errors: Sequence[Mapping[str, Any]], docs: str = "") -> AnswerError:
    """422 with one entry for every refused field: `{resource, field, code}`."""
    return refusal(422, "Validation Failed", docs, errors=list(errors))


class Budget:
    """The rate limits as GitHub tells them. Never enforced: an hour that is used up is followed by the next at once."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}
        self._reset = 0

    def spend(self, resource: str, points: int = 1) -> None:
        """Count requests or points."""
        now = int(time.time())
        used = self._used.get(resource, 0) + points
        if now >= self._reset or used >= LIMIT:
            self._used, self._reset, used = {}, now + _HOUR, points
        self._used[resource] = used

    def rate(self, resource: str) -> JSON:
        """The schema `rate-limit`."""
        used = self._used.get(resource, 0)
        return {"limit": LIMIT, "used": used, "remaining": LIMIT - used, "reset": self._reset}

    def stamp(self, response: Response, resource: str) -> None:
        """The headers of every answer."""
        for name, value in self.rate(resource).items():
            response.headers[f"X-RateLimit-{name.capitalize()}"] = str(value)
        response.headers["X-RateLimit-Resource"] = resource
