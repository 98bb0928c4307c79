"""The plan that undoes a run: what it found comes back wherever nobody touched it since."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from trackersync.change import Change, FoundOverride, Outcome, Status, WriteTarget
from trackersync.model import Issue, IssueKey, Standing, Value
from trackersync.plan.document import Plan, PlannedTracker, SkippedTracker
from trackersync.plan.order_before import Moved, as_applied, as_found, lost, moves_back
from trackersync.plan.policy import WritePolicy
from trackersync.plan.values import current_value, declared_targets, same

_ORDER, _ITEM = WriteTarget("order"), WriteTarget("project_item")


class RunWritten(Struct, frozen=True, kw_only=True):
    """Everything a run is undone by, all of it handed in."""

    now: datetime
    run: str
    rules_digest: str
    outcomes: Sequence[Outcome]
    """What became of the run's changes, in order, of all or of some issues; of one place the last counts."""
    wrote_last: Mapping[tuple[IssueKey, str], str]
    """By issue and `str(target)` the run whose value there is the last one of ours."""
    issues: Mapping[IssueKey, Issue]
    """As they are now."""
    boards: Mapping[str, Sequence[str]]
    """By tracker the ids of what is on its board now, in its order."""
    moved_by_hand: Mapping[IssueKey, FoundOverride]
    held: Collection[IssueKey] = ()
    """Those of them that the run found moved already, and left where they were."""
    standings: Sequence[Standing]
    """The list as last applied, by rank."""
    bands_before: Mapping[IssueKey, str | None]
    """The bands that only this run changed, as they were before it."""
    policies: Mapping[str, WritePolicy]
    trackers: Mapping[str, PlannedTracker]
    """Those that were read completely and may be written to."""
    skipped: Sequence[SkippedTracker]
    chosen: Collection[IssueKey] | None = None
    """The issues that shall be as before; None: all of them."""


class _Found(Struct):
    changes: list[Change] = field(default_factory=list)
    overrides: list[FoundOverride] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)


def build_reversal(written: RunWritten) -> Plan:
    """The list of what goes back, by tracker, moves last; what is left alone is among its overrides and notes.

    No guard refuses it: it writes at most what the run wrote, and somebody asked for it by name.
    """
    found = _Found()
    for tracker in sorted(written.trackers):
        mine = _last_of_each(each for each in written.outcomes if each.change.ref.tracker == tracker)
        for outcome in mine:
            if outcome.change.target != _ORDER and outcome.status is Status.APPLIED and _is_chosen(written, outcome):
                _value_back(written, outcome.change, found)
        moves = [each for each in mine if each.change.target == _ORDER]
        board = _board(written, tracker, leaving=_taken_off(found.changes))
        found.standings += _bands_back(written, _order_back(written, moves, board, found))
    return Plan(
        created_at=written.now,
        rules_digest=written.rules_digest,
        trackers=dict(sorted(written.trackers.items())),
        changes=tuple(found.changes),
        standings=tuple(found.standings),
        overrides=tuple(found.overrides),
        skipped=tuple(written.skipped),
        notes=tuple(found.notes),
    )


def _last_of_each(outcomes: Iterator[Outcome]) -> list[Outcome]:
    """The last outcome of every place, the places of one issue together."""
    places: dict[IssueKey, dict[WriteTarget, Outcome]] = {}
    for outcome in outcomes:
        places.setdefault(outcome.change.ref.issue_key, {})[outcome.change.target] = outcome
    return [outcome for of_issue in places.values() for outcome in of_issue.values()]


def _is_chosen(written: RunWritten, outcome: Outcome) -> bool:
    return written.chosen is None or outcome.change.ref.issue_key in written.chosen


def _value_back(written: RunWritten, done: Change, found: _Found) -> None:
    why_not = _why_not(written, done)
    if why_not is not None:
        found.notes.append(_left_alone(done, why_not))
        return
    now = current_value(written.issues[done.ref.issue_key], done.target)
    if same(now, done.before):
        return
    if (later := _later(written, done)) is not None:
        found.notes.append(_left_alone(done, f"run {later} wrote it since"))
    elif same(now, done.after):
        reason = f"as before run {written.run}"
        found.changes.append(Change(ref=done.ref, target=done.target, before=now, after=done.before, reason=reason))
    else:
        found.overrides.append(FoundOverride(done.ref, done.target, wrote=done.after, found=now))


def _why_not(written: RunWritten, done: Change) -> str | None:
    if done.target not in declared_targets(written.policies.get(done.ref.tracker, WritePolicy())):
        return "the file does not declare it ours any more"
    if done.ref.issue_key not in written.issues:
        return "the issue is gone or no longer visible to this account"
    return None


def _left_alone(done: Change, why: str) -> str:
    return f"left alone: {done.ref} {done.target}: {why}"


def _later(written: RunWritten, done: Change) -> str | None:
    """The other run that wrote this place last."""
    last = written.wrote_last.get((done.ref.issue_key, str(done.target)), written.run)
    return None if last == written.run else last


def _taken_off(changes: Sequence[Change]) -> frozenset[IssueKey]:
    """What leaves the board before anything is moved: its place goes with it, and nothing is put beside it."""
    return frozenset(each.ref.issue_key for each in changes if each.target == _ITEM and each.after is None)


