"""The file's grammar: which keys there are, what each holds and what it is when left out.

A key with nothing after it counts as left out. What only makes sense across keys is in `checks`, not here, so that
one fault never hides another. The docstrings become the descriptions that editors show.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from trackersync.config.values import (
    Duration,
    Expression,
    Number,
    Share,
    Text,
    Version,
    describe,
    parse_missing,
    refuse,
)

DEFAULT_STORE = "sqlite:///trackersync.db"


class Shape(BaseModel):
    """A mapping of known keys."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True, serialize_by_alias=True
    )

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


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


class ScaleShape(Shape):
    """The values an input may take, inclusive."""

    min: Number | None = None
    """The least."""
    max: Number | None = None
    """The most."""


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
    scale: ScaleShape = ScaleShape()
    """The values it may take."""
    missing: Annotated[MissingShape, BeforeValidator(parse_missing), WithJsonSchema(_MISSING_SCHEMA)] = MissingShape(
        policy="block"
    )
    weight: Number | None = None
    """What one point of it is worth; only with framework: weighted. May be negative."""


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
    """A rule applied after the formula where `when` holds: one of multiply, add, half_life, inherit."""

    model_config = ConfigDict(json_schema_extra={"required": ["name"]})

    name: Text | None = None
    """Shown in the explanation of a score."""
    when: Text | None = None
    """An expression that is true for the issues it applies to; without it, all."""
    multiply: Expression | None = None
    """The score times this number or expression."""
    add: Expression | None = None
    """The score plus this number or expression."""
    half_life: HalfLifeShape | None = None
    """The score halves with time."""
    inherit: InheritShape | None = None
    """The score rises with what this issue blocks."""
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


class LabelsShape(Shape):
    """Band labels: exactly one of prefix + band stands on a ranked issue."""

    prefix: Text
    """Every label that starts with it is ours."""


class MeasuresShape(Shape):
    """Field names by what the field shows."""

    score: Text | None = None
    """The number."""
    rank: Text | None = None
    """The position in the one list; 1 is first."""
    band: Text | None = None
    """The band's name."""


class WriteShape(Shape):
    """What of a tracker is ours; nothing else is ever touched."""

    labels: LabelsShape | None = None
    fields: MeasuresShape = MeasuresShape()
    """Custom fields of the issue."""
    project_fields: MeasuresShape = MeasuresShape()
    """Fields of the configured project's item."""
    priority: dict[str, Text] | None = None
    """The native priority's name by band."""
    order: Text | None = None
    """Keep the tracker's own order of work: project (GitHub) or board (Jira)."""
    notify: bool = True
    """false: ask the tracker not to send mail."""


class OverridesShape(Shape):
    """What happens to a value that a person changed."""

    expire: Duration = None
    """How long it stands: 36h, 30d, 4w, or never."""


class GuardsShape(Shape):
    """The limits beyond which nothing is written without being asked again."""

    max_changed_share: Share = 0.5
    """Of the issues that already carry a value of ours, how many may change; first values do not count."""
    max_changes: Annotated[int, Field(ge=0)] = 5000
    """How many issues one run may write to, first values included."""
    max_shrink: Share = 0.2
    """A read that lost more than this share of the last one's issues is not believed."""


def _facts(value: Any) -> Any:
    if isinstance(value, str | int | float) or value is None:
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise refuse(f"expected a text, a number, true, false or a list of texts, found {describe(value)}")


Fact = Annotated[
    Any,
    BeforeValidator(_facts),
    WithJsonSchema({"type": ["string", "number", "boolean", "null", "array"], "items": {"type": "string"}}),
]
Facts = dict[str, Fact]


class ExpectShape(Shape):
    """What must come out, at least one of these."""

    above: Facts | None = None
    """An issue that must rank lower."""
    below: Facts | None = None
    """An issue that must rank higher."""
    score: Number | None = None
    """The exact score, as rounded by the rules."""
    band: Text | None = None
    """The band; only where bands have a min_score, the one limit that needs no list."""


class ExampleShape(Shape):
    """One of the team's own examples: an issue, and what the rules must make of it."""

    model_config = ConfigDict(json_schema_extra={"required": ["given", "expect"]})

    name: Text | None = None
    """Shown when it fails."""
    given: Facts | None = None
    """Built-in columns and inputs of the issue; what is left out is missing."""
    expect: ExpectShape | None = None
    """What must come out."""


class TrackerShape(BaseModel):
    """One place with issues; its other keys are the connector's own."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    connector: Text


class FileShape(Shape):
    """Priorities as code: the trackers, how their issues are scored, and what is written back."""

    model_config = ConfigDict(title="trackersync.yaml", json_schema_extra={"required": ["version", "trackers"]})

    version: Version = 1
    """The version of this format."""
    store: Text = DEFAULT_STORE
    """Where snapshots and the ledger are kept: sqlite:///FILE (beside this file) or postgresql+psycopg://user@host/db."""
    trackers: dict[str, TrackerShape] = {}
    """Where the issues are, by names of the team's choosing."""
    inputs: dict[str, InputShape] = {}
    """What a score is made of, and where each tracker keeps it."""
    scoring: ScoringShape = ScoringShape()
    bands: dict[str, BandShape | None] = {}
    """Classes of issues in order, first the most urgent."""
    hysteresis: Annotated[Number, Field(ge=0)] = 0.0
    """How far past its edge an issue leaves a band: percent of the list (share, count) or points (min_score)."""
    write: dict[str, WriteShape] = {}
    """What is written, by tracker name, or by connector for all trackers of that kind."""
    overrides: OverridesShape = OverridesShape()
    guards: GuardsShape = GuardsShape()
    tests: Annotated[tuple[ExampleShape, ...], Field(strict=False)] = ()
    """What these rules must decide, by example."""
