"""The list in a real Chromium: on narrow screens, of titles from right to left, and what its filters tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from selenium.webdriver import Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select
from tests.browser.pages import all_told, keys, rows, show, told, waiting

INSIDE = """
const title = arguments[0], range = document.createRange();
const walker = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
const text = walker.nextNode();
range.setStart(text, arguments[1]);
range.setEnd(text, arguments[1] + 1);
const letter = range.getBoundingClientRect(), box = title.getBoundingClientRect();
return letter.left >= box.left - 1 && letter.right <= box.right + 1 && letter.bottom <= box.bottom + 1;
"""
OVERLAPS = """
const boxes = [...arguments[0].querySelectorAll("td")].map((cell) => cell.getBoundingClientRect());
const seen = boxes.filter((box) => box.width && box.height), row = arguments[0].getBoundingClientRect();
const before = (a, b) => a.right <= b.left + 1 || a.bottom <= b.top + 1;
return seen.some((box, at) => seen.slice(at + 1).some((other) => !before(box, other) && !before(other, box)))
  || seen.some((box) => box.bottom > row.bottom + 1);
"""
RIGHT_TO_LEFT = "مرحبا بالعالم " * 20


@pytest.mark.parametrize("width", [800, 320])
def test_with_a_day_to_compare_with_an_issue_is_a_card_where_columns_have_no_room(browser, report, made, now, width):
    issues = [made(number, title=f"Issue {number} that has a title of some length") for number in range(1, 30)]
    file = report(issues, issues[::-1], issues, since=now + timedelta(hours=1))
    driver = browser.open(file, width=width)
    first = rows(driver)[0]
    title = first.find_element(By.CSS_SELECTOR, ".title")
    assert driver.execute_script("return arguments[0].scrollWidth <= arguments[0].clientWidth", title)
    assert first.find_element(By.CSS_SELECTOR, ".since .unseen").text.endswith("since 1 Jun")
    assert not driver.execute_script(OVERLAPS, first)
    assert first.rect["height"] == rows(driver)[1].rect["y"] - first.rect["y"]
    browser.shoot(f"report-dated-{width}")


def test_columns_come_back_with_the_room_for_them(browser, report, made, now):
    issues = [made(number) for number in range(1, 5)]
    driver = browser.open(report(issues, issues, since=now + timedelta(hours=1)), width=800)
    assert not driver.find_element(By.CSS_SELECTOR, ".ranked th").is_displayed() or rows(driver)[0].rect["height"] > 100
    size = {"width": 1010, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    height = "return document.querySelector('.ranked tbody tr')?.getBoundingClientRect().height"
    waiting(driver, lambda: driver.execute_script(height) == 58)


@pytest.mark.parametrize("width", [1360, 800, 320])
def test_of_a_title_from_right_to_left_the_end_is_cut_off(browser, report, made, width):
    driver = browser.open(report([made(1, title=RIGHT_TO_LEFT), made(2, title="Long " * 100)]), width=width)
    for title in driver.find_elements(By.CSS_SELECTOR, ".ranked .title"):
        assert driver.execute_script(INSIDE, title, 0)
        assert not driver.execute_script(INSIDE, title, len(RIGHT_TO_LEFT) - 3)
    browser.shoot(f"report-right-to-left-{width}")


@pytest.mark.parametrize(("width", "hinted"), [(1360, ""), (800, ""), (320, "more-after")])
def test_views_that_do_not_fit_are_hinted_at(browser, report, made, width, hinted):
    driver = browser.open(report([made(1)]), width=width)
    tabs = driver.find_element(By.CSS_SELECTOR, "nav ul")
    fits = driver.execute_script("return arguments[0].scrollWidth <= arguments[0].clientWidth", tabs)
    waiting(driver, lambda: tabs.get_attribute("class") == ("" if fits else "more-after"))
    assert fits or width < 1360
    if hinted:
        show(driver, "health")
        waiting(driver, lambda: tabs.get_attribute("class") == "more-before")


def test_a_filter_with_too_many_choices_says_so(browser, report, made):
    driver = browser.open(report([made(number, labels=(f"label-{number}",)) for number in range(1, 521)]))
    last = Select(driver.find_element(By.ID, "label")).options[-1]
    assert (last.text, last.is_enabled()) == ("and 20 more: the search finds them", False)


CHANGED = """
window.changed = 0;
new MutationObserver((all) => (window.changed += all.length)).observe(
  document.querySelector(arguments[0]), {childList: true, subtree: true, characterData: true});
const { fill } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.fill = function (...all) { window.changed += 1; return fill.apply(this, all); };
"""


@pytest.mark.parametrize(("view", "there"), [("charts", ".charts tbody td"), ("roadmap", ".horizon > .note")])
def test_what_is_not_in_sight_is_drawn_when_it_is_shown(page, view, there):
    show(page, view)
    before = waiting(page, lambda: all_told(page, there))
    show(page, "list")
    page.execute_script(CHANGED, f"#view-{view}")
    page.find_element(By.ID, "search").send_keys("issue 17")
    page.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    assert told(page) == "13 of 300 issues"
    assert page.execute_script("return changed") == 0
    show(page, view)
    assert all_told(page, there) != before
    waiting(page, lambda: page.execute_script("return changed") > 0)


def test_the_list_follows_what_was_chosen_elsewhere(page):
    show(page, "charts")
    page.find_element(By.ID, "search").send_keys("issue 300")
    show(page, "list")
    assert [row.find_element(By.CSS_SELECTOR, ".title").text for row in rows(page)] == ["Issue 300"]
    page.find_element(By.ID, "search").send_keys(Keys.BACKSPACE)
    keys(page, Keys.BACKSPACE)
    waiting(page, lambda: len(rows(page)) > 5)
