"""Labels that had another prefix before, look as the file says, and go when no band has their name any more."""

from __future__ import annotations

from trackersync.change import FoundOverride, LabelSet, WriteTarget
from trackersync.plan.labels import label_set
from trackersync.plan.overrides import find_overrides
from trackersync.plan.policy import LabelStyle, WritePolicy

NOW, BEFORE = WriteTarget("labels", "p/"), WriteTarget("labels", "prio-")
RENAMED = WritePolicy(label_prefix="p/", label_style=LabelStyle(previously="prio-"))


def wrote(issue, **by_prefix):
    places = {"now": NOW, "before": BEFORE}
    return {(issue.ref.issue_key, str(places[when])): labels for when, labels in by_prefix.items()}


def found(issue, written):
    return [(each.target, each.wrote, each.found) for each in find_overrides([issue], {"core": RENAMED}, written, {})]


def test_the_labels_of_a_plan_look_as_the_file_says():
    style = LabelStyle(colours={"P0": "B60205"}, descriptions={"P1": "soon"}, previously="prio-")
    policy = WritePolicy(label_prefix="p/", label_style=style)
    assert label_set(policy, ["P0", "P1"], "core", {}, ()) == LabelSet(
        prefix="p/", names=("p/P0", "p/P1"), colours={"p/P0": "B60205"}, descriptions={"p/P1": "soon"},
        previously="prio-",
    )  # fmt: skip


def test_where_no_labels_are_ours_there_are_none():
    assert label_set(WritePolicy(), ["P0"], "core", {}, ()) is None


def test_only_labels_that_we_once_wrote_and_nobody_put_there_by_hand_are_retired(issue):
    policy = WritePolicy(label_prefix="p/", label_style=LabelStyle(retire=True))
    written = {
        **wrote(issue(1), now=("p/P0",)),
        **wrote(issue(2), now=("p/P7",)),
        **wrote(issue(3), now=("p/P8",)),
        **wrote(issue(4, tracker="web"), now=("p/P9",)),
    }
    by_hand = FoundOverride(issue(1).ref, NOW, ("p/P0",), ("p/P8",))
    kept, retiring = (
        label_set(each, ["P0"], "core", written, [by_hand]) for each in (WritePolicy(label_prefix="p/"), policy)
    )
    assert (kept.retired, retiring.retired) == ((), ("p/P7",))


def test_labels_of_before_that_are_as_we_wrote_them_are_no_override_renamed_or_not(issue):
    written = wrote(issue(), before=("prio-P0",))
    assert found(issue(labels=("prio-P0",)), written) == []
    assert found(issue(labels=("p/P0",)), written) == []


def test_what_a_person_made_of_a_label_of_before_stands_renamed_or_not(issue):
    written = wrote(issue(), before=("prio-P0",))
    assert found(issue(labels=("prio-P2",)), written) == [(BEFORE, ("prio-P0",), ("prio-P2",))]
    assert found(issue(labels=("p/P2",)), written) == [(NOW, ("p/P0",), ("p/P2",))]
    assert found(issue(), written) == [(BEFORE, ("prio-P0",), ())]


def test_once_the_new_label_was_written_the_old_one_counts_no_more(issue):
    written = wrote(issue(), before=(), now=("p/P0",))
    assert found(issue(labels=("p/P0",)), written) == []
    assert found(issue(labels=("p/P1",)), written) == [(NOW, ("p/P0",), ("p/P1",))]
