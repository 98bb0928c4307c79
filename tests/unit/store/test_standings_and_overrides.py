"""The last applied list, the age of human values and our own last writes are remembered between runs."""

from datetime import UTC, datetime, timedelta

import pytest

from trackersync.change import Change, FoundOverride, KnownOverride, Outcome, OwnWrite, Status, WriteTarget
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
    assert store.note_overrides([held], trackers=["web"], at=MONDAY) == [KnownOverride(held, MONDAY)]
    assert store.note_overrides([held], trackers=["web"], at=TUESDAY) == [KnownOverride(held, MONDAY)]


def test_what_we_would_have_written_does_not_matter_to_its_age(store):
    store.note_overrides([human(WEB[0], "High", wrote="Low")], trackers=["web"], at=MONDAY)
    again = human(WEB[0], "High", wrote="Medium")
    assert store.note_overrides([again], trackers=["web"], at=TUESDAY) == [KnownOverride(again, MONDAY)]


def test_another_human_value_starts_anew(store):
    store.note_overrides([human(WEB[0], ("priority/P0",))], trackers=["web"], at=MONDAY)
    changed = human(WEB[0], ("priority/P2",))
    assert store.note_overrides([changed], trackers=["web"], at=TUESDAY) == [KnownOverride(changed, TUESDAY)]


def test_a_value_cleared_by_hand_is_a_value_too(store):
    cleared = human(WEB[0], None)
    assert store.note_overrides([cleared], trackers=["web"], at=MONDAY) == [KnownOverride(cleared, MONDAY)]
    assert store.note_overrides([cleared], trackers=["web"], at=TUESDAY) == [KnownOverride(cleared, MONDAY)]


def test_each_target_of_an_issue_has_its_own_age(store):
    label, field = human(WEB[0], ("priority/P0",)), human(WEB[0], 3.0, target=WriteTarget("field", "Score"))
    store.note_overrides([label], trackers=["web"], at=MONDAY)
    assert store.note_overrides([label, field], trackers=["web"], at=TUESDAY) == [
        KnownOverride(label, MONDAY),
        KnownOverride(field, TUESDAY),
    ]


def test_an_override_that_was_taken_back_is_forgotten(store):
    held = human(WEB[0], "High")
    store.note_overrides([held], trackers=["web"], at=MONDAY)
    assert store.note_overrides([], trackers=["web"], at=TUESDAY) == []
    assert store.note_overrides([held], trackers=["web"], at=WEDNESDAY) == [KnownOverride(held, WEDNESDAY)]


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
    assert store.note_overrides([web], trackers=["web"], at=TUESDAY) == [KnownOverride(web, MONDAY)]
    assert store.note_overrides([core], trackers=["core"], at=WEDNESDAY) == [KnownOverride(core, MONDAY)]


def wrote(store, ref, value, *, target=LABELS, at=MONDAY):
    run = store.begin_run(at=at, plan_digest="d", allowed=())
    change = Change(ref=ref, target=target, before=None, after=value, reason="r")
    store.record(run, [Outcome(change, Status.APPLIED)], at=at)


def test_overrides_are_listed_as_they_were_noted(store):
    wrote(store, WEB[0], ("priority/P1",))
    label, place = human(WEB[0], ("priority/P0",)), human(CORE, ("first",), target=WriteTarget("order"))
    store.note_overrides([label, place], trackers=["web", "core"], at=MONDAY)
    assert store.overrides() == [KnownOverride(place, MONDAY), KnownOverride(label, MONDAY)]


def test_what_we_wrote_over_is_no_override_any_more_and_the_same_value_found_again_is_a_new_one(store):
    held = human(WEB[0], ("priority/P0",))
    store.note_overrides([held], trackers=["web"], at=MONDAY)
    wrote(store, WEB[0], ("priority/P1",))
    assert store.overrides() == []
    assert store.note_overrides([held], trackers=["web"], at=TUESDAY) == [KnownOverride(held, TUESDAY)]


