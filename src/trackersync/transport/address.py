"""Addresses: whether two lead to the same place, and how one is shown; pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from trackersync.transport.words import clean

_DEFAULT_PORTS = {"http": 80, "https": 443}
_PORT = r"[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}"
_PLAIN = re.compile(
    rf"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(?P<port>{_PORT}))?(?:/[A-Za-z0-9._~/-]*)?"
)
"""Addresses that no two parsers read differently."""


def web_address(text: str) -> str:
    """An API's address from the file without a slash at its end; ValueError in words that repeat nothing of it.

    A user or password in it would be shown wherever a tracker is named, and sent beside the token that is meant.
    """
    scheme, host, _ = origin(text)
    if scheme not in _DEFAULT_PORTS or not host:
        raise ValueError("must start with https:// and a host")
    parts = urlsplit(text)
    if "@" in parts.netloc:
        raise ValueError("must not hold a user or password: name the token's environment variable instead")
    if parts.query or parts.fragment:
        raise ValueError("must end with its path, without ? and #")
    return text.rstrip("/")


def origin(url: str) -> tuple[str | None, str | None, int | None]:
    """Scheme, host and port, all None for what is no address."""
    plain = _PLAIN.fullmatch(url)
    if plain:
        return (plain["scheme"], plain["host"], int(plain["port"] or _DEFAULT_PORTS[plain["scheme"]]))
    return _parsed_origin(url)


def _parsed_origin(url: str) -> tuple[str | None, str | None, int | None]:
    # By the parser that the connection is made with: what two parsers read differently is how tokens leak. It comes
    # with all that connections take, for which a file that is only checked has no use.
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

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
