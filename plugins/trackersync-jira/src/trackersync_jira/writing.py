"""Writes changes: all of one issue in one request, moves in runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from trackersync.change import Change, Outcome, Status
from trackersync.errors import RejectedError
from trackersync.model import Issue
from trackersync_jira.client import JiraSite
from trackersync_jira.edits import Part, body_of, label_part, priority_part, value_part
from trackersync_jira.ranking import Ranker, runs
from trackersync_jira.refusal import REFUSALS, status_of

_ORDER = "order"


def requests_for(changes: Sequence[Change]) -> int:
    """How many requests write these changes: one for each issue, one for each run of moves."""
    issues = sum(key != _ORDER for key, _ in groupby(changes, _group))
    return issues + sum(1 for _ in runs(change for change in changes if change.target.kind == _ORDER))


def _group(change: Change) -> str:
    return _ORDER if change.target.kind == _ORDER else change.ref.id


class Writer:
    """Writes to issues of one site, as they were just read."""

    def __init__(self, site: JiraSite, current: Mapping[str, Issue], *, notify: bool) -> None:
        self._site = site
        self._current = current
        self._notify = notify
        self._ranker = Ranker(site, current)

    def write(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """One outcome for each change, in order, as soon as it is known."""
        for key, group in groupby(changes, _group):
            together = list(group)
            yield from self._ranker.write(together) if key == _ORDER else self._edit(together)

    def _edit(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        issue = self._current.get(changes[0].ref.id)
        if issue is None:
            gone = "the issue is gone or no longer visible to this account"
            yield from (Outcome(change, Status.CONFLICT, gone) for change in changes)
            return
        prepared = [self._prepare(change, issue) for change in changes]
        known = {thing.change: thing for thing in prepared if isinstance(thing, Outcome)}
        known |= self._put(issue, [thing for thing in prepared if isinstance(thing, Part)])
        yield from (known[change] for change in changes)

    def _prepare(self, change: Change, issue: Issue) -> Part | Outcome:
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
