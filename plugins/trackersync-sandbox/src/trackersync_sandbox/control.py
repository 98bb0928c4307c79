"""The sandbox's own routes under `/_sandbox`: what was asked, what there is, and playing the humans."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from werkzeug import Request, Response

from trackersync_sandbox.state import JSON, BadEditError, Requests, Tracker, UnknownRefError, json_response

T = TypeVar("T", bound="_Ref")


@dataclass(frozen=True, slots=True)
class Served:
    """A tracker, and the lock that whoever touches it holds."""

    tracker: Tracker
    lock: threading.RLock = field(default_factory=threading.RLock)


class Control:
    """The operations over all trackers."""

    def __init__(self, served: Mapping[str, Served], requests: Requests) -> None:
        self._served = served
        self._requests = requests
        self._operations: Mapping[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "requests"): self._get_requests,
            ("POST", "requests/reset"): self._reset_requests,
            ("GET", "state"): self._get_state,
            ("POST", "edit"): lambda request: self._play(request, _Edit),
            ("POST", "delete"): lambda request: self._play(request, _Delete),
            ("POST", "hide"): lambda request: self._play(request, _Hide),
            ("POST", "move"): lambda request: self._play(request, _Move),
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

    def _get_state(self, _: Request) -> Response:
        state = {}
        for name, served in self._served.items():
            with served.lock:
                state[name] = served.tracker.state()
        canonical = msgspec.json.encode(state, order="sorted")
        return Response(canonical, content_type="application/json; charset=utf-8")

    def _play(self, request: Request, shape: type[T]) -> Response:
        try:
            done = self.do(msgspec.json.decode(request.get_data(), type=shape))
        except UnknownRefError as exc:
            return json_response({"error": str(exc)}, 404)
        except (BadEditError, msgspec.DecodeError) as exc:
            return json_response({"error": str(exc)}, 400)
        return json_response(done)

    def do(self, wanted: _Ref) -> JSON:
        """What a human does to one issue, and what became of it. Raises UnknownRefError and BadEditError."""
        name, _, key = wanted.ref.partition(":")
        served = self._served.get(name)
        if served is None:
            raise UnknownRefError(f"no tracker {name!r} in ref {wanted.ref!r}; refs look like github:acme/web#12")
        with served.lock:
            return {"ref": wanted.ref, **wanted.play(served.tracker, key)}


class _Ref(msgspec.Struct, forbid_unknown_fields=True):
    ref: str

    def play(self, tracker: Tracker, key: str) -> JSON:
        raise NotImplementedError


class _Edit(_Ref):
    set: JSON

    def play(self, tracker: Tracker, key: str) -> JSON:
        tracker.edit(key, self.set)
        return {"set": self.set}


class _Delete(_Ref):
    def play(self, tracker: Tracker, key: str) -> JSON:
        tracker.delete(key)
        return {}


class _Hide(_Ref):
    def play(self, tracker: Tracker, key: str) -> JSON:
        tracker.hide(key)
        return {}


class _Move(_Ref):
    to: str

    def play(self, tracker: Tracker, key: str) -> JSON:
        return {"now": f"{tracker.name}:{tracker.move(key, self.to)}"}
