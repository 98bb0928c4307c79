from __future__ import annotations

import pytest

from trackersync.change import Change, WriteTarget
from trackersync.model import Standing
from trackersync.plan.guards import check_bands, check_changes, check_rules, check_shrink
from trackersync.plan.policy import Guards

LABELS = WriteTarget("labels", "p/")
RANK = WriteTarget("field", "Rank")


def changes(issue, numbers, target=LABELS):
    return [Change(ref=issue(n).ref, target=target, before=None, after=1, reason="r") for n in numbers]


def carried(issue, count, target=LABELS):
    return {(issue(n).ref.issue_key, str(target)) for n in range(count)}


def names(verdicts) -> list[str]:
    return [verdict.name for verdict in verdicts]


def test_first_values_do_not_count_in_the_changed_share(issue) -> None:
    assert check_changes(changes(issue, range(100)), Guards(), ours=[], follows=[]) == ()


def test_too_large_a_share_of_our_issues_is_refused_with_the_numbers(issue) -> None:
    ours = carried(issue, 10)
    guards = Guards(max_changed_share=0.5)
    assert check_changes(changes(issue, range(5)), guards, ours=ours, follows=[]) == ()
    (verdict,) = check_changes(changes(issue, range(6)), guards, ours=ours, follows=[])
    assert verdict.name == "max_changed_share"
    assert "6 of the 10 issues" in verdict.message
    assert "60%" in verdict.message


def test_ranks_that_shift_because_of_a_newcomer_are_not_counted(issue) -> None:
    ours = carried(issue, 10, RANK)
    shifted = changes(issue, range(10), RANK)
    assert check_changes(shifted, Guards(), ours=ours, follows=[("core", "field Rank")]) == ()


def test_the_first_values_of_a_target_added_later_do_not_count(issue) -> None:
    first = changes(issue, range(10), WriteTarget("field", "Score"))
    assert check_changes(first, Guards(), ours=carried(issue, 10), follows=[]) == ()


def test_a_share_is_one_of_issues_however_many_values_each_carries(issue) -> None:
    ours = carried(issue, 10) | carried(issue, 10, RANK)
    (verdict,) = check_changes(changes(issue, range(6)), Guards(), ours=ours, follows=[])
    assert "6 of the 10 issues" in verdict.message


def test_issues_are_counted_not_values(issue) -> None:
    twice = changes(issue, range(3)) + changes(issue, range(3), WriteTarget("priority"))
    assert check_changes(twice, Guards(max_changes=3), ours=[], follows=[]) == ()
    assert names(check_changes(twice, Guards(max_changes=2), ours=[], follows=[])) == ["max_changes"]


def test_refusals_count_with_thousands(issue) -> None:
    (verdict,) = check_changes(changes(issue, range(1200)), Guards(max_changes=1100), ours=[], follows=[])
    assert verdict.message == "1,200 issues would be written to; the limit is 1,100"


def test_a_read_that_lost_too_much_is_not_believed() -> None:
    guards = Guards(max_shrink=0.2)
    assert check_shrink(tracker="web", before=0, now=0, guards=guards) is None
    assert check_shrink(tracker="web", before=100, now=80, guards=guards) is None
    assert check_shrink(tracker="web", before=100, now=200, guards=guards) is None
    verdict = check_shrink(tracker="web", before=100, now=0, guards=guards)
    assert verdict is not None
    assert verdict.message.startswith("web: the last read found 100 issues, this one 0: 100% fewer")


def test_a_read_of_nothing_after_one_of_something_is_never_believed() -> None:
    for share in (0, 0.2, 0.99):
        assert check_shrink(tracker="web", before=1, now=0, guards=Guards(max_shrink=share)) is not None


def banded(issue, *bands):
    return [Standing(issue(n).ref, 1.0, n, band) for n, band in enumerate(bands, 1)]


def test_a_list_in_which_too_much_is_urgent_is_refused_with_the_numbers(issue) -> None:
    guards = Guards(band_budget={"P0": 0.25, "P1": 0.5})
    assert list(check_bands(banded(issue, "P0", "P1", "P1", ""), guards)) == []
    (verdict,) = check_bands(banded(issue, "P0", "P0", "P1", ""), guards)
    assert verdict.name == "band_budget"
    assert verdict.message == "P0 would hold 2 of the 4 ranked issues (50%); its budget is 25%"


@pytest.mark.parametrize(("budget", "count", "of"), [(0.29, 29, 100), (0.07, 7, 100), (0.1, 3, 30)])
def test_a_budget_is_the_share_as_people_wrote_it(issue, budget, count, of) -> None:
    guards = Guards(band_budget={"P0": budget})
    assert list(check_bands(banded(issue, *["P0"] * count, *["P1"] * (of - count)), guards)) == []
    assert list(check_bands(banded(issue, *["P0"] * (count + 1), *["P1"] * (of - count - 1)), guards))


def test_all_bands_beyond_their_budgets_are_told_at_once(issue) -> None:
    (verdict,) = check_bands(banded(issue, "P0", "P1"), Guards(band_budget={"P0": 0.1, "P1": 0.1}))
    assert verdict.message.count("its budget is 10%") == 2


def test_an_empty_list_has_no_inflation() -> None:
    assert list(check_bands([], Guards(band_budget={"P0": 0.1}))) == []


def test_a_plan_made_by_other_rules_is_refused_with_both_digests() -> None:
    assert check_rules(planned="abc", present="abc", file="team.yaml") is None
    verdict = check_rules(planned="a" * 64, present="b" * 64, file="team.yaml")
    assert verdict is not None
    assert "a" * 12 in verdict.message
    assert "b" * 12 in verdict.message
