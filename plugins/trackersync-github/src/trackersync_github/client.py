"""Everything asked of GitHub goes through here: pages of REST, GraphQL that finds its page size, App tokens.

The only module that knows PyGithub; nothing of it leaves here.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
import requests
from requests import PreparedRequest
from requests.auth import AuthBase

from trackersync.errors import (
    AuthError,
    ForbiddenError,
    InvalidResponseError,
    RateLimitError,
    TrackerError,
    UnavailableError,
)
from trackersync.transport import GraphQLResult, Response, Transport
from trackersync.transport.ahead import ahead
from trackersync.transport.ceiling import Ceiling
from trackersync.transport.shapes import convert
from trackersync.transport.words import clean
from trackersync_github.settings import AppSettings, GitHubSettings

if TYPE_CHECKING:
    from github import GithubException
    from github.Auth import AppInstallationAuth

T = TypeVar("T")

HEADERS = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "GraphQL-Features": "issue_fields, repo_issue_fields",
}
"""Issue fields are a preview that some servers show only to those who name it."""

WRITE_SPACING = 1.0
"""Seconds between requests that change something, as GitHub asks; an Enterprise Server does not."""

CEILINGS = (Ceiling(80, 60.0), Ceiling(500, 3600.0))
"""How much content an account may create (docs: Rate limits, secondary): comments and values of issue fields.

