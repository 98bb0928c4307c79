"""What a repository's owner offers to whoever writes the tracker's section of the file."""

from __future__ import annotations

import pytest

from trackersync.connector import Offer
from trackersync.errors import ForbiddenError, RejectedError

CONFIGURED = {"project": {"owner": "acme", "number": 7}}
ROADMAP = {"projects": {"nodes": [{"number": 7, "title": "Roadmap", "closed": False}, None]}}
OFFERED = (Offer("project", {"owner": "acme", "number": 7}, "Roadmap"),)
FIELDS = [
    {"id": "F1", "name": "Reach", "type": "NUMBER"},
    {"id": "F2", "name": "Notes", "type": "TEXT"},
    {"id": "F3", "name": "Impact", "type": "SINGLE_SELECT", "options": [{"id": "o", "name": "high"}]},
    {"id": "F4", "name": "Platforms", "type": "MULTI_SELECT"},
]
OF_PROJECT = {"project_field": ("Impact", "Reach")}
UNKNOWN_FIELDS = (200, {"errors": [{"message": "Field 'issueFields' doesn't exist on type 'Repository'"}]})
UNKNOWN_PROJECTS = (200, {"errors": [{"message": "No such type ProjectV2Owner, so it can't be a fragment condition"}]})


def refused(kind, *path):
    return 200, {"data": None, "errors": [{"type": kind, "message": f"no access to {path[-1]}", "path": path}]}


@pytest.mark.parametrize(
    ("holder", "offered"),
    [
        (ROADMAP, OFFERED),
        ({"projects": {"nodes": [{"number": 8, "title": "Last year", "closed": True}]}}, ()),
        (None, ()),
    ],
)
def test_the_open_projects_of_the_owner_are_offered(github, connect, holder, offered):
    github.will_answer({"holder": holder})
    offers = connect().offers()
    assert offers.settings == offered
    assert offers.fields == {}


def test_of_the_project_that_is_configured_the_fields_of_numbers_and_options_are_offered(github, answers, connect):
    github.will_answer(answers.facts(FIELDS))
    offers = connect(**CONFIGURED).offers()
    assert offers.settings == ()
    assert offers.fields == OF_PROJECT


def test_issue_fields_of_numbers_and_options_are_offered_before_a_project_is_chosen(github, answers, connect):
    github.will_answer(answers.facts(issue_fields=FIELDS) | {"holder": ROADMAP})
    offers = connect().offers()
    assert offers.settings == OFFERED
    assert offers.fields == {"issue_field": ("Impact", "Reach")}
    assert len(github.asked) == 1


def test_both_kinds_of_fields_are_offered_in_one_request_where_a_project_is_configured(github, answers, connect):
    github.will_answer(answers.facts(FIELDS, ["Severity", "Reach"]))
    offers = connect(**CONFIGURED).offers()
    assert offers.fields == OF_PROJECT | {"issue_field": ("Reach", "Severity")}
    assert len(github.asked) == 1
    assert github.asked[0]["variables"] == {"owner": "acme", "name": "web", "projectOwner": "acme", "number": 7}


@pytest.mark.parametrize("issue_fields", [None, {"nodes": None}, {"nodes": []}, {"nodes": [None]}])
def test_an_account_that_may_not_see_issue_fields_and_an_owner_who_has_none_offer_the_rest(
    github, answers, connect, issue_fields
):
    repository = answers.facts()["repository"] | {"issue_fields": issue_fields}
    github.will_answer({"repository": repository, "holder": ROADMAP})
    offers = connect().offers()
    assert (offers.settings, offers.fields) == (OFFERED, {})


@pytest.mark.parametrize("refusal", [UNKNOWN_FIELDS, refused("FORBIDDEN", "repository", "issue_fields")])
@pytest.mark.parametrize(
    ("configured", "rest", "offered"),
    [
        ({}, {"holder": ROADMAP}, (OFFERED, {})),
        (CONFIGURED, {"holder": {"project": {"fields": {"nodes": FIELDS}}}}, ((), OF_PROJECT)),
    ],
)
def test_a_server_that_knows_no_issue_fields_or_refuses_them_offers_the_rest(
    github, connect, refusal, configured, rest, offered
):
    github.will_answer(refusal, rest)
    offers = connect(**configured).offers()
    assert (offers.settings, offers.fields) == offered
    assert "issueFields" not in github.asked[1]["query"]


@pytest.mark.parametrize("refusal", [UNKNOWN_PROJECTS, refused("INSUFFICIENT_SCOPES", "holder", "projects")])
@pytest.mark.parametrize("configured", [{}, CONFIGURED])
def test_an_account_that_may_not_see_projects_is_offered_issue_fields(github, answers, connect, refusal, configured):
    github.will_answer(refusal, refusal, answers.facts(issue_fields=["Reach"]) | {"holder": None})
    offers = connect(**configured).offers()
    assert (offers.settings, offers.fields) == ((), {"issue_field": ("Reach",)})
    assert github.asked[2]["variables"] == {"owner": "acme", "name": "web"}


@pytest.mark.parametrize("alone", [{"repository": {"issue_fields": {"nodes": []}}}, UNKNOWN_FIELDS])
def test_where_nothing_can_be_seen_it_is_told_why_there_are_no_projects(github, connect, alone):
    github.will_answer(*[refused("FORBIDDEN", "holder", "projects")] * 2, alone)
    with pytest.raises(ForbiddenError, match="no access to projects"):
        connect().offers()


def test_a_server_that_knows_neither_says_so(github, connect):
    github.will_answer(UNKNOWN_FIELDS, UNKNOWN_PROJECTS, UNKNOWN_FIELDS)
    with pytest.raises(RejectedError, match="ProjectV2Owner"):
        connect().offers()
