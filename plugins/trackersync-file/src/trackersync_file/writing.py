"""Writes changes into files: all of a file at once, and only where what was read still stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from trackersync.change import Change, Outcome, Status
from trackersync.errors import ConflictError, TrackerError, UnavailableError
from trackersync.model import Issue, Value
from trackersync.transport.words import clean
from trackersync_file.backlog import RefusedError
from trackersync_file.reading import Reader, ReadFile

_NAMED = {"labels": "labels", "priority": "priority"}
"""What a column is asked for by, besides the fields' own names."""


def requests_for(changes: Sequence[Change]) -> int:
    """One for each file that holds an issue of the changes."""
    return len({change.ref.key.rpartition("#")[0] for change in changes})


class Writer:
    """Writes to the files of one tracker; `current` is what was read of the issues just before, by id."""

    def __init__(self, reader: Reader, current: Mapping[str, Issue]) -> None:
        self._reader = reader
        self._current = current

    def write(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """Yield an outcome for each change, in the order given; raises where not one file could be written."""
        if not changes:
            return
        edits = [_Edit(file, self._current) for file in self._reader.files()]
        place = {issue.ref.id: edit for edit in edits for issue in edit.file.issues}
        known = {change: _gone(change) for change in changes}
        for change in changes:
            edit = place.get(change.ref.id)
            if edit is not None and change.ref.id in self._current:
                known[change] = edit.carry_out(change)
        failures = [failure for edit in edits if edit.changed and (failure := self._save(edit, known))]
        if failures and len(failures) == sum(bool(edit.changed) for edit in edits):
            raise failures[0]
        for change in changes:
            yield known[change]

    def _save(self, edit: _Edit, known: dict[Change, Outcome]) -> TrackerError | None:
        """Write the file; what becomes of its changes is told in `known`, the trouble that stopped all is returned."""
        try:
            known |= {change: Outcome(change, Status.REJECTED, why) for change, why in edit.move()}
            data = edit.file.backlog.render()
            if edit.changed and data != edit.file.content.data:
                self._reader.disk.replace(edit.file.path, data, edit.file.content)
        except ConflictError as error:
            known |= {change: Outcome(change, Status.CONFLICT, error.message) for change in edit.changed}
        except UnavailableError as error:
            if not error.sent:
                known |= _rejected(edit.changed, error)
                return error
            known |= {change: Outcome(change, Status.UNKNOWN, error.message) for change in edit.changed}
        except TrackerError as error:
            known |= _rejected(edit.changed, error)
            return error
        return None


class _Edit:
    """What is to become of one file."""

    def __init__(self, file: ReadFile, current: Mapping[str, Issue]) -> None:
        self.file = file
        self.changed: list[Change] = []
        """What `save` has to write for."""
        self._current = current
        self._places = {issue.ref.id: place for place, issue in enumerate(file.issues)}
        self._order = list(range(len(file.issues)))

    def carry_out(self, change: Change) -> Outcome:
        """Set or move in memory; applied, unless saving comes to nothing."""
        try:
            self._move(change) if change.target.kind == "order" else self._set(change)
        except RefusedError as error:
            return Outcome(change, Status.REJECTED, clean(str(error)))
        except ConflictError as error:
            return Outcome(change, Status.CONFLICT, error.message)
        except TrackerError as error:
            return Outcome(change, Status.REJECTED, error.message)
        self.changed.append(change)
        return Outcome(change, Status.APPLIED)

    def move(self) -> Iterator[tuple[Change, str]]:
        """Put the rows in order, last of all; yields the moves that the file refuses, and why."""
        if self._order == sorted(self._order):
            return
        try:
            self.file.backlog.reorder(self._order)
        except RefusedError as error:
            moves = [change for change in self.changed if change.target.kind == "order"]
            self.changed = [change for change in self.changed if change not in moves]
            yield from ((change, clean(str(error))) for change in moves)

    def _set(self, change: Change) -> None:
        place = self._places[change.ref.id]
        held = _held(self.file.issues[place], change)
        if held != _held(self._current[change.ref.id], change):
            raise ConflictError("somebody changed it just now")
        columns, file = self.file.columns, self.file.path.name
        name = _NAMED.get(change.target.kind)
        heading = columns.of(name) if name else columns.field(change.target.name, tracker="", file=file)
        if heading is None or heading in (columns.of("id"), columns.of("title")):
            raise RefusedError(f"{file} has no column {name}" if heading is None else f"{heading} is not ours to write")
        self.file.backlog.set(place, heading, self._value(change, place))

    def _value(self, change: Change, place: int) -> str | float | None:
        after = change.after
        if change.target.kind != "labels":
            return ", ".join(after) if isinstance(after, tuple) else after
        prefix = change.target.name.casefold()
        foreign = [label for label in self.file.issues[place].labels if not label.casefold().startswith(prefix)]
        return ", ".join((*foreign, *after)) or None if isinstance(after, tuple) else None

    def _move(self, change: Change) -> None:
        assert isinstance(change.after, tuple)
        where, anchor = change.after
        place, beside = self._places[change.ref.id], self._places.get(anchor)
        if beside is None or not self.file.backlog.is_one_list:
            raise RefusedError("rows are moved only within one list of one file")
        self._order.remove(place)
        self._order.insert(self._order.index(beside) + (where == "after"), place)


def _gone(change: Change) -> Outcome:
    return Outcome(change, Status.CONFLICT, "it is gone")


def _rejected(changes: Sequence[Change], error: TrackerError) -> dict[Change, Outcome]:
    return {change: Outcome(change, Status.REJECTED, error.message) for change in changes}


def _held(issue: Issue, change: Change) -> Value:
    """What the issue holds where the change writes."""
    match change.target.kind:
        case "labels":
            prefix = change.target.name.casefold()
            return tuple(sorted(label for label in issue.labels if label.casefold().startswith(prefix)))
        case "priority":
            return issue.priority
        case _:
            return issue.fields.get(change.target.name)
