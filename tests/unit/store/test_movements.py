"""Of each run is kept who moved against the run before, and no more."""

from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
        places = store.places_at(MONDAY + timedelta(days=day, hours=1))
        assert {key: place.band for key, place in places.items()} == {
            ref.issue_key: f"P{score}" for ref, score in scores.items()
        }
        assert [place.band for place in places.values()] == sorted(
            (f"P{each}" for each in scores.values()), reverse=True
        )
        assert [place.rank for place in places.values()] == list(range(1, len(scores) + 1))
