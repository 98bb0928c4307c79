"""Builds the plan: what every ranked issue should carry, less what it carries already, less what humans decided."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from trackersync.change import Change, FoundOverride, WriteTarget
from trackersync.model import Issue, IssueKey, Standing, Value
from trackersync.plan.document import Plan, PlannedTracker, SkippedTracker
from trackersync.plan.guards import check_bands, check_changes
from trackersync.plan.order import least_moves
from trackersync.plan.overrides import Written
from trackersync.plan.policy import Guards, WritePolicy
from trackersync.plan.values import current_value, same, wanted_values


class RankedIssue(Struct, frozen=True):
    """An issue as read, and where it stands in the list."""

    issue: Issue
    standing: Standing


class Basis(Struct, frozen=True, kw_only=True):
    """Everything a plan is decided on, all of it handed in."""

    now: datetime
    rules_digest: str
    ranked: Sequence[RankedIssue]
    trackers: Mapping[str, PlannedTracker]
    """The trackers that were read completely and may be written to."""
    policies: Mapping[str, WritePolicy]
    written: Written
    overrides: Sequence[FoundOverride]
    """Those that still stand."""
    skipped: Sequence[SkippedTracker]
    guards: Guards
    allowed: Collection[str]
    passed: Collection[str] = ()
    """The guards that said no to what was read, and were allowed."""


def build_plan(basis: Basis) -> Plan:
    """The complete list of changes, by tracker and rank, moves last; the same bytes for the same basis."""
    changes: list[Change] = []
    notes: list[str] = []
    for tracker in sorted(basis.trackers):
        policy = basis.policies.get(tracker, WritePolicy())
        ranked = [entry for entry in basis.ranked if entry.issue.ref.tracker == tracker]
        left_alone = {(o.ref.issue_key, o.target) for o in basis.overrides if o.ref.tracker == tracker}
        total = len(basis.ranked)
        differing = [change for entry in ranked for change in _value_changes(entry, policy, left_alone, total=total)]
        worthwhile = [change for change in differing if not _is_slight(change, policy)]
        changes.extend(worthwhile)
        if policy.order:
            changes.extend(_moves(ranked, left_alone))
        notes.extend(_notes(tracker, ranked, policy, slight=len(differing) - len(worthwhile)))
    listed = {entry.issue.ref.issue_key for entry in basis.ranked if entry.issue.ref.tracker in basis.trackers}
    verdicts = [
        *check_changes(
            changes,
            basis.guards,
            # Not all the ledger: closed issues stay in it for ever, and beside them any change would look small.
            ours={place for place in basis.written if place[0] in listed},
            follows=_following(basis.policies.values()),
        ),
        # A list that stays as it was written is nothing to refuse.
        *(check_bands([entry.standing for entry in basis.ranked], basis.guards) if changes else ()),
    ]
    allowed = {verdict.name for verdict in verdicts if verdict.name in basis.allowed}
    return Plan(
        created_at=basis.now,
        rules_digest=basis.rules_digest,
        trackers=dict(sorted(basis.trackers.items())),
        changes=tuple(changes),
        standings=tuple(e.standing for e in basis.ranked if e.issue.ref.tracker in basis.trackers),
        overrides=tuple(o for o in basis.overrides if o.ref.tracker in basis.trackers),
        skipped=tuple(basis.skipped),
        notes=tuple(notes),
        refused=tuple(verdict for verdict in verdicts if verdict.name not in basis.allowed),
        allowed=tuple(sorted(allowed.union(basis.passed))),
    )


LeftAlone = Collection[tuple[IssueKey, WriteTarget]]


def _value_changes(entry: RankedIssue, policy: WritePolicy, left_alone: LeftAlone, *, total: int) -> Iterator[Change]:
    issue, standing = entry.issue, entry.standing
    for target, after in wanted_values(standing, policy, on_project=issue.native_rank is not None):
        before = current_value(issue, target)
        if not same(before, after) and (issue.ref.issue_key, target) not in left_alone:
            yield Change(ref=issue.ref, target=target, before=before, after=after, reason=_reason(standing, total))


def _is_slight(change: Change, policy: WritePolicy) -> bool:
    """Whether a score moved by less than is worth a write: the field keeps what it holds, which stays ours."""
    target = change.target
    shown = {"field": policy.fields, "project_field": policy.project_fields}.get(target.kind, {}).get("score")
    before, after = _number(change.before), _number(change.after)
    if shown != target.name or before is None or after is None:
        return False
    return abs(after - before) < policy.min_score_change


def _number(value: Value) -> float | None:
    """A number, also one in a field of text."""
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None


def _reason(standing: Standing, total: int) -> str:
    band = f", {standing.band}" if standing.band else ""
    return f"rank {standing.rank} of {total}, score {standing.score:g}{band}"


def _moves(ranked: Sequence[RankedIssue], left_alone: LeftAlone) -> Iterator[Change]:
    """The least moves among the issues of one tracker that are on its board and that nobody moved by hand."""
    target = WriteTarget("order")
    on_board = {
        entry.issue.ref.id: entry
        for entry in ranked
        if entry.issue.native_rank is not None and (entry.issue.ref.issue_key, target) not in left_alone
    }
    present = sorted(on_board, key=lambda id_: (on_board[id_].issue.native_rank or "", id_))
    places = {id_: place for place, id_ in enumerate(present)}
    for move in least_moves(present, list(on_board)):
        entry = on_board[move.id]
        place = places[move.id]
        before: Value = ("after", present[place - 1]) if place else ("before", present[1])
        after: Value = ("before", str(move.before)) if move.after is None else ("after", move.after)
        neighbour = on_board[str(move.before) if move.after is None else move.after].issue.ref
        word = "before" if move.after is None else "after"
        reason = f"rank {entry.standing.rank}: belongs {word} {neighbour.key}"
        yield Change(ref=entry.issue.ref, target=target, before=before, after=after, reason=reason)


def _notes(tracker: str, ranked: Sequence[RankedIssue], policy: WritePolicy, *, slight: int) -> Iterator[str]:
    if slight:
        yield f"{tracker}: {slight} scores moved by less than {policy.min_score_change:g}: not written"
    absent = sum(entry.issue.native_rank is None for entry in ranked)
    if absent and (policy.order or policy.project_fields):
        yield f"{tracker}: {absent} ranked issues are not on the project or board: no fields or order there"


def _following(policies: Collection[WritePolicy]) -> frozenset[str]:
    """The targets whose values follow from other issues': ranks and places."""
    ranks = set()
    for policy in policies:
        if "rank" in policy.fields:
            ranks.add(str(WriteTarget("field", policy.fields["rank"])))
        if "rank" in policy.project_fields:
            ranks.add(str(WriteTarget("project_field", policy.project_fields["rank"])))
    return frozenset({*ranks, str(WriteTarget("order"))})
