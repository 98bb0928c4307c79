"""Reads issues: all that are selected by REST, or some by id by GraphQL, and the rest that belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from trackersync.connector import FieldNames
from trackersync.errors import NotFoundError, RejectedError, UnavailableError
from trackersync.model import Delta, Fate, Issue, IssueRef, Link, Whereabouts
from trackersync_github import documents
from trackersync_github.answers import GraphIssue, RestIssue
from trackersync_github.client import LARGEST_PAGE, GitHubClient
from trackersync_github.comments import own_comments
from trackersync_github.dependencies import DependencyReader
from trackersync_github.facts import Facts, check_wanted, nearest, read_facts
from trackersync_github.items import field_variables, item_among, read_items
from trackersync_github.mapping import Item, Mapper, carries_all, carries_any, number_of, on_project
from trackersync_github.on_demand import LINKS, PULL_REQUESTS
from trackersync_github.pull_requests import count_pull_requests
from trackersync_github.settings import GitHubSettings

_OVERLAP = timedelta(minutes=2)
_ASKED_ABOUT = 100
_PASSES = 3


class _Milestone(Struct):
    number: int
    title: str


@dataclass
class Reader:
    """Reads one repository; what does not change in a run is asked once."""

    client: GitHubClient
    settings: GitHubSettings
    wanted: FieldNames
    mapper: Mapper = field(init=False)
    cursor: str | None = field(init=False, default=None)
    """See `Source.cursor`."""
    _began: datetime | None = field(init=False, default=None)
    """When the first page of the last pull was answered, by GitHub's clock."""
    items: Mapping[int, Item] = field(init=False, default_factory=dict)
    """The project's items as the last read found them, by issue number."""
    pull_requests: Mapping[int, int] | None = field(init=False, default=None)
    """How many open pull requests will close an issue, by its number, as the last read found them."""

    def __post_init__(self) -> None:
        self.mapper = Mapper(self.client.tracker, self.wanted.fields)
        self._dependencies = DependencyReader(self.client, lambda: self.facts)
        self._names = sorted(self.wanted.project_fields) if self.settings.project else []

    @cached_property
    def facts(self) -> Facts:
        """Read once, when first needed: a tracker without a project never asks while pulling."""
        return read_facts(self.client, self.settings, self.wanted)

    def pull(self) -> Iterator[list[Issue]]:
        """All selected issues, a page at a time; those with dependencies wait until a request for them is full.

        Requests: one for 100 issues and pull requests, one to know whether pages shifted, one for 100 project items,
        one for the facts where a project or issue fields are wanted and, where the rules use them, one for 100 issues
        with dependencies and one for 100 open pull requests.
        """
        self._read_beside()
        waiting: list[RestIssue] = []
        self._began = None
        for chosen in self._listed():
            waiting += [answer for answer in chosen if self._is_linked(answer)]
            if alone := [answer for answer in chosen if not self._is_linked(answer)]:
                yield [self._issue(answer) for answer in alone]
            while len(waiting) >= LARGEST_PAGE:
                yield self._with_links(waiting[:LARGEST_PAGE])
                waiting = waiting[LARGEST_PAGE:]
        if waiting:
            yield self._with_links(waiting)
        self.cursor = self._cursor(self._began)

    def _listed(self) -> Iterator[list[RestIssue]]:
        """Every selected issue once, a page at a time.

        What leaves the selection while it is read moves all behind it a place to the front, and one that stood first on
        a page to the page before, which was read already. So then all is read once more, for what was not seen yet.
        """
        seen: set[str] = set()
        for _ in range(_PASSES):
            pages, began = 0, None
            for page in self.client.pages(self._list, self._parameters(), RestIssue):
                pages, began = pages + 1, began or self.client.answered_at
                chosen = [answer for answer in page if self._is_selected(answer) and answer.node_id not in seen]
                seen.update(answer.node_id for answer in chosen)
                yield chosen
            self._began = self._began or began
            if pages < 2 or not self._has_any_left(began):  # noqa: PLR2004 - a single page cannot shift
                return
        raise UnavailableError(
            f"issues keep leaving the selection while {self.settings.repository} is read: {_PASSES} times in a row",
            sent=False,
            hint="try again at a calmer time, or select state: all",
            tracker=self.client.tracker,
        )

    def _has_any_left(self, began: datetime | None) -> bool:
        """Whether anything that was touched since is not selected now; where GitHub itself does not select, nothing."""
        select = self.settings.select
        if began is None or (select.state == "all" and not select.labels and select.milestone is None):
            return False
        parameters = {"state": "all", "since": f"{began:%Y-%m-%dT%H:%M:%SZ}"}
        touched = (answer for page in self.client.pages(self._list, parameters, RestIssue) for answer in page)
        return any(answer.pull_request is None and not self._is_selected_now(answer) for answer in touched)

    @property
    def _list(self) -> str:
        return f"repos/{self.settings.repository}/issues"

    def changes(self, cursor: str) -> Iterator[Delta]:
        """What was touched since, whatever its state: one request for 100 issues and pull requests, and 100 items."""
        self._read_beside()
        began: datetime | None = None
        parameters = {"state": "all", "sort": "updated", "direction": "asc", "since": cursor}
        for page in self.client.pages(self._list, parameters, RestIssue):
            began = began or self.client.answered_at
            issues = [answer for answer in page if answer.pull_request is None]
            chosen = [answer for answer in issues if self._is_selected_now(answer)]
            here = {answer.node_id for answer in chosen}
            yield Delta(self._with_links(chosen), [answer.node_id for answer in issues if answer.node_id not in here])
        self.cursor = self._cursor(began)

    def _cursor(self, began: datetime | None) -> str | None:
        """A little before the read began, since GitHub's lists may lag behind what was written."""
        return None if began is None else f"{began - _OVERLAP:%Y-%m-%dT%H:%M:%SZ}"

    def on_board(self, issues: Sequence[Issue]) -> list[Issue]:
        """By the items and pull requests that `changes` read: what they change is no touch of the issue."""
        return [now for before in issues if (now := self._beside(before)) != before]

    def places(self, refs: Sequence[IssueRef]) -> dict[str, str]:
        """By the project's list alone: an item by itself does not tell where it stands."""
        project = self.facts.project
        items = read_items(self.client, self.facts, project, ()) if project else {}
        found = {ref.id: items.get(number_of(ref)) for ref in refs}
        return {id_: item.rank for id_, item in found.items() if item and item.rank is not None}

    def _beside(self, issue: Issue) -> Issue:
        number = number_of(issue.ref)
        return replace(on_project(issue, self.items.get(number)), pull_requests_open=self._closing(number))

    def _is_selected_now(self, answer: RestIssue) -> bool:
        """What GitHub decides where it is asked for the selected issues alone."""
        select = self.settings.select
        title = answer.milestone.title if answer.milestone else None
        return select.state in {"all", answer.state} and select.milestone in {None, title} and self._is_selected(answer)

    def whereabouts(self, refs: Sequence[IssueRef]) -> dict[str, Whereabouts]:
        """One request an issue, for the first hundred; the others are left open."""
        found = {ref.id: self._where(ref) for ref in refs[:_ASKED_ABOUT]}
        return {ref.id: found.get(ref.id, Whereabouts(Fate.UNKNOWN)) for ref in refs}

    def _where(self, ref: IssueRef) -> Whereabouts:
        """By the status (REST, get an issue): 301 moved, 410 deleted, 404 out of sight."""
        repository = ref.key.partition("#")[0]
        try:
            response = self.client.get(f"repos/{repository}/issues/{number_of(ref)}")
        except NotFoundError as error:
            return Whereabouts(Fate.DELETED if error.status == HTTPStatus.GONE else Fate.HIDDEN)
        answer = response.json(RestIssue)
        key = f"{answer.repository_name}#{answer.number}"
        return Whereabouts(Fate.UNSELECTED) if key == ref.key else Whereabouts(Fate.MOVED, key)

    def fetch(self, ids: Sequence[str]) -> dict[str, Issue]:
        """These issues as they are now; what is gone, hidden or moved to another repository is absent."""
        if not ids:
            return {}
        facts, project = self.facts, self.settings.project
        document = documents.issues(
            len(self._names) if project else None,
            facts.issue_has,
            issue_fields=bool(self.wanted.fields) and documents.ORGANISATION_FIELDS in facts.issue_has,
            pull_requests=PULL_REQUESTS in self.wanted.columns and documents.CLOSED_BY in facts.issue_has,
            comments=self.wanted.comment,
        )
        found: dict[str, tuple[GraphIssue, Item | None]] = {}
        nodes: dict[str, Mapping[str, Any]] = {}
        for id_, node in self.client.nodes(document, ids, field_variables(self._names)):
            answer = self.client.shaped(node, GraphIssue)
            answer.node_id = id_
            if facts.is_here(answer.repository_name):
                found[id_] = answer, item_among(self.client, node, project, self._names) if project else None
                nodes[id_] = node
        comments = own_comments(self.client, nodes) if self.wanted.comment else {}
        links = self._dependencies_of([answer for answer, _ in found.values()])
        return {
            id_: self.mapper.issue(answer, item, links.get(id_, ()), answer.pull_requests_open, comments.get(id_))
            for id_, (answer, item) in found.items()
        }

    def _read_beside(self) -> None:
        """What issues have that their own list does not tell, before the first of them is yielded whole."""
        self.items = self._items()
        if PULL_REQUESTS in self.wanted.columns:
            self.pull_requests = count_pull_requests(self.client, self.settings, self.wanted)

    def _items(self) -> Mapping[int, Item]:
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

    def _with_links(self, answers: Sequence[RestIssue]) -> list[Issue]:
        links = self._dependencies_of(answers)
        return [self._issue(answer, links.get(answer.node_id, ())) for answer in answers]

    def _dependencies_of(self, answers: Sequence[RestIssue | GraphIssue]) -> dict[str, list[Link]]:
        linked = [answer for answer in answers if self._is_linked(answer)]
        return self._dependencies.links(linked) if linked else {}

    def _is_linked(self, answer: RestIssue | GraphIssue) -> bool:
        """Whether it has dependencies, and the rules use them."""
        return LINKS in self.wanted.columns and answer.linked

    def _issue(self, answer: RestIssue, links: Iterable[Link] = ()) -> Issue:
        return self.mapper.issue(answer, self.items.get(answer.number), links, self._closing(answer.number))

    def _closing(self, number: int) -> int | None:
        """How many open pull requests will close the issue of this number; None where nobody asked."""
        return None if self.pull_requests is None else self.pull_requests.get(number, 0)
