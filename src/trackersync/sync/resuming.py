"""What earlier runs left behind: writes that nobody knows the end of, and plans that were applied in part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from msgspec import Struct, field

from trackersync.change import Change, Outcome, Status, WriteTarget
from trackersync.connector import Target
from trackersync.model import Issue, IssueKey, IssueRef
from trackersync.plan.document import Plan
from trackersync.plan.moves import Resumption, resume, settle_moves
from trackersync.plan.settle import CUT_OFF, GONE, settle_lost
from trackersync.store import InFlight
from trackersync.sync.workspace import Workspace

Place = tuple[IssueKey, WriteTarget]

_FOR_GOOD = frozenset({Status.APPLIED, Status.UNCHANGED, Status.CONFLICT})
_ORDER = WriteTarget("order")


class Earlier(Struct, frozen=True):
    """What earlier runs of the same plan did on one tracker."""

    written: frozenset[Place] = frozenset()
    """Where they wrote a value."""
    moves: Resumption = field(default_factory=Resumption)


def look_back(workspace: Workspace, target: Target, plan: Plan) -> Earlier:
    """Settle what is in flight on this tracker, and tell what earlier runs of the plan did there.

    Asks the tracker nothing where no run was cut off and the plan was never applied before.
    """
    lost = workspace.store.in_flight([target.tracker])
    if lost:
        _settle_now(workspace, target, plan, lost)
    ended = _ended(workspace, plan, target.tracker)
    written = frozenset(place for place, outcome in ended.items() if outcome.status is Status.APPLIED)
    moves = moves_of(plan, target.tracker)
    moved = {move: ended[place] for move in moves if (place := (move.ref.issue_key, _ORDER)) in ended}
    if not moved:
        return Earlier(written)
    order = board_order(target, plan) if len(moved) < len(moves) else ()
    return Earlier(written, resume(moves, moved, order, _wanted(plan, target.tracker)))


def _settle_now(workspace: Workspace, target: Target, plan: Plan, lost: Sequence[InFlight]) -> None:
    issues = target.fetch(list(dict.fromkeys(each.change.ref.id for each in lost)))
    moved = [each.change.ref for each in lost if is_move(each.change)]
    order = board_order(target, plan, also=moved) if moved else ()
    settle_in_flight(workspace, lost, issues, order, moves_of(plan, target.tracker), gone=GONE)


def settle_in_flight(
    workspace: Workspace,
    lost: Sequence[InFlight],
    issues: Mapping[str, Issue],
    order: Sequence[str],
    moves: Sequence[Change] = (),
    *,
    gone: str | None = None,
) -> None:
    """Enter in the ledger what became of writes to one tracker that were cut off or never answered.

    `issues` by id and their `order` were read since; `gone` is said of an issue that is not among them, of which
    otherwise nothing is known. `moves` are all of the plan, where it is at hand.
    """
    for run, of_run in groupby(lost, key=lambda each: each.run):
        together = list(of_run)
        found = [_value(each, issues.get(each.change.ref.id), gone) for each in together if not is_move(each.change)]
        unknown = [Outcome(each.change, Status.UNKNOWN, CUT_OFF) for each in together if is_move(each.change)]
        found += settle_moves(unknown, order, moves)
        known = [outcome for outcome in found if outcome.status is not Status.UNKNOWN]
        workspace.store.record(run, known, at=workspace.now())


def _value(lost: InFlight, issue: Issue | None, gone: str | None) -> Outcome:
    outcome = settle_lost(lost.change, issue, answered=lost.answered)
    if outcome.status is Status.UNKNOWN and gone is not None:
        return Outcome(lost.change, Status.CONFLICT, gone)
    return outcome


def _ended(workspace: Workspace, plan: Plan, tracker: str) -> dict[Place, Outcome]:
    """By place the outcomes that earlier runs of the plan came to, unless another run has written there since."""
    ended: dict[Place, Outcome] = {}
    for digest, outcome in workspace.store.outcomes_since(plan.digest):
        place = (outcome.change.ref.issue_key, outcome.change.target)
        if digest == plan.digest and outcome.status in _FOR_GOOD:
            ended[place] = _latest(ended.get(place), outcome)
        elif outcome.status is Status.APPLIED:
            ended.pop(place, None)
    return {place: outcome for place, outcome in ended.items() if place[0][0] == tracker}


def _latest(before: Outcome | None, outcome: Outcome) -> Outcome:
    """What was applied once stays so, however a later run of the plan found it."""
    return before if before and before.status is Status.APPLIED else outcome


def is_move(change: Change) -> bool:
    """Whether it is about a place in the order, which no issue tells by itself."""
    return change.target == _ORDER


def is_comment(change: Change) -> bool:
    """Whether it is about our comment, of which no list of issues tells what it says."""
    return change.target.kind == "comment"


def moves_of(plan: Plan, tracker: str) -> list[Change]:
    """The moves of a plan on one tracker, in the order in which they are made."""
    return [change for change in plan.changes if change.ref.tracker == tracker and is_move(change)]


def board_order(target: Target, plan: Plan, *, also: Sequence[IssueRef] = ()) -> list[str]:
    """Ids of the issues that the plan ranks, and of these others, in the order of the board as it is now."""
    return order_of(target.places(list(dict.fromkeys((*_listed(plan, target.tracker), *also)))))


def order_of(places: Mapping[str, str]) -> list[str]:
    """Ids in the order of their native ranks."""
    return sorted(places, key=lambda id_: (places[id_], id_))


def _listed(plan: Plan, tracker: str) -> list[IssueRef]:
    standings = [standing for standing in plan.standings if standing.ref.tracker == tracker]
    return [standing.ref for standing in sorted(standings, key=lambda standing: standing.rank)]


def _wanted(plan: Plan, tracker: str) -> list[str]:
    """Ids in the order of the plan, without what a person put elsewhere before."""
    by_hand = {override.ref.issue_key for override in plan.overrides if override.target == _ORDER}
    return [ref.id for ref in _listed(plan, tracker) if ref.issue_key not in by_hand]
