"""REST as GitHub behaves: what is listed in which order, what is refused, and that every link leads home."""

from __future__ import annotations

import json
import re

import pytest

LISTED = [
    {"number": 1, "title": "a", "labels": ["bug", "ui"], "user": "mona", "comments": 5, "type": "Bug",
     "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-03-01T00:00:00Z"},
    {"number": 2, "title": "b", "state": "closed", "labels": ["bug"], "milestone": {"number": 3, "title": "May"},
     "created_at": "2026-01-02T00:00:00Z", "closed_at": "2026-01-05T00:00:00Z"},
    {"number": 3, "title": "c", "assignees": ["hubot"], "comments": 9,
     "created_at": "2026-01-03T00:00:00Z", "updated_at": "2026-01-04T00:00:00Z"},
    {"number": 4, "title": "d", "pull_request": {"merged_at": None}, "created_at": "2026-01-04T00:00:00Z"},
]  # fmt: skip
LIST = "/repos/acme/web/issues"


@pytest.fixture
def hub(serving):
    return serving(json.loads(json.dumps(LISTED)))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [4, 3, 1]),
        ("?state=all", [4, 3, 2, 1]),
        ("?state=closed", [2]),
        ("?state=all&direction=asc", [1, 2, 3, 4]),
        ("?state=all&sort=updated", [1, 2, 4, 3]),
        ("?sort=comments", [3, 1, 4]),
        ("?labels=UI,bug", [1]),
        ("?labels=none-such", []),
        ("?state=all&milestone=3", [2]),
        ("?state=all&milestone=*", [2]),
        ("?milestone=none", [4, 3, 1]),
        ("?assignee=hubot", [3]),
        ("?assignee=none", [4, 1]),
        ("?creator=mona", [1]),
        ("?type=bug", [1]),
        ("?type=none", [4, 3]),
        ("?state=all&sort=updated&direction=asc&since=2026-01-05T00:00:00Z", [2, 1]),
        ("?since=2026-01-04T01:00:00%2B01:00", [4, 3, 1]),
    ],
)
def test_issues_are_listed_as_asked_with_pull_requests_among_them(hub, query, numbers):
    assert [issue["number"] for issue in hub.get(LIST + query)] == numbers


@pytest.mark.parametrize("query", ["state=ajar", "sort=rank", "direction=up", "milestone=May", "since=yesterday"])
def test_parameters_that_are_none_are_refused_by_name(hub, query):
    answer = hub("GET", f"{LIST}?{query}")
    assert answer.status_code == 422
    name, value = query.split("=")
    assert answer.json["errors"] == [{"value": value, "resource": "Issue", "field": name, "code": "invalid"}]
    assert answer.json["documentation_url"].startswith("https://docs.github.com/rest/")


