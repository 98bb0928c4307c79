"""What may be written and how much of it: the team's policy as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from msgspec import Struct, field

Measure = Literal["score", "rank", "band"]
"""What of an issue's standing a field shows."""


class LabelStyle(Struct, frozen=True, kw_only=True):
    """How band labels look, and what becomes of those of before."""

    colours: Mapping[str, str] = field(default_factory=dict)
    """By band."""
    descriptions: Mapping[str, str] = field(default_factory=dict)
    """By band."""
    previously: str | None = None
    """The prefix of before: labels with it are ours too, and give way to those with the new one."""
    retire: bool = False
    """Whether labels of bands that are no more shall go."""


class WritePolicy(Struct, frozen=True, kw_only=True):
    """What of one tracker is ours; nothing else is ever touched."""

    label_prefix: str | None = None
    """Every label that starts with it is ours: exactly one stands on a ranked issue."""
    label_style: LabelStyle = LabelStyle()
    fields: Mapping[Measure, str] = field(default_factory=dict)
    """Field names by what they show."""
    project_fields: Mapping[Measure, str] = field(default_factory=dict)
    priority: Mapping[str, str] = field(default_factory=dict)
    """The native priority's name by band."""
    properties: Mapping[Measure, str] = field(default_factory=dict)
    """Keys of properties by what they show."""
    add_to_project: bool = False
    """Ranked issues that are not on the configured project are put on it."""
    comment: bool = False
    """One comment of ours says why the issue stands where it does."""
    order: bool = False
    """The order of the configured project or board is ours."""
    notify: bool = True
    """False: ask the tracker not to send mail."""
    min_score_change: float = 0.0
    """By how many points a score differs at least from what its field holds, where it is worth a write."""


class Guards(Struct, frozen=True, kw_only=True):
    """The limits beyond which nothing is written without being asked again."""

    max_changed_share: float = 0.5
    """Of the issues that already carry a value of ours, how many may change; first values do not count."""
    max_changes: int = 5000
    """How many issues one run may write to, first values included."""
    max_shrink: float = 0.2
    """A read that lost more than this share of the last snapshot's issues is not believed."""
    band_budget: Mapping[str, float] = field(default_factory=dict)
    """By band the share of the ranked list, 0 to 1, beyond which a plan would inflate it."""


class Overrides(Struct, frozen=True):
    """How long a human's value stands; None: until it is released."""

    expire: timedelta | None = None


class Capacity(Struct, frozen=True):
    """What a team gets done: so much effort in every such time. It cuts the list for reports, and is never written."""

    points: float
    per: timedelta
