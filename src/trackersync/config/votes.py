"""What people said, from the file and from a file beside it, as votes with the weight of a role."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from trackersync.config.csv_file import read_rows, read_text
from trackersync.config.document import Document, KeyPath, parse_document
from trackersync.config.rules_shape import VotesShape
from trackersync.config.tables import few
from trackersync.config.values import describe
from trackersync.config.wording import nearest
from trackersync.errors import Problem
from trackersync.scoring.rules import Vote, Votes

NEEDED = ("person", "issue", "input", "value")
KNOWN = (*NEEDED, "low", "high", "role", "date")


class _Fault(Exception):  # noqa: N818 - never leaves this module
    """What is wrong with one vote, in words."""


def read_votes(document: Document, shape: VotesShape, folder: Path) -> tuple[Votes, list[Problem]]:
    """All votes, those of the file first; of what is wrong the first of each file is told one by one."""
    reading = _Reading(document.mapping(("inputs",)), shape)
    votes: list[Vote] = []
    problems = [*reading.check_people(document)]
    if shape.file is not None:
        at: KeyPath = ("votes", "file")
        faults: list[str] = []
        for where, cells in _cells(folder / shape.file, faults):
            try:
                votes.append(reading.vote(cells))
            except _Fault as fault:
                faults.append(f"{shape.file}, {where}: {fault}")
        problems += [document.problem(at, fault) for fault in few(faults)]
    for index, entry in enumerate(shape.entries):
        try:
            votes.append(reading.vote(entry.model_dump(exclude_none=True)))
        except _Fault as fault:
            problems.append(document.problem(("votes", "list", index), str(fault)))
    return Votes(votes=tuple(votes), aggregate=shape.aggregate, disagreement=shape.disagreement), problems


def _cells(path: Path, faults: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Where each vote of a file stands, and what it says; what is wrong with the file is added to the faults."""
    if path.suffix.casefold() in {".yaml", ".yml"}:
        text, fault = read_text(path)
        listed = parse_document(text) if not fault else Document()
        faults += [fault] if fault else [f"{path.name}: {problem.message}" for problem in listed.problems]
        if not faults and not isinstance(listed.data, list):
            faults.append(f"{path.name}: expected a list of votes, found {describe(listed.data)}")
        for number, entry in enumerate(listed.data if isinstance(listed.data, list) else (), start=1):
            yield f"vote {number}", entry if isinstance(entry, dict) else {}
        return
    found = read_rows(path, NEEDED)
    faults += found.faults
    for line, cells in found.rows:
        yield f"line {line}", {name: cell for name, cell in cells.items() if cell}


@dataclass(slots=True)
class _Reading:
    """Turns what is written into votes, knowing the inputs, the roles and the people."""

    inputs: Mapping[str, Any]
    shape: VotesShape

    def check_people(self, document: Document) -> Iterator[Problem]:
        for person, role in self.shape.people.items():
            if role not in self.shape.roles:
                hint = nearest(role, self.shape.roles, "roles are")
                yield document.problem(("votes", "people", person), f"no role is named {role!r}", hint)

    def vote(self, cells: Mapping[str, Any]) -> Vote:
        """One vote; raises the first fault in it."""
        if absent := [name for name in NEEDED if cells.get(name) in (None, "")]:
            raise _Fault(f"no {', no '.join(absent)}")
        name, person = str(cells["input"]), str(cells["person"])
        if name not in self.inputs:
            raise _Fault(f"no input is named {name!r}{_hint(nearest(name, self.inputs, 'inputs are'))}")
        low, high = (None if cells.get(end) is None else _said(cells[end]) for end in ("low", "high"))
        value = _said(cells["value"])
        _check_range(value, low, high)
        return Vote(
            person=person, issue=str(cells["issue"]), input=name, value=value, low=low, high=high,
            weight=self._weight(person, cells.get("role")), on=_day(cells.get("date")),
        )  # fmt: skip

    def _weight(self, person: str, role: str | None) -> float:
        own = {name.casefold(): role for name, role in self.shape.people.items()}
        role = role or own.get(person.casefold())
        if role is not None and role not in self.shape.roles:
            raise _Fault(f"no role is named {role!r}{_hint(nearest(role, self.shape.roles, 'roles are'))}")
        return self.shape.roles.get(role, 1.0) if role else 1.0


def _hint(hint: str | None) -> str:
    return f" ({hint})" if hint else ""


def _said(value: Any) -> float | str:
    """A number where it looks like one, else the word."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Fault(f"expected a number or a word, found {describe(value)}")
    return number if math.isfinite(number) else str(value)


def _check_range(value: float | str, low: float | str | None, high: float | str | None) -> None:
    numbers = [each for each in (low, value, high) if isinstance(each, float)]
    if numbers != sorted(numbers):
        raise _Fault(f"the value {value} is not between low and high")


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _Fault(f"expected a date such as 2026-01-31, found {describe(value)}") from None
