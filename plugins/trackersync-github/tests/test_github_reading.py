from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from trackersync.connector import FieldNames
from trackersync.errors import (
    ForbiddenError,
    InvalidResponseError,
    NotFoundError,
    RejectedError,
    UnavailableError,
)
from trackersync.model import Direction, Link

URL = "https://api.github.com"
LIST = f"{URL}/repos/acme/web/issues"
PROJECT = {"owner": "acme", "number": 7}
ODD = 'Size ") { evil } # \\ \n\U0001f980'
TOO_MUCH = (200, {"data": None, "errors": [{"message": "Something went wrong while executing your query."}]})


def number_field(name: str) -> dict[str, Any]:
    return {"id": f"F_{name}", "name": name, "type": "NUMBER"}


def items_page(*nodes: Any, end: str | None = None) -> dict[str, Any]:
    return {"project": {"items": {"page": {"more": end is not None, "end": end}, "nodes": list(nodes)}}}


def item_of(number: int, repository: str = "acme/web", **values: Any) -> dict[str, Any]:
    content = {"number": number, "repository": {"full_name": repository}}
    return {"id": f"PVTI_{repository}_{number}", "content": content, **values}


def pulled(connector):
    return [issue for page in connector.pull() for issue in page]


LINKS = FieldNames(columns=frozenset({"links"}))
BLOCKED = {"blocked_by": 1, "blocking": 0}


def test_a_repository_alone_costs_one_request_for_a_hundred_issues(connect, github):
    github.lists([github.rest_issue(n) for n in range(1, 101)], [github.rest_issue(101)])
    assert [issue.ref.key for issue in pulled(connect())] == [f"acme/web#{n}" for n in range(1, 102)]
    assert len(github.gets) == 2
    assert github.asked == []


def test_pages_come_as_they_are_read(connect, github):
    github.lists([github.rest_issue(1)], [github.rest_issue(2)])
    pages = connect().pull()
    assert [issue.ref.key for issue in next(pages)] == ["acme/web#1"]
    assert len(github.gets) == 1


def test_every_request_says_who_asks_and_how(connect, github):
    github.lists([])
    pulled(connect())
    headers = github.mock.calls[0].request.headers
    assert headers["Authorization"] == "Bearer ghp_secret"
    assert headers["Accept"] == "application/vnd.github+json"
    assert headers["X-GitHub-Api-Version"] == "2022-11-28"


def test_pull_requests_are_left_out(connect, github):
    github.lists([github.rest_issue(1), github.rest_issue(2, pull_request={"url": "x"})])
    assert [issue.ref.key for issue in pulled(connect())] == ["acme/web#1"]


def test_an_issue_that_slips_to_the_next_page_is_told_once(connect, github):
    github.lists([github.rest_issue(1), github.rest_issue(2)], [github.rest_issue(2), github.rest_issue(3)])
    assert [issue.ref.key for issue in pulled(connect())] == ["acme/web#1", "acme/web#2", "acme/web#3"]


def test_a_read_that_breaks_off_is_an_error(connect, github):
    github.mock.get(LIST, json=[github.rest_issue(1)], headers={"Link": f'<{LIST}?page=2>; rel="next"'}, match=[
        responses.matchers.query_param_matcher({}, strict_match=False)])  # fmt: skip
    github.mock.get(f"{LIST}?page=2", status=404, json={"message": "Not Found"})
    github.mock.remove("GET", f"{LIST}?page=3")
    pages = connect().pull()
    next(pages)
    github.mock.replace("GET", LIST, status=404, json={"message": "Not Found"})
    with pytest.raises(NotFoundError):
        list(pages)


