"""What our targets hold now, what they should hold, and when two values are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackersync.change import WriteTarget
from trackersync.model import PROJECT_ITEM, Issue, Standing, Value
from trackersync.plan.policy import Measure, WritePolicy


def current_value(issue: Issue, target: WriteTarget) -> Value:  # noqa: PLR0911 - one for each kind
    """What the issue holds in one place that is ours; the order of work is not a value of a single issue."""
    match target.kind:
        case "labels":
            prefix = target.name.casefold()
            return tuple(sorted(label for label in issue.labels if label.casefold().startswith(prefix)))
        case "field":
            return issue.fields.get(target.name)
        case "project_field":
            return issue.project_fields.get(target.name)
        case "priority":
            return issue.priority
        case "property":
            return issue.properties.get(target.name)
        case "project_item":
            return True if PROJECT_ITEM in issue.native_ids else None
        case "comment":
            return issue.comment
        case "order":
            return issue.native_rank


def in_their_order(issues: Iterable[Issue]) -> list[str]:
    """The ids of issues on a board as they stand there; where it does not tell two apart, the same way every time."""
    return [issue.ref.id for issue in sorted(issues, key=lambda issue: (issue.native_rank or "", issue.ref.id))]


def same(one: Value, other: Value) -> bool:
    """Whether two values mean the same to a tracker.

    Labels and options are told apart without regard to case, and a text field holds a number as its digits.
    """
    return _folded(one) == _folded(other)


def _folded(value: Value) -> Value:
    match value:
        case str():
            return value.casefold()
        case tuple():
            return tuple(sorted(part.casefold() for part in value))
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case int() if not isinstance(value, bool):
            return str(value)
        case _:
            return value


def wanted_values(standing: Standing, policy: WritePolicy, *, on_project: bool) -> Iterator[tuple[WriteTarget, Value]]:
    """Yield every target of one issue with the value its standing asks for, in the order they are written.

    Fields of a project's item are left out for an issue that is not on the project. An issue in no band carries no
    band label; its native priority stays, since a tracker has no name for none. The comment is not of these: what it
    says does not follow from the standing alone.
    """
    if policy.label_prefix is not None:
        if policy.label_style.previously is not None:
            yield WriteTarget("labels", policy.label_style.previously), ()
        yield WriteTarget("labels", policy.label_prefix), (policy.label_prefix + standing.band,) * bool(standing.band)
    for measure, target in measuring_targets(policy):
        if on_project or target.kind != "project_field":
            yield target, measured(standing, measure)
    if standing.band in policy.priority:
        yield WriteTarget("priority"), policy.priority[standing.band]


def measuring_targets(policy: WritePolicy) -> Iterator[tuple[Measure, WriteTarget]]:
    """Every target that shows a measure, in the order in which they are written."""
    yield from ((measure, WriteTarget("field", name)) for measure, name in policy.fields.items())
    yield from ((measure, WriteTarget("project_field", name)) for measure, name in policy.project_fields.items())
    yield from ((measure, WriteTarget("property", key)) for measure, key in policy.properties.items())


def measured(standing: Standing, measure: Measure) -> Value:
    """One number or name of a standing, whole numbers as such: trackers and people tell 87 from 87.0."""
    match measure:
        case "score":
            return int(standing.score) if standing.score == int(standing.score) else standing.score
        case "rank":
            return standing.rank
        case "band":
            return standing.band or None


def declared_targets(policy: WritePolicy) -> frozenset[WriteTarget]:
    """Every target that the file declares ours on one tracker: nothing else may ever be written there."""
    declared = {target for _, target in measuring_targets(policy)}
    if policy.label_prefix is not None:
        prefixes = {policy.label_prefix, policy.label_style.previously} - {None}
        declared |= {WriteTarget("labels", str(prefix)) for prefix in prefixes}
    if policy.priority:
        declared.add(WriteTarget("priority"))
    if policy.add_to_project:
        declared.add(WriteTarget("project_item"))
    if policy.comment:
        declared.add(WriteTarget("comment"))
    if policy.order:
        declared.add(WriteTarget("order"))
    return frozenset(declared)
