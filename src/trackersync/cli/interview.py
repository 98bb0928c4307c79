"""The questions of `trackersync init`: the trackers offer what can be chosen, and are tested on the way."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trackersync.cli.terminal import print_table, say
from trackersync.errors import ConfigError, TrackersyncError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from trackersync.config.questions import Place, Question
    from trackersync.config.starter import TrackerDraft
    from trackersync.connector import Offers, Source
    from trackersync.scoring.framework import Framework, FrameworkInput
    from trackersync.transport import Transport

PATIENCE = 30.0
"""Seconds that one request may wait, since somebody sits before it."""
LABELS = "priority/"


def interview(file: Path) -> str:
    """Ask for all that a first file needs, and return its text."""
    from trackersync.config.starter import framework_named, starter
    from trackersync.scoring.frameworks import FRAMEWORKS
    from trackersync.transport import Transport

    say("Enter takes what stands in brackets; Ctrl-C ends it, and nothing is written.")
    names = list(FRAMEWORKS)
    chosen = choose("How to score", [(name, each.doc) for name, each in FRAMEWORKS.items()], names.index("rice"))
    framework = framework_named(names[chosen])
    drafts: list[TrackerDraft] = []
    with Transport(max_wait=PATIENCE, attempts=2) as transport:
        while not drafts or click.confirm("Another tracker?", default=False):
            drafts.append(_asked_tracker(transport, file.parent, framework, {each.name for each in drafts}))
    return starter(framework.name, drafts)


def _asked_tracker(transport: Transport, folder: Path, framework: Framework, taken: set[str]) -> TrackerDraft:
    """One tracker, from its kind to what is written to it."""
    from trackersync.config.starter import TrackerDraft
    from trackersync.registry import Registry

    registry = Registry()
    kinds = [status.name for status in registry.status() if status.loads]
    sources = [registry.load(kind) for kind in kinds]
    docs = [(source.__doc__ or "").partition("\n")[0].partition(";")[0] for source in sources]
    chosen = choose("Which tracker", list(zip(kinds, docs, strict=True)), None)
    name = _own_name(f"my-{kinds[chosen]}", taken)
    tracker = _Tracker(name, sources[chosen], transport, folder)
    tracker.reach()
    offers = tracker.choose_settings(tracker.offers())
    kept = tracker.ask_places(framework, offers)
    write = tracker.ask_writes()
    return TrackerDraft(name=name, connector=kinds[chosen], settings=tracker.answers, sources=kept, write=write)


class _Tracker:
    """What is known of one tracker so far."""

    def __init__(self, name: str, source: type[Source], transport: Transport, folder: Path) -> None:
        self.name = name
        self.source = source
        self.transport = transport
        self.folder = folder
        self.env = dict(os.environ)
        self.answers: dict[str, Any] = {}
        self.reached: Source | None = None
        """The connector, while it answers; without it nothing can be offered."""

    def reach(self) -> None:
        """Ask for the settings until the doctor finds no error with them, or somebody wants to go on all the same."""
        while True:
            self.reached = self._made(self._ask_settings())
            if self.reached is None:
                say("It is not tested, and offers nothing to choose from; `trackersync doctor` tests it later.")
                return
            if not _has_errors(self.reached) or not click.confirm("Answer again?", default=True):
                return

    def _ask_settings(self) -> BaseModel:
        from trackersync.config.questions import questions, settings_of

        everything = questions(self.source)
        todo = everything
        while True:
            for question in todo:
                self._ask(question)
            answered = settings_of(self.source, self.answers, self.folder)
            if answered.settings is not None:
                return answered.settings
            for key, fault in answered.faults.items():
                say(f"  {key}: {fault}" if key else f"  {fault}")
            todo = [each for each in everything if each.key in answered.faults] or everything

    def _ask(self, question: Question) -> None:
        default = self.answers.get(question.key) or question.default or ("" if not question.required else None)
        text = f"{question.key} ({question.doc.rstrip('.')})"
        said: str = click.prompt(text, default=default, show_default=bool(default)).strip()
        self.answers.pop(question.key, None)
        if said and said != question.default:
            self.answers[question.key] = said

    def _made(self, settings: BaseModel) -> Source | None:
        """The connector; a secret that is not set can be given to test with, and without it there is none."""
        from trackersync.connector import FieldNames

        while True:
            try:
                return self.source(self.name, settings, transport=self.transport, env=self.env, wanted=FieldNames())
            except ConfigError as error:
                problem = error.problems[0]
            say(f"{problem.message[:1].upper()}{problem.message[1:]}.")
            variable = getattr(settings, str(problem.path[0]), None) if len(problem.path) == 1 else None
            secret = _secret() if isinstance(variable, str) and str(problem.path[0]).endswith("_env") else ""
            if not secret or not isinstance(variable, str):
                return None
            self.env[variable] = secret

    def offers(self) -> Offers:
        """What there is to choose from; what cannot be found out is typed."""
        from trackersync.connector import Offers

        try:
            return self.reached.offers() if self.reached else Offers()
        except TrackersyncError as error:
            say(f"It offers nothing to choose from: {error.message}")
            self.reached = None
            return Offers()

    def choose_settings(self, offers: Offers) -> Offers:
        """Boards and projects, one of each at most; then what there is with them."""
        from trackersync.config.questions import settings_of

        before = dict(self.answers)
        for setting in dict.fromkeys(offer.setting for offer in offers.settings):
            found = [offer for offer in offers.settings if offer.setting == setting]
            chosen = choose(f"Which {setting}", [*((offer.name, "") for offer in found), ("none", "")], 0)
            if chosen < len(found):
                self.answers[setting] = found[chosen].value
        settings = settings_of(self.source, self.answers, self.folder).settings
        if self.answers == before or settings is None:
            return offers
        self.reached = self._made(settings)
        again = self.offers()
        return again if again.fields else offers

    def ask_places(self, framework: Framework, offers: Offers) -> dict[str, Place]:
        """Where each input of the framework is kept."""
        from trackersync.config.questions import places

        offered = places(offers)
        if offered:
            say()
            say("Inputs can be kept in these fields, or in labels like impact/{value}:")
            several = len(offers.fields) > 1  # fields of one name are told apart by their kinds
            told = ((name, kind.replace("_", " ") if several else "") for kind, name in offered)
            rows = [(number, *each) for number, each in enumerate(told, start=1)]
            print_table([("", "right"), ("", "wrap"), ("", "")], rows)
        asked = [each for each in framework.first_inputs if not each.expression]
        return {each.name: self._ask_place(each, offered) for each in asked}

    def _ask_place(self, each: FrameworkInput, offered: Sequence[Place]) -> Place:
        from trackersync.config.questions import likely_place, nearest_place, place_meant

        able = self.source.capabilities.reads
        likely = likely_place(each.name, offered, able)
        while True:
            text = f"Where is {each.name} kept ({each.doc.rstrip('.')})"
            said: str = click.prompt(text, default=likely[1] if likely else None).strip()
            meant = place_meant(said, offered, able, known=self.reached is not None)
            if meant is not None:
                return meant
            near = nearest_place(said, offered)
            say(f"  there is no field {said!r}" + (f"; did you mean {near}?" if near else ""))

    def ask_writes(self) -> dict[str, Any]:
        """What may be written: labels and the order of work."""
        able = self.source.capabilities
        write: dict[str, Any] = {}
        if able.labels and click.confirm(f"Write bands as labels, {LABELS}P0 and so on?", default=True):
            write["labels"] = {"prefix": LABELS}
        orderable = able.order == "rows" or able.order in self.answers
        if orderable and click.confirm(f"Keep the order of the {able.order} as ranked?", default=False):
            write["order"] = able.order
        return write | ({"notify": False} if write and able.quiet else {})


def _has_errors(source: Source) -> bool:
    """Whether the doctor finds an error; what people should know is shown."""
    from trackersync.diagnosis import Written, failed

    try:
        findings = list(source.diagnose(Written()))
    except TrackersyncError as error:
        findings = [failed(error)]
    told = [each for each in findings if each.severity != "info"]
    if told:
        rows = [(each.severity, f"{each.what}: {each.do}" if each.do else each.what) for each in told]
        print_table([("", ""), ("", "wrap")], rows)
    wrong = any(each.severity == "error" for each in told)
    say("It cannot be read like this." if wrong else "It answers, and can be read.")
    return wrong


def _secret() -> str:
    text = "Paste it to test it; it is kept nowhere (Enter: go on untested)"
    said: str = click.prompt(text, hide_input=True, default="", show_default=False)
    return said.strip()


def choose(what: str, options: Sequence[tuple[str, str]], default: int | None) -> int:
    """Which of these (name, what it is): by its number in the list, or by its name."""
    say()
    say(f"{what}?")
    rows = [(number, name, doc) for number, (name, doc) in enumerate(options, start=1)]
    print_table([("", "right"), ("", ""), ("", "wrap")], rows)
    names = [name.casefold() for name, _ in options]
    while True:
        said: str = click.prompt("Number or name", default=None if default is None else options[default][0]).strip()
        if said.casefold() in names:
            return names.index(said.casefold())
        if said.isdecimal() and 0 < int(said) <= len(names):
            return int(said) - 1
        say(f"  {said!r} is not in the list")


def _own_name(likely: str, taken: set[str]) -> str:
    """A name for the tracker that no other has."""
    default = likely
    while default in taken:
        default += "-too"
    while True:
        said: str = click.prompt("A name for it, of your choosing", default=default).strip()
        if said and said not in taken:
            return said
        say(f"  {said!r} is taken")
