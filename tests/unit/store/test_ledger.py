"""The ledger says for ever what was written, by which run, and what it replaced."""

import re
from datetime import UTC, datetime, timedelta, timezone
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trackersync.change import Change, Outcome, Status, WriteTarget
from trackersync.errors import StoreError
from trackersync.model import IssueRef
from trackersync.store import Entry, RunInfo, Store, ledger

NOON = datetime(2026, 11, 22, 22, 15, 3, tzinfo=UTC)
LABELS = WriteTarget("labels", "priority/")
FIELD = WriteTarget("project_field", "Priority Score")
WEB_1 = IssueRef("web", "github", "I_1", "acme/web#1")
CORE_7 = IssueRef("core", "jira", "10007", "CORE-7")


def outcome(ref=WEB_1, target=LABELS, *, before=(), after=("priority/P1",), status=Status.APPLIED, detail=""):
    return Outcome(Change(ref=ref, target=target, before=before, after=after, reason="score 8 → P1"), status, detail)


def begin(store, *, at=NOON, allowed=(), by=None):
    return store.begin_run(at=at, plan_digest="sha256:abc", allowed=allowed, by=by)


def test_a_run_is_named_after_the_moment_it_began_in_utc(store):
    assert re.fullmatch(r"20261122-221503-[0-9a-f]{4}", begin(store))
    assert begin(store, at=NOON.astimezone(timezone(timedelta(hours=5)))).startswith("20261122-221503-")


def test_two_runs_never_share_a_name(store, monkeypatch):
    drawn = iter(["aaaa", "aaaa", "bbbb"])
    monkeypatch.setattr(ledger.secrets, "token_hex", lambda _: next(drawn))
    assert [begin(store), begin(store)] == ["20261122-221503-aaaa", "20261122-221503-bbbb"]


def test_a_run_is_known_from_its_beginning_to_its_end(store):
    run = begin(store, allowed=["max_changes"], by="Ann\0")
    begun = RunInfo(id=run, at=NOON, plan_digest="sha256:abc", allowed=("max_changes",), finished_at=None, status=None,
                    outcomes={}, by="Ann\N{REPLACEMENT CHARACTER}")  # fmt: skip
    assert store.runs() == [begun]
    store.record(run, [outcome(), outcome(CORE_7), outcome(target=FIELD, status=Status.REJECTED)], at=NOON)
    store.finish_run(run, at=NOON + timedelta(minutes=2), status="partial")
    [ended] = store.runs()
    assert (ended.finished_at, ended.status) == (NOON + timedelta(minutes=2), "partial")
    assert ended.outcomes == {Status.APPLIED: 2, Status.REJECTED: 1}


def test_runs_come_newest_first_also_where_the_clock_was_set_back(store):
    runs = [begin(store, at=NOON + timedelta(days=day)) for day in (1, 0, 2, 2)]
    assert [run.id for run in store.runs()] == runs[::-1]


def test_as_many_runs_as_asked_for_come_newest_first(store):
    runs = [begin(store, at=NOON + timedelta(minutes=minute)) for minute in range(3)]
    for run in runs:
        store.record(run, [outcome()], at=NOON)
    assert [(run.id, run.outcomes) for run in store.runs(2)] == [(run, {Status.APPLIED: 1}) for run in runs[:0:-1]]


def test_all_that_was_recorded_of_one_issue_comes_newest_first(store):
    first, second = begin(store), begin(store, at=NOON + timedelta(hours=1))
    store.record(first, [outcome(), outcome(CORE_7)], at=NOON)
    refused = outcome(target=FIELD, after=3, status=Status.REJECTED, detail="no")
    store.record(second, [refused], at=NOON + timedelta(hours=1))
    expected = [Entry(second, NOON + timedelta(hours=1), refused), Entry(first, NOON, outcome())]
    assert store.entries(WEB_1.issue_key) == expected
    assert store.entries(("web", "I_9")) == []


def test_issues_are_known_by_their_last_names(store):
    moved = IssueRef("web", "github", "I_1", "acme/site#3")
    store.record(begin(store), [outcome(), outcome(CORE_7), outcome(moved)], at=NOON)
    assert sorted(store.refs_written(), key=str) == [moved, CORE_7]


def test_the_run_that_wrote_a_place_last_is_known(store):
    first, second = begin(store), begin(store)
    store.record(first, [outcome(), outcome(target=FIELD)], at=NOON)
    store.record(second, [outcome(), outcome(target=FIELD, status=Status.REJECTED)], at=NOON)
    assert store.last_runs() == {(WEB_1.issue_key, str(LABELS)): second, (WEB_1.issue_key, str(FIELD)): first}


