"""Which column of a file means what: by heading, without regard to case, or as the settings say."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import get_args

from trackersync.errors import RejectedError
from trackersync.transport.words import clean
from trackersync_file.backlog import UnreadableError
from trackersync_file.settings import Word

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "key"),
    "title": ("title", "summary", "name"),
    "body": ("body", "description"),
    "state": ("state", "status"),
    "labels": ("labels", "tags"),
    "assignee": ("assignee", "owner"),
    "due": ("due", "due date"),
}
"""By word; any other word stands as its own heading."""


class Columns:
    """The columns of one file."""

    def __init__(self, headings: Sequence[str], given: Mapping[str, str]) -> None:
        self._headings = headings
        self._given = given

    def of(self, word: str) -> str | None:
        """The heading of the column that means this, None where there is none; raises `UnreadableError`."""
        if word in self._given:
            found = self._headed(self._given[word])
            if found is None:
                raise UnreadableError(f"it has no column {self._given[word]!r}, which is to be the {word}")
            return found
        names = _HEADINGS.get(word, (word,))
        return next((found for name in names if (found := self._headed(name)) is not None), None)

    @property
    def free(self) -> tuple[str, ...]:
        """The headings that no word stands for: fields of the team's own."""
        taken = {self.of(word) for word in get_args(Word)}
        return tuple(heading for heading in self._headings if heading and heading not in taken)

    def needed(self, word: str) -> str:
        """The same; a file without such a column is no backlog."""
        found = self.of(word)
        if found is None:
            raise UnreadableError(f"it has no column {word}")
        return found

    def field(self, name: str, *, tracker: str, file: str) -> str:
        """The heading that a field of the team's goes by; raises `RejectedError` that names the nearest."""
        found = self._headed(name)
        if found is not None:
            return found
        by_folded = {heading.casefold(): heading for heading in self._headings if heading}
        nearest = [by_folded[each] for each in difflib.get_close_matches(name.casefold(), list(by_folded))]
        raise RejectedError(
            f"{file} has no column {name!r}",
            hint=clean(f"nearest: {', '.join(nearest)}") if nearest else "add it to the file",
            tracker=tracker,
            host=file,
        )

    def _headed(self, name: str) -> str | None:
        found = [heading for heading in self._headings if heading.casefold() == name.casefold()]
        if len(found) > 1:
            raise UnreadableError(f"{len(found)} columns are headed {name!r}")
        return found[0] if found else None
