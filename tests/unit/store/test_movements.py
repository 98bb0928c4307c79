"""Of each run is kept who moved against the run before, and no more."""

from datetime import UTC, datetime, timedelta

from trackersync.model import IssueRef, Standing

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEB = [IssueRef("web", "github", f"I_{n}", f"acme/web#{n}") for n in range(30)]


def applied(store, standings, *, day=0):
    at = MONDAY + timedelta(days=day)
    run = store.begin_run(at=at, plan_digest="d", allowed=())
    store.note_movements(["web"], standings, run=run)
    store.save_standings(["web"], standings, run=run)
    return run


def places(store, ref):
    return [(each.run, each.rank, each.band, each.score) for each in store.movements(ref.issue_key)]


def test_an_issue_is_noted_where_its_score_or_band_is_another_newest_first(store):
    first = applied(store, [Standing(WEB[0], 5, 1, "P0", ("rice +5",)), Standing(WEB[1], 3, 2, "P1")])
    second = applied(store, [Standing(WEB[0], 5, 1, "P1"), Standing(WEB[1], 3, 2, "P1")], day=1)
    third = applied(store, [Standing(WEB[0], 7, 1, "P1"), Standing(WEB[1], 3, 2, "P1")], day=2)
    assert places(store, WEB[0]) == [(third, 1, "P1", 7), (second, 1, "P1", 5), (first, 1, "P0", 5)]
    assert places(store, WEB[1]) == [(first, 2, "P1", 3)]
    newest, _, oldest = store.movements(WEB[0].issue_key)
    assert (newest.at, newest.why, oldest.why) == (MONDAY + timedelta(days=2), (), ("rice +5",))


def test_a_rank_alone_is_noted_from_a_tenth_of_itself_on(store):
    first = applied(store, [Standing(ref, 5, place, "P0") for place, ref in enumerate(WEB[1:], start=1)])
    second = applied(store, [Standing(ref, 5, place, "P0") for place, ref in enumerate(WEB, start=1)], day=1)
    assert [run for run, *_ in places(store, WEB[3])] == [second, first], "from 3 to 4"
    assert [run for run, *_ in places(store, WEB[25])] == [first], "from 25 to 26"


def test_what_leaves_the_list_is_noted_once_and_other_trackers_are_let_be(store):
    core = IssueRef("core", "jira", "10007", "CORE-7")
    run = store.begin_run(at=MONDAY, plan_digest="d", allowed=())
    store.save_standings(["core"], [Standing(core, 1, 1, "P0")], run=run)
    first = applied(store, [Standing(WEB[0], 5, 1, "P0")])
    second = applied(store, [], day=1)
    applied(store, [], day=2)
    assert places(store, WEB[0]) == [(second, None, None, None), (first, 1, "P0", 5)]
    assert store.movements(core.issue_key) == []
