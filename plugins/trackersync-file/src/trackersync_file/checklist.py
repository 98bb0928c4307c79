"""Markdown checklists: `- [ ] Title {id=7 labels="web, api" Reach=300}`, changed in no line but those that are set.

An item begins at the left margin; what is indented below it is its body, and checkboxes there are its sub-issues. The
heading above, from the second level on, is its milestone. A line `<!-- fields: Score, Rank -->` announces keys that no
item has yet.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trackersync_file.backlog import Backlog, Cell, RefusedError, Row, UnreadableError, number_text, refuse_unprintable
from trackersync_file.braces import pairs_of, title_of, with_pair
from trackersync_file.texts import decode

_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)]) +\[(?P<mark>[ xX])\] +(?P<text>[^ ].*)")
_SUB_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)]) +\[([ xX])\] ", re.MULTILINE)
_HEADING = re.compile(r"(?P<level>#{1,6}) +(?P<text>.*)")
_FENCE = re.compile(r"```|~~~")
_FIELDS = re.compile(r"<!-- *fields:(?P<names>.*)-->", re.IGNORECASE)
_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
_PLACES = ("title", "state", "body", "milestone")
"""What is told by an item's own shape and place."""
_WORDS = (*_PLACES, "labels", "priority")
"""What every item has a place for."""


@dataclass(slots=True)
class _Item:
    first: int
    """The number of its line, from 0."""
    start: int
    """Where on it title and braces begin."""
    text: str
    """Title and braces."""
    is_done: bool
    section: int
    milestone: str | None
    end: int
    """The number of the line after its last."""


class ChecklistBacklog(Backlog):
    """The items of the checklists in a Markdown file."""

    def __init__(self, data: bytes) -> None:
        text, self._encoding = decode(data)
        self._lines = [(match[1], match[2]) for match in _LINE.finditer(text) if match[0]]
        found = _Reading([line for line, _ in self._lines])
        if found.prose is not None and not found.items:
            raise UnreadableError(f"line {found.prose + 1}: there is no checklist, no line `- [ ] Title {{id=1}}`")
        self._items = found.items
        pairs = [pairs_of(item.text) for item in self._items]
        names = (*_WORDS, *found.fields, *(key for each in pairs for key, _ in each))
        self._names = {name.casefold(): name for name in reversed(names)}
        self.headings = tuple(dict.fromkeys(self._names[name.casefold()] for name in names))
        self.is_one_list = len({item.section for item in self._items}) <= 1
        self.rows = [self._row(item, each) for item, each in zip(self._items, pairs, strict=True)]

    def set(self, place: int, heading: str, value: Cell) -> None:
        """Write `key=value` between the item's braces, at the end where it is new."""
        if heading in _PLACES:
            raise RefusedError(f"the {heading} of a checklist's item is not written")
        refuse_unprintable(value)
        item = self._items[place]
        text = "" if value is None else number_text(value) if isinstance(value, int | float) else str(value)
        changed = with_pair(item.text, heading, text)
        line, end = self._lines[item.first]
        self._lines[item.first] = (line[: item.start] + changed + line[item.start + len(item.text) :], end)
        item.text = changed

    def reorder(self, order: Sequence[int]) -> None:
        """Put the items with their bodies where items stood; what stands between them stays."""
        if not self.is_one_list:
            raise RefusedError("headings divide the checklist: a move would change the milestone")
        lines: list[tuple[str, str]] = []
        at = 0
        for item, place in zip(self._items, order, strict=True):
            moved = self._items[place]
            lines += [*self._lines[at : item.first], *self._lines[moved.first : moved.end]]
            at = item.end
        lines += self._lines[at:]
        newline = next((end for _, end in lines if end), "\n")
        ended = [(line, end or newline) for line, end in lines[:-1]]
        # A file that ends without a line's end still does.
        self._lines = [*ended, (lines[-1][0], self._lines[-1][1])]

    def render(self) -> bytes:
        """The lines as they were, but for items that were set or moved."""
        return self._encoding.encode("".join(line + end for line, end in self._lines))

    def _row(self, item: _Item, pairs: Sequence[tuple[str, str]]) -> Row:
        body = textwrap.dedent("\n".join(line for line, _ in self._lines[item.first + 1 : item.end]))
        marks = _SUB_ITEM.findall(body)
        cells: dict[str, Cell] = {}
        for key, value in pairs:
            cells.setdefault(self._names[key.casefold()], value or None)
        cells.setdefault("milestone", item.milestone)
        cells["state"] = "done" if item.is_done else cells.get("state") or "open"
        cells |= {"title": title_of(item.text), "body": body}
        return Row(item.first + 1, cells, (len(marks), marks.count(" ")))


class _Reading:
    """One pass over the lines: the items, the fields announced, and the first line that is neither."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.items: list[_Item] = []
        self.fields: list[str] = []
        self.prose: int | None = None
        self._section = 0
        self._milestone: str | None = None
        self._inside = False
        for number, line in _outside_fences(lines):
            if line.strip():
                self._read(number, line)

    def _read(self, number: int, line: str) -> None:
        if line[0].isspace() and self._inside:
            self.items[-1].end = number + 1
            return
        told = line.rstrip()
        match = _ITEM.fullmatch(told)
        self._inside = match is not None
        if match:
            at, text = match.span("text")[0], match["text"]
            done = match["mark"] != " "
            self.items.append(_Item(number, at, text, done, self._section, self._milestone, number + 1))
        elif match := _HEADING.fullmatch(told):
            self._section += 1
            self._milestone = match["text"].rstrip("#").rstrip() if len(match["level"]) > 1 else None
        elif match := _FIELDS.fullmatch(told):
            self.fields += [name.strip() for name in match["names"].split(",") if name.strip()]
        elif self.prose is None:
            self.prose = number


def _outside_fences(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The numbered lines without code that is fenced at the margin; what is indented is a part of its item."""
    fence: str | None = None
    for number, line in enumerate(lines):
        opens = _FENCE.match(line)
        if fence is not None:
            fence = None if line.startswith(fence) else fence
        elif opens:
            fence = opens[0]
        else:
            yield number, line
