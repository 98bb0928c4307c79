"""The file connector: the rows of spreadsheets and the items of checklists as issues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel

from trackersync.change import Change, Forecast, Outcome
from trackersync.connector import Capabilities, FieldNames, Offers, Target
from trackersync.diagnosis import Finding, Written
from trackersync.model import Fate, Issue, IssueRef, Whereabouts
from trackersync_file.reading import Reader
from trackersync_file.settings import FileSettings
from trackersync_file.writing import Writer, requests_for

if TYPE_CHECKING:
    from trackersync.transport import Transport


class FileConnector(Target):
    """Reads and writes the files of one backlog; see `FileSettings` for what can be configured."""

    kind: ClassVar[str] = "file"
    Settings: ClassVar[type[BaseModel]] = FileSettings
    capabilities: ClassVar[Capabilities] = Capabilities(
        reads=frozenset({"field", "label"}),
        labels=True,
        fields=True,
        priority=True,
        order="rows",
        notifies=False,
        label_pattern=r'[^\s,;"{}](?:[^,;"{}\x00-\x1f]{0,253}[^\s,;"{}])?',
    )
    settings: FileSettings

    def __init__(
        self, tracker: str, settings: Any, *, transport: Transport, env: Mapping[str, str], wanted: FieldNames
    ) -> None:
        super().__init__(tracker, settings, transport=transport, env=env, wanted=wanted)
        self._reader = Reader(tracker, settings, wanted)

    @classmethod
    def identify(cls, settings: Any) -> str:
        """`file backlog.csv`, as written, so that a plan made in one checkout can be applied in another."""
        return f"file {settings.path}" + (f" sheet {settings.sheet}" if settings.sheet else "")

    def forecast(self, changes: Sequence[Change], *, notify: bool, ask: bool) -> Forecast:  # noqa: ARG002 - there is nothing to ask
        """One for each file, whatever is written to it."""
        return Forecast(requests=requests_for(changes), mailed=self._mailed(changes, notify=notify))

    def pull(self) -> Iterator[Sequence[Issue]]:
        """Yield the issues a file at a time; see `Source.pull`."""
        return (file.issues for file in self._reader.files())

    def fetch(self, ids: Sequence[str]) -> Mapping[str, Issue]:
        """Read these issues as they are now, each file once; see `Source.fetch`."""
        return self._reader.fetch(ids)

    def apply(self, changes: Sequence[Change], current: Mapping[str, Issue], *, notify: bool) -> Iterator[Outcome]:
        """Write the changes, each file once; nobody gets mail of it; see `Target.apply`."""
        del notify
        return Writer(self._reader, current).write(changes)

    def whereabouts(self, refs: Sequence[IssueRef]) -> Mapping[str, Whereabouts]:
        """Deleted: every row there is was read, and none has the id."""
        return {ref.id: Whereabouts(Fate.DELETED) for ref in refs}

    def offers(self) -> Offers:
        """The headings of the first file that mean nothing else already."""
        first = next(self._reader.files(), None)
        return Offers() if first is None else Offers(fields={"field": first.columns.free})

    def diagnose(self, written: Written) -> Iterator[Finding]:
        """Yield all that is missing or will bite, file by file; see `trackersync_file.diagnosis`."""
        from trackersync_file.diagnosis import Diagnosis

        return Diagnosis(self._reader, self.wanted, written).findings()
