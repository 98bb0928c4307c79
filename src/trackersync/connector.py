"""The contract of a connector: what it can do, must do, and must never do.

A connector is a class registered under an entry point of the group `trackersync.connectors`; the entry point's
name is the kind of tracker (`github`). `Source` reads, `Target` also writes: read-only is a type, not a flag.
`trackersync.testing` is this contract made executable.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from msgspec import Struct, field
from pydantic import BaseModel

from trackersync.change import Change, Forecast, LabelSet, Outcome
from trackersync.diagnosis import Finding, Written
from trackersync.errors import UnsupportedError
from trackersync.model import Delta, Fate, Issue, IssueRef, Whereabouts

if TYPE_CHECKING:
    from trackersync.transport import Transport

InputKind = Literal["field", "project_field", "issue_field", "label"]
"""The places an input can be read from: `issue_field` is `field` under GitHub's name for it."""


class Capabilities(Struct, frozen=True, kw_only=True):
    """What a kind of tracker can hold, so that a configuration is checked before anything is asked of a tracker."""

    reads: frozenset[InputKind] = frozenset({"label"})
    """Where inputs can be kept."""
    labels: bool = False
    """Band labels can be written."""
    fields: bool = False
    """The issue's own fields can be written by name."""
    project_fields: bool = False
    """Fields of a configured project's items can be written by name."""
    priority: bool = False
    """The native priority can be written."""
    properties: bool = False
    """Numbers and texts can be kept on an issue out of people's sight."""
    comments: bool = False
    """One comment of ours can be kept on an issue and edited in place."""
    project_items: bool = False
    """Issues can be put on the configured project."""
    batch: int = 100
    """How many issues are read, written and read again at a time."""
    order: Literal["project", "board", "rows"] | None = None
    """The word by which the tracker's own order of work can be kept, None where it has none."""
    notifies: bool = True
    """Writes may send people mail."""
    quiet: bool = False
    """Writes can be asked not to notify."""
    on_demand: frozenset[str] = frozenset()
    """The built-in columns that cost more to read, and are read only where the rules use them."""
    label_pattern: str = r".+"
    """A regular expression that every label the tracker accepts matches in full."""


class FieldNames(Struct, frozen=True):
    """The fields, by name, that the configuration reads or writes on one tracker; nothing else is asked for."""

    fields: frozenset[str] = field(default_factory=frozenset)
    project_fields: frozenset[str] = field(default_factory=frozenset)
    properties: frozenset[str] = field(default_factory=frozenset)
    """The keys of properties that are ours."""
    comment: bool = False
    """Whether `fetch` tells our comment."""
    columns: frozenset[str] = field(default_factory=frozenset)
    """Of the columns that the connector reads `on_demand`, those that the rules use."""


class Offer(Struct, frozen=True):
    """One value for a setting that the tracker itself proposes, such as a board."""

    setting: str
    """Its key in the tracker's section: `board`."""
    value: Any
    """As it stands in the file."""
    name: str
    """As people call it."""


class Offers(Struct, frozen=True, kw_only=True):
    """What there is at a tracker to be chosen from, for whoever writes its section."""

    settings: tuple[Offer, ...] = ()
    fields: Mapping[InputKind, tuple[str, ...]] = field(default_factory=dict)
    """By the place where inputs can be kept, the fields that could hold one, by name."""


