"""The pictures of the docs, drawn from the built-in backlog: `make screenshots` puts them where the pages show them."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from trackersync.transport import SystemClock

DEMO = files("trackersync_sandbox").joinpath("demo.yaml").read_text(encoding="utf-8")
IMAGES = Path(__file__).parents[2] / "docs" / "images"
WEEK = timedelta(weeks=1)
WEEKS = (
    {},
    {"jira:CORE-25": {"fields": {"Reach": 900}}, "github:acme/web#2": {"project_fields": {"Confidence": 0.5}}},
    {"jira:CORE-9": {"fields": {"Impact": "Massive"}}, "jira:CORE-4": {"fields": {"Story Points": 2}}},
    {"github:acme/web#4": {"project_fields": {"Effort": 1}}, "jira:CORE-6": {"fields": {"Reach": 700}}},
    {"jira:CORE-7": {"fields": {"Story Points": 13}}, "github:acme/web#9": {"project_fields": {"Reach": 4000}}},
    {"jira:CORE-6": {"fields": {"Story Points": 1}}, "github:acme/web#13": {"project_fields": {"Confidence": 1}}},
)
"""What people came to know in each of the last weeks."""


@pytest.fixture
def report(serve, team, run, monkeypatch, tmp_path) -> Path:
    """The report of a team that has applied its rules every week."""
    began = -WEEK * len(WEEKS)
    sandbox = serve(clock_skew=began.total_seconds())
    team(DEMO, sandbox.url)
    for weeks, learnt in enumerate(WEEKS):
        for ref, values in learnt.items():
            sandbox.edit(ref, **values)
        with monkeypatch.context() as then:
            ago = began + WEEK * weeks
            then.setattr(SystemClock, "now", lambda _, ago=ago: datetime.now(UTC) + ago)
            then.setenv("TRACKERSYNC_BY", "ann" if weeks % 3 else "nightly")
            done = run("sync", "--allow", "max_changed_share")
        assert done.code == 0, done
        sandbox.post("clock", {"advance_ms": WEEK // timedelta(milliseconds=1)})
    sandbox.edit("jira:CORE-14", fields={"Reach": 1200})
    assert run("pull").code == 0
    assert run("report", "--since", "3w").code == 0
    return tmp_path / "report.html"


class Album:
    """Where the pictures go, as WebP, a quarter of the size of PNG."""

    def __init__(self, folder: Path, browser) -> None:
        self.folder = folder
        self.browser = browser

    def show(self, report: Path, view: str, **screen):
        driver = self.browser.open(report, **screen)
        driver.execute_script("location.hash = arguments[0]", view)
        WebDriverWait(driver, 5).until(lambda _: driver.find_element(By.ID, f"view-{view}").is_displayed())
        return driver

    def keep(self, name: str) -> None:
        shot = {"format": "webp", "quality": 80}
        data = self.browser.driver.execute_cdp_cmd("Page.captureScreenshot", shot)["data"]
        (self.folder / f"{name}.webp").write_bytes(base64.b64decode(data))


def test_the_pictures_of_the_docs_can_be_drawn(browser, report, tmp_path):
    folder = IMAGES if "TRACKERSYNC_SCREENSHOTS" in os.environ else tmp_path
    album = Album(folder, browser)
    for view in ("list", "charts", "roadmap"):
        album.show(report, view, width=1280, height=800)
        album.keep(f"report-{view}")
    driver = album.show(report, "list", width=1280, height=800)
    driver.find_element(By.ID, "search").send_keys("CORE-6")
    driver.find_element(By.CSS_SELECTOR, ".why").click()
    WebDriverWait(driver, 5).until(lambda _: driver.find_elements(By.CSS_SELECTOR, "dialog .history canvas"))
    album.keep("report-issue")
    driver.execute_script("document.querySelector('.history').closest('section').scrollIntoView()")
    album.keep("report-history")
    album.show(report, "list", width=390, height=800, dark=True)
    album.keep("report-phone")
    drawn = {file.name for file in folder.glob("*.webp")}
    assert drawn == {file.name for file in IMAGES.iterdir()}, "run `make screenshots`"
    assert browser.complaints() == []
