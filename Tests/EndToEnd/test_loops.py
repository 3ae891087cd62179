"""A browser that never brings what it was given is not sent round for ever: after three rounds a page says what to look at (A6)."""
import json
import re
import time

import pytest

from support.chromium import Chromium
from support.client import Client
from support.fixtures import both_gateways, outside_fixture
from support.html import Page
from support.stack import COOKIE


outside = outside_fixture("loops")


url = both_gateways("outside")


def assert_explained(stack, text: str) -> None:
    """The page says what happened, what people and administrators can look at, and names a line of the audit log."""
    assert "Signing in goes round in circles" in text
    for what in ("Allow cookies", "cookie domain", "https", "clock"):
        assert what in text
    reference = re.search(r"Reference:?\s+(\S+)", text)[1]
    lines = [json.loads(line) for line in stack.gatehouse.text().splitlines() if reference in line]
    assert lines and lines[0]["event"] == "sign_in_failed" and lines[0]["reason"], reference


def round_of(client: Client, url: str):
    """Opens the page, signs in, and loses the session on the way back."""
    page = f"{url}/echo/page"
    response = client.follow(client.get(page), until=lambda target: target == page)
    for cookie in [cookie for cookie in client.session.cookies if cookie.name == COOKIE]:
        client.session.cookies.clear(cookie.domain, cookie.path, cookie.name)
    return response


def test_a_browser_that_loses_its_session_is_told_after_three_rounds(outside, provider, url):
    client = Client()
    with outside.nothing_reaches_an_application():
        for _ in range(3):
            assert round_of(client, url).headers["location"] == f"{url}/echo/page", "signed in"
        asked = len(provider.requests)
        answer = round_of(client, url)
    assert answer.status_code == 400 and provider.requests[asked:] == [], "the provider is left alone"
    assert_explained(outside, Page(answer.url, answer.text).text)
    program = client.get(f"{url}/_gatehouse/sign-in?rd=/echo/", headers={"accept": "application/json"})
    assert program.status_code == 400 and program.json()["error"] == "sign_in_loop"
    # A minute later it may try again, and whoever brings the session is in.
    time.sleep(61)
    assert client.follow(client.get(f"{url}/echo/page")).status_code == 200


def test_another_browser_is_not_concerned(url):
    client = Client()
    for _ in range(4):
        answer = round_of(client, url)
    assert answer.status_code == 400
    other = Client()
    assert other.follow(other.get(f"{url}/echo/page")).status_code == 200


@pytest.fixture
def chromium(artifacts):
    browser = Chromium(artifacts / "screenshots", "loops", blocks_cookies=True)
    yield browser
    browser.close()


def test_chromium_with_cookies_blocked(outside, provider, chromium, url):
    asked = len(provider.requests)
    with outside.nothing_comes_of_it():
        chromium.open(f"{url}/echo/page")
        chromium.wait(lambda: "circles" in chromium.text(), "page that explains")
    assert provider.requests[asked:].count("GET /authorize") == 3
    assert_explained(outside, chromium.text())
    chromium.pictures("loop")
