"""Faults by script: what strikes when, what the caller gets, and what is said of a script that is none."""

from __future__ import annotations

import json
import re
import socket
import urllib.error
import urllib.request
from http.client import IncompleteRead, RemoteDisconnected
from pathlib import Path

import pytest

from trackersync_sandbox.build import Options, build
from trackersync_sandbox.fault import DroppedError
from trackersync_sandbox.script import FaultsError
from trackersync_sandbox.server import Server

LIST = "/repos/acme/web/issues"
LISTED = "GET /repos/{owner}/{repo}/issues"


@pytest.fixture
def put(hub):
    """Put faults in force; what the sandbox says to it."""
    return lambda *faults: hub.http.post("/_sandbox/faults", json=list(faults))


def statuses(hub, times=4, path=LIST):
    return [hub("GET", path).status_code for _ in range(times)]


class TestWhenItStrikes:
    @pytest.mark.parametrize(
        ("call", "wanted"),
        [
            (2, [200, 502, 200, 200]),
            ("2", [200, 502, 200, 200]),
            ("2-3", [200, 502, 502, 200]),
            ("all", [502, 502, 502, 502]),
        ],
    )
    def test_on_the_calls_it_names(self, hub, put, call, wanted):
        assert put({"route": LISTED, "call": call, "status": 502}).status_code == 200
        assert statuses(hub) == wanted

    @pytest.mark.parametrize(
        ("route", "wanted"),
        [
            ("*", [502, 502, 502]),
            (LISTED, [502, 200, 200]),
            ("get /repos/acme/web/issues", [502, 200, 200]),
            ("GET /repos/acme/{repo}/issues", [502, 200, 200]),
            ("GET /repos/{owner}/{repo}/issues/{issue_number}", [200, 502, 200]),
            ("GET /repos/{owner}/{repo}/issues/2", [200, 200, 200]),
            ("GET /repos/{owner}/{repo}/labels/{name}", [200, 200, 502]),
            ("PATCH /repos/{owner}/{repo}/issues/{issue_number}", [200, 200, 200]),
        ],
    )
    def test_on_the_routes_it_names(self, hub, put, route, wanted):
        hub("POST", "/repos/acme/web/labels", json={"name": "a/b"})
        assert put({"route": route, "status": 502}).status_code == 200
        assert [hub("GET", path).status_code for path in (LIST, f"{LIST}/1", "/repos/acme/web/labels/a%2Fb")] == wanted

    def test_on_the_operations_and_fields_of_graphql_it_names(self, hub, put):
        put({"route": "POST /graphql projectV2", "status": 504}, {"route": "POST /graphql Named", "status": 503})
        ask = lambda query: hub("POST", "/graphql", json={"query": query}).status_code  # noqa: E731
        assert ask("{ viewer { login } }") == 200
        assert ask('{ repository(owner: "acme", name: "web") { projectV2(number: 7) { title } } }') == 504
        assert ask('{ repository(owner: "acme", name: "web") { projectsV2(first: 1) { totalCount } } }') == 200
        assert ask("query Named { viewer { login } }") == 503

    def test_each_fault_counts_for_itself_and_the_first_that_breaks_decides(self, hub, put):
        put(
            {"route": LISTED, "call": 2, "status": 500},
            {"route": "*", "call": 2, "status": 501},
            {"route": "*", "call": 3, "status": 503},
        )
        assert statuses(hub) == [200, 500, 503, 200]
        told = hub.http.get("/_sandbox/faults").json["faults"]
        assert [(one["calls"], one["struck"]) for one in told] == [(4, 1), (4, 1), (4, 1)]
        assert told[0]["fault"] == {"route": LISTED, "call": 2, "status": 500}

    def test_until_others_take_its_place_or_it_is_reset(self, hub, put):
        put({"route": LISTED, "call": "2-9", "status": 502})
        assert statuses(hub, 2) == [200, 502]
        put({"route": LISTED, "call": 2, "status": 503})
        assert statuses(hub, 3) == [200, 503, 200]
        put({"route": "*", "status": 500})
        assert hub.http.post("/_sandbox/faults/reset").json == {"faults": []}
        assert statuses(hub, 2) == [200, 200]

    def test_before_the_token_is_looked_at_and_counted_as_a_request(self, hub, put):
        put({"route": "*", "status": 502})
        assert hub("GET", LIST, headers={}).status_code == 502
        assert hub.requests()["total"] == 1


