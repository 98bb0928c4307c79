"""Writes changes in few requests: issues that get the same values together, others each in one, moves in runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from trackersync.change import Change, Outcome, Status
from trackersync.errors import RejectedError, TrackerError
from trackersync.model import Issue
from trackersync_jira.bulk import BulkEdit, BulkWriter
from trackersync_jira.bulk_access import BulkAccess
from trackersync_jira.client import JiraSite
from trackersync_jira.edits import (
    Part,
    body_of,
    held,
    label_part,
    priority_part,
    stale_labels,
    stands,
    value_part,
)
from trackersync_jira.grouping import Group
from trackersync_jira.ranking import Ranker
from trackersync_jira.recent import Fetch, RecentIssues
from trackersync_jira.refusal import REFUSALS, status_of

_ORDER = "order"


def _group(change: Change) -> str:
    return _ORDER if change.target.kind == _ORDER else change.ref.id


class Writer:
    """Writes to issues of one site, as they were just read; `fetch` reads some of them again."""

    def __init__(
        self, site: JiraSite, access: BulkAccess, fetch: Fetch, current: Mapping[str, Issue], *, notify: bool
    ) -> None:
        self._site = site
        self._access = access
        self._current = current
        self._notify = notify
        self._bulk = BulkWriter(site, fetch, notify=notify)
        self._recent = RecentIssues(current, fetch, site.clock)
        self._ranker = Ranker(site, current)

    @property
    def read_back(self) -> Mapping[str, Issue]:
        """The issues, by id, that were read after all was written to them; no move changes what they hold."""
        return self._bulk.read_back

    def write(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """One outcome for each change, in order, as soon as it is known."""
        try:
            self._bulk.write(self._bulk_edits(changes))
        except TrackerError:
            # What was sent has an outcome, whatever stops the tracker.
            yield from self._told(changes)
            raise
        if self._bulk.stopped:
            self._access.stop()
        alone = [key for key, _ in groupby(changes, _group) if key != _ORDER and key not in self._bulk.told]
        edited = 0
        for key, group in groupby(changes, _group):
            together = list(group)
            if key == _ORDER:
                yield from self._ranker.write(together)
            elif key in self._bulk.told:
                yield from self._told(together)
            else:
                yield from self._edit(together, self._recent.first_of(alone[edited:]))
                edited += 1

    def _bulk_edits(self, changes: Sequence[Change]) -> list[BulkEdit]:
        """The bulk edits that save requests; none for an issue of which not all can be written."""
        by_issue = [list(group) for key, group in groupby(changes, _group) if key != _ORDER]
        whole = [group for group in by_issue if self._is_whole(group)]
        choice = self._access.choice([change for group in whole for change in group])
        by_id = {group[0].ref.id: group for group in whole}
        return [self._bulk_edit(group, by_id) for group in choice.together]

    def _is_whole(self, changes: Sequence[Change]) -> bool:
        issue = self._current.get(changes[0].ref.id)
        return issue is not None and all(isinstance(self._prepare(change, issue), Part) for change in changes)

    def _bulk_edit(self, group: Group[Any], changes: Mapping[str, Sequence[Change]]) -> BulkEdit:
        alike = changes[group.ids[0]]
        labels = [change for change in alike if change.target.kind == "labels"]
        stale = {label for change in labels for id_ in group.ids for label in stale_labels(change, self._current[id_])}
        return BulkEdit(group, frozenset(stale), lambda issue: all(stands(change, issue) for change in alike))

    def _told(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        told = self._bulk.told
        yield from (Outcome(change, *told[change.ref.id]) for change in changes
                    if change.ref.id in told and change.target.kind != _ORDER)  # fmt: skip

    def _edit(self, changes: Sequence[Change], issue: Issue | None) -> Iterator[Outcome]:
        if issue is None:
            gone = "the issue is gone or no longer visible to this account"
            yield from (Outcome(change, Status.CONFLICT, gone) for change in changes)
            return
        prepared = [self._prepare(change, issue) for change in changes]
        known = {thing.change: thing for thing in prepared if isinstance(thing, Outcome)}
        known |= self._put(issue, [thing for thing in prepared if isinstance(thing, Part)])
        yield from (known[change] for change in changes)

    def _prepare(self, change: Change, issue: Issue) -> Part | Outcome:
        found = held(change, issue)
        if found != held(change, self._current.get(issue.ref.id, issue)):
            return Outcome(change, Status.CONFLICT, f"changed while other issues were written: found {found!r}")
        match change.target.kind:
            case "labels":
                return label_part(change, issue)
            case "priority":
                return priority_part(change)
            case "field":
                return value_part(change, self._site.catalog, documents=self._site.is_cloud)
            case kind:
                return Outcome(change, Status.REJECTED, f"Jira has no {kind.replace('_', ' ')} to write to")

    def _put(self, issue: Issue, parts: Sequence[Part]) -> dict[Change, Outcome]:
        """Write the parts; if Jira refuses some by name it wrote none, so the others are sent once more."""
        if not parts:
            return {}
        try:
            self._send(issue, parts)
        except REFUSALS as error:
            words = error.by_field if isinstance(error, RejectedError) else {}
            refused = [part for part in parts if part.field in words] or parts
            told = {
                part.change: Outcome(part.change, status_of(error), words.get(part.field, error.message))
                for part in refused
            }
            return told | self._put(issue, [part for part in parts if part not in refused])
        return {part.change: Outcome(part.change, Status.APPLIED) for part in parts}

    def _send(self, issue: Issue, parts: Sequence[Part]) -> None:
        quiet = not self._notify and self._site.may_be_quiet(issue.ref.key.rpartition("-")[0])
        self._site.ask(
            "PUT",
            f"{self._site.api}/issue/{issue.ref.id}",
            params={"notifyUsers": "false"} if quiet else None,
            json=body_of(parts),
        )
