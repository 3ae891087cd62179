"""Passkeys with a real browser, whose authenticator is Chromium's virtual one."""
import re

import pytest

from support.chromium import Chromium
from support.ledger import LEDGER
from support.logout_listener import LogoutListener
from support.ports import free_ports
from support.sso import authorize_url
from support.stack import ClientAccount, hash_of, password_of

ADA = "ada@example.com"
LANGUAGES = {
    "en": "Sign in with a passkey", "de": "Mit Passkey anmelden", "fr": "clé d’accès", "es": "llave de acceso",
    "it": "Accedi con una passkey", "pt": "Entrar com uma chave de acesso", "el": "κλειδί πρόσβασης", "ja": "パスキーでサインイン", "zh-Hans": "使用通行密钥登录", "ar": "تسجيل الدخول بمفتاح مرور",
}


@pytest.fixture(scope="module")
def client():
    """Stands where the browser is sent with its code."""
    listener = LogoutListener(free_ports(1)[0])
    yield listener
    listener.stop()


@pytest.fixture(scope="module")
def own(make_stack, client):
    def change(configuration):
        configuration["provider"]["users"].append({"email": ADA, "hash": hash_of(ADA), "name": "Ada", "groups": []})
        configuration["provider"]["clients"].append({
            "id": "passkey-app", "secret": {"env": "APP_SECRET"}, "name": "Team calendar",
            "redirectURIs": [f"{client.url}/callback"]})
        LEDGER.add(hash_of(ADA), f"hash of {ADA}")

    stack = make_stack("passkeys-browser", change)
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def account(client):
    return ClientAccount("passkey-app", "", f"{client.url}/callback")


@pytest.fixture
def chromium(artifacts):
    browser = Chromium(artifacts / "screenshots", "passkeys")
    yield browser
    browser.close()


def virtual_authenticator(chromium: Chromium, **changes) -> str:
    """A platform's authenticator, with a user who is there and verified."""
    chromium.driver.execute_cdp_cmd("WebAuthn.enable", {})
    return chromium.driver.execute_cdp_cmd("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True} | changes})["authenticatorId"]


def credentials(chromium: Chromium, authenticator: str) -> list[dict]:
    return chromium.driver.execute_cdp_cmd("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]


def speak(chromium: Chromium, language: str) -> None:
    chromium.driver.execute_cdp_cmd("Network.enable", {})
    chromium.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": language}})


def press(chromium: Chromium) -> None:
    """Presses the passkey's button; the script sends the form."""
    chromium.click("form.passkey button")


def at_client(chromium: Chromium, account) -> bool:
    return chromium.driver.current_url.startswith(account.redirect_uri) and "code=" in chromium.driver.current_url


def fill_nothing_in(chromium: Chromium) -> None:
    """From now on as a browser that offers no passkeys in fields: the virtual authenticator would take up the offer at once."""
    chromium.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {
        "source": "PublicKeyCredential.isConditionalMediationAvailable = async () => false;"})


def forget(chromium: Chromium) -> None:
    chromium.driver.delete_all_cookies()
    chromium.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})


