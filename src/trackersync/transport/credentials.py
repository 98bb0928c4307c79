"""What of a request must never be shown; pure."""

from __future__ import annotations

import base64
import binascii
import contextlib

_SHORTEST_SECRET = 6
"""Characters; to blot out less would blot out words."""


def carried_secrets(authorization: str) -> tuple[str, ...]:
    """What of an Authorization header must never be shown: the token, or Basic's password."""
    scheme, _, token = authorization.partition(" ")
    password = ""
    if scheme.lower() == "basic":
        with contextlib.suppress(binascii.Error):
            _, _, password = base64.b64decode(token).decode("utf-8", errors="replace").partition(":")
    return tuple(secret for secret in (token, password) if len(secret) >= _SHORTEST_SECRET)
