"""A pull reads what was touched since the last one, looks at everything now and then, and says what is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from trackersync.change import Change, Outcome, OwnWrite, Status, WriteTarget
from trackersync.errors import UnavailableError, UnsupportedError
from trackersync.model import Delta, Fate, StateCategory, Whereabouts
from trackersync.sync import Workspace, not_read_for, pull
from trackersync.testing import MemoryConnector, MemoryTracker


@pytest.fixture
def memory(issue) -> MemoryTracker:
    tracker = MemoryTracker(fields=("Worth", "Reach"), page_size=2)
    return tracker.add(*(issue(number, fields={"Worth": number}) for number in range(1, 6)))


@pytest.fixture
def workspace(open_workspace) -> Workspace:
    return open_workspace()


def routes(memory) -> list[str]:
    sent = [request.route for request in memory.requests]
    memory.requests.clear()
    return sent


def titles(workspace) -> list[str]:
    return [issue.title for issue in workspace.store.issues(["core"])]


def test_the_first_pull_reads_all_and_an_idle_one_takes_a_single_request(workspace, memory):
    (first,) = pull(workspace)
    assert (first.touched, first.info.count, routes(memory)) == (None, 5, ["/issues"] * 3)
    (second,) = pull(workspace)
    assert (second.touched, second.info.count, routes(memory)) == (0, 5, ["/issues/touched"])


def test_what_was_touched_or_is_new_is_read_and_the_rest_stays(workspace, memory, issue):
    pull(workspace)
    memory.edit("id2", title="edited")
    memory.add(issue(6, title="new"))
    (result,) = pull(workspace)
    assert (result.touched, result.info.count) == (2, 6)
    assert titles(workspace) == ["Issue 1", "edited", "Issue 3", "Issue 4", "Issue 5", "new"]


def test_a_read_that_breaks_leaves_snapshot_and_cursor_as_they_were(workspace, memory):
    pull(workspace)
    for number in range(1, 6):
        memory.edit(f"id{number}", title="edited")
    memory.fail(UnavailableError("the connection broke", sent=True), after=1)
    (broken,) = pull(workspace)
    assert (broken.error.message, broken.info.count) == ("the connection broke", 5)
    assert "edited" not in titles(workspace)
    memory.heal()
    (healed,) = pull(workspace)
    assert healed.touched == 5
    assert titles(workspace) == ["edited"] * 5


def test_a_whole_read_finds_what_is_gone_and_asks_what_became_of_it(workspace, memory):
    pull(workspace)
    memory.remove("id3")
    (unaware,) = pull(workspace)
    assert (unaware.info.count, unaware.gone) == (5, {})
    routes(memory)
    (whole,) = pull(workspace, full=True)
    assert (whole.info.count, whole.touched) == (4, None)
    assert {str(ref): where for ref, where in whole.gone.items()} == {"memory:CORE-3": Whereabouts(Fate.DELETED)}
    assert routes(memory) == ["/issues", "/issues", "/issues/whereabouts"]


def test_where_nobody_can_tell_what_became_of_it_the_snapshot_is_complete_all_the_same(open_workspace, memory):
    class Speechless(MemoryConnector):
        def whereabouts(self, refs):
            raise UnavailableError("no answer", sent=True)

    workspace = open_workspace(connector=Speechless)
    pull(workspace)
    memory.remove("id3")
    (whole,) = pull(workspace, full=True)
    assert whole.error is None
    assert [where.fate for where in whole.gone.values()] == [Fate.UNKNOWN]


class WithoutCensus(MemoryConnector):
    def census(self):
        return super(MemoryConnector, self).census()


@pytest.mark.parametrize("connector", [MemoryConnector, WithoutCensus])
@pytest.mark.parametrize(
    ("census", "hours", "due"), [("1d", 20, False), ("1d", 22, True), ("never", 999, False), ("0h", 0, True)]
)
def test_every_so_often_all_is_looked_at_again(team, census, hours, due, connector, open_workspace, memory, clock):
    workspace = open_workspace(connector, team + f"census: {census}\n")
    pull(workspace)
    routes(memory)
    clock.advance(timedelta(hours=hours).total_seconds())
    pull(workspace)
    if due and connector is WithoutCensus:
        assert routes(memory) == ["/issues"] * 3
    else:
        assert routes(memory) == ["/issues/touched"] + ["/issues/ids"] * due


def test_a_field_that_is_wanted_since_and_another_selection_are_read_anew(team, open_workspace, memory):
    pull(open_workspace())
    routes(memory)
    pull(open_workspace(text=team.replace("field: Worth", "field: Reach")))
    assert routes(memory) == ["/issues"] * 3
    pull(open_workspace(text=team.replace("field: Worth", "field: Reach").replace("project: CORE", "project: OTHER")))
    assert routes(memory) == ["/issues"] * 3


def test_a_cursor_that_another_version_left_is_read_anew(open_workspace, memory):
    class Newer(MemoryConnector):
        def changes(self, cursor):
            raise UnsupportedError("of another version")
            yield

    pull(open_workspace())
    routes(memory)
    (result,) = pull(open_workspace(connector=Newer))
    assert (result.error, result.touched, routes(memory)) == (None, None, ["/issues"] * 3)


def test_what_only_the_board_knows_of_is_asked_of_what_nobody_touched(open_workspace, memory):
    asked = []

    class Boarded(MemoryConnector):
        follows_board = True

        def on_board(self, issues):
            asked.append([issue.ref.key for issue in issues])
            return [replace(issue, native_rank="first") for issue in issues[:1]]

    workspace = open_workspace(connector=Boarded)
    pull(workspace)
    memory.edit("id2", title="edited")
    (result,) = pull(workspace)
    assert asked == [["CORE-1", "CORE-3", "CORE-4", "CORE-5"]]
    assert (result.touched, result.info.count) == (2, 5)
    first, *others = workspace.store.issues(["core"], bodies=True)
    assert (first.native_rank, {other.native_rank for other in others} & {"first"}) == ("first", set())
    assert super(MemoryConnector, workspace.open(["core"])["core"]).on_board([first]) == ()


def test_once_the_rules_use_what_is_read_on_demand_all_is_read_anew_then_changes_again(team, open_workspace, memory):
    class Costly(MemoryConnector):
        capabilities = replace(MemoryConnector.capabilities, on_demand=frozenset({"comments"}))

    using = team.replace("expression: worth", "expression: worth + comments")
    pull(open_workspace(connector=Costly))
    routes(memory)
    workspace = open_workspace(Costly, using)
    assert dict(not_read_for(workspace, workspace.config.rules)) == {"core": ["comments"]}
    pull(workspace)
    assert routes(memory) == ["/issues"] * 3
    assert dict(not_read_for(workspace, workspace.config.rules)) == {}
    pull(workspace)
    assert routes(memory) == ["/issues/touched"]


def test_a_connector_without_a_cursor_is_always_read_anew_and_never_asked_for_changes(open_workspace, memory):
    class Plain(MemoryConnector):
        def pull(self):
            yield from super().pull()
            self.cursor = None

    workspace = open_workspace(connector=Plain)
    pull(workspace)
    routes(memory)
    pull(workspace)
    assert routes(memory) == ["/issues"] * 3
    source = workspace.open(["core"])["core"]
    with pytest.raises(UnsupportedError, match="memory can only be read anew"):
        super(MemoryConnector, source).changes("7")
    assert set(super(MemoryConnector, source).whereabouts([])) == set()


@pytest.mark.parametrize("full", [True, False])
def test_what_a_lagging_list_shows_as_before_our_own_write_is_read_again_by_id(open_workspace, memory, full):
    class Lagging(MemoryConnector):
        def _placed(self, issue):
            shown = super()._placed(issue)
            return replace(shown, updated_at=before.updated_at, labels=()) if issue.ref.id == "id1" else shown

    workspace = open_workspace(connector=Lagging)
    before = memory.issues["id1"]
    pull(workspace)
    memory.edit("id1", labels=("ours",))
    ours = memory.issues["id1"]
    workspace.store.save_own_writes([OwnWrite(before.ref, ours.updated_at, before.updated_at)])
    pull(workspace, full=full)
    (kept,) = [issue for issue in workspace.store.issues(["core"]) if issue.ref.id == "id1"]
    assert (kept.labels, kept.updated_at, kept.native_rank) == (("ours",), ours.updated_at, "000000")
    assert routes(memory)[-1] != "/issues/touched"


def test_what_a_search_does_not_name_yet_stays_ours_beside_a_board_too(open_workspace, memory):
    class Late(MemoryConnector):
        def changes(self, cursor):
            for delta in super().changes(cursor):
                yield Delta([issue for issue in delta.issues if issue.ref.id != "id1"], delta.left)

        def on_board(self, issues):
            return [replace(issue, native_rank="moved") for issue in issues]

    workspace = open_workspace(connector=Late)
    before = memory.issues["id1"]
    pull(workspace)
    memory.edit("id1", labels=("ours",))
    ours = memory.issues["id1"]
    store, change = workspace.store, Change(
        ref=before.ref, target=WriteTarget("labels", "ours"), before=(), after=("ours",), reason="rank 1"
    )  # fmt: skip
    run = store.begin_run(at=workspace.now(), plan_digest="d", allowed=())
    store.record(run, [Outcome(change, Status.APPLIED)], at=workspace.now())
    store.save_own_writes([OwnWrite(before.ref, ours.updated_at, before.updated_at)])
    pull(workspace)
    (kept,) = [issue for issue in store.issues(["core"]) if issue.ref.id == "id1"]
    assert (kept.labels, kept.updated_at) == (("ours",), ours.updated_at)


def finished(memory, id_, now):
    memory.edit(id_, state="closed", state_category=StateCategory.DONE, closed_at=now)


@pytest.mark.parametrize("full", [False, True])
def test_what_is_done_when_it_leaves_the_selection_is_kept_as_delivered(open_workspace, memory, issue, now, full):
    class OpenOnly(MemoryConnector):
        """Reads open issues alone, as most teams have it."""

        def pull(self):
            for page in super().pull():
                yield [issue for issue in page if issue.state == "open"]

        def changes(self, cursor):
            for delta in super().changes(cursor):
                left = [issue.ref.id for issue in delta.issues if issue.state != "open"]
                yield Delta([issue for issue in delta.issues if issue.state == "open"], [*delta.left, *left])

        def whereabouts(self, refs):
            return {ref.id: Whereabouts(Fate.UNSELECTED) for ref in refs}

    memory.add(*(issue(number) for number in range(6, 21)))
    workspace = open_workspace(OpenOnly)
    pull(workspace)
    finished(memory, "id2", now)
    memory.edit("id3", state="wontfix")
    (result,) = pull(workspace, full=full)
    assert result.info.count == 18
    assert [each.ref.key for each in workspace.store.done(["core"])] == ["CORE-2"]
    assert workspace.store.done(["core"], since=now) == workspace.store.done(["web"]) == []
    memory.edit("id2", state="open", state_category=StateCategory.TODO)
    pull(workspace, full=full)
    finished(memory, "id2", now + timedelta(days=1))
    pull(workspace, full=full)
    assert [each.closed_at for each in workspace.store.done(["core"])] == [now + timedelta(days=1)]


def test_what_cannot_be_read_any_more_is_not_taken_for_delivered_and_breaks_no_pull(open_workspace, memory, now):
    class Silent(MemoryConnector):
        def changes(self, cursor):
            for delta in super().changes(cursor):
                yield Delta((), [issue.ref.id for issue in delta.issues])

        def fetch(self, ids):
            raise UnavailableError("gone to lunch", tracker="core")

    workspace = open_workspace(Silent)
    pull(workspace)
    finished(memory, "id2", now)
    (result,) = pull(workspace)
    assert (result.error, result.info.count, workspace.store.done(["core"])) == (None, 4, [])


def test_why_a_read_failed_is_remembered_until_one_comes_to_its_end(workspace, memory, now):
    pull(workspace)
    assert workspace.store.failed_reads() == {}
    memory.fail(UnavailableError("the server is down", tracker="core"))
    pull(workspace)
    assert workspace.store.failed_reads()["core"].error == "the server is down"
    memory.heal()
    pull(workspace)
    assert workspace.store.failed_reads() == {}
