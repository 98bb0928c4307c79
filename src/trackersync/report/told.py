"""Values of our targets as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackersync.scoring.figures import figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trackersync.change import WriteTarget
    from trackersync.model import IssueKey, IssueRef, Value


def value_text(value: Value) -> str:
    """A value by itself; of a text of several lines the first, of a number six digits, or all before its point."""
    match value:
        case None | ():
            return "–"
        case tuple():
            return " ".join(value)
        case True:
            return "on it"
        case float():
            return figure(value)
        case str() if "\n" in value:
            return f"{value.splitlines()[0]} …"
        case _:
            return str(value)


def shown_value(value: Value, target: WriteTarget, tracker: str, refs: Mapping[IssueKey, IssueRef]) -> str:
    """The same; a place by the key of the neighbour, as far as that is known."""
    match value:
        case (where, id_) if target.kind == "order":
            neighbour = refs.get((tracker, id_))
            return f"{where} {neighbour.key if neighbour else id_}"
        case _:
            return value_text(value)
