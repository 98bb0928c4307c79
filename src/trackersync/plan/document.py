"""The plan file: complete, self-sufficient, sealed by a digest over everything in it.

JSON, so that people and scripts can read it. Every byte is untrusted until the digest and the shape are checked.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct, structs

from trackersync.change import Change, FoundOverride, LabelSet
from trackersync.errors import GuardVerdict, PlanError
from trackersync.model import Standing

SCHEMA_VERSION: Literal[1] = 1


class PlannedTracker(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One tracker the plan writes to."""

    identity: str
    """`Source.identity` when the plan was made: the plan is for this tracker and no other."""
    notify: bool
    labels: LabelSet | None = None
    """The labels that are ours, where any are."""
    snapshot_at: datetime
    issues: int
    """How many issues its snapshot held."""


class SkippedTracker(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tracker that could not be read completely: it keeps its place in the ranking and is not written to."""

    tracker: str
    reason: str


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one `apply` will write, exactly; it reads nothing else but the ledger and credentials."""

    schema_version: Literal[1] = 1
    created_at: datetime
    rules_digest: str
    trackers: dict[str, PlannedTracker]
    changes: tuple[Change, ...]
    standings: tuple[Standing, ...]
    """The whole ranked list of these trackers, for the ledger's memory of bands and order."""
    overrides: tuple[FoundOverride, ...] = ()
    """Human values that were left alone."""
    skipped: tuple[SkippedTracker, ...] = ()
    notes: tuple[str, ...] = ()
    refused: tuple[GuardVerdict, ...] = ()
    """Guards that said no and were not allowed: a plan with any is shown, and never applied."""
    allowed: tuple[str, ...] = ()
    """Guards that the user allowed by name for this one run."""
    needs_input: int = 0
    """Issues that have no score, for want of an input, and are neither ranked nor written."""

    @property
    def digest(self) -> str:
        """The seal: a digest over everything in the plan."""
        return digest(self)

    def to_json(self) -> str:
        """The sealed file's text."""
        sealed = msgspec.json.encode({**structs.asdict(self), "digest": self.digest})
        return msgspec.json.format(sealed, indent=1).decode() + "\n"


def digest(content: Plan | dict[str, Any]) -> str:
    """`sha256:…` over the canonical JSON of everything in a plan but the digest itself."""
    return "sha256:" + hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def write_plan(plan: Plan, path: Path) -> None:
    """Write the sealed file; a file that cannot be written is a `PlanError`."""
    try:
        path.write_text(plan.to_json(), encoding="utf-8")
    except OSError as error:
        raise PlanError(f"{path}: the plan cannot be written: {error.strerror}") from error


def read_plan(path: Path) -> Plan:
    """Read a plan and believe it only if its digest and its shape hold; everything else is a `PlanError`."""
    try:
        content = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise PlanError(f"{path}: the plan cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise PlanError(f"{path}: this is not a plan: it is not complete JSON ({error})", hint=_AGAIN) from error
    if not isinstance(content, dict) or "schema_version" not in content:
        raise PlanError(f"{path}: this is not a plan of trackersync", hint=_AGAIN)
    if content["schema_version"] != SCHEMA_VERSION:
        raise PlanError(
            f"{path}: the plan has schema version {content['schema_version']!r}, not {SCHEMA_VERSION}",
            hint=_AGAIN,
        )
    if content.pop("digest", None) != digest(content):
        raise PlanError(f"{path}: the digest does not match: the plan was changed after it was made", hint=_AGAIN)
    try:
        return msgspec.convert(content, Plan)
    except msgspec.ValidationError as error:
        raise PlanError(f"{path}: this is not a plan: {error}", hint=_AGAIN) from error


_AGAIN = "make a new one with `trackersync plan --out FILE`"
