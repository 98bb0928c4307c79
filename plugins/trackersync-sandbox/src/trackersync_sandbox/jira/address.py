"""Addresses in stored answers: written once at loading, made to speak the caller's base when they are sent."""

from __future__ import annotations

# No real text holds this: `.invalid` is reserved (RFC 2606).
_MARK = "https://jira.sandbox.invalid/"


def address(path: str) -> str:
    """The address of a platform resource, such as `priority/3`."""
    return f"{_MARK}{path}"


def resolved(body: bytes, base: str, version: str) -> bytes:
    """An encoded answer, its addresses under `{base}/rest/api/{version}/`."""
    return body.replace(_MARK.encode(), f"{base}/rest/api/{version}/".encode())
