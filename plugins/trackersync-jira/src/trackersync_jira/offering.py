"""What there is on a site to be chosen from, for whoever writes its section of the file."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from trackersync.connector import Offer, Offers
from trackersync.errors import ForbiddenError, NotFoundError
from trackersync_jira.client import JiraSite

_SHOWN = 50
"""Boards a request; of a site with more the first are offered. Source: OpenAPI of `GET /rest/agile/1.0/board`."""


class _Board(Struct):
    id: int
    name: str = ""


class _Boards(Struct):
    values: list[_Board]


def offers(site: JiraSite) -> Offers:
    """The boards that this account sees, and the fields that could hold an input."""
    return Offers(settings=tuple(_boards(site)), fields={"field": site.catalog.scalars})


def _boards(site: JiraSite) -> Iterator[Offer]:
    try:
        found = site.ask("GET", "rest/agile/1.0/board", params={"maxResults": _SHOWN}).json(_Boards)
    except (ForbiddenError, NotFoundError):
        return  # a site without Jira Software has none
    for board in found.values:
        yield Offer("board", board.id, board.name)
