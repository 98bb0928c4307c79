"""The use cases over the memory connector and a real store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from trackersync.change import Status
from trackersync.config import load_config
from trackersync.errors import AuthError, ConfigError, GuardError, PlanError, StoreError
from trackersync.model import Issue
from trackersync.plan.document import Plan
from trackersync.registry import Registry
from trackersync.store import Store
from trackersync.sync import Workspace, apply_plan, explain_issue, make_plan, pull, rank, sync
from trackersync.testing import FakeClock, MemoryConnector, MemoryTracker
from trackersync.transport import Transport

TEAM = """\
version: 1
trackers:
  core: {connector: memory, project: CORE}
  web: {connector: memory, project: WEB}
inputs:
  worth: {from: {memory: {field: Worth}}}
scoring:
  framework: formula
  expression: worth
  adjustments:
    - {name: cooling, half_life: {of: idle_days, days: 30}}
bands:
  P0: {share: 50%}
  P1: {}
write:
  memory:
    labels: {prefix: "priority/"}
    fields: {score: Score, rank: Rank}
    order: board
"""


@pytest.fixture
def trackers() -> dict[str, MemoryTracker]:
    return {"core": MemoryTracker(), "web": MemoryTracker()}


@pytest.fixture
def clock(now) -> FakeClock:
    return FakeClock(now)


@pytest.fixture
def open_workspace(tmp_path: Path, trackers, clock) -> Iterator[Callable[..., Workspace]]:
    opened: list[Store] = []

    def open_(team: str = TEAM, env: dict[str, str] | None = None) -> Workspace:
        file = tmp_path / "trackersync.yaml"
        file.write_text(team)
        config = load_config(file, Registry(extra={"memory": MemoryConnector.over(trackers)}))
        store = Store.open(config.store)
        opened.append(store)
        return Workspace(config=config, store=store, transport=Transport(clock=clock), env=env or {})

    yield open_
    for store in opened:
        store.close()


@pytest.fixture
def workspace(open_workspace, trackers, issue) -> Workspace:
    for tracker, first in (("core", 1), ("web", 11)):
        memory = trackers[tracker]
        memory.fields = ("Worth", "Score", "Rank")
        for number in range(first, first + 4):
            memory.add(issue(number, tracker=tracker, fields={"Worth": number}, labels=("bug",)))
    return open_workspace()


def labels(trackers, tracker: str) -> list[tuple[str, ...]]:
    return [issue.labels for issue in trackers[tracker].issues.values()]


def the(trackers, id_: str) -> Issue:
    return next(memory.issues[id_] for memory in trackers.values() if id_ in memory.issues)


def statuses(result) -> set[Status]:
    return {outcome.status for outcome in result.outcomes}


def test_one_list_over_all_trackers_is_written_and_a_second_run_writes_nothing(workspace, trackers) -> None:
    _, _, first = sync(workspace)
    assert statuses(first) == {Status.APPLIED}
    assert labels(trackers, "web") == [("bug", "priority/P0")] * 4
    assert labels(trackers, "core") == [("bug", "priority/P1")] * 4
    assert the(trackers, "id14").fields == {"Worth": 14, "Score": 14, "Rank": 1}
    assert trackers["web"].order == ["id14", "id13", "id12", "id11"]
    for memory in trackers.values():
        memory.requests.clear()
    plan, _, second = sync(workspace)
    assert plan.changes == ()
    assert second.outcomes == []
    assert not [request for memory in trackers.values() for request in memory.requests if request.method != "GET"]


def test_our_own_writes_do_not_make_an_issue_look_alive(workspace, trackers, clock) -> None:
    clock.sleep(timedelta(days=30).total_seconds())
    sync(workspace)
    assert the(trackers, "id14").fields["Score"] == 7
    assert make_plan(workspace)[0].changes == ()
    trackers["web"].edit("id14", title="somebody is at it", updated_at=clock.now())
    changed = {change.ref.id for change in make_plan(workspace)[0].changes if change.target.name == "Score"}
    assert changed == {"id14"}


def test_planning_sends_no_write(workspace, trackers) -> None:
    plan, _ = make_plan(workspace)
    assert plan.changes
    assert {request.method for memory in trackers.values() for request in memory.requests} == {"GET"}


def test_what_changed_since_the_plan_is_left_alone_and_the_rest_goes_on(workspace, trackers) -> None:
    plan, _ = make_plan(workspace)
    trackers["core"].edit("id1", labels=("bug", "priority/P7"))
    trackers["core"].remove("id2")
    result = apply_plan(workspace, plan)
    conflicts = {o.change.ref.id for o in result.outcomes if o.status is Status.CONFLICT}
    assert conflicts == {"id1", "id2"}
    assert the(trackers, "id1").labels == ("bug", "priority/P7")
    assert the(trackers, "id3").labels == ("bug", "priority/P1")
    assert not result.complete


def test_applying_a_plan_twice_writes_nothing_twice(workspace, trackers) -> None:
    plan, _ = make_plan(workspace)
    apply_plan(workspace, plan)
    again = apply_plan(workspace, plan)
    assert {o.status for o in again.outcomes if o.change.target.kind != "order"} == {Status.UNCHANGED}
    assert trackers["web"].order == ["id14", "id13", "id12", "id11"]


def test_a_humans_value_stands_until_it_expires(open_workspace, workspace, trackers, clock) -> None:
    sync(workspace)
    trackers["core"].edit("id1", labels=("bug", "priority/P0"))
    expiring = open_workspace(TEAM + "overrides: {expire: 30d}\n")
    plan, _, _ = sync(expiring)
    assert [(o.ref.id, o.found) for o in plan.overrides] == [("id1", ("priority/P0",))]
    assert the(trackers, "id1").labels == ("bug", "priority/P0")
    clock.sleep(timedelta(days=31).total_seconds())
    sync(expiring, allow=["max_changed_share"])
    assert the(trackers, "id1").labels == ("bug", "priority/P1")


def test_an_issue_moved_by_hand_stays_where_it_was_put(workspace, trackers) -> None:
    sync(workspace)
    trackers["web"].order[:] = ["id11", "id14", "id13", "id12"]
    plan, _, _ = sync(workspace)
    assert [o.ref.id for o in plan.overrides] == ["id11"]
    assert trackers["web"].order == ["id11", "id14", "id13", "id12"]


def test_a_tracker_that_cannot_be_read_is_skipped_and_the_others_go_on(workspace, trackers) -> None:
    pull(workspace)
    trackers["web"].fail(AuthError("401"))
    plan, results, result = sync(workspace)
    assert [type(r.error) for r in results] == [type(None), AuthError]
    assert [s.tracker for s in plan.skipped] == ["web"]
    assert set(plan.trackers) == {"core"}
    assert labels(trackers, "web") == [("bug",)] * 4
    assert {o.change.after for o in result.outcomes if o.change.target.name == "Rank"} == {5, 6, 7, 8}


def test_a_read_that_lost_too_much_keeps_the_last_snapshot(workspace, trackers) -> None:
    pull(workspace)
    trackers["web"].issues.clear()
    trackers["web"].order.clear()
    results = pull(workspace, ["web"], full=True)
    assert isinstance(results[0].error, GuardError)
    assert results[0].info is not None
    assert results[0].info.count == 4
    assert pull(workspace, ["web"], allow=["max_shrink"], full=True)[0].error is None
    assert [scored.issue.ref.tracker for scored in rank(workspace).ranked] == ["core"] * 4


def test_trackers_are_read_at_once_and_told_in_the_order_of_the_file(open_workspace, trackers, monkeypatch) -> None:
    together = threading.Barrier(2, timeout=10)
    ask = MemoryTracker.request

    def wait(self, *arguments, **named):
        together.wait()  # neither is answered before the other asks
        ask(self, *arguments, **named)

    monkeypatch.setattr(MemoryTracker, "request", wait)
    assert [result.tracker for result in pull(open_workspace())] == ["core", "web"]


def test_what_was_never_read_is_skipped_offline(workspace) -> None:
    pull(workspace, ["core"])
    plan, results = make_plan(workspace, offline=True)
    assert results == ()
    assert set(plan.trackers) == {"core"}
    assert [s.tracker for s in plan.skipped] == ["web"]


def test_a_guard_refuses_before_anything_is_written(open_workspace, workspace, trackers) -> None:
    guarded = open_workspace(TEAM + "guards: {max_changes: 3}\n")
    with pytest.raises(GuardError, match="8 issues would be written to; the limit is 3"):
        sync(guarded)
    assert labels(trackers, "core") == [("bug",)] * 4
    _, _, result = sync(guarded, allow=["max_changes"])
    assert result.complete
    assert guarded.store.runs()[0].allowed == ("max_changes",)


def test_a_plan_for_another_tracker_is_refused(open_workspace, workspace, trackers) -> None:
    plan, _ = make_plan(workspace)
    with pytest.raises(PlanError, match="for another tracker: web was 'memory WEB'"):
        apply_plan(open_workspace(TEAM.replace("WEB", "ELSEWHERE")), plan)
    assert labels(trackers, "core") == [("bug",)] * 4


def test_a_plan_for_a_tracker_that_was_taken_out_of_the_file_is_refused(open_workspace, workspace, trackers) -> None:
    plan, _ = make_plan(workspace)
    without = "\n".join(line for line in TEAM.splitlines() if "WEB" not in line)
    with pytest.raises(PlanError, match=r"web was 'memory WEB'; .* has no tracker of that name"):
        apply_plan(open_workspace(without), plan, allow=["rules_changed"])
    assert labels(trackers, "core") == [("bug",)] * 4


def forged(plan: Plan, **values: object) -> Plan:
    return replace(plan, changes=(replace(plan.changes[0], **values),))


def test_a_plan_writes_nothing_that_the_file_does_not_declare_ours(workspace, trackers) -> None:
    plan, _ = make_plan(workspace)
    target = plan.changes[0].target
    for change in (
        {"target": replace(target, name="bug")},
        {"target": replace(target, kind="priority", name="")},
        {"after": ("wontfix",)},
        {"ref": replace(plan.changes[0].ref, tracker="elsewhere")},
    ):
        with pytest.raises(PlanError, match="does not declare ours"):
            apply_plan(workspace, forged(plan, **change))
    assert labels(trackers, "core") == [("bug",)] * 4


@pytest.mark.parametrize(
    "other", [{"prefix": ""}, {"previously": "bug"}, {"names": ("bug",)}, {"retired": ("priority/P9", "bug")}]
)
def test_a_plan_renames_and_deletes_no_labels_that_the_file_does_not_declare_ours(workspace, other) -> None:
    plan, _ = make_plan(workspace)
    core = plan.trackers["core"]
    forged = replace(plan, trackers={**plan.trackers, "core": replace(core, labels=replace(core.labels, **other))})
    with pytest.raises(PlanError, match="has labels of core that"):
        apply_plan(workspace, forged)


def test_a_plan_of_before_labels_were_things_of_their_own_is_applied(workspace, trackers) -> None:
    plan, _ = make_plan(workspace)
    older = replace(plan, trackers={name: replace(each, labels=None) for name, each in plan.trackers.items()})
    assert apply_plan(workspace, older).complete


def test_an_error_that_stops_a_tracker_is_told_and_the_others_go_on(workspace, trackers) -> None:
    plan, _ = make_plan(workspace)
    trackers["core"].fail(AuthError("401"))
    result = apply_plan(workspace, plan)
    assert set(result.errors) == {"core"}
    assert labels(trackers, "core") == [("bug",)] * 4
    assert labels(trackers, "web") == [("bug", "priority/P0")] * 4
    assert {o.status for o in result.outcomes if o.change.ref.tracker == "core"} == {Status.REJECTED}
    assert len(result.outcomes) == len(plan.changes)


def test_a_lost_answer_is_found_out_by_reading_again(workspace, trackers) -> None:
    plan, _ = make_plan(workspace)
    trackers["core"].lost.add("id1")
    result = apply_plan(workspace, plan)
    assert statuses(result) == {Status.APPLIED}
    assert "found written" in {o.detail for o in result.outcomes}


def test_one_refused_issue_does_not_stop_the_rest(workspace, trackers) -> None:
    trackers["core"].refused["id1"] = "locked"
    _, _, result = sync(workspace)
    assert {o.change.ref.id for o in result.outcomes if o.status is Status.REJECTED} == {"id1"}
    assert the(trackers, "id2").labels == ("bug", "priority/P1")


def test_unset_secrets_are_told_all_at_once_with_their_lines(open_workspace) -> None:
    team = TEAM.replace("project: CORE", "token_env: ONE").replace("project: WEB", "token_env: TWO")
    with pytest.raises(ConfigError) as caught:
        pull(open_workspace(team))
    assert [(p.line, p.path) for p in caught.value.problems] == [
        (3, ("trackers", "core", "token_env")),
        (4, ("trackers", "web", "token_env")),
    ]


def test_two_syncs_at_once_are_refused(workspace) -> None:
    with workspace.store.lock("sync"), pytest.raises(StoreError):
        sync(workspace)


def test_an_explanation_agrees_with_the_ranking(workspace) -> None:
    pull(workspace)
    first = rank(workspace).ranked[0]
    explanation = explain_issue(workspace, str(first.issue.ref))
    assert (explanation.rank, explanation.score, explanation.band) == (1, first.score, first.band)


def test_a_name_that_stands_for_another_tracker_now_has_no_snapshot_yet(open_workspace, workspace) -> None:
    pull(workspace)
    moved = open_workspace(TEAM.replace("WEB", "ELSEWHERE"))
    assert {scored.issue.ref.tracker for scored in rank(moved).ranked} == {"core"}
    plan, _ = make_plan(moved, offline=True)
    assert [s.tracker for s in plan.skipped] == ["web"]
