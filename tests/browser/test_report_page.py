"""The report in a real Chromium: by clicks and keys, in light and dark, on a phone, and with whatever trackers send."""

from __future__ import annotations

from datetime import timedelta

import pytest
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select
from tests.browser.pages import VIEWS, focused, keys, rows, show, told, waiting

NO_EFFORT = """\
version: 1
trackers:
  core: {connector: jira, url: "https://jira.example", jql: project = CORE, token_env: JIRA_TOKEN}
scoring: {framework: formula, expression: "coalesce(votes, 0) + 1"}
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1360, 800, 320], ids=["desk", "tablet", "phone"])
def test_every_view_is_quiet_asks_for_nothing_and_is_accessible(browser, report, made, now, width, dark):
    issues = [made(number) for number in range(1, 60)] + [made(60, fields={})]
    lists = (issues[:40], issues[39::-1], issues[5:45], issues[40:8:-1], issues[30:])
    file = report(issues, *lists, since=now + timedelta(hours=1))
    driver = browser.open(file, width=width, dark=dark)
    for view in VIEWS:
        show(driver, view)
        assert browser.faults() == [], view
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width, view
        browser.shoot(f"report-{view}-{width}-{'dark' if dark else 'light'}")
    show(driver, "list")
    driver.find_element(By.CSS_SELECTOR, ".why").click()
    assert browser.faults() == []
    browser.shoot(f"report-issue-{width}-{'dark' if dark else 'light'}")
    driver.execute_script("arguments[0].scrollIntoView()", driver.find_element(By.CSS_SELECTOR, ".drawer .history"))
    browser.shoot(f"report-issue-history-{width}-{'dark' if dark else 'light'}")
    assert browser.complaints() == []
    assert set(browser.requested()) <= {file.as_uri(), "data:,"} | {f"{file.as_uri()}#{view}" for view in VIEWS}


def test_a_search_leaves_what_matches_all_its_words(page):
    page.find_element(By.ID, "search").send_keys("issue 17 ann")
    assert told(page) == "8 of 300 issues"
    assert {row.find_element(By.CSS_SELECTOR, ".owner").text for row in rows(page)} == {"Ann"}
    page.find_element(By.XPATH, "//button[text()='Clear']").click()
    assert told(page) == "300 issues"


@pytest.mark.parametrize(
    ("filter_", "value", "count"),
    [("tracker", "web", 30), ("label", "growth", 75), ("person", "Ann", 150), ("person", "Nobody", 150)],
)
def test_a_filter_leaves_what_it_names(page, filter_, value, count):
    select = Select(page.find_element(By.ID, filter_))
    select.select_by_visible_text(next(each.text for each in select.options if each.text.startswith(value)))
    assert told(page) == f"{count} of 300 issues"


def test_a_heading_sorts_and_tells_so(page):
    heading = page.find_element(By.XPATH, "//th[button[text()='Score']]")
    heading.find_element(By.TAG_NAME, "button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    heading.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    assert heading.get_attribute("aria-sort") == "ascending"
    scores = [float(row.find_element(By.CSS_SELECTOR, ".score").text) for row in rows(page)]
    assert scores == sorted(scores)


def test_the_waterfall_leads_from_nothing_to_the_score_and_escape_leads_back(page):
    why = page.find_element(By.CSS_SELECTOR, ".why")
    why.send_keys(Keys.ENTER)
    dialog = page.find_element(By.TAG_NAME, "dialog")
    waiting(page, dialog.is_displayed)
    steps = [row.text for row in dialog.find_elements(By.CSS_SELECTOR, ".waterfall tbody tr")]
    assert [step.splitlines()[0].split()[0] for step in steps] == ["formula", "goal", "bug", "round"]
    score = next(each.text for each in dialog.find_elements(By.CSS_SELECTOR, ".facts div") if "Score" in each.text)
    assert steps[-1].endswith(score.splitlines()[1])
    keys(page, Keys.ESCAPE)
    waiting(page, lambda: not dialog.is_displayed())
    assert focused(page) == why


def test_an_issue_shows_where_it_stood_over_the_runs_and_since_a_day(browser, report, made, now):
    issues = [made(1, fields={"Reach": 90.0, "Effort": 1.0}), *(made(number) for number in (2, 4, 5, 7))]
    lists = (issues, issues[1:], [*issues[1:], issues[0]])
    driver = browser.open(report(issues, *lists, since=now + timedelta(hours=1)))
    heads = [head.text.split(" ↑")[0] for head in driver.find_elements(By.CSS_SELECTOR, ".ranked th")]
    assert heads == ["Rank", "Moved", "Since 1 Jun", "Band", "Score", "Issue", "Owner", "Why"]
    first = rows(driver)[0]
    said = [first.find_element(By.CSS_SELECTOR, f"{cell} .unseen").text for cell in (".movement", ".since")]
    assert said == ["up 4 since the last run", "did not move since 1 Jun"]
    first.find_element(By.CSS_SELECTOR, ".why").click()
    table = driver.find_element(By.CSS_SELECTOR, "dialog section:last-child table")
    told = [row.text.split(" UTC ")[1] for row in table.find_elements(By.CSS_SELECTOR, "tbody tr")]
    assert told == [
        "5 P1 94 new in the list",
        "– – – not in the list any more: done, gone, left out or without an input",
        "1 P1 98 new in the list",
    ]
    canvas = driver.find_element(By.CSS_SELECTOR, "dialog canvas")
    waiting(driver, lambda: driver.execute_script(DRAWN, canvas) > 3)
    driver.execute_script("arguments[0].scrollIntoView()", canvas)
    browser.shoot("report-history")


DRAWN = """
const { data } = arguments[0].getContext("2d").getImageData(0, 0, arguments[0].width, arguments[0].height);
return new Set(new Uint32Array(data.buffer)).size;
"""


def test_keys_go_from_row_to_row_to_the_very_end(page):
    page.find_element(By.CSS_SELECTOR, ".why").click()
    keys(page, Keys.ESCAPE, Keys.ARROW_DOWN)
    assert focused(page).get_attribute("aria-label").startswith("Why rank 2:")
    keys(page, Keys.END)
    assert focused(page).get_attribute("aria-label").startswith("Why rank 300:")
    assert len(rows(page)) < 60
    assert page.find_element(By.CSS_SELECTOR, ".ranked").get_attribute("aria-rowcount") == "301"


def test_a_bubble_leads_to_its_issue_by_mouse_and_by_key(page):
    show(page, "charts")
    stage = page.find_element(By.CSS_SELECTOR, ".stage")
    canvas = stage.find_element(By.TAG_NAME, "canvas")
    x, y = waiting(page, lambda: page.execute_script(BUBBLE, canvas))
    pointer = ActionChains(page).move_to_element_with_offset(
        stage, x - stage.rect["width"] // 2, y - stage.rect["height"] // 2
    )
    pointer.perform()
    waiting(page, lambda: " — rank " in told(page, ".hint"))
    pointer.click().perform()
    waiting(page, lambda: page.find_element(By.TAG_NAME, "dialog").is_displayed())
    keys(page, Keys.ESCAPE)
    page.execute_script("arguments[0].focus()", stage)
    keys(page, Keys.ARROW_RIGHT)
    assert "rank 1" in told(page, ".hint")
    keys(page, Keys.ENTER)
    assert "1 of 300" in told(page, "dialog .facts")


BUBBLE = """
const canvas = arguments[0], context = canvas.getContext("2d");
const hex = getComputedStyle(document.documentElement).getPropertyValue("--f0").trim();
const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
const near = (x, y) => wanted.every((part, at) => Math.abs(data[4 * (y * width + x) + at] - part) < 70);
for (let y = 50; y < height - 60; y += 1) for (let x = 70; x < width - 30; x += 1)
  if (near(x, y) && near(x + 4, y) && near(x - 4, y) && near(x, y + 4)) return [x, y];
