"""What is about to be written is known before it is sent, and forgotten when its outcome is."""

from datetime import UTC, datetime, timedelta

import pytest

from trackersync.change import Change, Outcome, Status, WriteTarget
from trackersync.errors import StoreError
from trackersync.model import IssueRef
from trackersync.store import InFlight, Store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEB_1 = IssueRef("web", "github", "I_1", "acme/web#1")
CORE_7 = IssueRef("core", "jira", "10007", "CORE-7")
LABELS, SCORE = WriteTarget("labels", "priority/"), WriteTarget("field", "Score")


def change(ref=WEB_1, target=LABELS, before=(), after=("priority/P1",)):
    return Change(ref=ref, target=target, before=before, after=after, reason="rank 1")


@pytest.fixture
def run(store):
    return store.begin_run(at=NOON, plan_digest="d", allowed=())


def test_what_was_noted_outlives_the_process(url):
    noted = [change(), change(CORE_7, SCORE, None, 8.5)]
    with Store.open(url) as store:
        run = store.begin_run(at=NOON, plan_digest="d", allowed=())
        store.note_in_flight(run, noted, at=NOON)
        store.note_in_flight(run, [], at=NOON)
    with Store.open(url) as again:
        assert again.in_flight(["web"]) == [InFlight(run, noted[0], NOON)]
        assert {each.change for each in again.in_flight(["web", "core"])} == set(noted)
        assert again.in_flight([]) == []


def test_a_known_outcome_ends_it_and_an_unknown_one_does_not(store, run):
    changes = [change(), change(target=SCORE, before=1, after=2), change(CORE_7), change(CORE_7, SCORE, 1, 2)]
    store.note_in_flight(run, changes, at=NOON)
    statuses = [Status.APPLIED, Status.UNKNOWN, Status.REJECTED, Status.CONFLICT]
    store.record(run, [Outcome(*each) for each in zip(changes, statuses, strict=True)], at=NOON)
    assert [each.change for each in store.in_flight(["web", "core"])] == [changes[1]]


def test_each_run_has_its_own(store, run):
    later = store.begin_run(at=NOON, plan_digest="d", allowed=())
    for each in (run, later):
        store.note_in_flight(each, [change()], at=NOON)
    store.record(later, [Outcome(change(), Status.APPLIED)], at=NOON)
    assert [each.run for each in store.in_flight(["web"])] == [run]


def test_a_run_that_never_began_has_nothing_in_flight(store):
    with pytest.raises(StoreError):
        store.note_in_flight("nope", [change()], at=NOON)


def test_the_last_write_to_a_tracker_is_dated(store, run):
    assert store.last_writes() == {}
    store.record(run, [Outcome(change(), Status.APPLIED)], at=NOON)
    store.record(run, [Outcome(change(), Status.UNCHANGED)], at=NOON + timedelta(hours=1))
    store.note_in_flight(run, [change(CORE_7)], at=NOON + timedelta(hours=2))
    assert store.last_writes() == {"web": NOON + timedelta(hours=1), "core": NOON + timedelta(hours=2)}
