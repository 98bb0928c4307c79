"""The questions of `trackersync init`: the trackers offer what can be chosen, and are tested on the way."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from trackersync.cli.choosing import choose
from trackersync.cli.terminal import say

if TYPE_CHECKING:
    from trackersync.cli.tracker_questions import TrackerQuestions
    from trackersync.config.starter import TrackerDraft
    from trackersync.transport import Transport

PATIENCE = 30.0
"""Seconds that one request may wait, since somebody sits before it."""


class Interview(Struct, frozen=True):
    """What the answers came to."""

    text: str
    """Of the file."""
    pasted: tuple[str, ...]
    """The environment variables in whose place a secret was pasted: it is not kept, and has to be set."""
    notes: tuple[str, ...]
    """What is left to do before an order says anything."""


def interview(file: Path) -> Interview:
    """Ask for all that a first file needs."""
    from trackersync.config.starter import starter
    from trackersync.scoring.frameworks import FRAMEWORKS, VARIANTS
    from trackersync.transport import Transport

    say("Enter takes what stands in brackets; Ctrl-C ends it, and nothing is written.")
    known = {**FRAMEWORKS, **VARIANTS}
    names = list(known)
    framework = names[choose("How to score", [(name, known[name].doc) for name in names], names.index("rice"))]
    env = dict(os.environ)
    drafts: list[TrackerDraft] = []
    notes: list[str] = []
    with Transport(max_wait=PATIENCE, attempts=2) as transport:
        while not drafts or click.confirm("Another tracker?", default=False):
            asked = _tracker(transport, file, env, {each.name for each in drafts})
            drafts.append(asked.draft(framework))
            notes += asked.notes()
    pasted = tuple(name for name, value in env.items() if os.environ.get(name) != value)
    return Interview(starter(framework, drafts), pasted, tuple(notes))


def _tracker(transport: Transport, file: Path, env: dict[str, str], taken: Collection[str]) -> TrackerQuestions:
    """Which kind of tracker, and by what name; its own questions come then."""
    from trackersync.cli.tracker_questions import TrackerQuestions
    from trackersync.registry import Registry

    registry = Registry()
    kinds = [status.name for status in registry.status() if status.loads]
    sources = [registry.load(kind) for kind in kinds]
    docs = [(source.__doc__ or "").partition("\n")[0].partition(";")[0] for source in sources]
    chosen = choose("Which tracker", list(zip(kinds, docs, strict=True)), None)
    name = _own_name(f"my-{kinds[chosen]}", taken)
    return TrackerQuestions(name, sources[chosen], transport, file, env)


def _own_name(likely: str, taken: Collection[str]) -> str:
    """A name for the tracker that no other has."""
    default = likely
    while default in taken:
        default += "-too"
    while True:
        said: str = click.prompt("A name for it, of your choosing", default=default).strip()
        if said and said not in taken:
            return said
        say(f"  {said!r} is taken")
