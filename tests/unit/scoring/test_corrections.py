"""How often people correct a rule is told of the issues on which it decided, and of no other."""

from __future__ import annotations

from trackersync.scoring.corrections import Corrected, count_corrections
from trackersync.scoring.rules import Add, Band, Multiply


def test_each_adjustment_and_band_counts_the_issues_it_decided_on(formula, adjust, worth, calculated) -> None:
    adjustments = adjust(Add("1"), when="value > 2") + adjust(Multiply("1"))
    rules = formula(adjustments=adjustments, bands=(Band(name="P0", count=1), Band(name="P1")))
    issues = worth(1, 3, 4, {})
    keys = [each.ref.issue_key for each in issues]
    counted = count_corrections(calculated(rules, issues), {keys[2], keys[3]})
    assert counted == (
        Corrected("adjustment", "step 1", 2, 1),
        Corrected("adjustment", "step 1", 0, 0),
        Corrected("band", "P0", 1, 1),
        Corrected("band", "P1", 2, 0),
    )
    assert [each.share for each in counted] == [0.5, None, 1, 0]
