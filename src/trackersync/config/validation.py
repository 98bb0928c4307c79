"""Data against a model, with all that is wrong with it and with as much of it as is right.

A fault must not hide another: what pydantic refuses is noted and cut out, and the rest is validated again.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from msgspec import Struct
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trackersync.config.document import Document, KeyPath
from trackersync.config.wording import closest, keys_at, say
from trackersync.errors import Problem

Model = TypeVar("Model", bound=BaseModel)

_ROUNDS = 20
"""Every round cuts something out of a file of bounded depth; models nest far less deep than this."""


class Validated(Struct, Generic[Model], frozen=True):
    """The valid part, None where nothing is left of it; the problems; and the paths that were cut out."""

    value: Model | None
    problems: list[Problem]
    cut: frozenset[KeyPath]


def validate(model: type[Model], document: Document, at: KeyPath, data: Any) -> Validated[Model]:
    """Validate the data that stands in the document `at` this path; models find its `folder` in their context."""
    rest = data
    problems: list[Problem] = []
    cut: set[KeyPath] = set()
    for _ in range(_ROUNDS):
        try:
            return Validated(model.model_validate(rest, context={"folder": document.folder}), problems, frozenset(cut))
        except ValidationError as failure:
            errors = failure.errors(include_url=False)
        rest = copy.deepcopy(data) if rest is data else rest  # most data is right, and some of it is large
        faults = [(_standing(rest, error), error) for error in errors]
        meant = _meant(model, faults)
        for path, error in faults:
            if not touches(cut, (*at, *path)) and not (error["type"] == "missing" and path in meant):
                message, hint = say(error, model, path)
                problems.append(document.problem((*at, *path), message, hint))
        cut |= {(*at, *path) for path, _ in faults}
        if not all(_cut(rest, path) for path, _ in faults):
            break
    return Validated(None, problems, frozenset(cut))


def touches(cut: Iterable[KeyPath], path: KeyPath) -> bool:
    """Whether a path is, holds, or lies in something that was cut out: then its fault is a consequence."""
    return any(path[: len(each)] == each[: len(path)] for each in cut)


def _meant(model: type[BaseModel], faults: Iterable[tuple[KeyPath, ErrorDetails]]) -> set[KeyPath]:
    """The keys that misspelt ones most likely stand for: to call those missing would tell one fault twice."""
    unknown = [path for path, error in faults if error["type"] == "extra_forbidden"]
    guesses = [(path, closest(str(path[-1]), keys_at(model, path[:-1]))) for path in unknown]
    return {(*path[:-1], guess) for path, guess in guesses if guess is not None}


def _standing(data: Any, error: ErrorDetails) -> KeyPath:
    """The error's place in the file's own keys: pydantic adds names of union members and of dictionary keys."""
    path: list[str | int] = []
    for part in error["loc"]:
        if _holds(data, part):
            data = data[part]
            path.append(part)
        elif error["type"] == "missing" and part == error["loc"][-1]:
            path.append(part)
    return tuple(path)


def _holds(data: Any, part: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def _cut(data: Any, path: KeyPath) -> bool:
    """Take out what stands at the path, or what holds it where it is absent; False where nothing would be left."""
    for depth in range(len(path) - 1, -1, -1):
        holder, part = _at(data, path[:depth]), path[depth]
        if isinstance(holder, list) and isinstance(part, int):
            holder[part] = {}  # an item keeps its place, or those after it would be told by the wrong number
            return True
        if isinstance(holder, dict) and part in holder:
            del holder[part]
            return True
    return False


def _at(data: Any, path: KeyPath) -> Any:
    for part in path:
        data = data[part] if _holds(data, part) else None
    return data
