from __future__ import annotations

from typing import Any

import pytest

from trackersync.change import FoundOverride, LabelSet, WriteTarget
from trackersync.model import PROJECT_ITEM, Standing
from trackersync.plan.build import Basis, RankedIssue, build_plan
from trackersync.plan.document import PlannedTracker, SkippedTracker
from trackersync.plan.policy import Guards, LabelStyle, WritePolicy

LABELS = WriteTarget("labels", "p/")


def ranked(*issues) -> list[RankedIssue]:
    return [
        RankedIssue(issue, Standing(issue.ref, 100 - place, place, "P0" if place == 1 else "P1"))
        for place, issue in enumerate(issues, 1)
    ]


@pytest.fixture
def plan(now):
    def built(*issues, policy: WritePolicy, **other: Any):
        tracker = PlannedTracker(identity="memory", notify=True, snapshot_at=now, issues=len(issues))
        basis: dict[str, Any] = {
            "now": now,
            "rules_digest": "d",
            "ranked": ranked(*issues),
            "trackers": {"core": tracker},
            "policies": {"core": policy},
            "written": {},
            "overrides": (),
            "skipped": (),
            "guards": Guards(),
            "allowed": (),
        }
        return build_plan(Basis(**{**basis, **other}))

    return built


def told(plan) -> list[tuple[str, str, Any, Any]]:
    return [(change.ref.key, str(change.target), change.before, change.after) for change in plan.changes]


def test_only_differences_are_planned(issue, plan) -> None:
    policy = WritePolicy(label_prefix="p/", fields={"score": "Score"})
    done = issue(1, labels=("p/P0", "bug"), fields={"Score": 99.0})
    wrong = issue(2, labels=("p/P0",), fields={"Score": 98})
    assert told(plan(done, wrong, policy=policy)) == [("CORE-2", "labels p/", ("p/P0",), ("p/P1",))]


def test_every_change_has_its_reason(issue, plan) -> None:
    (change,) = plan(issue(1), policy=WritePolicy(label_prefix="p/")).changes
    assert change.reason == "rank 1 of 1, score 99, P0"


def test_an_override_is_left_alone_and_told(issue, plan) -> None:
    human = issue(1, labels=("p/P3",))
    override = FoundOverride(human.ref, LABELS, ("p/P0",), ("p/P3",))
    result = plan(human, policy=WritePolicy(label_prefix="p/", priority={"P0": "High"}), overrides=(override,))
    assert told(result) == [("CORE-1", "priority", None, "High")]
    assert result.overrides == (override,)


def test_the_order_is_reached_with_the_least_moves_and_they_come_last(issue, plan) -> None:
    policy = WritePolicy(label_prefix="p/", order=True)
    first, second, third = issue(1, native_rank="c"), issue(2, native_rank="a"), issue(3, native_rank="b")
    assert told(plan(first, second, third, policy=policy))[3:] == [
        ("CORE-1", "order", ("after", "id3"), ("before", "id2"))
    ]
    last = plan(issue(1, native_rank="b"), issue(2, native_rank="c"), issue(3, native_rank="a"), policy=policy)
    assert told(last)[3:] == [("CORE-3", "order", ("before", "id1"), ("after", "id2"))]
    assert last.changes[-1].reason == "rank 3: belongs after CORE-2"


def test_an_issue_moved_by_hand_keeps_its_place(issue, plan) -> None:
    moved = issue(1, native_rank="z")
    override = FoundOverride(moved.ref, WriteTarget("order"), ("first",), ("after", "id2"))
    result = plan(moved, issue(2, native_rank="a"), policy=WritePolicy(order=True), overrides=(override,))
    assert result.changes == ()


def test_the_rest_is_ordered_around_an_issue_moved_by_hand_and_the_plan_says_so(issue, plan) -> None:
    """Somebody put 9 directly behind 1; 2 belongs behind 1 too, and comes after the two."""
    first, by_hand, third, fourth, second = (
        issue(n, native_rank=f"{place}") for place, n in enumerate((1, 9, 3, 4, 2))
    )
    override = FoundOverride(by_hand.ref, WriteTarget("order"), ("after", "id2"), ("after", "id1"))
    result = plan(first, second, third, fourth, by_hand, policy=WritePolicy(order=True), overrides=(override,))
    assert told(result) == [("CORE-2", "order", ("after", "id4"), ("after", "id9"))]
    assert result.changes[0].reason == "rank 2: belongs after CORE-9, which somebody put there"


def test_an_issue_put_at_the_top_by_hand_stays_there(issue, plan) -> None:
    """GitHub's one word for before the first is the top of the project, which is somebody's now."""
    by_hand, second, third, first = (issue(number, native_rank=f"{place}") for place, number in enumerate((9, 2, 3, 1)))
    override = FoundOverride(by_hand.ref, WriteTarget("order"), ("after", "id2"), ("first",))
    result = plan(first, second, third, by_hand, policy=WritePolicy(order=True), overrides=(override,))
    assert [(change.ref.key, change.after) for change in result.changes] == [("CORE-1", ("after", "id9"))]


