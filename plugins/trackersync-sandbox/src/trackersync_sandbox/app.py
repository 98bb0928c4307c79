"""The WSGI application: routes to the trackers, checks tokens, counts requests, and the sandbox's own routes."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from trackersync_sandbox.state import (
    AnswerError,
    BadEditError,
    Call,
    Requests,
    Route,
    Tracker,
    UnknownRefError,
    json_response,
)

# Label names may contain slashes, which arrive decoded; everything else fills one segment.
_GREEDY = frozenset({"name"})


class Sandbox:
    """All emulated trackers behind one address. Safe to call from several threads."""

    def __init__(self, trackers: Sequence[Tracker], requests: Requests, *, latency: float = 0.0) -> None:
        """`latency` is how long each answer of a tracker takes at least, in seconds."""
        self._trackers = {tracker.name: tracker for tracker in trackers}
        self._locks = {tracker.name: threading.RLock() for tracker in trackers}
        self._maps = {tracker.name: _map(tracker.routes) for tracker in trackers}
        self._requests = requests
        self._latency = latency
        self._own: Mapping[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "requests"): self._get_requests,
            ("POST", "requests/reset"): self._reset_requests,
            ("GET", "state"): self._get_state,
            ("POST", "edit"): self._edit,
        }

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """The WSGI entry."""
        request = Request(environ)
        name, _, rest = request.path.lstrip("/").partition("/")
        if name in self._trackers:
            response = self._ask(self._trackers[name], request, rest)
        else:
            response = self._control(request, rest) if name == "_sandbox" else self._nowhere(request)
        return response(environ, start_response)

    def _ask(self, tracker: Tracker, request: Request, rest: str) -> Response:
        if self._latency:
            time.sleep(self._latency)
        route, args = self._route(tracker, request, rest)
        template = route.template if route else "(no such route)"
        self._requests.count(f"{tracker.name} {request.method} {template}")
        call = Call(request, args, f"{request.host_url}{tracker.name}")
        with self._locks[tracker.name]:
            return tracker.finish(call, self._answer(tracker, route, call))

    def _route(self, tracker: Tracker, request: Request, rest: str) -> tuple[Route | None, Mapping[str, str]]:
        try:
            route, args = self._maps[tracker.name].bind("").match(f"/{rest}", method=request.method)
        except HTTPException:
            return None, {}
        return route, args

    @staticmethod
    def _answer(tracker: Tracker, route: Route | None, call: Call) -> Response:
        token = _token(call.request)
        if token in (None, "bad"):
            return tracker.unauthorized(call, token_given=token is not None)
        if route is None:
            return tracker.no_route(call)
        try:
            return route.handler(call)
        except AnswerError as answer:
            return answer.response

    def _control(self, request: Request, rest: str) -> Response:
        operation = self._own.get((request.method, rest))
        return operation(request) if operation else self._nowhere(request)

    def _nowhere(self, request: Request) -> Response:
        places = [f"/{name}" for name in self._trackers] + [f"{method} /_sandbox/{path}" for method, path in self._own]
        return json_response({"error": f"nothing at {request.path}", "try": places}, 404)

    def _get_requests(self, _: Request) -> Response:
        return json_response(self._requests.as_json())

    def _reset_requests(self, _: Request) -> Response:
        self._requests.reset()
        return json_response(self._requests.as_json())

    def _get_state(self, _: Request) -> Response:
        state = {}
        for name, tracker in self._trackers.items():
            with self._locks[name]:
                state[name] = tracker.state()
        canonical = msgspec.json.encode(state, order="sorted")
        return Response(canonical, content_type="application/json; charset=utf-8")

    def _edit(self, request: Request) -> Response:
        try:
            wanted = msgspec.json.decode(request.get_data(), type=_Edit)
            self._set(wanted)
        except UnknownRefError as exc:
            return json_response({"error": str(exc)}, 404)
        except (BadEditError, msgspec.DecodeError) as exc:
            return json_response({"error": str(exc)}, 400)
        return json_response({"ref": wanted.ref, "set": wanted.set})

    def _set(self, wanted: _Edit) -> None:
        name, _, key = wanted.ref.partition(":")
        if name not in self._trackers:
            raise UnknownRefError(f"no tracker {name!r} in ref {wanted.ref!r}; refs look like github:acme/web#12")
        with self._locks[name]:
            self._trackers[name].edit(key, wanted.set)


class _Edit(msgspec.Struct, forbid_unknown_fields=True):
    ref: str
    set: dict[str, Any]


def _map(routes: Sequence[Route]) -> Map:
    rules = [Rule(_rule(route.template), methods=[route.method], endpoint=route) for route in routes]
    return Map(rules, strict_slashes=False, merge_slashes=False, redirect_defaults=False)


def _rule(template: str) -> str:
    """The official `/labels/{name}` in werkzeug's spelling, `/labels/<path:name>`."""
    return re.sub(r"\{(\w+)\}", lambda m: f"<{'path:' if m[1] in _GREEDY else ''}{m[1]}>", template)


def _token(request: Request) -> str | None:
    """The secret in the Authorization header; the password where it is Basic."""
    authorization = request.authorization
    if authorization is None:
        return None
    return (authorization.password if authorization.type == "basic" else authorization.token) or None
