"""A run that is killed, or never hears an answer, leaves nothing that the next one takes for a person's doing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from trackersync.change import Status
from trackersync.config import load_config
from trackersync.errors import StoreError, UnavailableError
from trackersync.registry import Registry
from trackersync.store import Store
from trackersync.sync import Workspace, apply_plan, make_plan, plan_reversal, pull, sync
from trackersync.testing import FakeClock, MemoryConnector, MemoryTracker
from trackersync.transport import Transport

TEAM = """\
version: 1
trackers:
  core: {connector: memory, project: CORE}
inputs:
  worth: {from: {memory: {field: Worth}}}
scoring: {framework: formula, expression: worth}
bands: {P0: {count: 2}, P1: {}}
write:
  memory:
    labels: {prefix: "priority/"}
    fields: {score: Score}
    order: board
guards: {max_changed_share: 1}
"""
FORMER, LATTER = ("bug", "priority/P1"), ("bug", "priority/P0")


class Killed(BaseException):
    """What nothing catches, as nothing catches SIGKILL."""


class Mortal(MemoryConnector):
    """Dies in the middle of writing after `lives` outcomes, where that is set."""

    lives: int | None = None

    def apply(self, changes, current, *, notify):
        for outcome in super().apply(changes, current, notify=notify):
            if type(self).lives is not None:
                if type(self).lives == 0:
                    raise Killed
                type(self).lives -= 1
            yield outcome


@pytest.fixture
def core(issue) -> MemoryTracker:
    memory = MemoryTracker(fields=("Worth", "Score"))
    for number in range(1, 7):
        memory.add(issue(number, fields={"Worth": number}, labels=("bug",)))
    return memory


@pytest.fixture
def clock(now) -> FakeClock:
    return FakeClock(now)


@pytest.fixture
def mortal(core) -> type[Mortal]:
    return Mortal.over({"core": core})


@pytest.fixture
def workspace(tmp_path: Path, mortal, clock) -> Iterator[Workspace]:
    file = tmp_path / "trackersync.yaml"
    file.write_text(TEAM)
    config = load_config(file, Registry(extra={"memory": mortal}))
    with Store.open(config.store) as store:
        yield Workspace(config=config, store=store, transport=Transport(clock=clock), env={})


def turn_around(core: MemoryTracker) -> None:
    """From now on what was worth most is worth least."""
    for id_, issue in core.issues.items():
        core.edit(id_, fields=dict(issue.fields) | {"Worth": 7 - issue.fields["Worth"]})


def sync_until_killed(workspace: Workspace, core: MemoryTracker) -> None:
    while True:  # a run that has too few changes to die over is followed by another
        sync(workspace)
        turn_around(core)


def stands_right(core: MemoryTracker) -> bool:
    order = sorted(core.issues, key=lambda id_: -core.issues[id_].fields["Worth"])
    labels = {id_: LATTER if id_ in order[:2] else FORMER for id_ in order}
    return core.order == order and {id_: issue.labels for id_, issue in core.issues.items()} == labels


@pytest.mark.parametrize("first_run", [True, False])
@pytest.mark.parametrize("lives", range(16))
def test_after_a_kill_the_next_run_finishes_and_leaves_nothing_alone(
    workspace, core, mortal, clock, lives, first_run
) -> None:
    if not first_run:
        sync(workspace)
    turn_around(core)
    mortal.lives = lives
    with pytest.raises(Killed):
        sync_until_killed(workspace, core)
    mortal.lives = None
    clock.sleep(60)
    plan, _, result = sync(workspace)
    assert plan.overrides == ()
    assert result.complete
    assert stands_right(core)
    assert make_plan(workspace)[0].changes == ()
    assert workspace.store.in_flight(["core"]) == []


def test_a_kill_hides_no_human_value(workspace, core, mortal, clock) -> None:
    sync(workspace)
    turn_around(core)
    mortal.lives = 3
    with pytest.raises(Killed):
        sync(workspace)
    mortal.lives = None
    core.edit("id1", labels=("bug", "priority/P7"))
    core.edit("id3", fields={"Worth": 4, "Score": 99})
    clock.sleep(60)
    plan, _, _ = sync(workspace)
    assert {(o.ref.id, o.found) for o in plan.overrides} == {("id1", ("priority/P7",)), ("id3", 99)}
    assert core.issues["id1"].labels == ("bug", "priority/P7")


def test_what_a_cut_off_run_wrote_is_in_its_ledger_after_the_next_reading(workspace, mortal, clock) -> None:
    mortal.lives = 3
    with pytest.raises(Killed):
        sync(workspace)
    mortal.lives = None
    (run,) = workspace.store.runs()
    assert run.outcomes == {}
    clock.sleep(60)
    make_plan(workspace)
    (run,) = workspace.store.runs()
    assert run.outcomes == {Status.APPLIED: 4, Status.REJECTED: 13}
    assert run.finished_at is None


def test_a_reading_that_began_before_the_write_settles_nothing(workspace, core, mortal, clock) -> None:
    plan, _ = make_plan(workspace)
    clock.sleep(60)
    mortal.lives = 3
    with pytest.raises(Killed):
        apply_plan(workspace, plan)
    make_plan(workspace, offline=True)
    assert len(workspace.store.in_flight(["core"])) == 17


def test_an_answer_that_stays_lost_is_found_out_by_the_next_run(workspace, core, clock) -> None:
    sync(workspace)
    turn_around(core)
    plan, _ = make_plan(workspace)
    core.lost.add("id1")
    core.fail(UnavailableError("no route", sent=False), after=2)  # read, one write, and then nothing any more
    result = apply_plan(workspace, plan)
    assert Status.UNKNOWN in {outcome.status for outcome in result.outcomes}
    core.heal()
    clock.sleep(60)
    plan, _, result = sync(workspace)
    assert (plan.overrides, result.complete) == ((), True)
    assert stands_right(core)


def test_what_stands_next_to_an_issue_that_was_not_moved_is_no_ones_doing(workspace, core) -> None:
    sync(workspace)
    turn_around(core)
    core.refused["id3"] = "locked"
    _, _, result = sync(workspace)
    assert not result.complete
    del core.refused["id3"]
    plan, _, result = sync(workspace)
    assert plan.overrides == ()
    assert stands_right(core)


def test_offline_our_own_fresh_values_are_not_taken_for_a_persons(workspace, clock) -> None:
    plan, _ = make_plan(workspace)
    clock.sleep(60)
    apply_plan(workspace, plan)
    offline, _ = make_plan(workspace, offline=True)
    assert (offline.overrides, offline.changes) == ((), ())
    assert [s.reason for s in offline.skipped] == ["it was written to since it was last read; run `trackersync pull`"]
    pull(workspace)
    again, _ = make_plan(workspace, offline=True)
    assert (again.overrides, again.changes, again.skipped) == ((), (), ())


@pytest.mark.parametrize("lives", range(8))
def test_the_values_of_a_cut_off_run_are_undone_whenever_it_was_cut_off(workspace, core, mortal, clock, lives) -> None:
    before = {id_: (issue.labels, issue.fields) for id_, issue in core.issues.items()}
    mortal.lives = lives
    with pytest.raises(Killed):
        sync(workspace)
    mortal.lives = None
    clock.sleep(60)
    for run in workspace.store.runs():
        result = apply_plan(workspace, plan_reversal(workspace, run.id)[0])
        assert result.complete
    assert {id_: (issue.labels, issue.fields) for id_, issue in core.issues.items()} == before


def writes(core: MemoryTracker) -> list[str]:
    return [request.route for request in core.requests if request.write]


def test_applied_again_a_plan_writes_nothing_and_an_undisturbed_apply_never_asks_for_the_order(workspace, core) -> None:
    plan, _ = make_plan(workspace)
    assert apply_plan(workspace, plan).complete
    made = len(writes(core))
    again = apply_plan(workspace, plan)
    assert again.counts == {Status.UNCHANGED: len(plan.changes)}
    assert len(writes(core)) == made
    assert "/order" not in {request.route for request in core.requests}


def test_what_a_person_moved_or_restored_after_we_wrote_it_is_not_undone_by_resuming(workspace, core, mortal) -> None:
    plan, _ = make_plan(workspace)
    mortal.lives = 14  # all values, and two moves
    with pytest.raises(Killed):
        apply_plan(workspace, plan)
    mortal.lives = None
    moved = next(change.ref.id for change in plan.changes if change.target.kind == "order")
    core.order.remove(moved)
    core.order.append(moved)
    core.edit("id1", labels=("bug",))
    result = apply_plan(workspace, plan)
    assert core.order[-1] == moved
    assert core.issues["id1"].labels == ("bug",)
    others = [id_ for id_ in core.order if id_ != moved]
    assert others == [id_ for id_ in ("id6", "id5", "id4", "id3", "id2", "id1") if id_ != moved]
    assert {o.change.ref.id for o in result.outcomes if o.status is Status.CONFLICT} == {"id1"}


def test_no_plan_is_made_while_one_is_applied(workspace) -> None:
    with workspace.store.lock("apply"), pytest.raises(StoreError, match=r"another apply is running \(pid \d+ since "):
        make_plan(workspace)
