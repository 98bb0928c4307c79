"""Sends single requests over requests, and turns everything that can go wrong on the way into our errors."""

from __future__ import annotations

import base64
import binascii
import contextlib
import logging
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import LocationParseError, MaxRetryError, NewConnectionError
from urllib3.util import parse_url

from trackersync.errors import AuthError, InvalidResponseError, TrackerError, UnavailableError
from trackersync.transport.response import Response
from trackersync.transport.words import clean

_log = logging.getLogger(__name__)
_POOL = 16
"""Connections kept to the host: more than threads are used, so that none waits for another's."""
_MOST_REDIRECTS = 5
_SHORTEST_SECRET = 6
"""Characters; to blot out less would blot out words."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Call:
    """One request, before it is known how often it will be sent."""

    method: str
    url: str
    """Absolute, as `Wire.resolve` returns it."""
    params: Mapping[str, str | int] | None = None
    body: bytes | None = None


class NoAuth(AuthBase):
    """Adds nothing; its presence keeps requests from taking a stranger's password out of ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave the request as it is."""
        return request


class _Session(requests.Session):
    """Leaves redirects to `Wire`; requests looks at them even when told not to follow, and chokes on odd ones."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - the parent's signature
        """Find none."""
        return None


class Wire:
    """The way to one host. Threads share the pool of connections, which is made for that, but not the `Session`."""

    def __init__(
        self,
        base_url: str,
        *,
        tracker: str,
        auth: AuthBase | None,
        headers: Mapping[str, str],
        timeout: tuple[float, float],
    ) -> None:
        self.base_url = base_url.rstrip("/") + "/"
        self.host = _host(base_url)
        self.tracker = tracker
        self._auth = auth or NoAuth()
        self._headers = dict(headers)
        self._timeout = timeout
        self._adapter = HTTPAdapter(pool_connections=1, pool_maxsize=_POOL)
        self._own = threading.local()

    def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        self._adapter.close()

    def resolve(self, url: str) -> str:
        """The absolute form of `url`; one that leads to another host is refused, since the token stays at home."""
        if not url.lower().startswith(("http://", "https://")):
            return self.base_url + url.lstrip("/")
        if _origin(url) != _origin(self.base_url):
            raise InvalidResponseError(
                f"refused to follow {_shown(url)} from {self.host}: the token stays with the host it was given for",
                hint="if the tracker moved, put its new address into the file",
                tracker=self.tracker,
                host=self.host,
            )
        return url

    def send(self, call: Call) -> Response:
        """Send once and return whatever the tracker answered, following redirects of reads within the host."""
        url, params = call.url, call.params
        for _ in range(_MOST_REDIRECTS):
            answer = self._exchange(Call(call.method, url, params, call.body))
            location = answer.headers.get("Location")
            moved = answer.status in (301, 302, 303, 307, 308)
            if not (moved and location and call.method in ("GET", "HEAD")):
                return answer
            url, params = self._next(answer, location), None
        raise InvalidResponseError(
            f"{call.method} {_shown(url)}: redirected more than {_MOST_REDIRECTS} times",
            hint="check that the address is the tracker's API",
            tracker=self.tracker,
            host=self.host,
        )

    def _next(self, answer: Response, location: str) -> str:
        try:
            return self.resolve(urljoin(answer.url, location))
        except ValueError:
            told = f"{answer.place}: it redirects to what is no address"
        raise InvalidResponseError(
            told, hint="check that the address is the tracker's API", tracker=self.tracker, host=self.host
        )

    def _exchange(self, call: Call) -> Response:
        problem: Exception
        try:
            raw = self._session().request(
                call.method,
                call.url,
                params=call.params,
                data=call.body,
                headers={"Content-Type": "application/json"} if call.body is not None else None,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except (requests.RequestException, ValueError) as error:
            problem = error
        else:
            secrets = _secrets(raw.request.headers.get("Authorization", ""))
            response = Response(raw.status_code, raw.headers, raw.content, str(raw.url), self.tracker, secrets)
            _log.debug("%s %s: %d, %d bytes", call.method, response.place, response.status, len(response.content))
            return response
        # Outside the handler: the library's errors hold whole requests, and with them the token.
        raise self._error(call, problem)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = _Session()
            # Cookies would make one request depend on another, and on the thread it ran in.
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            session.auth = self._auth
            session.headers.update(self._headers)
            session.mount("https://", self._adapter)
            session.mount("http://", self._adapter)
            self._own.session = session
        return session

    def _error(self, call: Call, problem: Exception) -> TrackerError:
        where: dict[str, Any] = {"tracker": self.tracker, "host": self.host}
        asked = f"{call.method} {_shown(call.url)}"
        if not isinstance(problem, requests.RequestException) or isinstance(problem, requests.exceptions.InvalidHeader):
            return AuthError(
                f"{asked}: not sent, the credentials or headers hold characters that HTTP does not carry",
                hint="look for a line break or a typographic character in the token",
                **where,
            )
        for recognised, told, hint in _HOPELESS:
            if recognised(problem):
                return InvalidResponseError(f"{asked}: {told}", hint=hint, **where)
        return UnavailableError(
            f"{asked}: {_what_broke(problem)}",
            sent=_was_sent(problem),
            hint="check the address and the network, or try again later",
            **where,
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


def _untrusted(problem: BaseException | None) -> bool:
    """Whether a certificate was refused, however deep the library wraps that."""
    seen: list[BaseException] = []
    while problem is not None and problem not in seen:
        if isinstance(problem, ssl.SSLCertVerificationError):
            return True
        seen.append(problem)
        reason = getattr(problem.args[0] if problem.args else None, "reason", None)
        problem = reason if isinstance(reason, BaseException) else problem.__cause__ or problem.__context__
    return False


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


def _secrets(authorization: str) -> tuple[str, ...]:
    """What of an Authorization header must never be shown: the token, or Basic's password."""
    scheme, _, token = authorization.partition(" ")
    password = ""
    if scheme.lower() == "basic":
        with contextlib.suppress(binascii.Error):
            _, _, password = base64.b64decode(token).decode("utf-8", errors="replace").partition(":")
    return tuple(secret for secret in (token, password) if len(secret) >= _SHORTEST_SECRET)


def _origin(url: str) -> tuple[str | None, str | None, int | None]:
    # By the parser that the connection is made with: what two parsers read differently is how tokens leak.
    try:
        parsed = parse_url(url)
    except LocationParseError:
        return (None, None, None)
    return (parsed.scheme, parsed.host, parsed.port or _DEFAULT_PORTS.get(parsed.scheme or ""))


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _shown(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that cannot be read"
    return clean(parts.netloc.rpartition("@")[2] + parts.path, 200)
