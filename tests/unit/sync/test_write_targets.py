"""Every place that can be ours is written once, and a second run finds nothing to write."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from trackersync.change import Status
from trackersync.errors import RejectedError, StoreError, UnavailableError
from trackersync.sync import Workspace, apply_plan, make_plan, plan_reversal, sync
from trackersync.sync.overriding import release
from trackersync.testing import MemoryConnector, MemoryTracker

WRITE = """\
bands: {{P0: {{count: 1}}, {second}: {{}}}}
write:
  core:
    {write}
"""
RETIRING = "labels: {prefix: p/, retire: true}"


@pytest.fixture
def memory(issue) -> MemoryTracker:
    tracker = MemoryTracker(fields=("Worth", "Score"), page_size=2)
    return tracker.add(*(issue(number, fields={"Worth": number}, labels=("bug",)) for number in range(1, 4)))


@pytest.fixture
def written(open_workspace, team):
    """The team's workspace that writes this to the tracker, for bands P0 and `second`."""

    def opened(write, connector=MemoryConnector, second="P1") -> Workspace:
        return open_workspace(connector, team + WRITE.format(write=write, second=second))

    return opened


class Named(MemoryConnector):
    """Keeps labels as things of their own, and tells what it is asked to do with them."""

    told: list[tuple[str, object]] = []  # noqa: RUF012 - each test clears it

    def define_labels(self, labels):
        self.told.append(("define", labels))
        return ("renamed prio-P0 to p/P0",) if labels.previously else ()

    def retire_labels(self, labels):
        self.told.append(("retire", labels.retired))
        return ("deleted",)


@pytest.fixture(autouse=True)
def nothing_told():
    Named.told.clear()


@pytest.mark.parametrize(
    "write",
    [
        "properties: {score: ts.score, band: ts.band}",
        "comment: true",
        "{add_to_project: true, project_fields: {score: Score}, order: board}",
    ],
)
def test_what_was_written_is_there_and_a_second_run_finds_nothing_to_write(written, memory, write):
    memory.place("id3", listed=False)
    workspace = written(write)
    _, _, first = sync(workspace)
    assert {outcome.status for outcome in first.outcomes} == {Status.APPLIED}
    plan, _, _ = sync(workspace)
    assert plan.changes == ()
    assert plan.overrides == ()


def test_a_comment_says_why_and_stands_on_the_issue(written, memory):
    sync(written("comment: true"))
    assert memory.issues["id3"].comment.startswith("Priority P0, score 3.\nBecause of formula")


@pytest.mark.parametrize("theirs", [None, "This is wrong."])
def test_whoever_deletes_or_edits_our_comment_is_respected_from_then_on(written, memory, theirs):
    workspace = written("comment: true")
    sync(workspace)
    memory.edit("id3", comment=theirs, fields={"Worth": 30})
    _, _, met = sync(workspace)
    assert [outcome.status for outcome in met.outcomes] == [Status.CONFLICT]
    plan, _, _ = sync(workspace)
    assert (plan.changes, [each.found for each in plan.overrides]) == ((), [theirs])
    assert memory.issues["id3"].comment == theirs


def test_a_comment_that_is_released_is_written_once_more(written, memory):
    workspace = written("comment: true")
    sync(workspace)
    memory.edit("id3", comment=None, fields={"Worth": 30})
    sync(workspace)
    sync(workspace)
    release(workspace, "memory:CORE-3")
    _, _, result = sync(workspace)
    assert [outcome.status for outcome in result.outcomes] == [Status.APPLIED]
    assert memory.issues["id3"].comment.startswith("Priority P0, score 30.")
    assert sync(workspace)[0].changes == ()


def test_a_comment_of_a_later_run_is_ours_also_where_an_older_plan_meets_it(written, memory):
    workspace = written("comment: true")
    older, _ = make_plan(workspace)
    memory.edit("id3", fields={"Worth": 30})
    sync(workspace)
    assert apply_plan(workspace, older).counts[Status.CONFLICT] == 1
    plan, _, _ = sync(workspace)
    assert (plan.changes, plan.overrides) == ((), ())


def test_what_somebody_made_of_a_comment_since_is_told_beside_what_we_wrote(written, memory):
    workspace = written("comment: true")
    plan, _ = make_plan(workspace)
    apply_plan(workspace, plan)
    ours = memory.issues["id3"].comment
    memory.edit("id3", comment="This is wrong.")
    apply_plan(workspace, plan)
    assert [(each.wrote, each.found) for each in make_plan(workspace)[0].overrides] == [(ours, "This is wrong.")]


