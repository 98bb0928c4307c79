"""Reads issues: all that are selected by REST, or some by id by GraphQL, and the rest that belongs to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from msgspec import Struct

from trackersync.connector import FieldNames
from trackersync.errors import RejectedError
from trackersync.model import Direction, Issue, Link
from trackersync_github import documents
from trackersync_github.answers import Connection, GraphIssue, Neighbour, RestIssue
from trackersync_github.client import LARGEST_PAGE, GitHubClient
from trackersync_github.facts import Facts, check_wanted, nearest, read_facts
from trackersync_github.items import field_variables, item_among, read_items
from trackersync_github.mapping import Item, Mapper, carries_all, carries_any
from trackersync_github.settings import GitHubSettings


class _Milestone(Struct):
    number: int
    title: str


class _Dependencies(Struct):
    blocked_by: Connection[Neighbour]
    blocking: Connection[Neighbour]


@dataclass
class Reader:
    """Reads one repository; what does not change in a run is asked once."""

    client: GitHubClient
    settings: GitHubSettings
    wanted: FieldNames
    mapper: Mapper = field(init=False)

    def __post_init__(self) -> None:
        self.mapper = Mapper(self.client.tracker, self.wanted.fields)
        self._names = sorted(self.wanted.project_fields) if self.settings.project else []

    @cached_property
    def facts(self) -> Facts:
        """Read once, when first needed: a tracker without a project never asks while pulling."""
        return read_facts(self.client, self.settings, self.wanted)

    def pull(self) -> Iterator[list[Issue]]:
        """All selected issues, a page at a time; those with dependencies wait until a request for them is full.

        Requests: one for 100 issues and pull requests, one for 100 project items, one for 100 issues with
        dependencies, and one for the facts where a project or issue fields are wanted.
        """
        items = self._items()
        seen: set[str] = set()
        waiting: list[RestIssue] = []
        for page in self.client.pages(f"repos/{self.settings.repository}/issues", self._parameters(), RestIssue):
            chosen = [answer for answer in page if self._is_selected(answer) and answer.node_id not in seen]
            seen.update(answer.node_id for answer in chosen)
            waiting += [answer for answer in chosen if answer.linked]
            if alone := [answer for answer in chosen if not answer.linked]:
                yield [self.mapper.issue(answer, items.get(answer.number)) for answer in alone]
            while len(waiting) >= LARGEST_PAGE:
                yield self._with_links(waiting[:LARGEST_PAGE], items)
                waiting = waiting[LARGEST_PAGE:]
        if waiting:
            yield self._with_links(waiting, items)

    def fetch(self, ids: Sequence[str]) -> dict[str, Issue]:
        """These issues as they are now; what is gone, hidden or moved to another repository is absent."""
        if not ids:
            return {}
        facts, project = self.facts, self.settings.project
        document = documents.issues(
            len(self._names) if project else None,
            facts.issue_has,
            issue_fields=bool(self.wanted.fields) and documents.ORGANISATION_FIELDS in facts.issue_has,
        )
        found: dict[str, tuple[GraphIssue, Item | None]] = {}
        for id_, node in self.client.nodes(document, ids, field_variables(self._names)):
            answer = self.client.shaped(node, GraphIssue)
            answer.node_id = id_
            if facts.is_here(answer.repository_name):
                found[id_] = answer, item_among(self.client, node, project, self._names) if project else None
        links = self._links([id_ for id_, (answer, _) in found.items() if answer.linked])
        return {id_: self.mapper.issue(answer, item, links.get(id_, ())) for id_, (answer, item) in found.items()}

    def _items(self) -> Mapping[int, Item]:
        """Read before the first issue, since an issue is yielded whole."""
        if self.settings.project is None and not self.wanted.fields and not self.wanted.project_fields:
            return {}
        check_wanted(self.facts, self.wanted, self.client.tracker)
        project = self.facts.project
        return read_items(self.client, self.facts, project, self._names) if project else {}

    def _parameters(self) -> dict[str, str | int]:
        """Oldest first: what is opened while we read comes last. A comma would end a label, so it is left to us."""
        select = self.settings.select
        parameters: dict[str, str | int] = {"state": select.state, "sort": "created", "direction": "asc"}
        if labels := [label for label in select.labels if "," not in label]:
            parameters["labels"] = ",".join(labels)
        if select.milestone is not None:
            parameters["milestone"] = self._milestone(select.milestone)
        return parameters

    def _milestone(self, title: str) -> int:
        present: list[str] = []
        path = f"repos/{self.settings.repository}/milestones"
        for page in self.client.pages(path, {"state": "all"}, _Milestone):
            for milestone in page:
                if milestone.title == title:
                    return milestone.number
                present.append(milestone.title)
        raise RejectedError(
            f"{self.settings.repository} has no milestone {title!r}{nearest(title, present)}",
            hint="correct select.milestone",
            tracker=self.client.tracker,
        )

    def _is_selected(self, answer: RestIssue) -> bool:
        select, labels = self.settings.select, answer.label_names
        if answer.pull_request is not None or carries_any(labels, select.without_labels):
            return False
        return carries_all(labels, select.labels)

    def _with_links(self, answers: Sequence[RestIssue], items: Mapping[int, Item]) -> list[Issue]:
        links = self._links([answer.node_id for answer in answers])
        return [self.mapper.issue(a, items.get(a.number), links.get(a.node_id, ())) for a in answers]

    def _links(self, ids: Sequence[str]) -> dict[str, list[Link]]:
        """Who blocks these issues and whom they block, by id."""
        found: dict[str, list[Link]] = {}
        for id_, node in self.client.nodes(documents.DEPENDENCIES, ids, {}):
            answer = self.client.shaped(node, _Dependencies)
            before = [_blocks(Direction.INWARD, other) for other in answer.blocked_by.seen]
            found[id_] = before + [_blocks(Direction.OUTWARD, other) for other in answer.blocking.seen]
        return found


def _blocks(direction: Direction, other: Neighbour) -> Link:
    return Link("blocks", direction, f"github:{other.repository.full_name}#{other.number}")
