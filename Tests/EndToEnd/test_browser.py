"""A user with a real browser, at both gateways."""
import subprocess

import pytest
from selenium.webdriver.common.keys import Keys

from support import paths
from support.chromium import Chromium
from support.stack import password_of

LOGIN = "input[name=login]"


@pytest.fixture
def chromium(artifacts, request):
    browser = Chromium(artifacts / "screenshots", "grpc" if "grpc" in request.node.name else "http")
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def stack(make_stack):
    """Of this file alone: some of these tests end all sessions of a user whom other files have signed in."""
    own = make_stack("browser")
    yield own
    own.stop()


def at_login(chromium: Chromium, stack) -> None:
    assert chromium.driver.current_url.startswith(f"{stack.issuer}/auth/local/login")
    assert chromium.find("input[name=password]").get_attribute("type") == "password"


def test_a_user_signs_in_looks_around_and_signs_out(chromium, gateway, stack):
    with stack.nothing_reaches_an_application():
        chromium.open(f"{gateway}/")
        at_login(chromium, stack)
        chromium.pictures("login")

        chromium.fill_in("admin@example.com", "not-the-password")
        at_login(chromium, stack)
        assert chromium.find(LOGIN).get_attribute("value") == "admin@example.com"
        assert chromium.find("[role=alert]").text
        chromium.pictures("wrong-password")

    chromium.fill_in("admin@example.com", password_of("admin@example.com"))
    assert chromium.driver.current_url == f"{gateway}/"
    assert chromium.find("#name").text == "Ada Admin"
    assert chromium.find("#email").text == "admin@example.com"
    assert [group.text for group in chromium.all("#groups li")] == ["admins", "team-a"]
    chromium.pictures("dashboard")

    chromium.click("a[href='/admin/']")
    assert chromium.driver.current_url == f"{gateway}/admin/"
    assert chromium.find("h1").text == "Administration"

    chromium.click("a[href='/_gatehouse/sign-out']")
    chromium.pictures("sign-out")
    chromium.click("form button, form input[type=submit]")
    chromium.pictures("signed-out")
    with stack.nothing_reaches_an_application():
        chromium.open(f"{gateway}/")
        at_login(chromium, stack)
    chromium.fill_in("admin@example.com", password_of("admin@example.com"))
    assert chromium.find("#name").text == "Ada Admin"
    assert chromium.complaints() == []


def test_bob_is_told_that_he_may_not(chromium, gateway, stack):
    chromium.open(f"{gateway}/team-b/")
    chromium.fill_in("bob@example.com", password_of("bob@example.com"))
    assert chromium.driver.current_url == f"{gateway}/team-b/" and chromium.find("h1").text == "Team B"
    with stack.nothing_reaches_an_application():
        chromium.open(f"{gateway}/admin/")
        assert chromium.driver.current_url == f"{gateway}/admin/"
        assert "bob@example.com" in chromium.text() and "Administration" not in chromium.text()
        chromium.pictures("forbidden")
    assert chromium.complaints() == []


def test_without_scripts(chromium, gateway, stack):
    chromium.without_scripts()
    chromium.open(f"{gateway}/")
    at_login(chromium, stack)
    chromium.fill_in("bob@example.com", "not-the-password")
    at_login(chromium, stack)
    chromium.fill_in("bob@example.com", password_of("bob@example.com"))
    assert chromium.driver.current_url == f"{gateway}/" and chromium.find("#name").text == "Bob Builder"
    chromium.open(f"{gateway}/_gatehouse/sign-out")
    chromium.click("form button, form input[type=submit]")
    chromium.open(f"{gateway}/")
    at_login(chromium, stack)


def test_with_the_keyboard_alone(chromium, gateway, stack):
    chromium.open(f"{gateway}/")

    def focused():
        return chromium.driver.switch_to.active_element

    assert focused().get_attribute("name") == "login", "the first field has the focus"
    assert focused().accessible_name
    focused().send_keys("bob@example.com" + Keys.TAB)
    assert focused().get_attribute("name") == "password"
    assert focused().accessible_name
    focused().send_keys("not-the-password" + Keys.TAB)
    assert focused().get_attribute("name") == "remember" and focused().accessible_name
    focused().send_keys(Keys.TAB)
    assert focused().tag_name == "button" and focused().accessible_name
    old = chromium.find("html")
    focused().send_keys(Keys.ENTER)
    chromium.gone(old)
    assert focused().get_attribute("name") in ("login", "password"), "after a wrong password the focus is where to go on"
    old = chromium.find("html")
    chromium.find("input[name=password]").send_keys(password_of("bob@example.com") + Keys.ENTER)
    chromium.gone(old)
    assert chromium.driver.current_url == f"{gateway}/" and chromium.find("#name").text == "Bob Builder"


