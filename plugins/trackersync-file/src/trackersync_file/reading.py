"""Reads backlogs: file by file, each with its issues, all of a file or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import get_args

from trackersync.connector import FieldNames
from trackersync.errors import InvalidResponseError
from trackersync.model import Issue
from trackersync.transport.words import clean
from trackersync_file.backlog import Backlog, UnreadableError
from trackersync_file.columns import Columns
from trackersync_file.disk import Content, Disk, shown
from trackersync_file.mapping import LONG_AGO, Reading, RowReader
from trackersync_file.settings import FileSettings, Word

_TOLD = 5
"""Problems that one message tells; how many more there are, it says too."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """One file as it stands: its content, its rows, and what their columns mean."""

    path: Path
    content: Content
    backlog: Backlog
    columns: Columns


@dataclass(frozen=True, slots=True)
class ReadFile(OpenFile):
    """The same, and an issue for each row."""

    issues: Sequence[Issue]
    alone: bool
    """Whether it is the tracker's only file."""


class Reader:
    """Reads the files of one tracker."""

    def __init__(self, tracker: str, settings: FileSettings, wanted: FieldNames) -> None:
        self._tracker = tracker
        self._settings = settings
        self._wanted = wanted
        self._fetched: dict[Path, ReadFile] = {}
        """What `fetch` read, for whoever reads next: between two chunks of writes nothing has to be parsed again."""
        self.disk = Disk(tracker, settings.location)

    def files(self) -> Iterator[ReadFile]:
        """Every file, one after the other; an id that two rows have is an error that names both."""
        paths = self.disk.files()
        seen: dict[str, str] = {}
        for path in paths:
            file = self._fetched_or_read(path, alone=len(paths) == 1)
            twice = list(_seen_before(file, seen))
            if twice:
                hint = "give each its own: nothing else tells a row that was renamed or moved from another one"
                raise self._unusable(path, twice, hint)
            yield file

    def fetch(self, ids: Sequence[str]) -> dict[str, Issue]:
        """These issues as they are now; those that are gone are absent."""
        wanted = set(ids)
        if not wanted:
            return {}
        files = list(self.files())
        self._fetched = {file.path: file for file in files}
        return {issue.ref.id: issue for file in files for issue in file.issues if issue.ref.id in wanted}

    def open(self, path: Path) -> OpenFile:
        """One file, its rows not yet looked at."""
        return self._parsed(path, self.disk.read(path))

    def _fetched_or_read(self, path: Path, *, alone: bool) -> ReadFile:
        """What was fetched, if the file is still the same; handed out once, since who writes changes it."""
        content = self.disk.read(path)
        fetched = self._fetched.pop(path, None)
        if fetched is not None and fetched.content == content and fetched.alone == alone:
            return fetched
        return self.read(self._parsed(path, content), alone=alone)

    def _parsed(self, path: Path, content: Content) -> OpenFile:
        try:
            backlog = _parse(path, content.data, self._settings.sheet)
        except UnreadableError as error:
            raise self._unusable(path, [str(error)]) from error
        given = {str(word): heading for word, heading in self._settings.columns.items()}
        return OpenFile(path, content, backlog, Columns(backlog.headings, given))

    def read(self, file: OpenFile, *, alone: bool) -> ReadFile:
        """The issues of a file; all of its rows that are none are told at once."""
        try:
            reading = self._reading(file)
        except UnreadableError as error:
            raise self._unusable(file.path, [str(error)]) from error
        is_ordered = alone and file.backlog.is_one_list
        readers = [RowReader(row, reading) for row in file.backlog.rows]
        issues = [reader.issue(f"{place:07}" if is_ordered else None) for place, reader in enumerate(readers)]
        problems = [problem for reader in readers for problem in reader.problems]
        if problems:
            raise self._unusable(file.path, problems, _next_id(issues))
        return ReadFile(file.path, file.content, file.backlog, file.columns, issues, alone)

    def _reading(self, file: OpenFile) -> Reading:
        path, columns = file.path, file.columns
        words = {word: columns.needed(word) for word in ("id", "title")}
        words |= {word: heading for word in get_args(Word) if (heading := columns.of(word)) is not None}
        name, wanted = shown(path), sorted(self._wanted.fields)
        return Reading(
            tracker=self._tracker,
            file=shown(path.with_suffix("")),
            address=path.absolute().as_uri(),
            words=words,
            fields={field: columns.field(field, tracker=self._tracker, file=name) for field in wanted},
            done=frozenset(state.casefold() for state in self._settings.done),
            changed_at=LONG_AGO + timedelta(microseconds=file.content.changed_ns // 1000),
        )

    def _unusable(self, path: Path, problems: Sequence[str], hint: str | None = None) -> InvalidResponseError:
        more = f"; and {len(problems) - _TOLD} more" if len(problems) > _TOLD else ""
        message = f"{shown(path)}: {'; '.join(problems[:_TOLD])}{more}"
        hint = hint or "correct that in the file"
        return InvalidResponseError(clean(message), hint=hint, tracker=self._tracker, host=shown(path))


def _parse(path: Path, data: bytes, sheet: str | None) -> Backlog:
    """The kind of file is told by its ending; what reads it is loaded when there is one."""
    match path.suffix.lower():
        case ".csv":
            from trackersync_file.delimited import DelimitedBacklog

            return DelimitedBacklog(data)
        case ".xlsx":
            from trackersync_file.workbook import WorkbookBacklog

            return WorkbookBacklog(data, sheet)
        case ".md":
            from trackersync_file.checklist import ChecklistBacklog

            return ChecklistBacklog(data)
        case _:
            raise UnreadableError("it is no .csv, .xlsx or .md file")


def _seen_before(file: ReadFile, seen: dict[str, str]) -> Iterator[str]:
    name = shown(file.path)
    for row, issue in zip(file.backlog.rows, file.issues, strict=True):
        place = f"{name}:{row.line}"
        first = seen.setdefault(issue.ref.id, place)
        if first is not place:
            yield f"line {row.line} has the id of {first}"


def _next_id(issues: Sequence[Issue]) -> str | None:
    """Where a row lacks its id, the next that is free."""
    if all(issue.ref.id for issue in issues):
        return None
    numbers = [int(issue.ref.id) for issue in issues if issue.ref.id.isascii() and issue.ref.id.isdecimal()]
    return f"every row needs an id that stays with it; the next free number is {max(numbers, default=0) + 1}"
