"""A pull that lists the ids finds what nobody touched: what is gone, what came in, and what was not to be believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from trackersync.errors import GuardError, RejectedError, UnavailableError
from trackersync.model import Delta, Fate, Whereabouts
from trackersync.sync import Workspace, pull
from trackersync.testing import MemoryConnector, MemoryTracker

DAY = timedelta(days=1).total_seconds()


@pytest.fixture
def memory(issue) -> MemoryTracker:
    tracker = MemoryTracker(fields=("Worth",), page_size=2)
    return tracker.add(*(issue(number, fields={"Worth": number}) for number in range(1, 11)))


@pytest.fixture
def day_after(open_workspace, team, memory, clock) -> Callable[..., Workspace]:
    """A workspace whose tracker was read a day ago, so that a census is due."""

    def later(connector=MemoryConnector, text: str = team, *, seconds: float = DAY) -> Workspace:
        workspace = open_workspace(connector, text)
        assert pull(workspace)[0].error is None
        clock.advance(seconds)
        memory.requests.clear()
        return workspace

    return later


def routes(memory) -> list[str]:
    return [request.route for request in memory.requests]


def held(workspace) -> dict[str, str | None]:
    """By key, the place on the board."""
    return {issue.ref.key: issue.native_rank for issue in workspace.store.issues(["core"])}


class Unseen(MemoryConnector):
    """Tells of no touch: what happens there leaves no trace."""

    def changes(self, cursor):
        for delta in super().changes(cursor):
            yield Delta((), delta.left)


def test_of_what_is_not_listed_the_tracker_is_asked_what_became_of_it(day_after, memory):
    workspace = day_after()
    memory.remove("id10")
    (result,) = pull(workspace)
    assert routes(memory) == ["/issues/touched", "/issues/ids", "/issues/whereabouts"]
    assert (result.touched, result.listed, result.came, result.verdict) == (1, 9, 0, "complete")
    assert {str(ref): where for ref, where in result.gone.items()} == {"memory:CORE-10": Whereabouts(Fate.DELETED)}
    assert "CORE-10" not in held(workspace)


def test_what_came_in_without_a_touch_is_fetched_and_has_its_place(day_after, memory, issue):
    workspace = day_after(Unseen)
    memory.add(issue(11), issue(12), issue(13))
    (result,) = pull(workspace)
    assert routes(memory) == [*["/issues/touched"] * 2, "/issues/ids", *["/issues/by-id"] * 2]
    assert (result.touched, result.listed, result.came, result.info.count) == (3, 13, 3, 13)
    assert held(workspace)["CORE-12"] == "000011"


def test_a_census_moves_the_time_of_the_last_look_and_a_pull_without_one_does_not(day_after, memory, clock, now):
    workspace = day_after()
    (looked,) = pull(workspace)
    assert (looked.info.whole_at, looked.verdict, looked.gone) == (now + timedelta(days=1), "unchanged", {})
    clock.advance(60)
    (result,) = pull(workspace)
    assert result.listed is None
    assert (result.info.taken_at - result.info.whole_at).total_seconds() == 60
    assert routes(memory) == ["/issues/touched", "/issues/ids", "/issues/touched"]


def test_what_a_census_lists_and_is_gone_when_it_is_read_stays_out(day_after, memory, issue):
    class Late(Unseen):
        def fetch(self, ids):
            return {id_: issue for id_, issue in super().fetch(ids).items() if id_ != "id12"}

    workspace = day_after(Late)
    memory.add(issue(11), issue(12))
    (result,) = pull(workspace)
    assert (result.came, result.info.count) == (1, 11)
    assert {"CORE-11", "CORE-12"} & set(held(workspace)) == {"CORE-11"}


@pytest.mark.parametrize("spared", [1, 2])
def test_a_census_that_breaks_leaves_snapshot_cursor_and_time_as_they_were(spared, day_after, memory, issue):
    workspace = day_after(Unseen)
    before = workspace.store.snapshot("core")
    memory.edit("id1", title="edited")
    memory.remove("id10")
    memory.add(issue(11))
    memory.fail(UnavailableError("the connection broke", sent=True), after=spared)
    (broken,) = pull(workspace)
    assert (broken.error.message, broken.listed, broken.info) == ("the connection broke", None, before)
    assert {"CORE-10", "CORE-11"} & set(held(workspace)) == {"CORE-10"}
    memory.heal()
    (healed,) = pull(workspace)
    assert (healed.listed, healed.came, [str(ref) for ref in healed.gone]) == (10, 1, ["memory:CORE-10"])


@pytest.mark.parametrize(
    ("rule", "whole"),
    [
        ('expression: "worth + votes"', True),
        ('expression: "worth + coalesce(comments, 0)"', False),
        ("expression: worth", False),
    ],
)
def test_rules_that_use_what_changes_without_a_trace_have_all_read_anew(team, rule, whole, day_after, memory):
    class Voted(Unseen):
        untraced = frozenset({"votes", "watchers"})

    workspace = day_after(Voted, team.replace("expression: worth", rule))
    memory.edit("id1", votes=7)
    (result,) = pull(workspace)
    assert (result.touched, routes(memory)[0]) == ((None, "/issues") if whole else (0, "/issues/touched"))
    first, *_ = workspace.store.issues(["core"])
    assert first.votes == (7 if whole else None)


class Mistaken(MemoryConnector):
    """Says of eight of ten issues that they left, although the tracker still lists those that it has."""

    def changes(self, cursor):
        yield from super().changes(cursor)
        yield Delta((), [f"id{number}" for number in range(1, 9)])


def test_before_a_loss_that_is_hard_to_believe_is_refused_the_ids_are_looked_at(day_after, memory):
    workspace = day_after(Mistaken, seconds=60)
    (result,) = pull(workspace)
    assert (result.error, result.info.count, result.listed, result.came, result.gone) == (None, 10, 10, 8, {})
    assert routes(memory) == ["/issues/touched", "/issues/ids", *["/issues/by-id"] * 4]
    assert held(workspace)["CORE-8"] == "000007"


def test_a_loss_that_the_ids_confirm_is_refused_with_the_numbers_and_what_became_of_some(day_after, memory):
    workspace = day_after(Mistaken, seconds=60)
    before = workspace.store.snapshot("core")
    for number in range(1, 9):
        memory.remove(f"id{number}")
    (refused,) = pull(workspace)
    assert isinstance(refused.error, GuardError)
    assert "found 10 issues, this one 2: 80% fewer" in refused.error.message
    assert {where.fate for where in refused.gone.values()} == {Fate.DELETED}
    assert (len(refused.gone), refused.info, len(held(workspace))) == (8, before, 10)
    assert "/issues/ids" in routes(memory)
    (allowed,) = pull(workspace, allow=["max_shrink"])
    assert (allowed.error, allowed.info.count, allowed.listed, len(allowed.gone)) == (None, 2, 2, 8)


def test_where_no_ids_are_listed_such_a_loss_is_refused_at_once(day_after, memory):
    class Silent(Mistaken):
        def census(self):
            return None

    workspace = day_after(Silent, seconds=60)
    (refused,) = pull(workspace)
    assert isinstance(refused.error, GuardError)
    assert "max_shrink" in refused.error.hint
    assert routes(memory) == ["/issues/touched", "/issues/whereabouts"]


def test_of_many_that_leave_and_never_were_here_nothing_is_thought(day_after, memory):
    class Elsewhere(MemoryConnector):
        def changes(self, cursor):
            yield from super().changes(cursor)
            yield Delta((), ["id1", *(f"other{number}" for number in range(100))])

    workspace = day_after(Elsewhere, seconds=60)
    (result,) = pull(workspace)
    assert (result.info.count, result.verdict, result.listed, result.gone) == (9, "complete", None, {})
    # The one that was here may have been delivered.
    assert routes(memory) == ["/issues/touched", "/issues/by-id"]


def test_of_a_guard_that_refuses_hundreds_only_some_are_asked_about(open_workspace, memory, issue):
    memory.add(*(issue(number) for number in range(11, 201)))
    workspace = open_workspace()
    pull(workspace)
    memory.issues.clear()
    memory.order.clear()
    (refused,) = pull(workspace, full=True)
    assert isinstance(refused.error, GuardError)
    assert len(refused.gone) == 20


def test_a_question_that_the_tracker_refuses_is_put_anew_for_everything(day_after, memory):
    class Refused(MemoryConnector):
        def changes(self, cursor):
            raise RejectedError("the value 'OLD' does not exist for the field 'project'")
            yield

    workspace = day_after(Refused, seconds=60)
    (result,) = pull(workspace)
    assert (result.error, result.touched, routes(memory)) == (None, None, ["/issues"] * 5)
