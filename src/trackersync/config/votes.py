"""What people said, in the team's file and in a file beside it, as votes with the weight of a role."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from trackersync.config.csv_file import beside, read_rows, read_text
from trackersync.config.document import MAX_BYTES, Document, KeyPath, parse_document
from trackersync.config.rules_shape import VoteShape, VotesShape
from trackersync.config.validation import validate
from trackersync.config.values import describe
from trackersync.config.wording import closest, nearest
from trackersync.errors import Problem
from trackersync.scoring.rules import Vote, Votes

NEEDED = ("person", "issue", "input", "value")
OPTIONAL = ("low", "high", "role", "date")

_LIST: KeyPath = ("list",)
"""Where the votes of a file beside the team's would stand if they were listed under `votes`."""

Fault = tuple[str, str, str | None]
"""The key of a vote, what is wrong with it, and what to do."""


def read_votes(
    document: Document, shape: VotesShape, folder: Path, cut: frozenset[KeyPath]
) -> tuple[Votes, list[Problem]]:
    """All votes, those of the file beside the team's first, and all that is wrong with any of them.

    `cut` is what of the team's file has been told to be wrong.
    """
    reading = _Reading(shape, None if ("inputs",) in cut else document.mapping(("inputs",)))
    problems = list(reading.check_people(document))
    votes: list[Vote] = []
    if shape.file is not None:
        beyond = _read_file(folder / shape.file)
        votes += reading.votes(beyond)
        found = [replace(problem, path=problem.path[2:]) for problem in beyond.problems]  # their line says which vote
        problems += beside(document, ("votes", "file"), shape.file, found)
    here = _Listed(document, ("votes", "list"), shape.entries, cut, [])
    votes += reading.votes(here)
    problems += here.problems
    return Votes(votes=tuple(votes), aggregate=shape.aggregate, disagreement=shape.disagreement), problems


class _Listed(Struct, frozen=True):
    """Votes as they were written: where each stands, which parts of them were cut out, what is wrong with them."""

    document: Document
    at: KeyPath
    votes: Collection[VoteShape]
    cut: frozenset[KeyPath]
    problems: list[Problem]


def _read_file(path: Path) -> _Listed:
    document = _of_yaml(path) if path.suffix.casefold() in {".yaml", ".yml"} else _of_csv(path)
    checked = validate(VotesShape, document, (), {"list": document.data})
    votes = checked.value.entries if checked.value else ()
    return _Listed(document, _LIST, votes, checked.cut, [*document.problems, *checked.problems])


def _of_csv(path: Path) -> Document:
    """The rows as a list of votes; an empty cell is left out."""
    found = read_rows(path, NEEDED, OPTIONAL)
    votes = [{name: cell for name, cell in cells.items() if cell} for _, cells in found.rows]
    lines = {(*_LIST, index): line for index, (line, _) in enumerate(found.rows)}
    return Document(votes, lines, found.problems)


def _of_yaml(path: Path) -> Document:
    text = read_text(path, most=MAX_BYTES)
    if isinstance(text, Problem):
        return Document([], problems=[text])
    document = parse_document(text)
    lines = {(*_LIST, *place): line for place, line in document.lines.items()}
    problems = [
        # What to do about a file without a line to point at is advice for the team's file.
        replace(problem, path=(*_LIST, *problem.path), hint=problem.hint if problem.line else None)
        for problem in document.problems
    ]
    votes = document.data
    if votes is not None and not isinstance(votes, list):
        problems.append(Problem(f"expected a list of votes, found {describe(votes)}", line=lines[_LIST]))
    return Document(votes if isinstance(votes, list) else [], lines, problems)


class _Reading:
    """Turns what is written into votes; `inputs` is None where it cannot be known which there are."""

    def __init__(self, shape: VotesShape, inputs: Collection[str] | None) -> None:
        self.shape = shape
        self.inputs = inputs
        self.weights = {role.casefold(): weight for role, weight in shape.roles.items()}
        self.people = {person.casefold(): role for person, role in shape.people.items()}

    def check_people(self, document: Document) -> Iterator[Problem]:
        """Every person has a role that there is."""
        for person, role in self.shape.people.items():
            for message, hint in self._unknown_role(role):
                yield document.problem(("votes", "people", person), message, hint)

    def votes(self, listed: _Listed) -> Iterator[Vote]:
        """The votes, as far as they can be counted; what is wrong with any is added to the problems of the list."""
        told = listed.cut | _meant(listed.cut)
        for index, shape in enumerate(listed.votes):
            at = (*listed.at, index)
            if at in told:
                continue
            for key, message, hint in self._faults(shape):
                if (*at, key) not in told:
                    listed.problems.append(listed.document.problem((*at, key), message, hint))
            vote = self._vote(shape)
            if vote is not None:
                yield vote

    def _faults(self, shape: VoteShape) -> Iterator[Fault]:
        """What the grammar alone does not tell."""
        given: dict[str, Any] = {name: getattr(shape, name) for name in NEEDED}
        yield from ((name, "is missing", None) for name, value in given.items() if value is None)
        if shape.input is not None and self.inputs is not None and shape.input not in self.inputs:
            yield "input", f"no input is named {shape.input!r}", nearest(shape.input, self.inputs, "inputs are")
        if shape.role is not None:
            yield from (("role", message, hint) for message, hint in self._unknown_role(shape.role))
        yield from _check_range(shape)

    def _unknown_role(self, role: str) -> Iterator[tuple[str, str | None]]:
        if role.casefold() not in self.weights:
            hint = nearest(role, self.shape.roles, "roles are") or "give its weight under votes.roles"
            yield f"no role is named {role!r}", hint

    def _vote(self, shape: VoteShape) -> Vote | None:
        if shape.person is None or shape.issue is None or shape.input is None or shape.value is None:
            return None
        if shape.input not in (self.inputs or ()):
            return None
        role = shape.role or self.people.get(shape.person.casefold())
        return Vote(
            person=shape.person, issue=shape.issue, input=shape.input, value=shape.value, low=shape.low,
            high=shape.high, weight=self.weights.get(role.casefold(), 1.0) if role else 1.0, on=shape.date,
        )  # fmt: skip


def _meant(cut: Collection[KeyPath]) -> set[KeyPath]:
    """The keys that misspelt ones most likely stand for: they are not missing."""
    known = VoteShape.model_fields
    guesses = {(path[:-1], closest(path[-1], known)) for path in cut if path and isinstance(path[-1], str)}
    return {(*at, key) for at, key in guesses if key is not None}


def _check_range(shape: VoteShape) -> Iterator[Fault]:
    """Of a range in numbers: words are worth something only where they are scored."""
    value, low, high = shape.value, shape.low, shape.high
    if isinstance(low, float) and isinstance(high, float) and low > high:
        yield "low", f"the range begins at {low:g} and ends at {high:g}", None
    elif isinstance(value, float) and isinstance(low, float) and value < low:
        yield "value", f"{value:g} is below {low:g}, the low end of its range", None
    elif isinstance(value, float) and isinstance(high, float) and value > high:
        yield "value", f"{value:g} is above {high:g}, the high end of its range", None