def test_the_login_page_is_right_for_password_managers_and_readers(chromium, gateway):
    chromium.open(f"{gateway}/")
    assert chromium.find("html").get_attribute("lang")
    assert chromium.driver.title
    assert len(chromium.all("h1")) == 1
    assert chromium.find(LOGIN).get_attribute("autocomplete") == "username"
    assert chromium.find("input[name=password]").get_attribute("autocomplete") == "current-password"
    assert chromium.complaints() == []


def twenty_tabs_at_login(chromium: Chromium, gateway: str, stack) -> list[str]:
    """Twenty tabs whose session has ended: each stands on the login page, on the way to a page of its own."""
    driver = chromium.driver
    chromium.open(f"{gateway}/echo/0")
    chromium.fill_in("bob@example.com", password_of("bob@example.com"))
    tabs = [driver.current_window_handle]
    for number in range(1, 20):
        driver.switch_to.new_window("tab")
        chromium.open(f"{gateway}/echo/{number}")
        tabs.append(driver.current_window_handle)
    subprocess.run(
        [paths.GATEHOUSE, "sessions", "revoke", "--user", "bob@example.com", "--config", stack.file], check=True,
        env=stack.gatehouse.environment, capture_output=True)
    with stack.nothing_reaches_an_application():
        for number, tab in enumerate(tabs):
            driver.switch_to.window(tab)
            chromium.open(f"{gateway}/echo/{number}")
            at_login(chromium, stack)
    names = [cookie["name"] for cookie in driver.get_cookies() if cookie["name"].startswith("gatehouse-")]
    assert names == ["gatehouse-sign-in"]
    assert sum(len(cookie["name"]) + len(cookie["value"]) for cookie in driver.get_cookies()) < 4096
    return tabs


def test_twenty_tabs_all_get_to_their_own_page(chromium, gateway, stack):
    """Somebody signs in in one of them: the others get to their pages by themselves, from the login page that they stand on."""
    driver = chromium.driver
    tabs = twenty_tabs_at_login(chromium, gateway, stack)
    driver.switch_to.window(tabs[7])
    chromium.fill_in("bob@example.com", password_of("bob@example.com"))
    for number, tab in enumerate(tabs):
        driver.switch_to.window(tab)
        chromium.wait(lambda: driver.current_url == f"{gateway}/echo/{number}", f"page of tab {number}")
        assert "bob@example.com" in chromium.text()
    assert chromium.complaints() == []


def test_twenty_tabs_without_scripts_get_there_when_they_are_reloaded(chromium, gateway, stack):
    driver = chromium.driver
    tabs = twenty_tabs_at_login(chromium, gateway, stack)
    for tab in tabs:
        driver.switch_to.window(tab)
        chromium.without_scripts()
        driver.refresh()
    driver.switch_to.window(tabs[7])
    chromium.fill_in("bob@example.com", password_of("bob@example.com"))
    for number, tab in enumerate(tabs):
        driver.switch_to.window(tab)
        if number != 7:
            at_login(chromium, stack)
            driver.refresh()
        assert driver.current_url == f"{gateway}/echo/{number}", f"tab {number}"
        assert "bob@example.com" in chromium.text()


def test_the_page_of_my_sessions(chromium, gateway, stack):
    chromium.open(f"{gateway}/")
    chromium.fill_in("bob@example.com", password_of("bob@example.com"))
    chromium.open(f"{gateway}/_gatehouse/sessions")
    assert chromium.find("h1").text == "Where you are signed in"
    assert any("Chrome on" in entry.text for entry in chromium.all("li strong"))
    chromium.pictures("sessions")
    chromium.click("form[action*='end=everywhere'] button")
    with stack.nothing_reaches_an_application():
        chromium.open(f"{gateway}/")
        at_login(chromium, stack)
    assert chromium.complaints() == []


@pytest.fixture(scope="module")
def keeping(make_stack):
    stack = make_stack(
        "browser-kept-posts", lambda configuration: configuration["authService"].update(signIn={"keepPosts": "64KiB"}))
    yield stack
    stack.stop()


@pytest.mark.parametrize("kind", ["grpc", "http"])
def test_a_form_that_was_sent_too_late_arrives_after_the_sign_in(chromium, keeping, kind):
    url = keeping.grpc_url if kind == "grpc" else keeping.http_url
    chromium.open(f"{url}/public/form")
    chromium.driver.execute_script("""
        document.body.innerHTML = '<form method="post" action="/echo/save"><textarea name="text">one\\ntwo</textarea></form>';
        document.forms[0].submit();
    """)
    chromium.wait(lambda: chromium.all("#sign-in"), "page that keeps the form")
    chromium.pictures("kept")
    with keeping.nothing_reaches_an_application():
        chromium.click("#sign-in")
    before = keeping.hit_counts()
    chromium.fill_in("bob@example.com", password_of("bob@example.com"))
    chromium.wait(lambda: chromium.driver.current_url == f"{url}/echo/save", "the form's own address")
    assert '"method":"POST"' in chromium.text().replace(" ", "")
    assert keeping.new_hits(before).count("POST /echo/save") == 1
