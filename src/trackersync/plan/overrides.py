"""A human's value found where the ledger says we wrote another: it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from trackersync.change import FoundOverride, KnownOverride, WriteTarget
from trackersync.model import Issue, IssueKey, Standing, Value
from trackersync.plan.order import in_order
from trackersync.plan.policy import Overrides, WritePolicy
from trackersync.plan.values import current_value, declared_targets, same

Written = Mapping[tuple[IssueKey, str], Value]
"""What the ledger says we wrote last: by issue key and `str(target)`."""


def find_overrides(
    issues: Sequence[Issue],
    policies: Mapping[str, WritePolicy],
    written: Written,
    standings: Mapping[IssueKey, Standing],
) -> tuple[FoundOverride, ...]:
    """Every place that is ours and holds what somebody else put there, issues moved by hand included."""
    values = (
        FoundOverride(issue.ref, target, wrote, found)
        for issue in issues
        for target in sorted(declared_targets(policies.get(issue.ref.tracker, WritePolicy())))
        if target.kind != "order" and (issue.ref.issue_key, str(target)) in written
        if not same(found := current_value(issue, target), wrote := written[issue.ref.issue_key, str(target)])
    )
    ordered = [tracker for tracker, policy in policies.items() if policy.order]
    moved = (
        override
        for tracker in ordered
        for override in _moved_by_hand([i for i in issues if i.ref.tracker == tracker], written, standings)
    )
    return (*values, *moved)


def _moved_by_hand(
    issues: Sequence[Issue], written: Written, standings: Mapping[IssueKey, Standing]
) -> Iterator[FoundOverride]:
    """Those outside the largest set of issues of one tracker that still stand in the order we applied last.

    Without a move of ours in the ledger the order was never known to be ours, and nobody overrode it.
    """
    target = WriteTarget("order")
    if not any((issue.ref.issue_key, str(target)) in written for issue in issues):
        return
    known = {i.ref.id: i for i in issues if i.native_rank is not None and i.ref.issue_key in standings}
    applied = sorted(known, key=lambda id_: standings[known[id_].ref.issue_key].rank)
    present = sorted(known, key=lambda id_: known[id_].native_rank or "")
    kept = in_order(present, applied)
    for place, id_ in enumerate(present):
        if id_ not in kept:
            yield FoundOverride(
                known[id_].ref, target, wrote=_anchor(applied, applied.index(id_)), found=_anchor(present, place)
            )


def _anchor(order: Sequence[str], place: int) -> Value:
    return ("after", order[place - 1]) if place else ("first",)


def still_standing(known: Sequence[KnownOverride], policy: Overrides, *, now: datetime) -> tuple[FoundOverride, ...]:
    """The overrides that are neither released nor expired: those are left alone."""
    return tuple(each.override for each in known if each.released_at is None and not has_expired(each, policy, now))


def has_expired(known: KnownOverride, policy: Overrides, now: datetime) -> bool:
    """Whether it has stood as long as the team lets it."""
    end = expires_at(known, policy)
    return end is not None and now >= end


def expires_at(known: KnownOverride, policy: Overrides) -> datetime | None:
    """Until when it stands; None: until it is released."""
    return None if policy.expire is None else known.since + policy.expire
