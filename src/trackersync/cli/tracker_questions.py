"""What `trackersync init` asks about one tracker, from how to reach it to what is written to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trackersync.cli.choosing import ask_secret, choose
from trackersync.cli.terminal import print_table, say
from trackersync.errors import AuthError, ConfigError, ForbiddenError, TrackersyncError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from trackersync.config.questions import Question
    from trackersync.config.sampling import Held, Place
    from trackersync.config.starter import TrackerDraft
    from trackersync.connector import FieldNames, Offers, Source
    from trackersync.diagnosis import Finding, Written
    from trackersync.model import Issue
    from trackersync.scoring.framework import FrameworkInput
    from trackersync.transport import Transport

LABELS = "priority/"


class TrackerQuestions:
    """One tracker, and what is known of it so far."""

    def __init__(self, name: str, source: type[Source], transport: Transport, file: Path, env: dict[str, str]) -> None:
        """`env` takes in the secrets that are pasted."""
        self.name = name
        self._source = source
        self._transport = transport
        self._file = file
        self._env = env
        self._answers: dict[str, Any] = {}
        self._reached: Source | None = None
        """The connector, while it answers; without it nothing can be offered."""
        self._kept: dict[str, Place] = {}
        self._holding: dict[str, Held | None] = {}
        """By input what its place holds, None where that is not known."""
        self._sample: tuple[frozenset[Place], Sequence[Issue]] | None = None
        """A few issues, and the places that they were read with."""
        self._unreadable = False
        """Whether that failed."""
        self._told: list[Finding] = []
        """What the doctor found last."""

    def draft(self, framework: str) -> TrackerDraft:
        """Ask everything."""
        self._reach()
        offers = self._choose_settings(self._offers())
        self._ask_places(framework, offers)
        while True:
            draft = self._draft(self._ask_writes())
            if self._can_be_run(framework, draft) or not click.confirm("Answer again?", default=False):
                return draft

    def notes(self) -> Iterator[str]:
        """That nothing tells the issues apart, where that is so, and what would."""
        if self._reached and not any(held and held.fit for held in self._holding.values()):
            from trackersync.config.questions import nothing_tells_apart

            yield nothing_tells_apart(self.name, self._kept)

    def _draft(self, write: dict[str, Any]) -> TrackerDraft:
        from trackersync.config.questions import assumption
        from trackersync.config.starter import TrackerDraft

        doubts = {name: assumption(self.name, held) for name, held in self._holding.items()}
        return TrackerDraft(
            name=self.name,
            connector=self._source.kind,
            settings=self._answers,
            sources=self._kept,
            assumed={name: doubt for name, doubt in doubts.items() if doubt},
            write=write,
        )

    def _reach(self) -> None:
        """Ask for the settings until the doctor finds no error with them, or somebody wants to go on all the same."""
        again = False
        while True:
            settings = self._ask_settings()
            if again:
                self._offer_other_secret(settings, "it is not that")
            self._reached = self._made(settings)
            if self._reached is None:
                say("It is not tested, and offers nothing to choose from; `trackersync doctor` tests it later.")
                return
            if self._answers_well(settings) or not click.confirm("Answer again?", default=True):
                return
            again = True

    def _ask_settings(self) -> BaseModel:
        from trackersync.config.questions import questions, settings_of

        everything = questions(self._source)
        todo = everything
        while True:
            for question in todo:
                self._ask(question)
            answered = settings_of(self._source, self._answers, self._file.parent)
            if answered.settings is not None:
                return answered.settings
            for key, fault in answered.faults.items():
                say(f"  {key}: {fault}" if key else f"  {fault}")
            todo = [each for each in everything if each.key in answered.faults] or everything

    def _ask(self, question: Question) -> None:
        default = self._answers.get(question.key) or question.default or ("" if not question.required else None)
        text = f"{question.key} ({question.doc.rstrip('.')})"
        said: str = click.prompt(text, default=default, show_default=bool(default)).strip()
        self._answers.pop(question.key, None)
        if said and said != question.default:
            self._answers[question.key] = said

    def _connector(self, settings: BaseModel, wanted: FieldNames, env: dict[str, str]) -> Source:
        return self._source(self.name, settings, transport=self._transport, env=env, wanted=wanted)

    def _made(self, settings: BaseModel) -> Source | None:
        """The connector; a secret that is not set can be given to test with, and without it there is none."""
        from trackersync.config.questions import variable_at
        from trackersync.connector import FieldNames

        while True:
            try:
                return self._connector(settings, FieldNames(), self._env)
            except ConfigError as error:
                problem = error.problems[0]
            say(f"{problem.message[:1].upper()}{problem.message[1:]}.")
            variable = variable_at(settings, problem.path)
            secret = ask_secret("Paste it to test it; it is kept nowhere (Enter: go on untested)") if variable else ""
            if not variable or not secret:
                return None
            self._env[variable] = secret

    def _answers_well(self, settings: BaseModel) -> bool:
        """Whether the doctor finds no error; for a secret that is refused another can be given."""
        from trackersync.diagnosis import Written

        while self._reached is not None:
            if self._examined(self._reached, Written(), known=()):
                say("It answers, and can be read.")
                return True
            say("It cannot be read like this.")
            if not self._is_refused() or not self._offer_other_secret(settings, "go on without"):
                return False
            self._reached = self._made(settings)
        return False

    def _is_refused(self) -> bool:
        """Whether it is the secret that is wrong, or does not go far enough."""
        try:
            next(iter(self._reached.pull() if self._reached else ()), None)
        except (AuthError, ForbiddenError):
            return True
        except TrackersyncError:
            return False
        return False

    def _offer_other_secret(self, settings: BaseModel, otherwise: str) -> bool:
        """Take another secret in the place of the one that is set; False where there is none."""
        variable = self._variable(settings)
        if variable is None or not self._env.get(variable):
            return False
        secret = ask_secret(f"Paste another for {variable} to test it; it is kept nowhere (Enter: {otherwise})")
        if secret:
            self._env[variable] = secret
        return bool(secret)

    def _variable(self, settings: BaseModel) -> str | None:
        """The environment variable that the secret is taken from: the one that would be missed."""
        from trackersync.config.questions import variable_at
        from trackersync.connector import FieldNames

        try:
            self._connector(settings, FieldNames(), {})
        except ConfigError as error:
            return variable_at(settings, error.problems[0].path)
        return None

    def _examined(self, source: Source, written: Written, known: Collection[Finding]) -> bool:
        """Whether the doctor finds no error; what people should know, and did not `known`, is shown."""
        from trackersync.diagnosis import failed

        try:
            findings = list(source.diagnose(written))
        except TrackersyncError as error:
            findings = [failed(error)]
        told = [each for each in dict.fromkeys(findings) if each.severity != "info"]
        new = [each for each in told if each not in known]
        if new:
            rows = [(each.severity, f"{each.what}: {each.do}" if each.do else each.what) for each in new]
            print_table([("", ""), ("", "wrap")], rows)
        self._told = told
        return not any(each.severity == "error" for each in new)

    def _offers(self) -> Offers:
        """What there is to choose from; what cannot be found out is typed."""
        from trackersync.connector import Offers

        try:
            return self._reached.offers() if self._reached else Offers()
        except TrackersyncError as error:
            say(f"It offers nothing to choose from: {error.message}")
            self._reached = None
            return Offers()

    def _choose_settings(self, offers: Offers) -> Offers:
        """Boards and projects, one of each at most; then what there is with them."""
        from trackersync.config.questions import settings_of

        before = dict(self._answers)
        for setting in dict.fromkeys(offer.setting for offer in offers.settings):
            found = [offer for offer in offers.settings if offer.setting == setting]
            chosen = choose(f"Which {setting}", [*((offer.name, "") for offer in found), ("none", "")], 0)
            if chosen < len(found):
                self._answers[setting] = found[chosen].value
        settings = settings_of(self._source, self._answers, self._file.parent).settings
        if self._answers == before or settings is None:
            return offers
        self._reached = self._made(settings)
        again = self._offers()
        return again if again.fields else offers

    def _ask_places(self, framework: str, offers: Offers) -> None:
        """Where each input of the framework is kept."""
        from trackersync.config.questions import likely_places, places
        from trackersync.config.starter import framework_named

        offered = places(offers)
        if offered:
            _show_fields(offered)
        asked = [each for each in framework_named(framework).first_inputs if not each.expression]
        able = self._source.capabilities.reads
        likely = {each.name: likely_places(framework, each.name, offered, able) for each in asked}
        self._look({place for found in likely.values() for place in found})
        for each in asked:
            place = self._ask_place(each, likely[each.name], offered)
            self._kept[each.name] = place
            self._holding[each.name] = holding = self._held(each, place)
            _tell_assumed(each, holding)

    def _ask_place(self, each: FrameworkInput, likely: Sequence[Place], offered: Sequence[Place]) -> Place:
        from trackersync.config.questions import nearest_place, place_meant
        from trackersync.report.escape import printable

        proposed = self._proposed(each, likely)
        shown = f" [{printable(proposed[1])}]" if proposed else ""
        able = self._source.capabilities.reads
        while True:
            text = f"Where is {each.name} kept ({each.doc.rstrip('.')}){shown}"
            said: str = click.prompt(text, default="", show_default=False).strip()
            meant = place_meant(said, offered, able, known=self._reached is not None) if said else proposed
            if meant is not None:
                return meant
            near = nearest_place(said, offered)
            say(f"  there is no field {said!r}" + (f"; did you mean {near}?" if near else ""))

    def _proposed(self, each: FrameworkInput, likely: Sequence[Place]) -> Place | None:
        """The likeliest place; why a likelier one is passed over is said."""
        from trackersync.config.questions import best_place, place_text

        found = {place: self._held(each, place) for place in likely}
        holding = {place: held for place, held in found.items() if held is not None}
        for place, held in holding.items():
            if held.foreign:
                say(f"  {place_text(place)} is not proposed for {each.name}: {held.problem}")
        return best_place(likely, holding)

    def _held(self, each: FrameworkInput, place: Place) -> Held | None:
        from trackersync.config.sampling import held

        self._look({place})
        return held(self._sample[1], each, place, self._transport.clock.now()) if self._sample else None

    def _look(self, asked: set[Place]) -> None:
        """Read the first issues with these places as well; where they cannot be read, nothing is known of any."""
        from trackersync.config.questions import settings_of
        from trackersync.config.sampling import fields_at

        known = self._sample[0] if self._sample else frozenset()
        settings = settings_of(self._source, self._answers, self._file.parent).settings
        seen = self._sample is not None and asked <= known
        if self._reached is None or settings is None or self._unreadable or seen:
            return
        try:
            source = self._connector(settings, fields_at(known | asked), self._env)
            self._sample = (known | asked, list(next(iter(source.pull()), ())))
        except TrackersyncError as error:
            say(f"  What its issues hold cannot be looked at: {error.message}")
            self._sample, self._unreadable = None, True

    def _ask_writes(self) -> dict[str, Any]:
        """What may be written: labels and the order of work."""
        able = self._source.capabilities
        write: dict[str, Any] = {}
        if able.labels and click.confirm(f"Write bands as labels, {LABELS}P0 and so on?", default=True):
            write["labels"] = {"prefix": LABELS}
        orderable = able.order == "rows" or able.order in self._answers
        if orderable and click.confirm(f"Keep the order of the {able.order} as ranked?", default=False):
            write["order"] = able.order
        return write | ({"notify": False} if write and able.quiet else {})

    def _can_be_run(self, framework: str, draft: TrackerDraft) -> bool:
        """Whether the doctor finds no error with all that is read and written, as it will with the file."""
        from trackersync.config.starter import starter
        from trackersync.config.trial import tried
        from trackersync.sync.diagnosing import written

        if self._reached is None:
            return True
        config = tried(starter(framework, [draft]), self._file)
        source = self._connector(config.trackers[self.name].settings, config.wanted(self.name), self._env)
        well = self._examined(source, written(config, self.name), known=tuple(self._told))
        say("Nothing is missing for that." if well else "It cannot be done like this.")
        return well


def _show_fields(offered: Sequence[Place]) -> None:
    say()
    say("Inputs can be kept in these fields, or in labels like impact/{value}:")
    several = len({kind for kind, _ in offered}) > 1  # fields of one name are told apart by their kinds
    told = ((name, kind.replace("_", " ") if several else "") for kind, name in offered)
    rows = [(number, *each) for number, each in enumerate(told, start=1)]
    print_table([("", "right"), ("", "wrap"), ("", "")], rows)


def _tell_assumed(each: FrameworkInput, holding: Held | None) -> None:
    """What an issue without the input counts as, where it is not known that it is kept there."""
    from trackersync.config.starter import stand_in_words

    if holding is None or not holding.enough:
        found = "nobody looked" if holding is None else f"{holding.fit} of {holding.seen} issues seen have it there"
        say(f"  assumed, since {found}: an issue without it counts as {stand_in_words(each)}")
