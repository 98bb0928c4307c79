"""A first file from what a script gives in place of answers: all that is wrong with it is told by its flag."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from trackersync.config.document import parse_document
from trackersync.config.questions import nothing_tells_apart
from trackersync.config.reading import KINDS
from trackersync.config.starter import TrackerDraft, framework_named, starter, yaml
from trackersync.config.trial import tried
from trackersync.config.wording import closest, nearest
from trackersync.connector import Source
from trackersync.errors import ConfigError, PluginError, Problem
from trackersync.registry import Registry
from trackersync.scoring.frameworks import FRAMEWORKS, VARIANTS

_PLACES = tuple(kind for kind in KINDS if kind != "table")
"""What can be named in a word; a table takes a file and columns."""
_ASSUMED = "no --input said where {} keeps it"


class Given(Struct, frozen=True, kw_only=True):
    """The values of the flags, as they were typed."""

    framework: str
    trackers: Sequence[str]
    """`NAME=CONNECTOR`."""
    settings: Sequence[str] = ()
    """`TRACKER.KEY=VALUE`."""
    inputs: Sequence[str] = ()
    """`TRACKER.INPUT=KIND:NAME`."""
    labels: str | None = None
    """The prefix of the labels to be written; None: nothing is written."""


class Written(Struct, frozen=True):
    """The text of the file, and what is left to do before an order says anything."""

    text: str
    notes: tuple[str, ...]


class Faults(Exception):  # noqa: N818 - it is several
    """What is wrong, each with the flag's name."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("\n".join(self.faults))


def file_of(given: Given, file: Path) -> Written:
    """The file that this comes to; raises `Faults` where `check` would find anything wrong with it, or sooner."""
    reading = _Reading(given)
    drafts = reading.drafts()
    text = starter(reading.framework, drafts)
    try:
        tried(text, file)
    except ConfigError as error:
        reading.faults += (reading.told(problem) for problem in error.problems)
    if reading.faults:
        raise Faults(reading.faults)
    bare = (each for each in drafts if each.sources.keys() <= each.assumed.keys())
    return Written(text, tuple(nothing_tells_apart(each.name, each.sources) for each in bare))


class _Tracker(Struct):
    connector: str
    source: type[Source] | None
    """None where it is not installed, which is told elsewhere."""
    settings: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, tuple[str, str]] = field(default_factory=dict)


