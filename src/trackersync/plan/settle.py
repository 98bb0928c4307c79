"""Whether a planned change may still be made, now that the issue was read again."""

from __future__ import annotations

from collections.abc import Mapping

from trackersync.change import Change, Outcome, Status
from trackersync.model import Issue, Value
from trackersync.plan.values import current_value, same
from trackersync.scoring.figures import figure


def settle(change: Change, current: Mapping[str, Issue], *, written: bool = False) -> Outcome | None:
    """The outcome of a change that must not or need not be written any more; None: write it.

    `current` are the issues as just read, by id. A move is made whatever moved meanwhile: it says where the issue shall
    stand; only the neighbour it names must still be there. What was `written` by an earlier run of the same plan is
    not written again, whoever changed it since.
    """
    issue = current.get(change.ref.id)
    if issue is None:
        return Outcome(change, Status.CONFLICT, GONE)
    if change.target.kind == "order":
        gone = isinstance(change.after, tuple) and change.after[-1] not in current
        return Outcome(change, Status.CONFLICT, "the issue it belongs next to is gone") if gone else None
    found = current_value(issue, change.target)
    if same(found, change.after):
        return Outcome(change, Status.UNCHANGED, "it was there already")
    if written:
        return Outcome(
            change, Status.CONFLICT, f"written by an earlier run of this plan, since changed to {_told(found)}"
        )
    if not same(found, change.before):
        since = f"changed since the plan: expected {_told(change.before)}, found {_told(found)}"
        return Outcome(change, Status.CONFLICT, since)
    return None


def settle_lost(change: Change, issue: Issue | None, *, answered: bool) -> Outcome:
    """What became of a write of a run that was cut off; `UNKNOWN` where there is no `issue` to tell.

    What the tracker said it took is ours, and what is found in its place a person's doing.
    """
    outcome = verify(Outcome(change, Status.UNKNOWN, CUT_OFF), issue)
    if answered and outcome.status is not Status.APPLIED:
        return Outcome(change, Status.APPLIED, f"{CUT_OFF} after the tracker took it")
    return outcome


def verify(outcome: Outcome, issue: Issue | None) -> Outcome:
    """The final outcome of a write, by what the tracker holds now: lost answers are found out, hollow ones too.

    Jira, for one, accepts and ignores a silent edit that the account may not make.
    """
    change = outcome.change
    if outcome.status not in _TO_VERIFY or issue is None or change.target.kind == "order":
        return outcome
    found = current_value(issue, change.target)
    if same(found, change.after):
        return outcome if outcome.status is Status.APPLIED else Outcome(change, Status.APPLIED, "found written")
    if same(found, change.before):
        return Outcome(change, Status.REJECTED, f"{outcome.detail or 'accepted'}; read again and found not written")
    return Outcome(change, Status.CONFLICT, f"{outcome.detail or 'accepted'}; read again and found {_told(found)}")


def _told(value: Value) -> str:
    """Text in quotes, which tells it from none; a number as people write it."""
    return figure(value) if isinstance(value, float) else repr(value)


CUT_OFF = "the run was cut off"
GONE = "the issue is gone or no longer visible to this account"

_TO_VERIFY = frozenset({Status.APPLIED, Status.UNKNOWN})
