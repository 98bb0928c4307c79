"""The WSGI application: routes to the trackers, checks tokens and counts requests."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date
from werkzeug.routing import Map, Rule

from trackersync_sandbox.control import Control
from trackersync_sandbox.fault import GREEDY, Fault
from trackersync_sandbox.human import Human, Served
from trackersync_sandbox.script import Script
from trackersync_sandbox.state import (
    AnswerError,
    BadEditError,
    Call,
    Clock,
    Requests,
    Route,
    Tracker,
    UnknownRefError,
    json_response,
    token_of,
)
from trackersync_sandbox.writes import single_writes


class Sandbox:
    """All emulated trackers behind one address. Safe to call from several threads."""

    def __init__(
        self, trackers: Sequence[Tracker], requests: Requests, *, latency: float = 0.0, clock: Clock | None = None
    ) -> None:
        """`latency` is how long each answer of a tracker takes at least, in seconds; `clock` is the trackers' own."""
        self._served = {tracker.name: Served(tracker) for tracker in trackers}
        self._maps = {tracker.name: _map(tracker.routes) for tracker in trackers}
        self._requests = requests
        self._latency = latency
        self._human = Human(self._served)
        self.script = Script((route.method, route.template) for tracker in trackers for route in tracker.routes)
        """The faults in force: none, to begin with."""
        self._clock = clock or Clock()
        self._control = Control(self._served, self._human, requests, self.script, self._clock)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """The WSGI entry."""
        request = Request(environ)
        name, _, rest = request.path.lstrip("/").partition("/")
        if name in self._served:
            response = self._ask(self._served[name], request, rest)
            response.headers.setdefault("Date", self._date)
        else:
            answer = self._control.answer(request, rest) if name == "_sandbox" else None
            response = answer or self._nowhere(request)
        return response(environ, start_response)

    def _ask(self, served: Served, request: Request, rest: str) -> Response:
        tracker = served.tracker
        _pause(self._latency)
        route, args = self._route(tracker, request, rest)
        template = route.template if route else "(no such route)"
        self._requests.count(f"{tracker.name} {request.method} {template}")
        try:
            breaking = self._befall(request, rest)
        except (UnknownRefError, BadEditError) as exc:
            return json_response({"error": f"a fault has something done that cannot be done: {exc}"}, 500)
        if breaking and not breaking.carries_out:
            return breaking.answer(None)
        call = Call(request, args, f"{request.host_url}{tracker.name}", self.script.refused)
        with served.lock:
            own = tracker.finish(call, self._answer(tracker, route, call))
            if own.status_code < HTTPStatus.BAD_REQUEST:
                self._requests.wrote(single_writes(request.method, rest, request.get_data()))
        own.headers["Date"] = self._date  # werkzeug dates by this machine's clock what it makes conditional
        return breaking.answer(own) if breaking else own

    @property
    def _date(self) -> str:
        """The time by the trackers' clock, as every answer tells it."""
        return http_date(self._clock.now())

    def _befall(self, request: Request, rest: str) -> Fault | None:
        """What happens before the request is carried out; the first fault that breaks its answer."""
        struck = self.script.struck(request.method, f"/{rest}", request.get_data())
        for fault in struck:
            _pause((fault.delay_ms or 0) / 1000)
            if fault.deed:
                self._human.do(fault.deed)
        return next((fault for fault in struck if fault.breaks), None)

    def _route(self, tracker: Tracker, request: Request, rest: str) -> tuple[Route | None, Mapping[str, str]]:
        try:
            route, args = self._maps[tracker.name].bind("").match(f"/{rest}", method=request.method)
        except HTTPException:
            return None, {}
        return route, args

    @staticmethod
    def _answer(tracker: Tracker, route: Route | None, call: Call) -> Response:
        token = token_of(call.request)
        if token in (None, "bad"):
            return tracker.unauthorized(call, token_given=token is not None)
        if refused := tracker.refused(call):
            return refused
        if route is None:
            return tracker.no_route(call)
        try:
            return route.handler(call)
        except AnswerError as answer:
            return answer.response

    def _nowhere(self, request: Request) -> Response:
        places = [*(f"/{name}" for name in self._served), *self._control.places]
        return json_response({"error": f"nothing at {request.path}", "try": places}, 404)


def _pause(seconds: float) -> None:
    if seconds:
        time.sleep(seconds)


def _map(routes: Sequence[Route]) -> Map:
    rules = [Rule(_rule(route.template), methods=[route.method], endpoint=route) for route in routes]
    return Map(rules, strict_slashes=False, merge_slashes=False, redirect_defaults=False)


def _rule(template: str) -> str:
    """The official `/labels/{name}` in werkzeug's spelling, `/labels/<path:name>`."""
    return re.sub(r"\{(\w+)\}", lambda m: f"<{'path:' if m[1] in GREEDY else ''}{m[1]}>", template)
