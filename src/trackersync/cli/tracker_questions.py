"""What `trackersync init` asks about one tracker, once it is reached: where inputs are kept, and what is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trackersync.cli.reaching import Reaching
from trackersync.cli.terminal import print_table, say
from trackersync.errors import TrackersyncError

if TYPE_CHECKING:
    from trackersync.config.sampling import Held, Place
    from trackersync.config.starter import TrackerDraft
    from trackersync.connector import Offers, Source
    from trackersync.model import Issue
    from trackersync.scoring.framework import FrameworkInput
    from trackersync.transport import Transport

LABELS = "priority/"


class TrackerQuestions:
    """One tracker, and what is known of it so far."""

    def __init__(self, name: str, source: type[Source], transport: Transport, file: Path, env: dict[str, str]) -> None:
        """`env` takes in the secrets that are pasted."""
        self.name = name
        self._to = Reaching(name, source, transport, file, env)
        self._kept: dict[str, Place] = {}
        self._holding: dict[str, Held | None] = {}
        """By input what its place holds, None where that is not known."""
        self._sample: tuple[frozenset[Place], Sequence[Issue]] | None = None
        """A few issues, and the places that they were read with."""
        self._unreadable = False
        """Whether that failed."""

    def draft(self, framework: str) -> TrackerDraft:
        """Ask everything."""
        self._to.reach()
        offers = self._to.choose_settings(self._to.offers())
        self._ask_places(framework, offers)
        while True:
            draft = self._draft(self._ask_writes())
            if self._can_be_run(framework, draft) or not click.confirm("Answer again?", default=False):
                return draft

    def notes(self) -> Iterator[str]:
        """That nothing tells the issues apart, where that is so, and what would."""
        if self._to.reached and not any(held and held.fit for held in self._holding.values()):
            from trackersync.config.questions import nothing_tells_apart

            yield nothing_tells_apart(self.name, self._kept)

    def _draft(self, write: dict[str, Any]) -> TrackerDraft:
        from trackersync.config.questions import assumption
        from trackersync.config.starter import TrackerDraft

        doubts = {name: assumption(self.name, held) for name, held in self._holding.items()}
        return TrackerDraft(
            name=self.name,
            connector=self._to.source.kind,
            settings=self._to.answers,
            sources=self._kept,
            assumed={name: doubt for name, doubt in doubts.items() if doubt},
            write=write,
        )

    def _ask_places(self, framework: str, offers: Offers) -> None:
        """Where each input of the framework is kept."""
        from trackersync.config.questions import likely_places, places
        from trackersync.config.starter import framework_named

        offered = places(offers)
        if offered:
            _show_fields(offered)
        asked = [each for each in framework_named(framework).first_inputs if not each.expression]
        able = self._to.source.capabilities.reads
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
        able = self._to.source.capabilities.reads
        while True:
            text = f"Where is {each.name} kept ({each.doc.rstrip('.')}){shown}"
            said: str = click.prompt(text, default="", show_default=False).strip()
            meant = place_meant(said, offered, able, known=self._to.reached is not None) if said else proposed
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
        return held(self._sample[1], each, place, self._to.transport.clock.now()) if self._sample else None

    def _look(self, asked: set[Place]) -> None:
        """Read the first issues with these places as well; where they cannot be read, nothing is known of any."""
        from trackersync.config.sampling import fields_at

        known = self._sample[0] if self._sample else frozenset()
        settings = self._to.settings()
        seen = self._sample is not None and asked <= known
        if self._to.reached is None or settings is None or self._unreadable or seen:
            return
        try:
            source = self._to.connector(settings, fields_at(known | asked), self._to.env)
            self._sample = (known | asked, list(next(iter(source.pull()), ())))
        except TrackersyncError as error:
            say(f"  What its issues hold cannot be looked at: {error.message}")
            self._sample, self._unreadable = None, True

    def _ask_writes(self) -> dict[str, Any]:
        """What may be written: labels and the order of work."""
        able = self._to.source.capabilities
        write: dict[str, Any] = {}
        if able.labels and click.confirm(f"Write bands as labels, {LABELS}P0 and so on?", default=True):
            write["labels"] = {"prefix": LABELS}
        orderable = able.order == "rows" or able.order in self._to.answers
        if orderable and click.confirm(f"Keep the order of the {able.order} as ranked?", default=False):
            write["order"] = able.order
        return write | ({"notify": False} if write and able.quiet else {})

    def _can_be_run(self, framework: str, draft: TrackerDraft) -> bool:
        """Whether the doctor finds no error with all that is read and written, as it will with the file."""
        from trackersync.config.starter import starter
        from trackersync.config.trial import tried
        from trackersync.sync.diagnosing import written

        if self._to.reached is None:
            return True
        config = tried(starter(framework, [draft]), self._to.file)
        source = self._to.connector(config.trackers[self.name].settings, config.wanted(self.name), self._to.env)
        well = self._to.examined(source, written(config, self.name), known=tuple(self._to.told))
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
