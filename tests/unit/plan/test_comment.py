"""What our comment says: the standing and why, and nothing that another day alone would change."""

from __future__ import annotations

from decimal import Decimal

from trackersync.plan.comment import comment_on
from trackersync.scoring.engine import Scored
from trackersync.scoring.steps import Step


def step(name, because=None):
    return Step(name=name, because=because, operation="× 3", applied=True, before=Decimal(1), after=Decimal(3))


def test_it_says_band_score_and_the_strongest_reasons(issue):
    why = (step("rice"), step("deadline", "It is due soon."))
    assert comment_on(Scored(issue(), 87.0, 3, "P1", why)).split("\n") == [
        "Priority P1, score 87.",
        "Because of rice",
        "Because of deadline: It is due soon.",
        "Kept up to date by trackersync. Whoever edits or deletes it is respected: it is then left alone.",
    ]


def test_a_score_is_never_told_as_a_power_of_ten(issue):
    assert comment_on(Scored(issue(), 1_680_000.0, 3, "", ())).startswith("Score 1680000.\n")


def test_without_bands_it_says_the_score(issue):
    assert comment_on(Scored(issue(), 8.5, 3, "")).startswith("Score 8.5.\nKept up to date")


def test_another_rank_is_no_other_comment(issue):
    assert comment_on(Scored(issue(), 87.0, 3, "P1")) == comment_on(Scored(issue(), 87.0, 4, "P1"))
