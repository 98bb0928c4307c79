"""What a user types: files, options, and a server that listens where it says."""

from __future__ import annotations

import gzip
import json
import re
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests
from click.testing import CliRunner

from trackersync_sandbox.build import Options, build
from trackersync_sandbox.command import sandbox
from trackersync_sandbox.server import Server

TOKEN = {"Authorization": "Bearer any"}
GITHUB = [
    {"number": 1, "title": "closed", "state": "closed"},
    {"number": 2, "title": "open"},
    {"number": 3, "title": "open too"},
    {"number": 4, "title": "a pull request", "pull_request": {}},
]


@pytest.fixture
def export(tmp_path):
    """Write issues to a file of API-form lines."""

    def write(name, issues):
        path = tmp_path / name
        text = "".join(json.dumps(issue) + "\n" for issue in issues).encode()
        path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text + b"\n")
        return path

    return write


@pytest.fixture
def serve():
    """Serve a sandbox on a free port for as long as the test runs."""
    servers = []

    def start(**options):
        server = Server(build(Options(**options)))
        thread = threading.Thread(target=server.run)
        thread.start()
        servers.append((server, thread))
        return server.url

    yield start
    for server, thread in servers:
        server.close()
        thread.join()


def listed(url, repository="acme/web"):
    answer = requests.get(f"{url}/github/repos/{repository}/issues?state=all&direction=asc", headers=TOKEN, timeout=9)
    return [issue["number"] for issue in answer.json()]


def test_the_built_in_backlog_is_in_both_trackers(serve):
    url = serve()
    assert listed(url)
    state = requests.get(f"{url}/_sandbox/state", timeout=9).json()
    assert "acme/7" in state["github"]["projects"]
    assert state["jira"]


def test_files_are_chained_plain_or_compressed(serve, export):
    more = export("more.jsonl.gz", [{"number": 9, "title": "more"}])
    url = serve(github={"team/app": [export("some.jsonl", GITHUB), more]})
    assert listed(url, "team/app") == [1, 2, 3, 4, 9]


def test_a_limit_counts_what_open_only_lets_through_in_each_file(serve, export):
    files = [
        export("a.jsonl", GITHUB),
        export("b.jsonl", [{**issue, "number": issue["number"] + 10} for issue in GITHUB]),
    ]
    assert listed(serve(github={"team/app": files}, limit=1), "team/app") == [1, 11]
    assert listed(serve(github={"team/app": files}, limit=1, open_only=True), "team/app") == [2, 12]


def test_files_come_with_a_project_to_rehearse_on(serve, export):
    url = serve(github={"team/app": [export("a.jsonl", GITHUB)], "team/lib": [export("b.jsonl", GITHUB)]})
    project = requests.get(f"{url}/_sandbox/state", timeout=9).json()["github"]["projects"]["team/1"]
    assert project["title"] == "Backlog"
    assert [item["issue"] for item in project["items"]] == ["team/app#2", "team/app#3", "team/lib#2", "team/lib#3"]
    assert {field["name"] for field in project["fields"]} >= {
        "Score",
        "Rank",
        "Reach",
        "Effort",
        "Confidence",
        "Priority",
    }


def test_real_exports_load_and_serve(serve, shared_file):
    url = serve(github={"rust-lang/rust": [shared_file("data/github-rust.jsonl.gz")]}, limit=300)
    assert len(listed(url, "rust-lang/rust")) == 30


