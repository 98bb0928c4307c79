"""Writes changes in few requests: issues that get the same values together, others each in one, moves in runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from trackersync.change import Change, Outcome, Status
from trackersync.errors import RejectedError, TrackerError
from trackersync.model import Issue
from trackersync_jira.apart import ApartWriter, edit_of
from trackersync_jira.bulk import BulkEdit, BulkWriter
from trackersync_jira.bulk_access import BulkAccess
from trackersync_jira.client import JiraSite
from trackersync_jira.edits import (
    Part,
    body_of,
    held,
    label_part,
    priority_part,
    property_part,
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
        self._apart = ApartWriter(site, notify=notify)
        self._alone: list[str] = []
        """The issues, by id, that were written to one by one."""

    @property
    def read_back(self) -> Mapping[str, Issue]:
        """The issues, by id, that were read after all was written to them; no move changes what they hold."""
        return {id_: issue for id_, issue in self._bulk.read_back.items() if id_ not in self._alone}

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
        groups = [list(group) for _, group in groupby(changes, _group)]
        alone = [group[0].ref.id for group in groups if self._is_left(group)]
        for group in groups:
            if group[0].target.kind == _ORDER:
                yield from self._ranker.write(group)
            elif self._is_left(group):
                issue = self._recent.first_of(alone[len(self._alone) :])
                self._alone.append(group[0].ref.id)
                yield from self._edit(group, issue)
            else:
                yield from self._told(group)

    def _is_left(self, group: Sequence[Change]) -> bool:
        """Whether there is anything to write that no bulk edit wrote."""
        return group[0].target.kind != _ORDER and not self._in_bulk(group) >= set(group)

    def _in_bulk(self, group: Sequence[Change]) -> set[Change]:
        return set(edit_of(group)) if group[0].ref.id in self._bulk.told else set()

    def _bulk_edits(self, changes: Sequence[Change]) -> list[BulkEdit]:
        """The bulk edits that save requests; none for an issue whose edit cannot be made as a whole."""
        by_issue = [edit_of(list(group)) for key, group in groupby(changes, _group) if key != _ORDER]
        whole = [group for group in by_issue if group and self._is_whole(group)]
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
        """What became of those that bulk edits wrote."""
        for key, group in groupby(changes, _group):
            if key != _ORDER:
                written = list(group)
                yield from (Outcome(change, *self._bulk.told[key]) for change in written
                            if change in self._in_bulk(written))  # fmt: skip

    def _edit(self, changes: Sequence[Change], issue: Issue | None) -> Iterator[Outcome]:
        known = {outcome.change: outcome for outcome in self._told(changes)}
        left = [change for change in changes if change not in known]
        if issue is None:
            gone = "the issue is gone or no longer visible to this account"
            known |= {change: Outcome(change, Status.CONFLICT, gone) for change in left}
        else:
            prepared = [self._prepare(change, issue) for change in left]
            known |= {thing.change: thing for thing in prepared if isinstance(thing, Outcome)}
            known |= self._write(issue, [thing for thing in prepared if isinstance(thing, Part)])
        yield from (known[change] for change in changes)

    def _write(self, issue: Issue, parts: Sequence[Part]) -> dict[Change, Outcome]:
        """The edit first, so that the comment tells of what is there."""
        edited = set(edit_of([part.change for part in parts]))
        told = self._put(issue, [part for part in parts if part.change in edited])
        apart = [part.change for part in parts if part.change not in edited]
        return told | {change: self._apart.write(change, issue) for change in apart}

    def _prepare(self, change: Change, issue: Issue) -> Part | Outcome:  # noqa: PLR0911 - one for each kind
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
            case "property":
                return property_part(change)
            case "comment":
                return Part(change, "comment", change.after)
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
            return told | self._write(issue, [part for part in parts if part not in refused])
        return {part.change: Outcome(part.change, Status.APPLIED) for part in parts}

    def _send(self, issue: Issue, parts: Sequence[Part]) -> None:
        quiet = not self._notify and self._site.may_be_quiet(issue.ref.key.rpartition("-")[0])
        self._site.ask(
            "PUT",
            f"{self._site.api}/issue/{issue.ref.id}",
            params={"notifyUsers": "false"} if quiet else None,
            json=body_of(parts),
        )
