"""The whole job through a proxy that breaks what it is told to: the run ends right, and nothing is written twice."""

from __future__ import annotations

import http.client
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import pytest

from trackersync.transport import SystemClock

DEMO = (files("trackersync_sandbox") / "demo.yaml").read_text(encoding="utf-8")


@dataclass
class Fault:
    """What happens to the first `times` requests whose `METHOD path body` matches: told before or after it is done."""

    match: str
    answer: tuple[int, dict[str, str], bytes] | None = None
    """Given in place of the tracker's own; None: the connection is reset."""
    times: int = 1
    done: bool = False
    """Whether the tracker carries the request out first."""
    cut: bool = False
    """Half of the tracker's own answer."""


@dataclass
class Proxy:
    """Stands before a sandbox; `carried_out` are the requests that reached it."""

    upstream: str
    faults: list[Fault] = field(default_factory=list)
    carried_out: list[str] = field(default_factory=list)
    url: str = ""

    def fault_for(self, asked: str) -> Fault | None:
        for fault in self.faults:
            if fault.times and re.search(fault.match, asked, re.DOTALL):
                fault.times -= 1
                return fault
        return None

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes):
        self.carried_out.append(f"{method} {path} {body.decode()}")
        upstream = http.client.HTTPConnection(urlsplit(self.upstream).netloc)
        try:
            # The host goes along, so that every link leads back through here.
            upstream.request(method, path, body or None, headers)
            answer = upstream.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            upstream.close()

    @property
    def writes(self) -> list[str]:
        return [asked for asked in self.carried_out if re.match(r"PUT |POST \S+graphql .*mutation", asked)]


def handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fault = proxy.fault_for(f"{self.command} {self.path} {body.decode()}")
            answer = None if fault is None else fault.answer
            if fault is None or fault.done or fault.cut:
                own = proxy.forward(self.command, self.path, dict(self.headers), body)
                answer = own if fault is None or fault.cut else answer
            if answer is None:
                # An end of the connection without a goodbye.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
                return
            status, headers, content = answer
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            if fault:
                # Said aloud, else the client may send its next write into a connection that is about to end.
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if fault and fault.cut else content)

        do_GET = do_POST = do_PUT = serve  # noqa: N815 - the server's names

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def proxy(sandbox) -> Iterator[Proxy]:
    proxy = Proxy(sandbox.url)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(proxy))
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a reset is no news here
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    proxy.url = f"http://localhost:{server.server_port}"
    yield proxy
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def slept(monkeypatch) -> list[float]:
    """What the program slept, in seconds; its clock moved on, and nobody waited."""
    slept: list[float] = []
    monkeypatch.setattr(SystemClock, "sleep", lambda _, seconds: slept.append(seconds))
    monkeypatch.setattr(SystemClock, "monotonic", lambda _: time.monotonic() + sum(slept))
    return slept


_undisturbed: dict[str, Any] = {}


@pytest.fixture
def wanted(serve, team, run, tmp_path) -> dict[str, Any]:
    """The state of the trackers after a run that nothing disturbed, made once."""
    if not _undisturbed:
        calm = serve()
        team(DEMO, calm.url)
        assert run("sync").code == 0
        for file in tmp_path.iterdir():
            file.unlink()
        _undisturbed.update(calm.get("state"))
    return _undisturbed


LIST = r"^GET /github/repos/acme/web/issues"
SEARCH = r"^POST /jira/rest/api/3/search/jql"
ITEMS = r"^POST /github/graphql .*POSITION"
MUTATION = r"^POST /github/graphql .*mutation"
LABELS = MUTATION + r".*addLabels"
MOVE = MUTATION + r".*updateProjectV2ItemPosition"
EDIT = r"^PUT /jira/rest/api/3/issue/\d+"
RANK = r"^PUT /jira/rest/agile"


def told(status: int, body: bytes = b"{}", **headers: str) -> tuple[int, dict[str, str], bytes]:
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, body


