"""Who tries passwords has to wait; who has been here before does not have to wait for strangers."""
import re
import secrets
import time
import urllib.parse

import pytest

from support.client import NAVIGATION, Client
from support.html import Page
from support.ledger import LEDGER
from support.provider_clients import audit_lines
from support.sso import answer, authorize_url
from support.stack import password_of

WRONG = LEDGER.add("wrong-" + secrets.token_hex(8), "wrong password")
DEVICE = "gatehouse_device"


@pytest.fixture(scope="module")
def own(make_stack):
    """A stack of these tests' own."""
    stack = make_stack("slow-down")
    yield stack
    stack.stop()


class Guesser:
    """A browser somewhere in the network, as the gateway tells it."""

    def __init__(self, own, address: str, browser: Client | None = None):
        self.own, self.address, self.browser = own, address, browser

    def send(self, login: str, password: str):
        browser = self.browser or Client()
        # Straight to the web listener, which believes what a proxy says.
        base, web = self.own.grpc_url, f"http://localhost:{self.own.ports.web}"
        headers = NAVIGATION | {"x-forwarded-for": self.address, "host": urllib.parse.urlsplit(base).netloc}
        page = browser.get(authorize_url(self.own, self.own.apps_account, prompt="login").replace(base, web), headers=headers)
        while page.status_code == 303:
            page = browser.get(web + page.headers["location"].removeprefix(base), headers=headers)
        form = Page(page.url, page.text).form_with("login", "password")
        return browser.post(
            web + urllib.parse.urlsplit(form.action).path, data=form.fields | {"login": login, "password": password}, headers=headers)

    def signs_in(self, login: str, password: str) -> bool:
        response = self.send(login, password)
        return response.status_code == 303 and "code=" in response.headers["location"]

    def guess(self, login: str, tries: int) -> None:
        for _ in range(tries):
            self.send(login, WRONG)

    def free_tries(self, login: str, burst: int, every: int):
        """Sends wrong passwords until it has to wait, which is the answer. `{}` in the login is another each time."""
        began = time.monotonic()
        for count in range(burst * 3):
            response = self.send(login.format(count), WRONG)
            if response.status_code == 429:
                # On a slow machine some tries come back meanwhile.
                assert burst <= count <= burst + (time.monotonic() - began) / every + 1
                return response
            assert response.status_code == 401
        raise AssertionError(f"no wait after {burst * 3} tries")


def test_a_network_waits_after_twenty_tries(own):
    refused = {}
    for login in ("admin@example.com", "nobody@example.com"):
        refused[login] = Guesser(own, "198.51.100.7").free_tries(login, 20, every=10)
        seconds = int(refused[login].headers["retry-after"])
        assert 1 <= seconds <= 10 and f"Try again in {seconds} seconds." in refused[login].text
        reference = re.search(r"<code>([A-Z0-9]{10})</code>", refused[login].text)[1]
        assert audit_lines(own, event="sign_in_failed", reference=reference, reason="too many wrong passwords")
    known, unknown = (
        re.sub(r"in \d+ seconds", "", Page(response.url, response.text).words).replace(login, "") for login, response in refused.items())
    assert known == unknown, "nobody learns who has an account"


def test_a_victim_does_not_wait_for_strangers(own):
    password = password_of("bob@example.com")
    home = Guesser(own, "192.0.2.1", Client())
    assert home.signs_in("bob@example.com", password)
    for network in range(4):
        Guesser(own, f"203.0.{network}.1").guess("bob@example.com", 15)
    assert Guesser(own, "203.1.0.1").send("bob@example.com", password).status_code == 429, "a stranger as any other"
    assert Guesser(own, "192.0.2.200").signs_in("bob@example.com", password), "from a network of theirs"
    assert Guesser(own, "203.1.0.1", home.browser).signs_in("bob@example.com", password), "with a browser of theirs, anywhere"


def test_the_browsers_cookie_is_for_its_account_only(own):
    browser = Client()
    assert Guesser(own, "192.0.2.1", browser).signs_in("bob@example.com", password_of("bob@example.com"))
    cookie = browser.cookie(DEVICE)
    assert cookie and "bob" not in cookie
    thief = Client()
    thief.set_cookie(DEVICE, cookie)
    Guesser(own, "198.51.103.1", thief).free_tries("bob@example.com", 10, every=10)
    Guesser(own, "198.51.104.1", thief).free_tries("carol@example.com", 20, every=10)


def test_spraying_over_accounts_waits_too(own):
    Guesser(own, "198.51.105.1").free_tries("user-{}@example.com", 60, every=2)


def test_nothing_is_stored_and_the_process_lives_on(own):
    with own.nothing_comes_of_it():
        for index in range(25):
            Guesser(own, f"198.51.{110 + index}.1").send("bob@example.com", WRONG)
    assert answer(Client().get(authorize_url(own, own.apps_account, prompt="none")))["error"] == "login_required"
