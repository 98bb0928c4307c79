"""Carries out changes: labels looked up first, then mutations several in a request, in two waves where need be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from msgspec import Struct

from trackersync.change import Change, Outcome, Status
from trackersync.errors import ItemError, TrackerError
from trackersync.model import Issue
from trackersync_github.client import GitHubClient
from trackersync_github.labels import Labels
from trackersync_github.pace import is_added, waves
from trackersync_github.reading import Reader
from trackersync_github.sending import Prepared, Sender, composed, refused
from trackersync_github.writing import Composer, joined, label_delta


class _Item(Struct):
    id: str
    archived: bool = False


class _Added(Struct):
    item: _Item


class Writer:
    """Writes to the issues of one repository; what is learnt of its labels is kept for the next changes."""

    def __init__(self, client: GitHubClient, reader: Reader) -> None:
        self._client = client
        self._reader = reader
        self._sender = Sender(client)
        self._labels: Labels | None = None

    @property
    def labels(self) -> Labels:
        """Those of the repository."""
        self._labels = self._labels or Labels(self._client, self._reader.facts)
        return self._labels

    def write(self, changes: Sequence[Change], current: Mapping[str, Issue]) -> Iterator[Outcome]:
        """One outcome for each change, in order, as soon as it is known.

        What puts issues on the project is sent first: its answers tell the items that values and moves belong to.
        """
        if not changes:
            return
        self._learn_labels(changes, current)
        composer = Composer(self._reader.facts, self.labels)
        first, rest = waves(changes)
        known: dict[Change, Outcome] = {}
        told = 0
        try:
            added = self._put_on_project(composer, first, current, known)
            later = self._send(replace(composer, added=added), rest, current)
            for change in changes:
                yield known[change] if is_added(change) else next(later)
                told += 1
            yield from later  # which raises what stops the tracker together with the last of them
        except TrackerError:
            yield from (known[change] for change in changes[told:] if change in known)
            raise

    def _put_on_project(
        self, composer: Composer, changes: Sequence[Change], current: Mapping[str, Issue], known: dict[Change, Outcome]
    ) -> dict[str, str]:
        """By issue the items that came of it; every outcome goes into `known`, also where the tracker stops."""
        for outcome in self._send(composer, changes, current):
            known[outcome.change] = outcome
        items: dict[str, str] = {}
        for operation, verdict in self._sender.told.items():
            if verdict.status is Status.APPLIED:
                item = self._client.shaped(verdict.answer, _Added).item
                items[operation.input["contentId"]] = "" if item.archived else item.id
        archived = "it is archived on the project, which GitHub lets nobody change; restore it there"
        for change, outcome in known.items():
            if outcome.status is Status.APPLIED and not items[change.ref.id]:
                known[change] = Outcome(change, Status.REJECTED, archived)
        return items

    def _send(self, composer: Composer, changes: Sequence[Change], current: Mapping[str, Issue]) -> Iterator[Outcome]:
        prepared = [_prepare(composer, change, current) for change in changes]
        together = joined([one.operations for one in prepared])
        return self._sender.send(replace(one, operations=some) for one, some in zip(prepared, together, strict=True))

    def _learn_labels(self, changes: Sequence[Change], current: Mapping[str, Issue]) -> None:
        deltas = [
            label_delta(change.target, change.after, current[change.ref.id])
            for change in changes
            if change.target.kind == "labels" and change.ref.id in current
        ]
        self.labels.learn(
            present={label for delta in deltas for label in delta.remove},
            wanted={label for delta in deltas for label in delta.add},
        )


def _prepare(composer: Composer, change: Change, current: Mapping[str, Issue]) -> Prepared:
    try:
        return composed(change, composer.operations(change, current))
    except ItemError as error:
        return refused(change, error)