NOON = "Sun, 22 Nov 2026 12:00:00 GMT"
PRIMARY = b'{"message": "API rate limit exceeded for user ID 1."}'
SECONDARY = b'{"message": "You have exceeded a secondary rate limit."}'
IN_A_200 = b'{"data": null, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}'
REFUSALS = [
    (LIST, told(429, Retry_After="7"), 7),
    (SEARCH, told(429, Retry_After="1.5"), 1.5),
    (EDIT, told(429, Retry_After="Sun, 22 Nov 2026 12:00:30 GMT", Date=NOON), 31),
    (RANK, told(429, X_RateLimit_Reset="2026-11-22T12:01Z", Date=NOON), 61),
    (EDIT, told(429), 10),
    (ITEMS, told(403, SECONDARY), 60),
    (LABELS, told(403, SECONDARY, Retry_After="65"), 65),
    (MOVE, told(200, IN_A_200), 10),
    (LABELS, told(403, PRIMARY, X_RateLimit_Remaining="0", X_RateLimit_Reset="20"), 20),
]


def test_every_way_to_be_told_to_wait_is_heeded_and_the_run_is_whole(proxy, team, run, slept, wanted, sandbox) -> None:
    proxy.faults = [Fault(match, answer) for match, answer, _ in REFUSALS]
    team(DEMO, proxy.url)
    ended = run("sync")
    assert ended.code == 0, ended
    assert [fault for fault in proxy.faults if fault.times] == []
    for *_, seconds in REFUSALS:
        assert any(seconds - 0.5 < each <= seconds for each in slept), (seconds, slept)
    assert sandbox.get("state") == wanted
    assert_settled(proxy, run)


def test_reads_that_break_are_asked_for_again(proxy, team, run, slept, wanted, sandbox) -> None:
    proxy.faults = [
        Fault(LIST, told(502, b"<html>Bad gateway</html>")),
        Fault(LIST),
        Fault(LIST, cut=True),
        Fault(SEARCH, told(503, Retry_After="9")),
        Fault(SEARCH, cut=True),
        Fault(ITEMS, told(504)),
    ]
    team(DEMO, proxy.url)
    ended = run("sync")
    assert ended.code == 0, ended
    assert [fault for fault in proxy.faults if fault.times] == []
    assert sum(slept) > 9
    assert sandbox.get("state") == wanted
    assert_settled(proxy, run)


BROKEN_WRITES = {
    "answers lost": ([Fault(LABELS, done=True), Fault(EDIT, done=True)], 0),
    "done and a bad gateway": ([Fault(LABELS, told(502), done=True), Fault(EDIT, told(502), done=True)], 0),
    "answers cut off": ([Fault(LABELS, cut=True), Fault(LABELS, cut=True)], 0),
    "every edit lost": ([Fault(EDIT, done=True, times=999)], 0),
    "never done": ([Fault(LABELS, told(502)), Fault(EDIT)], 3),
    "moves lost": ([Fault(RANK, done=True), Fault(MOVE, done=True)], 3),
    "given up": ([Fault(MUTATION, told(502), done=True, times=4)], 3),
}


@pytest.mark.usefixtures("slept")
@pytest.mark.parametrize("how", BROKEN_WRITES)
def test_writes_that_break_are_read_again_and_never_replayed(how, proxy, team, run, wanted, sandbox) -> None:
    faults, code = BROKEN_WRITES[how]
    proxy.faults = [replace(fault) for fault in faults]
    team(DEMO, proxy.url)
    ended = run("sync")
    assert ended.code == code, ended
    assert len(set(proxy.writes)) == len(proxy.writes)
    proxy.faults.clear()
    if code:
        mended = run("sync")
        assert mended.code == 0, mended
    assert sandbox.get("state") == wanted
    assert_settled(proxy, run)


@pytest.mark.usefixtures("slept")
def test_a_write_whose_fate_was_never_learnt_is_not_taken_for_a_humans(proxy, team, run, sandbox) -> None:
    team(DEMO, proxy.url)
    assert run("sync").code == 0
    for number in range(1, 20):
        sandbox.edit(f"jira:CORE-{number}", Reach=7000 - 300 * number)
    # Three answers lost in a row end the writing before anything is read again.
    proxy.faults = [Fault(MUTATION, done=True, times=3), Fault(EDIT, done=True)]
    cut_off = run("sync", "--allow", "max_changed_share")
    assert cut_off.code == 3, cut_off
    assert "unknown" in cut_off.out + cut_off.err
    mended = run("sync", "--allow", "max_changed_share")
    assert mended.code == 0, mended
    assert_settled(proxy, run)


def assert_settled(proxy: Proxy, run: Callable[..., Any]) -> None:
    """One more run writes nothing, and what we wrote is known for ours."""
    proxy.carried_out.clear()
    again = run("sync")
    assert again.code == 0, again
    assert proxy.writes == []
    assert "left alone" not in run("plan", "--offline").out