class _Reading:
    """The flags one by one; what stands under a misspelt name is checked as that of the nearest."""

    def __init__(self, given: Given) -> None:
        self.faults: list[str] = []
        self.framework = self._known_framework(given.framework)
        self._labels = given.labels
        self._trackers: dict[str, _Tracker] = {}
        self._given: set[str] = set()
        for text in given.trackers:
            self._tracker(text)
        for text in given.settings:
            self._setting(text)
        for text in given.inputs:
            self._input(text)

    def drafts(self) -> list[TrackerDraft]:
        """The trackers, each with a place for every input."""
        if self._labels is not None and not any(self._writes(each) for each in self._trackers.values()):
            self.faults.append(f"--labels {self._labels}: no tracker given here holds labels")
        return [self._draft(name, tracker) for name, tracker in self._trackers.items()]

    def told(self, problem: Problem) -> str:
        """A problem of the file, by the flag it comes from."""
        hint = f" ({problem.hint})" if problem.hint else ""
        return f"{self._flag(problem.path)}: {problem.message}{hint}"

    def _flag(self, path: Sequence[str | int]) -> str:
        match path:
            case ("trackers", str(name), "connector", *_) if name in self._trackers:
                return f"--tracker {name}={self._trackers[name].connector}"
            case ("trackers", name, *keys) if keys:
                return f"--set {'.'.join(map(str, (name, *keys)))}"
            case ("inputs", name, "from", tracker, *_):
                return f"--input {tracker}.{name}"
            case ("write", _, *_):
                return f"--labels {self._labels}"
            case _:
                return ".".join(map(str, path)) or "the file"

    def _known_framework(self, name: str) -> str:
        known = (*FRAMEWORKS, *VARIANTS)
        if name not in known:
            hint = nearest(name, known, "the frameworks are")
            self.faults.append(f"--framework {name}: no framework is named so; {hint}")
        return name if name in known else closest(name, known) or "rice"

    def _tracker(self, text: str) -> None:
        name, _, kind = (part.strip() for part in text.partition("="))
        if not name or not kind:
            self.faults.append(f"--tracker {text}: give its name and its connector, such as web=github")
        elif name in self._trackers:
            self.faults.append(f"--tracker {text}: there are two of the name {name}")
        else:
            self._trackers[name] = _Tracker(kind, _source(kind))

    def _setting(self, text: str) -> None:
        at, is_given, value = text.partition("=")
        tracker, key = self._named("--set", at)
        document = parse_document(value) if is_given and value.strip() else None
        if tracker is None or not key:
            return
        if document is None:
            self.faults.append(f"--set {at}: has no value: write --set {at}=VALUE")
        elif document.problems:
            self.faults += (_fault_of_value(at, each.message) for each in document.problems)
        else:
            tracker.settings[key] = document.data

    def _input(self, text: str) -> None:
        at, _, place = text.partition("=")
        tracker, name = self._named("--input", at)
        if tracker is None or not name:
            return
        known = [each.name for each in framework_named(self.framework).first_inputs if not each.expression]
        kind, _, where = (part.strip() for part in place.partition(":"))
        if name not in known:
            self.faults.append(f"--input {at}: {self.framework} has no such input ({nearest(name, known)})")
        if not where:
            self.faults.append(f"--input {at}: say where it is kept: --input {at}=KIND:NAME, such as field:Reach")
        elif kind not in _PLACES:
            self.faults.append(f"--input {at}: {kind} is no place ({nearest(kind, _PLACES, 'places are')})")
        else:
            meant = closest(name, known)
            tracker.sources |= {meant: (kind, where)} if meant else {}

    def _named(self, flag: str, at: str) -> tuple[_Tracker | None, str]:
        """The tracker and the key of `TRACKER.KEY`; a tracker's name may have dots in it."""
        if f"{flag} {at}" in self._given:
            self.faults.append(f"{flag} {at}: is given twice")
        self._given.add(f"{flag} {at}")
        name = max((each for each in self._trackers if at.startswith(f"{each}.")), key=len, default=None)
        if name is None:
            name, _, key = (part.strip() for part in at.partition("."))
            hint = nearest(name, self._trackers, "the trackers given are") or "name it with --tracker NAME=CONNECTOR"
            self.faults.append(f"{flag} {at}: no tracker is named {name!r} ({hint})")
            return self._trackers.get(closest(name, self._trackers) or ""), key
        key = at.removeprefix(f"{name}.").strip()
        if not key:
            self.faults.append(f"{flag} {at}: names nothing of {name}")
        return self._trackers[name], key

    def _draft(self, name: str, tracker: _Tracker) -> TrackerDraft:
        missing = [
            each.name
            for each in framework_named(self.framework).first_inputs
            if not each.expression and each.name not in tracker.sources
        ]
        assumed = dict(self._in_labels(name, tracker, missing))
        return TrackerDraft(
            name=name,
            connector=tracker.connector,
            settings=tracker.settings,
            sources={**assumed, **tracker.sources},
            assumed=dict.fromkeys(assumed, _ASSUMED.format(yaml(name))),
            write=self._writes(tracker),
        )

    def _in_labels(
        self, name: str, tracker: _Tracker, missing: Collection[str]
    ) -> Iterator[tuple[str, tuple[str, str]]]:
        """What nothing was said of is looked for in labels, where the tracker has any."""
        for each in missing:
            if tracker.source is None or "label" in tracker.source.capabilities.reads:
                yield each, ("label", f"{each}/{{value}}")
            else:
                self.faults.append(f"--input {name}.{each}: is missing: say where {name} keeps it")

    def _writes(self, tracker: _Tracker) -> Mapping[str, Any]:
        able = tracker.source.capabilities if tracker.source else None
        if self._labels is None or able is None or not able.labels:
            return {}
        return {"labels": {"prefix": self._labels}} | ({"notify": False} if able.quiet else {})


def _source(kind: str) -> type[Source] | None:
    try:
        return Registry().load(kind)
    except PluginError:
        return None


def _fault_of_value(at: str, message: str) -> str:
    return f"--set {at}: {message.replace('the file', 'its value', 1)}"
