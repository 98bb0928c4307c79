"""The report on paper: what Chromium prints, and what the page has made of itself for it."""

from __future__ import annotations

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select
from tests.browser.pages import all_told, printed, rows, show, told, waiting

MANY = "version: 1\n" + "\n".join(
    (
        "trackers:",
        '  core: {connector: jira, url: "https://jira.example", jql: project = CORE, token_env: JIRA_TOKEN}',
        "scoring:",
        '  framework: formula\n  expression: "1"\n  adjustments:',
        *(f"    - {{name: rule{number}, add: 1, because: 'Reason {number}.'}}" for number in range(60)),
    )
)
KEPT = 'addEventListener("afterprint", () => (window.noted = document.querySelector(".on-paper").textContent));'


def paper(driver):
    media = {"media": "print", "features": []}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)


def test_an_issue_that_is_open_is_printed_alone(page):
    assert printed(page) > 5
    page.find_element(By.CSS_SELECTOR, ".why").click()
    assert printed(page) == 1
    dialog = page.find_element(By.TAG_NAME, "dialog")
    assert dialog.is_displayed()
    assert page.execute_script("return arguments[0].matches(':modal')", dialog)
    paper(page)
    assert not page.find_element(By.TAG_NAME, "header").is_displayed()
    assert not page.find_element(By.CSS_SELECTOR, ".close").is_displayed()
    assert page.execute_script("return arguments[0].scrollHeight <= arguments[0].clientHeight", dialog)


def test_an_issue_of_many_steps_is_printed_to_its_end(browser, report, made):
    driver = browser.open(report([made(1)], rules=MANY))
    driver.find_element(By.CSS_SELECTOR, ".why").click()
    assert printed(driver) > 2


def test_paper_says_of_which_issues_it_tells(browser, report, made):
    driver = browser.open(report([made(number) for number in range(1, 521)]))
    driver.execute_script(KEPT)
    printed(driver)
    assert driver.execute_script("return noted") == "The first 500 of 520 issues"
    show(driver, "charts")
    printed(driver)
    assert driver.execute_script("return noted") == ""
    driver.find_element(By.ID, "search").send_keys("issue 1")
    Select(driver.find_element(By.ID, "tracker")).select_by_value("core")
    Select(driver.find_element(By.ID, "person")).select_by_visible_text("Nobody")
    printed(driver)
    found = told(driver).split()[0]
    wanted = f"{found} issues of 520 with “issue 1”, tracker core, no owner"
    assert driver.execute_script("return noted") == wanted
    paper(driver)
    assert driver.find_element(By.CSS_SELECTOR, ".on-paper").is_displayed()


def test_the_owner_is_on_paper(browser, report, made):
    driver = browser.open(report([made(1)]))
    paper(driver)
    # The rows are drawn anew for it.
    waiting(driver, lambda: all_told(driver, ".ranked .person") == ["Ann"])


def test_cards_are_rows_on_paper_and_cards_again(browser, report, made):
    driver = browser.open(report([made(number) for number in range(1, 40)]), width=320)
    driver.execute_script("""
        window.cards = [];
        const note = () => cards.push(document.querySelector(".ranked").classList.contains("as-cards"));
        addEventListener("beforeprint", note), addEventListener("afterprint", note), note();
    """)
    printed(driver)
    waiting(driver, lambda: driver.execute_script("return cards") == [True, False, True])
    assert rows(driver)[0].rect["height"] > 100
