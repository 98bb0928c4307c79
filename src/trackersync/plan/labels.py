"""The band labels of a tracker as things of their own: how they look, what they were, which of them shall go."""

from __future__ import annotations

from collections.abc import Sequence

from trackersync.change import FoundOverride, LabelSet, WriteTarget
from trackersync.plan.overrides import Written
from trackersync.plan.policy import WritePolicy


def label_set(
    policy: WritePolicy, bands: Sequence[str], tracker: str, written: Written, overrides: Sequence[FoundOverride]
) -> LabelSet | None:
    """The labels that the policy declares ours, in the order of the bands; None where none are."""
    prefix, style = policy.label_prefix, policy.label_style
    if prefix is None:
        return None
    names = tuple(prefix + band for band in bands)
    return LabelSet(
        prefix=prefix,
        names=names,
        colours={prefix + band: colour for band, colour in style.colours.items()},
        descriptions={prefix + band: text for band, text in style.descriptions.items()},
        previously=style.previously,
        retired=_retired(prefix, names, tracker, written, overrides) if style.retire else (),
    )


def _retired(
    prefix: str, names: Sequence[str], tracker: str, written: Written, overrides: Sequence[FoundOverride]
) -> tuple[str, ...]:
    """What we once wrote and no band is called any more, unless somebody put it on an issue by hand."""
    place = str(WriteTarget("labels", prefix))
    held = (value for (issue, target), value in written.items() if issue[0] == tracker and target == place)
    ours = {label for value in held if isinstance(value, tuple) for label in value}
    by_hand = {label for each in overrides if isinstance(each.found, tuple) for label in each.found}
    return tuple(sorted(ours - by_hand - set(names)))
