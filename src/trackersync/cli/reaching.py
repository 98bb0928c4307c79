"""How one tracker is reached: its settings and secrets, asked for and tested until it answers."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trackersync.cli.choosing import ask_secret, choose
from trackersync.cli.terminal import print_table, say
from trackersync.errors import AuthError, ConfigError, ForbiddenError, TrackersyncError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from trackersync.config.questions import Question
    from trackersync.connector import FieldNames, Offers, Source
    from trackersync.diagnosis import Finding, Written
    from trackersync.transport import Transport


class Reaching:
    """What is known of one tracker while somebody says how to reach it."""

    def __init__(self, name: str, source: type[Source], transport: Transport, file: Path, env: dict[str, str]) -> None:
        """`env` takes in the secrets that are pasted."""
        self.name = name
        self.source = source
        self.transport = transport
        self.file = file
        self.env = env
        self.answers: dict[str, Any] = {}
        """The settings, as they are to stand in the file."""
        self.reached: Source | None = None
        """The connector, while it answers; without it nothing can be offered."""
        self.told: list[Finding] = []
        """What the doctor found last."""

    def reach(self) -> None:
        """Ask for the settings until the doctor finds no error with them, or somebody wants to go on all the same."""
        again = False
        while True:
            settings = self._ask_settings()
            if again:
                self._offer_other_secret(settings, "it is not that")
            self.reached = self._made(settings)
            if self.reached is None:
                say("It is not tested, and offers nothing to choose from; `trackersync doctor` tests it later.")
                return
            if self._answers_well(settings) or not click.confirm("Answer again?", default=True):
                return
            again = True

    def _ask_settings(self) -> BaseModel:
        from trackersync.config.questions import questions, settings_of

        everything = questions(self.source)
        todo = everything
        while True:
            for question in todo:
                self._ask(question)
            answered = settings_of(self.source, self.answers, self.file.parent)
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

    def connector(self, settings: BaseModel, wanted: FieldNames, env: dict[str, str]) -> Source:
        """A connector that reads these fields; a secret that is not in `env` is a `ConfigError`."""
        return self.source(self.name, settings, transport=self.transport, env=env, wanted=wanted)

    def _made(self, settings: BaseModel) -> Source | None:
        """The connector; a secret that is not set can be given to test with, and without it there is none."""
        from trackersync.config.questions import variable_at
        from trackersync.connector import FieldNames

        while True:
            try:
                return self.connector(settings, FieldNames(), self.env)
            except ConfigError as error:
                problem = error.problems[0]
            say(f"{problem.message[:1].upper()}{problem.message[1:]}.")
            variable = variable_at(settings, problem.path)
            secret = ask_secret("Paste it to test it; it is kept nowhere (Enter: go on untested)") if variable else ""
            if not variable or not secret:
                return None
            self.env[variable] = secret

    def _answers_well(self, settings: BaseModel) -> bool:
        """Whether the doctor finds no error; for a secret that is refused another can be given."""
        from trackersync.diagnosis import Written

        while self.reached is not None:
            if self.examined(self.reached, Written(), known=()):
                say("It answers, and can be read.")
                return True
            say("It cannot be read like this.")
            if not self._is_refused() or not self._offer_other_secret(settings, "go on without"):
                return False
            self.reached = self._made(settings)
        return False

    def _is_refused(self) -> bool:
        """Whether it is the secret that is wrong, or does not go far enough."""
        try:
            next(iter(self.reached.pull() if self.reached else ()), None)
        except (AuthError, ForbiddenError):
            return True
        except TrackersyncError:
            return False
        return False

    def _offer_other_secret(self, settings: BaseModel, otherwise: str) -> bool:
        """Take another secret in the place of the one that is set; False where there is none."""
        variable = self._variable(settings)
        if variable is None or not self.env.get(variable):
            return False
        secret = ask_secret(f"Paste another for {variable} to test it; it is kept nowhere (Enter: {otherwise})")
        if secret:
            self.env[variable] = secret
        return bool(secret)

    def _variable(self, settings: BaseModel) -> str | None:
        """The environment variable that the secret is taken from: the one that would be missed."""
        from trackersync.config.questions import variable_at
        from trackersync.connector import FieldNames

        try:
            self.connector(settings, FieldNames(), {})
        except ConfigError as error:
            return variable_at(settings, error.problems[0].path)
        return None

    def examined(self, source: Source, written: Written, known: Collection[Finding]) -> bool:
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
        self.told = told
        return not any(each.severity == "error" for each in new)

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
        before = dict(self.answers)
        for setting in dict.fromkeys(offer.setting for offer in offers.settings):
            found = [offer for offer in offers.settings if offer.setting == setting]
            chosen = choose(f"Which {setting}", [*((offer.name, "") for offer in found), ("none", "")], 0)
            if chosen < len(found):
                self.answers[setting] = found[chosen].value
        settings = self.settings()
        if self.answers == before or settings is None:
            return offers
        self.reached = self._made(settings)
        again = self.offers()
        return again if again.fields else offers

    def settings(self) -> BaseModel | None:
        """What was answered so far, where it is all that is needed."""
        from trackersync.config.questions import settings_of

        return settings_of(self.source, self.answers, self.file.parent).settings
