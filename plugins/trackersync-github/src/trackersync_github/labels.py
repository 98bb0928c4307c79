"""Labels by id: looked up by their exact names, created where they are missing, renamed and deleted on demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from trackersync.change import LabelSet
from trackersync.errors import RejectedError, UnavailableError
from trackersync_github import documents
from trackersync_github.client import GitHubClient
from trackersync_github.facts import Facts
from trackersync_github.label_looks import Label, edits, former, looks_of, retired

_LOOKUP = 100
_AT_ONCE = 20


class _Made(Struct):
    label: Label | None = None


class _Found(Struct):
    repository: dict[str, Label | None] | None = None


@dataclass(slots=True)
class Labels:
    """The labels of one repository that this run has met; GitHub's labels do not differ by case."""

    client: GitHubClient
    facts: Facts
    _known: dict[str, Label | None] = field(default_factory=dict)
    """By name what was found; None: there is no such label."""
    _refused: dict[str, str] = field(default_factory=dict)
    _defined: LabelSet | None = None

    def id_of(self, name: str) -> str | None:
        """The id, None where there is no such label."""
        label = self._find(name)
        return label.id if label else None

    def required(self, name: str) -> str:
        """The id; a label that could not be created is a `RejectedError` in GitHub's words."""
        found = self.id_of(name)
        if found is None:
            why = self._refused.get(name.casefold(), "GitHub did not say why")
            raise RejectedError(f"the label {name!r} could not be created: {why}", tracker=self.client.tracker)
        return found

    def learn(self, present: Iterable[str], wanted: Iterable[str]) -> None:
        """Look up what is not known yet, and create the wanted ones that are not there: mostly no request at all."""
        new = {name.casefold(): name for name in wanted if name.casefold() not in self._refused}
        self._look_up_unknown([*present, *new.values()])
        missing = [name for name in new.values() if self._find(name) is None]
        for start in range(0, len(missing), _AT_ONCE):
            self._create(missing[start : start + _AT_ONCE])

    def define(self, labels: LabelSet) -> list[str]:
        """Rename labels that had another prefix and give all their looks; says what was done, a line each.

        One request to look, and none that writes where all is as it should be. A label that cannot be edited is a
        `RejectedError` in GitHub's words.
        """
        self._defined = labels
        names = [*labels.names, *(before for name in labels.names if (before := former(name, labels)))]
        self._look_up(names)
        wanted = list(edits(labels, self._find))
        why = self._ask([("updateLabel", edit.input) for edit in wanted])
        if why:
            # Renames move names about, and some edits may have been made: only GitHub knows what is what now.
            self._look_up(names)
            if left := next(edits(labels, self._find), None):
                raise self._unwritten(left.label, "changed as the file has it", why)
        self._known |= {edit.was.casefold(): None for edit in wanted if edit.was.casefold() != edit.label.casefold()}
        return [edit.done for edit in wanted]

    def retire(self, labels: LabelSet) -> list[str]:
        """Delete the labels that no band has any more, from every issue; says what was done, a line each."""
        names = retired(labels)
        self._look_up_unknown(names)
        there = [(name, label) for name in names if (label := self._find(name))]
        why = self._ask([("deleteLabel", {"id": label.id}) for _, label in there])
        if why:
            self._look_up(names)
            if left := next(filter(self._find, names), None):
                raise self._unwritten(left, "deleted", why)
        self._known |= {name.casefold(): None for name, _ in there}
        return [f"deleted the label {name!r}" for name, _ in there]

    def _find(self, name: str) -> Label | None:
        return self._known.get(name.casefold())

    def _look_up_unknown(self, names: Iterable[str]) -> None:
        self._look_up([name for name in names if name.casefold() not in self._known])

    def _look_up(self, names: Iterable[str]) -> None:
        asked = {name.casefold(): name for name in names}
        keys = list(asked)
        owner, _, repository = self.facts.repository_name.partition("/")
        for start in range(0, len(keys), _LOOKUP):
            some = keys[start : start + _LOOKUP]
            variables = {f"l{i}": asked[key] for i, key in enumerate(some)}
            document = documents.labels(len(some))
            answer = self.client.query(document, {"owner": owner, "name": repository, **variables}, _Found).repository
            self._known |= {key: (answer or {}).get(f"l{i}") for i, key in enumerate(some)}

    def _create(self, names: Sequence[str]) -> None:
        """Create them in one request; somebody may be faster, and answers get lost: then look again."""
        inputs = [
            {"repositoryId": self.facts.repository_id, "name": name, **looks_of(name, self._defined)} for name in names
        ]
        why = self._ask([("createLabel", given) for given in inputs])
        missing = [name for name in names if self._find(name) is None]
        self._look_up(missing)
        words = why if len(why) == len(missing) else ["; ".join(dict.fromkeys(why))] * len(missing)
        told = zip(missing, words, strict=True)
        self._refused |= {name.casefold(): said for name, said in told if self._find(name) is None}

    def _ask(self, wanted: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
        """Send mutations of labels; what became of them is known then. The words for each that failed, in order."""
        return [
            words for start in range(0, len(wanted), _AT_ONCE) for words in self._send(wanted[start : start + _AT_ONCE])
        ]

    def _send(self, wanted: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
        document = documents.mutations([mutation for mutation, _ in wanted])
        try:
            result = self.client.mutate(document, {f"m{i}": given for i, (_, given) in enumerate(wanted)})
        except UnavailableError as error:
            if not error.sent:
                raise
            return [error.message] * len(wanted)
        failed = []
        for alias in (f"m{i}" for i in range(len(wanted))):
            answer = result.data.get(alias)
            if answer is None:
                own = [error.message for error in result.errors if error.path and error.path[0] == alias]
                failed.append("; ".join(own or [error.message for error in result.errors if not error.path]))
            elif label := self.client.shaped(answer, _Made).label:
                self._known[label.name.casefold()] = label
        return failed

    def _unwritten(self, label: str, what: str, why: Sequence[str]) -> RejectedError:
        words = "; ".join(dict.fromkeys(filter(None, why))) or "GitHub did not say why"
        return RejectedError(
            f"the label {label!r} could not be {what}: {words}",
            hint="give the account the role Write in the repository's settings, or do it on its page of labels",
            tracker=self.client.tracker,
        )