def test_labels_with_slashes_travel_in_paths(serve):
    url = serve() + "/github/repos/acme/web/issues/1/labels"
    requests.put(url, json=["priority/P0", "a%2Fb"], headers=TOKEN, timeout=9)
    requests.delete(url + "/priority%2FP0", headers=TOKEN, timeout=9)
    assert [label["name"] for label in requests.get(url, headers=TOKEN, timeout=9).json()] == ["a%2Fb"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("text.jsonl", b'{"number": 1}\n[1]\n', "text.jsonl:2: not a JSON object a line"),
        ("html.jsonl", b"<html>", "html.jsonl:1: not a JSON object a line"),
        ("cut.jsonl.gz", gzip.compress(b'{"number": 1}\n' * 9, mtime=0)[:-9], "cut.jsonl.gz: cut off after line"),
        ("plain.jsonl.gz", b"{}", "Not a gzipped file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_line(tmp_path, name, content, why):
    (tmp_path / name).write_bytes(content)
    result = CliRunner().invoke(sandbox, ["--port", "0", "--github", f"acme/web={tmp_path / name}"])
    assert result.exit_code == 1
    assert why in result.output


def test_a_rate_limit_holds_for_each_tracker_by_itself(serve):
    url = serve(rate_limit=1)
    paths = ["/github/user", "/jira/rest/api/3/myself"] * 2
    assert [requests.get(url + path, headers=TOKEN, timeout=9).status_code for path in paths] == [200, 200, 403, 429]


def test_a_search_lag_goes_by_the_sandboxs_own_clock(serve):
    url = serve(search_lag=60.0)
    edit = {"ref": "jira:CORE-1", "set": {"title": "Quokka"}}
    requests.post(f"{url}/_sandbox/edit", json=edit, timeout=9)
    query = {"jql": "summary ~ Quokka"}
    found = []
    for milliseconds in (59_000, 2_000):
        requests.post(f"{url}/_sandbox/clock", json={"advance_ms": milliseconds}, timeout=9)
        answer = requests.get(f"{url}/jira/rest/api/3/search/jql", query, headers=TOKEN, timeout=9)
        found.append(len(answer.json()["issues"]))
    assert found == [0, 1]


@pytest.mark.parametrize("hours", [3, -3])
def test_the_trackers_clocks_are_as_far_off_as_asked(serve, hours):
    url = serve(clock_skew=hours * 3600)
    for ref in ("github:acme/web#1", "jira:CORE-1"):
        requests.post(f"{url}/_sandbox/edit", json={"ref": ref, "set": {"title": "Quokka"}}, timeout=9)
    query = {"jql": "summary ~ Quokka AND updated > -1m AND updated < 1m", "fields": "updated"}
    paths = {"/github/repos/acme/web/issues/1": None, "/jira/rest/api/3/search/jql": query, "/jira/nowhere": None}
    issue, found, nowhere = [requests.get(url + path, asked, headers=TOKEN, timeout=9) for path, asked in paths.items()]
    told = [parsedate_to_datetime(answer.headers["Date"]) for answer in (issue, found, nowhere)]
    told.append(datetime.fromisoformat(issue.json()["updated_at"]))
    told.append(datetime.fromisoformat(found.json()["issues"][0]["fields"]["updated"]))
    assert all(abs(each - datetime.now(UTC) - timedelta(hours=hours)) < timedelta(minutes=5) for each in told), told


def test_a_clock_that_is_off_by_centuries_is_refused():
    result = CliRunner().invoke(sandbox, ["--clock-skew-seconds", "99999999999", "--", "true"])
    assert result.exit_code == 2
    assert "--clock-skew-seconds" in result.output


def test_a_script_of_faults_that_is_none_stops_the_sandbox_and_every_problem_is_told(tmp_path):
    file = tmp_path / "faults.yaml"
    for text, why in (
        ("- {}\n- {route: x}\n", ["faults.yaml:1: a fault does", "faults.yaml:2: route:"]),
        (None, ["No such"]),
    ):
        file.unlink(missing_ok=True) if text is None else file.write_text(text, encoding="utf-8")
        result = CliRunner().invoke(sandbox, ["--port", "0", "--faults", str(file)])
        assert result.exit_code == 1
        assert all(part in result.output for part in why), result.output


@pytest.mark.parametrize(
    ("option", "issue", "why"),
    [
        ("--github=acme/web", {"id": "1", "key": "CORE-1", "fields": {}}, "is not as GitHub lists them"),
        ("--jira=CORE", {"id": 1, "number": 7, "title": "Of GitHub"}, "not an issue as Jira's API gives it"),
        ("--jira=CORE", {"id": "1", "key": "CORE-1", "fields": None}, "not an issue as Jira's API gives it: CORE-1"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--open-only"]])
def test_a_file_of_the_other_tracker_is_told(tmp_path, option, issue, why, more):
    (tmp_path / "issues.jsonl").write_text(json.dumps(issue), encoding="utf-8")
    result = CliRunner().invoke(sandbox, ["--port", "0", f"{option}={tmp_path / 'issues.jsonl'}", *more])
    assert result.exit_code == 1
    assert why in result.output


def test_a_port_that_is_taken_is_told(serve):
    port = serve().rsplit(":", 1)[1]
    result = CliRunner().invoke(sandbox, ["--port", port])
    assert result.exit_code == 1
    assert "the sandbox cannot start" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--github", "acme/web"], "is not OWNER/REPO=FILE"),
        (["--jira", "=x"], "is not KEY=FILE"),
        (["--github", "acme=no-such-file"], "the sandbox cannot start"),
        (["--github", "acme/web=no-such-file"], "No such file"),
    ],
)
def test_what_cannot_be_served_is_told(arguments, message):
    result = CliRunner().invoke(sandbox, ["--port", "0", *arguments])
    assert result.exit_code != 0
    assert message in result.output


def test_it_says_where_it_listens_and_ends_when_interrupted(monkeypatch):
    def interrupted(server):
        server.close()

    monkeypatch.setattr(Server, "run", interrupted)
    result = CliRunner().invoke(sandbox, ["--port", "0", "--latency-ms", "1", "--deployment", "data_center"])
    assert result.exit_code == 0
    assert re.search(r"GitHub http://localhost:\d+/github  Jira http://localhost:\d+/jira", result.output)


def test_an_interrupt_ends_it_without_a_word():
    code = """if True:
        import signal
        from trackersync_sandbox.command import sandbox
        signal.signal(signal.SIGINT, signal.default_int_handler)  # which a parent in the background may have taken away
        sandbox()"""
    with subprocess.Popen([sys.executable, "-c", code, "--port", "0"], stdout=-1, stderr=-1, text=True) as process:
        url = re.search(r"http://localhost:\d+", process.stdout.readline())[0]
        assert listed(url)
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=30)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_importing_the_command_costs_no_more_than_click():
    heavy = "werkzeug", "graphql", "msgspec", "waitress", "trackersync"
    code = f"import sys, trackersync_sandbox.command; print(*{{*{heavy}}} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