def test_the_selection_is_left_to_github_where_it_can_tell(connect, github, rest_paths):
    github.mock.get(f"{URL}/repos/acme/web/milestones", json=[{"number": 3, "title": "1.0"}])
    github.lists([github.rest_issue(1, labels=[{"name": "Bug"}, {"name": "a,b"}, {"name": "UI"}])])
    select = {"state": "all", "labels": ["bug", "ui", "a,b"], "milestone": "1.0"}
    assert len(pulled(connect(select=select))) == 1
    milestones, issues = (parse_qs(urlsplit(url).query) for url in github.gets)
    assert issues == {
        "state": ["all"], "labels": ["bug,ui"], "milestone": ["3"], "per_page": ["100"], "sort": ["created"],
        "direction": ["asc"],
    }  # fmt: skip
    for path, asked in (("milestones", milestones), ("issues", issues)):
        operation = rest_paths["paths"][f"/repos/{{owner}}/{{repo}}/{path}"]["get"]
        known = [
            parameter.get("$ref", "").rpartition("/")[2] or parameter["name"] for parameter in operation["parameters"]
        ]
        assert {name.replace("_", "-") for name in asked} <= {name.replace("_", "-") for name in known}


def test_labels_to_leave_out_are_known_by_any_case(connect, github):
    github.lists([github.rest_issue(1, labels=[{"name": "WontFix"}]), github.rest_issue(2)])
    assert [issue.ref.key for issue in pulled(connect(select={"without_labels": ["wontfix"]}))] == ["acme/web#2"]


def test_a_label_with_a_comma_is_looked_for_here(connect, github):
    github.lists([github.rest_issue(1, labels=[{"name": "a,b"}]), github.rest_issue(2)])
    assert [issue.ref.key for issue in pulled(connect(select={"labels": ["a,b"]}))] == ["acme/web#1"]
    assert "labels" not in github.gets[0]


def test_an_unknown_milestone_is_no_empty_tracker(connect, github):
    github.mock.get(
        f"{URL}/repos/acme/web/milestones", json=[{"number": 3, "title": "1.0"}, {"number": 4, "title": "2"}]
    )
    with pytest.raises(RejectedError, match=r"no milestone '1\.O'; did you mean '1\.0'\?"):
        pulled(connect(select={"milestone": "1.O"}))


def test_blockers_are_asked_for_only_where_there_are_some(connect, github):
    github.lists(
        [github.rest_issue(n, issue_dependencies_summary=BLOCKED) for n in range(1, 100)] + [github.rest_issue(1000)],
        [
            github.rest_issue(100, issue_dependencies_summary=BLOCKED),
            github.rest_issue(101, issue_dependencies_summary=BLOCKED),
        ],
    )

    def neighbours(variables):
        place = {"number": 7, "repository": {"full_name": "acme/api"}}
        node = {"kind": "Issue", "blocked_by": {"nodes": [place, None]}, "blocking": {"nodes": []}}
        return {"nodes": [node for _ in variables["ids"]]}

    github.will_answer(neighbours, neighbours)
    issues = pulled(connect(LINKS))
    assert len(issues) == 102
    assert [len(asked["variables"]["ids"]) for asked in github.asked] == [100, 1]
    assert issues[0].ref.key == "acme/web#1000"
    assert issues[1].links == (Link("blocks", Direction.INWARD, "github:acme/api#7"),)


def test_who_is_blocked_is_told_from_the_other_side(connect, github):
    github.lists([github.rest_issue(1, issue_dependencies_summary=BLOCKED)])
    place = {"number": 7, "repository": {"full_name": "acme/api"}}
    github.will_answer({"nodes": [{"kind": "Issue", "blocked_by": {"nodes": []}, "blocking": {"nodes": [place]}}]})
    (issue,) = pulled(connect(LINKS))
    assert issue.links == (Link("blocks", Direction.OUTWARD, "github:acme/api#7"),)


