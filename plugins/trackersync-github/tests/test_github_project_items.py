"""Issues are put on the project and taken off it, and what belongs to their places there follows."""

from __future__ import annotations

import pytest

from trackersync.errors import AuthError

PROJECT = {"owner": "acme", "number": 7}
FIELDS = [{"id": "F_score", "name": "Score", "type": "NUMBER"}]


@pytest.fixture
def target(connect, github):
    github.will_answer(github.facts(FIELDS))
    return connect(project=PROJECT)


@pytest.fixture
def added(writing):
    """The answer that gives each issue `I_7` the item `PVTI_7`."""

    def answer(variables):
        return {
            alias: {"item": {"id": f"PVTI_{given['contentId'][2:]}", "archived": False}}
            for alias, given in variables.items()
        }

    return answer


def put(writing, to):
    return writing.change(to, "project_item", True)


def score(writing, to, after=5, before=None):
    return writing.change(to, "project_field", after, name="Score", before=before)


def test_what_is_put_on_the_project_takes_its_values_and_place_in_a_second_wave(
    target, github, accepted, writing, added
):
    one, two, old = writing.issue(1), writing.issue(2), writing.issue(3, native_ids={"project_item": "PVTI_old"})
    github.will_answer(added, writing.done)
    changes = [
        put(writing, one), score(writing, one), put(writing, two), score(writing, two), score(writing, old),
        writing.change(two, "order", ("before", "I_3")), writing.change(one, "order", ("after", "I_2")),
    ]  # fmt: skip
    assert writing.apply(target, changes, one, two, old) == [("applied", "")] * 7
    first, second = github.asked[1:]
    assert first["variables"] == {
        "m0": {"projectId": "PVT_1", "contentId": "I_1"}, "m1": {"projectId": "PVT_1", "contentId": "I_2"},
    }  # fmt: skip
    sent = list(second["variables"].values())
    assert [given["itemId"] for given in sent] == ["PVTI_1", "PVTI_2", "PVTI_old", "PVTI_2", "PVTI_1"]
    assert [given["afterId"] for given in sent[3:]] == [None, "PVTI_2"]
    assert [accepted(asked["query"]) for asked in (first, second)] == [[], []]
    assert target.forecast(changes, notify=True, ask=False).requests == len(github.asked)


def test_what_is_there_already_is_not_added_again(target, github, writing):
    one = writing.issue(native_ids={"project_item": "PVTI_1"})
    assert writing.apply(target, [put(writing, one)], one) == [("unchanged", "it was there already")]
    assert len(github.asked) == 1


def test_what_could_not_be_added_takes_no_values_and_the_others_go_on(target, github, writing, added):
    one, two = writing.issue(1), writing.issue(2)
    refusal = {"path": ["m0"], "message": "The project is full"}
    github.will_answer(
        lambda v: (200, {"data": added(v) | {"m0": None}, "errors": [refusal]}),
        writing.done,
    )
    changes = [put(writing, one), score(writing, one), put(writing, two), score(writing, two)]
    assert writing.apply(target, changes, one, two) == [
        ("rejected", "The project is full"),
        ("rejected", "github:acme/web#1 is not on project acme/7"),
        ("applied", ""),
        ("applied", ""),
    ]


def test_an_add_whose_answer_is_lost_is_unknown_and_not_sent_again(target, github, writing):
    one = writing.issue()
    github.will_answer((502, {}))
    outcomes = writing.apply(target, [put(writing, one), score(writing, one)], one)
    assert [status for status, _ in outcomes] == ["unknown", "rejected"]
    assert len(github.asked) == 2


def test_what_is_archived_on_the_project_stays_so_and_that_is_told(target, github, writing):
    one = writing.issue()
    github.will_answer({"m0": {"item": {"id": "PVTI_1", "archived": True}}})
    added, value = writing.apply(target, [put(writing, one), score(writing, one)], one)
    assert added == ("rejected", "it is archived on the project, which GitHub lets nobody change; restore it there")
    assert value[0] == "rejected"


def test_what_leaves_the_project_takes_its_values_and_place_along(target, github, accepted, writing):
    one = writing.issue(native_ids={"project_item": "PVTI_1"})
    github.will_answer(writing.done)
    changes = [
        writing.change(one, "project_item", None, before=True),
        score(writing, one, None, before=5),
        writing.change(one, "order", ("after", "I_1")),
    ]
    assert writing.apply(target, changes, one) == [("applied", "")] * 3
    assert github.asked[-1]["variables"] == {"m0": {"projectId": "PVT_1", "itemId": "PVTI_1"}}
    assert "deleteProjectV2Item" in github.asked[-1]["query"]
    assert accepted(github.asked[-1]["query"]) == []


def test_what_is_off_already_need_not_be_taken_off(target, writing):
    one = writing.issue()
    assert writing.apply(target, [writing.change(one, "project_item", None)], one)[0][0] == "unchanged"


@pytest.mark.parametrize("answers", [1, 0])
def test_what_was_added_is_told_also_where_the_tracker_stops_then(target, github, writing, added, answers):
    one, two = writing.issue(1), writing.issue(2)
    github.will_answer(*[added] * answers, *[(401, {"message": "Bad credentials"})] * 3)
    changes = [put(writing, one), score(writing, one), put(writing, two), score(writing, two)]
    outcomes = []
    with pytest.raises(AuthError):
        outcomes.extend(target.apply(changes, {one.ref.id: one, two.ref.id: two}, notify=False))
    # What `extend` took before the error is in the list.
    told = [(outcome.change, outcome.status.value) for outcome in outcomes]
    assert told == [(changes[0], "applied"), (changes[2], "applied")][: 2 * answers]


def test_without_a_project_nothing_is_put_on_one(connect, github, writing):
    github.will_answer(github.facts())
    ((_, detail),) = writing.apply(connect(), [put(writing, writing.issue())], writing.issue())
    assert "no project is configured" in detail
