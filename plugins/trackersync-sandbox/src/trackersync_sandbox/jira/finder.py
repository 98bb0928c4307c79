"""Answers queries, and keeps results so that a page costs no new search."""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Collection
from itertools import count

from trackersync_sandbox.jira.jql.errors import JqlError
from trackersync_sandbox.jira.jql.evaluate import select
from trackersync_sandbox.jira.jql.parser import parse
from trackersync_sandbox.jira.jql.terms import World
from trackersync_sandbox.jira.refusals import UNBOUNDED, refusal
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import Ticket
from trackersync_sandbox.jira.vocabulary import Vocabulary

_KEPT = 64
_UNKNOWN_PAGE = "The provided next page token is invalid or expired."


class Finder:
    """Searches the site as one user."""

    def __init__(self, site: Site, user: str) -> None:
        self._site = site
        self._user = user
        self._vocabulary = Vocabulary(site)
        self._numbers = count(1)
        self._results: OrderedDict[int, tuple[str, list[Ticket]]] = OrderedDict()
        self._latest: tuple[str, int, list[Ticket]] = ("", -1, [])

    def search(self, jql: str, *, bounded: bool, strict: bool = True, fresh: Collection[int] = ()) -> list[Ticket]:
        """The issues meant by `jql`; where it has to be `bounded`, one without a restriction is refused.

        Issues whose ids are in `fresh` are seen as they are, all others as the index has them. Values that do not exist
        are refused where the search is `strict`, and mean no issue where it is not.
        """
        try:
            query = parse(jql)
            if bounded and query.where is None:
                raise refusal(UNBOUNDED)
            world = World(self._site.clock.moment(), self._user, self._site.find, strict)
            return select(query, self._site.searched(fresh=fresh), self._vocabulary, world)
        except JqlError as exc:
            raise refusal(str(exc)) from None

    def current(self, jql: str, *, fresh: bool, strict: bool) -> list[Ticket]:
        """As `search`, unbounded; not anew for the next page of the same query unless something was written."""
        known, version, found = self._latest
        if fresh or known != jql or version != self._site.version:
            found = self.search(jql, bounded=False, strict=strict)
            self._latest = (jql, self._site.version, found)
        return found

    def keep(self, jql: str, found: list[Ticket]) -> int:
        """Keep a result for its next pages; the oldest of many is forgotten."""
        number = next(self._numbers)
        self._results[number] = (jql, found)
        if len(self._results) > _KEPT:
            self._results.popitem(last=False)
        return number

    def kept(self, token: str, jql: str) -> tuple[int, int, list[Ticket]]:
        """The number of the result, the place and the issues that a token stands for."""
        number, place = _read(token)
        known, found = self._results.get(number, ("", []))
        if known != jql:
            raise refusal(_UNKNOWN_PAGE)
        return number, place, found


def token(number: int, place: int) -> str:
    """An opaque name for a place in a kept result."""
    return base64.urlsafe_b64encode(f"page:{number}:{place}".encode()).decode()


def _read(token: str) -> tuple[int, int]:
    try:
        number, place = base64.urlsafe_b64decode(token).removeprefix(b"page:").split(b":")
        return int(number), int(place)
    except ValueError:
        raise refusal(_UNKNOWN_PAGE) from None
