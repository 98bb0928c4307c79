"""What the kit writes to, by the names under which the pretended tracker has it."""

from __future__ import annotations

from msgspec import Struct


class Names(Struct, frozen=True, kw_only=True):
    """The places the kit writes to where the connector is capable of it; the connector's `wanted` must hold them."""

    field: str = "Score"
    """A number field of the issue's own."""
    project_field: str = "Score"
    """A number field of the project's items."""
    property: str = "trackersync.score"
    """The key of a property that is ours."""
    priorities: tuple[str, str] = ("High", "Low")
    """Two native priorities that the pretended tracker has."""
