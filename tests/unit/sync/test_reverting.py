"""What an undo leaves alone, and that each is told with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from trackersync.change import Status
from trackersync.config import load_config
from trackersync.errors import AuthError, StoreError, UnavailableError
from trackersync.model import Issue, StateCategory
from trackersync.registry import Registry
from trackersync.store import Store
from trackersync.sync import Workspace, apply_plan, make_plan, plan_reversal, sync
from trackersync.testing import FakeClock, MemoryConnector, MemoryTracker
from trackersync.transport import Transport

TEAM = """\
version: 1
trackers:
  core: {connector: memory, project: CORE}
  web: {connector: memory, project: WEB}
inputs:
  worth: {from: {memory: {field: Worth}}}
scoring: {framework: formula, expression: worth}
bands: {P0: {min_score: 10}, P1: {}}
hysteresis: 3
write:
  memory:
    labels: {prefix: "priority/"}
    fields: {score: Score}
    order: board
guards: {max_changed_share: 1}
"""


class OnlyOpen(MemoryConnector):
    """Selects what is open, and is read anew each time."""

    follows_board = False

    def pull(self) -> Iterator[Sequence[Issue]]:
        for page in super().pull():
            yield [issue for issue in page if issue.state_category is not StateCategory.DONE]
        self.cursor = None


@pytest.fixture
def trackers(issue) -> dict[str, MemoryTracker]:
    made = {name: MemoryTracker(fields=("Worth", "Score")) for name in ("core", "web")}
    for number in range(1, 6):
        made["core"].add(issue(number, fields={"Worth": number}))
        made["web"].add(issue(number + 10, tracker="web", fields={"Worth": number + 10}))
    return made


@pytest.fixture
def clock(now) -> FakeClock:
    return FakeClock(now)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'store.db'}") as opened:
        yield opened


@pytest.fixture
def opened(tmp_path: Path, store, trackers, clock):
    def open_(text: str = TEAM) -> Workspace:
        file = tmp_path / "trackersync.yaml"
        file.write_text(text, encoding="utf-8")
        config = load_config(file, Registry(extra={"memory": OnlyOpen.over(trackers)}))
        return Workspace(config=config, store=store, transport=Transport(clock=clock), env={})

    return open_


@pytest.fixture
def workspace(opened) -> Workspace:
    return opened()


def worth(trackers, id_: str, value: int) -> None:
    core = trackers["core"]
    core.edit(id_, fields=dict(core.issues[id_].fields) | {"Worth": value})


def notes(plan, id_: str) -> list[str]:
    return [note for note in plan.notes if f" memory:CORE-{id_.removeprefix('id')} " in note]


def test_an_issue_that_is_not_selected_any_more_is_restored_all_the_same(workspace, trackers) -> None:
    _, _, result = sync(workspace)
    trackers["core"].edit("id1", state="closed", state_category=StateCategory.DONE)
    plan, _ = plan_reversal(workspace, result.run)
    assert apply_plan(workspace, plan).complete
    assert trackers["core"].issues["id1"].labels == ()


def test_an_issue_that_is_gone_is_told(workspace, trackers) -> None:
    _, _, result = sync(workspace)
    trackers["core"].remove("id1")
    plan, _ = plan_reversal(workspace, result.run)
    assert notes(plan, "id1")
    assert all("the issue is gone or no longer visible" in note for note in notes(plan, "id1"))
    assert apply_plan(workspace, plan).complete


def test_what_a_later_run_wrote_is_left_alone(workspace, trackers) -> None:
    _, _, first = sync(workspace)
    worth(trackers, "id1", 30)
    _, _, second = sync(workspace)
    plan, _ = plan_reversal(workspace, first.run)
    assert {note.split(": ")[-1] for note in notes(plan, "id1")} == {
        f"run {second.run} wrote it since",
        f"run {second.run} moved it since",
    }
    assert "id1" not in {change.ref.id for change in plan.changes}


def test_what_is_back_already_is_not_told_again(workspace) -> None:
    _, _, result = sync(workspace)
    assert apply_plan(workspace, plan_reversal(workspace, result.run)[0]).complete
    again, _ = plan_reversal(workspace, result.run)
    assert (again.changes, again.overrides, again.notes) == ((), (), ())


def test_what_the_file_does_not_declare_ours_any_more_is_left_alone(opened, trackers) -> None:
    _, _, result = sync(opened())
    workspace = opened(TEAM.replace("    order: board\n", "").replace("    fields: {score: Score}\n", ""))
    plan, _ = plan_reversal(workspace, result.run)
    assert {change.target.kind for change in plan.changes} == {"labels"}
    assert any("order: the file does not declare it ours any more" in note for note in plan.notes)
    assert apply_plan(workspace, plan).complete


def test_a_tracker_that_is_not_in_the_file_any_more_is_skipped(opened, trackers) -> None:
    _, _, result = sync(opened())
    workspace = opened(TEAM.replace("  web: {connector: memory, project: WEB}\n", ""))
    plan, _ = plan_reversal(workspace, result.run)
    assert [skipped.tracker for skipped in plan.skipped] == ["web"]
    assert {change.ref.tracker for change in plan.changes} == {"core"}


def test_a_tracker_that_cannot_be_read_is_skipped_and_the_other_restored(workspace, trackers) -> None:
    _, _, result = sync(workspace)
    trackers["web"].fail(AuthError("the token is no good", tracker="web"))
    plan, results = plan_reversal(workspace, result.run)
    assert [(skipped.tracker, skipped.reason) for skipped in plan.skipped] == [("web", "the token is no good")]
    assert [each.error is None for each in results] == [True, False]
    assert {change.ref.tracker for change in plan.changes} == {"core"}


def test_a_tracker_that_fails_when_asked_for_what_is_not_selected_is_skipped(workspace, trackers) -> None:
    _, _, result = sync(workspace)
    trackers["core"].edit("id1", state="closed", state_category=StateCategory.DONE)
    trackers["core"].fail(UnavailableError("it went away", tracker="core"), after=1)
    plan, _ = plan_reversal(workspace, result.run)
    assert [(skipped.tracker, skipped.reason) for skipped in plan.skipped] == [("core", "it went away")]


def test_a_run_that_nobody_knows_is_refused(workspace) -> None:
    with pytest.raises(StoreError, match="no run 20200101-000000-0000"):
        plan_reversal(workspace, "20200101-000000-0000")


def test_a_move_whose_answer_was_lost_is_undone_where_it_was_made(workspace, trackers) -> None:
    before = trackers["core"].order[:]
    trackers["core"].lost |= {"id4"}
    _, _, result = sync(workspace)
    assert result.counts[Status.UNKNOWN] <= 1
    plan, _ = plan_reversal(workspace, result.run)
    assert apply_plan(workspace, plan).complete
    assert trackers["core"].order == before


def test_only_chosen_issues_go_back_and_the_others_keep_their_places(workspace, trackers) -> None:
    _, _, result = sync(workspace)
    assert trackers["core"].order == ["id5", "id4", "id3", "id2", "id1"]
    (moved, *others) = [o.change.ref.id for o in result.outcomes if o.change.target.kind == "order"
                        and o.change.ref.tracker == "core"]  # fmt: skip
    plan, _ = plan_reversal(workspace, result.run, chosen={("core", moved)})
    assert {change.ref.id for change in plan.changes} == {moved}
    assert set(plan.trackers) == {"core"}
    apply_plan(workspace, plan)
    assert [id_ for id_ in trackers["core"].order if id_ != moved] == [
        id_ for id_ in ("id5", "id4", "id3", "id2", "id1") if id_ != moved
    ]
    assert others


def test_hysteresis_knows_the_bands_of_before_the_run(workspace, trackers) -> None:
    sync(workspace)
    worth(trackers, "id1", 20)
    wanted = make_plan(workspace)[0]
    _, _, result = sync(workspace)
    assert trackers["core"].issues["id1"].labels == ("priority/P0",)
    apply_plan(workspace, plan_reversal(workspace, result.run)[0])
    assert workspace.store.bands()["core", "id1"] == "P1"
    again = make_plan(workspace)[0]
    assert (again.changes, again.standings) == (wanted.changes, wanted.standings)
    # Within the reach of the band it was in before: had the undo forgotten that, it would be P0 now.
    worth(trackers, "id1", 11)
    assert next(s.band for s in make_plan(workspace)[0].standings if s.ref.id == "id1") == "P1"


def test_a_moved_issue_without_a_standing_is_left_where_it_does_not_stand_as_the_run_put_it(
    workspace, trackers
) -> None:
    _, _, result = sync(workspace)
    moved = next(
        o.change for o in result.outcomes if o.change.target.kind == "order" and o.change.ref.tracker == "core"
    )
    standings = [s for s in workspace.store.standings().values() if s.ref != moved.ref]
    workspace.store.save_standings(["core", "web"], standings, run=result.run)
    plan, _ = plan_reversal(workspace, result.run)
    assert moved.ref in {change.ref for change in plan.changes if change.target.kind == "order"}
    core = trackers["core"]
    core.order.remove(moved.ref.id)
    core.order.append(moved.ref.id)
    core.edit("id1", title="so that the place is read again")
    plan, _ = plan_reversal(workspace, result.run)
    told = f"left alone: {moved.ref} order: it does not stand where the run put it"
    assert (told in plan.notes) == (moved.after[1] != core.order[-2])


def test_an_undo_touches_nothing_but_what_is_ours(workspace, trackers) -> None:
    held = {id_: replace(issue, labels=("bug", *issue.labels)) for id_, issue in trackers["core"].issues.items()}
    trackers["core"].issues |= held
    _, _, result = sync(workspace)
    apply_plan(workspace, plan_reversal(workspace, result.run)[0])
    assert {issue.labels for issue in trackers["core"].issues.values()} == {("bug",)}
