"""The last applied list, the age of human values and our own last writes are remembered between runs."""

from datetime import UTC, datetime, timedelta

import pytest

from trackersync.change import FoundOverride, OwnWrite, WriteTarget
from trackersync.errors import StoreError
from trackersync.model import IssueRef, Standing

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
WEB = [IssueRef("web", "github", f"I_{n}", f"acme/web#{n}") for n in range(4)]
CORE = IssueRef("core", "jira", "10007", "CORE-7")
LABELS = WriteTarget("labels", "priority/")


@pytest.fixture
def run(store):
    return store.begin_run(at=MONDAY, plan_digest="d", allowed=())


def human(ref, found, *, target=LABELS, wrote=("priority/P1",)):
    return FoundOverride(ref, target, wrote, found)


def test_there_are_no_standings_before_the_first_run(store):
    assert store.standings() == {}
    assert store.bands() == {}


def test_standings_come_back_first_rank_first(store, run):
    listed = [Standing(WEB[0], 1.5, 3, "P2"), Standing(CORE, 9.25, 1, "P0"), Standing(WEB[1], 4.0, 2, "P1")]
    store.save_standings(["web", "core"], iter(listed), run=run)
    assert list(store.standings().values()) == sorted(listed, key=lambda standing: standing.rank)
    assert store.standings()["core", "10007"] == listed[1]
    assert store.bands() == {("core", "10007"): "P0", ("web", "I_1"): "P1", ("web", "I_0"): "P2"}


def test_saving_replaces_the_standings_of_the_named_trackers_only(store, run):
    store.save_standings(["web", "core"], [Standing(WEB[0], 2, 1, "P0"), Standing(CORE, 1, 2, "P1")], run=run)
    store.save_standings(["web"], [Standing(WEB[1], 3, 1, "P0")], run=run)
    assert set(store.standings()) == {("web", "I_1"), ("core", "10007")}
    store.save_standings(["core"], [], run=run)
    assert set(store.standings()) == {("web", "I_1")}


def test_standings_that_cannot_be_saved_leave_the_old_ones(store, run):
    store.save_standings(["web"], [Standing(WEB[0], 2, 1, "P0")], run=run)
    twice = [Standing(WEB[1], 2, 1, "P0"), Standing(WEB[1], 2, 1, "P0")]
    with pytest.raises(StoreError):
        store.save_standings(["web"], twice, run=run)
    with pytest.raises(StoreError):
        store.save_standings(["web"], [Standing(WEB[1], 2, 1, "P0")], run="never began")
    assert set(store.standings()) == {("web", "I_0")}


def test_a_human_value_keeps_the_moment_it_was_first_seen(store):
    held = human(WEB[0], ("priority/P0",))
    assert store.note_overrides([held], trackers=["web"], at=MONDAY) == {held: MONDAY}
    assert store.note_overrides([held], trackers=["web"], at=TUESDAY) == {held: MONDAY}


def test_what_we_would_have_written_does_not_matter_to_its_age(store):
    store.note_overrides([human(WEB[0], "High", wrote="Low")], trackers=["web"], at=MONDAY)
    again = human(WEB[0], "High", wrote="Medium")
    assert store.note_overrides([again], trackers=["web"], at=TUESDAY) == {again: MONDAY}


def test_another_human_value_starts_anew(store):
    store.note_overrides([human(WEB[0], ("priority/P0",))], trackers=["web"], at=MONDAY)
    changed = human(WEB[0], ("priority/P2",))
    assert store.note_overrides([changed], trackers=["web"], at=TUESDAY) == {changed: TUESDAY}


def test_a_value_cleared_by_hand_is_a_value_too(store):
    cleared = human(WEB[0], None)
    assert store.note_overrides([cleared], trackers=["web"], at=MONDAY) == {cleared: MONDAY}
    assert store.note_overrides([cleared], trackers=["web"], at=TUESDAY) == {cleared: MONDAY}


def test_each_target_of_an_issue_has_its_own_age(store):
    label, field = human(WEB[0], ("priority/P0",)), human(WEB[0], 3.0, target=WriteTarget("field", "Score"))
    store.note_overrides([label], trackers=["web"], at=MONDAY)
    assert store.note_overrides([label, field], trackers=["web"], at=TUESDAY) == {label: MONDAY, field: TUESDAY}


def test_an_override_that_was_taken_back_is_forgotten(store):
    held = human(WEB[0], "High")
    store.note_overrides([held], trackers=["web"], at=MONDAY)
    assert store.note_overrides([], trackers=["web"], at=TUESDAY) == {}
    assert store.note_overrides([held], trackers=["web"], at=WEDNESDAY) == {held: WEDNESDAY}


def test_which_issues_were_moved_by_hand_is_remembered_until_they_are_found_in_order(store):
    store.note_overrides(
        [human(WEB[0], ("first",), target=WriteTarget("order")), human(CORE, "High")],
        trackers=["web", "core"],
        at=MONDAY,
    )
    assert store.moved_by_hand() == {WEB[0].issue_key}
    store.note_overrides([], trackers=["web"], at=TUESDAY)
    assert store.moved_by_hand() == frozenset()


def test_a_tracker_that_was_not_read_forgets_nothing(store):
    web, core = human(WEB[0], "High"), human(CORE, "Low")
    store.note_overrides([web, core], trackers=["web", "core"], at=MONDAY)
    assert store.note_overrides([web], trackers=["web"], at=TUESDAY) == {web: MONDAY}
    assert store.note_overrides([core], trackers=["core"], at=WEDNESDAY) == {core: MONDAY}


def test_our_last_write_to_each_issue_is_remembered(store):
    assert store.own_writes() == {}
    web, core = OwnWrite(WEB[0], TUESDAY, MONDAY), OwnWrite(CORE, TUESDAY, MONDAY)
    store.save_own_writes([web, core])
    later = OwnWrite(WEB[0], WEDNESDAY, MONDAY)
    store.save_own_writes(iter([later]))
    store.save_own_writes([])
    assert store.own_writes() == {("web", "I_0"): later, ("core", "10007"): core}
