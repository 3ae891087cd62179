"""A person with a real browser who signs in elsewhere: cookies, redirects and `form-action` as Chromium has them."""
import secrets
import urllib.parse

import pytest

from support.chromium import Chromium
from support.fixtures import upstream_fixture
from support.ledger import LEDGER
from support.logout_listener import LogoutListener
from support.ports import free_ports
from support.upstreams import UpstreamStack

SECRET = LEDGER.add(secrets.token_urlsafe(24), "secret at the upstream")


upstream = upstream_fixture(SECRET)


@pytest.fixture(scope="module")
def place(artifacts, upstream):
    stack = UpstreamStack(artifacts / "logs" / "connectors-browser", [{
        "id": "corp", "type": "oidc", "name": "Company account", "oidc": {
            "issuer": upstream.issuer, "clientID": upstream.client_id, "clientSecret": {"env": "UPSTREAM_SECRET"}}}])
    listener = LogoutListener(free_ports(1)[0])
    stack.apps_account.redirect_uri = f"{listener.url}/callback"
    client = next(client for client in stack.configuration["provider"]["clients"] if client["id"] == stack.apps_account.id)
    client["redirectURIs"] = [stack.apps_account.redirect_uri]
    stack.further_environment = {"UPSTREAM_SECRET": SECRET}
    stack.start()
    yield stack
    stack.kill()
    listener.stop()


@pytest.fixture
def chromium(artifacts):
    browser = Chromium(artifacts / "screenshots", "connectors")
    yield browser
    browser.close()


def test_the_whole_way_and_another_account(chromium, place, upstream):
    def at_client() -> bool:
        return chromium.driver.current_url.startswith(place.apps_account.redirect_uri)

    chromium.open(place.authorization_url())
    chromium.pictures("choice")
    chromium.click('a[href*="/auth/corp/login"]')
    chromium.wait(at_client, "being at the client")
    assert place.claims_of(place.tokens_at(chromium.driver.current_url))["email"] == "eve@example.org"
    # Another one: the form's redirects may not lead elsewhere, a link may.
    chromium.open(place.authorization_url("corp", prompt="select_account"))
    chromium.click('button[value=""]')
    upstream.subject = "subject-2"
    chromium.click('a[href*="/auth/corp/login"]')
    chromium.wait(at_client, "being at the client")
    place.tokens_at(chromium.driver.current_url)
    assert chromium.complaints() == []


def test_a_refusal(chromium, place, upstream):
    upstream.callback = lambda sent: {"error": "access_denied", "state": sent["state"], "iss": sent["iss"]}
    chromium.open(place.authorization_url("corp"))
    chromium.wait(lambda: "Company account was cancelled" in chromium.text(), "the page")
    chromium.pictures("denied")
    assert urllib.parse.urlsplit(chromium.driver.current_url).path == "/dex/callback"
    upstream.reset()
    chromium.click('a[href*="/auth/corp/login"]')
    chromium.wait(lambda: chromium.driver.current_url.startswith(place.apps_account.redirect_uri), "being at the client")
