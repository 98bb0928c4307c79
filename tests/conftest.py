"""What every test may use: issues made of what matters to the test, and programs in processes of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from trackersync.model import Issue, IssueRef, StateCategory

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def make_issue(number: int = 1, **values: Any) -> Issue:
    tracker = values.pop("tracker", "core")
    ref = values.pop("ref", IssueRef(tracker, "memory", f"id{number}", f"CORE-{number}"))
    defaults: dict[str, Any] = {
        "title": f"Issue {number}",
        "url": f"https://tracker.example/browse/{ref.key}",
        "state": "open",
        "state_category": StateCategory.TODO,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Issue(ref=ref, **{**defaults, **values})


@pytest.fixture
def issue() -> Callable[..., Issue]:
    return make_issue


@pytest.fixture
def now() -> datetime:
    return NOW


@dataclass(frozen=True)
class Measured:
    """What a process of its own did, and what it took."""

    code: int
    out: str
    err: str
    seconds: float
    cpu: float
    """Seconds of CPU, user and system."""
    megabytes: float
    """The most memory it ever had resident."""


# A process's peak begins with that of the one that starts it, so a small one stands between the tests and what is
# measured.
_MEASURING = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
seconds = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
megabytes = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
print(json.dumps([done.returncode, done.stdout, done.stderr, seconds, used.ru_utime + used.ru_stime, megabytes]))
"""


@pytest.fixture(scope="session")
def measured() -> Callable[..., Measured]:
    """`measured("-m", "trackersync", "pull", cwd=folder)`: this Python with these arguments, on its own."""

    def run(*arguments: str, cwd: Path, env: Mapping[str, str] = os.environ) -> Measured:
        command = [sys.executable, "-c", _MEASURING, sys.executable, *arguments]
        done = subprocess.run(command, cwd=cwd, env=dict(env), capture_output=True, text=True, check=True)
        return Measured(*json.loads(done.stdout))

    return run


@pytest.fixture(scope="module")
def sandbox_apart() -> Iterator[Callable[..., str]]:
    """`sandbox_apart("--limit", "5")`: the address of a sandbox that shares neither interpreter nor memory with us."""
    running: list[subprocess.Popen[str]] = []

    def start(*options: str) -> str:
        command = [sys.executable, "-m", "trackersync", "sandbox", "--port", "0", *options]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        said = running[-1].stdout.readline()
        found = re.search(r"http://localhost:\d+", said)
        assert found, f"the sandbox did not start: {said}"
        return found.group()

    yield start
    for process in running:
        process.terminate()
        process.communicate()
