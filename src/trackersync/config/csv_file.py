"""Reading a CSV file that the team keeps beside its rules; knows nothing of what the columns mean."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from trackersync.config.document import Document, KeyPath
from trackersync.config.wording import closest, nearest
from trackersync.errors import Problem

MAX_BYTES = 20_000_000
"""More than a million estimates."""
TOLD = 10
"""Problems of one file that are told one by one."""

_DELIMITERS = ",;\t"
"""What spreadsheets put between cells depends on the country."""

Row = tuple[int, Mapping[str, str]]
"""The line on which it begins, counted from 1, and the cells of the columns asked for, without space around them."""


class Rows(Struct):
    """What the file holds, and what is wrong with it, by its own lines."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def beside(document: Document, at: KeyPath, name: str, problems: Sequence[Problem]) -> list[Problem]:
    """Problems of a file beside the team's, told at the key that names it: the first, and how many more."""
    in_order = sorted(problems, key=lambda problem: problem.line or 0)
    told = [document.problem(at, problem.render(name)) for problem in in_order[:TOLD]]
    more = len(problems) - len(told)
    return [*told, document.problem(at, f"{name}: … and {more:,} more like these")] if more else told


def read_text(path: Path, *, most: int = MAX_BYTES) -> str | Problem:
    """The file's text of at most so many bytes, or why there is none."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except FileNotFoundError:
        return Problem("the file does not exist", hint="its path is taken from the folder of the file that names it")
    except OSError as error:
        return Problem(f"the file cannot be read: {error.strerror}")
    if len(content) > most:
        hint = f"a CSV file may have {MAX_BYTES:,}" if most < MAX_BYTES else None
        return Problem(f"the file is larger than {most:,} bytes", hint=hint)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Problem("the file is not UTF-8 text", line=line, hint="save it with the encoding UTF-8")


def read_rows(path: Path, needed: Sequence[str], known: Sequence[str] = ()) -> Rows:
    """The needed columns, and those of the `known` that are there; blank lines and other columns do not count.

    Headings are found without regard to case. One that is nearly that of an absent column is a problem, not another
    column.
    """
    found = Rows()
    text = read_text(path)
    if isinstance(text, Problem):
        found.problems.append(text)
        return found
    lines = _lines(text, found.problems)
    line, headings = next(((line, cells) for line, cells in lines if any(cells)), (None, []))
    found.problems += [replace(each, line=line) for each in _check_headings(headings, needed, known)]
    if not found.problems:
        places = _places(headings, (*needed, *known))
        for line, cells in lines:
            if any(cells[len(headings) :]):
                message = f"there are {len(cells)} cells and {len(headings)} headings"
                found.problems.append(Problem(message, line=line, hint="put a text that holds a delimiter in quotes"))
            elif any(cells):
                found.rows.append((line, {name: cells[at] for name, at in places.items() if at < len(cells)}))
    return found


def _lines(text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins: a cell in quotes may go over several."""
    delimiter = max(_DELIMITERS, key=text.lstrip().partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, [cell.strip() for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:  # the rest of the file may be anything: a quote that is not closed takes all of it
        hint = "every quote is closed, and one inside a quoted text is written twice"
        problems.append(Problem(f"the row that begins here is not valid CSV: {error}", line=begins, hint=hint))


def _places(headings: Sequence[str], names: Collection[str]) -> dict[str, int]:
    """Where each of these columns stands, of those that are there."""
    folded = {heading.casefold(): place for place, heading in enumerate(headings)}
    return {name: folded[name.casefold()] for name in names if name.casefold() in folded}


def _check_headings(headings: Sequence[str], needed: Sequence[str], known: Sequence[str]) -> Iterator[Problem]:
    if not any(headings):
        yield Problem("the file is empty", hint=f"its first line names the columns: {', '.join(needed)}")
        return
    times = Counter(heading.casefold() for heading in headings)
    there = _places(headings, (*needed, *known))
    for name in there:
        if times[name.casefold()] > 1:
            yield Problem(f"two columns are named {name!r}", hint="give one of them another name")
    absent = [name for name in (*needed, *known) if name not in there]
    for name in needed:
        if name in absent:
            yield Problem(f"there is no column {name!r}", hint=nearest(name, headings, "its columns are"))
    for heading in headings:
        meant = closest(heading, absent) if heading.casefold() not in {name.casefold() for name in there} else None
        if meant in known:
            hint = f"did you mean {meant}? Otherwise give it a name less like it"
            yield Problem(f"unknown column {heading!r}", hint=hint)
