"""Each fault gives one clear message with its place and exit code, and leaves store and trackers as they were."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import files
from pathlib import Path

import pytest

DEMO = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")


@pytest.fixture
def applied(sandbox, team, run):
    """A team whose trackers are up to date."""
    team(DEMO, sandbox.url)
    assert run("sync").code == 0
    return sandbox


@pytest.fixture
def answering() -> Iterator[Callable[[int, bytes, str], str]]:
    """A server that gives every request the same answer."""
    servers: list[HTTPServer] = []

    def start(status: int, body: bytes, content_type: str, *, cut: int = 0) -> str:
        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body) + cut))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = answer  # noqa: N815 - the library's names

            def log_message(self, *args: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://localhost:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def stays(applied, run) -> Callable[[], None]:
    """Afterwards state and store are what they were."""
    state, listed = applied.get("state"), run("score", "--format", "json").out

    def unchanged() -> None:
        assert applied.get("state") == state
        assert run("score", "--format", "json").out == listed

    return unchanged


def test_a_missing_or_unreadable_file(run, tmp_path: Path) -> None:
    missing = run("check")
    assert missing.code == 1
    assert "trackersync.yaml" in missing.err
    (tmp_path / "trackersync.yaml").write_bytes(b"\xff\xfe\x00")
    assert run("check").code == 1
    (tmp_path / "trackersync.yaml").unlink()
    (tmp_path / "trackersync.yaml").mkdir()
    assert run("check").code == 1


def test_all_problems_at_once_with_their_lines(team, run) -> None:
    broken = {
        "framework: rice": "framework: rise",
        "round: 0": "round: much",
        "  P2: {share: 50%}": "  P1: {share: 50%}",
    }
    file = team(DEMO, "http://localhost:1", **broken)
    lines = file.read_text(encoding="utf-8").split("\n")
    ran = run("check")
    assert ran.code == 1
    for text in broken.values():
        line = next(number for number, content in enumerate(lines, 1) if text.strip() in content)
        if text.startswith("  P1"):
            line = max(number for number, content in enumerate(lines, 1) if content.startswith("  P1"))
        assert f"trackersync.yaml:{line}: " in ran.err, (text, ran.err)
    assert "rice" in ran.err


def test_a_token_variable_that_is_unset(applied, run, monkeypatch) -> None:
    unchanged = stays(applied, run)
    monkeypatch.delenv("JIRA_TOKEN")
    monkeypatch.setenv("GITHUB_TOKEN", "")
    ran = run("pull")
    assert ran.code == 1
    assert ran.err.count("trackersync.yaml:") == 2
    assert "GITHUB_TOKEN" in ran.err
    assert "JIRA_TOKEN" in ran.err
    unchanged()


def test_a_wrong_token(applied, run, monkeypatch) -> None:
    unchanged = stays(applied, run)
    monkeypatch.setenv("GITHUB_TOKEN", "bad")
    ran = run("pull")
    assert ran.code == 1
    assert "core: " in ran.out
    assert "web: not read" in ran.err
    assert "its last snapshot" in ran.err
    unchanged()
    assert run("sync").code == 3


def test_an_unreachable_host(applied, team, run) -> None:
    unchanged = stays(applied, run)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = f"http://localhost:{taken.getsockname()[1]}"
    url = f"{applied.url}/github"
    text = DEMO.replace("{base}/jira", f"{applied.url}/jira")
    team(text, closed)
    ran = run("pull")
    assert ran.code == 1
    assert "web: not read" in ran.err
    assert "localhost" in ran.err
    team(text.replace("{base}/github", url) + "# {base}", "")
    unchanged()


@pytest.mark.parametrize(
    ("status", "body", "kind", "cut", "words"),
    [
        (
            403,
            b'{"message": "Resource not accessible by integration"}',
            "application/json",
            0,
            "Resource not accessible",
        ),
        (404, b'{"message": "Not Found"}', "application/json", 0, "Not Found"),
        (200, b"<html><h1>Please sign in</h1></html>", "text/html", 0, "text/html"),
        (200, b'[{"id": 1, "node_', "application/json", 0, "JSON"),
    ],
)
def test_an_answer_that_is_no_list_of_issues(applied, team, run, answering, status, body, kind, cut, words) -> None:
    unchanged = stays(applied, run)
    wrong = answering(status, body, kind, cut=cut)
    team(DEMO.replace("{base}/jira", f"{applied.url}/jira"), wrong)
    ran = run("pull")
    assert ran.code == 1
    assert "web: not read" in ran.err
    assert words in ran.err
    assert "Traceback" not in ran.err
    team(DEMO, applied.url)
    unchanged()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("repository: acme/web", "repository: acme/nowhere", "acme/nowhere"),
        ("project: {owner: acme, number: 7}", "project: {owner: acme, number: 99}", "99"),
        ("{project_field: Reach}", "{project_field: Reech}", "Reech"),
        ("{field: Story Points}", "{field: Story Ponts}", "Story Ponts"),
        ("project = CORE AND", "projct = CORE AND", "projct"),
        ("board: 12", "board: 4711", "4711"),
    ],
)
def test_a_place_that_does_not_exist(applied, team, run, old, new, words) -> None:
    unchanged = stays(applied, run)
    team(DEMO, applied.url, **{old: new})
    ran = run("pull")
    assert ran.code == 1
    assert words in ran.err
    assert "localhost" in ran.err
    team(DEMO, applied.url)
    unchanged()


def test_a_plan_edited_by_hand_or_for_another_tracker(applied, team, run, tmp_path: Path) -> None:
    applied.edit("github:acme/web#1", labels=["bug", "impact/massive"])
    run("plan", "--out", "plan.json", "--allow", "max_changed_share")
    unchanged = stays(applied, run)
    good = (tmp_path / "plan.json").read_text(encoding="utf-8")
    (tmp_path / "edited.json").write_text(good.replace("priority", "prioritY"), encoding="utf-8")
    edited = run("apply", "edited.json")
    assert edited.code == 1
    assert "edited.json: the digest does not match" in edited.err
    team(DEMO, applied.url, **{"repository: acme/web": "repository: acme/other"})
    foreign = run("apply", "plan.json")
    assert foreign.code == 1
    assert "the plan is for another tracker" in foreign.err
    team(DEMO, applied.url)
    assert run("apply", "absent.json").code == 1
    unchanged()


def test_a_guard_refuses_with_the_numbers_and_the_way_out(applied, team, run) -> None:
    unchanged = stays(applied, run)
    team(
        DEMO,
        applied.url,
        **{
            "normalize: percentile": "normalize: none",
            "P0: {share: 5%}": "P0: {share: 25%}",
            "P1: {share: 20%}": "P1: {share: 25%}",
        },
    )
    refused = run("sync")
    assert refused.code == 5
    assert "max_changed_share" in refused.err
    assert "--allow max_changed_share" in refused.err
    planned = run("plan", "--out", "refused.json")
    assert planned.code == 5
    assert run("apply", "refused.json").code == 5
    team(DEMO, applied.url)
    unchanged()
    team(
        DEMO,
        applied.url,
        **{
            "normalize: percentile": "normalize: none",
            "P0: {share: 5%}": "P0: {share: 25%}",
            "P1: {share: 20%}": "P1: {share: 25%}",
        },
    )
    assert run("sync", "--allow", "max_changed_share").code == 0


def test_a_refusal_tells_also_which_tracker_could_not_be_read(applied, team, run, answering) -> None:
    unchanged = stays(applied, run)
    log_in = answering(200, b"<html>Please sign in</html>", "text/html")
    team(DEMO.replace("{base}/github", f"{applied.url}/github"), log_in)
    ran = run("sync")
    assert ran.code == 5
    assert "core: not read" in ran.err
    assert "max_changed_share" in ran.err
    team(DEMO, applied.url)
    unchanged()


def test_where_no_tracker_can_be_read_there_is_no_plan(applied, run, monkeypatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "bad")
    monkeypatch.setenv("JIRA_TOKEN", "bad")
    ran = run("plan")
    assert ran.code == 1
    assert "no tracker could be read" in ran.out


def test_an_unknown_ref(applied, run) -> None:
    ran = run("explain", "jira:CORE-99999")
    assert ran.code == 1
    assert "no issue jira:CORE-99999" in ran.err


def test_titles_reach_the_terminal_and_tables_escaped(sandbox, team, run) -> None:
    team(DEMO, sandbox.url)
    sandbox.edit("github:acme/web#1", title="\x1b]0;owned\x07 =HYPERLINK(1) | [b]bold[/b] \u202e")
    assert run("pull").code == 0
    for form in ("table", "csv", "md"):
        out = run("score", "--format", form, "--top", "100").out
        assert "owned" in out
        assert not {"\x1b", "\x07", "\u202e"} & set(out)
    assert "\x1b" not in run("explain", "github:acme/web#1").out


def test_messages_can_be_json_lines(run) -> None:
    ran = run("--log-format", "json", "check")
    (line,) = ran.err.splitlines()
    assert json.loads(line)["level"] == "error"


def test_no_secret_reaches_any_output(applied, run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "s3cr3t-one")
    monkeypatch.setenv("JIRA_TOKEN", "s3cr3t-two")
    applied.edit("github:acme/web#1", title="changed")
    outputs = [run("-v", "pull"), run("-v", "plan", "--out", "plan.json"), run("-v", "sync"), run("-v", "connectors")]
    texts = [ran.out + ran.err for ran in outputs] + [(tmp_path / "plan.json").read_text(encoding="utf-8")]
    assert not [text for text in texts if "s3cr3t" in text]


def test_a_store_that_cannot_be_opened(sandbox, team, run) -> None:
    team("store: sqlite:////nonexistent/folder/x.db\n" + DEMO, sandbox.url)
    ran = run("pull")
    assert ran.code == 1
    assert "error: " in ran.err
    assert "Traceback" not in ran.err