class TestWhatItDoes:
    def test_a_status_comes_with_its_headers_and_body_in_place_of_the_trackers_answer(self, hub, put):
        headers = {"Retry-After": 7, "Date": "Sun, 22 Nov 2026 12:00:00 GMT"}
        put(
            {"route": LISTED, "call": 1, "status": 429, "headers": headers, "body": {"message": "slow down"}},
            {"route": LISTED, "call": 2, "status": 502, "headers": {"content-type": "text/html"}, "body": "<html>"},
        )
        first, second = hub("GET", LIST), hub("GET", LIST)
        assert (first.json, first.headers["Retry-After"]) == ({"message": "slow down"}, "7")
        assert first.headers["Date"] == headers["Date"]
        assert first.headers["Content-Type"].startswith("application/json")
        assert "X-RateLimit-Limit" not in first.headers
        assert (second.text, second.headers["Content-Type"]) == ("<html>", "text/html")

    @pytest.mark.parametrize(("after", "title"), [(False, "Issue 1"), (True, "T")])
    def test_after_says_whether_the_request_took_effect(self, hub, put, after, title):
        write = "PATCH /repos/{owner}/{repo}/issues/{issue_number}"
        put({"route": write, "status": 502, "after": after})
        assert hub("PATCH", f"{LIST}/1", json={"title": "T"}).status_code == 502
        assert hub.get(f"{LIST}/1")["title"] == title
        put({"route": write, "drop": True, "after": after})
        with pytest.raises(DroppedError):
            hub("PATCH", f"{LIST}/1", json={"title": "T"})
        assert hub.get(f"{LIST}/1")["title"] == title

    def test_a_delay_is_slept_and_then_answered(self, hub, put, monkeypatch):
        slept = []
        monkeypatch.setattr("trackersync_sandbox.app.time.sleep", slept.append)
        put({"route": LISTED, "call": 1, "delay_ms": 1500})
        assert statuses(hub, 2) == [200, 200]
        assert slept == [1.5]

    @pytest.mark.parametrize(
        "deed",
        [
            {"edit": {"ref": "github:acme/web#3", "set": {"state": "closed"}}},
            {"delete": {"ref": "github:acme/web#3"}},
            {"hide": {"ref": "github:acme/web#3"}},
            {"move": {"ref": "github:acme/web#3", "to": "acme/api"}},
        ],
    )
    def test_a_human_comes_between_two_pages_which_shift(self, hub, put, deed):
        put({"route": LISTED, "call": 2} | deed)
        pages = [[issue["number"] for issue in hub.get(f"{LIST}?per_page=1&page={page}")] for page in (1, 2)]
        assert pages == [[3], [1]]

    def test_what_a_human_cannot_do_is_told_in_the_answer(self, hub, put):
        put({"route": LISTED, "delete": {"ref": "github:acme/web#99"}})
        answer = hub("GET", LIST)
        assert answer.status_code == 500
        assert "cannot be done: no issue github:acme/web#99" in answer.json["error"]