def test_a_release_is_for_this_value_alone(store):
    held, other = human(WEB[0], ("priority/P0",)), human(WEB[1], ("priority/P0",))
    store.note_overrides([held, other], trackers=["web"], at=MONDAY)
    store.release_overrides([held], at=TUESDAY)
    assert store.overrides() == [KnownOverride(held, MONDAY, TUESDAY), KnownOverride(other, MONDAY)]
    assert store.note_overrides([held], trackers=["web"], at=WEDNESDAY) == [KnownOverride(held, MONDAY, TUESDAY)]
    changed = human(WEB[0], ("priority/P3",))
    assert store.note_overrides([changed], trackers=["web"], at=WEDNESDAY) == [KnownOverride(changed, WEDNESDAY)]


def test_a_value_cleared_by_hand_can_be_released(store):
    cleared = human(WEB[0], None)
    store.note_overrides([cleared], trackers=["web"], at=MONDAY)
    store.release_overrides([cleared], at=TUESDAY)
    assert store.overrides() == [KnownOverride(cleared, MONDAY, TUESDAY)]


def test_a_release_is_used_up_by_our_next_write(store):
    wrote(store, WEB[0], ("priority/P1",))
    held = human(WEB[0], ("priority/P0",))
    store.note_overrides([held], trackers=["web"], at=MONDAY)
    store.release_overrides([held], at=MONDAY)
    wrote(store, WEB[0], ("priority/P1",))
    assert store.note_overrides([held], trackers=["web"], at=MONDAY) == [KnownOverride(held, MONDAY)]


def test_an_issue_moved_by_hand_stays_so_whoever_its_neighbour_is(store):
    order = WriteTarget("order")
    moved = human(WEB[0], ("after", "I_1"), target=order)
    store.note_overrides([moved], trackers=["web"], at=MONDAY)
    store.release_overrides([moved], at=TUESDAY)
    again = human(WEB[0], ("after", "I_2"), target=order)
    assert store.note_overrides([again], trackers=["web"], at=WEDNESDAY) == [KnownOverride(again, MONDAY, TUESDAY)]


def bands(store, *listed, at=MONDAY):
    run = store.begin_run(at=at, plan_digest="d", allowed=())
    store.save_standings(["web"], [Standing(ref, 1, 1, band) for ref, band in listed], run=run)
    return run


def test_the_bands_before_a_run_are_remembered_where_it_changed_them(store):
    first = bands(store, (WEB[0], "P0"), (WEB[1], "P1"))
    assert store.bands_before(first) == {("web", "I_0"): None, ("web", "I_1"): None}
    second = bands(store, (WEB[0], "P0"), (WEB[1], "P2"), (WEB[2], "P2"), at=TUESDAY)
    assert store.bands_before(second) == {("web", "I_1"): "P1", ("web", "I_2"): None}
    assert store.bands_before(first) == {("web", "I_0"): None}


def test_a_run_that_saves_its_list_twice_remembers_the_bands_before_the_first_time(store):
    bands(store, (WEB[0], "P0"), (WEB[1], "P1"))
    run = bands(store, (WEB[0], "P0"), at=TUESDAY)
    assert store.bands_before(run) == {("web", "I_1"): "P1"}
    store.save_standings(["web"], [Standing(WEB[0], 1, 1, "P3"), Standing(WEB[1], 1, 2, "P1")], run=run)
    assert store.bands_before(run) == {("web", "I_0"): "P0"}


def test_our_last_write_to_each_issue_is_remembered(store):
    assert store.own_writes() == {}
    web, core = OwnWrite(WEB[0], TUESDAY, MONDAY), OwnWrite(CORE, TUESDAY, MONDAY)
    store.save_own_writes([web, core])
    later = OwnWrite(WEB[0], WEDNESDAY, MONDAY)
    store.save_own_writes(iter([later]))
    store.save_own_writes([])
    assert store.own_writes() == {("web", "I_0"): later, ("core", "10007"): core}
