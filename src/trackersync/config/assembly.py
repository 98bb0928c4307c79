"""From the file's grammar to what the rest of the program works with: rules, policies, examples. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trackersync.config.document import KeyPath
from trackersync.config.examples import Example, Expectation
from trackersync.config.rules_shape import (
    AdjustmentShape,
    BandShape,
    GoalShape,
    InputShape,
    MissingShape,
    ScaleShape,
    SourceShape,
)
from trackersync.config.shape import ExampleShape, FileShape, LabelsShape, MeasuresShape, WriteShape
from trackersync.plan.policy import Capacity, Guards, LabelStyle, Measure, Overrides, WritePolicy
from trackersync.scoring.rules import (
    Action,
    Add,
    Adjustment,
    Band,
    Cap,
    Exclude,
    Floor,
    Goal,
    HalfLife,
    Inherit,
    Input,
    InputSource,
    Missing,
    Multiply,
    Rules,
    Scale,
    Set,
    SourceKind,
    Votes,
)
from trackersync.scoring.scales import SCALES
from trackersync.transport.allowance import Rate

Tables = Mapping[KeyPath, Mapping[str, str]]
"""What the tables of a file hold, by the place of the source in it that names them."""


def to_rules(shape: FileShape, votes: Votes, tables: Tables) -> Rules:
    """The rules; what was cut out of a faulty file is replaced by what changes nothing."""
    scoring = shape.scoring
    return Rules(
        framework=scoring.framework or ("rice" if scoring.expression is None else "formula"),
        expression=scoring.expression,
        inputs=tuple(_input(name, each, tables) for name, each in shape.inputs.items()),
        votes=votes,
        goals=tuple(_goal(name, each) for name, each in shape.goals.items()),
        adjustments=tuple(_adjustment(index, each) for index, each in enumerate(scoring.adjustments, 1)),
        normalize=scoring.normalize,
        round=scoring.round,
        bands=tuple(_band(name, each or BandShape()) for name, each in shape.bands.items()),
        hysteresis=shape.hysteresis,
        sized=shape.capacity is not None,
    )


def _input(name: str, shape: InputShape, tables: Tables) -> Input:
    sources = {
        entry: _source(each, tables.get(("inputs", name, "from", entry), {}))
        for entry, each in (shape.source or {}).items()
    }
    return Input(
        name=name,
        sources={entry: source for entry, source in sources.items() if source},
        expression=shape.expression,
        values=shape.values or _words(shape.scale),
        scale=_scale(shape.scale),
        missing=_missing(shape.missing),
        weight=shape.weight,
        uncertainty=shape.uncertainty,
        aggregate=shape.aggregate,
    )


def _scale(shape: ScaleShape) -> Scale:
    steps = SCALES[shape.named].steps if shape.named else shape.steps
    return Scale(steps[0], steps[-1], tuple(map(float, steps))) if steps else Scale(shape.min, shape.max)


def _words(shape: ScaleShape) -> Mapping[str, float] | None:
    """The words that a scale has by its name."""
    return dict(SCALES[shape.named].words) or None if shape.named else None


def _source(shape: SourceShape, table: Mapping[str, str]) -> InputSource | None:
    if shape.table is not None:
        return InputSource("table", f"{shape.table.file} {shape.table.value}", dict(table))
    given: dict[SourceKind, str | None] = {
        "field": shape.field,
        "project_field": shape.project_field,
        "issue_field": shape.issue_field,
        "label": shape.label,
        "milestone": shape.milestone,
        "column": shape.column,
    }
    return next((InputSource(kind, name) for kind, name in given.items() if name is not None), None)


def _missing(shape: MissingShape) -> Missing:
    return Missing("default", shape.default) if shape.policy is None else Missing(shape.policy)


def _adjustment(position: int, shape: AdjustmentShape) -> Adjustment:
    name = shape.name or f"adjustment {position}"
    return Adjustment(name=name, action=_action(shape), when=shape.when, because=shape.because)


def _action(shape: AdjustmentShape) -> Action:
    if shape.half_life is not None:
        return HalfLife(shape.half_life.of, shape.half_life.days, shape.half_life.floor)
    if shape.inherit is not None:
        return Inherit(shape.inherit.link, shape.inherit.share)
    if shape.exclude is not None:
        return Exclude()
    given: dict[Callable[[str], Action], str | None] = {
        Multiply: shape.multiply, Set: shape.set, Cap: shape.cap, Floor: shape.floor,
    }  # fmt: skip
    return next((make(text) for make, text in given.items() if text is not None), Add(shape.add or "0"))


def _band(name: str, shape: BandShape) -> Band:
    return Band(
        name=name, share=shape.share, count=shape.count, min_score=shape.min_score, capacity=shape.capacity,
        budget=shape.budget,
    )  # fmt: skip


def _goal(name: str, shape: GoalShape) -> Goal:
    return Goal(
        name=name, weight=1.0 if shape.weight is None else shape.weight, labels=shape.label,
        milestones=shape.milestone, epics=shape.epic, when=shape.when, because=shape.because,
    )  # fmt: skip


def to_policy(shape: WriteShape) -> WritePolicy:
    """What of a tracker is ours."""
    return WritePolicy(
        label_prefix=shape.labels.prefix if shape.labels else None,
        label_style=_style(shape.labels) if shape.labels else LabelStyle(),
        fields=_measures(shape.fields) | _measures(shape.issue_fields),
        project_fields=_measures(shape.project_fields),
        properties=_measures(shape.properties),
        add_to_project=shape.add_to_project,
        comment=shape.comment,
        priority=shape.priority or {},
        order=shape.order is not None,
        notify=shape.notify,
        min_score_change=shape.min_score_change,
    )


def _style(shape: LabelsShape) -> LabelStyle:
    return LabelStyle(
        colours=shape.colours or {}, descriptions=shape.descriptions or {}, previously=shape.previously,
        retire=shape.retire,
    )  # fmt: skip


def to_policies(shape: FileShape, connectors: Mapping[str, str]) -> dict[str, WritePolicy]:
    """The policy of every tracker: the entry of its own name, else its connector's, else nothing is written."""
    nothing = WriteShape()
    return {
        tracker: to_policy(shape.write.get(tracker) or shape.write.get(connector) or nothing)
        for tracker, connector in connectors.items()
    }