def test_ranks_that_tell_two_issues_apart_no_more_give_the_same_moves_every_night(issue, plan) -> None:
    """While a tracker spreads its ranks anew, two issues may have the same one."""
    issues = [issue(1, native_rank="b"), issue(2, native_rank="a"), issue(3, native_rank="a")]
    one, other = (plan(*issues, policy=WritePolicy(order=True)).changes for _ in range(2))
    assert one == other
    assert [change.ref.key for change in one] == ["CORE-1"]


def test_issues_off_the_board_are_not_moved_and_counted(issue, plan) -> None:
    result = plan(issue(1), issue(2, native_rank="a"), policy=WritePolicy(order=True))
    assert result.changes == ()
    assert result.notes == ("core: 1 ranked issues are not on the project or board: no fields or order there",)


def test_what_is_put_on_the_project_gets_its_fields_and_its_place_at_once(issue, plan) -> None:
    policy = WritePolicy(project_fields={"score": "Score"}, add_to_project=True, order=True)
    there = issue(2, native_rank="a", project_fields={"Score": 98}, native_ids={PROJECT_ITEM: "i"})
    result = plan(issue(1), there, issue(3), policy=policy)
    assert told(result) == [
        ("CORE-1", "project item", None, True),
        ("CORE-1", "project field Score", None, 99),
        ("CORE-3", "project item", None, True),
        ("CORE-3", "project field Score", None, 97),
        ("CORE-2", "order", ("before", "id1"), ("after", "id1")),
    ]
    assert result.notes == ()


def test_what_somebody_took_off_the_project_stays_off(issue, plan) -> None:
    policy = WritePolicy(project_fields={"score": "Score"}, add_to_project=True, order=True)
    override = FoundOverride(issue(1).ref, WriteTarget("project_item"), True, None)
    there = issue(2, native_rank="a", project_fields={"Score": 98})
    assert plan(issue(1), there, policy=policy, overrides=(override,)).changes == ()


def test_properties_are_numbers_and_names_like_fields(issue, plan) -> None:
    policy = WritePolicy(properties={"score": "ts.score", "band": "ts.band"})
    held = issue(1, properties={"ts.score": 99, "ts.band": "P1"})
    assert told(plan(held, policy=policy)) == [("CORE-1", "property ts.band", "P1", "P0")]


def test_a_comment_is_compared_with_what_we_wrote_last(issue, plan) -> None:
    entries = [
        RankedIssue(each.issue, each.standing, f"about {each.issue.title}")
        for each in ranked(issue(1), issue(2), issue(3))
    ]
    written = {(issue(1).ref.issue_key, "comment"): "about Issue 1", (issue(2).ref.issue_key, "comment"): "old"}
    assert told(plan(policy=WritePolicy(comment=True), ranked=entries, written=written)) == [
        ("CORE-2", "comment", "old", "about Issue 2"),
        ("CORE-3", "comment", None, "about Issue 3"),
    ]


def test_a_plan_says_which_labels_will_be_renamed_or_deleted(issue, plan, now) -> None:
    policy = WritePolicy(label_prefix="p/", label_style=LabelStyle(previously="prio-", retire=True))
    labels = LabelSet(prefix="p/", names=("p/P0",), previously="prio-", retired=("p/P7", "p/P8"))
    tracker = PlannedTracker(identity="memory", notify=True, labels=labels, snapshot_at=now, issues=1)
    told = plan(issue(1, labels=("prio-P0",)), policy=policy, trackers={"core": tracker}).notes
    assert told == (
        "core: labels prio-… are renamed to p/… where the tracker can",
        "core: once all is written, these labels are deleted: p/P7, p/P8",
    )
    assert plan(issue(1, labels=("p/P0",)), policy=policy, trackers={"core": tracker}).notes == ()


def test_labels_of_before_give_way_and_what_a_person_made_of_one_stands(issue, plan) -> None:
    policy = WritePolicy(label_prefix="p/", label_style=LabelStyle(previously="prio-"))
    ours, human = issue(1, labels=("prio-P0",)), issue(2, labels=("prio-P7",))
    override = FoundOverride(human.ref, WriteTarget("labels", "prio-"), ("prio-P1",), ("prio-P7",))
    assert told(plan(ours, human, policy=policy, overrides=(override,))) == [
        ("CORE-1", "labels prio-", ("prio-P0",), ()),
        ("CORE-1", "labels p/", (), ("p/P0",)),
    ]


def test_a_tracker_that_could_not_be_read_gets_nothing(issue, plan) -> None:
    skipped = SkippedTracker(tracker="web", reason="401")
    result = plan(issue(1, tracker="web"), policy=WritePolicy(label_prefix="p/"), skipped=(skipped,))
    assert result.changes == ()
    assert result.standings == ()
    assert result.skipped == (skipped,)


