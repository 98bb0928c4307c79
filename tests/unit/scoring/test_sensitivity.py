"""The least change of one input that takes an issue further is really enough, and less is not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from trackersync.errors import TrackersyncError
from trackersync.scoring.engine import score
from trackersync.scoring.explain import explain
from trackersync.scoring.rules import Add, Band, Multiply, Scale
from trackersync.scoring.versus import versus

SHARES = (Band(name="P0", share=0.25), Band(name="P1", share=0.5), Band(name="P2"))


@pytest.fixture
def rice_like(field, formula):
    return formula(
        "value * impact / effort",
        field("value", scale=Scale(min=0)),
        field("impact", values={"high": 3, "medium": 2, "low": 1}),
        field("effort", scale=Scale(1, 13, (1, 2, 3, 5, 8, 13))),
        bands=SHARES,
    )


def told(ways):
    return [(way.issue.ref.key, way.input, way.before, way.after) for way in ways]


def fields(value, impact, effort):
    return {"value": value, "impact": impact, "effort": effort}


def test_what_takes_an_issue_into_the_next_band_is_the_nearest_value_that_people_can_give(rice_like, worth, now):
    # 40, 30, 20 and 5: the first is P0, so 40 has to be beaten.
    issues = worth(fields(40, "low", 1), fields(30, "low", 1), fields(20, "medium", 2), fields(5, "low", 1))
    found = explain(issues, rice_like, "CORE-2", now=now)
    assert (found.band, found.next_band) == ("P1", "P0")
    assert told(found.ways_up) == [("CORE-2", "value", 30, 40.1), ("CORE-2", "impact", 1, 2)]
    assert told(explain(issues, rice_like, "CORE-4", now=now).ways_up)[-1] == ("CORE-4", "value", 5, 20.1)
    assert explain(issues, rice_like, "CORE-1", now=now).next_band is None


def test_one_value_beyond_all_measure_does_not_hide_a_small_change_of_others(formula, worth, now):
    rules = formula(bands=(Band(name="P0", min_score=8), Band(name="P1")))
    assert told(explain(worth(1e300, 5), rules, "CORE-2", now=now).ways_up) == [("CORE-2", "value", 5, 7.51)]


def test_two_issues_are_set_apart_by_what_differs_and_swapped_by_the_least_change_of_either(rice_like, worth, now):
    rules = replace(rice_like, adjustments=())
    issues = worth(fields(40, "low", 1), fields(15, "medium", 1))
    found = versus(issues, rules, ("CORE-2", "CORE-1"), now=now)
    assert (found.higher.issue.ref.key, found.lower.issue.ref.key) == ("CORE-1", "CORE-2")
    assert [(each.name, each.higher, each.lower) for each in found.apart] == [
        ("value", "40", "15"),
        ("impact", "1", "2"),
    ]
    assert told(found.ways) == [
        ("CORE-1", "effort", 1, 2), ("CORE-2", "value", 15, 20.01), ("CORE-1", "value", 40, 29.9),
        ("CORE-2", "impact", 2, 3),
    ]  # fmt: skip


def test_steps_that_did_different_things_set_issues_apart(formula, adjust, issue, now):
    rules = formula(adjustments=adjust(Multiply("2"), when="type = 'bug'") + adjust(Add("votes")))
    issues = [issue(1, fields={"value": 9}, type="bug", votes=1), issue(2, fields={"value": 9}, votes=1)]
    apart = versus(issues, rules, ("CORE-1", "CORE-2"), now=now).apart
    assert [(each.name, each.higher, each.lower) for each in apart] == [("type", "bug", "–"), ("step 1", "× 2", "–")]


def test_labels_set_issues_apart_as_a_list(formula, adjust, issue, now):
    rules = formula(adjustments=adjust(Multiply("2"), when="has_label('x')"))
    issues = [issue(1, fields={"value": 9}, labels=("x", "y")), issue(2, fields={"value": 9})]
    (labels, step) = versus(issues, rules, ("CORE-1", "CORE-2"), now=now).apart
    assert (labels.name, labels.higher, labels.lower, step.higher) == ("labels", "x, y", "", "× 2")


def test_only_ranked_and_different_issues_are_set_apart(formula, worth, now):
    issues = worth(1, None)
    with pytest.raises(TrackersyncError, match="CORE-2 has no rank: value: no value"):
        versus(issues, formula(), ("CORE-1", "CORE-2"), now=now)
    with pytest.raises(TrackersyncError, match="CORE-1 is compared with itself"):
        versus(issues, formula(), ("CORE-1", "memory:core-1"), now=now)


def test_where_no_change_of_one_input_is_enough_there_is_no_way(formula, field, worth, now):
    rules = formula("value", field("value", scale=Scale(0, 10)), bands=(Band(name="P0", min_score=11), Band(name="P1")))
    found = explain(worth(3), rules, "CORE-1", now=now)
    assert (found.next_band, found.ways_up) == ("P0", ())


@pytest.mark.parametrize("normalize", ["none", "percentile", "minmax", "fixed"])
def test_a_band_by_score_is_reached_on_the_scale_that_people_see(normalize, formula, field, worth, now):
    bands = (Band(name="P0", min_score=70), Band(name="P1"))
    rules = formula("value", field("value", scale=Scale(0, 200)), bands=bands, normalize=normalize)
    issues = worth(*range(0, 100, 10))
    (way,) = explain(issues, rules, "CORE-4", now=now).ways_up
    assert banded(issues, rules, 4, way.after, now) == "P0"
    assert banded(issues, rules, 4, way.before + (way.after - way.before) * 0.9, now) == "P1"


def banded(issues, rules, number, value, now):
    changed = [
        replace(each, fields=each.fields | {"value": value}) if each.ref.key == f"CORE-{number}" else each
        for each in issues
    ]
    return next(e.band for e in score(changed, rules, now=now).ranked if e.issue.ref.key == f"CORE-{number}")


def test_who_was_in_the_band_before_has_to_come_clearly_past_its_edge(formula, worth, now):
    issues, bands = worth(*range(100)), (Band(name="P0", share=0.1), Band(name="P1"))
    rules = formula(bands=bands, hysteresis=5)
    fresh = explain(issues, rules, "CORE-50", now=now)
    before = {("core", f"id{number}"): "P1" for number in range(101)}
    patient = explain(issues, rules, "CORE-50", now=now, bands_before=before)
    assert told(fresh.ways_up) == [("CORE-50", "value", 49, 90.1)]
    assert told(patient.ways_up) == [("CORE-50", "value", 49, 95.1)]


def test_who_was_in_the_band_above_before_need_not_come_past_its_edge_to_return(formula, worth, now):
    issues, bands = worth(*range(100)), (Band(name="P0", share=0.1), Band(name="P1", share=0.2), Band(name="P2"))
    rules, before = formula(bands=bands, hysteresis=5), {("core", "id81"): "P0"}
    found = explain(issues, rules, "CORE-81", now=now, bands_before=before)
    assert (found.rank, found.band, found.next_band) == (20, "P1", "P0")
    assert told(found.ways_up) == [("CORE-81", "value", 80, 85.01)]


def test_a_band_smaller_than_the_hysteresis_is_reached_in_its_first_half(formula, worth, now):
    bands = (Band(name="P0", count=2), Band(name="P1", count=3), Band(name="P2"))
    before = {("core", f"id{number}"): "P1" for number in range(1, 11)}
    found = explain(worth(*range(10)), formula(bands=bands, hysteresis=40), "CORE-7", now=now, bands_before=before)
    assert (found.rank, found.band, found.next_band) == (4, "P1", "P0")
    assert told(found.ways_up) == [("CORE-7", "value", 6, 9.01)]


BY = {
    "share": (Band(name="P0", share=0.2), Band(name="P1", share=0.3), Band(name="P2")),
    "count": (Band(name="P0", count=1), Band(name="P1", count=2), Band(name="P2", count=2)),
    "min_score": (Band(name="P0", min_score=70), Band(name="P1", min_score=40), Band(name="P2", min_score=10)),
}


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    values=st.lists(st.integers(0, 100), min_size=2, max_size=8),
    kept=st.lists(st.sampled_from(["P0", "P1", "P2", None]), min_size=8, max_size=8),
    hysteresis=st.sampled_from([0, 5, 15, 40]),
    by=st.sampled_from(sorted(BY)),
    normalize=st.sampled_from(["none", "percentile", "minmax"]),
)
def test_every_way_leads_into_the_band_above_or_one_higher_whatever_was_before(
    values, kept, hysteresis, by, normalize, formula, worth, now
):
    rules = formula(bands=BY[by], hysteresis=hysteresis, normalize=normalize, round=1)
    before = {("core", f"id{number}"): band for number, band in enumerate(kept, start=1) if band}
    found = explain(worth(*values), rules, "CORE-1", now=now, bands_before=before)
    for way in found.ways_up:
        ranked = score(worth(way.after, *values[1:]), rules, now=now, bands_before=before).ranked
        assert "P0" <= next(each.band for each in ranked if each.issue.ref.key == "CORE-1") <= found.next_band


def test_a_band_that_is_filled_by_size_is_reached_in_the_place_of_one_as_large(formula, field, worth, now):
    bands = (Band(name="now", capacity=5), Band(name="later"))
    rules = formula("value", field("value"), field("effort"), bands=bands)
    issues = worth(*({"value": value, "effort": effort} for value, effort in ((9, 3), (8, 1), (7, 2), (6, None))))
    assert told(explain(issues, rules, "CORE-3", now=now).ways_up) == [("CORE-3", "value", 7, 9.01)]
    assert explain(issues, rules, "CORE-4", now=now).next_band is None


def test_a_band_too_small_for_any_issue_is_no_aim(formula, worth, now):
    found = explain(worth(1, 2), formula(bands=(Band(name="P0", share=0.05), Band(name="P1"))), "CORE-1", now=now)
    assert (found.band, found.next_band) == ("P1", None)


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(values=st.lists(st.tuples(st.integers(1, 50), st.integers(1, 9)), min_size=2, max_size=6, unique=True))
def test_every_way_swaps_the_two_when_it_is_gone(values, formula, field, worth, now):
    rules = formula("value / effort + least(value, 20)", field("value"), field("effort", scale=Scale(min=0.5)))
    issues = worth(*({"value": float(value), "effort": float(effort)} for value, effort in values))
    found = versus(issues, rules, ("CORE-1", "CORE-2"), now=now)
    for way in found.ways:
        gone = [
            replace(each, fields={**each.fields, way.input: way.after}) if each.ref == way.issue.ref else each
            for each in issues
        ]
        order = [entry.issue.ref.key for entry in score(gone, rules, now=now).ranked]
        assert order.index(found.lower.issue.ref.key) < order.index(found.higher.issue.ref.key)
