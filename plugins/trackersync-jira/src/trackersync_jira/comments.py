"""Finds our one comment on each issue: the first that this account wrote and that bears our mark.

On Cloud the mark is a property of the comment, which only a list of comments by their ids tells (OpenAPI of
`POST /comment/list`); on Data Center it is the end of the text. How many comments come with an issue is written
nowhere, so each issue's `total` decides whether there are more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from trackersync.errors import NotFoundError
from trackersync.transport.ahead import ahead
from trackersync_jira.client import JiraSite
from trackersync_jira.comment_text import text_of_document, text_of_markup
from trackersync_jira.mapping import account_id
from trackersync_jira.shapes import Comment, CommentList, CommentPage

MARK = "trackersync"
"""The key of the property by which our comment is known on Cloud."""
OWN_COMMENT = "comment"
"""In `Issue.native_ids`: the id of our comment."""
_PAGE = 100
_LISTED = 1000
"""Comments a request tells by id; source: OpenAPI of `POST /comment/list`."""


class OwnComment(NamedTuple):
    """Our comment, with the text that it has now."""

    id: str
    text: str


class OwnComments:
    """Looks on one site for what this account said."""

    def __init__(self, site: JiraSite) -> None:
        self._site = site

    def among(self, pages: Mapping[str, CommentPage | None]) -> dict[str, OwnComment]:
        """By the id of its issue, ours among the comments that came with these issues, and among all their others.

        A request for each thousand comments of this account on Cloud, and one for each hundred comments of an issue
        that has more than came with it and none of ours among those.
        """
        found = self._ours({id_: page.comments or () for id_, page in pages.items() if page})
        more = [id_ for id_, page in pages.items() if id_ not in found and _has_more(page)]
        whole = dict(zip(more, ahead(self._all, more), strict=True)) if more else {}
        return found | self._ours(whole)

    def _all(self, issue: str) -> list[Comment]:
        """Every comment of an issue, oldest first; none where it is gone meanwhile."""
        found: dict[str, Comment] = {}
        while True:
            params: dict[str, str | int] = {"startAt": len(found), "maxResults": _PAGE, "orderBy": "created"}
            try:
                page = self._site.ask("GET", f"{self._site.api}/issue/{issue}/comment", params=params).json(CommentPage)
            except NotFoundError:
                return []
            known = len(found)
            found |= {each.id: each for each in page.comments or ()}
            if len(found) == known or len(found) >= (page.total or 0):
                return list(found.values())

    def _ours(self, comments: Mapping[str, Sequence[Comment]]) -> dict[str, OwnComment]:
        """Where two runs at once left two, the first counts."""
        mine = {id_: [each for each in said if self._is_mine(each)] for id_, said in comments.items()}
        candidates = [each for said in mine.values() for each in said]
        marked = frozenset(self._marked([each.id for each in candidates])) if self._site.is_cloud else frozenset()
        found = {}
        for id_, said in mine.items():
            for each in sorted(said, key=lambda comment: int(comment.id)):
                text = self._text(each, marked)
                if text is not None:
                    found[id_] = OwnComment(each.id, text)
                    break
        return found

    def _is_mine(self, comment: Comment) -> bool:
        return comment.author is not None and account_id(comment.author) == self._site.account

    def _text(self, comment: Comment, marked: frozenset[str]) -> str | None:
        if not self._site.is_cloud:
            return text_of_markup(comment.body)
        return text_of_document(comment.body) if comment.id in marked else None

    def _marked(self, ids: Sequence[str]) -> Iterator[str]:
        """Which of these comments bear our property; those that an answer left out are asked for again."""
        left = list(ids)
        while left:
            asked, left = left[:_LISTED], left[_LISTED:]
            page = self._site.ask(
                "POST",
                f"{self._site.api}/comment/list",
                params={"expand": "properties"},
                json={"ids": [int(id_) for id_ in asked]},
                safe=True,
            ).json(CommentList)
            told = {each.id for each in page.values}
            yield from (each.id for each in page.values if any(kept.key == MARK for kept in each.properties or ()))
            if page.is_last is False and told:
                left = [id_ for id_ in asked if id_ not in told] + left


def _has_more(page: CommentPage | None) -> bool:
    return page is not None and (page.total or 0) > len(page.comments or ())
