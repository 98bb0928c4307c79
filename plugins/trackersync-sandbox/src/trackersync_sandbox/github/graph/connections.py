"""Pages of a list as GraphQL gives them; a cursor is the place in the list."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode

from trackersync_sandbox.github.graph.context import Info
from trackersync_sandbox.github.graph.refusals import RefusalError
from trackersync_sandbox.github.listing import MAX_PAGE
from trackersync_sandbox.state import JSON


@dataclass(frozen=True, slots=True)
class Connection:
    """One page of `everything`."""

    everything: Sequence[Any]
    start: int
    end: int

    @property
    def total_count(self) -> int:
        """Of the whole list."""
        return len(self.everything)

    @property
    def nodes(self) -> Sequence[Any]:
        """The page."""
        return self.everything[self.start : self.end]

    @property
    def edges(self) -> Sequence[JSON]:
        """The page, with a cursor for each."""
        return [{"cursor": _cursor(self.start + place), "node": node} for place, node in enumerate(self.nodes, start=1)]

    @property
    def page_info(self) -> JSON:
        """Where the page lies."""
        count = len(self.nodes)
        return {
            "startCursor": _cursor(self.start + 1) if count else None,
            "endCursor": _cursor(self.start + count) if count else None,
            "hasNextPage": self.end < len(self.everything),
            "hasPreviousPage": self.start > 0,
        }


def connect(everything: Sequence[Any], info: Info, *, first: int | None, after: str | None) -> Connection:
    """The page asked for. Refused without `first`, unless only the count is asked for, and above a hundred."""
    name = info.field_name
    if first is None:
        if _asks_for_items(info):
            message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
            raise RefusalError("MISSING_PAGINATION_BOUNDARIES", message)
        first = 0
    if first > MAX_PAGE:
        message = (
            f"Requesting {first} records on the `{name}` connection exceeds the `first` limit of {MAX_PAGE} records."
        )
        raise RefusalError("EXCESSIVE_PAGINATION", message)
    if first < 0:
        raise RefusalError("INVALID_PAGINATION", f"`first` on the `{name}` connection cannot be less than zero.")
    start = _place(after, name)
    return Connection(everything, start, start + first)


def _asks_for_items(info: Info) -> bool:
    """Whether more than `totalCount` is selected; a fragment is taken to select more."""
    chosen = [part for node in info.field_nodes if node.selection_set for part in node.selection_set.selections]
    return any(not isinstance(part, FieldNode) or part.name.value in {"nodes", "edges", "pageInfo"} for part in chosen)


def _cursor(place: int) -> str:
    return base64.b64encode(f"cursor:{place}".encode()).decode()


def _place(cursor: str | None, name: str) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).removeprefix(b"cursor:"))
    except (ValueError, binascii.Error) as exc:
        message = f"`{cursor}` does not appear to be a valid cursor for the `{name}` connection."
        raise RefusalError("INVALID_CURSOR_ARGUMENTS", message) from exc