class TestOnTheWire:
    @pytest.fixture
    def served(self):
        with Server(build(Options())).in_background() as url:
            yield url

    @staticmethod
    def put(url, *faults):
        request = urllib.request.Request(f"{url}/_sandbox/faults", json.dumps(faults).encode())
        urllib.request.urlopen(request).close()

    @staticmethod
    def ask(url):
        headers = {"Authorization": "Bearer x"}
        with urllib.request.urlopen(urllib.request.Request(f"{url}/github{LIST}", headers=headers)) as answer:
            return answer.read()

    @pytest.mark.parametrize("after", [True, False])
    def test_a_dropped_connection_ends_without_a_byte(self, served, after):
        self.put(served, {"route": "*", "call": 1, "drop": True, "after": after})
        with pytest.raises(RemoteDisconnected):
            self.ask(served)
        assert json.loads(self.ask(served))

    @pytest.mark.parametrize("size", [0, 100])
    def test_an_answer_cut_off_holds_so_many_bytes_of_those_it_promised(self, served, size):
        whole = self.ask(served)
        self.put(served, {"route": "*", "cut": size})
        with pytest.raises(IncompleteRead) as cut:
            self.ask(served)
        assert cut.value.partial == whole[:size]
        assert cut.value.expected == len(whole) - size

    def test_the_connection_ends_where_the_answer_is_cut(self, served):
        self.put(served, {"route": "*", "call": 1, "cut": 5})
        host, _, port = served.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"GET /github/user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n")
            received = b""
            while part := connection.recv(65536):
                received += part
        assert len(received.partition(b"\r\n\r\n")[2]) == 5


class TestOneMutationOfMany:
    def test_the_one_it_counts_to_is_refused_and_the_others_stand(self, hub, put):
        put({"route": "POST /graphql addComment", "call": "2", "refuse": "Too many comments"})
        issue = hub.ids["issues"][1]
        calls = " ".join(f"m{i}: addComment(input: $m{i}) {{ clientMutationId }}" for i in range(3))
        document = f"mutation({', '.join(f'$m{i}: AddCommentInput!' for i in range(3))}) {{ {calls} }}"
        told = hub.graphql(document, **{f"m{i}": {"subjectId": issue, "body": f"comment {i}"} for i in range(3)})
        (error,) = told["errors"]
        assert (error["message"], error["path"]) == ("Too many comments", ["m1"])
        assert [told["data"][f"m{i}"] is None for i in range(3)] == [False, True, False]
        assert [comment.body for comment in hub.world.nodes[issue].thread] == ["comment 0", "comment 2"]
        (counted,) = hub.http.get("/_sandbox/faults").json["faults"]
        assert (counted["calls"], counted["struck"]) == (3, 1)

    def test_other_mutations_are_let_be(self, hub, put):
        put({"route": "POST /graphql addComment", "refuse": "no"})
        assert "errors" not in hub.mutate("updateIssue", "issue { id }", id=hub.ids["issues"][1], title="addComment")


NO_FAULTS = [
    ({"status": 502}, "route: Field required"),
    ({"route": "GET"}, "'GET' is no route", "exactly one of"),
    ({"route": "GET", "status": 502}, "'GET' is no route; one looks like GET /user"),
    ({"route": 7, "status": 502}, "7 is no route"),
    ({"route": "GET /usr", "status": 502}, "no operation is GET /usr; the nearest is GET /user"),
    ({"route": "POST /user", "status": 502}, "no operation is POST /user; the nearest is"),
    ({"route": "*", "call": 0, "status": 502}, "0 is no call; one is 2, 2-4 or all"),
    ({"route": "*", "call": True, "status": 502}, "True is no call"),
    ({"route": "*", "call": "4-x", "status": 502}, "'4-x' is no call"),
    ({"route": "*", "call": "4-2", "status": 502}, "'4-2' is no call"),
    ({"route": "*"}, "exactly one of status, cut, delay_ms, drop, refuse, edit, delete, hide, move; there is none"),
    ({"route": "*", "status": 502, "drop": True}, "exactly one of", "there are status, drop"),
    ({"route": "*", "status": 99}, "status: Input should be greater than or equal to 200"),
    ({"route": "*", "status": "502"}, "status: Input should be a valid integer"),
    ({"route": "*", "cut": -1}, "cut: Input should be greater than or equal to 0"),
    ({"route": "*", "cut": 1, "headers": {"A": "b"}}, "headers: goes with status alone"),
    ({"route": "*", "cut": 1, "body": "b"}, "body: goes with status alone"),
    ({"route": "*", "refuse": "no"}, "refuse: the route has to name a mutation, as in POST /graphql addComment"),
    ({"route": "POST /graphql addComment", "refuse": ""}, "refuse: String should have at least 1 character"),
    ({"route": "*", "cut": 1, "after": True}, "after: goes with status or drop alone"),
    ({"route": "*", "status": 502, "headers": {"Connection": "close"}}, "Connection: the server's own affair"),
    ({"route": "*", "status": 502, "headers": {"A": "b\r\nc: d"}}, "one line of text each"),
    ({"route": "*", "status": 502, "headers": []}, "headers: Input should be a valid dictionary"),
    ({"route": "*", "statsu": 502}, "statsu: no such key; the nearest is status"),
    ({"route": "*", "edit": {"ref": "github:acme/web#1"}}, "edit: Object missing required field `set`"),
    ("drop", "not a fault, which is an object with a route"),
]


