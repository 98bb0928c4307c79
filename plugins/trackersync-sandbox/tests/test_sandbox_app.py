"""The sandbox's own routes, tokens, counting, latency, and many callers at once."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import Client

ISSUE = "/repos/acme/web/issues/1"


def basic(password):
    return {"Authorization": "Basic " + base64.b64encode(f"me:{password}".encode()).decode()}


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer x"}, {"Authorization": "token x"}, basic("x")])
def test_any_token_opens(api, headers):
    assert api("GET", "/user", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"Authorization": "Bearer bad"}, "Bad credentials"),
        ({"Authorization": "token bad"}, "Bad credentials"),
        (basic("bad"), "Bad credentials"),
        (basic(""), "Requires authentication"),
        ({"Authorization": "Bearer "}, "Requires authentication"),
        ({}, "Requires authentication"),
    ],
)
def test_a_bad_token_and_none_are_401_in_githubs_words(api, headers, message):
    answer = api("GET", "/user", headers=headers)
    assert answer.status_code == 401
    assert answer.json == {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "401"}


def test_requests_are_counted_by_the_official_path_until_reset(api):
    api("GET", ISSUE)
    api("GET", ISSUE.replace("1", "2"))
    api("GET", "/nowhere")
    api("GET", "/user", headers={})
    api("DELETE", ISSUE + "/labels/a%2Fb")
    api.state()
    assert api.requests() == {
        "total": 5,
        "by_route": {
            "github DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}": 1,
            "github GET (no such route)": 1,
            "github GET /repos/{owner}/{repo}/issues/{issue_number}": 2,
            "github GET /user": 1,
        },
        "graphql_mutations": 0,
    }
    assert api.http.post("/_sandbox/requests/reset").json["total"] == 0
    assert api.requests()["total"] == 0


def test_equal_states_have_equal_bytes_however_they_came_about(hub):
    before = hub.state()
    assert before == json.dumps(json.loads(before), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    hub.edit(
        "github:acme/web#1", labels=["x"], title="T", fields={"Weight": 2}, project_fields={"Note": "n"}, position=1
    )
    assert hub.state() != before
    back = {
        "labels": ["bug"],
        "title": "Issue 1",
        "fields": {"Weight": None},
        "project_fields": {"Note": None},
        "position": 0,
    }
    hub.edit("github:acme/web#1", **back)
    after = json.loads(hub.state())
    del after["github"]["repositories"]["acme/web"]["labels"]["x"]
    assert after == json.loads(before)


def test_the_state_tells_no_times(api):
    assert b"2026-" not in b"".join(part for part in api.state().split(b'"body"') if b"updated" in part)
    assert b'_at"' not in api.state()


class TestEdit:
    def test_a_human_sets_what_the_browser_shows(self, hub):
        before = hub.get(ISSUE)["updated_at"]
        sent = {"labels": ["urgent"], "title": "T", "body": "B", "state": "closed", "fields": {"Impact": "Low"}}
        answer = hub.edit("github:ACME/web#1", **sent, project_fields={"Score": 9, "Priority": "P0"}, position=1)
        assert answer.status_code == 200
        served = hub.get(ISSUE)
        assert (served["title"], served["body"], served["state"]) == ("T", "B", "closed")
        assert [label["name"] for label in served["labels"]] == ["urgent"]
        assert served["issue_field_values"][0]["value"] == "Low"
        assert served["updated_at"] > before
        assert hub.values() == {"Score": 9, "Priority": "P0"}
        assert hub.order == ["acme/web#2", "acme/web#1"]

    def test_a_column_of_the_project_may_stand_beside_the_others(self, hub):
        assert hub.edit("github:acme/web#1", title="T", Score=9).status_code == 200
        assert (hub.values()["Score"], hub.get(ISSUE)["title"]) == (9, "T")

    def test_saving_without_a_change_is_an_update_too(self, hub):
        before = hub.get(ISSUE)["updated_at"]
        hub.edit("github:acme/web#1", title="Issue 1")
        assert hub.get(ISSUE)["updated_at"] > before

    @pytest.mark.parametrize(
        "ref", ["github:acme/web#99", "github:acme/none#1", "github:web-1", "gitlab:a/b#1", "nothing"]
    )
    def test_an_unknown_ref_is_404(self, hub, ref):
        answer = hub.edit(ref, title="T")
        assert answer.status_code == 404
        assert "refs look like github:acme/web#12" in answer.json["error"]

    @pytest.mark.parametrize(
        ("values", "why"),
        [
            ({"title": "Set", "colour": "red"}, "cannot set colour; can set body, comment, fields, labels"),
            ({"title": 7}, "title must be text"),
            ({"title": "Set", "labels": "bug"}, "labels must be a list of names"),
            ({"title": "Set", "state": "ajar"}, "state must be open or closed"),
            ({"title": "Set", "position": 2}, "position must be a whole number from 0 to 1"),
            ({"title": "Set", "position": True}, "position must be a whole number from 0 to 1"),
            ({"title": "Set", "fields": {"No": 1}}, "no field 'No'; there are Impact, Weight"),
            ({"title": "Set", "fields": 1}, "fields are set as {name: value}"),
            ({"title": "Set", "fields": {"Impact": "Huge"}}, "has no option 'Huge'; it has High, Low"),
            ({"title": "Set", "project_fields": {"Score": "9"}}, "of type NUMBER cannot hold '9'"),
            ({"title": "Set", "project_fields": {"Title": "x"}}, "no field 'Title'"),
            ({"title": "Set", "project_fields": 1, "Score": 2}, "fields are set as {name: value}"),
        ],
    )
    def test_what_cannot_be_set_is_told_and_nothing_is_set(self, hub, values, why):
        before = hub.state()
        answer = hub.edit("github:acme/web#1", **values)
        assert answer.status_code == 400
        assert why in answer.json["error"]
        assert hub.state() == before

    def test_an_issue_off_the_board_has_no_place_there(self, hub):
        assert "is on no project" in hub.edit("github:acme/web#3", position=0).json["error"]

    @pytest.mark.parametrize(
        "body", [b"{", b'{"ref": "github:acme/web#1", "set": {}, "sett": {}}', b'{"ref": 1, "set": {}}']
    )
    def test_a_body_that_is_no_edit_is_400(self, hub, body):
        assert hub.http.post("/_sandbox/edit", data=body).status_code == 400


def test_other_places_tell_where_to_go(api):
    answer = api.http.get("/")
    assert answer.status_code == 404
    assert "/github" in answer.json["try"]
    assert api.http.get("/_sandbox/none").status_code == 404


def test_latency_is_slept_before_every_answer_of_a_tracker(serving, monkeypatch):
    slept = []
    monkeypatch.setattr("trackersync_sandbox.app.time.sleep", slept.append)
    hub = serving([{"number": 1, "title": "t"}], latency=0.25)
    hub.get(ISSUE)
    hub.state()
    assert slept == [0.25]


def test_many_callers_at_once_lose_nothing(hub):
    def add(number):
        client = Client(hub.app)
        path = f"/github/repos/acme/web/issues/{number % 3 + 1}/labels"
        return client.post(path, json=[f"label-{number}"], headers={"Authorization": "Bearer x"}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(add, range(120))) == {200}
    assert sum(len(hub.get(f"/repos/acme/web/issues/{number}")["labels"]) for number in (1, 2, 3)) == 123
    assert hub.requests()["by_route"]["github POST /repos/{owner}/{repo}/issues/{issue_number}/labels"] == 120


def test_labels_and_fields_of_github_send_nobody_mail(api):
    assert api("POST", ISSUE + "/labels", json={"labels": ["new"]}).status_code == 200
    assert api.http.get("/_sandbox/notifications").json == {"github": 0}
    assert api.http.post("/_sandbox/notifications/reset").json == {"github": 0}
