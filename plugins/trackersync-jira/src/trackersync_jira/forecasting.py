"""How many requests writing takes, and in which way it is done: what `Writer` does, without doing it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from trackersync.change import Change, issues_at_a_time
from trackersync_jira.apart import edit_of
from trackersync_jira.bulk_access import BulkAccess, as_planned
from trackersync_jira.grouping import Choice, choose, told
from trackersync_jira.ranking import runs

NOT_ASKED = "whether the account may edit in bulk was not asked"


def forecast(changes: Sequence[Change], access: BulkAccess | None, *, batch: int) -> tuple[int, str]:
    """The requests and a sentence; without `access` nothing is asked, and no bulk edits are counted on.

    Changes come to be written `batch` issues at a time, so that is how they are grouped.
    """
    written = [change for change in changes if change.target.kind != "order"]
    moves = [change for change in changes if change.target.kind == "order"]
    parts = [_edits(part) for part in issues_at_a_time(written, batch)]
    asked = access.asked if access else 0
    choices = [access.choice(part) if access else _unasked(part) for part in parts]
    looked_up = access.asked - asked if access else 0
    apart = len(written) - sum(map(len, parts))
    requests = sum(choice.requests for choice in choices) + apart + looked_up + sum(1 for _ in runs(moves))
    return requests, told(choices)


def edited(changes: Sequence[Change]) -> list[Change]:
    """Those that edits carry; neither moves nor what takes a request of its own."""
    return _edits([change for change in changes if change.target.kind != "order"])


def heard(changes: Sequence[Change], *, edits: bool) -> list[Change]:
    """The changes of our comment that send mail although none is wanted: of what is new or deleted Jira always does.

    With `edits` also those of a comment that is there, which Cloud alone can be asked not to tell of.
    """
    said = [change for change in changes if change.target.kind == "comment"]
    return [change for change in said if edits or change.before is None or change.after is None]


def silent(changes: Sequence[Change]) -> list[Change]:
    """Properties beside no edit, of which nobody ever gets mail."""
    loud = set(edited(changes))
    return [change for change in changes if change.target.kind == "property" and change not in loud]


def _edits(changes: Sequence[Change]) -> list[Change]:
    by_issue = (list(group) for _, group in groupby(changes, key=lambda change: change.ref.id))
    return [change for group in by_issue for change in edit_of(group)]


def _unasked(changes: Sequence[Change]) -> Choice[Any]:
    hoped = choose(changes, as_planned)
    return choose(changes, as_planned, barred=NOT_ASKED if hoped.together else "")