def test_a_comment_that_a_new_store_does_not_know_is_written_over_by_the_second_run(written, memory):
    memory.edit("id3", comment="Priority P0, score 2.")
    workspace = written("comment: true")
    _, _, first = sync(workspace)
    assert first.counts == {Status.APPLIED: 2, Status.CONFLICT: 1}
    plan, _, second = sync(workspace)
    assert (len(plan.changes), plan.overrides, second.complete) == (1, (), True)
    assert memory.issues["id3"].comment.startswith("Priority P0, score 3.")


class Killed(MemoryConnector):
    """Its process dies once the first write is carried out, before anybody hears of it."""

    def apply(self, changes, current, *, notify):
        for _ in super().apply(changes, current, notify=notify):
            raise KeyboardInterrupt
        yield


@pytest.fixture
def cut_off(written, memory) -> Workspace:
    """The workspace whose first run died as soon as the first comment was written."""
    with pytest.raises(KeyboardInterrupt):
        sync(written("comment: true", Killed))
    assert sum(issue.comment is not None for issue in memory.issues.values()) == 1
    return written("comment: true")


def test_a_comment_of_a_run_that_was_cut_off_is_ours_and_edited_by_the_next(cut_off, memory):
    memory.edit("id3", fields={"Worth": 30})
    _, _, result = sync(cut_off, allow=("max_changed_share",))
    assert result.complete
    plan, _, _ = sync(cut_off)
    assert (plan.changes, plan.overrides) == ((), ())


def test_a_comment_of_a_run_that_was_cut_off_stays_in_flight_while_nobody_can_tell(cut_off, memory):
    memory.fail(RejectedError("not now"), after=1)
    make_plan(cut_off)
    memory.heal()
    make_plan(cut_off, offline=True)
    assert [each.change.target.kind for each in cut_off.store.in_flight(["core"])] == ["comment"] * 3
    assert sync(cut_off)[2].complete


def test_the_undo_of_a_run_that_was_cut_off_takes_its_comment_back(cut_off, memory):
    plan, _ = plan_reversal(cut_off, cut_off.store.runs()[0].id)
    assert apply_plan(cut_off, plan).complete
    assert [issue.comment for issue in memory.issues.values()] == [None] * 3


@pytest.mark.parametrize("write", ["comment: true", "properties: {score: ts.score}", "add_to_project: true"])
def test_an_undo_takes_back_what_was_put_there(written, memory, write):
    memory.place("id3", listed=False)
    workspace = written(write)
    before = {**memory.issues}, [*memory.order]
    _, _, done = sync(workspace)
    assert done.outcomes
    plan, _ = plan_reversal(workspace, done.run)
    assert apply_plan(workspace, plan).complete
    places = {id_: (issue.comment, issue.properties) for id_, issue in memory.issues.items()}
    assert places == {id_: (issue.comment, issue.properties) for id_, issue in before[0].items()}
    assert memory.order == before[1]


@pytest.mark.parametrize("absent", [{"id3"}, {"id2", "id3"}, {"id1", "id2", "id3"}])
def test_the_undo_of_what_was_put_on_the_project_moves_only_what_stays_there(written, memory, absent):
    for id_ in absent:
        memory.place(id_, listed=False)
    before = [*memory.order]
    workspace = written("{add_to_project: true, project_fields: {score: Score}, order: board}")
    _, _, done = sync(workspace)
    assert memory.order == ["id3", "id2", "id1"]
    plan, _ = plan_reversal(workspace, done.run)
    assert plan.notes == ()
    assert apply_plan(workspace, plan).complete
    assert memory.order == before


def test_the_undo_of_comments_leaves_what_a_person_moved_where_it_is(written, memory):
    workspace = written("{comment: true, order: board}")
    _, _, done = sync(workspace)
    memory.move("id1", "before", "id3")
    plan, _ = plan_reversal(workspace, done.run)
    assert [(each.ref.id, each.target.kind) for each in plan.overrides] == [("id1", "order")]
    assert apply_plan(workspace, plan).complete
    assert memory.order[0] == "id1"


def test_labels_are_defined_before_they_are_written_and_all_is_read_anew_after_a_renaming(written, memory):
    workspace = written("labels: {prefix: p/, previously: prio-, colours: {P0: 'B60205'}}", Named)
    sync(workspace)
    ((what, labels),) = Named.told
    assert (what, labels.names, labels.colours) == ("define", ("p/P0", "p/P1"), {"p/P0": "B60205"})
    memory.requests.clear()
    make_plan(workspace)
    assert [request.route for request in memory.requests] == ["/issues", "/issues"]


