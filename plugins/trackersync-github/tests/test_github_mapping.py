from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from trackersync.errors import InvalidResponseError
from trackersync.model import Direction, Link, Person, StateCategory
from trackersync_github.answers import Account, GraphIssue, RestIssue, ShownValue
from trackersync_github.mapping import Item, Mapper

MAPPER = Mapper("web", {"Effort", "Reach", "Area", "Teams"})


@pytest.fixture
def from_rest(answers):
    return lambda **changes: MAPPER.issue(msgspec.convert(answers.rest_issue(**changes), RestIssue))


@pytest.fixture
def from_graph(answers):
    return lambda **changes: MAPPER.issue(msgspec.convert(answers.graph_issue(**changes), GraphIssue))


@pytest.mark.parametrize("name", ["github-rust", "github-rust-pulls", "github-freecad"])
def test_every_real_issue_is_mapped(real_issues, name):
    count = 0
    for line in real_issues(name):
        answer = msgspec.json.decode(msgspec.json.encode(line), type=RestIssue)
        issue = MAPPER.issue(answer)
        repository = line["repository_url"].partition("/repos/")[2]
        assert str(issue.ref) == f"github:{repository}#{line['number']}"
        assert issue.ref.id == line["node_id"]
        assert issue.labels == tuple(label["name"] for label in line["labels"])
        assert (issue.closed_at is None) == (line["closed_at"] is None)
        assert (issue.state_category is StateCategory.DONE) == (line["state"] == "closed")
        assert sum((issue.reactions or {}).values()) == line["reactions"]["total_count"]
        assert (answer.pull_request is not None) == ("pull_request" in line)
        assert issue.updated_at.tzinfo is UTC
        count += 1
    assert count


def test_what_github_does_not_have_is_none(from_rest):
    issue = from_rest()
    assert (issue.votes, issue.watchers, issue.estimate, issue.priority) == (None, None, None, None)
    assert (issue.type, issue.reactions, issue.sub_issues, issue.blocks_open) == (None, None, None, None)
    assert (issue.native_rank, issue.parent, issue.milestone, issue.due_on) == (None, None, None, None)


def test_awkward_values_are_mapped(from_rest):
    issue = from_rest(
        title="\U0001f980" * 200, body="x" * 65536, user=None, assignees=None, labels=["plain", {"name": "x"}]
    )
    assert issue.author is None
    assert issue.labels == ("plain", "x")
    assert len(issue.body) == 65536


def test_the_milestone_is_due_on_the_day_that_github_shows(from_rest):
    issue = from_rest(milestone={"title": "1.0", "due_on": "2026-03-01T08:00:00Z"})
    assert (issue.milestone, issue.due_on) == ("1.0", date(2026, 3, 1))
    assert from_rest(milestone={"title": "later", "due_on": None}).due_on is None


def test_times_are_utc(from_rest):
    issue = from_rest(created_at="2026-01-01T01:00:00+02:00")
    assert issue.created_at == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert issue.created_at.tzinfo is UTC


def test_a_time_without_a_zone_is_no_answer_of_github(from_rest):
    with pytest.raises(msgspec.ValidationError):
        from_rest(created_at="2026-01-01T01:00:00")


def test_parts_and_dependencies_are_counted(from_rest, from_graph):
    summaries = {
        "sub_issues_summary": {"total": 5, "completed": 2, "percent_completed": 40},
        "issue_dependencies_summary": {"blocked_by": 1, "blocking": 2, "total_blocked_by": 3, "total_blocking": 4},
    }
    for issue in (from_rest(**summaries), from_graph(**summaries)):
        assert (issue.sub_issues, issue.sub_issues_open) == (5, 3)
        assert (issue.blocked_by_open, issue.blocks_open) == (1, 2)


@pytest.mark.parametrize("body", [None, ""])
def test_an_issue_without_a_text_has_an_empty_one(from_rest, from_graph, body):
    assert (from_rest(body=body).body, from_graph(body=body).body) == ("", "")


