"""Requests in and answers out, in the manner of Jira."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from werkzeug import Response

from trackersync_sandbox.jira.address import resolved
from trackersync_sandbox.jira.refusals import refusal
from trackersync_sandbox.state import Call

T = TypeVar("T")

_INVALID = "Invalid request payload. Refer to the REST API documentation and try again."
_NO_JSON = "There was an error parsing JSON. Check that your request body is valid."


def answer(call: Call, data: Any, version: str = "3", status: int = 200) -> Response:
    """`data` in JSON, its addresses under the caller's base."""
    body = resolved(msgspec.json.encode(data), call.base, version)
    return Response(body, status=status, content_type="application/json;charset=UTF-8")


def body(call: Call, shape: type[T]) -> T:
    """The request's JSON body; anything else is refused."""
    try:
        return msgspec.json.decode(call.request.get_data(), type=shape)
    except msgspec.ValidationError:
        raise refusal(_INVALID) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise refusal(_NO_JSON) from None


def query(call: Call, shape: type[T], *, lists: frozenset[str] = frozenset()) -> T:
    """The parameters of the address; those in `lists` may be given several times."""
    args = call.request.args
    given = {name: args.getlist(name) if name in lists else args[name] for name in args}
    try:
        return msgspec.convert(given, shape, strict=False)
    except msgspec.ValidationError as exc:
        raise refusal(f"Invalid query parameter: {exc}") from None
