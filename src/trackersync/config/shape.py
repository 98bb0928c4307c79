"""The file's grammar: which keys there are, what each holds and what it is when left out.

A key with nothing after it counts as left out. What only makes sense across keys is in `checks`, not here, so that
one fault never hides another. The docstrings become the descriptions that editors show.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from trackersync.config.rules_shape import BandShape, GoalShape, InputShape, ScoringShape, Shape, VotesShape
from trackersync.config.values import (
    Colour,
    Duration,
    Number,
    OnlyTrue,
    Period,
    Requests,
    Share,
    Text,
    Version,
    describe,
    refuse,
)

DEFAULT_STORE = "sqlite:///trackersync.db"


class LabelsShape(Shape):
    """Band labels: exactly one of prefix + band stands on a ranked issue."""

    prefix: Text
    """Every label that starts with it is ours."""
    colours: dict[str, Colour] | None = None
    """Six hexadecimal digits by band; without them P0 is red, and the further from it the calmer."""
    descriptions: dict[str, Text] | None = None
    """What the tracker shows of a label, by band."""
    previously: Text | None = None
    """The prefix that they had before: they are renamed where the tracker can, so that no issue loses its history."""
    retire: bool = False
    """true: labels of bands that are no more are deleted, from closed issues too."""


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
    issue_fields: MeasuresShape = MeasuresShape()
    """Fields that the organisation gives its issues (GitHub)."""
    project_fields: MeasuresShape = MeasuresShape()
    """Fields of the configured project's item."""
    add_to_project: bool = False
    """true: ranked issues that are not on the configured project are put on it."""
    properties: MeasuresShape = MeasuresShape()
    """Keys of issue properties (Jira), which apps and JQL read and people do not see."""
    priority: dict[str, Text] | None = None
    """The native priority's name by band."""
    comment: bool = False
    """true: one comment on each ranked issue says why it stands where it does; it is edited in place."""
    order: Text | None = None
    """Keep the tracker's own order of work: project (GitHub), board (Jira) or rows (file)."""
    notify: bool = True
    """false: ask the tracker not to send mail."""
    min_score_change: Annotated[Number, Field(ge=0)] = 0.0
    """Scores that differ by less from what their field holds are not written anew."""


class CapacityShape(Shape):
    """What the team gets done: it cuts the ranked list into now, next and later in a report."""

    model_config = ConfigDict(json_schema_extra={"required": ["points"]})

    points: Annotated[Number, Field(gt=0)] | None = None
    """So much effort, in the unit of the inputs."""
    per: Period = timedelta(weeks=2)
    """In how long: 1w, 2w, 30d."""


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
    needs_input: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)] | None = None
    """The inputs for want of which there must be no score, in any order."""
    excluded: OnlyTrue | None = None
    """true: a rule must leave it out."""


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
    trackers: dict[str, TrackerShape] = Field(default_factory=dict)
    """Where the issues are, by names of the team's choosing."""
    inputs: dict[str, InputShape] = Field(default_factory=dict)
    """What a score is made of, and where each tracker keeps it."""
    votes: VotesShape = VotesShape()
    """What people say that inputs are."""
    goals: dict[str, GoalShape] = Field(default_factory=dict)
    """What the product is to achieve: the score of what serves a goal is multiplied by its weight."""
    scoring: ScoringShape = ScoringShape()
    bands: dict[str, BandShape | None] = Field(default_factory=dict)
    """Classes of issues in order, first the most urgent."""
    hysteresis: Annotated[Number, Field(ge=0)] = 0.0
    """How far past its edge an issue leaves a band: percent of the list (share, count) or points (min_score)."""
    write: dict[str, WriteShape] = Field(default_factory=dict)
    """What is written, by tracker name, or by connector for all trackers of that kind."""
    census: Duration = timedelta(days=1)
    """How old the last look at every issue may be before a pull reads all of them again: 1d, 12h, or never."""
    budget: dict[str, Requests] = Field(default_factory=dict)
    """How many requests may be sent, to a tracker by its name or by connector to each tracker of that kind: 1000/h."""
    capacity: CapacityShape | None = None
    """What the team gets done; only reports use it."""
    overrides: OverridesShape = OverridesShape()
    guards: GuardsShape = GuardsShape()
    tests: Annotated[tuple[ExampleShape, ...], Field(strict=False)] = ()
    """What these rules must decide, by example."""
