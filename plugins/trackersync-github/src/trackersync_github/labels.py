"""Labels by id: looked up by their exact names, and created where they are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from msgspec import Struct

from trackersync.errors import RejectedError, UnavailableError
from trackersync_github import documents
from trackersync_github.client import GitHubClient
from trackersync_github.facts import Choice, Facts

_LOOKUP = 100
_CREATE = 20

_BY_URGENCY = ("B60205", "D93F0B", "FBCA04", "0E8A16", "1D76DB", "C5DEF5")
"""Red, orange, yellow, green, blue, pale: GitHub's own palette, each readable under the text GitHub puts on it."""


def colour_of(label: str) -> str:
    """Six hexadecimal digits, always the same for a label: `P0` is red, and the further from 0 the calmer."""
    number = re.search(r"(\d+)\D*$", label)
    if number:
        return _BY_URGENCY[min(int(number[1][-3:]), len(_BY_URGENCY) - 1)]
    return _BY_URGENCY[crc32(label.casefold().encode()) % len(_BY_URGENCY)]


class _Made(Struct):
    label: Choice | None = None


class _Found(Struct):
    repository: dict[str, Choice | None] | None = None


@dataclass(slots=True)
class Labels:
    """The labels of one repository that this run has met; GitHub's labels do not differ by case."""

    client: GitHubClient
    facts: Facts
    _ids: dict[str, str] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)

    def id_of(self, name: str) -> str | None:
        """The id, None where there is no such label."""
        return self._ids.get(name.casefold())

    def required(self, name: str) -> str:
        """The id; a label that could not be created is a `RejectedError` in GitHub's words."""
        found = self.id_of(name)
        if found is None:
            why = self._refused.get(name.casefold(), "GitHub did not say why")
            raise RejectedError(f"the label {name!r} could not be created: {why}", tracker=self.client.tracker)
        return found

    def learn(self, present: Iterable[str], wanted: Iterable[str]) -> None:
        """Look up what is not known yet, and create the wanted ones that are not there: mostly no request at all."""
        known = self._ids.keys() | self._refused.keys()
        new = {name.casefold(): name for name in wanted if name.casefold() not in known}
        self._look_up({name.casefold(): name for name in present if name.casefold() not in known} | new)
        missing = [name for key, name in new.items() if key not in self._ids]
        for start in range(0, len(missing), _CREATE):
            self._create(missing[start : start + _CREATE])

    def _look_up(self, names: Mapping[str, str]) -> None:
        keys = list(names)
        owner, _, name = self.facts.repository_name.partition("/")
        for start in range(0, len(keys), _LOOKUP):
            some = keys[start : start + _LOOKUP]
            variables = {f"l{i}": names[key] for i, key in enumerate(some)}
            answer = self.client.query(
                documents.labels(len(some)), {"owner": owner, "name": name, **variables}, _Found
            ).repository
            found = {key: (answer or {}).get(f"l{i}") for i, key in enumerate(some)}
            self._ids |= {key: label.id for key, label in found.items() if label}

    def _create(self, names: Sequence[str]) -> None:
        """Create them in one request; somebody may be faster, and answers get lost: then look again."""
        inputs = [
            {"repositoryId": self.facts.repository_id, "name": name, "color": colour_of(name), "description": _WHAT_FOR}
            for name in names
        ]
        document = documents.mutations(["createLabel"] * len(names))
        try:
            result = self.client.mutate(document, {f"m{i}": value for i, value in enumerate(inputs)})
        except UnavailableError as error:
            if not error.sent:
                raise
            self._look_again(names, error.message)
            return
        made: dict[str, Any] = {name: result.data.get(f"m{i}") for i, name in enumerate(names)}
        told = {f"m{i}": name for i, name in enumerate(names)}
        words = {told.get(str(error.path[0]), ""): error.message for error in result.errors if error.path}
        for name, answer in made.items():
            label = self.client.shaped(answer, _Made).label if answer else None
            if label:
                self._ids[name.casefold()] = label.id
        rest = [name for name in names if name.casefold() not in self._ids]
        general = "; ".join(error.message for error in result.errors if not error.path)
        for name in rest:
            self._look_again([name], words.get(name) or general)

    def _look_again(self, names: Sequence[str], why: str) -> None:
        self._look_up({name.casefold(): name for name in names})
        self._refused |= {name.casefold(): why for name in names if name.casefold() not in self._ids}


_WHAT_FOR = "Kept by trackersync"
