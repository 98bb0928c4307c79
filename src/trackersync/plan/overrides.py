"""A human's value found where the ledger says we wrote another: it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from trackersync.change import FoundOverride, KnownOverride, WriteTarget
from trackersync.model import Issue, IssueKey, Standing, Value
from trackersync.plan.order import in_order
from trackersync.plan.policy import Overrides, WritePolicy
from trackersync.plan.values import current_value, declared_targets, in_their_order, same

Written = Mapping[tuple[IssueKey, str], Value]
"""What the ledger says we wrote last: by issue key and `str(target)`."""
NOTHING: Written = MappingProxyType({})


def find_overrides(
    issues: Sequence[Issue],
    policies: Mapping[str, WritePolicy],
    written: Written,
    standings: Mapping[IssueKey, Standing],
    moved_before: Collection[IssueKey] = frozenset(),
) -> tuple[FoundOverride, ...]:
    """Every place that is ours and holds what somebody else put there, issues moved by hand included.

    Of two issues that stand the wrong way round it is the one `moved_before` that was moved, whatever the rules say.
    """
    values = (
        FoundOverride(issue.ref, target, wrote, found)
        for issue in issues
        for target, wrote in _wrote(issue, policies.get(issue.ref.tracker, WritePolicy()), written)
        if not same(found := current_value(issue, target), wrote)
    )
    ordered = [tracker for tracker, policy in policies.items() if policy.order]
    moved = (
        override
        for tracker in ordered
        for override in _moved_by_hand(
            [issue for issue in issues if issue.ref.tracker == tracker], written, standings, moved_before
        )
    )
    return (*values, *moved)


def _wrote(issue: Issue, policy: WritePolicy, written: Written) -> Iterator[tuple[WriteTarget, Value]]:
    """What we wrote last to the places of an issue, as far as reading it tells what is there now."""
    for target in sorted(declared_targets(policy)):
        if target.kind not in _NOT_READ and (issue.ref.issue_key, str(target)) in written:
            yield target, written[issue.ref.issue_key, str(target)]
    yield from _wrote_labels(issue, policy, written)


def _wrote_labels(issue: Issue, policy: WritePolicy, written: Written) -> Iterator[tuple[WriteTarget, Value]]:
    """Labels that had another prefix before, which may have been renamed since, on all issues at once.

    Ours are where we last wrote any: a prefix that comes back was once left without.
    """
    if policy.label_prefix is None:
        return
    now, before = WriteTarget("labels", policy.label_prefix), policy.label_style.previously
    places = [now, *([WriteTarget("labels", before)] if before is not None else [])]
    wrote = [written.get((issue.ref.issue_key, str(place))) for place in places]
    if not wrote[0] and before is not None and isinstance(wrote[-1], tuple) and wrote[-1]:
        renamed = tuple(now.name + label[len(before) :] for label in wrote[-1])
        yield (now, renamed) if current_value(issue, now) else (places[-1], wrote[-1])
    elif wrote[0] is not None:
        yield now, wrote[0]


_NOT_READ = frozenset({"order", "comment", "labels"})
"""Places among others are compared as a whole, labels by both their prefixes, and no list of issues tells comments."""


def _moved_by_hand(
    issues: Sequence[Issue],
    written: Written,
    standings: Mapping[IssueKey, Standing],
    moved_before: Collection[IssueKey],
) -> Iterator[FoundOverride]:
    """Those outside the largest set of issues of one tracker that still stand in the order we applied last.

    Without a move of ours in the ledger the order was never known to be ours, and nobody overrode it.
    """
    target = WriteTarget("order")
    if not any((issue.ref.issue_key, str(target)) in written for issue in issues):
        return
    known = {i.ref.id: i for i in issues if i.native_rank is not None and i.ref.issue_key in standings}
    applied = sorted(known, key=lambda id_: standings[known[id_].ref.issue_key].rank)
    present = in_their_order(known.values())
    kept = in_order(present, applied, {id_ for id_ in known if known[id_].ref.issue_key in moved_before})
    were = {id_: place for place, id_ in enumerate(applied)}
    for place, id_ in enumerate(present):
        if id_ not in kept:
            yield FoundOverride(
                known[id_].ref, target, wrote=_anchor(applied, were[id_]), found=_anchor(present, place)
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
