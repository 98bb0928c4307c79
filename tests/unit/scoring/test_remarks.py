"""What is odd about a whole list is said in words, with the numbers."""

from __future__ import annotations

from trackersync.model import Direction, Link
from trackersync.scoring.engine import score
from trackersync.scoring.explain import explain
from trackersync.scoring.rules import Add, Band, Inherit, Input, InputSource, Rules


def warned(issues, rules, now):
    return list(score(issues, rules, now=now).warnings)


def test_a_band_over_its_budget_is_inflation(formula, worth, now):
    bands = (Band(name="P0", min_score=8, budget=0.1), Band(name="P1", min_score=2, budget=0.5), Band(name="P2"))
    assert warned(worth(9, 9, 5, 1), formula(bands=bands), now) == [
        "inflation: P0 holds 2 of 4 issues (50%), more than its budget of 10%"
    ]


def test_a_band_that_holds_exactly_its_budget_is_none(formula, worth, now):
    # 0.29 * 100 is a little less than 29 in binary.
    bands = (Band(name="P0", count=29, budget=0.29), Band(name="P1"))
    assert warned(worth(*range(100)), formula(bands=bands), now) == []


def test_a_first_band_by_score_without_a_budget_may_hold_a_quarter(formula, worth, now):
    bands = (Band(name="P0", min_score=8), Band(name="P1"))
    assert warned(worth(9, 1, 1, 1), formula(bands=bands), now) == []
    assert warned(worth(9, 9, 1, 1), formula(bands=bands), now) == [
        "inflation: P0 holds 2 of 4 issues (50%), more than 25% of the list"
    ]
    assert warned(worth(9, 9), formula(bands=(Band(name="P0", share=0.5), Band(name="P1"))), now) == []


def test_must_haves_take_no_more_than_sixty_percent_of_the_effort(issue, field, now):
    rules = Rules(framework="moscow", inputs=(field("moscow"), field("effort")))

    def backlog(*classes):
        return [issue(n, fields={"moscow": name, "effort": size}) for n, (name, size) in enumerate(classes)]

    by_count = backlog(("must", 1), ("must", None), ("must", 1), ("could", 9))
    assert warned(by_count, rules, now) == ["inflation: Must takes 75% of all issues, more than 60%"]
    assert warned(backlog(("must", 1), ("must", 1), ("must", 1), ("could", 9)), rules, now) == []
    by_effort = backlog(("must", 9), ("could", 1), ("could", 1))
    assert warned(by_effort, rules, now) == ["inflation: Must takes 82% of all effort, more than 60%"]
    assert warned([], rules, now) == []


def test_relative_sizes_without_the_smallest_are_told_by_column(issue, field, now):
    names = ("business_value", "time_criticality", "risk_reduction", "job_size")
    rules = Rules(framework="wsjf", inputs=tuple(field(name) for name in names))
    (warning,) = warned([issue(1, fields=dict(zip(names, (1, 1, 3, 1), strict=True)))], rules, now)
    assert warning.startswith(
        "no issue has the smallest risk_reduction, 1: the least is 3; wsjf compares relative sizes"
    )
    assert warned([issue(1, fields=dict.fromkeys(names, 1))], rules, now) == []


def test_a_circle_of_blockers_is_named_and_a_long_one_in_part(formula, adjust, issue, now):
    def blocking(number, other):
        link = Link("blocks", Direction.OUTWARD, f"memory:CORE-{other}")
        return issue(number, fields={"value": 1}, links=(link,))

    rules = formula(adjustments=adjust(Inherit()))
    pair = [blocking(1, 2), blocking(2, 1)]
    (short,) = warned(pair, rules, now)
    assert short == (
        "a circle of 'blocks', whose issues inherit nothing from one another: memory:CORE-1, memory:CORE-2"
    )
    inherited = explain(pair, rules, "CORE-1", now=now).steps[1]
    assert inherited.operation == "of issues that have a score it blocks only those that block it in turn"
    (long,) = warned([blocking(n, (n + 1) % 1000) for n in range(1000)], rules, now)
    assert long.endswith("… and 990 more")


def test_what_only_an_adjustment_uses_and_cannot_be_used_is_told(formula, field, adjust, worth, now):
    bonus = Input(name="bonus", sources={"memory": InputSource("field", "bonus")}, values={"big": 2})
    rules = formula("value", field("value"), bonus, adjustments=adjust(Add("bonus")))
    assert warned(worth({"value": 1, "bonus": "huge"}, {"value": 1, "bonus": "tiny"}), rules, now) == [
        "issues on which bonus cannot be used: 2; on memory:CORE-1: 'huge' is none of big"
    ]


def test_an_unknown_size_is_told_where_bands_are_filled_by_size(formula, worth, now):
    assert warned(worth(1, 2), formula(bands=(Band(name="now", capacity=5), Band(name="later"))), now) == [
        "issues without estimate, which fit into no band with a capacity: 2"
    ]
