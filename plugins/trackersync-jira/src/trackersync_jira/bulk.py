"""Writes groups of issues in bulk: submits the edits, waits for their tasks with as few questions as will do.

A site takes a few at a time and carries them out one after another. So the last of the first few is asked until it
ended, the next few are given as long as those took, and in the end the last of all is asked. What the others did is
told by their tasks or, where that takes fewer requests, by the issues themselves; only a task whose issues do not hold
all that was written is still asked why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil
from typing import Annotated

from msgspec import Meta

from trackersync.change import Status
from trackersync.errors import ForbiddenError, ItemError, UnavailableError
from trackersync.model import Issue
from trackersync.transport.words import clean
from trackersync_jira.bulk_access import BULK_FIELDS
from trackersync_jira.bulk_values import BulkValue, body
from trackersync_jira.client import JiraSite
from trackersync_jira.grouping import AT_ONCE, READ_AT_ONCE, Group
from trackersync_jira.recent import Fetch
from trackersync_jira.refusal import status_of
from trackersync_jira.shapes import Shape

PATIENCE = 600.0
"""Seconds that the bulk edits of one batch are waited for in all, before they are left to themselves."""
_FIRST_PAUSE = 0.5
_PAUSE_AN_ISSUE = 0.01
_LONGEST_PAUSE = 30.0
_UNDER_WAY = frozenset({"ENQUEUED", "RUNNING", "CANCEL_REQUESTED"})
_COMPLETE = "COMPLETE"
_LONGEST_REASON = 300

Told = tuple[Status, str]


class Submitted(Shape):
    """The answer to a bulk edit."""

    task_id: Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]+$")]


class Progress(Shape):
    """How far a task is."""

    status: str
    processed_accessible_issues: list[int] | None = None
    failed_accessible_issues: dict[str, list[str]] | None = None


class _Stage(StrEnum):
    UNDER_WAY = "under way"
    COMPLETE = "complete"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class BulkEdit:
    """One group with the labels of ours that must go, and how to see by an issue that it was written."""

    group: Group[BulkValue]
    stale: frozenset[str]
    written: Callable[[Issue], bool]

    @property
    def ids(self) -> tuple[str, ...]:
        """The issues."""
        return self.group.ids


@dataclass(slots=True, eq=False)
class _Task:
    id: str
    edit: BulkEdit
    stage: _Stage = field(default=_Stage.UNDER_WAY)


class BulkWriter:
    """Carries out bulk edits; `told` are the status and detail of each issue, by id, that one was sent for.

    `read_back` are the issues that were read after they were written, as they were then. `stopped` tells that Jira
    refused edits, or did not complete one: no more should be sent in this run.
    """

    def __init__(self, site: JiraSite, fetch: Fetch, *, notify: bool) -> None:
        self._site = site
        self._fetch = fetch
        self._notify = notify
        self._patience = PATIENCE
        self._pace: float | None = None
        self.told: dict[str, Told] = {}
        self.read_back: dict[str, Issue] = {}
        self.stopped = False

    def write(self, edits: Sequence[BulkEdit]) -> None:
        """Write them; issues not `told` of then were not written, since Jira refused or stopped to take bulk edits."""
        tasks: list[_Task] = []
        wave: list[_Task] = []
        for edit in edits:
            if len(wave) == AT_ONCE:
                if not self._make_room(wave):
                    break
                wave = []
            if not self._begin(edit, wave, tasks):
                break
        if tasks and tasks[-1].stage is _Stage.UNDER_WAY:
            self._follow(tasks[-1])
        self._find_out(tasks)
        everything = all(id_ in self.told for edit in edits for id_ in edit.ids)
        self.stopped = not everything or any(task.stage is not _Stage.COMPLETE for task in tasks)

    def _make_room(self, wave: Sequence[_Task]) -> bool:
        """Wait for a wave: for the first until it ended, for others as long as that took; whether more may follow."""
        issues = sum(len(task.edit.ids) for task in wave)
        if self._pace is not None:
            self._wait(self._pace * issues)
            return True
        begun = self._site.clock.monotonic()
        complete = self._follow(wave[-1])
        self._pace = (self._site.clock.monotonic() - begun) / issues
        return complete

    def _begin(self, edit: BulkEdit, wave: list[_Task], tasks: list[_Task]) -> bool:
        """Submit an edit, once more where there was no room for it; whether Jira goes on taking them."""
        try:
            task = self._submit(edit)
        except (ItemError, ForbiddenError):
            if not tasks or tasks[-1].stage is not _Stage.UNDER_WAY:
                return False
            complete = self._follow(tasks[-1])
            wave.clear()
            return complete and self._begin(edit, wave, tasks)
        if task:
            wave.append(task)
            tasks.append(task)
        return True

    def _submit(self, edit: BulkEdit) -> _Task | None:
        """The task; None where the answer was lost: such an edit is never sent again."""
        payload = body(edit.group.values, edit.ids, stale=edit.stale, notify=self._notify)
        try:
            response = self._site.ask("POST", BULK_FIELDS, json=payload)
        except UnavailableError as error:
            self._tell(edit.ids, status_of(error), error.message)
            return None
        self._tell(edit.ids, Status.UNKNOWN, "a bulk edit was sent, and nothing more was learnt of it")
        return _Task(response.json(Submitted).task_id, edit)

    def _follow(self, task: _Task, *, at_once: bool = False) -> bool:
        """Ask how a task gets on, at growing intervals, until it ended or patience did; whether it is complete."""
        pause = 0.0 if at_once else self._first_pause(task)
        while True:
            self._wait(pause)
            self._ask(task)
            if task.stage is not _Stage.UNDER_WAY or self._patience <= 0:
                return task.stage is _Stage.COMPLETE
            pause = min(max(2 * pause, _FIRST_PAUSE), _LONGEST_PAUSE)

    def _first_pause(self, task: _Task) -> float:
        pace = _PAUSE_AN_ISSUE if self._pace is None else self._pace
        return _FIRST_PAUSE + pace * len(task.edit.ids)

    def _wait(self, seconds: float) -> None:
        pause = min(seconds, self._patience)
        self._patience -= pause
        if pause:
            self._site.clock.sleep(pause)

    def _ask(self, task: _Task) -> None:
        try:
            progress = self._site.ask("GET", f"rest/api/3/bulk/queue/{task.id}").json(Progress)
        except (ItemError, ForbiddenError, UnavailableError) as error:
            task.stage = _Stage.BROKEN
            lost = f"what became of bulk edit {task.id} was not told: {error.message}"
            self._tell(task.edit.ids, Status.UNKNOWN, lost)
            return
        if progress.status not in _UNDER_WAY:
            task.stage = _Stage.COMPLETE if progress.status == _COMPLETE else _Stage.BROKEN
        self.told |= dict(outcomes(task.edit.ids, task.id, progress))

    def _find_out(self, tasks: Sequence[_Task]) -> None:
        """Learn what became of the tasks that were not followed to their end; of all, if issues are read for that."""
        unknown = [task for task in tasks if task.stage is _Stage.UNDER_WAY]
        ids = [id_ for task in tasks for id_ in task.edit.ids]
        if len(unknown) > ceil(len(ids) / READ_AT_ONCE):
            found = self._fetch(ids)
            for task in tasks:
                self._compare(task, found)
        for task in unknown:
            if task.stage is _Stage.UNDER_WAY:
                self._follow(task, at_once=True)

    def _compare(self, task: _Task, found: Mapping[str, Issue]) -> None:
        written = {id_: found[id_] for id_ in task.edit.ids if id_ in found and task.edit.written(found[id_])}
        self._tell(written, Status.APPLIED, "")
        self.read_back |= written
        if len(written) == len(task.edit.ids):
            task.stage = _Stage.COMPLETE

    def _tell(self, ids: Iterable[str], status: Status, detail: str) -> None:
        self.told |= dict.fromkeys(ids, (status, detail))


def outcomes(ids: Iterable[str], task: str, progress: Progress) -> Iterator[tuple[str, Told]]:
    """What a task says of each of its issues; what it does not say is unknown, and read again by who asked."""
    failed = progress.failed_accessible_issues or {}
    processed = frozenset(map(str, progress.processed_accessible_issues or ()))
    state = "was still" if progress.status in _UNDER_WAY else "ended as"
    silent = f"bulk edit {task} {state} {clean(progress.status, 20)} and did not tell of this issue"
    for id_ in ids:
        if id_ in failed:
            yield id_, (Status.REJECTED, clean("; ".join(failed[id_]), _LONGEST_REASON) or "Jira gave no reason")
        else:
            yield id_, (Status.APPLIED, "") if id_ in processed else (Status.UNKNOWN, silent)
