"""Fields that an organisation gives its issues: all of one issue in one mutation."""

from __future__ import annotations

import pytest

from trackersync.connector import FieldNames

OPTIONS = [{"id": "O1", "name": "High"}, {"id": "O2", "name": "Low"}]
FIELDS = [
    {"id": "IF_1", "name": "Weight", "type": "NUMBER"},
    {"id": "IF_2", "name": "Why", "type": "TEXT"},
    {"id": "IF_3", "name": "Impact", "type": "SINGLE_SELECT", "options": OPTIONS},
    {"id": "IF_4", "name": "Due", "type": "DATE"},
]
WANTED = FieldNames(frozenset({"Weight", "Why", "Impact"}))


@pytest.fixture
def target(connect, github):
    github.will_answer(github.facts(issue_fields=FIELDS))
    return connect(WANTED)


def test_fields_of_an_issue_are_set_by_one_mutation_each_by_its_type(target, github, accepted, writing):
    one, two = writing.issue(1), writing.issue(2)
    github.will_answer(writing.done)
    changes = [
        writing.change(one, "field", 4.5, name="Weight"),
        writing.change(one, "field", 7.0, name="Why"),
        writing.change(one, "field", "Low", name="Impact"),
        writing.change(two, "field", None, name="Weight", before=3),
    ]
    assert writing.apply(target, changes, one, two) == [("applied", "")] * 4
    parts = [
        {"fieldId": "IF_1", "numberValue": 4.5},
        {"fieldId": "IF_2", "textValue": "7"},
        {"fieldId": "IF_3", "singleSelectOptionId": "O2"},
    ]
    assert github.asked[-1]["variables"] == {
        "m0": {"issueId": "I_1", "issueFields": parts},
        "m1": {"issueId": "I_2", "issueFields": [{"fieldId": "IF_1", "delete": True}]},
    }
    assert accepted(github.asked[-1]["query"]) == []
    assert target.forecast(changes, notify=True, ask=False).requests == len(github.asked)


@pytest.mark.parametrize(
    ("name", "after", "detail"),
    [
        ("Wait", 1, "the owner of acme/web has no issue field 'Wait'; did you mean 'Weight'"),
        ("Impact", "Hihg", "the field 'Impact' has no option 'Hihg'; did you mean 'High'?"),
        ("Weight", "much", "the field 'Weight' holds numbers, not 'much'"),
        ("Due", "2026-05-06", "of the type DATE"),
    ],
)
def test_what_cannot_be_set_keeps_nothing_else_of_the_issue_from_being_set(
    target, github, writing, name, after, detail
):
    one = writing.issue()
    github.will_answer(writing.done)
    changes = [
        writing.change(one, "field", 1, name="Weight"),
        writing.change(one, "field", after, name=name),
        writing.change(one, "field", "rank 1", name="Why"),
    ]
    first, refused, last = writing.apply(target, changes, one)
    assert (first[0], refused[0], last[0]) == ("applied", "rejected", "applied")
    assert detail in refused[1]
    assert len(github.asked[-1]["variables"]["m0"]["issueFields"]) == 2


def test_a_refusal_is_told_for_each_field_of_the_issue(target, github, writing):
    one, two = writing.issue(1), writing.issue(2)
    refusal = {"path": ["m0"], "message": "Not accessible"}
    github.will_answer((200, {"data": {"m0": None, "m1": {"clientMutationId": None}}, "errors": [refusal]}))
    changes = [writing.change(to, "field", 1, name="Weight") for to in (one, two)]
    changes.insert(1, writing.change(one, "field", "rank 1", name="Why"))
    assert writing.apply(target, changes, one, two) == [("rejected", "Not accessible")] * 2 + [("applied", "")]


def test_what_went_out_with_a_full_request_is_not_sent_again_with_the_next(target, github, writing):
    one, others = writing.issue(100), [writing.issue(number) for number in range(1, 20)]
    github.will_answer(writing.done, writing.done)
    first, last = (writing.change(one, "field", 1, name=name) for name in ("Weight", "Why"))
    comments = [writing.change(other, "comment", "Rank 1") for other in (*others, writing.issue(50))]
    changes = [first, *comments, last]
    assert {status for status, _ in writing.apply(target, changes, one, *others, writing.issue(50))} == {"applied"}
    assert [len(asked["variables"]) for asked in github.asked[1:]] == [20, 1]
