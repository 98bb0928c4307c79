"""Builds the plan: what every ranked issue should carry, less what it carries already, less what humans decided."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from trackersync.change import Change, FoundOverride, LabelSet, WriteTarget
from trackersync.model import Issue, IssueKey, Standing, Value
from trackersync.plan.document import Plan, PlannedTracker, SkippedTracker
from trackersync.plan.guards import check_bands, check_changes
from trackersync.plan.order import least_moves
from trackersync.plan.overrides import Written
from trackersync.plan.policy import Guards, WritePolicy
from trackersync.plan.values import current_value, in_their_order, measuring_targets, same, wanted_values
from trackersync.scoring.figures import figure


class RankedIssue(Struct, frozen=True):
    """An issue as read, and where it stands in the list."""

    issue: Issue
    standing: Standing
    comment: str | None = None
    """What our comment on it should say, where comments are ours."""


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
    comments: Mapping[IssueKey, Value] = {}
    """What our comments were found to say where somebody changed them; None: it was deleted."""
    boards: Mapping[str, Sequence[str]] = {}
    """By tracker the ids of all that stands on its board, ranked or not, in its order."""
    passed: Collection[str] = ()
    """The guards that said no to what was read, and were allowed."""
    needs_input: int = 0
    """Issues that could not be scored."""


def build_plan(basis: Basis) -> Plan:
    """The complete list of changes, by tracker and rank, moves last; the same bytes for the same basis."""
    changes: list[Change] = []
    notes: list[str] = []
    for tracker in sorted(basis.trackers):
        policy = basis.policies.get(tracker, WritePolicy())
        ranked = [entry for entry in basis.ranked if entry.issue.ref.tracker == tracker]
        left_alone = _left_alone(tracker, policy, basis.overrides)
        differing = [change for entry in ranked for change in _value_changes(entry, policy, left_alone, basis)]
        worthwhile = [change for change in differing if not _is_slight(change, policy)]
        changes.extend(worthwhile)
        if policy.order:
            changes.extend(_moves(ranked, policy, left_alone, basis.boards.get(tracker, ())))
        notes.extend(_notes(tracker, ranked, policy, slight=len(differing) - len(worthwhile)))
        notes.extend(_label_notes(tracker, basis.trackers[tracker].labels, worthwhile))
    listed = {entry.issue.ref.issue_key for entry in basis.ranked if entry.issue.ref.tracker in basis.trackers}
    verdicts = [
        *check_changes(
            changes,
            basis.guards,
            # Not all the ledger: closed issues stay in it for ever, and beside them any change would look small.
            ours={place for place in basis.written if place[0] in listed},
            follows={place for tracker, policy in basis.policies.items() for place in _following(tracker, policy)},
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
        needs_input=basis.needs_input,
    )


_ITEM, _COMMENT = WriteTarget("project_item"), WriteTarget("comment")

LeftAlone = Collection[tuple[IssueKey, WriteTarget]]


def _left_alone(tracker: str, policy: WritePolicy, overrides: Sequence[FoundOverride]) -> LeftAlone:
    """The places of one tracker that are a person's; a label of before stands for the one that would replace it."""
    places = {(each.ref.issue_key, each.target) for each in overrides if each.ref.tracker == tracker}
    before, now = policy.label_style.previously, policy.label_prefix
    if before is not None and now is not None:
        renamed = WriteTarget("labels", before)
        places |= {(issue, WriteTarget("labels", now)) for issue, target in places if target == renamed}
    return places


def _value_changes(entry: RankedIssue, policy: WritePolicy, left_alone: LeftAlone, basis: Basis) -> Iterator[Change]:
    key, standing = entry.issue.ref.issue_key, entry.standing
    reason = _reason(standing, len(basis.ranked))
    for target, before, after in _wanted(entry, policy, left_alone, basis):
        if not same(before, after) and (key, target) not in left_alone:
            yield Change(ref=entry.issue.ref, target=target, before=before, after=after, reason=reason)


def _wanted(
    entry: RankedIssue, policy: WritePolicy, left_alone: LeftAlone, basis: Basis
) -> Iterator[tuple[WriteTarget, Value, Value]]:
    """Every target of one issue with what is there and what should be."""
    issue = entry.issue
    if _is_added(issue, policy, left_alone):
        yield _ITEM, None, True
    on_project = issue.native_rank is not None or _is_added(issue, policy, left_alone)
    for target, after in wanted_values(entry.standing, policy, on_project=on_project):
        yield target, current_value(issue, target), after
    if policy.comment:
        # No list of issues tells what their comments say: by the ledger, and `apply` looks before it writes.
        wrote = basis.written.get((issue.ref.issue_key, str(_COMMENT)))
        yield _COMMENT, basis.comments.get(issue.ref.issue_key, wrote), entry.comment


