"""Reading, looking at all ids and writing tell how far they are, in steps that somebody can watch."""

from __future__ import annotations

from datetime import timedelta

import pytest

from trackersync.sync import apply_plan, make_plan, pull
from trackersync.testing import MemoryTracker

ISSUES = 30
WRITING = "write: {memory: {fields: {score: Score}}}\n"


@pytest.fixture
def memory(issue) -> MemoryTracker:
    tracker = MemoryTracker(fields=("Worth", "Score"), page_size=10)
    return tracker.add(*(issue(number, fields={"Worth": number}) for number in range(1, ISSUES + 1)))


@pytest.fixture
def told():
    heard: list[tuple[str, int, int | None]] = []

    def hear(what: str, done: int, of: int | None = None, /) -> None:
        heard.append((what, done, of))

    hear.heard = heard
    return hear


def test_a_read_tells_its_pages_and_how_many_there_were_last_time(open_workspace, told):
    workspace = open_workspace()
    pull(workspace, progress=told)
    pull(workspace, full=True, progress=told)
    assert told.heard == [("core", count, of) for of in (None, ISSUES) for count in (10, 20, 30)]


def test_a_look_at_all_ids_tells_how_many_there_should_be(open_workspace, told, clock):
    workspace = open_workspace()
    pull(workspace)
    clock.sleep(timedelta(days=2).total_seconds())
    pull(workspace, progress=told)
    assert ("core, all ids", ISSUES, ISSUES) in told.heard


def test_writing_tells_every_answer_and_never_goes_back(open_workspace, team, told):
    workspace = open_workspace(text=team + WRITING)
    plan, _ = make_plan(workspace)
    assert len(plan.changes) == ISSUES
    apply_plan(workspace, plan, progress=told)
    counts = [done for what, done, of in told.heard if (what, of) == ("core", ISSUES)]
    assert len(counts) == len(told.heard)
    assert counts == sorted(counts)
    assert set(range(ISSUES + 1)) == set(counts)


def test_a_job_hands_the_progress_on(open_workspace, team, told):
    from trackersync.sync import sync

    sync(open_workspace(text=team + WRITING), progress=told)
    assert ("core", ISSUES, None) in told.heard
    assert ("core", ISSUES, ISSUES) in told.heard
