"""The sandbox's own routes under `/_sandbox`: what was asked, what there is, what breaks, and playing a human."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated

import msgspec
from werkzeug import Request, Response

from trackersync_sandbox.human import DEEDS, Deed, Human, Served
from trackersync_sandbox.script import FaultsError, Script
from trackersync_sandbox.state import BadEditError, Clock, Requests, UnknownRefError, json_response


class _Advance(msgspec.Struct, forbid_unknown_fields=True):
    advance_ms: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000_000)]


class Control:
    """The operations over all trackers."""

    def __init__(
        self, served: Mapping[str, Served], human: Human, requests: Requests, script: Script, clock: Clock
    ) -> None:
        self._served = served
        self._human = human
        self._requests = requests
        self._script = script
        self._clock = clock
        self._operations: Mapping[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "requests"): self._get_requests,
            ("POST", "requests/reset"): self._reset_requests,
            ("GET", "notifications"): self._get_notifications,
            ("POST", "notifications/reset"): self._reset_notifications,
            ("GET", "state"): self._get_state,
            ("GET", "faults"): self._get_faults,
            ("POST", "faults"): self._put_faults,
            ("POST", "faults/reset"): self._reset_faults,
            ("POST", "clock"): self._advance,
            **{("POST", name): partial(self._do, kind=kind) for name, kind in DEEDS.items()},
        }

    @property
    def places(self) -> list[str]:
        """All of them, as a person would look for one."""
        return [f"{method} /_sandbox/{path}" for method, path in self._operations]

    def answer(self, request: Request, path: str) -> Response | None:
        """The answer of one of the routes; None where there is no such route."""
        operation = self._operations.get((request.method, path))
        return operation(request) if operation else None

    def _get_requests(self, _: Request) -> Response:
        return json_response(self._requests.as_json())

    def _reset_requests(self, _: Request) -> Response:
        self._requests.reset()
        return json_response(self._requests.as_json())

    def _get_notifications(self, _: Request) -> Response:
        return json_response({name: served.tracker.mail.sent for name, served in self._served.items()})

    def _reset_notifications(self, request: Request) -> Response:
        for served in self._served.values():
            with served.lock:
                served.tracker.mail.sent = 0
        return self._get_notifications(request)

    def _get_state(self, _: Request) -> Response:
        state = {}
        for name, served in self._served.items():
            with served.lock:
                state[name] = served.tracker.state()
        canonical = msgspec.json.encode(state, order="sorted")
        return Response(canonical, content_type="application/json; charset=utf-8")

    def _do(self, request: Request, kind: type[Deed]) -> Response:
        try:
            done = self._human.do(msgspec.json.decode(request.get_data(), type=kind))
        except UnknownRefError as exc:
            return json_response({"error": str(exc)}, 404)
        except (BadEditError, msgspec.DecodeError) as exc:
            return json_response({"error": str(exc)}, 400)
        return json_response(done)

    def _advance(self, request: Request) -> Response:
        try:
            wanted = msgspec.json.decode(request.get_data(), type=_Advance)
        except msgspec.DecodeError as exc:
            return json_response({"error": str(exc)}, 400)
        self._clock.advance(wanted.advance_ms / 1000)
        return json_response({"now": self._clock.moment()})

    def _get_faults(self, _: Request) -> Response:
        return json_response(self._script.as_json())

    def _put_faults(self, request: Request) -> Response:
        try:
            self._script.put(msgspec.json.decode(request.get_data()))
        except FaultsError as exc:
            return json_response({"error": str(exc), "problems": exc.problems}, 400)
        except msgspec.DecodeError as exc:
            return json_response({"error": str(exc)}, 400)
        return json_response(self._script.as_json())

    def _reset_faults(self, _: Request) -> Response:
        self._script.put([])
        return json_response(self._script.as_json())
