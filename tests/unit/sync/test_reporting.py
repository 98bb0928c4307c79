"""What a report tells of the past: where issues stood on a day, and how long what is done was in which band."""

from __future__ import annotations

from datetime import timedelta

import pytest

from trackersync.model import Standing, StateCategory
from trackersync.sync.reporting import gather
from trackersync.testing import MemoryTracker

DAY = timedelta(days=1)


@pytest.fixture
def memory():
    return MemoryTracker()


@pytest.fixture
def lists(open_workspace, issue, now):
    """CORE-1 goes from P1 to P0 and then is done and gone; CORE-2 from P0 to P1 to P2; a day lies between the runs."""
    workspace = open_workspace()
    bands = [{2: "P0", 1: "P1"}, {1: "P0", 2: "P1"}, {2: "P2"}]
    for day, each in enumerate(bands):
        run = workspace.store.begin_run(at=now + day * DAY, plan_digest=str(day), allowed=())
        places = enumerate(each.items(), 1)
        standings = [Standing(issue(number).ref, 9.0 - rank, rank, band) for rank, (number, band) in places]
        workspace.store.note_movements(["core"], standings, run=run)
        workspace.store.save_standings(["core"], standings, run=run)
    done = {"state_category": StateCategory.DONE, "closed_at": now + 2 * DAY}
    issues = [issue(1, **done), issue(2, fields={"Worth": 5.0}), issue(3, **done | {"closed_at": now - 5 * DAY})]
    identity = workspace.identity("core")
    workspace.store.replace_snapshot("core", identity, [issues], taken_at=now, accept=lambda *_: None)
    return workspace


NOWHERE = (None, None)


@pytest.mark.parametrize(
    ("days", "places"),
    [
        (-0.1, [NOWHERE, NOWHERE]),
        (0.1, [(2, "P1"), (1, "P0")]),
        (1.1, [(1, "P0"), (2, "P1")]),
        (2.1, [NOWHERE, (1, "P2")]),
    ],
)
def test_the_list_of_a_day_is_that_of_the_last_run_before_it(lists, issue, now, days, places):
    then = gather(lists, since=now + days * DAY).then
    found = (then.get(issue(number).ref.issue_key) for number in (1, 2))
    assert [(each.rank, each.band) if each else NOWHERE for each in found] == places


def test_what_is_done_tells_how_long_it_was_in_which_band(lists, now):
    (told,) = gather(lists, since=now).delivered
    assert (told.issue.ref.key, told.band()) == ("CORE-1", "P0")
    assert told.time_in(["P0", "P1", "P2"]) == [("P0", DAY), ("P1", DAY)]
    both = gather(lists, since=now - 9 * DAY).delivered
    assert [each.issue.ref.key for each in both] == ["CORE-1", "CORE-3"]
    assert (both[1].band(), both[1].time_in(["P0", "P1"])) == (None, [])


def test_what_was_done_between_two_runs_is_in_no_band_from_then_on(lists, issue, now):
    closed = now + 1.5 * DAY
    done = issue(2, state_category=StateCategory.DONE, closed_at=closed)
    identity = lists.identity("core")
    lists.store.replace_snapshot("core", identity, [[done]], taken_at=now, accept=lambda *_: None)
    (told,) = gather(lists, since=now).delivered
    assert told.time_in(["P0", "P1", "P2"]) == [("P0", DAY), ("P1", DAY / 2)]


def test_without_a_day_it_is_told_what_the_last_run_moved_where_the_list_is_as_it_was_applied(lists, issue, now):
    """Only CORE-2 is ranked, and first, as the third run has it: before that run it was second."""
    contents = gather(lists)
    (entry,) = contents.ranking.ranked
    assert (contents.before_at, contents.applied, contents.moved(entry)) == (now + DAY, True, 1)
    assert contents.moved_when() == "in the last run"
    assert [each.issue.ref.key for each in contents.delivered] == ["CORE-1"]
    assert [run.info.plan_digest for run in contents.runs] == ["2", "1", "0"]


def test_without_a_day_it_is_told_since_the_last_run_where_the_list_is_another_by_now(lists, issue, now):
    stored = [[issue(1, fields={"Worth": 9.0}), issue(2, fields={"Worth": 5.0})]]
    lists.store.replace_snapshot("core", lists.identity("core"), stored, taken_at=now, accept=lambda *_: None)
    contents = gather(lists)
    assert (contents.before_at, contents.applied) == (now + 2 * DAY, False)
    assert [contents.moved(entry) for entry in contents.ranking.ranked] == [None, -1]
    assert contents.moved_when() == "since the last run"


def test_where_no_list_was_applied_before_nothing_has_moved(open_workspace, issue, now):
    workspace = open_workspace()
    identity = workspace.identity("core")
    workspace.store.replace_snapshot("core", identity, [[issue(1)]], taken_at=now, accept=lambda *_: None)
    contents = gather(workspace)
    assert (contents.before, contents.before_at, contents.moved_when()) == ({}, None, None)
    run = workspace.store.begin_run(at=now, plan_digest="d", allowed=())
    standings = [Standing(issue(1).ref, 5.0, 1, "")]
    workspace.store.note_movements(["core"], standings, run=run)
    workspace.store.save_standings(["core"], standings, run=run)
    assert gather(workspace).moved_when() is None


def test_the_fewer_issues_there_are_the_more_moves_of_each_are_told(lists, issue, now):
    key = issue(2).ref.issue_key
    contents = gather(lists)
    assert (contents.moves_told, len(contents.movements[key])) == (60, 3)
    crowd = (issue(number) for number in range(20_000))
    lists.store.replace_snapshot("core", lists.identity("core"), [list(crowd)], taken_at=now, accept=lambda *_: None)
    assert gather(lists).moves_told == 5
