"""The reports of the built-in backlog and of thousands of real issues, opened in a real browser."""

from __future__ import annotations

from importlib.resources import files

from selenium.webdriver import Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

DEMO = files("trackersync_sandbox").joinpath("demo.yaml").read_text(encoding="utf-8")
RULES = """\
version: 1
trackers:
  timob: {connector: jira, url: "{base}/jira", email: pm@acme.example, token_env: JIRA_TOKEN, jql: project = TIMOB}
  rust: {connector: github, url: "{base}/github", repository: rust-lang/rust, token_env: GITHUB_TOKEN}
inputs:
  demand: {expression: votes + reactions + watchers / 10, missing: {default: 0}}
  talk: {expression: comments, missing: {default: 0}}
scoring:
  framework: formula
  expression: 1 + demand + talk / 4
  adjustments:
    - {name: bug, when: type = 'bug', multiply: 1.5, because: It is broken.}
    - {name: forgotten, when: idle_days > 365, multiply: 0.5, because: Nobody came back for it.}
bands: {P0: {share: 5%}, P1: {share: 20%}, P2: {share: 50%}, P3: {}}
"""
VIEWS = ("list", "charts", "roadmap", "questions", "people", "decisions", "delivered", "health")


def look_through(browser, driver, name):
    """Every view is drawn without a complaint, a request or a serious fault."""
    for view in VIEWS:
        driver.find_element(By.CSS_SELECTOR, f'nav a[href="#{view}"]').click()
        WebDriverWait(driver, 10).until(lambda _, view=view: driver.find_element(By.ID, f"view-{view}").is_displayed())
        assert browser.faults() == [], view
        browser.shoot(f"{name}-{view}")
    assert browser.complaints() == []
    assert {address.partition(":")[0] for address in browser.requested()} <= {"file", "data"}


def test_the_built_in_backlog(browser, sandbox, team, run, tmp_path, monkeypatch):
    monkeypatch.setenv("TRACKERSYNC_BY", "ann")
    team(DEMO, sandbox.url)
    assert run("sync").code == 0
    sandbox.edit("jira:CORE-7", labels=["priority-P0"])
    assert run("sync").code in {0, 5}
    assert run("report", "--since", "2w").code == 0
    driver = browser.open(tmp_path / "report.html")
    look_through(browser, driver, "demo")
    assert "CORE-7" in driver.find_element(By.ID, "view-people").get_attribute("textContent")
    driver.find_element(By.CSS_SELECTOR, 'nav a[href="#decisions"]').click()
    driver.find_elements(By.CSS_SELECTOR, "#view-decisions summary")[-1].click()
    opened = (By.CSS_SELECTOR, "#view-decisions details[open] tbody tr")
    written = WebDriverWait(driver, 5).until(lambda _: driver.find_elements(*opened))
    assert len(written) == 50
    assert all("score" in row.text and "rank" in row.text for row in written[:10])
    assert all("new in the list" in row.text for row in written[:10])
    assert len(driver.find_elements(By.CSS_SELECTOR, "#view-decisions details[open] .changes li")) == 225
    assert "by ann" in driver.find_element(By.CSS_SELECTOR, "#view-decisions details[open] summary").text
    assert browser.faults() == []
    browser.shoot("demo-decisions-open")


def test_thousands_of_real_issues(browser, shared, serve_apart, team, program, tmp_path):
    data = shared / "data"
    jira, github = f"TIMOB={data / 'jira-timob.jsonl.gz'}", f"rust-lang/rust={data / 'github-rust.jsonl.gz'}"
    sandbox = serve_apart("--jira", jira, "--open-only", "--github", github)
    (tmp_path / "trackersync.yaml").write_text(RULES.replace("{base}", sandbox.url), encoding="utf-8")
    assert program("pull").code == 0
    assert program("report").code == 0
    driver = browser.open(tmp_path / "report.html")
    look_through(browser, driver, "real")
    driver.find_element(By.CSS_SELECTOR, 'nav a[href="#list"]').click()
    whole = int(driver.find_element(By.CSS_SELECTOR, ".result").text.split()[0].replace(",", ""))
    assert whole > 2000
    driver.find_element(By.ID, "search").send_keys("crash")
    assert driver.find_element(By.CSS_SELECTOR, ".result").text.endswith(f"of {whole:,} issues")
    driver.find_element(By.CSS_SELECTOR, ".why").send_keys(Keys.ENTER)
    WebDriverWait(driver, 5).until(lambda _: driver.find_element(By.TAG_NAME, "dialog").is_displayed())
    assert f"of {whole:,}" in driver.find_element(By.CSS_SELECTOR, "dialog .facts").text
    browser.shoot("real-issue")
