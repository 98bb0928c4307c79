"""Addresses: whether two lead to the same place, and how one is shown; pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from trackersync.transport.words import clean

_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin(url: str) -> tuple[str | None, str | None, int | None]:
    """Scheme, host and port, all None for what is no address."""
    # By the parser that the connection is made with: what two parsers read differently is how tokens leak.
    try:
        parsed = parse_url(url)
    except LocationParseError:
        return (None, None, None)
    return (parsed.scheme, parsed.host, parsed.port or _DEFAULT_PORTS.get(parsed.scheme or ""))


def host_of(url: str) -> str:
    """Host and port as written, without a user."""
    return urlsplit(url).netloc.rpartition("@")[2]


def shown(url: str) -> str:
    """Host and path, without user and query, for messages."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that cannot be read"
    return clean(parts.netloc.rpartition("@")[2] + parts.path, 200)