def test_outcomes_come_back_whole_and_in_order(store):
    run, other = begin(store), begin(store)
    recorded = [
        outcome(),
        outcome(CORE_7, FIELD, before=None, after=8.5, status=Status.UNKNOWN, detail="connection broken"),
        outcome(CORE_7, WriteTarget("order"), before=None, after=("after", "10006")),
        outcome(
            target=WriteTarget("priority"), before="Low", after="High", status=Status.CONFLICT, detail="now Blocker"
        ),
    ]
    store.record(run, recorded[:1], at=NOON)
    store.record(run, [], at=NOON)
    store.record(run, recorded[1:], at=NOON)
    assert store.outcomes(run) == recorded
    assert store.outcomes(other) == []


def test_a_tracker_s_words_are_kept_whatever_they_contain(store):
    run = begin(store)
    store.record(run, [outcome(detail="bad\0 \ud800 byte", status=Status.REJECTED, before="\ud800\0")], at=NOON)
    [found] = store.outcomes(run)
    assert found.detail == "bad\N{REPLACEMENT CHARACTER} ? byte"
    assert found.change.before == "?\0"


def test_a_run_that_never_began_is_refused_with_a_way_out(store):
    for attempt in (
        lambda: store.record("nope", [outcome()], at=NOON),
        lambda: store.finish_run("nope", at=NOON, status="done"),
        lambda: store.outcomes("nope"),
    ):
        with pytest.raises(StoreError, match="no run nope") as caught:
            attempt()
        assert "history" in caught.value.hint


def test_what_was_recorded_outlives_the_process_s_store(url):
    with Store.open(url) as store:
        run = begin(store)
        store.record(run, [outcome()], at=NOON)
    with Store.open(url) as again:
        assert again.outcomes(run) == [outcome()]
        assert again.written() == {(("web", "I_1"), "labels priority/"): ("priority/P1",)}


def test_nothing_written_is_an_empty_ledger(store):
    assert store.written() == {}
    assert store.runs() == []


def test_only_the_last_value_that_is_ours_counts(store):
    run = begin(store)
    store.record(run, [outcome(after=("priority/P1",)), outcome(target=FIELD, after=3.0)], at=NOON)
    store.record(run, [outcome(after=("priority/P0",), status=Status.UNCHANGED)], at=NOON)
    later = begin(store)
    refused = (Status.REJECTED, Status.CONFLICT, Status.UNKNOWN)
    store.record(later, [outcome(after=("priority/P2",), status=status) for status in refused], at=NOON)
    store.record(later, [outcome(CORE_7, target=FIELD, after=None)], at=NOON)
    assert store.written() == {
        (("web", "I_1"), "labels priority/"): ("priority/P0",),
        (("web", "I_1"), "project field Priority Score"): 3.0,
        (("core", "10007"), "project field Priority Score"): None,
    }


refs = st.sampled_from([WEB_1, CORE_7, IssueRef("web", "github", "I_2", "acme/web#2")])
targets = st.sampled_from([LABELS, FIELD, WriteTarget("field", "Priority Score"), WriteTarget("order")])
values = st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from([1.5, "High", ("priority/P0",)])
outcomes = st.builds(
    lambda ref, target, after, status: outcome(ref, target, after=after, status=status),
    refs, targets, values, st.sampled_from(Status),
)  # fmt: skip
trackers = count()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.lists(st.lists(outcomes, max_size=5), max_size=4))
def test_written_is_what_replaying_the_ledger_gives(store, runs):
    unique = f"t{next(trackers)}"  # the store is shared by all examples
    expected = {}
    for recorded in runs:
        run = begin(store)
        mine = [
            outcome(IssueRef(unique, o.change.ref.connector, o.change.ref.id, o.change.ref.key), o.change.target,
                    after=o.change.after, status=o.status)
            for o in recorded
        ]  # fmt: skip
        store.record(run, mine, at=NOON)
        for o in mine:
            if o.status in (Status.APPLIED, Status.UNCHANGED):
                expected[o.change.ref.issue_key, str(o.change.target)] = o.change.after
    assert {key: value for key, value in store.written().items() if key[0][0] == unique} == expected


def test_the_ledger_answers_from_its_indexes(tmp_path):
    """At 100,000 rows it would show if every row had to be visited in the table or sorted."""
    queries = [
        "SELECT max(seq) FROM ledger WHERE status IN ('applied', 'unchanged') GROUP BY tracker, issue, kind, name",
        "SELECT run, status, count(*) FROM ledger GROUP BY run, status",
        "SELECT * FROM ledger WHERE run = '20261122-221503-3fa2'",
    ]
    with Store.open(f"sqlite:///{tmp_path}/store.db") as store, store._database.read() as connection:
        plans = [str(connection.exec_driver_sql("EXPLAIN QUERY PLAN " + query).all()) for query in queries]
    assert "COVERING INDEX ledger_by_target" in plans[0]
    assert "COVERING INDEX ledger_by_run" in plans[1]
    assert "INDEX ledger_by_run" in plans[2]
    assert not any("TEMP B-TREE" in plan for plan in plans)
