"""What the snapshots were read with: a field that nobody asked for is not in them, whatever the tracker holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from trackersync.connector import FieldNames
from trackersync.sync.workspace import Workspace

if TYPE_CHECKING:
    from trackersync.scoring.rules import Rules


_ALWAYS = 2
"""Kinds of names that are always told."""


def as_word(names: FieldNames) -> str:
    """The names in one word, the same for the same names; the first of every stored cursor."""
    kinds = [sorted(each) for each in _kinds(names)]
    while len(kinds) > _ALWAYS and not kinds[-1]:
        kinds.pop()  # as the cursors of before have it: what is not used need not be read anew
    return quote(json.dumps(kinds), safe="")


def not_read_for(workspace: Workspace, rules: Rules) -> Iterator[tuple[str, list[str]]]:
    """By tracker the fields and columns that these rules read and its snapshot is without, as far as that is known."""
    for name in workspace.config.trackers:
        read, wanted = _read_with(workspace, name), workspace.config.read_by(rules, name)
        if read is None:
            continue
        pairs = zip(_kinds(wanted), _kinds(read), strict=True)
        if lacking := frozenset().union(*(asked - held for asked, held in pairs)):
            yield name, sorted(lacking)


def _kinds(names: FieldNames) -> tuple[frozenset[str], ...]:
    return names.fields, names.project_fields, names.columns, names.properties


def _read_with(workspace: Workspace, tracker: str) -> FieldNames | None:
    """None where nothing was read, or the connector leaves no cursor, or another version left one."""
    known = workspace.snapshot(tracker)
    if known is None or known.cursor is None:
        return None
    try:
        kinds = [frozenset(each) for each in json.loads(unquote(known.cursor.partition(" ")[0]))]
        fields, project_fields, columns, properties = islice(chain(kinds, repeat(frozenset())), 4)
        return FieldNames(fields, project_fields, properties, columns=columns)
    except (TypeError, ValueError):
        return None
