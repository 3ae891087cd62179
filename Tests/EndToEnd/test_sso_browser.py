"""A person with a real browser at the provider: choosing an account, allowing an application, staying signed in, signing out."""
import time

import pytest

from support import accessibility
from support.chromium import Chromium
from support.logout_listener import LogoutListener
from support.ports import free_ports
from support.sso import authorize_url
from support.stack import ClientAccount, password_of

BOB, ADMIN = "bob@example.com", "admin@example.com"


@pytest.fixture(scope="module")
def client():
    """Stands where the browser is sent with its code, is told of sign-outs, and is loaded in frames."""
    listener = LogoutListener(free_ports(1)[0])
    yield listener
    listener.stop()


@pytest.fixture(scope="module")
def account(client):
    return ClientAccount("calendar", "", f"{client.url}/callback")


@pytest.fixture(scope="module")
def own(make_stack, client, account):
    def change(configuration):
        configuration["provider"]["clients"].append({
            "id": account.id, "secret": {"env": "APP_SECRET"}, "name": "Team calendar", "redirectURIs": [account.redirect_uri],
            "postLogoutRedirectURIs": [f"{client.url}/bye"], "frontChannelLogoutURI": f"{client.url}/frame", "skipConsent": False,
        })

    stack = make_stack("sso-browser", change)
    yield stack
    stack.stop()


@pytest.fixture
def chromium(artifacts):
    browser = Chromium(artifacts / "screenshots", "sso")
    yield browser
    browser.close()


def url(stack, account, **changes) -> str:
    return authorize_url(stack, account, scope="openid email profile groups offline_access reports", **changes)


def speak(chromium: Chromium, language: str) -> None:
    chromium.driver.execute_cdp_cmd("Network.enable", {})
    chromium.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": language}})


def at_client(chromium: Chromium, account) -> bool:
    return chromium.driver.current_url.startswith(account.redirect_uri)


LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "el", "ja", "zh-Hans", "ar"]
# Of each script, and what is longest.
SOME_LANGUAGES = ["en", "el", "ja", "pt", "ar"]


def test_an_application_is_allowed_and_an_account_chosen(chromium, own, account):
    chromium.open(url(own, account))
    assert chromium.find("input[name=remember]").is_selected() is False
    chromium.pictures("login")
    chromium.fill_in(BOB, password_of(BOB))
    for language in LANGUAGES:
        speak(chromium, language)
        chromium.open(url(own, account))
        assert chromium.all("button[name=decision]") and "Team calendar" in chromium.find("h1").text
        chromium.pictures(f"consent-{language}")
    speak(chromium, "en")
    chromium.open(url(own, account))
    chromium.click("button[value=allow]")
    assert at_client(chromium, account)
    chromium.open(url(own, account))
    assert at_client(chromium, account), "what was allowed is remembered"

    chromium.open(url(own, account, prompt="select_account"))
    chromium.click("button.button:not(.quiet)")
    chromium.fill_in(ADMIN, password_of(ADMIN))
    chromium.click("button[value=allow]")
    for language in SOME_LANGUAGES:
        speak(chromium, language)
        chromium.open(url(own, account))
        assert [BOB in button.text or ADMIN in button.text for button in chromium.all("button.account")] == [True, True]
        chromium.pictures(f"accounts-{language}")
    speak(chromium, "en")
    chromium.open(url(own, account))
    next(button for button in chromium.all("button.account") if BOB in button.text).click()
    chromium.wait(lambda: at_client(chromium, account), "the client")

    chromium.open(f"{own.issuer}/consents")
    assert len(chromium.all(".entries > li")) == 2
    chromium.pictures("consents")
    chromium.click(".entries form button")
    assert len(chromium.all(".entries > li")) == 1
    assert chromium.complaints() == []


