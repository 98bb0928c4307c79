from __future__ import annotations

from trackersync.change import Change, WriteTarget
from trackersync.plan.guards import check_changes, check_shrink
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
    assert check_changes(shifted, Guards(), ours=ours, follows=["field Rank"]) == ()


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


def test_a_read_that_lost_too_much_is_not_believed() -> None:
    guards = Guards(max_shrink=0.2)
    assert check_shrink(tracker="web", before=0, now=0, guards=guards) is None
    assert check_shrink(tracker="web", before=100, now=80, guards=guards) is None
    assert check_shrink(tracker="web", before=100, now=200, guards=guards) is None
    verdict = check_shrink(tracker="web", before=100, now=0, guards=guards)
    assert verdict is not None
    assert verdict.message.startswith("web: the last read found 100 issues, this one 0: 100% fewer")