def test_both_apis_give_the_same_issue(from_rest, from_graph):
    milestone = {"title": "1.0", "due_on": "2026-03-01T08:00:00Z"}
    rest = from_rest(
        number=4,
        state="closed",
        closed_at="2026-01-03T00:00:00Z",
        body="Blocked by https://jira.acme.example/browse/CORE-7",
        user={"login": "dependabot[bot]", "node_id": "BOT_1"},
        labels=[{"name": "bug"}],
        assignees=[{"login": "bob", "node_id": "U_bob"}],
        comments=3,
        milestone=milestone,
        type={"name": "Bug"},
        reactions={"url": "https://x", "total_count": 3, "+1": 2, "-1": 0, "heart": 1},
        parent_issue_url="https://api.github.com/repos/acme/api/issues/9",
        issue_field_values=[
            {"issue_field_name": "Effort", "value": 3, "data_type": "number"},
            {"issue_field_name": "Area", "value": "x", "single_select_option": {"name": "UI"}},
            {"issue_field_name": "Teams", "value": "x", "multi_select_options": [{"name": "A"}, {"name": "B"}]},
            {"issue_field_name": "Other", "value": "not wanted"},
            {"value": "an older server tells no name"},
        ],
    )
    graph = from_graph(
        number=4,
        state="CLOSED",
        closed_at="2026-01-03T00:00:00Z",
        body="Blocked by https://jira.acme.example/browse/CORE-7",
        user={"login": "dependabot", "kind": "Bot", "node_id": "BOT_1"},
        labels=("bug",),
        assignees={"nodes": [{"login": "bob", "kind": "User", "node_id": "U_bob"}, None]},
        comments={"total": 3},
        milestone=milestone,
        type={"name": "Bug"},
        reactions=[
            {"content": "THUMBS_UP", "reactors": {"total": 2}},
            {"content": "THUMBS_DOWN", "reactors": {"total": 0}},
            {"content": "HEART", "reactors": {"total": 1}},
        ],
        parent={"number": 9, "repository": {"full_name": "acme/api"}},
        issue_field_values={
            "nodes": [
                {"field": {"name": "Effort"}, "number": 3.0},
                {"field": {"name": "Area"}, "option": "UI"},
                {"field": {"name": "Teams"}, "options": [{"name": "A"}, {"name": "B"}]},
                {"field": {"name": "Other"}, "text": "not wanted"},
            ]
        },
    )
    assert rest == graph
    assert rest.reactions == {"+1": 2, "heart": 1}
    assert rest.fields == {"Effort": 3, "Area": "UI", "Teams": ("A", "B")}
    assert rest.parent == "github:acme/api#9"
    assert rest.author == Person("BOT_1", "dependabot[bot]")
    assert rest.links == (Link("blocks", Direction.INWARD, "https://jira.acme.example/browse/CORE-7"),)


def test_links_are_told_once(answers):
    link = Link("blocks", Direction.INWARD, "github:acme/web#2")
    answer = msgspec.convert(answers.rest_issue(body="Blocked by github:acme/web#2"), RestIssue)
    assert MAPPER.issue(answer, links=[link]).links == (link,)


def test_the_item_brings_fields_rank_and_id(answers):
    answer = msgspec.convert(answers.rest_issue(), RestIssue)
    issue = MAPPER.issue(answer, Item("PVTI_1", {"Score": 3.0}, "00000004"))
    assert (issue.project_fields, issue.native_rank) == ({"Score": 3.0}, "00000004")
    assert issue.native_ids == {"project_item": "PVTI_1"}


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ({"number": 0.0}, 0.0),
        ({"text": ""}, ""),
        ({"option": "P1"}, "P1"),
        ({"date": "2026-01-01"}, "2026-01-01"),
        ({"iteration": "Sprint 3"}, "Sprint 3"),
        ({"issue_field": {"number": 2.5}}, 2.5),
        ({"issue_field": {"options": [{"name": "A"}]}}, ("A",)),
        ({}, None),
    ],
)
def test_a_field_of_any_type_has_a_plain_value(shown, value):
    assert msgspec.convert(shown, ShownValue).plain == value


def test_a_person_without_an_id_goes_by_the_login():
    assert Account("ada").person == Person("ada", "ada")


def test_an_answer_that_lacks_what_is_promised_is_told_as_such(connect, github):
    github.lists([{"number": 1}])
    with pytest.raises(InvalidResponseError):
        list(connect().pull())
