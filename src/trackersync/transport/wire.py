"""Sends single requests over requests, to one host and never to another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin

import requests
from msgspec import Struct
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from trackersync.errors import InvalidResponseError
from trackersync.transport.address import host_of, origin, shown
from trackersync.transport.breakage import breakage
from trackersync.transport.credentials import carried_secrets
from trackersync.transport.response import Response

_log = logging.getLogger(__name__)
_POOL = 16
"""Connections kept to the host: more than threads are used, so that none waits for another's."""
_MOST_REDIRECTS = 5
_CHUNK = 262_144
"""Bytes that are read at a time: what requests reads by itself is fifty times for a page of issues."""


class Call(Struct, frozen=True):
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
        self.host = host_of(base_url)
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
        if origin(url) != origin(self.base_url):
            raise InvalidResponseError(
                f"refused to follow {shown(url)} from {self.host}: the token stays with the host it was given for",
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
            f"{call.method} {shown(url)}: redirected more than {_MOST_REDIRECTS} times",
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
            with self._session().request(
                call.method,
                call.url,
                params=call.params,
                data=call.body,
                headers={"Content-Type": "application/json"} if call.body is not None else None,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as raw:
                content = b"".join(raw.iter_content(_CHUNK))
        except (requests.RequestException, ValueError) as error:
            problem = error
        else:
            secrets = carried_secrets(raw.request.headers.get("Authorization", ""))
            response = Response(raw.status_code, raw.headers, content, str(raw.url), self.tracker, secrets)
            _log.debug("%s %s: %d, %d bytes", call.method, response.place, response.status, len(response.content))
            return response
        # Outside the handler: the library's errors hold whole requests, and with them the token.
        raise breakage(problem, f"{call.method} {shown(call.url)}", tracker=self.tracker, host=self.host)

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
