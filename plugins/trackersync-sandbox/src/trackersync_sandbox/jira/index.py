"""The search index of Jira Cloud, which shows a change only some time after it was made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from trackersync_sandbox.jira.ticket import Ticket
from trackersync_sandbox.state import Clock


class Index:
    """What searches see: every issue as it was a while ago. A lag of 0 shows all at once."""

    def __init__(self, clock: Clock, lag: float) -> None:
        """`lag` in seconds."""
        self.clock = clock
        self._lag = lag
        self._before: dict[int, list[tuple[float, Ticket]]] = {}
        """By id: the versions still shown, each until its time, oldest first."""

    def changing(self, ticket: Ticket) -> None:
        """To be told before an issue changes or goes."""
        if self._lag:
            known = replace(ticket, fields=dict(ticket.fields), properties=dict(ticket.properties))
            self._before.setdefault(ticket.id, []).append((self.clock.now() + self._lag, known))

    def old(self, *, fresh: Collection[int] = ()) -> dict[int, Ticket]:
        """By id, the issues that searches do not see as they are, save those in `fresh`; some are gone since."""
        self._catch_up()
        return {number: versions[0][1] for number, versions in self._before.items() if number not in fresh}

    def _catch_up(self) -> None:
        now = self.clock.now()
        self._before = {
            number: later
            for number, versions in self._before.items()
            if (later := [version for version in versions if version[0] > now])
        }
