"""Whether a planned change may still be made, now that the issue was read again."""

from __future__ import annotations

from trackersync.change import Change, Outcome, Status
from trackersync.model import Issue
from trackersync.plan.values import current_value, same


def settle(change: Change, issue: Issue | None) -> Outcome | None:
    """The outcome of a change that must not or need not be written any more; None: write it.

    A move is always made: it says where the issue shall stand, whatever moved meanwhile.
    """
    if issue is None:
        return Outcome(change, Status.CONFLICT, "the issue is gone or no longer visible to this account")
    if change.target.kind == "order":
        return None
    found = current_value(issue, change.target)
    if same(found, change.after):
        return Outcome(change, Status.UNCHANGED, "it was there already")
    if not same(found, change.before):
        return Outcome(change, Status.CONFLICT, f"changed since the plan: expected {change.before!r}, found {found!r}")
    return None


def settle_unknown(outcome: Outcome, issue: Issue | None) -> Outcome:
    """What became of a write whose answer was lost, by what the tracker holds now."""
    change = outcome.change
    if outcome.status is not Status.UNKNOWN or issue is None or change.target.kind == "order":
        return outcome
    found = current_value(issue, change.target)
    if same(found, change.after):
        return Outcome(change, Status.APPLIED, "the answer was lost; read again and found written")
    if same(found, change.before):
        return Outcome(change, Status.REJECTED, f"{outcome.detail}; read again and found not written")
    return Outcome(change, Status.CONFLICT, f"{outcome.detail}; read again and found {found!r}")