def _measures(shape: MeasuresShape) -> dict[Measure, str]:
    given: dict[Measure, str | None] = {"score": shape.score, "rank": shape.rank, "band": shape.band}
    return {measure: name for measure, name in given.items() if name is not None}


def to_guards(shape: FileShape) -> Guards:
    """The limits of one run."""
    guards = shape.guards
    return Guards(
        max_changed_share=guards.max_changed_share,
        max_changes=guards.max_changes,
        max_shrink=guards.max_shrink,
        band_budget={name: band.budget for name, band in shape.bands.items() if band and band.budget is not None},
    )


def to_budget(shape: FileShape, connectors: Mapping[str, str]) -> dict[str, Rate]:
    """The trackers with a budget: by the entry of the own name, else by the connector's."""
    found = {tracker: shape.budget.get(tracker) or shape.budget.get(kind) for tracker, kind in connectors.items()}
    return {tracker: rate for tracker, rate in found.items() if rate is not None}


def to_capacity(shape: FileShape) -> Capacity | None:
    """What the team gets done, where the file says it."""
    capacity = shape.capacity
    return None if capacity is None or capacity.points is None else Capacity(capacity.points, capacity.per)


def to_overrides(shape: FileShape) -> Overrides:
    """How long a human's value stands."""
    return Overrides(expire=shape.overrides.expire)


def to_examples(shape: FileShape) -> tuple[Example, ...]:
    """The team's own examples, in file order."""
    return tuple(_example(position, each) for position, each in enumerate(shape.tests, 1))


def _example(position: int, shape: ExampleShape) -> Example:
    expect = shape.expect
    return Example(
        name=shape.name or f"test {position}",
        given=shape.given or {},
        expect=Expectation(
            expect.above, expect.below, expect.score, expect.band, expect.needs_input, bool(expect.excluded)
        )
        if expect
        else Expectation(),
    )
