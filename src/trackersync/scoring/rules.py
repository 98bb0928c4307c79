"""A team's rules as data: what the configuration says, ready to be scored with. No I/O, no YAML, no polars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct, field

from trackersync.connector import InputKind

Normalization = Literal["none", "fixed", "percentile", "minmax"]

OF_A_LIST: frozenset[Normalization] = frozenset({"percentile", "minmax"})
"""The ways of normalising that make a score of all scores, and so nothing of one."""

SourceKind = InputKind | Literal["milestone", "column", "table"]
"""Where an input can be read: what a tracker keeps, what every issue has, and a table that the team keeps itself."""

Aggregate = Literal["mean", "median", "trimmed", "geometric"]


class InputSource(Struct, frozen=True):
    """Where one kind of tracker keeps an input.

    `name` is a field's name, a pattern of labels or milestones such as `impact/{value}`, a built-in column, or the
    table's file and column for people to read.
    """

    kind: SourceKind
    name: str
    table: Mapping[str, str] = {}
    """Only of a `table`: the value as written, by the issue's ref, key or URL in folded case."""


class Missing(Struct, frozen=True):
    """What an absent value does: `block` the score, or stand in as `neutral` (their median), `worst`, `default`."""

    policy: Literal["block", "neutral", "worst", "default"] = "block"
    default: float | None = None


class Scale(Struct, frozen=True):
    """The values an input may take, inclusive."""

    min: float | None = None
    max: float | None = None
    steps: tuple[float, ...] = ()
    """The only values there are, ascending; empty where every value between the ends will do."""


class Input(Struct, frozen=True, kw_only=True):
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
    uncertainty: float | None = None
    """How far the true value may be off, as a share of the value: 0.3 is ± 30 %."""
    aggregate: Aggregate | None = None
    """How the votes on it become one value; None: as all votes do."""


class Multiply(Struct, frozen=True):
    """Score times an expression."""

    by: str


class Add(Struct, frozen=True):
    """Score plus an expression."""

    amount: str


class Set(Struct, frozen=True):
    """The score is an expression, whatever it was."""

    to: str


class Cap(Struct, frozen=True):
    """The score is at most an expression."""

    at: str


class Floor(Struct, frozen=True):
    """The score is at least an expression."""

    at: str


class Exclude(Struct, frozen=True):
    """The issue is not ranked and nothing is written to it."""


class HalfLife(Struct, frozen=True):
    """Score times `max(floor, 0.5 ** (of / days))`; `of` is an expression in days."""

    of: str
    days: float
    floor: float = 0.0


class Inherit(Struct, frozen=True):
    """Score raised to `share` of the best score among the open issues that this one blocks, if that is more.

    Nothing is inherited from a score that is not above 0, of which a share would be more than the whole.
    """

    link: str = "blocks"
    share: float = 1.0


Action = Multiply | Add | Set | Cap | Floor | HalfLife | Inherit | Exclude


class Adjustment(Struct, frozen=True, kw_only=True):
    """A rule applied in order after the formula, for the issues where `when` holds."""

    name: str
    action: Action
    when: str | None = None
    because: str | None = None


class Goal(Struct, frozen=True, kw_only=True):
    """Something the product is to achieve; an issue serves it when any one of these matches, in whatever case.

    The score of an issue is multiplied by the weight of the weightiest goal that it serves, before all adjustments.
    """

    name: str
    weight: float
    """Above 0; 1 changes nothing."""
    labels: tuple[str, ...] = ()
    """Labels, `%` standing for any text: `goal/retention`, `area/checkout/%`."""
    milestones: tuple[str, ...] = ()
    """Milestones, `%` standing for any text."""
    epics: tuple[str, ...] = ()
    """Refs, keys or URLs of parents: `jira:CORE-100`, `CORE-100`."""
    when: str | None = None
    """A condition."""
    because: str | None = None


class Vote(Struct, frozen=True, kw_only=True):
    """What one person holds one input of one issue to be; of several, the last counts."""

    person: str
    issue: str
    """A ref (`jira:CORE-7`), a key (`CORE-7`) or a URL."""
    input: str
    value: float | str
    """A number or one of the input's words; the most likely one where there is a range."""
    low: float | str | None = None
    high: float | str | None = None
    """The range in which the person would not be surprised, with `low`; None: there is none."""
    weight: float = 1.0
    """Above 0: how much this person's word counts, by role."""
    on: date | None = None


class Votes(Struct, frozen=True, kw_only=True):
    """What people said, and how it becomes one value an input; an issue's votes win over what its tracker holds."""

    votes: tuple[Vote, ...] = ()
    aggregate: Aggregate = "mean"
    disagreement: float = 0.5
    """The share of an input's scale which the middle half of its votes may span before the issue is flagged."""


class Band(Struct, frozen=True, kw_only=True):
    """A named class; the first band an issue qualifies for is its band, one without a limit takes the rest."""

    name: str
    share: float | None = None
    """The band's own share of the ranked list, 0 to 1: after P0 5 %, P1 20 % ends at a quarter. Edges round down."""
    count: int | None = None
    """At most so many issues in this band."""
    min_score: float | None = None
    capacity: float | None = None
    """At most so much total effort in this band."""
    budget: float | None = None
    """The share of the ranked list, 0 to 1, beyond which so many issues in this band are told as inflation."""


class Rules(Struct, frozen=True, kw_only=True):
    """Everything that turns a snapshot into an order."""

    framework: str
    """A preset's name, or `formula`."""
    expression: str | None = None
    """The team's own formula; only with `formula`."""
    inputs: tuple[Input, ...] = ()
    votes: Votes = Votes()
    goals: tuple[Goal, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    normalize: Normalization = "none"
    round: int = 0
    bands: tuple[Band, ...] = ()
    hysteresis: float = 0.0
    """How far past its edge an issue leaves a band: percent of the list (share, count) or points (min_score)."""
    sized: bool = False
    """Whether sizes are asked for besides, whatever they are measured by: for a roadmap."""