def test_the_keyboard_reaches_everything_in_order(chromium, own, account):
    """The login page, that page with an error, and the page that asks for consent."""
    chromium.open(url(own, account))
    accessibility.assert_usable_by_keyboard(chromium.driver, "login", chromium.tab)
    chromium.fill_in(BOB, "not-the-password")
    field = chromium.find("input[name=password]")
    assert chromium.find(f"#{field.get_attribute('aria-describedby')}").text and field.get_attribute("aria-invalid") == "true"
    assert chromium.driver.switch_to.active_element == field, "what has to be typed again"
    accessibility.assert_usable_by_keyboard(chromium.driver, "wrong password", chromium.tab)
    chromium.fill_in(ADMIN, password_of(ADMIN))
    chromium.open(url(own, account, prompt="consent"))
    accessibility.assert_usable_by_keyboard(chromium.driver, "consent", chromium.tab)


def test_without_scripts(chromium, own, account):
    chromium.without_scripts()
    chromium.open(url(own, account))
    chromium.fill_in(ADMIN, password_of(ADMIN))
    if chromium.all("button[value=allow]"):
        chromium.click("button[value=allow]")
    assert at_client(chromium, account)
    chromium.open(url(own, account, prompt="select_account"))
    chromium.click("button.account")
    assert at_client(chromium, account)
    chromium.open(f"{own.issuer}/logout")
    chromium.click("form button")
    chromium.open(url(own, account))
    assert chromium.all("input[name=password]")


def test_with_the_keyboard_every_choice_can_be_reached(chromium, own, account):
    chromium.open(url(own, account))
    chromium.fill_in(ADMIN, password_of(ADMIN))
    chromium.open(url(own, account, prompt="consent"))
    names = [button.accessible_name for button in chromium.all("button[name=decision]")]
    assert names == ["Allow", "Do not allow"]
    chromium.find("button[value=deny]").send_keys("\n")
    chromium.wait(lambda: at_client(chromium, account), "the client")
    assert "error=access_denied" in chromium.driver.current_url


@pytest.mark.parametrize("is_remembered", [True, False])
def test_the_browser_is_closed(artifacts, own, account, tmp_path, is_remembered):
    profile = tmp_path / "profile"
    browser = Chromium(artifacts / "screenshots", "sso", profile)
    try:
        browser.open(url(own, account))
        if is_remembered:
            browser.find("input[name=remember]").click()
        browser.fill_in(BOB, password_of(BOB))
        cookie = next(cookie for cookie in browser.driver.get_cookies() if cookie["name"] == "gatehouse_sso") if not at_client(
            browser, account) else None
        assert cookie is None or ("expiry" in cookie) == is_remembered
        browser.open(url(own, account, prompt="consent"))
        time.sleep(1)  # the browser writes its cookies down in a moment
    finally:
        browser.close()
    browser = Chromium(artifacts / "screenshots", "sso", profile)
    try:
        browser.open(url(own, account, prompt="consent"))
        assert bool(browser.all("input[name=password]")) != is_remembered
    finally:
        browser.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_clients_in_frames_are_told_on_the_way_out(chromium, own, client, account, scripts):
    chromium.open(url(own, account))
    chromium.fill_in(ADMIN, password_of(ADMIN))
    if chromium.all("button[value=allow]"):
        chromium.click("button[value=allow]")
    client.frames.clear()
    if not scripts:
        chromium.without_scripts()
    chromium.open(f"{own.issuer}/logout?client_id={account.id}&post_logout_redirect_uri={client.url}/bye&state=s")
    chromium.pictures("sign-out")
    began = time.monotonic()
    chromium.click("form button")
    chromium.wait(lambda: chromium.driver.current_url == f"{client.url}/bye?state=s", "the client's page")
    assert time.monotonic() - began < (3.5 if scripts else 10)
    assert client.frames and client.frames[0]["iss"] == own.issuer and client.frames[0]["sid"]


def test_a_client_that_does_not_answer_holds_up_nobody(chromium, own, client, account):
    chromium.open(url(own, account))
    chromium.fill_in(ADMIN, password_of(ADMIN))
    if chromium.all("button[value=allow]"):
        chromium.click("button[value=allow]")
    chromium.open(f"{own.issuer}/logout?client_id={account.id}&post_logout_redirect_uri={client.url}/bye")
    client.delay = 20
    try:
        began = time.monotonic()
        chromium.driver.set_page_load_timeout(60)
        chromium.find("form button").click()
        chromium.wait(lambda: chromium.driver.current_url == f"{client.url}/bye", "the client's page")
        assert time.monotonic() - began < 15
    finally:
        client.delay = 0
