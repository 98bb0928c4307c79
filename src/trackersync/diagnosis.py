"""What is missing on a tracker or will bite there: findings, and probes of which none hides what another finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct, field

from trackersync.errors import AuthError, TrackersyncError, UnavailableError

Severity = Literal["error", "warning", "info"]
"""`error`: a run fails, in whole or in part; `warning`: it will, or people will mind; `info`: good to know."""

_MOST_SKEW = 60
"""Seconds by which two clocks may differ before anybody is told."""


class Finding(Struct, frozen=True):
    """One thing found: `what` it is, in a sentence, and what to `do` about it and where; empty where nothing is."""

    severity: Severity
    what: str
    do: str = ""


class Written(Struct, frozen=True, kw_only=True):
    """By name, what the configuration writes to one tracker: what a diagnosis has to look for."""

    labels: tuple[str, ...] = ()
    """Every label that an issue may get."""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By field the names it must be able to hold; none where numbers are written."""
    project_fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    add_to_project: bool = False
    comment: bool = False
    priorities: tuple[str, ...] = ()
    order: bool = False
    notify: bool = True

    @property
    def anything(self) -> bool:
        """Whether there is anything to write at all."""
        fields = self.fields or self.project_fields or self.priorities
        return bool(self.labels or fields or self.add_to_project or self.comment or self.order)


Probe = Callable[[], Iterable[Finding]]
"""Looks at one thing; what it raises is a finding too."""


def examine(probes: Iterable[Probe]) -> Iterator[Finding]:
    """What the probes find, each by itself: one that fails becomes a finding and the others go on.

    Only where the credentials are refused, or nothing answers, is the rest not asked: it could but say so again.
    """
    for probe in probes:
        try:
            yield from probe()
        except TrackersyncError as error:
            yield failed(error)
            if _concerns_all(error):
                return


def _concerns_all(error: TrackersyncError) -> bool:
    """Whether every other question would be answered alike."""
    # Atlassian's gateway says 401 as well where a token lacks the scope for this one request.
    refused = isinstance(error, AuthError) and "scope" not in error.message.lower()
    return refused or (isinstance(error, UnavailableError) and not error.sent)


def failed(error: TrackersyncError) -> Finding:
    """The finding that an error stands for."""
    return Finding("error", error.message, error.hint or "")


def clock_skew(headers: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """A warning where the Date of an answer (RFC 9110) is not the time here."""
    # Loaded here, since every command knows what a finding is and only one looks for any.
    from email.utils import parsedate_to_datetime

    from trackersync.transport.words import duration

    try:
        there = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return
    ahead = (now - (there if there.tzinfo else there.replace(tzinfo=UTC))).total_seconds()
    if abs(ahead) > _MOST_SKEW:
        side = "ahead of" if ahead > 0 else "behind"
        yield Finding(
            "warning",
            f"the clock of this machine is {duration(abs(ahead))} {side} the tracker's",
            "let this machine set its clock by the network (NTP): ages, expiry and waiting times depend on it",
        )
