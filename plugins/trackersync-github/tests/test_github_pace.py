"""What is sent is forecast to the request, as long as all goes well."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trackersync_github.pace import LARGEST_BATCH, SMALLEST_BATCH, Pace, requests_for

KINDS = ["labels", "exchange", "field", "second field", "project_item", "project_field", "comment"]
wanted = st.lists(st.sets(st.sampled_from(KINDS), min_size=1), min_size=1, max_size=60)
FIELDS = [{"id": "F", "name": "Score", "type": "NUMBER"}]


def answer(variables):
    """To any question of a run: the labels and facts that it asks for, and that every mutation was carried out."""
    if "projectOwner" in variables:
        return None
    asked = {key: name for key, name in variables.items() if re.fullmatch(r"l\d+", key)}
    if asked:
        return {"repository": {key: {"id": f"LA_{name}", "name": name} for key, name in asked.items()}}
    return {alias: {"item": {"id": f"PVTI_{given.get('contentId')}"}} for alias, given in variables.items()}


def changes_of(writing, number, kinds):
    one = writing.issue(number, labels=("p/P1",) if "exchange" in kinds else ())
    made = {
        "labels": writing.change(one, "labels", ("p/P0",), name="p/", before=()),
        "exchange": writing.change(one, "labels", ("p/P0",), name="p/", before=("p/P1",)),
        "field": writing.change(one, "field", 1, name="Score"),
        "second field": writing.change(one, "field", 2, name="Rank"),
        "project_item": writing.change(one, "project_item", True),
        "project_field": writing.change(one, "project_field", 1, name="Score"),
        "comment": writing.change(one, "comment", "Rank 1"),
    }
    if "exchange" in kinds:
        kinds = kinds - {"labels"}
    if "project_item" not in kinds:
        kinds = kinds - {"project_field"}
    return one, [made[kind] for kind in KINDS if kind in kinds]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(wanted)
def test_as_many_requests_are_sent_as_are_forecast(connect, github, writing, wanted):
    pairs = [changes_of(writing, number, kinds) for number, kinds in enumerate(wanted, start=1)]
    changes = [change for _, some in pairs for change in some]
    github.asked.clear()
    github.answers.clear()
    facts = github.facts(FIELDS, issue_fields=["Score", "Rank"])
    github.will_answer(*[lambda variables: answer(variables) or facts] * 100)
    target = connect(project={"owner": "acme", "number": 7})
    outcomes = writing.apply(target, changes, *(one for one, _ in pairs))
    assert {status for status, _ in outcomes} <= {"applied"}
    assert len(github.asked) == requests_for(changes)


@given(st.lists(st.booleans()))
def test_a_size_that_was_trouble_is_not_tried_again(went_well):
    pace, troubled = Pace(), LARGEST_BATCH + 1
    for well in went_well:
        assert SMALLEST_BATCH <= pace.size <= LARGEST_BATCH
        assert pace.size < max(troubled, SMALLEST_BATCH + 1)
        troubled = troubled if well else min(troubled, pace.size)
        pace.went_well() if well else pace.was_trouble()


def test_a_thousand_issues_with_a_label_and_a_field_take_forty_three_requests(writing):
    changes = []
    for number in range(1000):
        to = writing.issue(number)
        changes.append(writing.change(to, "labels", ("p/P0",), name="p/", before=()))
        changes.append(writing.change(to, "project_field", 1, name="Score"))
    assert requests_for(changes) == 43