def test_a_guard_refuses_unless_it_is_allowed_by_name(issue, plan) -> None:
    policy, guards = WritePolicy(label_prefix="p/"), Guards(max_changes=1)
    refused = plan(issue(1), issue(2), policy=policy, guards=guards)
    assert [verdict.name for verdict in refused.refused] == ["max_changes"]
    allowed = plan(issue(1), issue(2), policy=policy, guards=guards, allowed=("max_changes", "max_shrink"))
    assert (allowed.refused, allowed.allowed) == ((), ("max_changes",))


def test_ranks_follow_from_other_issues_wherever_they_are_kept(issue, plan) -> None:
    shown = {"rank": "Rank"}
    policy = WritePolicy(fields=shown, project_fields=shown, properties=shown)
    there = issue(1, native_rank="a", fields={"Rank": 9}, project_fields={"Rank": 9}, properties={"Rank": 9})
    written = {(there.ref.issue_key, f"{kind} Rank"): 9 for kind in ("field", "project field", "property")}
    assert len(plan(there, policy=policy, written=written).changes) == 3
    assert plan(there, policy=policy, written=written).refused == ()


def test_what_follows_on_one_tracker_counts_on_another(issue, plan, now) -> None:
    renamed = WritePolicy(label_prefix="prio-", label_style=LabelStyle(previously="p/"))
    there = issue(1, tracker="web", labels=("p/P7",))
    web = PlannedTracker(identity="memory", notify=True, snapshot_at=now, issues=1)
    refused = plan(
        there,
        policy=renamed,
        policies={"core": renamed, "web": WritePolicy(label_prefix="p/")},
        trackers={"web": web},
        written={(there.ref.issue_key, str(LABELS)): ("p/P7",)},
    ).refused
    assert [verdict.name for verdict in refused] == ["max_changed_share"]


def test_what_was_written_to_issues_long_closed_does_not_blind_a_guard(issue, plan) -> None:
    written = {(issue(n).ref.issue_key, str(LABELS)): ("p/P2",) for n in range(100)}
    refused = plan(
        issue(1, labels=("p/P2",)), issue(2, labels=("p/P2",)), policy=WritePolicy(label_prefix="p/"), written=written
    )
    assert [verdict.name for verdict in refused.refused] == ["max_changed_share"]


def test_a_newcomer_that_shifts_all_ranks_is_no_reason_to_refuse(issue, plan) -> None:
    policy = WritePolicy(fields={"rank": "Rank"}, project_fields={"rank": "Rank"})
    issues = [issue(n, native_rank=f"{n:03}", fields={"Rank": n + 1}, project_fields={"Rank": n + 1}) for n in range(9)]
    written = {(i.ref.issue_key, "field Rank"): 1 for i in issues}
    shifted = plan(*reversed(issues), policy=policy, written=written)
    assert len(shifted.changes) == 16
    assert shifted.refused == ()


def test_the_same_basis_gives_the_same_bytes(issue, plan) -> None:
    policy = WritePolicy(label_prefix="p/", fields={"score": "S", "rank": "R"})
    assert plan(issue(1), issue(2), policy=policy).to_json() == plan(issue(1), issue(2), policy=policy).to_json()


def test_an_empty_list_gives_an_empty_plan(plan) -> None:
    assert plan(policy=WritePolicy(label_prefix="p/", order=True)).changes == ()


def test_a_guard_that_let_a_read_pass_is_remembered_by_the_plan(issue, plan) -> None:
    assert plan(issue(1), policy=WritePolicy(), passed=("max_shrink",)).allowed == ("max_shrink",)


SLIGHT = WritePolicy(fields={"score": "Score", "rank": "Rank"}, project_fields={"score": "Points"}, min_score_change=2)


@pytest.mark.parametrize(
    ("held", "written"),
    [
        (99, False),
        (98, False),
        (97.5, False),
        (97, True),
        (101, True),
        ("98", False),
        (None, True),
        (10**400, True),
        ("x", True),
    ],
)
def test_a_score_that_moved_by_less_than_the_file_wants_is_not_written(issue, plan, held, written) -> None:
    result = plan(issue(1, fields={"Score": held, "Rank": 1}), policy=SLIGHT)
    assert [change.target.name for change in result.changes] == ["Score"] * written
    kept = not written and held != 99
    assert [note for note in result.notes if "moved" in note] == [
        "core: 1 scores moved by less than 2: not written"
    ] * kept


def test_a_slight_move_says_nothing_of_ranks_and_counts_fields_of_the_project(issue, plan) -> None:
    held = issue(1, fields={"Score": 98, "Rank": 2}, native_rank="a", project_fields={"Points": 98})
    result = plan(held, policy=SLIGHT)
    assert told(result) == [("CORE-1", "field Rank", 2, 1)]
    assert result.notes == ("core: 2 scores moved by less than 2: not written",)
