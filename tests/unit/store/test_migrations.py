"""A store of an older version opens with all that it holds."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import sqlalchemy as sa

from trackersync.change import Change, FoundOverride, KnownOverride, Outcome, Status, WriteTarget
from trackersync.model import Issue, IssueRef, Person, StateCategory
from trackersync.store import InFlight, Movement, Store, migration
from trackersync.store.tables import OVERRIDE

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ISSUES = 1_203


def make(number):
    return Issue(
        ref=IssueRef("web", "github", f"I_{number % 400:05}{number // 400}", f"acme/web#{number}"),
        title=f"Nº {number}",
        url=f"https://github.com/acme/web/issues/{number}",
        state="open",
        state_category=StateCategory.TODO,
        created_at=NOON,
        updated_at=NOON,
        body=f"Bödy {number}\0" if number % 3 else "",
        labels=("a", "b"),
        author=Person("1", "mona"),
        fields={"Reach": 1.0, "Votes": 2**60 + 1, "body": "a field of that name"},
    )


def begun(store):
    """A run as versions before the eighth entered it."""
    columns = "INSERT INTO run (seq, id, at, plan_digest, allowed) VALUES (1, 'a run', :at, 'd', '[]')"
    with store._database.write() as connection:
        at = sa.bindparam("at", type_=sa.DateTime(timezone=True))
        connection.execute(sa.text(columns).bindparams(at), {"at": NOON})
    return "a run"


@pytest.fixture
def first_version(new_url, monkeypatch):
    """A store as version 1 left it: bodies in the payloads, one of them damaged, and a killed pull's leftovers."""
    with monkeypatch.context() as patched:
        patched.setattr(migration, "HEAD", "0001")
        store = Store.open(new_url)
    encode = msgspec.json.Encoder().encode
    rows = [{"n": 1, "id": issue.ref.id, "payload": encode(issue)} for issue in map(make, range(ISSUES))]
    rows += [{"n": 2, "id": "damaged", "payload": b'{"ref'}, {"n": 2, "id": "I_1", "payload": rows[1]["payload"]}]
    with store, store._database.write() as connection:
        connection.execute(sa.text("INSERT INTO issue VALUES ('web', :n, :id, :payload)"), rows)
        connection.execute(
            sa.text("INSERT INTO snapshot VALUES ('web', 'github', 1, :at, :count)"), {"at": NOON, "count": ISSUES}
        )
    return new_url


@pytest.mark.filterwarnings("ignore:The default datetime adapter:DeprecationWarning")
def test_bodies_are_moved_out_of_the_payloads(first_version):
    with Store.open(first_version) as store:
        whole = sorted(map(make, range(ISSUES)), key=lambda issue: issue.ref.id)
        assert store.issues(["web"], bodies=True) == whole
        with store._database.read() as connection:
            payloads = connection.execute(sa.text("SELECT payload FROM issue WHERE generation = 1")).scalars().all()
            damaged = connection.execute(sa.text("SELECT payload, body FROM issue WHERE id = 'damaged'")).one()
    assert not any("body" in json.loads(payload) for payload in payloads)
    assert tuple(damaged) == (b'{"ref', None)


def test_overrides_keep_their_age(new_url, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(migration, "HEAD", "0003")
        store = Store.open(new_url)
    ref, target = IssueRef("web", "github", "I_1", "acme/web#1"), WriteTarget("labels", "p/")
    change = Change(ref=ref, target=target, before=(), after=("p/1",), reason="r")
    row = {"tracker": "web", "issue": "I_1", "kind": "labels", "name": "p/", "found": ("p/2",), "first_seen": NOON}
    with store:
        run = begun(store)
        store.record(run, [Outcome(change, Status.APPLIED)], at=NOON)
        with store._database.write() as connection:
            connection.execute(sa.insert(OVERRIDE).values(row))
    override = FoundOverride(ref, target, ("p/1",), ("p/2",))
    with Store.open(new_url) as store:
        assert store.overrides() == []
        known = store.note_overrides([override], trackers=["web"], at=NOON + timedelta(days=1))
        assert known == store.overrides() == [KnownOverride(override, NOON)]


def test_runs_of_before_keep_what_they_left_in_flight_and_can_be_undone(new_url, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(migration, "HEAD", "0003")
        store = Store.open(new_url)
    ref, target = IssueRef("web", "github", "I_1", "acme/web#1"), WriteTarget("labels", "p/")
    change = Change(ref=ref, target=target, before=(), after=("p/1",), reason="r")
    columns = "run, tracker, issue, kind, name, connector, key, before, after, reason, at"
    sent = {"run": None, "before": "[]", "after": '["p/1"]', "at": NOON}
    values = ":run, 'web', 'I_1', 'labels', 'p/', 'github', 'acme/web#1', :before, :after, 'r', :at"
    with store:
        run = begun(store)
        with store._database.write() as connection:
            at = sa.bindparam("at", type_=sa.DateTime(timezone=True))
            insert = sa.text(f"INSERT INTO in_flight ({columns}) VALUES ({values})").bindparams(at)
            connection.execute(insert, sent | {"run": run})
    with Store.open(new_url) as store:
        assert store.in_flight(["web"]) == [InFlight(run, change, NOON, answered=False)]
        assert (store.bands_before(run), store.moved_by_hand()) == ({}, frozenset())
        store.record(run, [Outcome(change, Status.APPLIED)], at=NOON)
        assert store.last_runs() == {(ref.issue_key, "labels p/"): run}
        assert [each.by for each in store.runs()] == [None]


def test_where_issues_stood_before_is_kept(new_url, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(migration, "HEAD", "0007")
        store = Store.open(new_url)
    values = "('web', 'I_1', 'a run', 5.5, 3, 'P1', '[\"rice +5\"]')"
    with store:
        begun(store)
        with store._database.write() as connection:
            connection.execute(sa.text(f"INSERT INTO movement VALUES {values}"))
    with Store.open(new_url) as store:
        kept = Movement(run="a run", at=NOON, score=5.5, rank=3, band="P1", points=())
        assert store.movements([("web", "I_1")]) == {("web", "I_1"): [kept]}
        assert {key: place.rank for key, place in store.places_at(["web"], NOON).items()} == {("web", "I_1"): 1}
