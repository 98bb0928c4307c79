"""The charts in a real Chromium: issues in no band, numbers far above the rest, and lists of nothing."""

from __future__ import annotations

import pytest
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By
from tests.browser.pages import all_told, keys, show, told, waiting

RULES = """\
version: 1
trackers:
  core: {connector: jira, url: "https://jira.example", jql: project = CORE, token_env: JIRA_TOKEN}
inputs:
  reach: {from: {jira: {field: Reach}}}
  effort: {from: {jira: {field: Effort}}, scale: {min: 0.5}}
scoring: {framework: formula, expression: reach / effort}
"""
TOP_ALONE = RULES + "bands: {P0: {min_score: 60}}\n"
COLOURS = """
const [canvas, name] = arguments, { width, height } = canvas;
const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
let found = 0;
for (let at = 0; at < data.length; at += 4) found += wanted.every((part, of) => Math.abs(part - data[at + of]) < 60);
return found;
"""
WIDE = """
const canvas = arguments[0], { width, height } = canvas;
const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
const hex = getComputedStyle(document.documentElement).getPropertyValue("--f0").trim();
const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const columns = new Set();
for (let y = 40; y < height - 60; y += 1) for (let x = 70; x < width - 25; x += 1)
  if (wanted.every((part, of) => Math.abs(part - data[4 * (y * width + x) + of]) < 70)) columns.add(x);
return columns.size / width;
"""


def of(made, number, reach, effort=1.0):
    return made(number, type="story", labels=(), fields={"Reach": reach, "Effort": effort})


@pytest.fixture
def banded(browser, report, made):
    """Three issues in the band and three below it, in none."""
    issues = [of(made, number, 10.0 * number) for number in (1, 2, 3, 7, 8, 9)]
    return browser.open(report(issues, rules=TOP_ALONE))


def test_issues_in_no_band_are_in_every_chart(banded):
    show(banded, "charts")
    assert all_told(banded, ".charts tbody tr") == ["P0 3 50 %", "no band 3 50 %"]
    canvases = banded.find_elements(By.CSS_SELECTOR, ".charts canvas")
    for canvas in canvases:
        waiting(banded, lambda canvas=canvas: banded.execute_script(COLOURS, canvas, "--f-none") > 50)
    banded.find_element(By.XPATH, "//button[text()='no band']").click()
    waiting(banded, banded.find_element(By.ID, "view-list").is_displayed)
    assert told(banded) == "3 of 6 issues"
    assert all_told(banded, "#band option") == ["All", "No band", "P0 (3)"]
    assert banded.find_element(By.CSS_SELECTOR, "#band option:checked").text == "No band"


MARKED = """
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
window.strokes = [];
const { stroke } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.stroke = function (...all) {
  if (this.strokeStyle === colour("--text")) strokes.push(this.fillStyle);
  return stroke.apply(this, all);
};
"""


def test_keys_mark_the_bubble_that_they_tell_of(banded):
    show(banded, "charts")
    stage = banded.find_element(By.CSS_SELECTOR, ".stage")
    waiting(banded, lambda: stage.find_elements(By.TAG_NAME, "canvas"))
    banded.execute_script(MARKED)
    banded.execute_script("arguments[0].focus()", stage)
    keys(banded, Keys.ARROW_LEFT)
    assert "rank 6" in told(banded, ".hint")
    marked = waiting(banded, lambda: banded.execute_script("return strokes"))
    # Marked, a colour is lighter; that of the band is red, that of none is not.
    assert all(int(each[1:3], 16) < int(each[5:7], 16) for each in marked)


def test_one_number_far_above_the_rest_does_not_press_them_into_a_line(browser, report, made):
    issues = [of(made, number, 100.0 + 40 * (number % 20), 300.0 + 30 * (number % 20)) for number in range(1, 60)]
    driver = browser.open(report([*issues, of(made, 60, 500.0, 20_000.0)], rules=RULES))
    show(driver, "charts")
    canvas = waiting(driver, lambda: driver.find_element(By.CSS_SELECTOR, ".bubbles canvas"))
    waiting(driver, lambda: driver.execute_script(WIDE, canvas) > 0.1)
    browser.shoot("report-outlier")


@pytest.mark.parametrize(
    ("scores", "note"),
    [
        (range(1, 201), "A bar for each 10."),
        (range(1, 8), "A bar for each 1."),
        ([7] * 5, "A bar for each 1."),
        (range(-100, 100), "A bar for each 10."),
        ([*range(100, 200), 144_000], "The bars widen, since a few are far above the rest."),
    ],
    ids=["hundreds", "few", "alike", "below nothing", "far above"],
)
def test_bars_of_scores_begin_at_round_numbers(browser, report, made, scores, note):
    issues = [of(made, number, float(score)) for number, score in enumerate(scores, 1)]
    driver = browser.open(report(issues, rules=RULES.replace("reach / effort", "reach * effort")))
    show(driver, "charts")
    assert told(driver, ".pair .note").startswith(note)
    waiting(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".pair canvas"))
    assert browser.complaints() == []


@pytest.mark.parametrize("rules", [RULES, TOP_ALONE])
def test_of_an_empty_list_nothing_is_drawn_and_told_so(browser, report, rules):
    driver = browser.open(report([], rules=rules))
    show(driver, "charts")
    assert told(driver, ".charts") == "No issue is ranked yet: there is nothing to draw."
    assert browser.complaints() == []


def test_of_no_match_nothing_is_drawn_until_there_is_one(banded):
    show(banded, "charts")
    search = banded.find_element(By.ID, "search")
    search.send_keys("nothing like it")
    assert told(banded, ".charts") == "No issue matches the search and the filters: there is nothing to draw."
    search.clear()
    search.send_keys("issue 9")
    waiting(banded, lambda: all_told(banded, ".charts tbody tr") == ["P0 1 100 %", "no band 0 0 %"])


def test_without_bands_there_is_none_to_choose(browser, report, made):
    driver = browser.open(report([of(made, number, float(number)) for number in range(1, 9)], rules=RULES))
    show(driver, "charts")
    assert all_told(driver, ".charts h3") == ["Value against effort", "Scores"]


@pytest.mark.parametrize("width", [1360, 320])
def test_an_order_is_chosen_only_where_it_makes_a_difference(browser, report, made, width):
    driver = browser.open(report([made(1)]), width=width)
    if width < 500:
        driver.find_element(By.CSS_SELECTOR, ".unfold").click()
    order = driver.find_element(By.ID, "order")
    seen = []
    for view in ("list", "charts", "roadmap"):
        show(driver, view)
        seen.append(order.is_displayed())
    assert seen == [True, False, True]


REDDISH = """
const canvas = arguments[0], { width, height } = canvas;
const { data } = canvas.getContext("2d").getImageData(0, 60, width, height - 120);
let found = 0;
for (let at = 0; at < data.length; at += 4) found += data[at] > 200 && data[at + 1] < 120 && data[at + 3] > 150;
return found;
"""


def test_in_the_dark_a_crowd_of_bubbles_is_to_be_seen(browser, report, made):
    issues = [of(made, number, float(number % 997 + 1), float(number % 89 + 1)) for number in range(1, 1801)]
    driver = browser.open(report(issues, rules=RULES), dark=True)
    show(driver, "charts")
    canvas = waiting(driver, lambda: driver.find_element(By.CSS_SELECTOR, ".bubbles canvas"))
    waiting(driver, lambda: driver.execute_script(REDDISH, canvas) > 15_000)
    browser.shoot("report-crowd-dark")
