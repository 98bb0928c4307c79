"""The grammar of the part of the file that makes scores: inputs, votes, goals, scoring, bands."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from trackersync.config.values import (
    Day,
    Expression,
    Number,
    OnlyTrue,
    Said,
    Share,
    Text,
    Texts,
    parse_missing,
    parse_scale,
)
from trackersync.scoring.rules import Aggregate
from trackersync.scoring.scales import SCALES


class Shape(BaseModel):
    """A mapping of known keys."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, serialize_by_alias=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


class TableShape(Shape):
    """A CSV file that the team keeps, with a header and a line an issue."""

    file: Text
    """Its path, from the folder of this file."""
    issue: Text = "issue"
    """The heading of the column with refs, keys or URLs."""
    value: Text = "value"
    """The heading of the column with the values."""


class SourceShape(Shape):
    """Where one kind of tracker keeps an input: exactly one of these."""

    field: Text | None = None
    """A custom field of the issue, by name."""
    project_field: Text | None = None
    """A field of the configured project's item, by name (GitHub Projects)."""
    issue_field: Text | None = None
    """An organisation's issue field, by name (GitHub)."""
    label: Text | None = None
    """A pattern of labels with {value} in it, such as impact/{value}."""
    milestone: Text | None = None
    """A pattern of the milestone's title with {value} in it, such as Q{value}."""
    column: Text | None = None
    """A built-in column of numbers or texts, such as priority."""
    table: TableShape | None = None
    """A table of the team's own."""


class ScaleShape(Shape):
    """The values an input may take, inclusive."""

    min: Number | None = None
    """The least."""
    max: Number | None = None
    """The most."""
    named: Text | None = Field(default=None, exclude=True)
    steps: Annotated[tuple[Number, ...], Field(strict=False)] = Field(default=(), exclude=True)


_SCALE_SCHEMA = {
    "description": "The values it may take: the ends, a scale by name, or the only values there are.",
    "anyOf": [
        {
            "type": "object",
            "properties": {
                "min": {"type": "number", "description": "The least."},
                "max": {"type": "number", "description": "The most."},
            },
            "additionalProperties": False,
        },
        {"enum": [*SCALES]},
        {"type": "array", "items": {"type": "number"}, "minItems": 1},
    ],
}


class MissingShape(Shape):
    """What an absent value does."""

    policy: Literal["block", "neutral", "worst"] | None = Field(default=None, exclude=True)
    default: Number | None = None
    """Stands in for an absent value."""


_MISSING_SCHEMA = {
    "description": "What an absent value does: block the score; stand in as the median, the worst or a number.",
    "anyOf": [
        {"enum": ["block", "neutral", "worst"]},
        {
            "type": "object",
            "properties": {"default": {"type": "number"}},
            "required": ["default"],
            "additionalProperties": False,
        },
    ],
}


class InputShape(Shape):
    """One named number a score is made of."""

    source: dict[str, SourceShape] | None = Field(default=None, alias="from")
    """Where it is kept, by tracker name, or by connector for all trackers of that kind."""
    expression: Expression | None = None
    """Computed from built-in columns instead of read."""
    values: dict[str, Number] | None = None
    """What words are worth."""
    scale: Annotated[ScaleShape, BeforeValidator(parse_scale), WithJsonSchema(_SCALE_SCHEMA)] = ScaleShape()
    """The values it may take."""
    missing: Annotated[MissingShape, BeforeValidator(parse_missing), WithJsonSchema(_MISSING_SCHEMA)] = MissingShape(
        policy="block"
    )
    weight: Number | None = None
    """What one point of it is worth; only with framework: weighted. May be negative."""
    uncertainty: Share | None = None
    """How far the true value may be off, as a share of the value: 30% is plus or minus 30 %."""
    aggregate: Aggregate | None = None
    """How the votes on it become one value."""


class VoteShape(Shape):
    """What one person holds one input of one issue to be."""

    model_config = ConfigDict(json_schema_extra={"required": ["person", "issue", "input", "value"]})

    person: Text | None = None
    """Who says so."""
    issue: Text | None = None
    """Of which issue: a ref, a key or a URL."""
    input: Text | None = None
    """Of which input."""
    value: Said | None = None
    """A number or one of the input's words; the most likely one where there is a range."""
    low: Said | None = None
    """The least that the person holds possible."""
    high: Said | None = None
    """The most that the person holds possible."""
    role: Text | None = None
    """In which role, where that is not the person's own."""
    date: Day | None = None
    """When, such as 2026-01-31."""