def test_a_project_brings_fields_and_order(connect, github, accepted):
    github.lists([github.rest_issue(1), github.rest_issue(2), github.rest_issue(3)])
    github.will_answer(
        github.facts([number_field("Effort"), number_field(ODD)]),
        items_page(
            item_of(2, f0={"number": 3.0}, f1=None), None, {"id": "PVTI_draft", "content": {}}, item_of(1, "acme/api"),
            end="c1",
        ),
        items_page({"id": "PVTI_hidden", "content": None}, item_of(1, "Acme/Web", f1={"number": 1.0})),
    )  # fmt: skip
    one, two, three = pulled(connect(FieldNames(project_fields=frozenset({"Effort", ODD})), project=PROJECT))
    assert (two.project_fields, two.native_ids) == ({"Effort": 3.0}, {"project_item": "PVTI_acme/web_2"})
    assert one.project_fields == {ODD: 1.0}
    assert (two.native_rank or "") < (one.native_rank or "")
    assert (three.native_rank, three.project_fields, three.native_ids) == (None, {}, {})
    first, second = github.asked[1:]
    assert accepted(first["query"]) == []
    assert ODD not in first["query"]
    assert first["variables"] == {"project": "PVT_1", "first": 100, "after": None, "f0": "Effort", "f1": ODD}
    assert second["variables"]["after"] == "c1"


def test_a_page_that_github_cannot_bear_is_halved_down_to_ten(connect, github):
    connector = connect(project=PROJECT)
    github.lists([])
    sizes = []

    def overloaded(variables):
        sizes.append(variables["first"])
        return TOO_MUCH if variables["first"] > 12 else items_page()

    github.will_answer(github.facts(), *[overloaded] * 50)
    assert pulled(connector) == []
    assert list(dict.fromkeys(sizes)) == [100, 50, 25, 12]
    github.answers[:] = [lambda _: TOO_MUCH] * 50
    with pytest.raises(UnavailableError):
        pulled(connector)
    assert github.asked[-1]["variables"]["first"] == 10


def test_a_page_without_a_way_to_the_next_is_an_error(connect, github):
    endless = items_page(item_of(1), end="same")
    github.will_answer(github.facts(), endless, endless)
    with pytest.raises(InvalidResponseError, match="no way to it"):
        pulled(connect(project=PROJECT))


@pytest.mark.parametrize("holder", [None, {}, {"project": None}])
def test_a_missing_project_is_told_by_name_with_the_scope(connect, github, holder):
    errors = [{"type": "NOT_FOUND", "path": ["holder", "project"], "message": "Could not resolve to a ProjectV2"}]
    github.will_answer((200, {"data": github.facts() | {"holder": holder}, "errors": errors}))
    with pytest.raises(NotFoundError, match="project acme/7") as error:
        pulled(connect(project=PROJECT))
    assert "scope project" in (error.value.hint or "")


def test_a_missing_repository_is_told_by_name(connect, github):
    github.will_answer(github.facts() | {"repository": None})
    with pytest.raises(NotFoundError, match="repository acme/web"):
        pulled(connect(project=PROJECT))


def test_a_missing_scope_is_told_in_githubs_words(connect, github):
    words = "Your token has not been granted the required scopes: ['read:project']"
    github.will_answer((200, {"data": None, "errors": [{"type": "INSUFFICIENT_SCOPES", "message": words}]}))
    with pytest.raises(ForbiddenError, match="read:project"):
        pulled(connect(project=PROJECT))


@pytest.mark.parametrize(
    ("name", "told"), [("Efort", "did you mean 'Effort'"), ("Quite else", "it has 'Effort', 'Score'")]
)
def test_a_missing_project_field_is_told_with_the_nearest(connect, github, name, told):
    github.will_answer(github.facts([number_field("Effort"), number_field("Score")]))
    with pytest.raises(RejectedError, match=told):
        pulled(connect(FieldNames(project_fields=frozenset({name})), project=PROJECT))


def test_a_project_field_without_a_project_is_told(connect, github):
    github.will_answer(github.facts())
    with pytest.raises(RejectedError, match="no project is configured"):
        pulled(connect(FieldNames(project_fields=frozenset({"Effort"}))))


def test_organisation_fields_are_read_by_name(connect, github):
    values = [{"issue_field_name": "Effort", "value": 3}, {"issue_field_name": "Reach", "value": 9}]
    github.lists([github.rest_issue(1, issue_field_values=values)])
    github.will_answer(github.facts(issue_fields=("Effort", "Reach")))
    (issue,) = pulled(connect(FieldNames(fields=frozenset({"Effort"}))))
    assert issue.fields == {"Effort": 3}
    assert "issueFields" in github.asked[0]["query"]


