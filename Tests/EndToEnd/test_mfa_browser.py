"""A person with a real browser sets up a second factor, scans the picture, and signs in with the code."""
import subprocess
import urllib.parse

import pytest

from support.chromium import Chromium
from support.clock import Clock
from support.logout_listener import LogoutListener
from support.ports import free_ports
from support.sso import authorize_url
from support.stack import ClientAccount, password_of
from support.totp import PERIOD, Authenticator
from test_sso_browser import at_client, speak

BOB, ADMIN = "bob@example.com", "admin@example.com"
LANGUAGES = {
    "en": "Enter your code", "de": "Geben Sie Ihren Code ein", "fr": "Saisissez votre code", "es": "Introduzca su código",
    "it": "Inserisca il Suo codice", "pt": "Digite o seu código", "el": "Πληκτρολογήστε τον κωδικό σας", "ja": "コードを入力してください", "zh": "请输入您的验证码", "ar": "أدخل الرمز",
}


@pytest.fixture(scope="module")
def client():
    listener = LogoutListener(free_ports(1)[0])
    yield listener
    listener.stop()


@pytest.fixture(scope="module")
def account(client):
    return ClientAccount("calendar", "", f"{client.url}/callback")


@pytest.fixture(scope="module")
def setting(make_stack, account):
    def change(configuration):
        configuration["provider"]["mfa"] = {"required": "always"}
        configuration["provider"]["clients"].append({
            "id": account.id, "secret": {"env": "APP_SECRET"}, "name": "Team calendar", "redirectURIs": [account.redirect_uri]})

    stack = make_stack("mfa-browser", change, start=False)
    clock = Clock(stack)
    stack.start()
    yield stack, clock
    stack.stop()


@pytest.fixture
def chromium(artifacts):
    browser = Chromium(artifacts / "screenshots", "mfa")
    yield browser
    browser.close()


def scanned(chromium: Chromium) -> str:
    """What a camera reads off the picture."""
    picture = chromium.screenshots / "mfa-scanned.png"
    assert chromium.find("svg").screenshot(str(picture))
    return subprocess.run(
        ["zbarimg", "--quiet", "--raw", picture], capture_output=True, text=True, timeout=30, check=True).stdout.strip()


def enter(chromium: Chromium, code: str) -> None:
    chromium.find("input[name=code]").send_keys(code)
    chromium.click("form button")


def test_from_the_picture_to_the_application(chromium, setting, account):
    own, clock = setting
    chromium.open(authorize_url(own, account))
    chromium.fill_in(BOB, password_of(BOB))
    app = Authenticator(chromium.driver.page_source, clock)
    for scheme in ("light", "dark"):
        chromium.colours(scheme)
        uri = urllib.parse.urlsplit(scanned(chromium))
        assert uri.scheme == "otpauth" and urllib.parse.parse_qs(uri.query)["secret"] == [app.text], scheme
    chromium.pictures("enrolment")
    assert chromium.driver.switch_to.active_element.get_attribute("name") == "code"
    enter(chromium, "000000")
    assert chromium.find("#error").is_displayed() and scanned(chromium).find(app.text) > 0, "the same key as before"
    enter(chromium, app.code())
    codes = app.take_codes(chromium.driver.page_source)
    chromium.pictures("recovery-codes")
    chromium.click("form button")
    assert at_client(chromium, account)

    chromium.open(f"{own.issuer}/second-factors")
    assert len(chromium.all(".entries > li")) == 2
    chromium.pictures("list")
    chromium.open(f"{own.issuer}/logout")
    chromium.click("form button")
    clock.move(clock.seconds + PERIOD)
    chromium.open(authorize_url(own, account))
    chromium.fill_in(BOB, password_of(BOB))
    assert "Enter your code" in chromium.text()
    chromium.pictures("code")
    enter(chromium, codes[3])
    assert at_client(chromium, account)
    assert chromium.complaints() == []


def test_in_every_language_and_without_scripts(chromium, setting, account):
    own, clock = setting
    chromium.without_scripts()
    chromium.open(authorize_url(own, account))
    chromium.fill_in(ADMIN, password_of(ADMIN))
    app = Authenticator(chromium.driver.page_source, clock)
    enter(chromium, app.code())
    app.take_codes(chromium.driver.page_source)
    chromium.click("form button")
    assert at_client(chromium, account)
    for language, heading in LANGUAGES.items():
        speak(chromium, language)
        chromium.open(authorize_url(own, account, prompt="login"))
        chromium.fill_in(ADMIN, password_of(ADMIN))
        assert heading in chromium.text()
        chromium.pictures(f"code-{language}")
    clock.move(clock.seconds + PERIOD)
    enter(chromium, app.code())
    assert at_client(chromium, account)
