"""Which issues the open pull requests will close, read from the pull requests' side.

There are far fewer of them than of issues, and one that is opened, closed or linked is no touch of the issue: so a
pull and a look at what changed since both read all that are open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from trackersync.connector import FieldNames
from trackersync.errors import ForbiddenError, NotFoundError, RejectedError
from trackersync_github import documents
from trackersync_github.answers import Connection, Neighbour, PageInfo
from trackersync_github.client import GitHubClient
from trackersync_github.refused import explain
from trackersync_github.settings import GitHubSettings


class _Pull(Struct):
    closes: Connection[Neighbour] | None = None


class _Pulls(Struct):
    page: PageInfo
    nodes: list[_Pull | None]


class _Repository(Struct):
    full_name: str
    pulls: _Pulls


class _Answer(Struct):
    repository: _Repository | None = None


def count_pull_requests(client: GitHubClient, settings: GitHubSettings, wanted: FieldNames) -> Mapping[int, int]:
    """How many open pull requests of the repository will close an issue of it, by the issue's number.

    One request and one point for a hundred of them. Those that keywords link and those that people linked count alike.
    """
    owner, _, name = settings.repository.partition("/")
    counts: Counter[int] = Counter()
    after: str | None = None
    while True:

        def ask(size: int, cursor: str | None = after) -> _Answer:
            variables = {"owner": owner, "name": name, "first": size, "after": cursor}
            return client.query(documents.PULL_REQUESTS, variables, _Answer)

        try:
            repository = client.by_page(ask).repository
        except (ForbiddenError, RejectedError) as error:
            explain(error, client, settings, wanted)
            raise
        if repository is None:
            raise NotFoundError(f"repository {settings.repository} was not found", tracker=client.tracker)
        for pull in repository.pulls.nodes:
            closes = pull.closes.seen if pull and pull.closes else []
            counts.update(issue.number for issue in closes if issue.is_in(repository.full_name))
        page = repository.pulls.page
        if not page.more:
            return counts
        if page.end is None or page.end == after:
            raise client.misshapen("there is another page of pull requests, and no way to it")
        after = page.end
