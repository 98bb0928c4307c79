"""An answer of a tracker, decoded with distrust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar, overload
from urllib.parse import urljoin, urlsplit

from requests.utils import parse_header_links

from trackersync.errors import InvalidResponseError
from trackersync.transport.shapes import decoder
from trackersync.transport.words import UNDECODABLE, clean, preview

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer with a status below 400."""

    status: int
    headers: Mapping[str, str]
    """Looked up without regard to case."""
    content: bytes
    url: str
    tracker: str | None = None
    """The team's name of the tracker that answered, for errors."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What was sent and must not be shown, should it be echoed."""

    @overload
    def json(self) -> Any: ...
    @overload
    def json(self, shape: type[T]) -> T: ...
    def json(self, shape: Any = Any) -> Any:
        """Decode the body with msgspec into `shape`; HTML, cut off or misshapen JSON is an `InvalidResponseError`."""
        try:
            return decoder(shape).decode(self.content)
        except UNDECODABLE as error:
            problem = clean(str(error), 200)
        # Outside the handler: what was read stays out of the error's chain.
        kind, start = clean(self.headers.get("Content-Type", "none"), 80), preview(self.showable)
        raise InvalidResponseError(
            f"{self.place} answered {self.status} with what is not its API's JSON ({problem}); "
            f"content type {kind}, it begins {start}",
            hint="check that the address is the API's and that no proxy or log-in page answers in its place",
            tracker=self.tracker,
            host=self.host,
            status=self.status,
        )

    def blot(self, text: str) -> str:
        """The text without the secrets that the request carried."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text

    @property
    def showable(self) -> bytes:
        """The body without the secrets that the request carried."""
        content = self.content
        for secret in self.secrets:
            content = content.replace(secret.encode(), b"***")
        return content

    @property
    def host(self) -> str:
        """The host and port that answered."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def place(self) -> str:
        """Host and path, without the query, for messages."""
        return clean(self.host + urlsplit(self.url).path, 200)

    @property
    def date(self) -> datetime | None:
        """When it was answered, by the tracker's clock (RFC 9110, Date), in UTC; None where it does not say."""
        try:
            return parsedate_to_datetime(self.headers.get("Date", "")).astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            return None

    @property
    def next_url(self) -> str | None:
        """The `rel="next"` of the Link header (RFC 8288), None on the last page."""
        return self._related("next")

    @property
    def last_url(self) -> str | None:
        """The `rel="last"` of the Link header, None where the tracker does not say or this is the last page."""
        return self._related("last")

    def _related(self, how: str) -> str | None:
        for link in parse_header_links(self.headers.get("Link", "")):
            if how in link.get("rel", "").lower().split():
                return _joined(self.url, link["url"])
        return None


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return url  # the client refuses what is no address on its host