def test_following_next_visits_every_issue_once(serving):
    hub = serving([{"number": n, "title": f"{n}"} for n in range(1, 251)])
    url, seen = f"{LIST}?per_page=100&state=all", []
    while url:
        answer = hub("GET", url)
        seen += [issue["number"] for issue in answer.json]
        link = re.search(r'<http://localhost/github([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        url = link and link[1]
    assert sorted(seen) == list(range(1, 251))
    assert len(seen) == len(set(seen))


def rels(answer):
    return re.findall(r'[?&]page=(\d+)>; rel="(\w+)"', answer.headers.get("Link", ""))


def test_links_are_those_of_the_page(serving):
    hub = serving([{"number": n, "title": f"{n}"} for n in range(1, 251)])
    assert rels(hub("GET", f"{LIST}?per_page=100")) == [("2", "next"), ("3", "last")]
    assert rels(hub("GET", f"{LIST}?per_page=100&page=2")) == [
        ("1", "prev"),
        ("3", "next"),
        ("3", "last"),
        ("1", "first"),
    ]
    assert rels(hub("GET", f"{LIST}?per_page=100&page=3")) == [("2", "prev"), ("1", "first")]
    assert len(hub.get(LIST)) == 30
    assert len(hub.get(f"{LIST}?per_page=1000")) == 100
    assert len(hub.get(f"{LIST}?per_page=none&page=0")) == 30


def test_every_address_is_on_the_host_the_caller_used(api):
    headers = {"Authorization": "token any", "Host": "sandbox.example:8484"}
    answer = api("GET", LIST + "?state=all&per_page=1", headers=headers)
    addresses = re.findall(r"https?://[^/\"]+/\w*", answer.text + answer.headers["Link"])
    assert addresses
    stated = re.findall(r"https?://[^/\"]+/\w*", answer.json[0]["body"] or "")
    assert set(addresses) - set(stated) == {"http://sandbox.example:8484/github"}


def test_text_of_people_is_served_as_they_wrote_it(serving):
    body = "See https://api.github.com/repos/acme/web/issues/2 and https://github.com/acme/web"
    assert serving([{"number": 1, "title": "t", "body": body}]).get(LIST)[0]["body"] == body


def test_what_is_patched_is_read_back_and_later_than_before(hub):
    before = hub.get(LIST + "/1")
    sent = {
        "title": "New",
        "body": "text",
        "labels": ["Bug", "fresh"],
        "state": "closed",
        "state_reason": "not_planned",
    }
    hub("PATCH", LIST + "/1", json=sent)
    after = hub.get(LIST + "/1")
    assert (after["title"], after["body"], after["state"], after["state_reason"]) == (
        "New",
        "text",
        "closed",
        "not_planned",
    )
    assert [label["name"] for label in after["labels"]] == ["bug", "fresh"]
    assert after["closed_by"]["login"] == "sandbox"
    assert after["updated_at"] > before["updated_at"]
    hub("PATCH", LIST + "/1", json={"state": "open"})
    again = hub.get(LIST + "/1")
    assert (again["closed_at"], again["state_reason"]) == (None, "reopened")


def test_writing_what_is_there_already_changes_nothing(hub):
    before = hub.get(LIST + "/1")
    hub("PATCH", LIST + "/1", json={"title": "a", "labels": ["bug", "ui"], "state": "open"})
    hub("POST", LIST + "/1/labels", json={"labels": ["bug"]})
    assert hub.get(LIST + "/1") == before


def names(answer):
    assert answer.status_code == 200, answer.text
    return [label["name"] for label in answer.json]


def test_labels_of_an_issue_change_one_by_one_or_all_at_once(hub):
    labels = LIST + "/1/labels"
    assert names(hub("POST", labels, json={"labels": ["priority/P0"]})) == ["bug", "ui", "priority/P0"]
    assert names(hub("DELETE", labels + "/priority%2FP0")) == ["bug", "ui"]
    assert names(hub("PUT", labels, json=["x", {"name": "y"}])) == ["x", "y"]
    assert names(hub("GET", labels)) == ["x", "y"]
    gone = hub("DELETE", labels + "/bug")
    assert (gone.status_code, gone.json["message"]) == (404, "Label does not exist")
    assert hub("DELETE", labels).status_code == 204
    assert names(hub("GET", labels)) == []


def test_labels_of_a_repository_are_made_once(hub):
    labels = "/repos/acme/web/labels"
    made = hub("POST", labels, json={"name": "a, b/ü", "color": "B60205", "description": "d"})
    assert (made.status_code, made.json["color"], made.json["description"]) == (201, "b60205", "d")
    assert made.headers["Location"] == made.json["url"]
    assert hub("GET", made.json["url"].removeprefix("http://localhost/github")).json == made.json
    again = hub("POST", labels, json={"name": "A, B/Ü"})
    assert again.json["errors"] == [{"resource": "Label", "code": "already_exists", "field": "name"}]
    assert "a, b/ü" in names(hub("GET", labels + "?per_page=100"))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"name": ""}, ("name", "missing_field")),
        ({"name": "x" * 51}, ("name", "invalid")),
        ({"name": "x", "color": "#red"}, ("color", "invalid")),
    ],
)
def test_labels_that_cannot_be_are_refused(hub, body, error):
    (found,) = hub("POST", "/repos/acme/web/labels", json=body).json["errors"]
    assert (found["field"], found["code"]) == error


def test_a_body_that_is_no_json_is_a_bad_request(hub):
    answer = hub("PATCH", LIST + "/1", data="{")
    assert (answer.status_code, answer.json["message"]) == (400, "Problems parsing JSON")


@pytest.mark.parametrize(
    "path", ["/repos/acme/none", LIST + "/99", LIST + "/none", "/orgs/none/issue-fields", "/nowhere"]
)
def test_what_is_not_there_is_404(hub, path):
    answer = hub("GET", path)
    assert (answer.status_code, answer.json["message"]) == (404, "Not Found")


def test_names_of_repositories_have_no_case(hub):
    assert hub.get("/repos/ACME/Web")["full_name"] == "acme/web"


def test_rate_limits_stand_on_every_answer_and_nothing_is_ever_refused_for_them(monkeypatch, serving):
    monkeypatch.setattr("trackersync_sandbox.github.LIMIT", 3)
    hub = serving(LISTED)
    left = [hub("GET", "/user").headers["X-RateLimit-Remaining"] for _ in range(4)]
    assert left == ["2", "1", "2", "1"]
    headers = hub("GET", "/rate_limit").headers
    assert (headers["X-RateLimit-Remaining"], headers["X-RateLimit-Resource"]) == ("1", "core")


def test_an_unchanged_answer_costs_nothing(hub):
    first = hub("GET", LIST)
    again = hub("GET", LIST, headers={"Authorization": "Bearer any", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["X-RateLimit-Used"] == first.headers["X-RateLimit-Used"]


@pytest.mark.parametrize(
    ("issue", "why"),
    [
        ({"title": "t"}, "issue None of acme/web .*no number"),
        ({"number": 1, "created_at": "soon"}, "issue 1 of acme/web .*soon"),
        ({"number": 2, "labels": [{}]}, "issue 2 of acme/web .*name"),
        ({"number": 3, "user": 4}, "issue 3 of acme/web .*int"),
    ],
)
def test_what_is_no_issue_is_told_by_its_number(serving, issue, why):
    with pytest.raises(ValueError, match=why):
        serving([issue])
