"""What every test may use: issues made of what matters to the test, and programs in processes of their own."""

from __future__ import annotations

import json
import os
import re
import shutil
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


CHROMIUM = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)
SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
AXE = Path(__file__).parents[1] / "page" / "node_modules" / "axe-core" / "axe.min.js"


class Browser:
    """A Chromium with what a test asks of a page: what it requested, what it complained of, what axe finds."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, file: Path, *, width: int = 1360, height: int = 900, dark: bool = False) -> Any:
        """Open a file afresh, as on a screen of this size."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        asked = {"prefers-color-scheme": "dark" if dark else "light", "prefers-reduced-motion": "reduce"}
        features = [{"name": name, "value": value} for name, value in asked.items()]
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
        self.driver.get("about:blank")
        self.complaints(), self.requested()
        self.driver.get(file.as_uri())
        return self.driver

    def complaints(self) -> list[str]:
        """What the console has said since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requested(self) -> list[str]:
        """Every address that was asked for since, the file's own among them."""
        messages = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [each["params"]["request"]["url"] for each in messages if each["method"] == "Network.requestWillBeSent"]

    def faults(self) -> list[str]:
        """What axe-core finds serious or worse."""
        self.driver.execute_script(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script("axe.run().then(arguments[0])")["violations"]
        return [
            f"{each['id']}: {node['target']} {node['failureSummary']}"
            for each in found
            if each["impact"] in {"serious", "critical"}
            for node in each["nodes"]
        ]

    def shoot(self, name: str) -> None:
        """Keep what is on the screen, for people to look at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.driver.save_screenshot(str(SCREENSHOTS / f"{name}.png"))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not chromedriver:
        pytest.skip("Debian's packages chromium and chromium-driver are not here")
    if not AXE.is_file():
        pytest.skip("axe-core is not here: `make page` installs it")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for option in (*CHROMIUM.split(), f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(option)
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    yield Browser(driver)
    driver.quit()
