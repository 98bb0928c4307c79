"""What is told where an account, or an older Enterprise Server, gives less than the file wants."""

from __future__ import annotations

import pytest

from trackersync.connector import FieldNames
from trackersync.errors import ForbiddenError, NotFoundError, RejectedError
from trackersync_github import documents

PROJECT = {"project": {"owner": "acme", "number": 7}}
APP = {"app": {"id": 1, "installation": 2, "private_key_env": "KEY"}}
FIELDS = FieldNames(fields=frozenset({"Reach"}))
UNKNOWN = {"errors": [{"message": "Field 'issueFields' doesn't exist on type 'Repository'", "path": ["query"]}]}


def pull(connector):
    return [issue for page in connector.pull() for issue in page]


def forbidden(message="Resource not accessible by integration", kind="FORBIDDEN"):
    return 200, {"data": None, "errors": [{"type": kind, "message": message, "path": ["holder", "project"]}]}


def knows(*, repository=("issueFields",), projects=True):
    """What a server says of its own schema."""
    return {
        "repository": {"fields": [{"name": name} for name in ("id", *repository)]},
        "projects": {"name": "ProjectV2Owner"} if projects else None,
    }


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (forbidden(), "not accessible by integration"),
        (forbidden("Resource not accessible by personal access token"), "not accessible by personal access token"),
        (
            forbidden("Your token has not been granted the required scopes: ['read:project']", "INSUFFICIENT_SCOPES"),
            "read:p",
        ),
    ],
)
def test_an_account_without_access_to_projects_is_told_what_would_have_it(connect, github, answer, told):
    github.will_answer(answer)
    with pytest.raises(ForbiddenError, match=told) as error:
        pull(connect(**PROJECT))
    for way in ("classic token with the scope project", "GitHub App", "permission Projects", "GITHUB_TOKEN of Actions"):
        assert way in error.value.hint
    assert github.gets == []


def test_a_project_that_is_hidden_from_the_account_is_told_with_the_same_ways(connect, github, answers):
    github.will_answer(answers.facts() | {"holder": {"project": None}})
    with pytest.raises(NotFoundError, match="project acme/7 was not found") as error:
        pull(connect(**PROJECT))
    assert "GITHUB_TOKEN of Actions never reaches Projects" in error.value.hint


def test_an_account_without_access_to_issue_fields_is_told_what_would_have_it(connect, github):
    github.will_answer(forbidden())
    with pytest.raises(ForbiddenError) as error:
        pull(connect(FIELDS))
    assert "read:org" in error.value.hint


def test_an_app_is_told_what_to_grant_it(github):
    from trackersync_github.refused import needed
    from trackersync_github.settings import GitHubSettings

    hint = needed(GitHubSettings.model_validate({"repository": "acme/web", **PROJECT, **APP}))
    assert "grant the App" in hint
    assert "GITHUB_TOKEN" not in hint


def test_a_refusal_that_no_permission_would_lift_keeps_githubs_own_way_out(connect, github):
    github.will_answer(forbidden("Resource protected by organization SAML enforcement."))
    with pytest.raises(ForbiddenError, match="SAML") as error:
        pull(connect(**PROJECT))
    assert "scope project" not in error.value.hint


@pytest.mark.parametrize(
    ("known", "settings", "wanted", "lacking", "keys"),
    [
        (knows(projects=False), PROJECT, FieldNames(), "Projects (v2)", "`project`"),
        (knows(repository=()), {}, FIELDS, "issue fields", "`issue_field`"),
        (knows(repository=(), projects=False), PROJECT, FIELDS, "Projects (v2) and issue fields", "`issue_field`"),
    ],
)
def test_a_server_that_lacks_what_the_file_wants_is_asked_what_it_knows(
    connect, github, known, settings, wanted, lacking, keys
):
    github.will_answer((200, UNKNOWN), known)
    with pytest.raises(RejectedError) as error:
        pull(connect(wanted, **settings))
    assert f"does not know {lacking}," in error.value.message
    assert keys in error.value.hint
    assert error.value.tracker == "web"


def test_a_refusal_that_is_no_lack_stays_what_it_was(connect, github):
    github.will_answer((200, UNKNOWN), knows())
    with pytest.raises(RejectedError, match="doesn't exist on type"):
        pull(connect(FIELDS, **PROJECT))


def test_a_server_without_any_of_it_is_read_without_it(connect, github):
    github.lists([github.rest_issue(1)])
    assert [issue.title for issue in pull(connect())] == ["Issue 1"]
    assert github.asked == []


@pytest.mark.parametrize("lacked", ["issueType", "parent", "subIssuesSummary", "issueDependenciesSummary"])
def test_an_issue_is_asked_for_no_more_than_the_server_has(connect, github, answers, lacked):
    facts = answers.facts() | {"holder": None}
    facts["issue"]["fields"] = [field for field in facts["issue"]["fields"] if field["name"] != lacked]
    github.will_answer(facts, {"nodes": [github.graph_issue(1)]})
    assert list(connect().fetch(["I_1"])) == ["I_1"]
    assert lacked not in github.asked[1]["query"]


def test_the_question_what_a_server_knows_is_one_github_answers(accepted):
    assert accepted(documents.KNOWN) == []
