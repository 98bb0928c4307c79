from __future__ import annotations

from datetime import timedelta

from trackersync.change import FoundOverride, KnownOverride, WriteTarget
from trackersync.model import Standing
from trackersync.plan.overrides import expires_at, find_overrides, still_standing
from trackersync.plan.policy import LabelStyle, Overrides, WritePolicy

LABELS = WriteTarget("labels", "p/")
POLICIES = {"core": WritePolicy(label_prefix="p/", order=True)}


def test_a_value_that_differs_from_what_we_wrote_is_an_override(issue) -> None:
    changed, removed, kept, never = (
        issue(1, labels=("p/P0",)),
        issue(2),
        issue(3, labels=("p/P2",)),
        issue(4, labels=("p/P1",)),
    )
    written = {(i.ref.issue_key, str(LABELS)): ("p/P2",) for i in (changed, removed, kept)}
    assert find_overrides([changed, removed, kept, never], POLICIES, written, {}) == (
        FoundOverride(changed.ref, LABELS, ("p/P2",), ("p/P0",)),
        FoundOverride(removed.ref, LABELS, ("p/P2",), ()),
    )


def test_what_the_file_no_longer_declares_ours_is_nobodys_override(issue) -> None:
    changed = issue(1, labels=("p/P0",))
    assert find_overrides([changed], {}, {(changed.ref.issue_key, str(LABELS)): ("p/P2",)}, {}) == ()


def test_labels_of_a_prefix_that_comes_back_are_ours_renamed_or_not(issue) -> None:
    policy = WritePolicy(label_prefix="p/", label_style=LabelStyle(previously="prio-"))
    kept, renamed, theirs, also_theirs = (
        issue(1, labels=("prio-P1",)),
        issue(2, labels=("p/P1",)),
        issue(3, labels=("prio-P0",)),
        issue(4, labels=("p/P0",)),
    )
    issues, before = [kept, renamed, theirs, also_theirs], WriteTarget("labels", "prio-")
    written = {(each.ref.issue_key, str(LABELS)): () for each in issues}
    written |= {(each.ref.issue_key, str(before)): ("prio-P1",) for each in issues}
    assert find_overrides(issues, {"core": policy}, written, {}) == (
        FoundOverride(theirs.ref, before, ("prio-P1",), ("prio-P0",)),
        FoundOverride(also_theirs.ref, LABELS, ("p/P1",), ("p/P0",)),
    )


def on_board(issue, order: str):
    return [issue(number, native_rank=f"{order.index(str(number)):04}") for number in range(1, len(order) + 1)]


def test_an_issue_moved_by_hand_is_an_override_and_its_neighbours_are_not(issue) -> None:
    issues = on_board(issue, "41235")
    standings = {i.ref.issue_key: Standing(i.ref, 1, place, "") for place, i in enumerate(issues, 1)}
    written = {(issues[0].ref.issue_key, "order"): ("before", "id2")}
    found = find_overrides(issues, POLICIES, written, standings)
    assert [(o.ref.id, o.wrote, o.found) for o in found] == [("id4", ("after", "id3"), ("first",))]


def test_an_issue_moved_by_hand_is_still_the_one_after_the_rules_changed(issue) -> None:
    """Somebody put 3 between 1 and 2; by rules of today it would come first, and then 1 looks as if it were moved."""
    issues = on_board(issue, "132")
    standings = {
        issues[n - 1].ref.issue_key: Standing(issues[n - 1].ref, 1, rank, "") for rank, n in enumerate((3, 1, 2))
    }
    written = {(issues[0].ref.issue_key, "order"): ("before", "id2")}
    moved = {issues[2].ref.issue_key}
    found = find_overrides(issues, POLICIES, written, standings, moved)
    assert [(o.ref.id, o.wrote, o.found) for o in found] == [("id3", ("first",), ("after", "id1"))]


def test_an_issue_moved_by_hand_that_stands_where_it_should_is_no_override(issue) -> None:
    issues = on_board(issue, "123")
    standings = {i.ref.issue_key: Standing(i.ref, 1, place, "") for place, i in enumerate(issues, 1)}
    written = {(issues[0].ref.issue_key, "order"): ("before", "id2")}
    assert find_overrides(issues, POLICIES, written, standings, {issues[1].ref.issue_key}) == ()


def test_an_order_we_never_wrote_is_not_overridden(issue) -> None:
    issues = on_board(issue, "41235")
    standings = {i.ref.issue_key: Standing(i.ref, 1, place, "") for place, i in enumerate(issues, 1)}
    assert find_overrides(issues, POLICIES, {}, standings) == ()


def test_an_override_stands_until_it_expires(issue, now) -> None:
    override = FoundOverride(issue().ref, LABELS, ("p/P2",), ("p/P0",))
    month = Overrides(expire=timedelta(days=30))
    known = [KnownOverride(override, now)]
    assert still_standing(known, month, now=now + timedelta(days=29)) == (override,)
    assert still_standing(known, month, now=now + timedelta(days=30)) == ()
    assert still_standing(known, Overrides(), now=now + timedelta(days=9999)) == (override,)
    assert (expires_at(known[0], month), expires_at(known[0], Overrides())) == (now + timedelta(days=30), None)


def test_an_override_that_was_released_does_not_stand(issue, now) -> None:
    override = FoundOverride(issue().ref, LABELS, ("p/P2",), ("p/P0",))
    assert still_standing([KnownOverride(override, now, released_at=now)], Overrides(), now=now) == ()