"""


def test_a_band_of_the_chart_leads_to_its_issues(page):
    show(page, "charts")
    button = page.find_element(By.XPATH, "//button[text()='P0']")
    count = button.find_element(By.XPATH, "../following-sibling::td[1]").text
    button.click()
    waiting(page, page.find_element(By.ID, "view-list").is_displayed)
    assert told(page) == f"{count} of 300 issues"


def test_the_roadmap_takes_no_more_than_the_team_gets_done(page):
    show(page, "roadmap")
    notes = [each.text for each in page.find_elements(By.CSS_SELECTOR, ".horizon > .note")]
    assert [note.split(",")[-1] for note in notes[:2]] == [" effort 10", " effort 10"]


HOSTILE = (
    "<script>window.hurt = 1</script>",
    "<img src=x onerror='window.hurt = 1'>",
    "</script><script>window.hurt = 1</script><!--",
    '=HYPERLINK("https://evil.example","x")',
    "\u202egnp.exe \u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
    "\x1b[31mred",
    "x" * 32_000,
    "",
)


@pytest.mark.parametrize("width", [1360, 320])
def test_whatever_a_tracker_sends_is_text_and_fits(browser, report, made, width):
    issues = [
        made(number, title=title, labels=(title or "l",), url="javascript:window.hurt=1")
        for number, title in enumerate(HOSTILE, 1)
    ]
    driver = browser.open(report(issues), width=width)
    for view in VIEWS:
        show(driver, view)
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width, view
    show(driver, "list")
    shown = driver.find_element(By.CSS_SELECTOR, ".ranked").text
    assert HOSTILE[0] in shown
    assert "(no title)" in shown
    assert "\\u202e" in shown
    assert "\\x1b[31mred" in shown
    driver.find_element(By.CSS_SELECTOR, ".why").click()
    assert driver.execute_script("return window.hurt") is None
    links = {each.get_attribute("href") for each in driver.find_elements(By.CSS_SELECTOR, "a[href]")}
    assert all(link.startswith("file:") for link in links)
    assert browser.complaints() == []
    browser.shoot(f"report-hostile-{width}")


def test_the_page_runs_nothing_and_asks_for_nothing_that_was_not_in_it(browser, report, made):
    driver = browser.open(report([made(1)]))
    driver.execute_script("""
        const script = document.createElement("script");
        script.textContent = "window.hurt = 1";
        const image = new Image();
        image.src = "http://127.0.0.1:9/x.png";
        document.body.append(script, image);
    """)
    refused = driver.execute_async_script("fetch('http://127.0.0.1:9/').then(() => arguments[0](0), arguments[0])")
    assert refused != 0
    assert driver.execute_script("return window.hurt") is None
    assert sum("Content Security Policy" in each for each in browser.complaints()) >= 3


@pytest.mark.parametrize("count", [0, 1])
def test_a_list_of_nothing_and_of_one_issue_look_right(browser, report, made, count):
    driver = browser.open(report([made(number) for number in range(count)]))
    for view in VIEWS:
        show(driver, view)
    show(driver, "list")
    assert told(driver) == ("1 issue" if count else "0 issues")
    assert ("No issue is ranked yet." in told(driver, ".list")) == (count == 0)
    assert "no run yet" in told(driver, ".summary")
    assert browser.complaints() == []


def test_without_an_effort_there_is_still_something_to_see(browser, report, made):
    driver = browser.open(report([made(number, votes=number) for number in range(1, 9)], rules=NO_EFFORT))
    show(driver, "charts")
    assert "not two inputs" in told(driver, "#view-charts")
    assert browser.complaints() == []


def test_the_list_is_printed_with_its_reasons(page):
    printed = page.execute_cdp_cmd("Page.printToPDF", {})
    assert len(printed["data"]) > 50_000
    assert told(page) == "300 issues"
    assert len(rows(page)) < 60


COLOURS = """
const style = getComputedStyle(document.documentElement);
window.colours = () => ["--card", "--text"].map((name) => style.getPropertyValue(name));
addEventListener("beforeprint", () => (window.printed = colours()));
return colours();
"""


def test_paper_is_light_whatever_the_screen_is(browser, report, made):
    driver = browser.open(report([made(number) for number in range(1, 30)]), dark=True)
    show(driver, "charts")
    dark = driver.execute_script(COLOURS)
    driver.execute_cdp_cmd("Page.printToPDF", {})
    assert driver.execute_script("return printed") == ["#fff", "#1b2430"]
    assert driver.execute_script("return colours()") == dark != ["#fff", "#1b2430"]