def test_a_missing_organisation_field_is_told_with_the_nearest(connect, github):
    github.will_answer(github.facts(issue_fields=()))
    with pytest.raises(RejectedError, match="no issue field 'Effort'; it has none"):
        pulled(connect(FieldNames(fields=frozenset({"Effort"}))))


def test_issues_are_fetched_a_hundred_a_request(connect, github, accepted):
    github.will_answer(github.facts([number_field("Score")], ("Effort",)))
    github.will_answer(*[lambda v: {"nodes": [github.graph_issue(int(id_[2:])) for id_ in v["ids"]]}] * 3)
    ids = [f"I_{n}" for n in range(1, 251)]
    wanted = FieldNames(frozenset({"Effort"}), frozenset({"Score"}))
    assert list(connect(wanted, project=PROJECT).fetch(ids)) == ids
    assert [len(asked["variables"]["ids"]) for asked in github.asked[1:]] == [100, 100, 50]
    assert accepted(github.asked[1]["query"]) == []


def test_what_is_gone_moved_or_no_issue_is_absent(connect, github):
    nodes = [
        github.graph_issue(1),
        None,
        github.graph_issue(3, repository={"full_name": "acme/api"}),
        {"kind": "PullRequest"},
    ]
    errors = [{"type": "NOT_FOUND", "path": ["nodes", 1], "message": "Could not resolve to a node"}]
    github.will_answer(github.facts(), (200, {"data": {"nodes": nodes}, "errors": errors}))
    assert list(connect().fetch(["I_1", "I_2", "I_3", "PR_4"])) == ["I_1"]


def test_fetched_issues_go_by_the_id_they_were_asked_by(connect, github):
    github.will_answer(github.facts(), {"nodes": [github.graph_issue(1)]})
    found = connect().fetch(["MDU6SXNzdWUx"])
    assert found["MDU6SXNzdWUx"].ref.id == "MDU6SXNzdWUx"


def test_the_item_on_our_project_is_told_from_others(connect, github):
    other = {"id": "PVTI_x", "project": {"number": 8, "owner": {"login": "acme"}}, "f0": {"number": 9.0}}
    items = [None, other, github.item(f0={"number": 4.0})]
    github.will_answer(
        github.facts([number_field("Score")]),
        {"nodes": [github.graph_issue(1, items=items), github.graph_issue(2, items=[other])]},
    )
    found = connect(FieldNames(project_fields=frozenset({"Score"})), project=PROJECT).fetch(["I_1", "I_2"])
    assert found["I_1"].project_fields == {"Score": 4.0}
    assert found["I_1"].native_ids == {"project_item": "PVTI_1"}
    assert found["I_2"].native_ids == {}


def test_fetched_issues_have_their_links_too(connect, github):
    summary = {"blocked_by": 1, "blocking": 0}
    place = {"number": 7, "repository": {"full_name": "acme/api"}}
    neighbours = {"kind": "Issue", "blocked_by": {"nodes": [place]}, "blocking": {"nodes": []}}
    github.will_answer(
        github.facts(),
        {"nodes": [github.graph_issue(1, issue_dependencies_summary=summary), github.graph_issue(2)]},
        {"nodes": [neighbours]},
    )
    found = connect(LINKS).fetch(["I_1", "I_2"])
    assert found["I_1"].links == (Link("blocks", Direction.INWARD, "github:acme/api#7"),)
    assert found["I_2"].links == ()


def test_fetching_nothing_asks_nothing_of_the_issues(connect, github):
    assert connect().fetch([]) == {}
    assert github.asked == []


def test_an_answer_with_the_wrong_number_of_nodes_is_an_error(connect, github):
    github.will_answer(github.facts(), {"nodes": []})
    with pytest.raises(InvalidResponseError, match="asked for 1 nodes"):
        connect().fetch(["I_1"])


def test_an_answer_of_another_shape_is_an_error(connect, github):
    github.will_answer(github.facts(), {"nodes": [github.graph_issue(1, title=None)]})
    with pytest.raises(InvalidResponseError, match="title"):
        connect().fetch(["I_1"])
