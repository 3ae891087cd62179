"""Debian's Chromium without a window, through its own driver."""
import pathlib
import time

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from support import accessibility
from support.ledger import LEDGER


class Chromium:
    """One browser with an empty profile, or with the one in a folder."""

    def __init__(
        self, screenshots: pathlib.Path, name: str, profile: pathlib.Path | None = None, blocks_cookies: bool = False,
        trusts_everybody: bool = False,
    ):
        options = webdriver.ChromeOptions()
        options.accept_insecure_certs = trusts_everybody
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server"):
            options.add_argument(argument)
        if profile:
            options.add_argument(f"--user-data-dir={profile}")
        if blocks_cookies:
            options.add_experimental_option("prefs", {"profile.default_content_setting_values.cookies": 2})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
        self.driver.set_page_load_timeout(30)
        self.screenshots = screenshots
        self.name = name
        self.runs_scripts = True
        # The pages that have been looked at with axe, which is a script and takes a while.
        self.checked: set[str] = set()
        self.desktop()

    def close(self) -> None:
        self.note_cookies()
        self.driver.quit()

    # What it looks like.

    def _size(self, width: int, height: int, mobile: bool) -> None:
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 2 if mobile else 1, "mobile": mobile})

    def desktop(self) -> None:
        self._size(1100, 800, False)

    def phone(self) -> None:
        self._size(360, 740, True)

    def colours(self, scheme: str) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        time.sleep(0.3)  # colours change over a moment

    def without_scripts(self) -> None:
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        self.runs_scripts = False

    def pictures(self, what: str) -> None:
        """The page in light, in dark, and on a phone, accessible in all of them; a phone has nothing to scroll sideways."""
        accessibility.assert_well_formed(self.driver, what)
        # One language's page keeps axe's rules as another's does.
        page = what.rsplit("-", 1)[0] if what.count("-") and len(what.rsplit("-", 1)[1]) == 2 else what
        is_new = self.runs_scripts and page not in self.checked
        self.checked.add(page)
        for scheme in ("light", "dark"):
            self.colours(scheme)
            self.picture(f"{what}-{scheme}")
            if is_new:
                accessibility.assert_rules_kept(self.driver, f"{what}, {scheme}")
        self.colours("light")
        self.phone()
        self.picture(f"{what}-360px")
        width = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]["width"]
        self.desktop()
        assert width <= 360, f"{what} is {width} px wide on a phone of 360"

    def picture(self, what: str) -> None:
        assert self.driver.save_screenshot(str(self.screenshots / f"{self.name}-{what}.png"))

    def tab(self, back: bool = False) -> None:
        """To what a keyboard reaches next, or before."""
        keys = webdriver.ActionChains(self.driver)
        if back:
            keys.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        else:
            keys.send_keys(Keys.TAB).perform()

    # What it does.

    def open(self, url: str) -> None:
        self.driver.get(url)
        self.note_cookies()

    def note_cookies(self) -> None:
        for cookie in self.driver.get_cookies():
            LEDGER.add(cookie["value"], "a cookie of Chromium")

    def find(self, selector: str):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self) -> str:
        return self.find("body").text

    def wait(self, ready, what: str):
        return WebDriverWait(self.driver, 15).until(lambda _: ready(), f"no {what} at {self.driver.current_url}")

    def fill_in(self, email: str, password: str) -> None:
        """Fills in the login form and sends it; waits until its page has gone."""
        for name, value in (("login", email), ("password", password)):
            field = self.find(f"input[name={name}]")
            field.clear()
            field.send_keys(value)
        self.click("form:has(input[name=password]) button, form:has(input[name=password]) input[type=submit]")

    def click(self, selector: str) -> None:
        """Clicks what leads to another page, and waits for that page."""
        old = self.find("html")
        self.find(selector).click()
        self.gone(old)

    def gone(self, old) -> None:
        def is_gone() -> bool:
            try:
                old.is_enabled()
            except Exception:
                return True
            return False

        self.wait(is_gone, "other page")
        self.wait(lambda: self.driver.find_elements(By.TAG_NAME, "body"), "body")
        self.note_cookies()

    def complaints(self) -> list[str]:
        """What the console says is wrong. That a page came with 401 or 403 is not."""
        return [
            entry["message"] for entry in self.driver.get_log("browser")
            if entry["level"] in ("SEVERE", "WARNING")
            and not any(f"responded with a status of {status}" in entry["message"] for status in (401, 403))]