def test_a_passkey_is_made_and_used_alone_and_after_a_password(chromium, own, account):
    authenticator = virtual_authenticator(chromium)
    # Nobody has one yet: the login page has a password only.
    chromium.open(authorize_url(own, account))
    assert not chromium.all("form.passkey")
    chromium.fill_in(ADA, password_of(ADA))
    assert at_client(chromium, account)

    chromium.open(f"{own.issuer}/second-factors")
    chromium.pictures("list-empty")
    chromium.find("input[name=label]").send_keys("My laptop")
    press(chromium)
    assert "Your recovery codes" in chromium.text()
    for code in re.findall(r"<li><code>([^<]+)</code>", chromium.driver.page_source):
        LEDGER.add(code, "recovery code")
    [credential] = credentials(chromium, authenticator)
    LEDGER.add(credential["privateKey"], "key of the virtual authenticator")
    assert credential["isResidentCredential"] and credential["rpId"] == "localhost"
    chromium.open(f"{own.issuer}/second-factors")
    assert "My laptop" in chromium.text()
    chromium.pictures("list")
    # The same authenticator makes no second one.
    chromium.find("form.passkey button").click()
    chromium.wait(lambda: "has a passkey for this account already" in chromium.text(), "answer")

    # Filled in by the browser, which knows nobody: the authenticator stands for somebody who picks it in the field.
    forget(chromium)
    chromium.open(authorize_url(own, account))
    chromium.wait(lambda: at_client(chromium, account), "sign-in without a button")
    [credential] = credentials(chromium, authenticator)
    assert credential["signCount"] > 1

    # Alone, by the button.
    fill_nothing_in(chromium)
    forget(chromium)
    chromium.open(authorize_url(own, account))
    assert chromium.find("input[name=login]").get_attribute("autocomplete") == "username webauthn"
    assert "Sign in with a passkey" in chromium.text()
    chromium.pictures("login")
    press(chromium)
    assert at_client(chromium, account)

    # As second factor.
    forget(chromium)
    chromium.open(authorize_url(own, account))
    chromium.fill_in(ADA, password_of(ADA))
    assert "Use a passkey" in chromium.text()
    chromium.pictures("second-factor")
    press(chromium)
    assert at_client(chromium, account)
    [credential] = credentials(chromium, authenticator)
    assert credential["signCount"] > 0

    # Whoever's authenticator does not verify them is not signed in by it alone.
    chromium.driver.execute_cdp_cmd("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    forget(chromium)
    chromium.open(authorize_url(own, account))
    chromium.find("form.passkey button").click()
    chromium.wait(lambda: "No passkey was used" in chromium.text(), "answer")
    assert not at_client(chromium, account)
    assert chromium.complaints() == []


def test_the_button_takes_the_place_of_what_waits(chromium, own, account):
    """Without anybody there to pick a passkey the page waits in silence; the button is heard nevertheless, and says what comes of it."""
    authenticator = virtual_authenticator(chromium, automaticPresenceSimulation=False)
    chromium.open(authorize_url(own, account))
    chromium.driver.set_script_timeout(10)
    assert chromium.driver.execute_async_script(
        "PublicKeyCredential.isConditionalMediationAvailable().then(arguments[0])"), "this browser offers passkeys in fields"
    assert not at_client(chromium, account) and not chromium.find("form.passkey [role=alert]").is_displayed()
    chromium.driver.execute_cdp_cmd("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    # An authenticator that has no passkey of anybody.
    virtual_authenticator(chromium)
    chromium.find("form.passkey button").click()
    chromium.wait(lambda: "No passkey was used" in chromium.text(), "answer")
    assert chromium.find("form.passkey button").is_enabled()
    chromium.fill_in(ADA, password_of(ADA))
    assert not at_client(chromium, account) and "Use a passkey" in chromium.text()


def test_the_button_is_in_every_language(chromium, own, account):
    for language, words in LANGUAGES.items():
        speak(chromium, language)
        chromium.open(authorize_url(own, account))
        assert words in chromium.find("form.passkey").text, language
        chromium.pictures(f"login-{language}")


def test_without_scripts_or_passkeys_the_page_says_so(chromium, own, account):
    chromium.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": "delete window.PublicKeyCredential;"})
    chromium.open(authorize_url(own, account))
    assert "This browser has no passkeys" in chromium.text()
    assert not chromium.find("form.passkey button").is_enabled()
    chromium.without_scripts()
    chromium.open(authorize_url(own, account))
    assert "Passkeys need JavaScript" in chromium.text()
    assert not chromium.find("form.passkey button").is_enabled()
    chromium.fill_in(ADA, password_of(ADA))
    assert "Passkeys need JavaScript" in chromium.text(), "and at the second step, where a recovery code does as well"