@pytest.mark.parametrize(("fault", "said"), [(fault, said) for fault, *said in NO_FAULTS])
def test_what_is_no_fault_is_told_and_those_before_stay_in_force(hub, put, fault, said):
    put({"route": LISTED, "status": 502})
    answer = put(fault)
    assert answer.status_code == 400
    assert all(part in answer.json["error"] for part in said), answer.json["error"]
    assert statuses(hub, 1) == [502]


@pytest.mark.parametrize(("body", "said"), [("{", "truncated"), ("{}", "not a list of faults")])
def test_a_body_that_is_no_list_is_400(hub, body, said):
    answer = hub.http.post("/_sandbox/faults", data=body)
    assert (answer.status_code, said in answer.json["error"]) == (400, True)


SCRIPT = """\
# What a bad day looks like.
- route: GET /repos/{owner}/{repo}/issues
  call: 2-4
  status: 503
  headers: {Retry-After: 9}

- {route: POST /rest/api/3/search/jql, call: 1, cut: 40}
"""


class TestFile:
    @pytest.fixture
    def script(self, tmp_path):
        def written(text, name="faults.yaml"):
            file = tmp_path / name
            file.write_text(text, encoding="utf-8")
            return Options(faults=file)

        return written

    def test_yaml_and_json_are_in_force_from_the_start(self, script):
        one = build(script(SCRIPT)).script.as_json()["faults"]
        assert [fault["fault"]["route"] for fault in one] == [LISTED, "POST /rest/api/3/search/jql"]
        text = json.dumps([fault["fault"] for fault in one], indent=2)
        assert build(script(text, "faults.json")).script.as_json()["faults"] == one

    def test_the_script_of_the_readme_is_one(self, script):
        readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
        example = re.search(r"```yaml\n(- \{route.*?)```", readme, re.DOTALL)
        assert len(build(script(example[1])).script.as_json()["faults"]) == 4

    def test_every_problem_is_told_at_once_with_its_line(self, script):
        broken = SCRIPT.replace("call: 2-4", "call: two").replace("cut: 40", "cut: x, drop: yes, dealy_ms: 4")
        broken += "- {route: GET /repos/{owner}/{repo}/isues, status: 502}\n".replace("{owner}/{repo}", "acme/web")
        with pytest.raises(FaultsError) as told:
            build(script(broken))
        said = str(told.value).splitlines()
        assert [line.partition(": ")[0] for line in said] == ["faults.yaml:2"] + ["faults.yaml:7"] * 4 + [
            "faults.yaml:8"
        ]
        assert [line.split(": ")[1] for line in said[:1] + said[2:]] == ["call", "cut", "drop", "dealy_ms", "route"]

    @pytest.mark.parametrize(
        ("text", "said"), [("a: [", "no YAML"), ("a: 1", "not a list of faults"), ("", "not a list")]
    )
    def test_what_is_no_list_is_told_by_the_files_name(self, script, text, said):
        with pytest.raises(FaultsError, match=said) as told:
            build(script(text))
        assert str(told.value).startswith("faults.yaml: ")
