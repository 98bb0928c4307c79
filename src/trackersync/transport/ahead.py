"""Several questions on their way at once, the answers in the order of the questions; the limiter stays shared."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

AT_ONCE = 12
"""Requests on their way at once. GitHub takes a hundred of an account, REST and GraphQL together."""


def ahead(ask: Callable[[Asked], Answer], questions: Iterable[Asked]) -> Generator[Answer]:
    """The answer to every question, in order, with a few more on their way than were taken.

    An error comes in its place, after all answers before it. What is on its way when nobody takes more is waited for
    and dropped.
    """
    waiting: deque[Future[Answer]] = deque()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ahead") as pool:
        try:
            for question in questions:
                waiting.append(pool.submit(ask, question))
                if len(waiting) == AT_ONCE:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()
