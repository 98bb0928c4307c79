"""What is measured stands next to something else that was measured in the same run; the table comes last."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

ROWS = pytest.StashKey[list[tuple[str, ...]]]()
HEADS = ("what", "ours", "promised", "next to", "theirs", "ratio")
SHARED = Path(__file__).parents[3] / "shared" / "data"
TEXT = "Steps to reproduce: open the page, press the button, wait — nothing happens.\n" * 30
BORN = datetime(2024, 1, 1, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = []


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    rows = [HEADS, *config.stash[ROWS]]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    terminalreporter.section("measured in this run")
    for row in rows:
        cells = (
            cell.ljust(width) if name in {"what", "next to"} else cell.rjust(width)
            for name, cell, width in zip(HEADS, row, widths, strict=True)
        )
        terminalreporter.write_line("  ".join(cells).rstrip())


@pytest.fixture
def compare(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`compare("read", 1.2, "s", {"by hand": 0.8})` adds a line to the table for everything compared with.

    What is more than was `promised` fails, once it is in the table.
    """

    def add(what: str, ours: float, unit: str, others: dict[str, float], *, promised: float | None = None) -> None:
        limit = "" if promised is None else _shown(promised, unit)
        for name, theirs in others.items():
            row = (what, _shown(ours, unit), limit, name, _shown(theirs, unit), f"{ours / theirs:.2f}")
            request.config.stash[ROWS].append(row)
        assert promised is None or ours <= promised, f"{what}: {_shown(ours, unit)}, and {limit} were promised"

    return add


def _shown(number: float, unit: str) -> str:
    return f"{number:,.2f} {unit}" if unit == "s" else f"{number:,.0f} {unit}".strip()


@dataclass(frozen=True)
class Sandbox:
    """A sandbox in a process of its own, which counts what it is asked."""

    url: str

    def post(self, path: str, body: Any) -> None:
        """Ask the sandbox for something: an edit, as a person would."""
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/_sandbox/{path}", data, headers)).close()

    def requests(self, done: Callable[[], Any]) -> tuple[Any, int]:
        """What `done` returns, and how many requests it sent."""
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/_sandbox/requests/reset", b"{}")).close()
        result = done()
        with urllib.request.urlopen(f"{self.url}/_sandbox/requests") as answer:
            return result, json.load(answer)["total"]

    @property
    def counted(self) -> dict[str, int]:
        """How many requests were sent since, by route."""
        with urllib.request.urlopen(f"{self.url}/_sandbox/requests") as answer:
            return dict(json.load(answer)["by_route"])


@pytest.fixture(scope="module")
def sandbox(sandbox_apart: Callable[..., str]) -> Callable[..., Sandbox]:
    return lambda *options: Sandbox(sandbox_apart(*options))


@pytest.fixture
def replayed() -> Iterator[Callable[[Sandbox, int], Sandbox]]:
    """`replayed(sandbox, 100)`: the same answers, from memory and 100 ms away, so that the client is measured."""
    running: list[subprocess.Popen[str]] = []

    def start(sandbox: Sandbox, latency_ms: int) -> Sandbox:
        command = [sys.executable, str(Path(__file__).parent / "replay.py"), sandbox.url, str(latency_ms)]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        assert running[-1].stdout is not None
        return Sandbox(running[-1].stdout.readline().strip())

    yield start
    for process in running:
        process.terminate()
        process.communicate()


@pytest.fixture(scope="session")
def program(measured: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """`program("-m", "trackersync", "pull", cwd=folder)`: measured, with compiled modules as an installed program."""
    mine = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    mine |= {"PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("compiled")), "GITHUB_TOKEN": "x", "JIRA_TOKEN": "x"}

    def run(*arguments: str, cwd: Path) -> Any:
        done = measured(*arguments, cwd=cwd, env=mine)
        assert done.code == 0, done
        return done

    return run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int], Path]:
    """`made("jira", 5000)`: a file of that many issues of 2 KB, in the form of that tracker's API."""
    shapes = {"github": _github_issue, "jira": _jira_issue}
    folder = tmp_path_factory.mktemp("made")

    def write(kind: str, count: int) -> Path:
        file = folder / f"{kind}-{count}.jsonl"
        file.write_text("".join(json.dumps(shapes[kind](number)) + "\n" for number in range(1, count + 1)))
        return file

    return write


@pytest.fixture(scope="session")
def real() -> Path:
    """Real issues, where they are at hand."""
    if not SHARED.is_dir():
        pytest.skip("the real issues of ../shared are not here")
    return SHARED


def _github_issue(number: int) -> dict[str, Any]:
    return {
        "number": number,
        "title": f"Issue {number}",
        "body": TEXT,
        "labels": ["bug", f"area/{number % 20}"],
        "user": f"person-{number % 60}",
        "assignees": [f"person-{number % 7}"],
        "comments": number % 11,
        "reactions": {"+1": number % 13, "heart": number % 3},
        "created_at": f"{BORN + timedelta(hours=number):%Y-%m-%dT%H:%M:%SZ}",
    }


def _jira_issue(number: int) -> dict[str, Any]:
    person = {"accountId": f"person-{number % 60}", "displayName": f"Person {number % 60}"}
    moment = f"{BORN + timedelta(hours=number):%Y-%m-%dT%H:%M:%S.000+0000}"
    fields = {
        "summary": f"Issue {number}",
        "description": TEXT,
        "issuetype": {"id": "1", "name": "Bug"},
        "project": {"id": "10000", "key": "MADE", "name": "Made"},
        "status": {"id": "1", "name": "Open", "statusCategory": {"key": "new"}},
        "priority": {"id": "3", "name": "Medium"},
        "labels": ["bug", f"area-{number % 20}"],
        "reporter": person,
        "assignee": person,
        "created": moment,
        "updated": moment,
        "votes": number % 13,
        "watches": number % 17,
    }
    return {"id": str(number), "key": f"MADE-{number}", "fields": fields}