class VotesShape(Shape):
    """What people say; where there are votes on an input of an issue, they win over what its tracker holds."""

    file: Text | None = None
    """A CSV or YAML file with person, issue, input, value and, where known, low, high, role, date."""
    entries: Annotated[tuple[VoteShape, ...], Field(strict=False)] = Field(default=(), alias="list")
    """Votes right here, counted after those of the file."""
    aggregate: Aggregate = "mean"
    """How the votes on one input become one value."""
    roles: dict[str, Annotated[Number, Field(gt=0)]] = {}
    """How much the word of a role counts; 1 where nothing is said."""
    people: dict[str, Text] = {}
    """The role of each person."""
    disagreement: Share = 0.5
    """The share of an input's scale that the middle half of its votes may span before the issue is flagged."""


class GoalShape(Shape):
    """Something the product is to achieve; an issue serves it when any one of these matches."""

    model_config = ConfigDict(
        json_schema_extra={
            "required": ["weight"],
            "anyOf": [{"required": [key]} for key in ("label", "milestone", "epic", "when")],
        }
    )

    weight: Annotated[Number, Field(gt=0)] | None = None
    """What the score is multiplied by; of several goals the weightiest counts."""
    label: Texts = ()
    """Labels, % standing for any text."""
    milestone: Texts = ()
    """Milestones, % standing for any text."""
    epic: Texts = ()
    """Refs, keys or URLs of parents."""
    when: Text | None = None
    """An expression that is true for the issues that serve it."""
    because: Text | None = None
    """The reason, for people."""


class HalfLifeShape(Shape):
    """The score halves every so many days, down to a floor."""

    of: Expression
    """An expression in days, such as idle_days."""
    days: Annotated[Number, Field(gt=0)]
    """After how many days the score is halved."""
    floor: Share = 0.0
    """The share of the score that is never taken away."""


class InheritShape(Shape):
    """The score rises to a share of the best score among the open issues that this one blocks."""

    link: Text = Field(default="blocks", alias="from")
    """The kind of link it comes over."""
    share: Share = 1.0
    """How much of the other's score."""


class AdjustmentShape(Shape):
    """A rule applied after the formula where `when` holds; exactly one action."""

    model_config = ConfigDict(json_schema_extra={"required": ["name"]})

    name: Text | None = None
    """Shown in the explanation of a score."""
    when: Text | None = None
    """An expression that is true for the issues it applies to; without it, all."""
    multiply: Expression | None = None
    """The score times this number or expression."""
    add: Expression | None = None
    """The score plus this number or expression."""
    set: Expression | None = None
    """The score is this number or expression, whatever it was."""
    cap: Expression | None = None
    """The score is at most this number or expression."""
    floor: Expression | None = None
    """The score is at least this number or expression."""
    half_life: HalfLifeShape | None = None
    """The score halves with time."""
    inherit: InheritShape | None = None
    """The score rises with what this issue blocks."""
    exclude: OnlyTrue | None = None
    """true: the issue is not ranked, and nothing is written to it."""
    because: Text | None = None
    """The reason, for people."""


class ScoringShape(Shape):
    """How inputs become a score."""

    framework: Text | None = None
    """A published method by name, or formula; without it rice, or formula where there is an expression."""
    expression: Expression | None = None
    """The team's own formula; only with framework: formula."""
    adjustments: Annotated[tuple[AdjustmentShape, ...], Field(strict=False)] = ()
    """Applied in this order, each one step of the explanation."""
    normalize: Literal["none", "fixed", "percentile", "minmax"] = "none"
    """How scores are brought to 0 … 100."""
    round: Annotated[int, Field(ge=0, le=10)] = 0
    """Digits kept after the point."""


class BandShape(Shape):
    """A named class of issues; without a limit it takes the rest."""

    share: Share | None = None
    """Its own share of the ranked list."""
    count: Annotated[int, Field(ge=0)] | None = None
    """At most so many issues."""
    min_score: Number | None = None
    """The least score."""
    capacity: Annotated[Number, Field(ge=0)] | None = None
    """At most so much effort in all."""
    budget: Share | None = None
    """The share of the ranked list beyond which issues in this band are told as inflation, and a plan is refused."""
