"""The program through its own entry point, against a sandbox on loopback."""

from __future__ import annotations

import fcntl
import io
import json
import logging
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

from trackersync.cli import main
from trackersync.transport import SystemClock
from trackersync_sandbox import app
from trackersync_sandbox.build import Options, build
from trackersync_sandbox.server import Server

TABLE = pytest.StashKey[list[tuple[str, ...]]]()
"""Rows of faults and what became of them, printed when the tests are done."""
SHARED = Path(__file__).parents[3] / "shared"


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLE] = []


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    rows = config.stash[TABLE]
    if rows:
        terminalreporter.section("fault x outcome")
        widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
        for row in rows:
            terminalreporter.write_line("  ".join(map(str.ljust, row, widths)).rstrip())


@pytest.fixture
def slept(monkeypatch) -> list[float]:
    """What the program slept, in seconds; its clock moved on, and nobody waited."""
    slept: list[float] = []
    monkeypatch.setattr(SystemClock, "sleep", lambda _, seconds: slept.append(seconds))
    monkeypatch.setattr(SystemClock, "monotonic", lambda _: time.monotonic() + sum(slept))
    return slept


@pytest.fixture
def table(request: pytest.FixtureRequest) -> list[tuple[str, ...]]:
    return request.config.stash[TABLE]


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox, asked as its users ask it."""

    url: str

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/_sandbox/{path}") as answer:
            return json.load(answer)

    def post(self, path: str, body: Any = None) -> None:
        data = json.dumps(body or {}).encode()
        request = urllib.request.Request(f"{self.url}/_sandbox/{path}", data, {"Content-Type": "application/json"})
        urllib.request.urlopen(request).close()

    def edit(self, ref: str, **values: Any) -> None:
        self.post("edit", {"ref": ref, "set": values})


@pytest.fixture
def serve() -> Iterator[Callable[..., Sandbox]]:
    servers: list[tuple[Server, threading.Thread]] = []

    def serving(**options: Any) -> Sandbox:
        server = Server(build(Options(**options)))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        servers.append((server, thread))
        return Sandbox(server.url)

    yield serving
    for server, thread in servers:
        server.close()
        thread.join(10)


@pytest.fixture
def serve_apart(sandbox_apart: Callable[..., str]) -> Callable[..., Sandbox]:
    """`serve_apart("--open-only", …)`: a sandbox in a process of its own, for what is large or measured."""
    return lambda *options: Sandbox(sandbox_apart(*options))


@pytest.fixture
def sandbox(serve: Callable[..., Sandbox]) -> Sandbox:
    return serve()


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """`METHOD path body` of every request that reached the sandbox, carried out or not."""
    asked: list[str] = []
    answer = app.Sandbox.__call__

    def recorded(self: app.Sandbox, environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)
        asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {body.decode()}")
        return answer(self, environ, start_response)

    monkeypatch.setattr(app.Sandbox, "__call__", recorded)
    return asked


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """`run("plan", "--exit-code")` in a folder of its own, with tokens that the sandbox takes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_demo_token")
    monkeypatch.setenv("JIRA_TOKEN", "jira_demo_token")
    monkeypatch.delenv("TRACKERSYNC_CONFIG", raising=False)
    logger = logging.getLogger("trackersync")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", logger.propagate)

    def ran(*arguments: str) -> Ran:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["trackersync", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else int(code is not None), out, err)

    return ran


@pytest.fixture
def program(measured: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """`program("sync")`: as `run`, but in a process of its own, which is measured."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "TRACKERSYNC"))}
    tokens = {"GITHUB_TOKEN": "ghp_demo_token", "JIRA_TOKEN": "jira_demo_token"}
    return lambda *arguments: measured("-m", "trackersync", *arguments, cwd=tmp_path, env=mine | tokens)


PATIENCE = 60
"""Seconds of silence after which a program is held to be stuck."""
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """`trackersync` with these arguments in a terminal so many columns wide."""

    def __init__(self, *arguments: str, cwd: Path, env: Mapping[str, str], columns: int = 100) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        command = [sys.executable, "-m", "trackersync", *arguments]
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, cwd=cwd, env={**env, "TERM": "xterm"}, close_fds=True
        )
        os.close(slave)
        self.raw = ""
        self._seen = 0

    @property
    def shown(self) -> str:
        """All that was printed, without colours and movements of the cursor."""
        return _ESCAPES.sub("", self.raw).replace("\r\n", "\n")

    def until(self, text: str) -> Self:
        """Wait until this is printed, after what was waited for before."""
        while text not in self.shown[self._seen :]:
            if not self._read():
                raise AssertionError(f"{text!r} never came:\n{self.shown[self._seen :]}")
        self._seen = self.shown.index(text, self._seen) + len(text)
        return self

    def types(self, text: str) -> Self:
        """Type a line."""
        return self.presses(f"{text}\n")

    def presses(self, keys: str) -> Self:
        """Press these keys and no other."""
        os.write(self._master, keys.encode())
        return self

    def interrupt(self) -> Self:
        """Ctrl-C: the signal that a terminal sends for it, again where nothing came of it.

        It may have come just before the program began to wait for a line.
        """
        answered = False
        while not answered:
            self._process.send_signal(signal.SIGINT)
            answered = bool(select.select([self._master], [], [], 2)[0])
        return self

    def ends(self) -> int:
        """Wait for the end, and tell the exit code."""
        while self._read():
            pass
        return self._process.wait(PATIENCE)

    def close(self) -> None:
        """Leave nothing running."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], PATIENCE)
        if not ready:
            raise AssertionError(f"nothing came for {PATIENCE} s after:\n{self.shown}")
        try:
            data = os.read(self._master, 65536)
        except OSError:  # what Linux says once the other end is closed
            return False
        self.raw += data.decode(errors="replace")
        return bool(data)


@pytest.fixture
def typed(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """`typed("rescore", columns=40)`: as `program`, but in a terminal, to be typed at."""
    terminals: list[Terminal] = []

    def start(*arguments: str, columns: int = 100, **env: str) -> Terminal:
        mine = {
            name: value for name, value in os.environ.items() if not name.startswith(("COV", "TRACKERSYNC", "COLUMNS"))
        }
        tokens = {"GITHUB_TOKEN": "ghp_demo_token", "JIRA_TOKEN": "jira_demo_token"}
        terminals.append(Terminal(*arguments, cwd=tmp_path, env=mine | tokens | env, columns=columns))
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.close()


@pytest.fixture
def team(tmp_path: Path) -> Callable[..., Path]:
    """Write the team's file with the sandbox's address, and whatever else is to be replaced."""

    def written(text: str, base: str, **replaced: str) -> Path:
        for old, new in {"{base}": base, **replaced}.items():
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / "trackersync.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return written


@pytest.fixture
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the real issues of ../shared are not here")
    return SHARED
