"""What a repository's owner offers to whoever writes the tracker's section of the file."""

from __future__ import annotations

import pytest

from trackersync.connector import FieldNames, Offer

NOTHING = FieldNames()


@pytest.mark.parametrize(
    ("holder", "offered"),
    [
        (
            {"projects": {"nodes": [{"number": 7, "title": "Roadmap", "closed": False}, None]}},
            (Offer("project", {"owner": "acme", "number": 7}, "Roadmap"),),
        ),
        ({"projects": {"nodes": [{"number": 8, "title": "Last year", "closed": True}]}}, ()),
        (None, ()),
    ],
)
def test_the_open_projects_of_the_owner_are_offered(github, connect, holder, offered):
    github.will_answer({"holder": holder})
    offers = connect(NOTHING).offers()
    assert offers.settings == offered
    assert offers.fields == {}


def test_of_the_project_that_is_configured_the_fields_of_numbers_and_options_are_offered(github, answers, connect):
    fields = [
        {"id": "F1", "name": "Reach", "type": "NUMBER"},
        {"id": "F2", "name": "Notes", "type": "TEXT"},
        {"id": "F3", "name": "Impact", "type": "SINGLE_SELECT", "options": [{"id": "o", "name": "high"}]},
    ]
    github.will_answer(answers.facts(fields))
    offers = connect(NOTHING, project={"owner": "acme", "number": 7}).offers()
    assert offers.settings == ()
    assert offers.fields == {"project_field": ("Impact", "Reach")}
