"""Every issue of a search exactly once, or an error: by tokens on Cloud, by offset on Data Center."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import islice
from typing import Any

from trackersync.errors import InvalidResponseError, UnavailableError
from trackersync.transport.ahead import ahead
from trackersync_jira.shapes import OffsetPage, RawIssue, TokenPage

PAGE = 100
"""Issues a page: what Jira gives with real fields, whatever more is asked."""
_STEPS_BACK = 20
"""How often the issues may change under a read by offset before it gives up."""

Page = list[RawIssue[Any]]


def by_token(ask: Callable[[str | None], TokenPage[Any]], *, tracker: str) -> Iterator[Page]:
    """Follow the tokens to the last page. There is no total, so only the tokens tell whether all has come.

    A token that comes again, and a page that is neither the last nor names another, are an InvalidResponseError.
    """
    seen: set[str] = set()
    tokens: set[str] = set()
    token: str | None = None
    while True:
        page = ask(token)
        yield _new(page.issues, seen)
        if _is_last(page):
            return
        token = page.next_page_token
        if not token or token in tokens:
            told = "repeated a page token" if token else "neither ended the search nor named a next page"
            raise InvalidResponseError(
                f"Jira {told} after {len(seen)} issues, so the read is not complete",
                hint="try again; if it stays so, split the JQL over several trackers",
                tracker=tracker,
            )
        tokens.add(token)


def _is_last(page: TokenPage[Any]) -> bool:
    return page.is_last or (page.is_last is None and not page.next_page_token)


def first_by_token(ask: Callable[[str | None], TokenPage[Any]], *, pages: int, tracker: str) -> tuple[list[str], bool]:
    """The ids on the first so many pages, and whether no page follows; a token of the last of them is not looked at."""
    last: TokenPage[Any] | None = None

    def remembered(token: str | None) -> TokenPage[Any]:
        nonlocal last
        last = ask(token)
        return last

    found = [raw.id for page in islice(by_token(remembered, tracker=tracker), pages) for raw in page]
    return found, last is not None and _is_last(last)


def hundreds(ids: Sequence[str]) -> Iterator[list[str]]:
    """As many ids at a time as a request may name."""
    return (list(ids[start : start + PAGE]) for start in range(0, len(ids), PAGE))


class _Foreseen:
    """Pages by where they start; once one has come, those after it are on their way before they are asked for.

    Where they start is foreseen from the first page's length. Once another place is asked for, since issues left while
    they were read, nothing is foreseen any more: it would be asked for in vain again and again.
    """

    def __init__(self, ask: Callable[[int], OffsetPage[Any]]) -> None:
        self._ask = ask
        self._starts = range(0)
        """Of the pages that are on their way, or will be."""
        self._coming: Generator[OffsetPage[Any]] | None = None

    def at(self, start: int) -> OffsetPage[Any]:
        if self._coming and self._starts and self._starts[0] == start:
            self._starts = self._starts[1:]
            return next(self._coming)
        self.close()
        page = self._ask(start)
        if self._coming is None and (step := len(page.issues) - 1) > 0:
            self._starts = range(start + step, page.total - 1, step)
            self._coming = ahead(self._ask, self._starts)
        return page

    def close(self) -> None:
        if self._coming:
            self._coming.close()
        self._starts = range(0)


def by_offset(ask: Callable[[int], OffsetPage[Any]], *, tracker: str) -> Iterator[Page]:
    """Read pages that overlap by one issue, and step back when they do not: then issues left while they were read.

    The search must be in an order that no edit changes. Raises InvalidResponseError for a page that is empty or a
    single issue before the end, UnavailableError when issues keep leaving.
    """
    pages = _Foreseen(ask)
    try:
        yield from _joined(pages.at, tracker)
    finally:
        pages.close()


def _joined(at: Callable[[int], OffsetPage[Any]], tracker: str) -> Iterator[Page]:
    seen: set[str] = set()
    start, steps_back = 0, 0
    while True:
        page = at(start)
        joined = start == 0 or any(raw.id in seen for raw in page.issues)
        if not joined and page.total > 0:
            steps_back += 1
            start = _step_back(start, page, steps_back, tracker)
            continue
        yield _new(page.issues, seen)
        end = start + len(page.issues)
        if end >= page.total:
            return
        if len(page.issues) <= 1:
            raise InvalidResponseError(
                f"Jira announced {page.total} issues and gave {len(page.issues)} from number {start} on",
                hint="raise jira.search.views.default.max on the server, or ask its administrator",
                tracker=tracker,
            )
        start = end - 1


def _step_back(start: int, page: OffsetPage[Any], steps_back: int, tracker: str) -> int:
    if page.issues or start >= page.total:
        if steps_back > _STEPS_BACK:
            raise UnavailableError(
                f"issues keep leaving the selection while it is read: started over from {steps_back - 1} places",
                sent=False,
                hint="try again at a calmer time, or split the JQL over several trackers",
                tracker=tracker,
            )
        return max(0, min(start, page.total) - PAGE)
    raise InvalidResponseError(
        f"Jira announced {page.total} issues and gave none from number {start} on",
        hint="try again; if it stays so, rebuild the server's index",
        tracker=tracker,
    )


def _new(issues: Page, seen: set[str]) -> Page:
    new = []
    for raw in issues:
        if raw.id not in seen:
            seen.add(raw.id)
            new.append(raw)
    return new
