"""Issues that are deleted, transferred or hidden while somebody reads: which is which, and what else they leave."""

from __future__ import annotations

import json

import pytest

LIST = "/repos/acme/web/issues"
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue { number } } }"


def numbers(api, query="?state=all"):
    return [issue["number"] for issue in api.get(LIST + query)]


@pytest.mark.parametrize(("what", "status"), [("delete", 410), ("hide", 404)])
def test_a_deleted_issue_is_gone_and_a_hidden_one_not_found_and_neither_is_in_any_list(hub, what, status):
    known = hub.ids
    assert hub.play(what, "github:acme/web#1").json == {"ref": "github:acme/web#1"}
    for method in ("GET", "PATCH"):
        assert hub(method, LIST + "/1", json={"title": "T"}).status_code == status
    assert numbers(hub) == [3, 2]
    assert hub.order == ["acme/web#2"]
    answer = hub.graphql(NODES, ids=[known["issues"][2], known["issues"][1], known["items"][1]])
    assert answer["data"]["nodes"] == [{"number": 2}, None, None]
    assert [(error["type"], error["path"]) for error in answer["errors"]] == [
        ("NOT_FOUND", ["nodes", 1]),
        ("NOT_FOUND", ["nodes", 2]),
    ]
    issue = 'repository(owner: "acme", name: "web") { issue(number: 1) { title } }'
    assert hub.graphql(f"{{ {issue} }}")["errors"][0]["type"] == "NOT_FOUND"


def test_what_was_gone_before_and_what_never_was_are_unknown_refs(hub):
    hub.play("delete", "github:acme/web#1")
    for ref in ("github:acme/web#1", "github:acme/web#99", "github:acme/none#1", "gitlab:a#1"):
        for what in ("delete", "hide", "move"):
            more = {"to": "acme/api"} if what == "move" else {}
            assert hub.play(what, ref, **more).status_code == 404


def test_whoever_was_blocked_by_a_deleted_issue_is_so_no_more(hub):
    assert hub.get(LIST + "/1")["issue_dependencies_summary"]["total_blocked_by"] == 1
    hub.play("delete", "github:acme/web#2")
    assert set(hub.get(LIST + "/1")["issue_dependencies_summary"].values()) == {0}


def test_parts_and_wholes_forget_what_is_gone(serving):
    def family():
        parent = {"parent_issue_url": "https://api.github.com/repos/acme/web/issues/1"}
        return serving(
            [
                {"number": 1, "title": "whole", "sub_issues_summary": {"total": 1}},
                {"number": 2, "title": "part", **parent},
            ]
        )

    hub = family()
    hub.play("delete", "github:acme/web#2")
    assert hub.get(LIST + "/1")["sub_issues_summary"]["total"] == 0
    hub = family()
    hub.play("move", "github:acme/web#1", to="acme/api")
    assert hub.get(LIST + "/2")["parent_issue_url"] is None
    assert hub.get("/repos/acme/api/issues/1")["sub_issues_summary"]["total"] == 0


def test_a_transferred_issue_is_another_one_elsewhere_and_its_old_address_leads_there(hub):
    old = hub.get(LIST + "/1")
    hub("POST", "/repos/acme/web/labels", json={"name": "only here"})
    assert hub.play("move", "github:acme/web#1", to="acme/api").json["now"] == "github:acme/api#1"
    assert numbers(hub) == [3, 2]
    answer = hub("GET", LIST + "/1")
    assert (answer.status_code, answer.json["message"]) == (301, "Moved Permanently")
    assert answer.json["url"] == answer.headers["Location"]
    followed = hub.get(answer.headers["Location"].removeprefix("http://localhost/github"))
    assert followed == hub.get("/repos/acme/api/issues/1")
    assert (followed["title"], followed["labels"], followed["created_at"]) == (old["title"], [], old["created_at"])
    assert followed["updated_at"] > old["updated_at"]
    assert (followed["id"], followed["node_id"]) != (old["id"], old["node_id"])
    assert hub.graphql(NODES, ids=[old["node_id"], followed["node_id"]])["data"]["nodes"] == [None, {"number": 1}]
    assert hub.order == ["acme/api#1", "acme/web#2"]
    assert list(json.loads(hub.state())["github"]["repositories"]["acme/api"]["issues"]) == ["1"]


def test_labels_and_the_milestone_go_along_where_the_other_repository_has_them(serving):
    issue = {"number": 7, "title": "t", "labels": ["bug", "ui"], "milestone": {"number": 3, "title": "May"}}
    other = {"number": 1, "title": "o", "labels": ["Bug"], "milestone": {"number": 9, "title": "May"}}
    hub = serving([issue], others={"acme/api": [other], "acme/docs": []})
    hub.play("move", "github:acme/web#7", to="acme/api")
    moved = hub.get("/repos/acme/api/issues/2")
    assert [label["name"] for label in moved["labels"]] == ["Bug"]
    assert (moved["milestone"]["number"], moved["milestone"]["open_issues"]) == (9, 2)
    hub.play("move", "github:acme/api#2", to="acme/docs")
    moved = hub.get("/repos/acme/docs/issues/1")
    assert (moved["labels"], moved["milestone"]) == ([], None)
    assert hub.get("/repos/acme/api/issues/1")["milestone"]["open_issues"] == 1


def test_an_old_address_leads_on_to_wherever_the_issue_ended(hub):
    hub.play("move", "github:acme/web#1", to="acme/api")
    hub.play("move", "github:acme/api#1", to="acme/docs")
    place = hub("GET", LIST + "/1").headers["Location"].removeprefix("http://localhost/github")
    assert hub.get(place)["repository_url"].endswith("/repos/acme/docs")
    hub.play("hide", "github:acme/docs#1")
    assert hub("GET", place).status_code == 404
    assert hub("GET", LIST + "/1").status_code == 301
    assert hub("GET", "/repositories/1/issues/1").status_code == 404


def test_numbers_are_never_given_twice(hub):
    hub.play("delete", "github:acme/web#3")
    hub.play("move", "github:acme/web#2", to="acme/api")
    assert hub.play("move", "github:acme/api#1", to="acme/web").json["now"] == "github:acme/web#4"


@pytest.mark.parametrize(
    ("what", "ref", "more", "why"),
    [
        ("move", "github:acme/web#1", {"to": "acme/web"}, "is in acme/web already"),
        ("move", "github:acme/web#1", {"to": "api"}, "'api' is not OWNER/REPO"),
        ("move", "github:acme/web#1", {}, "missing required field `to`"),
        ("move", "github:acme/web#4", {"to": "acme/api"}, "is a pull request, and GitHub transfers none"),
        ("delete", "github:acme/web#4", {}, "is a pull request, and GitHub deletes none"),
        ("delete", "github:acme/web#1", {"to": "acme/api"}, "unknown field `to`"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_done(serving, what, ref, more, why):
    hub = serving([{"number": 1, "title": "t"}, {"number": 4, "title": "p", "pull_request": {"merged_at": None}}])
    before = hub.state()
    answer = hub.play(what, ref, **more)
    assert (answer.status_code, why in answer.json["error"]) == (400, True), answer.json
    assert hub.state() == before


def test_since_shows_what_came_by_transfer_and_never_what_went(hub):
    hub.play("move", "github:acme/web#1", to="acme/api")
    hub.play("delete", "github:acme/web#2")
    hub.edit("github:acme/web#3", title="Later")
    since = "?state=all&sort=updated&direction=asc&since=2026-02-01T00:00:00Z"
    assert numbers(hub, since) == [3]
    assert [issue["number"] for issue in hub.get("/repos/acme/api/issues" + since)] == [1]
