"""Which fields the snapshots were read with: one that nobody asked for is not in them, whatever the tracker holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from trackersync.connector import FieldNames
from trackersync.sync.workspace import Workspace

if TYPE_CHECKING:
    from trackersync.scoring.rules import Rules


def as_word(names: FieldNames) -> str:
    """The names in one word, the same for the same names; the first of every stored cursor."""
    return quote(json.dumps([sorted(names.fields), sorted(names.project_fields)]), safe="")


def not_read_for(workspace: Workspace, rules: Rules) -> Iterator[tuple[str, list[str]]]:
    """By tracker the fields that these rules read and its snapshot was read without, as far as that is known."""
    for name in workspace.config.trackers:
        read, wanted = _read_with(workspace, name), workspace.config.read_by(rules, name)
        if read is None:
            continue
        if lacking := (wanted.fields - read.fields) | (wanted.project_fields - read.project_fields):
            yield name, sorted(lacking)


def _read_with(workspace: Workspace, tracker: str) -> FieldNames | None:
    """None where nothing was read, or the connector leaves no cursor, or another version left one."""
    known = workspace.snapshot(tracker)
    if known is None or known.cursor is None:
        return None
    try:
        fields, project_fields = json.loads(unquote(known.cursor.partition(" ")[0]))
    except (TypeError, ValueError):
        return None
    return FieldNames(frozenset(fields), frozenset(project_fields))
