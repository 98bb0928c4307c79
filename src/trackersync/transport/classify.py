"""From an answer's status, headers and words to the error that says what to do next; pure."""

from __future__ import annotations

from http import HTTPStatus

from trackersync.errors import (
    AuthError,
    ConflictError,
    ForbiddenError,
    InvalidResponseError,
    NotFoundError,
    RateLimitError,
    RejectedError,
    TrackerError,
    UnavailableError,
)
from trackersync.transport.response import Response
from trackersync.transport.words import clean, own_words, words_by_field

_LIMIT_WORDS = ("rate limit", "abuse detection", "too many requests")
_SECONDARY_WORDS = ("secondary rate limit", "abuse detection")
_PERMISSION_HEADERS = ("X-Accepted-GitHub-Permissions", "X-Accepted-OAuth-Scopes")
"""GitHub names in them what the request would have needed."""

_BY_STATUS: dict[int, tuple[type[TrackerError], str]] = {
    401: (AuthError, "renew the token, or correct where the file says that it is kept"),
    403: (ForbiddenError, "grant the account the permission, or use an account that has it"),
    404: (NotFoundError, "check the name and that this account may see it"),
    409: (ConflictError, "somebody changed it meanwhile: read it again"),
    410: (NotFoundError, "it was deleted or moved"),
}


def failure(method: str, response: Response) -> TrackerError | None:
    """The error an answer stands for, None where it is an answer indeed."""
    status = response.status
    if _answers(method, status):
        return None
    # Only now: the words are found by decoding the body, and answers have large ones.
    told = _told(method, response)
    tracker, host = response.tracker, response.host
    if is_limit(response):
        # Jira tells by name which of its limits was hit (docs: Rate limiting).
        reason = clean(response.headers.get("RateLimit-Reason", ""), 80)
        told += f" ({reason})" if reason else ""
        return RateLimitError(told, tracker=tracker, host=host, status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        hint = "the tracker has trouble: try again later"
        return UnavailableError(told, hint=hint, tracker=tracker, host=host, status=status)
    if status >= HTTPStatus.BAD_REQUEST:
        kind, hint = _BY_STATUS.get(status, (RejectedError, "correct the value or the name that the tracker refuses"))
        refusal = kind(told, hint=_needed(response) or hint, tracker=tracker, host=host, status=status)
        if isinstance(refusal, RejectedError):
            refusal.by_field = words_by_field(response.showable)
        return refusal
    return InvalidResponseError(told, hint=_moved(response), tracker=tracker, host=host, status=status)


def _answers(method: str, status: int) -> bool:
    # 303 after a write says where to look at what was done; a read that meets one has followed it.
    seen_elsewhere = status == HTTPStatus.SEE_OTHER and method != "GET"
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES or seen_elsewhere


def _told(method: str, response: Response) -> str:
    """`GET api.example/path: 403: the tracker's own words`."""
    words = own_words(response.showable)
    return f"{method} {response.place}: {response.status}" + (f": {words}" if words else "")


def is_limit(response: Response) -> bool:
    """429, or GitHub's 403 that is a limit: told by Retry-After, by a budget of 0, or in words."""
    if response.status != HTTPStatus.FORBIDDEN:
        return response.status == HTTPStatus.TOO_MANY_REQUESTS
    headers = response.headers
    return (
        "Retry-After" in headers
        or headers.get("X-RateLimit-Remaining") == "0"
        or _says(_LIMIT_WORDS, own_words(response.content))
    )


def is_secondary(words: str) -> bool:
    """GitHub's limits on the pace, which count REST and GraphQL together, as told by its words."""
    return _says(_SECONDARY_WORDS, words)


def _says(phrases: tuple[str, ...], words: str) -> bool:
    lowered = words.lower()
    return any(phrase in lowered for phrase in phrases)


def _needed(response: Response) -> str | None:
    for name in _PERMISSION_HEADERS:
        if response.status == HTTPStatus.FORBIDDEN and response.headers.get(name):
            return f"grant the account what the tracker asks for: {clean(response.headers[name], 200)}"
    return None


def _moved(response: Response) -> str:
    target = clean(response.headers.get("Location", ""), 200).partition("?")[0]
    if not target:
        return "check that the address is the tracker's API"
    return f"it redirects to {target}: if that is the tracker's new address, put it into the file"
