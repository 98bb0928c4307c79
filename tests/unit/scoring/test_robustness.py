"""How far an order can be relied on is counted in draws that are the same every time."""

from __future__ import annotations

import pytest

from trackersync.errors import TrackersyncError
from trackersync.model import Direction, Link
from trackersync.scoring.robustness import simulate
from trackersync.scoring.rules import Add, Cap, Exclude, Inherit, Missing, Multiply, Scale


@pytest.fixture
def uncertain(formula, field):
    return lambda off, *adjustments, **changes: formula(
        "value", field("value", uncertainty=off, **changes), adjustments=adjustments
    )


def chances(found):
    return [(each.top, each.best, each.worst, each.group) for each in found.chances]


def test_what_ranges_do_not_overlap_is_certain(uncertain, worth, calculated):
    found = simulate(calculated(uncertain(0.1), worth(100, 50, 10)), top=1)
    assert (found.draws, found.top, found.varied) == (1000, 1, ("value",))
    assert chances(found) == [(1, 1, 1, 1), (0, 2, 2, 2), (0, 3, 3, 3)]
    assert [each.issue.ref.key for each in found.chances] == ["CORE-1", "CORE-2", "CORE-3"]


def test_equals_share_the_chance_and_are_one_group(uncertain, worth, calculated):
    found = simulate(calculated(uncertain(0.3), worth(10, 10, 10, 10, 0.1)), top=2)
    assert [each.group for each in found.chances] == [1, 1, 1, 1, 2]
    for each in found.chances[:4]:
        assert each.top == pytest.approx(0.5, abs=0.08)
        assert (each.best, each.worst) == (1, 4)
    assert found.chances[4].top == 0


def test_the_same_seed_gives_the_same_numbers_and_another_others(uncertain, worth, calculated):
    found = calculated(uncertain(0.5), worth(10, 9, 8, 7))
    assert simulate(found, top=2) == simulate(found, top=2)
    assert simulate(found, top=2) != simulate(found, top=2, seed=1)


def test_the_shape_of_the_draws_is_a_triangle_within_the_scale(uncertain, worth, calculated):
    # From 5 to 15 with 10 in the middle: 12.5 is passed in one of eight draws; and never is the scale's end.
    found = simulate(calculated(uncertain(0.5, scale=Scale(0, 15)), worth(10, 12.5)), top=1, draws=4000)
    assert found.chances[0].issue.ref.key == "CORE-2"
    assert 0.5 < found.chances[0].top < 0.8
    bounded = simulate(calculated(uncertain(1.0, scale=Scale(0, 10)), worth(10, 10)), top=1)
    assert bounded.chances[0].top == pytest.approx(0.5, abs=0.06)


def test_adjustments_and_inheritance_are_done_again_in_every_draw(uncertain, worth, adjust, issue, calculated):
    links = (Link("blocks", Direction.OUTWARD, "memory:CORE-2"),)
    issues = [issue(1, fields={"value": 1}, links=links), *worth(1, 100)[1:], *worth(1, 1, 40)[2:]]
    # Half of 100 ± 50 % is more than 40 ± 50 % in most draws, not in all.
    found = simulate(calculated(uncertain(0.5, *adjust(Inherit("blocks", 0.5))), issues), top=2)
    assert [each.issue.ref.key for each in found.chances] == ["CORE-2", "CORE-1", "CORE-3"]
    assert 0.5 < found.chances[1].top < 0.95
    assert found.chances[0].top > 0.9


def test_an_issue_without_a_value_that_only_an_adjustment_asks_for_is_drawn_as_it_is_scored(
    formula, field, adjust, worth, calculated
):
    inputs = (field("value", uncertainty=0.1), field("risk", uncertainty=0.1))
    rules = formula("value", *inputs, adjustments=(*adjust(Add("risk")), *adjust(Cap("0"), when="risk > 5")))
    known = {"value": 50, "risk": 1}
    found = simulate(calculated(rules, worth({"value": 100}, known, known | {"value": 10})), top=1)
    assert [each.issue.ref.key for each in found.chances] == ["CORE-1", "CORE-2", "CORE-3"]
    assert chances(found) == [(1, 1, 1, 1), (0, 2, 2, 2), (0, 3, 3, 3)]


def test_a_circle_of_blockers_is_drawn_as_it_is_scored(uncertain, adjust, issue, calculated):
    def linked(number, value, *others):
        links = tuple(Link("blocks", Direction.OUTWARD, f"memory:CORE-{other}") for other in others)
        return issue(number, fields={"value": value}, links=links)

    issues = [linked(1, 1, 2), linked(2, 2, 1, 3), linked(3, 100), linked(4, 10)]
    found = simulate(calculated(uncertain(0.01, *adjust(Inherit())), issues), top=3)
    assert [each.top for each in found.chances] == [1, 1, 1, 0]


def test_only_ranked_issues_are_drawn(uncertain, worth, adjust, calculated):
    rules = uncertain(0.2, *adjust(Exclude(), when="has_label('out')"))
    issues = [*worth(5, None), *worth(0, 0, 9, labels=("out",))[2:]]
    assert [each.issue.ref.key for each in simulate(calculated(rules, issues), top=1).chances] == ["CORE-1"]
    assert simulate(calculated(rules, []), top=1).chances == ()


def test_conditions_on_what_is_uncertain_are_decided_in_every_draw(uncertain, worth, adjust, calculated):
    # The first is more than 10, and then behind the other, in half of all draws.
    rules = uncertain(0.5, *adjust(Multiply("0.1"), when="value > 10"))
    found = simulate(calculated(rules, worth(10, 5)), top=1)
    assert found.chances[0].top == pytest.approx(0.45, abs=0.06)


def test_what_grows_too_large_to_compute_with_comes_last_in_its_draw(uncertain, worth, adjust, calculated):
    # 1.7e308 can be written, and 1.8e308, which is reached in four of ten draws, cannot.
    found = simulate(calculated(uncertain(0.5, *adjust(Multiply("1e300"))), worth(1.7e8, 1)), top=1)
    assert found.chances[0].top == pytest.approx(0.61, abs=0.06)


def test_without_anything_uncertain_there_is_nothing_to_draw(formula, field, worth, calculated):
    with pytest.raises(TrackersyncError, match="no input is uncertain") as refused:
        simulate(calculated(formula(), worth(1, 2)), top=1)
    assert "uncertainty" in refused.value.hint
    certain = formula("value", field("value", uncertainty=0.5, missing=Missing("default", 0)))
    with pytest.raises(TrackersyncError, match="no input is uncertain"):
        simulate(calculated(certain, worth(0, 0)), top=1)
