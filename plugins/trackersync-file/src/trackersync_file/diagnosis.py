"""Looks for everything that is missing in a backlog's files or will bite; writes nothing.

Of each file: can it be read and written, are the columns there, can every row be read. Of all together: has each row an
id of its own, and can they be put in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from trackersync.connector import FieldNames
from trackersync.diagnosis import Finding, Written, failed
from trackersync.errors import TrackerError
from trackersync.transport.words import clean
from trackersync_file.backlog import UnreadableError
from trackersync_file.disk import shown
from trackersync_file.reading import OpenFile, Reader


class Diagnosis:
    """One examination of the files of one tracker."""

    def __init__(self, reader: Reader, wanted: FieldNames, written: Written) -> None:
        self._reader = reader
        self._fields = sorted({*wanted.fields, *written.fields})
        self._written = written
        words = {"labels": written.labels, "priority": written.priorities}
        self._words = [word for word, values in words.items() if values]

    def findings(self) -> Iterator[Finding]:
        """Everything found; what is wrong with one file hides nothing of another."""
        try:
            paths = self._reader.disk.files()
        except TrackerError as error:
            yield failed(error)
            return
        opened: list[OpenFile] = []
        for path in paths:
            yield from self._file(path, opened, alone=len(paths) == 1)
        if len(opened) == len(paths):
            yield from self._together(opened)

    def _file(self, path: Path, opened: list[OpenFile], *, alone: bool) -> Iterator[Finding]:
        try:
            file = self._reader.open(path)
        except TrackerError as error:
            yield failed(error)
            return
        opened.append(file)
        yield from chain(self._columns(file), self._rows(file, alone=alone), self._dates(file))
        if self._written.anything:
            yield from self._writable(file)

    def _columns(self, file: OpenFile) -> Iterator[Finding]:
        name = shown(file.path)
        for field in self._fields:
            try:
                file.columns.field(field, tracker="", file=name)
            except TrackerError as error:
                yield failed(error)
            except UnreadableError as error:
                yield Finding("error", clean(f"{name}: {error}"), "rename one of them in the file")
        for word in self._words:
            if _heading(file, word) is None:
                yield Finding("error", f"{name} has no column {word}, which is written", "add it to the file")

    def _rows(self, file: OpenFile, *, alone: bool) -> Iterator[Finding]:
        try:
            count = len(self._reader.read(file, alone=alone).issues)
            yield Finding("info", f"{shown(file.path)} holds {count:,} issues")
        except TrackerError as error:
            yield failed(error)

    def _dates(self, file: OpenFile) -> Iterator[Finding]:
        for word, rule in (("created", "age_days"), ("updated", "idle_days")):
            if _heading(file, word) is None:
                told = f"{shown(file.path)} has no column {word}: {rule} of its issues means nothing"
                yield Finding("info", told, f"add the column, if a rule uses {rule}")

    def _writable(self, file: OpenFile) -> Iterator[Finding]:
        if file.backlog.unwritable:
            told = clean(f"{shown(file.path)}: {file.backlog.unwritable}")
            yield Finding("error", told, "save it without that, or keep the backlog in a file of its own")
        try:
            self._reader.disk.check_writable(file.path)
        except TrackerError as error:
            yield failed(error)

    def _together(self, opened: list[OpenFile]) -> Iterator[Finding]:
        try:
            for _ in self._reader.files():
                pass
        except TrackerError as error:
            yield failed(error)
        if self._written.order and (len(opened) > 1 or not opened[0].backlog.is_one_list):
            why = "several files" if len(opened) > 1 else "headings divide its checklist"
            yield Finding("warning", f"the order of the rows is not kept: {why}", "keep it in one list of one file")


def _heading(file: OpenFile, word: str) -> str | None:
    """The column's heading; what is wrong with it otherwise, reading the rows tells."""
    try:
        return file.columns.of(word)
    except UnreadableError:
        return None
