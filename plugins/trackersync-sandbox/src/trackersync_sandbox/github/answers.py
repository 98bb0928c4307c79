"""GitHub's refusals, word for word, and its rate limit headers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug import Response

from trackersync_sandbox.limits import Limit
from trackersync_sandbox.state import JSON, AnswerError, json_response

DOCS = "https://docs.github.com/rest"
LIMIT = 5000
"""Requests, and GraphQL points, an hour."""


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
    """One token's rate limits as GitHub tells them."""

    def __init__(self, limit: Limit, token: str | None) -> None:
        self._limit = limit
        self._token = token

    def spend(self, resource: str, points: int = 1) -> None:
        """Count requests or points."""
        self._limit.spend((self._token, resource), points)

    def refused(self, resource: str) -> Response | None:
        """What is said where nothing is left: 403, but GraphQL always answers 200."""
        if not self._limit.refuses((self._token, resource)):
            return None
        said = "API rate limit exceeded for user ID 1."
        if resource == "graphql":
            return json_response({"errors": [{"type": "RATE_LIMITED", "message": said}]})
        return refusal(403, said, "/using-the-rest-api/rate-limits-for-the-rest-api").response

    def rate(self, resource: str) -> JSON:
        """The schema `rate-limit`."""
        who = (self._token, resource)
        left = self._limit.left(who)
        size = self._limit.size
        return {"limit": size, "used": size - left, "remaining": left, "reset": self._limit.reset(who)}

    def stamp(self, response: Response, resource: str) -> None:
        """The headers of every answer."""
        for name, value in self.rate(resource).items():
            response.headers[f"X-RateLimit-{name.capitalize()}"] = str(value)
        response.headers["X-RateLimit-Resource"] = resource
