"""Labels as things of their own: renamed with their issues, restyled, retired; each in as few requests as will do."""

from __future__ import annotations

import pytest

from trackersync.change import LabelSet
from trackersync.errors import RejectedError, UnavailableError
from trackersync_github.label_looks import colour_of

LABELS = LabelSet(
    prefix="priority/",
    names=("priority/P0", "priority/P1"),
    colours={"priority/P0": "B60205"},
    descriptions={"priority/P1": "Soon"},
    previously="p: ",
)
PLAIN = LabelSet(prefix="priority/", names=("priority/P0", "priority/P1"))


def label(name, color="ededed", description=None):
    return {"id": f"LA_{name}", "name": name, "color": color, "description": description}


def there(*labels):
    """Answers a look-up of labels."""
    found = {one["name"].casefold(): one for one in labels}

    def answer(variables):
        asked = {key: name for key, name in variables.items() if key not in ("owner", "name")}
        return {"repository": {key: found.get(name.casefold()) for key, name in asked.items()}}

    return answer


def edited(variables):
    return {
        alias: {"label": {**label(given.get("name", given["id"].removeprefix("LA_"))), "id": given["id"]}}
        for alias, given in variables.items()
    }


def refused(words):
    return lambda variables: (
        200,
        {"data": dict.fromkeys(variables), "errors": [{"path": [alias], "message": words} for alias in variables]},
    )


@pytest.fixture
def target(connect, github):
    github.will_answer(github.facts())
    return connect()


def test_labels_of_the_former_prefix_are_renamed_and_look_as_the_file_says(target, github, accepted):
    github.will_answer(there(label("p: P0"), label("p: P1", description="Soon")), edited)
    assert target.define_labels(LABELS) == [
        "renamed the label 'p: P0' to 'priority/P0', gave the label 'priority/P0' its colour",
        "renamed the label 'p: P1' to 'priority/P1'",
    ]
    assert len(github.asked) == 3
    assert github.asked[-1]["variables"] == {
        "m0": {"id": "LA_p: P0", "name": "priority/P0", "color": "B60205"},
        "m1": {"id": "LA_p: P1", "name": "priority/P1"},
    }
    assert accepted(github.asked[-1]["query"]) == []


def test_a_label_is_not_renamed_to_one_that_is_there(target, github):
    github.will_answer(there(label("p: P0"), label("priority/P0", "b60205"), label("priority/P1", description="Soon")))
    assert target.define_labels(LABELS) == []
    assert len(github.asked) == 2


def test_a_prefix_may_change_its_case_alone(target, github):
    github.will_answer(there(label("Priority/P0"), label("Priority/P1")), edited)
    done = target.define_labels(LabelSet(prefix="priority/", names=PLAIN.names, previously="Priority/"))
    assert done[0] == "renamed the label 'Priority/P0' to 'priority/P0'"


def test_looks_that_the_file_does_not_give_are_left_alone(target, github):
    github.will_answer(there(label("priority/P0", "123456", "by hand"), label("Priority/p1", "123456")))
    assert target.define_labels(PLAIN) == []


def test_a_label_that_was_renamed_is_known_by_its_new_name_and_the_rest_created_with_its_looks(target, github, writing):
    one = writing.issue()
    github.will_answer(
        there(label("p: P0", "B60205")),
        edited,
        lambda variables: {alias: {"label": label(given["name"])} for alias, given in variables.items()},
        writing.done,
    )
    target.define_labels(LABELS)
    change = writing.change(one, "labels", ("priority/P0", "priority/P1"), name="priority/")
    assert writing.apply(target, [change], one) == [("applied", "")]
    made, written = (asked["variables"]["m0"] for asked in github.asked[3:])
    looks = {"color": colour_of("priority/P1"), "description": "Soon"}
    assert made == {"repositoryId": "R_1", "name": "priority/P1", **looks}
    assert written["labelIds"] == ["LA_p: P0", "LA_priority/P1"]


def test_a_label_that_may_not_be_edited_is_told_in_githubs_words(target, github):
    github.will_answer(there(label("p: P0")), refused("Resource not accessible"), there(label("p: P0")))
    with pytest.raises(RejectedError, match="'priority/P0' could not be changed as the file has it: Resource not acc"):
        target.define_labels(LABELS)


def test_edits_whose_answer_is_lost_are_looked_for_and_not_sent_again(target, github):
    github.will_answer(there(label("p: P0", "B60205")), (502, {}), there(label("priority/P0", "B60205")))
    assert target.define_labels(LABELS) == ["renamed the label 'p: P0' to 'priority/P0'"]
    assert len(github.asked) == 4


RETIRED = LabelSet(
    prefix="priority/", names=("priority/P0",), previously="p: ", retired=("priority/P3", "p: P3", "priority/P9")
)


def test_retired_labels_are_deleted_and_nothing_else_whatever_the_plan_says(target, github, accepted):
    github.will_answer(there(label("priority/P3"), label("p: P3")), writing_done)
    foreign = LabelSet(
        prefix="priority/", names=("priority/P0",), previously="p: ", retired=(*RETIRED.retired, "bug", "Priority/p0")
    )
    assert target.retire_labels(foreign) == ["deleted the label 'priority/P3'", "deleted the label 'p: P3'"]
    assert set(github.asked[1]["variables"].values()) == {"acme", "web", *RETIRED.retired}
    assert github.asked[-1]["variables"] == {"m0": {"id": "LA_priority/P3"}, "m1": {"id": "LA_p: P3"}}
    assert accepted(github.asked[-1]["query"]) == []


def writing_done(variables):
    return {alias: {"clientMutationId": None} for alias in variables}


def test_labels_that_are_gone_already_cost_a_look(target, github):
    github.will_answer(there())
    assert target.retire_labels(RETIRED) == []
    assert len(github.asked) == 2


@pytest.mark.parametrize("left", [True, False])
def test_a_deletion_that_fails_is_told_unless_somebody_else_did_it(target, github, left):
    some = [label("priority/P3")]
    github.will_answer(there(*some), refused("Could not resolve to a node"), there(*some * left))
    if left:
        with pytest.raises(RejectedError, match="'priority/P3' could not be deleted: Could not resolve"):
            target.retire_labels(RETIRED)
    else:
        assert target.retire_labels(RETIRED) == ["deleted the label 'priority/P3'"]


def test_where_nothing_answers_the_labels_stop_the_tracker(target, github):
    github.will_answer(*[(502, {})] * 10)
    with pytest.raises(UnavailableError):
        target.define_labels(LABELS)