class _Board(Struct, frozen=True):
    """What stands on one tracker's board, and what of it we ranked."""

    present: Sequence[str]
    """What stays there, in its order."""
    leaving: Collection[IssueKey]
    neighbours: Collection[tuple[str, str]]
    """Each issue and the one directly after it."""
    standings: Sequence[Standing]
    ranked: Collection[IssueKey]

    def shows(self, id_: str, place: Value) -> bool:
        """Whether the issue stands in this place, directly beside its neighbour."""
        match place:
            case ("after", anchor):
                return (anchor, id_) in self.neighbours
            case ("before", anchor):
                return (id_, anchor) in self.neighbours
            case _:
                return False

    def was_moved(self, outcome: Outcome) -> bool:
        """Whether it was: a move that nobody answered was made where the issue stands as it was to stand."""
        if outcome.status is Status.UNKNOWN:
            return self.shows(outcome.change.ref.id, outcome.change.after)
        return outcome.status is Status.APPLIED


def _board(written: RunWritten, tracker: str, leaving: Collection[IssueKey]) -> _Board:
    present = written.boards.get(tracker, ())
    staying = [id_ for id_ in present if (tracker, id_) not in leaving]
    standings = [each for each in written.standings if each.ref.tracker == tracker]
    ranked = {each.ref.issue_key for each in standings}
    return _Board(staying, leaving, set(pairwise(present)), standings, ranked)


def _order_back(written: RunWritten, moves: Sequence[Outcome], board: _Board, found: _Found) -> list[Standing]:
    """Add the moves that restore the order; the standings in the order as ours, as it then is."""
    moved = {each.change.ref.id: each.change for each in moves if board.was_moved(each)}
    here = set(board.present)
    by_hand = {each.ref.id for each in board.standings if each.ref.issue_key in written.moved_by_hand} & here
    held = {each.ref.id for each in board.standings if each.ref.issue_key in written.held} & by_hand
    known = Moved(
        present=board.present,
        applied=[each.ref.id for each in board.standings],
        by_hand=by_hand - held,
        held=held,
        stood={id_: _stood_after(change.before) for id_, change in moved.items()},
        restore={each.change.ref.id for each in moves if _goes_back(written, each, board, here, found)},
    )
    gone = lost(known)
    found.notes += [_left_alone(moved[id_], "the issue it stood beside is gone") for id_ in sorted(gone)]
    known = replace(known, restore=set(known.restore) - gone)
    found.changes += _moves(written, known, moved)
    return _placed(board.standings, as_applied(known)) if known.restore else list(board.standings)


def _goes_back(written: RunWritten, outcome: Outcome, board: _Board, here: Collection[str], found: _Found) -> bool:
    """Whether a move is undone; why not is told, unless nothing was moved or asked for."""
    done, later = outcome.change, _later(written, outcome.change)
    if not _is_chosen(written, outcome) or outcome.status not in {Status.APPLIED, Status.UNKNOWN}:
        return False
    if done.ref.issue_key in board.leaving:
        return False
    if later is not None and board.shows(done.ref.id, done.before):
        return False
    why_not = _why_not(written, done)
    if why_not is None and done.ref.id not in here:
        why_not = "the issue is not on the board any more"
    elif why_not is None and later is not None:
        why_not = f"run {later} moved it since"
    elif why_not is None and done.ref.issue_key in written.moved_by_hand:
        found.overrides.append(written.moved_by_hand[done.ref.issue_key])
        return False
    elif why_not is None and done.ref.issue_key not in board.ranked and not board.shows(done.ref.id, done.after):
        why_not = "it does not stand where the run put it"
    elif why_not is None and not board.was_moved(outcome):
        why_not = "nobody knows whether the run moved it"
    if why_not is not None:
        found.notes.append(_left_alone(done, why_not))
    return why_not is None


def _stood_after(before: Value) -> str | None:
    match before:
        case ("after", id_):
            return id_
        case _:
            return None


def _moves(written: RunWritten, known: Moved, moved: Mapping[str, Change]) -> Iterator[Change]:
    present = known.present
    places = {id_: place for place, id_ in enumerate(present)}
    for move in moves_back(as_found(known), known.restore):
        ref, place = moved[move.id].ref, places[move.id]
        before: Value = ("after", present[place - 1]) if place else ("before", present[1])
        word, anchor = ("before", str(move.before)) if move.after is None else ("after", move.after)
        beside = written.issues[ref.tracker, anchor].ref.key
        reason = f"as before run {written.run}: {word} {beside}"
        yield Change(ref=ref, target=_ORDER, before=before, after=(word, anchor), reason=reason)


def _placed(standings: Sequence[Standing], order: Sequence[str]) -> list[Standing]:
    """The same standings with their ranks dealt out anew, in this order; what is not in it keeps its rank."""
    listed = {each.ref.id: each for each in standings}
    in_order = [listed[id_] for id_ in order if id_ in listed]
    ranks = sorted(each.rank for each in in_order)
    placed = {each.ref.id: replace(each, rank=rank) for each, rank in zip(in_order, ranks, strict=True)}
    return [placed.get(each.ref.id, each) for each in standings]


def _bands_back(written: RunWritten, standings: Sequence[Standing]) -> list[Standing]:
    """The bands as hysteresis shall know them again: an issue that was not in the list before was in none."""
    before = {
        key: band for key, band in written.bands_before.items() if written.chosen is None or key in written.chosen
    }
    return [replace(each, band=before.get(each.ref.issue_key, each.band) or "") for each in standings]
