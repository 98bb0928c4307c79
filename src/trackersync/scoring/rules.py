"""A team's rules as data: what the configuration says, ready to be scored with. No I/O, no YAML, no polars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from trackersync.connector import InputKind

Normalization = Literal["none", "fixed", "percentile", "minmax"]


@dataclass(frozen=True, slots=True)
class InputSource:
    """Where one kind of tracker keeps an input: a field's name, or a pattern such as `impact/{value}`."""

    kind: InputKind
    name: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What an absent value does: `block` the score, or stand in as `neutral` (their median), `worst`, `default`."""

    policy: Literal["block", "neutral", "worst", "default"] = "block"
    default: float | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """The values an input may take, inclusive."""

    min: float | None = None
    max: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One named number a score is made of."""

    name: str
    sources: Mapping[str, InputSource] = field(default_factory=dict)
    """By tracker name, or by connector for all trackers of that kind; the tracker's name wins."""
    expression: str | None = None
    """Computed from built-in columns instead of read."""
    values: Mapping[str, float] | None = None
    """What words are worth, looked up without regard to case; None: the framework's own words, where it has some."""
    scale: Scale = field(default_factory=Scale)
    """Without ends: from the least to the most that `values` holds; without `values`, the framework's own scale."""
    missing: Missing = field(default_factory=Missing)
    weight: float | None = None
    """What one point of it is worth in the `weighted` framework; may be negative."""


@dataclass(frozen=True, slots=True)
class Multiply:
    """Score times an expression."""

    by: str


@dataclass(frozen=True, slots=True)
class Add:
    """Score plus an expression."""

    amount: str


@dataclass(frozen=True, slots=True)
class HalfLife:
    """Score times `max(floor, 0.5 ** (of / days))`; `of` is an expression in days."""

    of: str
    days: float
    floor: float = 0.0


@dataclass(frozen=True, slots=True)
class Inherit:
    """Score raised to `share` of the best score among the open issues that this one blocks, if that is more."""

    link: str = "blocks"
    share: float = 1.0


Action = Multiply | Add | HalfLife | Inherit


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A rule applied in order after the formula, for the issues where `when` holds."""

    name: str
    action: Action
    when: str | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A named class; the first band an issue qualifies for is its band, one without a limit takes the rest."""

    name: str
    share: float | None = None
    """The band's own share of the ranked list, 0 to 1: after P0 5 %, P1 20 % ends at a quarter. Edges round down."""
    count: int | None = None
    """At most so many issues in this band."""
    min_score: float | None = None
    capacity: float | None = None
    """At most so much total effort in this band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything that turns a snapshot into an order."""

    framework: str
    """A preset's name, or `formula`."""
    expression: str | None = None
    """The team's own formula; only with `formula`."""
    inputs: tuple[Input, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    normalize: Normalization = "none"
    round: int = 0
    bands: tuple[Band, ...] = ()
    hysteresis: float = 0.0
    """How far past its edge an issue leaves a band: percent of the list (share, count) or points (min_score)."""
