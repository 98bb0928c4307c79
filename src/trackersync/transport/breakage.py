"""What breaks on the way to a tracker and back, as our errors; pure."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from trackersync.errors import AuthError, InvalidResponseError, TrackerError, UnavailableError


def breakage(problem: Exception, asked: str, *, tracker: str, host: str) -> TrackerError:
    """The error that an exception of requests stands for; `asked` says what was being asked when it came."""
    if not isinstance(problem, requests.RequestException) or isinstance(problem, requests.exceptions.InvalidHeader):
        return AuthError(
            f"{asked}: not sent, the credentials or headers hold characters that HTTP does not carry",
            hint="look for a line break or a typographic character in the token",
            tracker=tracker,
            host=host,
        )
    for recognised, told, hint in _HOPELESS:
        if recognised(problem):
            return InvalidResponseError(f"{asked}: {told}", hint=hint, tracker=tracker, host=host)
    return UnavailableError(
        f"{asked}: {_what_broke(problem)}",
        sent=_was_sent(problem),
        hint="check the address and the network, or try again later",
        tracker=tracker,
        host=host,
    )


def _was_sent(problem: Exception) -> bool:
    """Whether the tracker may have seen the request; only what surely failed before is told to be unsent."""
    if isinstance(problem, (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)):
        return False
    cause = problem.args[0] if problem.args else None
    return not (isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError))


def _what_broke(problem: Exception) -> str:
    if isinstance(problem, requests.exceptions.ConnectTimeout):
        return "no connection within the time allowed"
    if isinstance(problem, requests.exceptions.Timeout):
        return "no answer within the time allowed"
    if isinstance(problem, requests.exceptions.ChunkedEncodingError):
        return "the connection broke in the middle of the answer"
    return "the connection broke before the answer" if _was_sent(problem) else "no connection could be made"


def _untrusted(problem: BaseException) -> bool:
    """Whether a certificate was refused: requests, urllib3 and ssl wrap one another, as argument or as reason."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return True
    inner = [*problem.args[:1], getattr(problem, "reason", None)]
    return any(_untrusted(wrapped) for wrapped in inner if isinstance(wrapped, BaseException))


_HOPELESS: tuple[tuple[Callable[[Exception], bool], str, str], ...] = (
    (
        lambda problem: isinstance(problem, ValueError),  # InvalidURL, MissingSchema and their like
        "this is not an address that can be asked",
        "correct the address in the file",
    ),
    (
        lambda problem: isinstance(problem, requests.exceptions.ContentDecodingError),
        "the answer is compressed in a way that cannot be undone",
        "check that no proxy changes what the tracker answers",
    ),
    (
        _untrusted,
        "the host's certificate is not trusted",
        "if your company signed it, point REQUESTS_CA_BUNDLE to the authority's certificate",
    ),
)
"""What trying again does not help: how it is recognised, what to tell, what to do."""
