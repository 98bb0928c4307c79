"""A snapshot is brought up to date in one step, by what was touched and what left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from trackersync.errors import StoreError
from trackersync.model import Delta, Issue, IssueRef, SnapshotInfo, StateCategory

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def make(number, title="as it was"):
    return Issue(
        ref=IssueRef("web", "github", f"I_{number:05}", f"acme/web#{number}"), title=title, url="", state="open",
        state_category=StateCategory.TODO, created_at=NOON, updated_at=NOON, body=f"text of {number}",
    )  # fmt: skip


def update(store, *deltas, accept=lambda *_: None, cursor="two", **more):
    return updated(store, *deltas, accept=accept, cursor=cursor, **more).info


def updated(store, *deltas, accept=lambda *_: None, cursor="two", **more):
    return store.update_snapshot("web", iter(deltas), taken_at=LATER, accept=accept, cursor=lambda: cursor, **more)


@pytest.fixture
def stored(store):
    store.replace_snapshot(
        "web", "github", [[make(1), make(2), make(3)]], taken_at=NOON, accept=lambda *_: None, cursor=lambda: "one"
    )
    return store


def titles(store):
    return {issue.ref.key: issue.title for issue in store.issues(["web"])}


def test_touched_issues_are_replaced_new_ones_added_and_those_that_left_are_taken_out(stored):
    info = update(stored, Delta([make(2, "edited")], ["I_00003", "I_00099"]), Delta([make(4, "new")]))
    assert info == SnapshotInfo("web", "github", LATER, 3, "two", NOON) == stored.snapshot("web")
    assert titles(stored) == {"acme/web#1": "as it was", "acme/web#2": "edited", "acme/web#4": "new"}
    assert [issue.body for issue in stored.issues(["web"], bodies=True)] == ["text of 1", "text of 2", "text of 4"]


def test_nothing_touched_moves_only_the_time_and_the_cursor(stored):
    assert update(stored) == SnapshotInfo("web", "github", LATER, 3, "two", NOON)
    assert len(titles(stored)) == 3


def test_the_time_of_the_last_look_at_everything_moves_once_all_deltas_are_in(stored):
    seen = []

    def deltas():
        yield Delta((), ["I_00003"])
        seen.append("all")

    info = stored.update_snapshot(
        "web", deltas(), taken_at=LATER, accept=lambda *_: None, cursor=lambda: "two",
        looked_at_all=lambda: seen == ["all"],
    ).info  # fmt: skip
    assert info == SnapshotInfo("web", "github", LATER, 2, "two", LATER) == stored.snapshot("web")
    assert update(stored, looked_at_all=lambda: False).whole_at == LATER


def test_only_what_is_not_as_it_was_is_counted_as_touched(stored):
    assert updated(stored).touched == 0
    assert updated(stored, Delta([make(1), make(2)], ["I_00077"])).touched == 0
    assert updated(stored, Delta([make(1), make(2, "edited"), make(4, "new")], ["I_00003"])).touched == 3
    assert updated(stored, Delta([replace(make(1), body="another")])).touched == 1
    assert updated(stored, Delta([replace(make(1), body="")])).touched == 1
    assert updated(stored, Delta([replace(make(1), body="")])).touched == 0


def test_of_an_issue_that_comes_twice_the_last_word_counts(stored):
    update(stored, Delta([make(1, "first")]), Delta([make(1, "second")], ["I_00002"]), Delta([make(2, "back")]))
    assert titles(stored) == {"acme/web#1": "second", "acme/web#2": "back", "acme/web#3": "as it was"}
    update(stored, Delta([make(1, "third")]), Delta((), ["I_00001"]))
    assert "acme/web#1" not in titles(stored)


def test_whatever_goes_wrong_leaves_the_snapshot_as_it_was(stored):
    def broken():
        yield Delta([make(1, "edited")], ["I_00002"])
        raise RuntimeError("the connection broke")

    with pytest.raises(RuntimeError, match="broke"):
        stored.update_snapshot("web", broken(), taken_at=LATER, accept=lambda *_: None, cursor=lambda: "two")

    def refuse(known, count):
        assert (known.count, count) == (3, 1)
        raise ValueError("too few")

    with pytest.raises(ValueError, match="too few"):
        update(stored, Delta((), ["I_00001", "I_00002"]), accept=refuse)
    assert stored.snapshot("web") == SnapshotInfo("web", "github", NOON, 3, "one", NOON)
    assert set(titles(stored).values()) == {"as it was"}
    assert update(stored, Delta([make(1, "edited")])).count == 3


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from trackersync.model import *
from trackersync.store import Store

NOON = datetime(2026, 3, 1, tzinfo=UTC)
TOUCHED = Issue(ref=IssueRef("web", "github", "I_00001", "acme/web#1"), title="half of a pull", url="u", state="open",
                state_category=StateCategory.TODO, created_at=NOON, updated_at=NOON)

def die_at(moment):
    if sys.argv[2] == moment:
        os.kill(os.getpid(), signal.SIGKILL)

def deltas():
    yield Delta([TOUCHED], ["I_00002"])
    die_at("deltas")

Store.open(sys.argv[1]).update_snapshot("web", deltas(), taken_at=NOON, accept=lambda *_: die_at("accept"),
                                        cursor=lambda: die_at("cursor"), looked_at_all=lambda: die_at("census"))
"""


@pytest.mark.parametrize("moment", ["deltas", "accept", "census", "cursor"])
def test_a_killed_update_leaves_the_snapshot_as_it_was_and_the_next_one_goes_on(stored, url, moment):
    died = subprocess.run([sys.executable, "-c", KILLED, url, moment], check=False, env=os.environ)
    assert died.returncode == -signal.SIGKILL
    assert stored.snapshot("web") == SnapshotInfo("web", "github", NOON, 3, "one", NOON)
    assert set(titles(stored).values()) == {"as it was"}
    assert update(stored, Delta([make(1, "edited")], ["I_00003"])).count == 2
    assert titles(stored) == {"acme/web#1": "edited", "acme/web#2": "as it was"}


def test_thousands_may_leave_at_once(stored):
    update(stored, Delta((), [f"I_{number:05}" for number in range(2, 3000)]))
    assert titles(stored) == {"acme/web#1": "as it was"}


def test_without_a_snapshot_there_is_nothing_to_bring_up_to_date(store):
    with pytest.raises(StoreError, match="no snapshot of web"):
        update(store, Delta([make(1)]))
