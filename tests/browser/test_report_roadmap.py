"""The roadmap in a real Chromium: what fits, by tracker and by goal, in words that people use."""

from __future__ import annotations

import pytest
from tests.browser.pages import all_told, show, told

RULES = """\
version: 1
trackers:
  core: {connector: jira, url: "https://jira.example", jql: project = CORE, token_env: JIRA_TOKEN}
  web: {connector: github, repository: acme/web, token_env: GITHUB_TOKEN}
inputs:
  reach: {from: {jira: {field: Reach}, github: {issue_field: Reach}}}
  effort: {from: {jira: {field: Effort}, github: {issue_field: Effort}}, scale: {min: 0.5}}
scoring: {framework: formula, expression: reach / effort}
goals: {growth: {weight: 1.5, label: growth, because: More people shall come.}}
capacity: {points: 10, per: 2w}
"""
ESTIMATED = RULES.replace("expression: reach / effort", "expression: reach").replace(
    "  effort: {from: {jira: {field: Effort}, github: {issue_field: Effort}}, scale: {min: 0.5}}\n", ""
)


def sized(made, number, size, **values):
    return made(number, type="story", labels=(), fields={"Reach": 100.0 * size - number, "Effort": size}, **values)


def test_what_fits_is_told_in_words(browser, report, made):
    sizes = (4.0, 3.98333, 7.5, 2.0, 14.3333)
    driver = browser.open(report([sized(made, number, size) for number, size in enumerate(sizes, 1)], rules=RULES))
    show(driver, "roadmap")
    said = told(driver, "#view-roadmap > div > div > .note")
    assert said.startswith("Each 2 weeks take 10 points of effort. ")
    assert "too large for what is left waits, while a smaller one further down may still fit" in said
    assert all_told(driver, ".horizon > .note") == [
        "the period that begins: 3 issues, effort 10",
        "the one after it: 1 issue, effort 7.5",
        "everything else: 1 issue, effort 14.3",
    ]
    assert "CORE-2 · effort 4" in told(driver, ".horizon")
    trackers = all_told(driver, "#view-roadmap .card:nth-of-type(1) tbody tr")
    assert trackers == ["core 3 issues, effort 10 1 issue, effort 7.5 –", "web – – 1 issue, effort 14.3"]


@pytest.mark.parametrize(
    ("per", "said"),
    [("1w", "Each week takes"), ("30d", "Each 30 days take"), ("1d", "Each day takes"), ("12h", "Each 12 hours take")],
)
def test_a_period_is_told_as_people_do(browser, report, made, per, said):
    driver = browser.open(report([sized(made, 1, 3.0)], rules=RULES.replace("per: 2w", f"per: {per}")))
    show(driver, "roadmap")
    assert told(driver, "#view-roadmap > div > div > .note").startswith(said)


@pytest.mark.parametrize("width", [1360, 320])
def test_each_goal_shows_what_it_gets_and_why_it_is_one(browser, report, made, width):
    issues = [made(number) for number in (1, 2, 4, 8, 12)]
    driver = browser.open(report(issues), width=width)
    show(driver, "roadmap")
    cells = all_told(driver, "#view-roadmap .card:last-child tbody tr:first-child td")
    assert cells[0] == "growth\nMore people shall come."
    assert [cell.split("\n")[-1] for cell in cells[2:5]] == ["2 issues, effort 8", "1 issue, effort 5", "–"]
    assert all_told(driver, "#view-roadmap .card:last-child tbody tr:last-child td")[0] == "no goal"
    browser.shoot(f"report-goals-{width}")


@pytest.mark.parametrize(
    ("rules", "source"),
    [(ESTIMATED, "what the trackers keep as the column estimate."), (RULES, None)],
    ids=["column", "input"],
)
def test_where_nothing_is_estimated_that_is_said(browser, report, made, rules, source):
    rules = rules.replace("expression: reach / effort", "expression: reach")
    driver = browser.open(report([made(1, fields={"Reach": 3.0}, labels=())], rules=rules))
    show(driver, "roadmap")
    said = told(driver, "#view-roadmap")
    assert "No issue has an estimate" in said
    assert (source or "the input effort.") in said
    assert "fits." not in said


def test_of_what_does_not_match_nothing_is_said_to_fit_or_not(browser, report, made):
    driver = browser.open(report([sized(made, 1, 3.0)], rules=RULES))
    show(driver, "roadmap")
    driver.find_element("id", "search").send_keys("nothing like it")
    assert all_told(driver, ".horizon .empty") == ["None of the issues that match."] * 3
