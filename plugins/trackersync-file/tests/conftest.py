"""Folders with a backlog in each of the three kinds of file, and connectors over them."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from trackersync.connector import FieldNames
from trackersync.testing import FakeClock
from trackersync.transport import Transport
from trackersync_file.connector import FileConnector
from trackersync_file.settings import FileSettings

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Kind:
    """How people make a file of one kind, and what of it they change."""

    suffix: str

    def write(self, path: Path, rows: Rows, headings: Sequence[str]) -> None:
        raise NotImplementedError

    def edit(self, path: Path, id_: str, values: Mapping[str, str]) -> None:
        raise NotImplementedError

    def refuse(self, path: Path, id_: str) -> None:
        """Make the item's labels something that is not written over."""
        raise NotImplementedError


class Csv(Kind):
    def write(self, path: Path, rows: Rows, headings: Sequence[str]) -> None:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, headings)
        writer.writeheader()
        writer.writerows(rows)
        path.write_bytes(text.getvalue().encode())

    def edit(self, path: Path, id_: str, values: Mapping[str, str]) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = [row | values if row["id"] == id_ else row for row in reader]
        self.write(path, rows, reader.fieldnames or ())

    def refuse(self, path: Path, id_: str) -> None:
        self.edit(path, id_, {"labels": "=LOWER(B2)"})


class Xlsx(Kind):
    def write(self, path: Path, rows: Rows, headings: Sequence[str]) -> None:
        book = openpyxl.Workbook()
        book.active.append(list(headings))
        for row in rows:
            book.active.append([row.get(heading) or None for heading in headings])
        book.save(path)

    def edit(self, path: Path, id_: str, values: Mapping[str, str]) -> None:
        book = openpyxl.load_workbook(path)
        headings = [cell.value for cell in book.active[1]]
        line = next(cells for cells in book.active.iter_rows(min_row=2) if str(cells[0].value) == id_)
        for name, value in values.items():
            line[headings.index(name)].value = value or None
        book.save(path)

    def refuse(self, path: Path, id_: str) -> None:
        self.edit(path, id_, {"labels": "=LOWER(B2)"})


class Markdown(Kind):
    def write(self, path: Path, rows: Rows, headings: Sequence[str]) -> None:
        lines = ["# Backlog", "", f"<!-- fields: {', '.join(headings)} -->", ""]
        for row in rows:
            pairs = [f'{key}="{value}"' for key, value in row.items() if value and key not in ("title", "body")]
            lines += [f"- [ ] {row['title']} {{{' '.join(pairs)}}}"]
            lines += [f"  {line}".rstrip() for line in (row.get("body") or "").splitlines()]
        path.write_bytes("\n".join([*lines, ""]).encode())

    def edit(self, path: Path, id_: str, values: Mapping[str, str]) -> None:
        def edited(match: re.Match[str]) -> str:
            pairs = re.sub(r' labels="[^"]*"', "", match[2]) if "labels" in values else match[2]
            labels = f' labels="{values["labels"]}"' if values.get("labels") else ""
            return f"- [ ] {values.get('title', match[1])} {{{pairs}{labels}}}"

        text = path.read_bytes().decode()
        path.write_bytes(re.sub(rf'- \[ \] (.*) {{(id="{id_}".*)}}', edited, text).encode())

    def refuse(self, path: Path, id_: str) -> None:
        text = path.read_bytes().decode()
        path.write_bytes(text.replace(f'{{id="{id_}"', f'{{id="{id_}" labels=bug labels=late').encode())


KINDS = {"csv": Csv(".csv"), "xlsx": Xlsx(".xlsx"), "md": Markdown(".md")}


def later(path: Path) -> None:
    """The file is a millisecond younger than before, however slowly the disk's clock ticks."""
    moment = path.stat().st_mtime_ns + 1_000_000
    os.utime(path, ns=(moment, moment))


@pytest.fixture
def kinds() -> SimpleNamespace:
    """What tests share besides fixtures."""
    return SimpleNamespace(**KINDS, later=later)


@pytest.fixture
def connect() -> Iterator[Any]:
    """Makes a connector over a file or folder: `fields` the wanted ones, further settings by keyword."""
    with Transport(clock=FakeClock()) as transport:

        def make(path: Path, *fields: str, **settings: Any) -> FileConnector:
            return FileConnector(
                "backlog",
                FileSettings.model_validate({"path": str(path), **settings}),
                transport=transport,
                env={},
                wanted=FieldNames(fields=frozenset(fields)),
            )

        yield make
