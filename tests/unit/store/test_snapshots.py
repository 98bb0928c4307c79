"""A snapshot is the last complete read, never half of one."""

import gc
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as replace_values

from trackersync.errors import StoreError
from trackersync.model import Direction, Issue, IssueRef, Link, Person, SnapshotInfo, StateCategory
from trackersync.store import Store, payload
from trackersync.store.tables import ISSUE

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make(number, *, tracker="web", **more):
    ref = IssueRef(tracker, "github", f"I_{number:05}", f"acme/{tracker}#{number}")
    about = {"title": f"Issue {number}", "url": f"https://github.com/acme/{tracker}/issues/{number}", "state": "open"}
    about |= {"state_category": StateCategory.TODO, "created_at": NOON, "updated_at": NOON}
    return Issue(ref=ref, **(about | more))


def take_anything(_previous, _count):
    pass


def replace(store, pages, *, tracker="web", accept=take_anything, taken_at=NOON):
    return store.replace_snapshot(tracker, "github", pages, taken_at=taken_at, accept=accept)


def staged_rows(store):
    with store._database.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(ISSUE))


def test_a_tracker_never_pulled_has_no_snapshot_and_no_issues(store):
    assert store.snapshot("web") is None
    assert store.issues(["web"]) == []


def test_what_was_pulled_is_read_back_in_order_of_id(store):
    info = replace(store, [[make(3), make(1)], [], [make(2)]])
    assert info == SnapshotInfo("web", "github", NOON, 3, whole_at=NOON) == store.snapshot("web")
    assert store.issues(["web"]) == [make(1), make(2), make(3)]


def test_trackers_come_in_the_order_asked_for(store):
    replace(store, [[make(1, tracker="web")]], tracker="web")
    replace(store, [[make(2, tracker="api")]], tracker="api")
    replace(store, [[make(3, tracker="old")]], tracker="old")
    assert store.issues(["web", "api"]) == [make(1, tracker="web"), make(2, tracker="api")]
    assert store.issues(["api", "web", "none"]) == [make(2, tracker="api"), make(1, tracker="web")]


def test_of_an_issue_pulled_twice_the_last_one_counts(store):
    pages = [[make(1, title="first"), make(1, title="second")], [make(2)], [make(1, title="last")]]
    assert replace(store, pages).count == 2
    assert [issue.title for issue in store.issues(["web"])] == ["last", "Issue 2"]


def test_a_new_snapshot_replaces_the_old_one_whole(store):
    replace(store, [[make(1), make(2)]])
    replace(store, [[make(2), make(3)]], taken_at=NOON + timedelta(days=1))
    assert store.issues(["web"]) == [make(2), make(3)]
    assert store.snapshot("web") == SnapshotInfo(
        "web", "github", NOON + timedelta(days=1), 2, whole_at=NOON + timedelta(days=1)
    )
    assert staged_rows(store) == 2


def test_bodies_are_read_when_asked_for(store):
    longer, without = make(1, body="Steps — first\0, then \ud800\n" * 10_000), make(2)
    replace(store, [[longer, without]])
    assert [issue.body for issue in store.issues(["web"])] == ["", ""]
    assert [issue.body for issue in store.issues(["web"], bodies=True)] == [longer.body.replace("\ud800", "?"), ""]


def test_of_an_issue_pulled_twice_the_last_body_counts(store):
    replace(store, [[make(1, body="first"), make(2, body="first")], [make(1, body="last"), make(2)]])
    assert [issue.body for issue in store.issues(["web"], bodies=True)] == ["last", ""]


def test_an_empty_read_is_a_snapshot_too_when_accepted(store):
    replace(store, [[make(1)]])
    assert replace(store, []).count == 0
    assert store.issues(["web"]) == []


def test_accept_is_told_the_last_snapshot_and_the_new_count(store):
    told = []
    replace(store, [[make(1)]], accept=lambda *args: told.append(args))
    replace(store, [[make(1), make(2)]], accept=lambda *args: told.append(args))
    assert told == [(None, 1), (SnapshotInfo("web", "github", NOON, 1, whole_at=NOON), 2)]


