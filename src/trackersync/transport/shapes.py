"""Shapes of answers, learnt by msgspec one at a time.

When two threads are the first to decode the same type, msgspec (0.22) can follow what the other has half built, and the
process dies. What was learnt once is safe to use from any thread.
"""

from __future__ import annotations

from threading import Lock
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_learning = Lock()
_learnt: dict[Any, msgspec.json.Decoder[Any]] = {}


def decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    """The decoder of JSON into `shape`."""
    with _learning:
        if shape not in _learnt:
            _learnt[shape] = msgspec.json.Decoder(shape)
        return _learnt[shape]


def convert(answer: Any, shape: type[T]) -> T:
    """Decoded JSON as `shape`; `msgspec.ValidationError` where it does not fit."""
    decoder(shape)
    return msgspec.convert(answer, shape)
