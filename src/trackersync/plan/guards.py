"""The limits that refuse a plan; they fail closed and say the numbers and the way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from trackersync.change import Change
from trackersync.errors import GuardVerdict
from trackersync.model import IssueKey, Standing
from trackersync.plan.policy import Guards
from trackersync.scoring.check_bands import exact

Place = tuple[IssueKey, str]
"""An issue and `str(target)`, as the ledger keys values."""


def check_changes(
    changes: Sequence[Change], guards: Guards, *, ours: Collection[Place], follows: Collection[tuple[str, str]]
) -> tuple[GuardVerdict, ...]:
    """The guards that refuse these changes.

    `ours` are the places on issues of the list that already carry a value of ours; first values are no change of one.
    `follows` names by tracker the targets (`field Rank`, `order`) whose values follow from other issues': one newcomer
    at the top shifts every rank below it, which says nothing about the rules, so such changes do not count in
    `max_changed_share`.
    """
    verdicts = []
    touched = {change.ref.issue_key for change in changes}
    if len(touched) > guards.max_changes:
        verdicts.append(
            GuardVerdict(
                "max_changes", f"{len(touched):,} issues would be written to; the limit is {guards.max_changes:,}"
            )
        )
    carrying = {issue for issue, _ in ours}
    changed = {
        change.ref.issue_key
        for change in changes
        if (change.ref.tracker, str(change.target)) not in follows
        and (change.ref.issue_key, str(change.target)) in ours
    }
    if carrying and len(changed) / len(carrying) > guards.max_changed_share:
        share = len(changed) / len(carrying)
        verdicts.append(
            GuardVerdict(
                "max_changed_share",
                f"{len(changed):,} of the {len(carrying):,} issues that carry a value of ours would change "
                f"({share:.0%}); the limit is {guards.max_changed_share:.0%}",
            )
        )
    return tuple(verdicts)


def check_bands(standings: Sequence[Standing], guards: Guards) -> Iterator[GuardVerdict]:
    """Whether more of the ranked list is in a band than its budget allows: where all is urgent, nothing is."""
    held = Counter(standing.band for standing in standings)
    over = [
        f"{band} would hold {held[band]:,} of the {len(standings):,} ranked issues "
        f"({held[band] / len(standings):.0%}); its budget is {budget:.0%}"
        for band, budget in guards.band_budget.items()
        if held[band] > exact(budget) * len(standings)
    ]
    if over:
        yield GuardVerdict("band_budget", "; ".join(over))


def check_rules(*, planned: str, present: str, file: str) -> GuardVerdict | None:
    """Whether a plan was made by other rules than the file has now; both are digests."""
    if planned == present:
        return None
    return GuardVerdict(
        "rules_changed",
        f"the plan was made by rules with the digest {planned[:_SHOWN]}; those of {file}, with the votes and tables "
        f"beside it, now have {present[:_SHOWN]}",
    )


_SHOWN = 12
"""Digits of a digest that tell it from any other to the eye."""


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
