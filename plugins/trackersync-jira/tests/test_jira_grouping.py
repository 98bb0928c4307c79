"""Which issues are written together is decided without a tracker: laws of the choice, and what each value becomes."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackersync.change import Change, WriteTarget
from trackersync.model import IssueRef
from trackersync_jira.bulk_values import BulkValue, body, field_value
from trackersync_jira.catalog import FieldInfo
from trackersync_jira.grouping import LARGEST, choose, cost, told

SCORE = WriteTarget("field", "Score")
TEXT, AREA = ("com.atlassian.jira.plugin.system.customfieldtypes:" + kind for kind in ("textfield", "textarea"))


def changes(values):
    refs = (IssueRef("core", "jira", str(number), f"CORE-{number}") for number in range(1, len(values) + 1))
    return [
        Change(ref=ref, target=SCORE, before=None, after=value, reason="because")
        for ref, value in zip(refs, values, strict=True)
    ]


def value_of(change):
    return change.after


some_values = st.lists(st.none() | st.integers(0, 12), max_size=150)


@given(some_values)
def test_no_choice_takes_more_requests_than_one_edit_an_issue(values):
    assert choose(changes(values), value_of).requests <= len(values)


@given(some_values)
def test_an_issue_is_in_one_group_with_those_that_get_the_same(values):
    choice = choose(changes(values), value_of)
    ids = Counter(id_ for group in choice.together for id_ in group.ids)
    assert set(ids.values()) <= {1}
    for group in choice.together:
        assert {frozenset({values[int(id_) - 1]}) for id_ in group.ids} == {group.values}
        assert 1 < len(group.ids) <= LARGEST


@given(some_values)
def test_bulk_edits_are_no_more_than_the_sets_of_values(values):
    choice = choose(changes(values), value_of)
    assert len(choice.together) <= len(set(values) - {None})
    assert choice.covered <= choice.issues == len(values)


def test_what_a_hundred_sets_cost():
    assert cost(1, 1000) == 2
    assert cost(4, 1000) == 8
    assert cost(100, 1000) == 100 + 2 + 10


def test_where_they_are_barred_none_are_chosen():
    choice = choose(changes([1] * 50), value_of, barred="it is Sunday")
    assert (choice.requests, told([choice])) == (50, "one edit an issue: it is Sunday")


def test_several_batches_are_told_in_one_sentence():
    choice = choose(changes([1] * 50 + [2] * 50 + [3]), value_of)
    how = "4 bulk edits in place of 200 edits, and 2 by themselves, since many issues get the same values"
    assert told([choice, choice]) == how


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        (FieldInfo("f", "F", "number"), 7.5, ("number", 7.5)),
        (FieldInfo("f", "F", "number"), "7", None),
        (FieldInfo("f", "F", "number"), True, None),
        (FieldInfo("f", "F", "number"), None, None),
        (FieldInfo("f", "F", "option"), "High", ("option", "31")),
        (FieldInfo("f", "F", "option"), "Higher", None),
        (FieldInfo("f", "F", "option"), "Odd", None),
        (FieldInfo("f", "F", "string", custom=TEXT), 7.0, ("text", "7")),
        (FieldInfo("f", "F", "string", custom=AREA), "why", ("document", "why")),
        (FieldInfo("f", "F", "string"), "an address", None),
        (FieldInfo("f", "F", "array", "option"), ("a",), None),
    ],
)
def test_each_kind_of_field_has_its_form_or_none(field, value, found):
    made = field_value(field, value, {"High": "31", "Odd": "x"})
    assert (made and (made.form, made.value)) == found


def test_a_body_names_all_that_it_edits_in_a_fixed_order():
    values = {BulkValue("text", "c", "x"), BulkValue("document", "b", "y"), BulkValue("labels", "labels", ("p-1",))}
    made = body(values, ["1", "2"], stale={"p-3", "p-2"}, notify=False)
    assert made["selectedActions"] == ["b", "c", "labels"]
    assert made["sendBulkNotification"] is False
    assert made["editedFieldsInput"]["singleLineTextFields"] == [{"fieldId": "c", "text": "x"}]
    assert made["editedFieldsInput"]["richTextFields"][0]["richText"]["adfValue"]["type"] == "doc"
    assert [
        (one["bulkEditMultiSelectFieldOption"], [label["name"] for label in one["labels"]])
        for one in made["editedFieldsInput"]["labelsFields"]
    ] == [("REMOVE", ["p-2", "p-3"]), ("ADD", ["p-1"])]
