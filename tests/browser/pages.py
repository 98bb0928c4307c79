"""How the tests get about in a report."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

VIEWS = ("list", "charts", "roadmap", "questions", "people", "decisions", "delivered", "health")


def told(driver: Any, selector: str = ".result") -> str:
    return driver.find_element(By.CSS_SELECTOR, selector).text


def all_told(driver: Any, selector: str) -> list[str]:
    return [each.text for each in driver.find_elements(By.CSS_SELECTOR, selector)]


def keys(driver: Any, *pressed: str) -> None:
    ActionChains(driver).send_keys(*pressed).perform()


def rows(driver: Any) -> list[Any]:
    return driver.find_elements(By.CSS_SELECTOR, ".ranked tbody tr")


def waiting(driver: Any, there: Callable[[], Any]) -> Any:
    return WebDriverWait(driver, 5).until(lambda _: there())


def show(driver: Any, view: str) -> None:
    link = driver.find_element(By.CSS_SELECTOR, f'nav a[href="#{view}"]')
    driver.execute_script("arguments[0].click()", link)
    waiting(driver, driver.find_element(By.ID, f"view-{view}").is_displayed)


def focused(driver: Any) -> Any:
    return driver.switch_to.active_element


def printed(driver: Any) -> int:
    """Pages of paper."""
    data = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {})["data"])
    return len(re.findall(rb"/Type /Page\b", data))