def test_labels_are_renamed_and_bands_change_in_one_run_and_no_history_is_lost(written, memory):
    class Renaming(Named):
        def define_labels(self, labels):
            done = super().define_labels(labels)
            for id_, issue in memory.issues.items() if done else ():
                now = [label.replace("prio-", "p/") for label in issue.labels]
                memory.issues[id_] = replace(issue, labels=tuple(now))
            return done

    sync(written("labels: {prefix: prio-}", Renaming))
    memory.edit("id1", fields={"Worth": 30})
    renaming = written("labels: {prefix: p/, previously: prio-}", Renaming)
    _, _, result = sync(renaming)
    assert result.complete
    assert [memory.issues[id_].labels for id_ in ("id1", "id2", "id3")] == [
        ("bug", f"p/{b}") for b in ("P0", "P1", "P1")
    ]
    plan, _, _ = sync(renaming)
    assert (plan.changes, plan.overrides) == ((), ())
    undo, _ = plan_reversal(renaming, result.run)
    assert apply_plan(renaming, undo).complete
    labels = [memory.issues[id_].labels[-1] for id_ in ("id1", "id2", "id3")]
    assert labels == ["p/P1", "p/P1", "p/P0"]


def test_where_no_label_is_written_none_is_asked_for(written):
    workspace = written("labels: {prefix: p/}", Named)
    sync(workspace)
    Named.told.clear()
    sync(workspace)
    assert Named.told == []


def test_labels_of_no_band_are_retired_once_all_else_is_written(written):
    sync(written(RETIRING, Named))
    sync(written(RETIRING, Named, second="P2"), allow=("max_changed_share",))
    assert Named.told[-1] == ("retire", ("p/P1",))


def test_labels_are_kept_where_something_could_not_be_written(written, memory):
    sync(written(RETIRING, Named))
    memory.refused["id1"] = "no"
    Named.told.clear()
    sync(written(RETIRING, Named, second="P2"), allow=("max_changed_share",))
    assert [what for what, _ in Named.told] == ["define"]


@pytest.mark.parametrize("error", [RejectedError("the label is in use"), UnavailableError("502", sent=True)])
def test_labels_that_cannot_be_defined_stop_the_tracker_and_nothing_is_written(written, memory, error):
    class Unable(Named):
        def define_labels(self, labels):
            raise error

    _, _, result = sync(written("labels: {prefix: p/}", Unable))
    assert result.errors == {"core": error}
    assert {outcome.status for outcome in result.outcomes} == {Status.REJECTED}
    assert memory.issues["id1"].labels == ("bug",)


def test_nothing_is_asked_of_a_tracker_whose_labels_cannot_be_defined(written, memory):
    class Unable(Named):
        def define_labels(self, labels):
            raise RejectedError("no right to edit labels")

    workspace = written("labels: {prefix: p/}", Unable)
    plan, _ = make_plan(workspace)
    run = workspace.store.begin_run(at=plan.created_at, plan_digest="another", allowed=())
    workspace.store.note_in_flight(run, plan.changes[:1], at=plan.created_at)
    memory.requests.clear()
    apply_plan(workspace, plan)
    assert memory.requests == []


def test_a_store_that_fails_while_labels_are_defined_stops_the_run_and_none_is_written(written, memory, monkeypatch):
    workspace = written("labels: {prefix: p/, previously: prio-}", Named)

    def fails(*_args, **_kwargs):
        raise StoreError("disk full")

    plan, _ = make_plan(workspace)
    monkeypatch.setattr(type(workspace.store), "forget_cursor", fails)
    result = apply_plan(workspace, plan)
    assert result.stopped is not None
    assert {outcome.status for outcome in result.outcomes} == {Status.REJECTED}
    assert memory.issues["id1"].labels == ("bug",)


def test_labels_that_cannot_be_retired_are_told_and_harm_nothing(written, caplog):
    class Unable(Named):
        def retire_labels(self, labels):
            raise RejectedError("no right to delete labels")

    sync(written(RETIRING, Unable))
    _, _, result = sync(written(RETIRING, Unable, second="P2"), allow=("max_changed_share",))
    assert result.complete
    assert "labels could not be retired: no right to delete labels" in caplog.text
