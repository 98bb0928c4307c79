"""What apps keep on issues: which of it is asked for, and how Data Center tells it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from trackersync.errors import ForbiddenError, NotFoundError, RejectedError
from trackersync.transport.ahead import ahead
from trackersync_jira.client import JiraSite
from trackersync_jira.paging import Page
from trackersync_jira.shapes import Kept

_MOST = 5
"""Source: OpenAPI of `POST /search/jql` and `POST /issue/bulkfetch`."""


def asked_for(keys: Collection[str], *, tracker: str) -> tuple[str, ...]:
    """The keys to ask for; more than Jira tells at a time are a RejectedError."""
    if len(keys) > _MOST:
        raise RejectedError(
            f"Jira tells {_MOST} properties of an issue at a time, and {len(keys)} are to be written: "
            f"{', '.join(sorted(keys))}",
            hint="write fewer under `write`, `properties`",
            tracker=tracker,
        )
    return tuple(sorted(keys))


def add_properties(page: Page, site: JiraSite, keys: Sequence[str]) -> None:
    """Ask for them a request an issue, several at once: Data Center's search tells none (JRASERVER-62898)."""
    params: dict[str, str | int] = {"fields": "summary", "properties": ",".join(keys)}

    def kept(id_: str) -> dict[str, Any]:
        try:
            return site.ask("GET", f"{site.api}/issue/{id_}", params=params).json(Kept).properties or {}
        except (NotFoundError, ForbiddenError):
            return {}

    for raw, properties in zip(page, ahead(kept, [raw.id for raw in page]), strict=True):
        raw.properties = properties
