"""How issues and values are kept: as JSON, which any tool can read, decoded straight into the model."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any

import msgspec
from msgspec.structs import force_setattr, replace

from trackersync.model import Issue, IssueRef, Value

_encoder = msgspec.json.Encoder()
_issue_decoder = msgspec.json.Decoder(Issue)
_value_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Value)


def storable(text: str) -> str:
    """The text with every unpaired surrogate, which UTF-8 has no place for, replaced by `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def encode_issue(issue: Issue) -> bytes:
    """The issue as JSON, without its body and what it lacks; a number that is none (NaN, infinity) becomes null."""
    return _encode(replace(issue, body=""))


def encode_body(issue: Issue) -> bytes | None:
    """The body as UTF-8; None where there is none."""
    return issue.body.encode("utf-8", "replace") or None


def decode_issues(payloads: Iterable[bytes]) -> list[Issue]:
    """The issues without their bodies; `msgspec.MsgspecError` where one is damaged or of another version."""
    return [_issue_decoder.decode(payload) for payload in payloads]


def decode_issues_as_left(rows: Iterable[Any]) -> list[Issue]:
    """The issues of payloads and of when we last wrote to each and a person last touched it before; raises likewise."""
    issues = []
    for payload, written_at, active_at in rows:
        issue = _issue_decoder.decode(payload)
        if written_at is not None and issue.updated_at == written_at:
            # Just made, it is nobody else's yet: to copy every issue for one date takes longer than to read them all.
            force_setattr(issue, "updated_at", active_at)
        issues.append(issue)
    return issues


def decode_whole_issues(rows: Iterable[tuple[bytes, bytes | None]]) -> list[Issue]:
    """The issues of payloads and bodies, as they were encoded; raises as `decode_issues`."""
    return [replace(_issue_decoder.decode(payload), body=(body or b"").decode()) for payload, body in rows]


class _Referred(msgspec.Struct):
    ref: IssueRef


_ref_decoder = msgspec.json.Decoder(_Referred)


def decode_refs(payloads: Iterable[bytes]) -> list[IssueRef]:
    """Of the issues only their refs; one that is damaged is left out: whoever reads it whole is told."""
    found = []
    for each in payloads:
        with suppress(msgspec.MsgspecError):
            found.append(_ref_decoder.decode(each).ref)
    return found


class _Placed(msgspec.Struct):
    ref: IssueRef
    native_rank: str | None = None


_place_decoder = msgspec.json.Decoder(_Placed)


def decode_places(payloads: Iterable[bytes]) -> list[tuple[str, str]]:
    """Of the issues on a board their ranks and ids; one that is damaged is left out, as by `decode_refs`."""
    found = []
    for each in payloads:
        with suppress(msgspec.MsgspecError):
            placed = _place_decoder.decode(each)
            if placed.native_rank is not None:
                found.append((placed.native_rank, placed.ref.id))
    return found


def encode_value(value: Value) -> str:
    """A target's value as JSON."""
    return _encode(value).decode()


@lru_cache(maxsize=4096)
def decode_value(text: str) -> Value:
    """The value again, lists as tuples; a ledger repeats a few labels and numbers, so they are remembered."""
    value: Value = _value_decoder.decode(text)
    return value


def encode_points(points: tuple[tuple[str, float], ...]) -> str:
    """What a score was made of as JSON."""
    return _encode(points).decode()


_points_decoder = msgspec.json.Decoder(tuple[tuple[str, float], ...])


def decode_points(text: str) -> tuple[tuple[str, float], ...]:
    """The points again."""
    return _points_decoder.decode(text)


def _encode(value: object) -> bytes:
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        # Rare: a tracker that sent half a surrogate pair. Worth a slow second try, not a check of every text.
        return _encoder.encode(_mended(msgspec.to_builtins(value)))


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {_mended(key): _mended(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(held) for held in value]
    return value