def test_a_refused_snapshot_leaves_the_old_one(store):
    replace(store, [[make(1)]])

    def refuse(_previous, _count):
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        replace(store, [[make(2)]], accept=refuse)
    assert store.issues(["web"]) == [make(1)]
    assert staged_rows(store) == 1


def test_a_read_that_breaks_off_leaves_the_old_snapshot(store):
    replace(store, [[make(1)]])

    def pages():
        yield [make(2)]
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        replace(store, pages())
    assert store.issues(["web"]) == [make(1)]
    assert staged_rows(store) == 1


def test_during_a_pull_others_read_the_old_snapshot_and_write_the_ledger(store, url):
    replace(store, [[make(1)]])

    def pages():
        yield [make(2)]
        with Store.open(url) as other:
            assert other.issues(["web"]) == [make(1)]
            other.begin_run(at=NOON, plan_digest="d", allowed=())
            replace(other, [[make(1, tracker="api")]], tracker="api")
        yield [make(3)]

    replace(store, pages())
    assert store.issues(["web"]) == [make(2), make(3)]
    assert store.issues(["api"]) == [make(1, tracker="api")]


def test_a_second_pull_of_the_same_tracker_is_refused(store):
    def pages():
        yield [make(2)]
        with pytest.raises(StoreError, match=r"another pull of web is running \(pid \d+"):
            replace(store, [[make(9)]])

    replace(store, pages())
    assert store.issues(["web"]) == [make(2)]


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from trackersync.model import *
from trackersync.store import Store

NOON = datetime(2026, 3, 1, tzinfo=UTC)

def issue(n):
    return Issue(ref=IssueRef("web", "github", f"X{n}", f"a/b#{n}"), title="t", url="u", state="open",
                 state_category=StateCategory.TODO, created_at=NOON, updated_at=NOON)

def pages():
    yield [issue(n) for n in range(600)]
    if sys.argv[2] == "pages":
        os.kill(os.getpid(), signal.SIGKILL)

def accept(previous, count):
    os.kill(os.getpid(), signal.SIGKILL)

