"""Rules that ask for a better sign-in, with an outside provider that does what a test tells it to."""
import base64
import json
import secrets
import time

import pytest

from support.client import Client, parameters
from support.fixtures import outside_fixture
from support.ports import free_ports
from support.scripted_provider import ScriptedProvider
from support.stack import COOKIE


class SteppingProvider(ScriptedProvider):
    """Notes what it is asked, and says of the sign-in what the test wants."""

    asked: list[dict] = []
    says: dict = {}

    def claims(self, nonce):
        return super().claims(nonce) | self.says

    def answer(self, handler, body):
        if handler.path.startswith("/authorize"):
            self.asked.append({name: values[0] for name, values in parameters(handler.path).items()})
        super().answer(handler, body)


@pytest.fixture(scope="module")
def provider():
    provider = SteppingProvider(free_ports(1)[0], "outside-client", secrets.token_urlsafe(24))
    yield provider
    provider.stop()


stepping = outside_fixture("step-up", {"rules": [
    {"paths": ["/echo/fresh"], "allow": "signedIn", "maxAge": "5m"},
    {"paths": ["/echo/mfa"], "allow": "signedIn", "acr": ["mfa"]},
    {"paths": ["/echo/otp"], "allow": "signedIn", "amr": ["otp", "hwk"]},
    {"paths": ["/echo/audience"], "allow": "signedIn", "audience": "payroll"},
    {"paths": ["/echo/api"], "allow": "signedIn", "maxAge": "5m", "acr": ["mfa"], "api": True},
]})


@pytest.fixture(params=["grpc", "http"])
def url(request, stepping, provider) -> str:
    provider.reset()
    provider.asked, provider.says = [], {}
    return stepping.grpc_url if request.param == "grpc" else stepping.http_url


def signed_in(url: str) -> Client:
    client = Client()
    assert client.follow(client.get(f"{url}/")).status_code == 200
    return client


CASES = [
    ("fresh", {"max_age": "300"}, lambda: {"auth_time": int(time.time()) - 10}, lambda: {"auth_time": int(time.time()) - 1000}),
    ("fresh", {"max_age": "300"}, lambda: {"auth_time": int(time.time())}, dict),
    ("mfa", {"acr_values": "mfa"}, lambda: {"acr": "mfa"}, lambda: {"acr": "pwd"}),
    ("mfa", {"acr_values": "mfa"}, lambda: {"acr": "mfa"}, dict),
    ("otp", {"prompt": "login"}, lambda: {"amr": ["pwd", "otp"]}, lambda: {"amr": ["pwd"]}),
    ("otp", {"prompt": "login"}, lambda: {"amr": ["hwk"]}, dict),
]


@pytest.mark.parametrize(("path", "asks", "good", "bad"), CASES)
def test_a_rule_asks_for_a_better_sign_in_and_leads_back(stepping, provider, url, path, asks, good, bad):
    provider.says = bad()
    client = signed_in(url)
    before, old = stepping.hit_counts(), client.cookie(COOKIE)
    provider.says = good()
    response = client.follow(client.get(f"{url}/echo/{path}?keep=1"))
    assert response.status_code == 200 and response.url == f"{url}/echo/{path}?keep=1"
    assert asks.items() <= provider.asked[-1].items()
    assert client.cookie(COOKIE) != old
    assert len(stepping.new_hits(before)) == 1
    assert len(provider.asked) == 2
    assert client.get(f"{url}/echo/{path}").status_code == 200 and len(provider.asked) == 2


@pytest.mark.parametrize(("path", "asks", "good", "bad"), CASES)
def test_a_provider_that_does_not_do_it_ends_at_a_page(stepping, provider, url, path, asks, good, bad):
    client = signed_in(url)
    provider.says = bad()
    with stepping.nothing_reaches_an_application():
        response = client.follow(client.get(f"{url}/echo/{path}"))
    assert response.status_code == 400 and "stronger sign-in" in response.text
    assert len(provider.asked) == 2, "asked once, and not again"
    assert client.get(f"{url}/").status_code == 200, "the session that there was goes on"


def test_the_session_is_looked_at_whatever_the_sign_in_page_was_told(stepping, provider, url):
    """Somebody takes the demand out of the way to the provider: the rule asks again."""
    client = Client()
    client.follow(client.get(f"{url}/_gatehouse/sign-in?rd=/"))
    with stepping.nothing_reaches_an_application():
        response = client.get(f"{url}/echo/mfa")
    assert response.status_code == 302 and parameters(response.headers["location"])["acr_values"] == ["mfa"]


def test_programs_are_told_what_is_missing(stepping, url):
    client = signed_in(url)
    with stepping.nothing_reaches_an_application():
        response = client.get(f"{url}/echo/api", headers={"accept": "application/json"})
    challenge = response.headers["www-authenticate"]
    assert response.status_code == 401 and response.json()["error"] == "insufficient_user_authentication"
    assert challenge.startswith("Bearer ") and 'error="insufficient_user_authentication"' in challenge
    assert 'max_age="300"' in challenge and 'acr_values="mfa"' in challenge


@pytest.mark.parametrize(("path", "audience"), [("audience", "payroll"), ("other", "apps")])
def test_the_assertion_is_for_the_rules_audience(url, path, audience):
    """Envoy verifies it before the request goes on."""
    response = signed_in(url).get(f"{url}/echo/{path}")
    assert response.status_code == 200
    token = response.json()["headers"]["x-gatehouse-assertion"][0]
    payload = token.split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["aud"] == audience
