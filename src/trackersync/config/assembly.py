"""From the file's grammar to what the rest of the program works with: rules, policies, examples. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping

from trackersync.config.examples import Example, Expectation
from trackersync.config.shape import (
    AdjustmentShape,
    BandShape,
    ExampleShape,
    FileShape,
    InputShape,
    MeasuresShape,
    MissingShape,
    SourceShape,
    WriteShape,
)
from trackersync.connector import InputKind
from trackersync.plan.policy import Guards, Measure, Overrides, WritePolicy
from trackersync.scoring.rules import (
    Action,
    Add,
    Adjustment,
    Band,
    HalfLife,
    Inherit,
    Input,
    InputSource,
    Missing,
    Multiply,
    Rules,
    Scale,
)


def to_rules(shape: FileShape) -> Rules:
    """The rules; what was cut out of a faulty file is replaced by what changes nothing."""
    scoring = shape.scoring
    return Rules(
        framework=scoring.framework or ("rice" if scoring.expression is None else "formula"),
        expression=scoring.expression,
        inputs=tuple(_input(name, each) for name, each in shape.inputs.items()),
        adjustments=tuple(_adjustment(index, each) for index, each in enumerate(scoring.adjustments, 1)),
        normalize=scoring.normalize,
        round=scoring.round,
        bands=tuple(_band(name, each or BandShape()) for name, each in shape.bands.items()),
        hysteresis=shape.hysteresis,
    )


def _input(name: str, shape: InputShape) -> Input:
    sources = {entry: _source(each) for entry, each in (shape.source or {}).items()}
    return Input(
        name=name,
        sources={entry: source for entry, source in sources.items() if source},
        expression=shape.expression,
        values=shape.values,
        scale=Scale(shape.scale.min, shape.scale.max),
        missing=_missing(shape.missing),
        weight=shape.weight,
    )


def _source(shape: SourceShape) -> InputSource | None:
    given: dict[InputKind, str | None] = {
        "field": shape.field,
        "project_field": shape.project_field,
        "issue_field": shape.issue_field,
        "label": shape.label,
    }
    return next((InputSource(kind, name) for kind, name in given.items() if name is not None), None)


def _missing(shape: MissingShape) -> Missing:
    return Missing("default", shape.default) if shape.policy is None else Missing(shape.policy)


def _adjustment(position: int, shape: AdjustmentShape) -> Adjustment:
    name = shape.name or f"adjustment {position}"
    return Adjustment(name=name, action=_action(shape), when=shape.when, because=shape.because)


def _action(shape: AdjustmentShape) -> Action:
    if shape.multiply is not None:
        return Multiply(shape.multiply)
    if shape.half_life is not None:
        return HalfLife(shape.half_life.of, shape.half_life.days, shape.half_life.floor)
    if shape.inherit is not None:
        return Inherit(shape.inherit.link, shape.inherit.share)
    return Add(shape.add or "0")


def _band(name: str, shape: BandShape) -> Band:
    return Band(name=name, share=shape.share, count=shape.count, min_score=shape.min_score, capacity=shape.capacity)


def to_policy(shape: WriteShape) -> WritePolicy:
    """What of a tracker is ours."""
    return WritePolicy(
        label_prefix=shape.labels.prefix if shape.labels else None,
        fields=_measures(shape.fields),
        project_fields=_measures(shape.project_fields),
        priority=shape.priority or {},
        order=shape.order is not None,
        notify=shape.notify,
    )


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
        max_changed_share=guards.max_changed_share, max_changes=guards.max_changes, max_shrink=guards.max_shrink
    )


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
        expect=Expectation(expect.above, expect.below, expect.score, expect.band) if expect else Expectation(),
    )
