"""The limits that refuse a plan; they fail closed and say the numbers and the way out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from trackersync.change import Change
from trackersync.errors import GuardVerdict
from trackersync.model import IssueKey
from trackersync.plan.policy import Guards

Place = tuple[IssueKey, str]
"""An issue and `str(target)`, as the ledger keys values."""


def check_changes(
    changes: Sequence[Change], guards: Guards, *, ours: Collection[Place], follows: Collection[str]
) -> tuple[GuardVerdict, ...]:
    """The guards that refuse these changes.

    `ours` are the places on issues of the list that already carry a value of ours; first values are no change of one.
    `follows` names targets (`field Rank`, `order`) whose values follow from other issues': one newcomer at the top
    shifts every rank below it, which says nothing about the rules, so such changes do not count in
    `max_changed_share`.
    """
    verdicts = []
    touched = {change.ref.issue_key for change in changes}
    if len(touched) > guards.max_changes:
        verdicts.append(
            GuardVerdict("max_changes", f"{len(touched)} issues would be written to; the limit is {guards.max_changes}")
        )
    carrying = {issue for issue, _ in ours}
    changed = {
        change.ref.issue_key
        for change in changes
        if str(change.target) not in follows and (change.ref.issue_key, str(change.target)) in ours
    }
    if carrying and len(changed) / len(carrying) > guards.max_changed_share:
        share = len(changed) / len(carrying)
        verdicts.append(
            GuardVerdict(
                "max_changed_share",
                f"{len(changed)} of the {len(carrying)} issues that carry a value of ours would change ({share:.0%}); "
                f"the limit is {guards.max_changed_share:.0%}",
            )
        )
    return tuple(verdicts)


def check_shrink(*, tracker: str, before: int, now: int, guards: Guards) -> GuardVerdict | None:
    """Whether a read lost more issues since the last one than can be believed."""
    lost = before - now
    if before == 0 or lost / before <= guards.max_shrink:
        return None
    return GuardVerdict(
        "max_shrink",
        f"{tracker}: the last read found {before} issues, this one {now}: {lost / before:.0%} fewer; "
        f"the limit is {guards.max_shrink:.0%}, so the last snapshot is kept",
    )