def _is_added(issue: Issue, policy: WritePolicy, left_alone: LeftAlone) -> bool:
    """Whether the issue is put on the project: unless somebody took it off."""
    absent = issue.native_rank is None and current_value(issue, _ITEM) is None
    return policy.add_to_project and absent and (issue.ref.issue_key, _ITEM) not in left_alone


def _is_slight(change: Change, policy: WritePolicy) -> bool:
    """Whether a score moved by less than is worth a write: the field keeps what it holds, which stays ours."""
    if not policy.min_score_change or ("score", change.target) not in measuring_targets(policy):
        return False
    before, after = _number(change.before), _number(change.after)
    return before is not None and after is not None and abs(after - before) < policy.min_score_change


def _number(value: Value) -> float | None:
    """A number, also one in a field of text."""
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None


def _reason(standing: Standing, total: int) -> str:
    band = f", {standing.band}" if standing.band else ""
    return f"rank {standing.rank:,} of {total:,}, score {figure(standing.score)}{band}"


def _moves(
    ranked: Sequence[RankedIssue], policy: WritePolicy, left_alone: LeftAlone, board: Sequence[str]
) -> Iterator[Change]:
    """The least moves among the issues of one tracker that are on its board, around those that people moved.

    What is put on the project by this plan comes there last, first what is ranked first. Where each stood is told by
    its neighbour among all on the board, so that it can go back there exactly.
    """
    target = WriteTarget("order")
    added = [entry.issue.ref.id for entry in ranked if _is_added(entry.issue, policy, left_alone)]
    standing = in_their_order(entry.issue for entry in ranked if entry.issue.native_rank is not None)
    here = {*standing, *added}
    on_board = {entry.issue.ref.id: entry for entry in ranked if entry.issue.ref.id in here}
    by_hand = {id_ for id_, entry in on_board.items() if (entry.issue.ref.issue_key, target) in left_alone}
    everything = [*(board or standing), *added]
    places = {id_: place for place, id_ in enumerate(everything)}
    for move in least_moves([*standing, *added], [id_ for id_ in on_board if id_ not in by_hand], by_hand):
        entry = on_board[move.id]
        place = places[move.id]
        before: Value = ("after", everything[place - 1]) if place else ("before", everything[1])
        side, anchor = ("before", str(move.before)) if move.after is None else ("after", move.after)
        why = ", which somebody put there" if anchor in by_hand else ""
        reason = f"rank {entry.standing.rank:,}: belongs {side} {on_board[anchor].issue.ref.key}{why}"
        yield Change(ref=entry.issue.ref, target=target, before=before, after=(side, anchor), reason=reason)


def _notes(tracker: str, ranked: Sequence[RankedIssue], policy: WritePolicy, *, slight: int) -> Iterator[str]:
    if slight:
        yield f"{tracker}: {slight:,} scores moved by less than {policy.min_score_change:g}: not written"
    absent = 0 if policy.add_to_project else sum(entry.issue.native_rank is None for entry in ranked)
    if absent and (policy.order or policy.project_fields):
        yield f"{tracker}: {absent:,} ranked issues are not on the project or board: no fields or order there"


def _label_notes(tracker: str, labels: LabelSet | None, changes: Sequence[Change]) -> Iterator[str]:
    """What becomes of labels as things of their own, on trackers that have such."""
    written = {change.target.name for change in changes if change.target.kind == "labels"}
    if labels is None or not written:
        return
    if labels.previously in written:
        yield f"{tracker}: labels {labels.previously}… are renamed to {labels.prefix}… where the tracker can"
    if labels.retired:
        yield f"{tracker}: once all is written, these labels are deleted: {', '.join(labels.retired)}"


def _following(tracker: str, policy: WritePolicy) -> Iterator[tuple[str, str]]:
    """The targets whose values follow from other issues', ranks and places, or from another prefix in the file."""
    targets = [WriteTarget("order")]
    if policy.label_style.previously is not None:
        targets.append(WriteTarget("labels", policy.label_style.previously))
    targets += [target for measure, target in measuring_targets(policy) if measure == "rank"]
    yield from ((tracker, str(target)) for target in targets)
