"""The faults in force: read from a file or a request, every problem told at once, and counted while they strike."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from trackersync_sandbox.fault import Fault, misused
from trackersync_sandbox.state import JSON

Operation = tuple[str, str]
"""Method and template, as the official specification writes them."""


class FaultsError(ValueError):
    """These are no faults: `problems` are all that is wrong with them."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(slots=True)
class _Counted:
    given: Any
    fault: Fault
    calls: int = 0
    struck: int = 0


class Script:
    """The faults in force. Safe to use from several threads."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        """`operations` are all that faults can be about."""
        self._operations = list(operations)
        self._lock = threading.Lock()
        self._faults: list[_Counted] = []

    def read(self, file: Path) -> None:
        """Put the faults of a YAML or JSON file in force. Raises OSError and FaultsError."""
        yaml = YAML(typ="safe", pure=True)
        text = file.read_text(encoding="utf-8")
        try:
            given, node = yaml.load(text), yaml.compose(text)
        except YAMLError as exc:
            raise FaultsError([f"{file.name}: no YAML: {exc}"]) from exc
        lines = [f"{file.name}:{entry.start_mark.line + 1}" for entry in node.value] if isinstance(given, list) else []
        self.put(given, lines or [file.name])

    def put(self, given: Any, places: Sequence[str] = ()) -> None:
        """Put these faults in force in place of those before, counting from nothing. Raises FaultsError.

        `places` are the names of the entries in what is told of them.
        """
        if not isinstance(given, list):
            raise FaultsError([f"{places[0] if places else 'faults'}: not a list of faults"])
        names = places or [f"fault {number}" for number in range(1, len(given) + 1)]
        problems: list[str] = []
        faults = [self._checked(entry, name, problems) for entry, name in zip(given, names, strict=True)]
        if problems:
            raise FaultsError(problems)
        with self._lock:
            self._faults = [_Counted(entry, fault) for entry, fault in zip(given, faults, strict=True) if fault]

    def struck(self, method: str, path: str, body: bytes) -> list[Fault]:
        """The faults that strike on this request, in their order; it counts for all on whose route it is."""
        with self._lock:
            return [entry.fault for entry in self._faults if _strikes(entry, method, path, body)]

    def refused(self, mutation: str) -> str | None:
        """The words by which this one mutation is refused; it counts for every fault that refuses such."""
        with self._lock:
            meant = [entry for entry in self._faults if entry.fault.refuse and entry.fault.route.word == mutation]
            return next((entry.fault.refuse for entry in meant if _counts(entry)), None)

    def as_json(self) -> JSON:
        """What `GET /_sandbox/faults` answers."""
        with self._lock:
            return {
                "faults": [{"fault": one.given, "calls": one.calls, "struck": one.struck} for one in self._faults],
            }

    def _checked(self, given: Any, name: str, problems: list[str]) -> Fault | None:
        if not isinstance(given, dict):
            problems.append(f"{name}: not a fault, which is an object with a route")
            return None
        problems += (f"{name}: {problem}" for problem in misused(given))
        try:
            fault = Fault.model_validate(given)
        except ValidationError as exc:
            problems += (f"{name}: {_told(error)}" for error in exc.errors())
            return None
        if not fault.route.is_one_of(self._operations):
            problems.append(f"{name}: route: {self._nearest(given['route'])}")
        return fault

    def _nearest(self, route: str) -> str:
        known = [f"{method} {template}" for method, template in self._operations]
        near = get_close_matches(" ".join(route.split()[:2]), known, 1, 0)
        return f"no operation is {route}; the nearest is {near[0]}"


def _strikes(entry: _Counted, method: str, path: str, body: bytes) -> bool:
    if entry.fault.refuse or not entry.fault.route.meets(method, path, body):
        return False
    return _counts(entry)


def _counts(entry: _Counted) -> bool:
    """Whether it strikes this time."""
    entry.calls += 1
    strikes = entry.calls in entry.fault.call
    entry.struck += strikes
    return strikes


def _told(error: Any) -> str:
    key = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        near = get_close_matches(key, Fault.model_fields, 1, 0)
        return f"{key}: no such key; the nearest is {near[0]}"
    return f"{key}: {error['msg'].removeprefix('Value error, ')}"
