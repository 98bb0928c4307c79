"""Which fields the snapshots were read with: one that nobody asked for is not in them, whatever the tracker holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trackersync.connector import FieldNames
from trackersync.sync.workspace import Workspace

if TYPE_CHECKING:
    from trackersync.scoring.rules import Rules


def fingerprint(names: FieldNames) -> str:
    """The same for the same names; the first word of every stored cursor."""
    return hashlib.sha256(repr((sorted(names.fields), sorted(names.project_fields))).encode()).hexdigest()[:16]


def read_for_others(workspace: Workspace) -> Iterator[str]:
    """The trackers that were last read with other fields than the file names now, as far as that is known."""
    for name in workspace.config.trackers:
        read = _read_with(workspace, name)
        if read is not None and read != fingerprint(workspace.config.wanted(name)):
            yield name


def not_read_for(workspace: Workspace, rules: Rules) -> Iterator[tuple[str, list[str]]]:
    """By tracker the fields that other rules read, and the snapshot was not read with."""
    for name in workspace.config.trackers:
        own, theirs = workspace.config.wanted(name), workspace.config.read_by(rules, name)
        lacking = (theirs.fields - own.fields) | (theirs.project_fields - own.project_fields)
        if lacking and _read_with(workspace, name) == fingerprint(own):
            yield name, sorted(lacking)


def _read_with(workspace: Workspace, tracker: str) -> str | None:
    """None where nothing was read, or the connector leaves no cursor."""
    known = workspace.snapshot(tracker)
    return None if known is None or known.cursor is None else known.cursor.partition(" ")[0]
