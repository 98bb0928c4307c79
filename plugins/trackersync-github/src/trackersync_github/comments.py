"""Finds our one comment on each issue: the first that this account wrote and that bears our mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from trackersync_github import documents
from trackersync_github.answers import PageInfo
from trackersync_github.client import GitHubClient
from trackersync_github.comment_text import text_of
from trackersync_github.mapping import OwnComment

_ASKED_AT_ONCE = 20
"""Issues whose next hundred comments one request asks for: as many as fill 2,000 of them."""


class _Comment(Struct):
    id: str
    body: str
    mine: bool


class _Said(Struct):
    page: PageInfo
    nodes: list[_Comment | None] | None = None


class _Issue(Struct):
    said: _Said | None = None


def own_comments(client: GitHubClient, issues: Mapping[str, Mapping[str, Any]]) -> dict[str, OwnComment]:
    """By id, of the issues that were asked for by `documents.issues` with comments.

    Costs nothing on top where ours is among an issue's first comments, or the issue has no more than those; of others
    the next hundred, twenty issues in a request, until it is found or there are no more.
    """
    found: dict[str, OwnComment] = {}
    pages = {id_: client.shaped(node, _Issue).said for id_, node in issues.items()}
    while pages:
        unread: dict[str, str] = {}
        for id_, said in pages.items():
            if said is not None and (own := _first_of_ours(said.nodes or ())):
                found[id_] = own
            elif said is not None and said.page.more and said.page.end is not None:
                unread[id_] = said.page.end
        pages = dict(_pages(client, unread))
    return found


def _first_of_ours(comments: Iterable[_Comment | None]) -> OwnComment | None:
    """Where two runs at once left two, the first counts."""
    for comment in comments:
        if comment is not None and comment.mine and (text := text_of(comment.body)) is not None:
            return OwnComment(comment.id, text)
    return None


def _pages(client: GitHubClient, unread: Mapping[str, str]) -> Iterator[tuple[str, _Said | None]]:
    """The next page of each issue; of one that is gone meanwhile, none."""
    every = list(unread.items())
    for start in range(0, len(every), _ASKED_AT_ONCE):
        some = every[start : start + _ASKED_AT_ONCE]
        variables = {name: text for n, (id_, end) in enumerate(some) for name, text in ((f"i{n}", id_), (f"a{n}", end))}
        missing = frozenset({"NOT_FOUND"})
        answer = client.query(documents.comments(len(some)), variables, dict[str, _Issue | None], tolerated=missing)
        for n, (id_, end) in enumerate(some):
            issue = answer.get(f"i{n}")
            said = issue.said if issue else None
            if said is not None and said.page.more and said.page.end == end:
                raise client.misshapen("there is another page of comments, and no way to it")
            yield id_, said