Whether GitHub counts the mutations of a request or the requests it does not say, so each mutation counts.
"""

LARGEST_PAGE = 100
SMALLEST_PAGE = 10


class GitHubClient:
    """One repository's GitHub as one account. Raises a `TrackerError` that names the tracker, and nothing else."""

    def __init__(
        self, tracker: str, settings: GitHubSettings, transport: Transport, account: str, auth: AuthBase
    ) -> None:
        host = urlsplit(settings.url).hostname or ""
        shared = host == "api.github.com" or host.endswith(".ghe.com")
        self.tracker = tracker
        self.write_spacing = WRITE_SPACING if shared else 0.0
        self._graphql_url = settings.graphql_url
        self._client = transport.client(
            settings.url,
            tracker=tracker,
            account=account,
            auth=auth,
            headers=HEADERS,
            write_spacing=self.write_spacing,
            ceilings=CEILINGS if shared else (),
        )
        self._page = LARGEST_PAGE
        self.answered_at: datetime | None = None
        """When the first page of the last REST list was answered, by GitHub's clock."""

    def pages(self, path: str, params: Mapping[str, str | int], shape: type[T]) -> Iterator[list[T]]:
        """Every page of a REST list, by what GitHub calls next.

        On large repositories that is a cursor, which no edit shifts, and page numbers are refused there
        (google/go-github#3565).
        """
        first = self._client.request("GET", path, params={"per_page": LARGEST_PAGE, **params})
        self.answered_at = first.date

        def page(response: Response) -> _Page[T]:
            return _Page(response.json(list[shape]), response.next_url)  # type: ignore[valid-type] # a type when run too

        def page_at(url: str) -> _Page[T]:
            return page(self._client.request("GET", url))

        last = page(first)
        yield last.entries
        # Where the first page tells the number of the last, those between are asked for at once; they are decoded where
        # they come, so that those that wait for their turn are kept small.
        numbered = list(numbered_pages(first))
        for last in ahead(page_at, numbered):
            yield last.entries
        asked = set(numbered)
        while last.following is not None:
            if last.following in asked:
                raise self.misshapen(f"the pages of {path} go round in a circle")
            asked.add(last.following)
            last = page_at(last.following)
            yield last.entries

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Response:
        """One answer of REST with its headers."""
        return self._client.request("GET", path, params=params)

    def query(
        self, document: str, variables: Mapping[str, Any], shape: type[T], *, tolerated: frozenset[str] = frozenset()
    ) -> T:
        """Read by GraphQL; errors of a tolerated type leave a null where they happened."""
        return self.shaped(
            self._client.graphql(self._graphql_url, document, variables, tolerated=tolerated).data, shape
        )

    def by_page(self, ask: Callable[[int], T]) -> T:
        """Ask for as many as GitHub can give: where it breaks down over a page, half as many are tried, down to 10."""
        while True:
            try:
                return ask(self._page)
            except UnavailableError as error:
                if not error.sent or self._page <= SMALLEST_PAGE:
                    raise
                self._page = max(SMALLEST_PAGE, self._page // 2)

    def nodes(
        self, document: str, ids: Sequence[str], variables: Mapping[str, Any]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The issues of these ids, each with the id it was asked by; what is gone, hidden or no issue is left out."""
        done = 0
        while done < len(ids):

            def ask(size: int, start: int = done) -> tuple[Sequence[str], _Nodes]:
                some = ids[start : start + size]
                missing = frozenset({"NOT_FOUND"})
                return some, self.query(document, {**variables, "ids": some}, _Nodes, tolerated=missing)

            asked, answer = self.by_page(ask)
            if len(answer.nodes) != len(asked):
                raise self.misshapen(f"asked for {len(asked)} nodes, it answered with {len(answer.nodes)}")
            for id_, node in zip(asked, answer.nodes, strict=True):
                if node is not None and node.get("kind") == "Issue":
                    yield id_, node
            done += len(asked)

    def mutate(self, document: str, variables: Mapping[str, Any], *, pieces: int = 0) -> GraphQLResult:
        """Write by GraphQL, never twice: what failed stands in the result's errors beside what did not.

        `pieces` is how many of its mutations create content.
        """
        return self._client.graphql(self._graphql_url, document, variables, safe=False, pieces=pieces)

    def shaped(self, answer: Any, shape: type[T]) -> T:
        """Part of an answer as a type; what does not fit is an `InvalidResponseError`."""
        try:
            return convert(answer, shape)
        except msgspec.ValidationError as error:
            raise self.misshapen(str(error)) from error

    def misshapen(self, what: str) -> InvalidResponseError:
        """The error for an answer that keeps no promise of the API."""
        return InvalidResponseError(
            f"{self._graphql_url}: the answer is not what GitHub's API promises: {what}",
            hint="check that the address is GitHub's, and its version",
            tracker=self.tracker,
            host=urlsplit(self._graphql_url).netloc,
        )


def numbered_pages(first: Response) -> Iterator[str]:
    """The addresses of the second page to the last, where GitHub counts pages; none where it follows a cursor."""
    following, last = (urlsplit(url or "") for url in (first.next_url, first.last_url))
    numbers = [dict(parse_qsl(url.query)).get("page", "") for url in (following, last)]
    if numbers[0] != "2" or not numbers[1].isdecimal():
        return
    query = dict(parse_qsl(following.query))
    for number in range(2, int(numbers[1]) + 1):
        yield following._replace(query=urlencode(query | {"page": str(number)})).geturl()


class _Page(NamedTuple, Generic[T]):
    entries: list[T]
    following: str | None


class _Nodes(msgspec.Struct):
    nodes: list[dict[str, Any] | None]


class Installation(AuthBase):
    """Signs as a GitHub App on one account: its tokens live an hour, and PyGithub gets the next one in time."""

    def __init__(self, tracker: str, url: str, app: AppSettings, private_key: str) -> None:
        """`private_key` is PEM; its lines may be joined by a backslash and an n, as single-line variables must."""
        self._tracker = tracker
        self._url = url
        self._app = app
        self._private_key = private_key.replace("\\n", "\n")
        self._lock = threading.Lock()
        self._auth: AppInstallationAuth | None = None

    def __repr__(self) -> str:
        return f"Installation({self._app.id}/{self._app.installation})"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign one request; now and then this asks GitHub for a new token first. Raises a `TrackerError`."""
        with self._lock:
            token = self._token()
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    def _token(self) -> str:
        import jwt
        from github import GithubException

        try:
            self._auth = self._auth or self._sign_in()
            token = self._auth.token
        except GithubException as error:
            raise self._refused(error) from None
        except requests.RequestException as error:
            raise UnavailableError(
                f"no token for the App: {self._url} did not answer: {error}", sent=False, tracker=self._tracker
            ) from None
        except (jwt.PyJWTError, ValueError):
            raise AuthError(
                "the App's private key cannot be used to sign",
                hint="it must be the whole PEM file, from -----BEGIN to END-----",
                tracker=self._tracker,
            ) from None
        return token

    def _sign_in(self) -> AppInstallationAuth:
        from github import Auth, Github

        # At DEBUG it writes answers down whole, and here the answer is a token.
        logging.getLogger("github.Requester").setLevel(logging.INFO)
        app = Auth.AppAuth(self._app.id, self._private_key)
        asking = Github(
            auth=app,
            base_url=self._url,
            timeout=60,
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )
        return app.get_installation_auth(self._app.installation, requester=asking.requester)

    def _refused(self, error: GithubException) -> TrackerError:
        words = error.data.get("message") if isinstance(error.data, dict) else error.message
        told = f"no token for {self!r} from {self._url}: {error.status}: {clean(str(words))}"
        if "rate limit" in told.lower():
            return RateLimitError(told, tracker=self._tracker, status=error.status)
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return UnavailableError(told, sent=False, tracker=self._tracker, status=error.status)
        kind = ForbiddenError if error.status == HTTPStatus.FORBIDDEN else AuthError
        hint = "check app.id, app.installation and that the key is one of this App's"
        return kind(told, hint=hint, tracker=self._tracker, status=error.status)
