"""Carries out changes: labels looked up first, then mutations several in a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from trackersync.change import Change, Forecast, Outcome
from trackersync.errors import ItemError
from trackersync.model import Issue
from trackersync_github.client import GitHubClient
from trackersync_github.labels import Labels
from trackersync_github.reading import Reader
from trackersync_github.sending import Prepared, Sender, batches, composed, refused
from trackersync_github.writing import Composer, label_delta, mutations_of

_SILENT = frozenset({"labels", "field", "project_field", "priority", "order"})
"""The kinds of change that end up on an issue's timeline and in nobody's mail (docs: About notifications)."""


def cost_of(changes: Sequence[Change], *, spacing: float) -> Forecast:
    """The batches, so many seconds apart, and before the first of them the facts and the look-up of labels.

    Each is a point of the hour's 5,000 at least (docs: rate limits for the GraphQL API). A request that writes also
    takes 5 of the minute's 2,000, which one a second never uses up.
    """
    if not changes:
        return Forecast(points=0)
    labels = any(change.target.kind == "labels" for change in changes)
    sent = batches(mutations_of(change) for change in changes)
    requests = 1 + labels + sent
    return Forecast(
        requests=requests,
        points=requests,
        seconds=max(0, sent - 1) * spacing,
        mailed=len({change.ref.issue_key for change in changes if change.target.kind not in _SILENT}),
    )


class Writer:
    """Writes to the issues of one repository; what is learnt of its labels is kept for the next changes."""

    def __init__(self, client: GitHubClient, reader: Reader) -> None:
        self._client = client
        self._reader = reader
        self._sender = Sender(client)
        self._labels: Labels | None = None

    def write(self, changes: Sequence[Change], current: Mapping[str, Issue]) -> Iterator[Outcome]:
        """One outcome for each change, in order, as soon as it is known."""
        if not changes:
            return
        labels = self._labels_for(changes, current)
        composer = Composer(self._reader.facts, labels)
        yield from self._sender.send(_prepare(composer, change, current) for change in changes)

    def _labels_for(self, changes: Sequence[Change], current: Mapping[str, Issue]) -> Labels:
        self._labels = self._labels or Labels(self._client, self._reader.facts)
        deltas = [
            label_delta(change.target, change.after, current[change.ref.id])
            for change in changes
            if change.target.kind == "labels" and change.ref.id in current
        ]
        self._labels.learn(
            present={label for delta in deltas for label in delta.remove},
            wanted={label for delta in deltas for label in delta.add},
        )
        return self._labels


def _prepare(composer: Composer, change: Change, current: Mapping[str, Issue]) -> Prepared:
    try:
        return composed(change, composer.operations(change, current))
    except ItemError as error:
        return refused(change, error)
