"""What a report tells of the past: which bands there were on a day, and how long what is done was in its last one."""

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
    bands = [{1: "P1", 2: "P0"}, {1: "P0", 2: "P1"}, {2: "P2"}]
    for day, each in enumerate(bands):
        run = workspace.store.begin_run(at=now + day * DAY, plan_digest=str(day), allowed=())
        places = enumerate(each.items(), 1)
        standings = [Standing(issue(number).ref, 1.0, rank, band) for rank, (number, band) in places]
        workspace.store.save_standings(["core"], standings, run=run)
    done = {"state_category": StateCategory.DONE, "closed_at": now + 2 * DAY}
    issues = [issue(1, **done), issue(2), issue(3, **done | {"closed_at": now - 5 * DAY})]
    identity = workspace.identity("core")
    workspace.store.replace_snapshot("core", identity, [issues], taken_at=now, accept=lambda *_: None)
    return workspace


@pytest.mark.parametrize(
    ("days", "bands"), [(-0.1, (None, None)), (0.1, ("P1", "P0")), (1.1, ("P0", "P1")), (2.1, (None, "P2"))]
)
def test_the_bands_of_a_day_are_those_of_the_last_run_before_it(lists, issue, now, days, bands):
    then = gather(lists, since=now + days * DAY).bands_then
    assert tuple(then.get(issue(number).ref.issue_key) for number in (1, 2)) == bands


def test_what_is_done_was_last_in_the_band_it_left_the_list_with(lists, now):
    (told,) = gather(lists, since=now).delivered
    assert (told.issue.ref.key, told.band, told.since) == ("CORE-1", "P0", now + DAY)
    both = gather(lists, since=now - 9 * DAY).delivered
    assert [each.issue.ref.key for each in both] == ["CORE-1", "CORE-3"]
    assert (both[1].band, both[1].since) == (None, None)


def test_without_a_day_it_is_told_since_the_last_run(lists):
    contents = gather(lists)
    assert (contents.since, contents.bands_then, contents.delivered) == (None, {}, [])
    assert [run.info.plan_digest for run in contents.runs] == ["2", "1", "0"]
