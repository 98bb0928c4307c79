"""Writes groups of issues in bulk: submits the edits, waits for their tasks with as few questions as will do.

Jira carries out what was submitted one after another, so of the edits under way only the last is waited for. What
the others did is then told by their tasks or, where that takes fewer requests, by the issues themselves; only a task
whose issues do not hold all that was written is still asked why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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

Fetch = Callable[[Sequence[str]], Mapping[str, Issue]]
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


@dataclass(slots=True)
class _Task:
    id: str
    edit: BulkEdit
    stage: _Stage = field(default=_Stage.UNDER_WAY)


class BulkWriter:
    """Carries out bulk edits; `told` are the status and detail of each issue, by id, that one was sent for."""

    def __init__(self, site: JiraSite, fetch: Fetch, *, notify: bool) -> None:
        self._site = site
        self._fetch = fetch
        self._notify = notify
        self._patience = PATIENCE
        self.told: dict[str, Told] = {}

    def write(self, edits: Sequence[BulkEdit]) -> None:
        """Write them; issues not `told` of then were not written, since Jira refused or stopped to take bulk edits."""
        tasks: list[_Task] = []
        for start in range(0, len(edits), AT_ONCE):
            wave = edits[start : start + AT_ONCE]
            begun = list(self._begun(wave))
            tasks += begun
            if begun:
                self._follow(begun[-1])
            if any(id_ not in self.told for edit in wave for id_ in edit.ids):
                break
            if begun and begun[-1].stage is not _Stage.COMPLETE:
                break
        self._find_out([task for task in tasks if task.stage is _Stage.UNDER_WAY])

    def _begun(self, wave: Sequence[BulkEdit]) -> Iterator[_Task]:
        """The tasks of those submitted, up to the first that Jira refuses."""
        for edit in wave:
            try:
                if task := self._submit(edit):
                    yield task
            except (ItemError, ForbiddenError):
                return

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

    def _follow(self, task: _Task, *, at_once: bool = False) -> None:
        """Ask how a task gets on, at growing intervals, until it ended or nothing is left to wait."""
        pause = 0.0 if at_once else _FIRST_PAUSE + _PAUSE_AN_ISSUE * len(task.edit.ids)
        while True:
            self._wait(pause)
            self._ask(task)
            if task.stage is not _Stage.UNDER_WAY or self._patience <= 0:
                return
            pause = min(max(2 * pause, _FIRST_PAUSE), _LONGEST_PAUSE)

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
            self._tell(
                task.edit.ids, Status.UNKNOWN, f"what became of bulk edit {task.id} was not told: {error.message}"
            )
            return
        if progress.status not in _UNDER_WAY:
            task.stage = _Stage.COMPLETE if progress.status == _COMPLETE else _Stage.BROKEN
        self.told |= {id_: outcome(id_, task.id, progress) for id_ in task.edit.ids}

    def _find_out(self, tasks: Sequence[_Task]) -> None:
        """Learn what became of the tasks that were not followed to their end."""
        ids = [id_ for task in tasks for id_ in task.edit.ids]
        if len(tasks) > ceil(len(ids) / READ_AT_ONCE):
            found = self._fetch(ids)
            tasks = [task for task in tasks if not self._is_written(task, found)]
        for task in tasks:
            self._follow(task, at_once=True)

    def _is_written(self, task: _Task, found: Mapping[str, Issue]) -> bool:
        written = [id_ for id_ in task.edit.ids if id_ in found and task.edit.written(found[id_])]
        self._tell(written, Status.APPLIED, "")
        return len(written) == len(task.edit.ids)

    def _tell(self, ids: Sequence[str], status: Status, detail: str) -> None:
        self.told |= dict.fromkeys(ids, (status, detail))


def outcome(id_: str, task: str, progress: Progress) -> Told:
    """What a task says of one of its issues; what it does not say is unknown, and read again by who asked."""
    reasons = (progress.failed_accessible_issues or {}).get(id_)
    if reasons is not None:
        told = clean("; ".join(reasons), _LONGEST_REASON) or "Jira gave no reason"
        return Status.REJECTED, told
    if id_ in map(str, progress.processed_accessible_issues or ()):
        return Status.APPLIED, ""
    state = "was still" if progress.status in _UNDER_WAY else "ended as"
    return Status.UNKNOWN, f"bulk edit {task} {state} {clean(progress.status, 20)} and did not tell of this issue"
