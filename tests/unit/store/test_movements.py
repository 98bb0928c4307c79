"""Of each run is kept who moved against the run before, and no more."""

from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trackersync.model import IssueRef, Standing
from trackersync.store import Place

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEB = [IssueRef("web", "github", f"I_{n}", f"acme/web#{n}") for n in range(30)]


def applied(store, standings, *, day=0):
    at = MONDAY + timedelta(days=day)
    run = store.begin_run(at=at, plan_digest="d", allowed=())
    store.note_movements(["web"], standings, run=run)
    store.save_standings(["web"], standings, run=run)
    return run


def places(store, ref):
    return [
        (each.run, each.rank, each.band, each.score) for each in store.movements([ref.issue_key]).get(ref.issue_key, ())
    ]


def test_an_issue_is_noted_where_its_score_or_band_is_another_newest_first(store):
    first = applied(store, [Standing(WEB[0], 5, 1, "P0", (("rice", 5.0),)), Standing(WEB[1], 3, 2, "P1")])
    second = applied(store, [Standing(WEB[0], 5, 1, "P1"), Standing(WEB[1], 3, 2, "P1")], day=1)
    third = applied(store, [Standing(WEB[0], 7, 1, "P1"), Standing(WEB[1], 3, 2, "P1")], day=2)
    assert places(store, WEB[0]) == [(third, 1, "P1", 7), (second, 1, "P1", 5), (first, 1, "P0", 5)]
    assert places(store, WEB[1]) == [(first, 2, "P1", 3)]
    newest, _, oldest = store.movements([WEB[0].issue_key])[WEB[0].issue_key]
    assert (newest.at, newest.points, oldest.points) == (MONDAY + timedelta(days=2), (), (("rice", 5.0),))


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
    assert store.movements([core.issue_key]) == {}


def test_of_each_issue_of_the_snapshots_the_newest_so_many_moves_are_told_newest_first(store, issue):
    stored = [[issue(number, ref=WEB[number]) for number in (0, 1, 2)]]
    store.replace_snapshot("web", "github", stored, taken_at=MONDAY, accept=lambda *_: None)
    still = [Standing(WEB[1], 0, 2, "P1"), Standing(WEB[3], -1, 3, "P1")]
    runs = [applied(store, [Standing(WEB[0], day, 1, "P0"), *still], day=day) for day in range(1, 5)]
    found = {key: [move.run for move in moves] for key, moves in store.last_movements(2).items()}
    assert found == {WEB[0].issue_key: [runs[3], runs[2]], WEB[1].issue_key: [runs[0]]}


LISTS = st.lists(st.dictionaries(st.sampled_from(WEB[:12]), st.integers(0, 6), max_size=12), min_size=1, max_size=5)
DAYS = count(1)
"""One store serves all examples, one after the other."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=LISTS)
def test_the_list_of_any_time_is_told_as_it_was(store, lists):
    """Exactly among different scores; of equal ones the order may be another."""
    kept = {next(DAYS): scores for scores in lists}
    for day, scores in kept.items():
        order = sorted(scores, key=lambda ref: (-scores[ref], ref.id))
        ranked = [Standing(ref, scores[ref], rank, f"P{scores[ref]}") for rank, ref in enumerate(order, start=1)]
        applied(store, ranked, day=day)
    for day, scores in kept.items():
        places = store.places_at(["web"], MONDAY + timedelta(days=day, hours=1))
        assert {key: place.band for key, place in places.items()} == {
            ref.issue_key: f"P{score}" for ref, score in scores.items()
        }
        assert [place.band for place in places.values()] == sorted(
            (f"P{each}" for each in scores.values()), reverse=True
        )
        assert [place.rank for place in places.values()] == list(range(1, len(scores) + 1))


def test_a_rank_that_changes_a_little_in_each_run_is_noted_before_it_is_off_by_more_than_a_tenth(store):
    """Among issues of one score, where nothing else tells the order."""
    order = list(WEB)
    for day in range(1, 30):
        applied(store, [Standing(ref, 5, rank, "P0") for rank, ref in enumerate(order, start=1)], day=day)
        told = store.movements([ref.issue_key for ref in order])
        noted = [told[ref.issue_key][0].rank for ref in order]
        assert all(abs(rank - found) * 10 < min(rank, found) for rank, found in enumerate(noted, 1) if rank != found)
        order = [order[-1], *order[:-1]]


def test_what_a_tracker_refused_moved_all_the_same_and_once(store):
    stood = [Standing(WEB[0], 5, 1, "P0"), Standing(WEB[1], 3, 2, "P1")]
    for day in range(3):
        run = store.begin_run(at=MONDAY + timedelta(days=day), plan_digest="d", allowed=())
        store.note_movements(["web"], stood, run=run)
        store.save_standings(["web"], stood[:1], run=run)
    assert len(places(store, WEB[1])) == 1
    assert store.places_at(["web"], MONDAY + timedelta(days=9))[WEB[1].issue_key] == Place(2, "P1")
    run = store.begin_run(at=MONDAY + timedelta(days=4), plan_digest="d", allowed=())
    store.note_movements(["web"], stood[:1], run=run)
    assert places(store, WEB[1])[0] == (run, None, None, None)


def test_a_list_of_before_is_told_without_trackers_that_nobody_asks_for(store):
    core = IssueRef("core", "jira", "10007", "CORE-7")
    run = store.begin_run(at=MONDAY, plan_digest="d", allowed=())
    store.note_movements(["web", "core"], [Standing(core, 9, 1, "P0"), Standing(WEB[0], 5, 2, "P0")], run=run)
    assert store.places_at(["web"], MONDAY) == {WEB[0].issue_key: Place(1, "P0")}


def test_many_issues_can_be_asked_for_at_once(store):
    crowd = [IssueRef("web", "github", f"I_{number}", f"acme/web#{number}") for number in range(1_201)]
    applied(store, [Standing(ref, 5, rank, "P0") for rank, ref in enumerate(crowd, start=1)])
    assert set(store.movements(ref.issue_key for ref in crowd)) == {ref.issue_key for ref in crowd}
