"""What every use case works with."""

from __future__ import annotations

import getpass
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from trackersync.config import Config
from trackersync.connector import Source
from trackersync.errors import ConfigError, Problem
from trackersync.model import SnapshotInfo
from trackersync.store import Store
from trackersync.transport.allowance import Allowance

if TYPE_CHECKING:
    from trackersync.transport import Transport


WHO = ("TRACKERSYNC_BY", "GITHUB_ACTOR", "GITLAB_USER_LOGIN")
"""Who a job of CI runs for is told there alone; its account is nobody's."""


class Workspace(Struct, frozen=True, kw_only=True):
    """What every use case works with: the team's file, what is remembered, and the way out to the trackers."""

    config: Config
    store: Store
    transport: Transport
    env: Mapping[str, str]

    def now(self) -> datetime:
        """The one clock."""
        return self.transport.clock.now()

    def by(self) -> str | None:
        """Who has this done: who the environment says, else the account that it runs under, where that has a name."""
        for name in WHO:
            if said := self.env.get(name, "").strip():
                return said
        try:
            return getpass.getuser()
        except (KeyError, OSError, ImportError):  # as of Python 3.13, OSError; ImportError on Windows without a name
            return None

    def identity(self, tracker: str) -> str:
        """What the tracker of this name is, as the file now has it."""
        configured = self.config.trackers[tracker]
        return configured.source.identify(configured.settings)

    def snapshot(self, tracker: str) -> SnapshotInfo | None:
        """The tracker's snapshot, unless it was read from what the name no longer stands for."""
        info = self.store.snapshot(tracker)
        return info if info and info.identity == self.identity(tracker) else None

    def outdated(self, trackers: Iterable[str]) -> list[str]:
        """Those that were written to since they were read: there our own values would look like a person's."""
        written_at = self.store.last_writes()
        known = {name: self.snapshot(name) for name in trackers if name in written_at}
        return [name for name, info in known.items() if info and info.taken_at < written_at[name]]

    def open(self, trackers: Collection[str]) -> dict[str, Source]:
        """The connectors of these trackers, made without a request; all unset secrets are told at once."""
        opened: dict[str, Source] = {}
        problems: list[Problem] = []
        for name in trackers:
            tracker = self.config.trackers[name]
            try:
                opened[name] = tracker.source(
                    name,
                    tracker.settings,
                    transport=self.transport,
                    env=self.env,
                    wanted=self.config.wanted(name),
                )
            except ConfigError as error:
                problems += [
                    self.config.problem(("trackers", name, *problem.path), problem.message, problem.hint)
                    for problem in error.problems
                ]
        if problems:
            raise ConfigError(problems, file=str(self.config.file))
        return opened


def allowances(config: Config, store: Store) -> dict[str, Allowance]:
    """What each tracker with a budget may be sent, counted in the store: for the workspace's transport."""
    return {
        tracker: Allowance(rate, partial(store.take_request, tracker, rate)) for tracker, rate in config.budget.items()
    }


class Progress(Protocol):
    """Hears how far things are; of several trackers at once from a thread each, of one in order."""

    def __call__(self, what: str, done: int, of: int | None = None, /) -> None:
        """So many issues, ids or changes are done at a tracker, `of` how many, where that is about known."""


def silent(_what: str, _done: int, _of: int | None = None, /) -> None:
    """Nobody watches."""
