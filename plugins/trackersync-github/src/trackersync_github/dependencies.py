"""Who blocks whom: by GraphQL for a hundred issues at once, by REST for each where a server tells it only so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from trackersync.errors import NotFoundError, RejectedError
from trackersync.model import Direction, Link
from trackersync_github import documents
from trackersync_github.answers import Connection, GraphIssue, Neighbour, RestIssue, RestNeighbour
from trackersync_github.client import GitHubClient
from trackersync_github.facts import Facts

Linked = RestIssue | GraphIssue


class _Dependencies(Struct):
    blocked_by: Connection[Neighbour]
    blocking: Connection[Neighbour]


class DependencyReader:
    """Reads the links of issues that have some. Which way a server takes is found out by asking, never by version."""

    def __init__(self, client: GitHubClient, facts: Callable[[], Facts]) -> None:
        """`facts` asks what the server's issues have, and is called only where GraphQL refused the question."""
        self._client = client
        self._facts = facts
        self._by_rest = False

    def links(self, answers: Sequence[Linked]) -> dict[str, list[Link]]:
        """Who blocks these issues and whom they block, by id."""
        if not self._by_rest:
            try:
                return dict(self._asked([answer.node_id for answer in answers]))
            except RejectedError:
                if self._facts().issue_has >= documents.DEPENDENCY_FIELDS:
                    raise
                self._by_rest = True
        return {answer.node_id: list(self._asked_of_each(answer)) for answer in answers}

    def _asked(self, ids: Sequence[str]) -> Iterator[tuple[str, list[Link]]]:
        for id_, node in self._client.nodes(documents.DEPENDENCIES, ids, {}):
            answer = self._client.shaped(node, _Dependencies)
            before = [_blocks(Direction.INWARD, other.key) for other in answer.blocked_by.seen]
            yield id_, before + [_blocks(Direction.OUTWARD, other.key) for other in answer.blocking.seen]

    def _asked_of_each(self, issue: Linked) -> Iterator[Link]:
        """One request for either side that the issue has (REST: list dependencies an issue is blocked by, blocking)."""
        summary = issue.issue_dependencies_summary
        sides = (("blocked_by", Direction.INWARD), ("blocking", Direction.OUTWARD))
        for side, direction in sides:
            if not getattr(summary, side, 0):
                continue
            path = f"repos/{issue.repository_name}/issues/{issue.number}/dependencies/{side}"
            try:
                for page in self._client.pages(path, {}, RestNeighbour):
                    yield from (_blocks(direction, other.key) for other in page)
            except NotFoundError:
                return  # a server that counts them and tells them in no way


def _blocks(direction: Direction, other: str) -> Link:
    return Link("blocks", direction, f"github:{other}")
