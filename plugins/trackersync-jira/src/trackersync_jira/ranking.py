"""Keeps the order of a board: moves in runs of up to fifty, each run one request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from trackersync.change import Change, Outcome, Status
from trackersync.errors import ForbiddenError, NotFoundError, RejectedError
from trackersync.model import Issue
from trackersync_jira.client import JiraSite
from trackersync_jira.refusal import REFUSALS, status_of
from trackersync_jira.shapes import RankEntry, RankResult

LONGEST_RUN = 50
"""Issues a request; source: OpenAPI of `PUT /rest/agile/1.0/issue/rank`."""
_SIDES = {"after": "rankAfterIssue", "before": "rankBeforeIssue"}
_PARTLY = 207

Run = list[Change]


def runs(changes: Iterable[Change]) -> Iterator[Run]:
    """Changes of `order` in groups in which each issue follows the one before, and only the first has an anchor."""
    run: Run = []
    for change in changes:
        if run and (len(run) == LONGEST_RUN or _place(change) != ("after", run[-1].ref.id)):
            yield run
            run = []
        run.append(change)
    if run:
        yield run


class Ranker:
    """Moves issues beside others."""

    def __init__(self, site: JiraSite, current: Mapping[str, Issue]) -> None:
        self._site = site
        self._current = current
        self._unmoved: dict[str, tuple[str, str]] = {}

    def write(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """One outcome for each change, in order, after each run."""
        for run in runs(changes):
            yield from self._move(run)

    def _move(self, run: Run) -> list[Outcome]:
        """Move a run; what Jira refuses as a whole is tried in halves, so that one bad issue stops no other."""
        side, anchor = self._standing(run[0])
        gone = [id_ for id_ in (anchor, *(change.ref.id for change in run)) if id_ not in self._current]
        if gone and len(run) == 1:
            return self._failed(run, Status.CONFLICT, f"issue {gone[0]} is gone or no longer visible to this account")
        try:
            return self._in_halves(run) if gone else self._ask(run, side, anchor)
        except REFUSALS as error:
            if len(run) > 1 and isinstance(error, (RejectedError, NotFoundError)):
                return self._in_halves(run)
            hint = "; it needs the permission Schedule Issues" if isinstance(error, ForbiddenError) else ""
            return self._failed(run, status_of(error), error.message + hint)

    def _in_halves(self, run: Run) -> list[Outcome]:
        middle = len(run) // 2
        return self._move(run[:middle]) + self._move(run[middle:])

    def _ask(self, run: Run, side: str, anchor: str) -> list[Outcome]:
        body = {"issues": [self._key(change.ref.id) for change in run], _SIDES[side]: self._key(anchor)}
        rank = {} if self._site.rank_field is None else {"rankCustomFieldId": self._site.rank_field}
        response = self._site.ask("PUT", "rest/agile/1.0/issue/rank", json=body | rank)
        if response.status != _PARTLY:
            return [Outcome(change, Status.APPLIED) for change in run]
        entries = response.json(RankResult).entries
        told = {str(entry.issue_id): entry for entry in entries} | {str(entry.issue_key): entry for entry in entries}
        return [self._told(change, told.get(change.ref.id) or told.get(self._key(change.ref.id))) for change in run]

    def _told(self, change: Change, entry: RankEntry | None) -> Outcome:
        if entry is None:
            return self._failed([change], Status.UNKNOWN, "Jira did not say what became of this move")[0]
        if entry.status < 300:  # noqa: PLR2004 - HTTP's own border
            return Outcome(change, Status.APPLIED)
        words = "; ".join(entry.errors or ()) or f"Jira answered {entry.status}"
        return self._failed([change], Status.REJECTED, words)[0]

    def _failed(self, run: Run, status: Status, detail: str) -> list[Outcome]:
        for change in run:
            self._unmoved[change.ref.id] = _place(change)
        return [Outcome(change, status, detail) for change in run]

    def _standing(self, change: Change) -> tuple[str, str]:
        """Where to put an issue: beside its anchor or, where that one stayed behind, where the anchor was to go."""
        place = _place(change)
        passed = set()
        while place[1] in self._unmoved and place[1] not in passed:
            passed.add(place[1])
            place = self._unmoved[place[1]]
        return place

    def _key(self, id_: str) -> str:
        return self._current[id_].ref.key


def _place(change: Change) -> tuple[str, str]:
    match change.after:
        case ("after" | "before" as side, id_):
            return side, id_
        case _:
            raise ValueError(f"a change of order needs ('after', ID) or ('before', ID), not {change.after!r}")
