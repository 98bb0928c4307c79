"""What was decided and how good the data is, in a real Chromium: numbers that add up, and texts of any length."""

from __future__ import annotations

from datetime import timedelta

import pytest
from selenium.webdriver.common.by import By
from tests.browser.pages import all_told, show, told, waiting

from trackersync.change import Change, FoundOverride, Outcome, Status, WriteTarget
from trackersync.model import Standing, StateCategory

LABELS = WriteTarget("labels", "priority/")
WITHOUT_EPICS = """\
version: 1
trackers:
  core: {connector: jira, url: "https://jira.example", jql: project = CORE, token_env: JIRA_TOKEN}
  web: {connector: github, repository: acme/web, token_env: GITHUB_TOKEN}
inputs: {reach: {from: {jira: {field: Reach}, github: {issue_field: Reach}}}}
scoring:
  framework: formula
  expression: reach
  adjustments: [{name: epics, when: type = 'epic', exclude: true, because: They are not worked on.}]
"""
WIDTHS = "return [...document.querySelectorAll(arguments[0])].map((each) => each.getBoundingClientRect().width)"


def opened(driver, place=0):
    """What a run shows once it is looked at."""
    show(driver, "decisions")
    run = driver.find_elements(By.CSS_SELECTOR, "#view-decisions details")[place]
    run.find_element(By.TAG_NAME, "summary").click()
    waiting(driver, lambda: run.find_elements(By.CSS_SELECTOR, ".note:not(summary *)"))
    return run


def written(now, issue, *scores):
    """A run a day, in which the issue comes to each of these scores and is written."""

    def apply(store):
        for day, score in enumerate(scores):
            run = store.begin_run(at=now + timedelta(days=day), plan_digest="d", allowed=(), by="ann")
            standings = [Standing(issue.ref, score, 1, "P1", (("rice", score),))]
            store.note_movements(["core"], standings, run=run)
            store.save_standings(["core"], standings, run=run)
            reason = f"score {score:g}, rank 1"
            change = Change(ref=issue.ref, target=LABELS, before=(), after=("priority/P1",), reason=reason)
            store.record(run, [Outcome(change, Status.APPLIED)], at=now)
            store.finish_run(run, at=now, status="done")

    return apply


def test_a_decision_tells_what_moved_the_issue_in_that_run(browser, report, made, now):
    issue = made(1)
    driver = browser.open(report([issue], also=written(now, issue, 630.0, 1890.0)))
    assert opened(driver).find_elements(By.CSS_SELECTOR, "td")[2].text == (
        "score 1890, rank 1\nmoved by rice +630 → +1890"
    )
    first = opened(driver, 1).find_elements(By.CSS_SELECTOR, "td")[2].text
    assert first == "score 630, rank 1\nnew in the list; rice +630"


def test_a_run_that_wrote_nothing_says_so(browser, report, made):
    driver = browser.open(report([made(1)], [made(1)]))
    run = opened(driver)
    assert "Nothing was written: there was nothing to change." in run.text
    assert not run.find_elements(By.TAG_NAME, "table")


def test_the_longest_title_leaves_room_for_what_changed(browser, report, made, now):
    issue = made(1, title="word " * 6_400)
    driver = browser.open(report([issue], also=written(now, issue, 5.0)))
    run = opened(driver)
    cells = driver.execute_script(WIDTHS, "#view-decisions td")
    assert cells[0] < 0.6 * sum(cells)
    assert run.find_element(By.CSS_SELECTOR, ".named .as-link").rect["height"] < 80
    browser.shoot("report-long-title")


@pytest.mark.parametrize("width", [800, 320])
def test_names_that_open_an_issue_begin_where_the_others_do(browser, report, made, now, width):
    issue = made(1, title="A title that is so long that it takes two lines where there is little room for it")
    driver = browser.open(report([issue], also=written(now, issue, 5.0)), width=width)
    name = opened(driver).find_element(By.CSS_SELECTOR, ".as-link")
    assert name.value_of_css_property("text-align") == "start"
    browser.shoot(f"report-decisions-open-{width}")


def test_values_of_any_length_are_cut_in_the_issue(browser, report, made, now):
    long = "v" * 32_000
    rules = """\
version: 1
trackers:
  core: {connector: jira, url: "https://jira.example", jql: project = CORE, token_env: JIRA_TOKEN}
inputs: {kind: {from: {jira: {field: Kind}}, values: {high: 3}}}
scoring:
  framework: formula
  expression: "1"
  adjustments: [{name: urgent, when: "labels = 'x' or title = 'x'", add: 2, because: It is.}]
"""
    issue = made(1, fields={"Kind": long}, labels=(long,), title=long, state=long)
    file = report([issue], rules=rules)
    driver = browser.open(file)
    driver.find_element(By.CSS_SELECTOR, ".why").click()
    assert max(map(len, all_told(driver, "dialog td"))) < 500
    assert len(told(driver, "dialog")) < 3_000
    assert long[:1_000] not in file.read_text(encoding="utf-8")


def test_the_numbers_of_a_tracker_add_up(browser, report, made):
    done = [made(number, state_category=StateCategory.DONE) for number in (11, 12, 13)]
    issues = [made(1), made(2), made(3, fields={}), made(4, type="epic"), *done, made(15)]
    driver = browser.open(report(issues, rules=WITHOUT_EPICS))
    show(driver, "health")
    heads = all_told(driver, "#view-health th")
    cells = [row.find_elements(By.TAG_NAME, "td") for row in driver.find_elements(By.CSS_SELECTOR, "#view-health tr")]
    core = dict(zip(heads, [cell.text for cell in cells[1]], strict=True))
    counts = [core[name] for name in ("Issues", "Ranked", "Needs input", "Left out", "Done")]
    assert counts == ["7", "2", "1", "1", "3"]
    assert core["Problems"] == "1 issue needs input: see Questions"
    assert told(driver, 'nav a[href="#health"] .count') == "1"


def test_a_read_that_failed_is_a_problem(browser, report, made, now):
    def broken(store):
        store.note_read("core", at=now, error="401 Unauthorized")

    driver = browser.open(report([made(1)], also=broken))
    show(driver, "health")
    assert "the last read failed, 1 Jun 2026, 12:00 UTC: 401 Unauthorized" in told(driver, "#view-health tbody")


def test_only_overrides_that_stand_are_counted(browser, report, made, now):
    issues = [made(number) for number in (1, 2, 3)]
    found = [FoundOverride(each.ref, LABELS, ("priority/P1",), ("priority/P0",)) for each in issues[:2]]

    def overridden(store):
        store.note_overrides(found, trackers=["core"], at=now)
        store.release_overrides(found[:1], at=now)

    driver = browser.open(report(issues, also=overridden))
    summary = dict(zip(all_told(driver, ".summary dt"), all_told(driver, ".summary dd"), strict=True))
    assert summary["Overridden"] == "1"
    show(driver, "people")
    assert sorted(all_told(driver, "#view-people .card:first-child td:last-child")) == [
        "released",
        "until it is released",
    ]
    shares = driver.find_elements(By.CSS_SELECTOR, "#view-people .share")
    barred = {each.text: len(each.find_elements(By.CSS_SELECTOR, ".bar")) for each in shares}
    assert barred["0 %"] == 0
    assert 1 in barred.values()


def test_what_was_delivered_is_headed_once(browser, report, made):
    driver = browser.open(report([made(1)]))
    show(driver, "delivered")
    headings = all_told(driver, "#view-delivered :is(h2, h3)")
    assert (headings[0], len(set(headings))) == ("Delivered", 2)
