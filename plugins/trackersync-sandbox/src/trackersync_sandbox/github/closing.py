"""Which issues a pull request will close: those that its text names after one of GitHub's closing words.

docs.github.com/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue. Links that people
make by hand have no place in an issue's text, so there are none here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from trackersync_sandbox.github.records import Issue
from trackersync_sandbox.github.world import World

_CLOSING = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+(?P<repository>[\w.-]+/[\w.-]+)?#(?P<number>\d+)\b",
    re.IGNORECASE,
)


def closes(pull: Issue, world: World) -> list[Issue]:
    """The issues, each once; other pull requests and what is not there are none."""
    found = (_issue(pull, world, *named) for named in _named(pull.body or ""))
    return list(dict.fromkeys(issue for issue in found if issue is not None))


def closed_by(issue: Issue, world: World, *, closed: bool) -> list[Issue]:
    """The pull requests that will close an issue, with `closed` also those that are not open any more."""
    return [pull for pull in _pulls(world) if (closed or pull.state == "open") and issue in closes(pull, world)]


def _pulls(world: World) -> Iterator[Issue]:
    for repository in world.repositories.values():
        yield from (issue for issue in repository.issues.values() if issue.pull)


@lru_cache(maxsize=4096)
def _named(body: str) -> tuple[tuple[str | None, int], ...]:
    return tuple((named["repository"], int(named["number"])) for named in _CLOSING.finditer(body))


def _issue(pull: Issue, world: World, repository: str | None, number: int) -> Issue | None:
    there = world.repositories.get(repository.lower()) if repository else pull.repository
    issue = there.issues.get(number) if there else None
    return issue if issue and not issue.pull else None
