"""Reading a team's file: every problem is found before any is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from trackersync.config.adjustments import check_adjustments
from trackersync.config.assembly import (
    Tables,
    to_budget,
    to_capacity,
    to_examples,
    to_guards,
    to_overrides,
    to_policies,
    to_rules,
)
from trackersync.config.conflicts import check_conflicts
from trackersync.config.csv_file import beside
from trackersync.config.document import Document, KeyPath, read_document
from trackersync.config.examples import check_examples
from trackersync.config.goals import check_goals
from trackersync.config.loaded import Config
from trackersync.config.places import Places
from trackersync.config.reading import check_inputs
from trackersync.config.shape import FileShape
from trackersync.config.storage import absolute_store, store_fault
from trackersync.config.tables import read_table
from trackersync.config.trackers import TrackerConfig, find_source, read_tracker
from trackersync.config.validation import touches, validate
from trackersync.config.votes import read_votes
from trackersync.config.writing import check_writes
from trackersync.connector import Source
from trackersync.errors import ConfigError, Problem
from trackersync.registry import Registry
from trackersync.scoring.rules import Input, InputSource, Rules, Votes


def load_config(path: Path, registry: Registry) -> Config:
    """The file as configuration; raises one `ConfigError` that carries every problem there is, in file order."""
    document = read_document(path)
    problems = list(document.problems)
    config = None
    if document.data is not None:
        checked = validate(FileShape, document, (), document.data)
        problems += checked.problems
        if checked.value is not None:
            loading = _Loading(path, document, registry, checked.value, checked.cut)
            config = loading.config()
            problems += loading.problems
    if problems or config is None:
        raise ConfigError(_in_file_order(problems), file=str(path))
    return config


def _in_file_order(problems: list[Problem]) -> list[Problem]:
    """Each once, by line; what concerns the file as a whole comes first."""
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.line or 0)


class _Loading:
    """The checks that need more than the grammar, on as much of the file as the grammar let through."""

    def __init__(
        self, path: Path, document: Document, registry: Registry, shape: FileShape, cut: frozenset[KeyPath]
    ) -> None:
        self.path = path
        self.document = document
        self.registry = registry
        self.shape = shape
        self.cut = cut
        self.problems: list[Problem] = []
        self.voted: set[str] = set()
        """The inputs that people vote on; all of them where it cannot be known which."""

    def config(self) -> Config:
        """The configuration, worth something only while `problems` stays empty."""
        self.problems += self._left_out()
        trackers, places = self._trackers()
        rules = to_rules(self.shape, self._votes(), self._tables())
        faults = list(self._places(places, rules))
        self.problems += faults
        self.problems += self._rules(rules, {fault.path for fault in faults})
        return Config(
            file=self.path,
            store=absolute_store(self.shape.store, self.path.parent),
            trackers=trackers,
            rules=rules,
            write=to_policies(self.shape, places.connectors),
            census=self.shape.census,
            budget=to_budget(self.shape, places.connectors),
            capacity=to_capacity(self.shape),
            overrides=to_overrides(self.shape),
            guards=to_guards(self.shape),
            tests=to_examples(self.shape),
            lines=self.document.lines,
        )

    def _left_out(self) -> Iterator[Problem]:
        data = self.document.data
        if data.get("version") is None:
            yield self.document.problem(("version",), "is missing", "write `version: 1` at the top of the file")
        if data.get("trackers") is None or data.get("trackers") == {}:
            hint = "name at least one place with issues; `trackersync init` shows how"
            yield self.document.problem(("trackers",), "is missing", hint)
        fault = store_fault(self.shape.store, self.path.parent)
        if fault:
            yield self.document.problem(("store",), *fault)
        if self.shape.capacity and self.shape.capacity.points is None and not touches(self.cut, ("capacity",)):
            hint = "say how much effort the team gets done: {points: 40, per: 2w}"
            yield self.document.problem(("capacity", "points"), "is missing", hint)

    def _trackers(self) -> tuple[dict[str, TrackerConfig], Places]:
        shapes = self.shape.trackers
        sources: dict[str, type[Source]] = {}
        trackers: dict[str, TrackerConfig] = {}
        for name, shape in shapes.items():
            source, problems = find_source(name, shape, self.document, self.registry)
            if source:
                sources[name] = source
                tracker, faults = read_tracker(name, shape, source, self.document)
                problems += faults
                trackers |= {name: tracker} if tracker else {}
            self.problems += problems
        connectors = {name: self._connector(name, sources) for name in self.document.mapping(("trackers",))}
        settings = {name: tracker.settings for name, tracker in trackers.items()}
        return trackers, Places(self.document, connectors, sources, settings, self.registry.names())

    def _connector(self, name: str, sources: Mapping[str, type[Source]]) -> str:
        """The kind of a tracker, also of a faulty one: to say that the tracker is unknown would mislead."""
        written = self.shape.trackers[name].connector if name in self.shape.trackers else ""
        return sources[name].kind if name in sources and written not in self.registry.names() else written

    def _votes(self) -> Votes:
        votes, problems = read_votes(self.document, self.shape.votes, self.path.parent, self.cut)
        self.problems += problems
        unsure = bool(problems) or touches(self.cut, ("votes",))
        self.voted = set(self.document.mapping(("inputs",))) if unsure else {vote.input for vote in votes.votes}
        return votes

    def _tables(self) -> Tables:
        """The tables that inputs are read from, by the source that names them."""
        tables: dict[KeyPath, Mapping[str, str]] = {}
        for name, shape in self.shape.inputs.items():
            for entry, source in (shape.source or {}).items():
                if source.table is not None:
                    at: KeyPath = ("inputs", name, "from", entry)
                    tables[at], problems = read_table(source.table, self.path.parent)
                    self.problems += beside(self.document, (*at, "table"), source.table.file, problems)
        return tables

    def _places(self, places: Places, rules: Rules) -> Iterator[Problem]:
        yield from check_inputs(places, self.shape.inputs, self.voted)
        yield from check_goals(self.document)
        yield from check_adjustments(self.document)
        yield from check_writes(places, self.shape.write, self.document.mapping(("bands",)))
        for entry in self.shape.budget:
            yield from places.unknown(("budget",), entry)
        yield from check_conflicts(places, rules.inputs, self.shape.write)
        yield from check_examples(self.document, _facts(self.document), self.document.mapping(("bands",)))

    def _rules(self, rules: Rules, told: set[KeyPath]) -> Iterator[Problem]:
        """What scoring finds wrong with the rules, but for what follows from a fault already told."""
        from trackersync.scoring.check import check_rules

        unsure = any(path == ("scoring",) or path[-1] in _FORMULA for path in self.cut if path)
        cut = self.cut | {_FRAMEWORK} if unsure else self.cut
        for problem in check_rules(self._mended(rules, unsure=unsure)):
            path = problem.path
            if not touches(cut, path) and not any(each[: len(path)] == path for each in told):
                yield self.document.problem(path, problem.message, problem.hint)

    def _mended(self, rules: Rules, *, unsure: bool) -> Rules:
        """The rules with stand-ins for what was cut out, so that nothing is called missing that is only faulty."""
        known = {each.name for each in rules.inputs}
        lost = [name for name in self.document.mapping(("inputs",)) if name not in known]
        stand_ins = tuple(Input(name=name, sources=_SOMEWHERE) for name in lost)
        inputs = tuple(self._with_source(each) for each in rules.inputs)
        return replace(rules, inputs=inputs + stand_ins, framework="" if unsure else rules.framework)

    def _with_source(self, used: Input) -> Input:
        nowhere = not used.sources and used.expression is None and used.name in self.voted
        return replace(used, sources=_SOMEWHERE) if nowhere else used


_SOMEWHERE = {"": InputSource("label", "{value}")}
_FRAMEWORK: KeyPath = ("scoring", "framework")
_FORMULA = {"framework", "expression", "weight"}
"""Where one of these is faulty, nothing can be said about the formula."""


def _facts(document: Document) -> set[str]:
    from trackersync.scoring.columns import COLUMNS

    return {*COLUMNS, *document.mapping(("inputs",))}