Store.open(sys.argv[1]).replace_snapshot("web", "github", pages(), taken_at=NOON, accept=accept)
"""


@pytest.mark.parametrize("moment", ["pages", "accept"])
def test_a_killed_pull_leaves_the_old_snapshot_and_its_leftovers_go_with_the_next(store, url, moment):
    replace(store, [[make(1)]])
    died = subprocess.run([sys.executable, "-c", KILLED, url, moment], check=False, env=os.environ)
    assert died.returncode == -signal.SIGKILL
    assert store.issues(["web"]) == [make(1)]
    assert staged_rows(store) == 601
    replace(store, [[make(2)]])
    assert store.issues(["web"]) == [make(2)]
    assert staged_rows(store) == 1


def test_several_threads_pull_their_trackers_at_once(store):
    names = [f"t{number}" for number in range(4)]

    def pull(name):
        replace(store, ([make(n, tracker=name) for n in range(page * 10, page * 10 + 10)] for page in range(5)),
                tracker=name)  # fmt: skip

    threads = [threading.Thread(target=pull, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [store.snapshot(name).count for name in names] == [50] * 4
    assert len(store.issues(names)) == 200


def test_a_damaged_issue_is_an_error_that_says_how_to_repair(store):
    replace(store, [[make(1)]])
    with store._database.write() as connection:
        connection.execute(sa.update(ISSUE).values(payload=b'{"ref": 1}'))
    for bodies in (False, True):
        with pytest.raises(StoreError, match="a stored issue cannot be read") as caught:
            store.issues(["web"], bodies=bodies)
        assert "pull" in caught.value.hint


def test_text_no_encoding_has_a_place_for_is_mended_not_refused(store):
    awkward = make(1, title="a\ud800b\0c", fields={"\udfff": ("\ud800", "ok")})
    replace(store, [[awkward]])
    [found] = store.issues(["web"])
    assert found.title == "a?b\0c"
    assert found.fields == {"?": ("?", "ok")}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
lists = st.lists(texts, max_size=3).map(tuple)
numbers = st.floats(allow_nan=False, allow_infinity=False)
values = st.one_of(st.none(), st.booleans(), texts, st.integers(), numbers, lists)
moments = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(fold=0))
counts = st.none() | st.integers(min_value=0)
fields = st.dictionaries(texts, values, max_size=3)
people = st.builds(Person, texts, texts)
issues = st.builds(
    Issue,
    ref=st.builds(IssueRef, st.just("web"), st.just("github"), texts, texts),
    title=texts, url=texts, state=texts, state_category=st.sampled_from(StateCategory), created_at=moments,
    updated_at=moments, closed_at=st.none() | moments, due_on=st.none() | st.dates(), body=texts,
    type=st.none() | texts, labels=lists, author=st.none() | people,
    assignees=st.lists(people, max_size=2).map(tuple), milestone=st.none() | texts,
    fix_versions=lists, components=lists, estimate=st.none() | numbers,
    priority=st.none() | texts, votes=counts, watchers=counts,
    reactions=st.none() | st.dictionaries(texts, st.integers(), max_size=2), comments=counts,
    links=st.lists(st.builds(Link, texts, st.sampled_from(Direction), texts), max_size=3).map(tuple),
    parent=st.none() | texts, sub_issues=counts, sub_issues_open=counts, blocks_open=counts, blocked_by_open=counts,
    fields=fields, project_fields=fields,
    native_rank=st.none() | texts, native_ids=st.dictionaries(texts, texts, max_size=2),
)  # fmt: skip


def exactly(issue):
    """With the types of the values, since to Python 1, 1.0 and True are the same."""
    return repr(issue)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50, deadline=None)
@given(issues)
def test_every_issue_comes_back_as_it_went_in(issue):
    [found] = payload.decode_whole_issues([(payload.encode_issue(issue), payload.encode_body(issue))])
    assert found == issue
    assert exactly(found) == exactly(issue)


@given(issues)
def test_without_its_body_an_issue_is_the_same_but_for_it(issue):
    [found] = payload.decode_issues([payload.encode_issue(issue)])
    assert exactly(found) == exactly(replace_values(issue, body=""))


@given(values)
def test_every_value_comes_back_as_it_went_in(value):
    assert repr(payload.decode_value(payload.encode_value(value))) == repr(value)


small_issues = st.builds(lambda number, title: make(number, title=title), st.integers(0, 5), texts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(st.lists(st.lists(small_issues, max_size=4), max_size=4))
def test_any_pages_are_kept_by_id_with_the_last_one_winning(store, pages):
    replace(store, pages)
    expected = {issue.ref.id: issue for page in pages for issue in page}
    assert store.issues(["web"]) == [expected[key] for key in sorted(expected)]


def test_issues_are_nothing_that_the_cycle_collector_looks_through():
    """They cannot be part of a cycle, and to look through all of a snapshot takes as long as to decode it."""
    [found] = payload.decode_issues([payload.encode_issue(make(1))])
    assert not any(gc.is_tracked(each) for each in (found, found.ref, *found.assignees, *found.links))


def test_a_number_that_is_none_is_kept_as_absent():
    [found] = payload.decode_issues([payload.encode_issue(make(1, fields={"score": float("nan")}))])
    assert found.fields == {"score": None}


def test_moments_of_other_zones_come_back_in_utc_and_dates_as_dates():
    east = make(1, created_at=datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))), due_on=date(2026, 2, 3))
    [found] = payload.decode_issues([payload.encode_issue(east)])
    assert found.created_at.astimezone(UTC) == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert found.due_on == date(2026, 2, 3)