class Source(ABC):
    """Reads the issues of one tracker.

    Construction makes no request and reads no environment but `env`, nor any file or keyring but for the secret that
    the settings name (`transport.secret.Kept`); a missing secret is a `ConfigError` with one `Problem` whose path is
    relative to the tracker's section.
    """

    kind: ClassVar[str]
    """The entry point's name."""
    Settings: ClassVar[type[BaseModel]]
    """The tracker's section in the file, without `connector`; unknown keys are refused, secrets are named, not held.

    A relative path is taken from the folder of the file, which its validators find as `context["folder"]`.
    """
    capabilities: ClassVar[Capabilities]
    asked: ClassVar[tuple[str, ...]] = ()
    """The settings that need not be given, and that people are asked for all the same where a section is written."""

    def __init__(
        self, tracker: str, settings: Any, *, transport: Transport, env: Mapping[str, str], wanted: FieldNames
    ) -> None:
        """`tracker` is the team's name; `settings` is an instance of `Settings`; `wanted` the fields to read."""
        self.tracker = tracker
        self.settings = settings
        self.transport = transport
        self.env = env
        self.wanted = wanted

    @classmethod
    @abstractmethod
    def identify(cls, settings: Any) -> str:
        """What a tracker of these settings is, in one line without secrets: address, repository or JQL, project.

        Sealed into plans, so that none is applied elsewhere. Needs no credentials and makes no request.
        """

    @abstractmethod
    def pull(self) -> Iterator[Sequence[Issue]]:
        """Yield every selected issue exactly once, a page at a time, lazily; sends no write.

        All or error: a read that cannot be completed raises a `TrackerError`, it never just ends. Every call reads
        anew. Awkward values (empty body, no author, emoji, 32k of text) are mapped, not refused. A field in
        `wanted` that the tracker does not have is a `RejectedError` naming it and the nearest existing names.
        """

    @abstractmethod
    def fetch(self, ids: Sequence[str]) -> Mapping[str, Issue]:
        """Read these issues as they are now, by immutable id, in as few requests as the API allows.

        Never from an index that lags behind the writes. An id that is gone or not visible is absent from the answer.
        `native_rank` may be None here.
        """

    cursor: str | None = None
    """Once a read came to its end: from where `changes` may go on, in words of the connector's own and by the tracker's
    clock, early enough that nothing falls between the two reads. None: the tracker can only be read anew."""

    follows_board: bool = False
    """Whether places or fields are kept on a board, where they change without a trace on their issues."""

    def changes(self, cursor: str) -> Iterator[Delta]:
        """Yield what was touched since the read that left this cursor, a page at a time, lazily; sends no write.

        As `pull`, all or error. What was read before and is not selected any more has `left`; what was deleted or went
        out of sight may be left out here, and is found by a pull. Never asked where `cursor` stays None.
        """
        raise UnsupportedError(f"{self.kind} can only be read anew, not from {cursor!r} on", tracker=self.tracker)

    untraced: ClassVar[frozenset[str]] = frozenset()
    """The built-in columns of an issue that change without a touch of it, so that `changes` does not tell of them."""

    def census(self) -> Iterator[Sequence[str]] | None:
        """Yield the id of every selected issue exactly once, a page at a time, lazily; sends no write.

        As `pull`, all or error, but for much fewer requests; None where a list of ids costs what the issues cost, and
        they are read instead. Taken after `changes` came to its end. What it lists that was not known is then read by
        `fetch`, and its place by `on_board` where the connector `follows_board`; `cursor` stays good for all it lists.
        """
        return None

    def on_board(self, issues: Sequence[Issue]) -> Sequence[Issue]:  # noqa: ARG002 - most keep nothing on a board
        """Of these issues, those whose place or fields on the board are others now, as they are now.

        Asked after `changes` and, where one was taken, a census came to their end, where the connector `follows_board`:
        for all that `changes` did not hold.
        """
        return ()

    def places(self, refs: Sequence[IssueRef]) -> Mapping[str, str]:
        """By id the `native_rank` that these have now, read anew; what is not on the board is absent.

        As `fetch`, never from an index that lags behind the writes: it tells which of our own moves were made. Asked
        only where an answer to a move was lost or a run was cut off. One whose `fetch` tells no rank has its own.
        """
        found = self.fetch([ref.id for ref in refs]) if refs else {}
        return {id_: issue.native_rank for id_, issue in found.items() if issue.native_rank is not None}

    def whereabouts(self, refs: Sequence[IssueRef]) -> Mapping[str, Whereabouts]:
        """By id, what became of issues that a pull or census does not find any more, as far as the tracker tells."""
        return {ref.id: Whereabouts(Fate.UNKNOWN) for ref in refs}

    def offers(self) -> Offers:
        """What could be chosen for a tracker of these settings, in a few requests; sends no write.

        Fields of a board or project are told once that is among the settings. Whatever is offered is good as it is: the
        section takes the value, and a pull may want the field. Nothing is told twice.
        """
        return Offers()

    def diagnose(self, written: Written) -> Iterator[Finding]:  # noqa: ARG002 - a connector need not look for anything
        """Yield all that is missing, or will bite a run that reads `wanted` and writes `written`; sends no write.

        Few requests, whatever the number of issues; one wrong thing hides no other (`trackersync.diagnosis.examine`).
        """
        return iter(())


class Target(Source):
    """Writes to one tracker, and touches only what the changes name."""

    def forecast(self, changes: Sequence[Change], *, notify: bool, ask: bool) -> Forecast:  # noqa: ARG002 - see below
        """What `apply` would take to write these changes. Only with `ask` may it send a request, and none that writes.

        A connector has its own where one change is not one request, or where there are several ways to write.
        """
        return Forecast(requests=len(changes), mailed=self._mailed(changes, notify=notify))

    def _mailed(self, changes: Sequence[Change], *, notify: bool) -> int:
        """The issues that are written to, where a tracker of this kind sends mail of that and is not asked not to."""
        able = self.capabilities
        silent = not able.notifies or (able.quiet and not notify)
        return 0 if silent else len({change.ref.issue_key for change in changes})

    def define_labels(self, labels: LabelSet) -> Sequence[str]:  # noqa: ARG002 - most keep labels as mere words
        """Rename the labels that had another prefix, and give all of them their looks; says what was done, a line each.

        Called before labels are written, where labels are things of their own. What is as it should be costs no write;
        labels that do not exist yet may be left to `apply`.
        """
        return ()

    def retire_labels(self, labels: LabelSet) -> Sequence[str]:  # noqa: ARG002 - as above
        """Delete the `retired` labels, once nothing else is left to be written; says what was done, a line each."""
        return ()

    @abstractmethod
    def apply(self, changes: Sequence[Change], current: Mapping[str, Issue], *, notify: bool) -> Iterator[Outcome]:
        """Carry out the changes and yield one `Outcome` for each, in the order given, as soon as it is known.

        `current` holds, by id, what `fetch` just returned for every issue named in the changes, anchors of `order`
        included. Changes of one issue stand together; those of `order` come last, in the order in which they must be
        made. A value the tracker refuses is `REJECTED` and the rest goes on; a connection broken after sending is
        `UNKNOWN`, and nothing is replayed. Labels that do not exist yet are created. `notify=False` asks the tracker
        not to send mail, where the account may ask that.

        Raises only what stops the whole tracker: `FatalError`, or `RetriableError` when waiting any longer would exceed
        the transport's bound; changes without an outcome by then were not carried out.
        """
