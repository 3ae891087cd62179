"""Our relying party signs people in through providers that we did not write: one table of cases for each of them."""
import secrets
import time
import urllib.parse

import pytest

from support import jws
from support.client import Client, parameters
from support.foreign_provider import ForeignProvider
from support.glewlwyd import Glewlwyd
from support.html import Page
from support.ledger import LEDGER
from support.ports import free_ports
from support.stack import COOKIE
from test_refresh import audit_lines, make_due, wait_for

PROVIDERS = {"idpyoidc": ForeignProvider, "glewlwyd": Glewlwyd}


class Setting:
    """A Gatehouse without a provider of its own, and a foreign one beside it."""

    def __init__(self, make_stack, name: str):
        port = free_ports(1)[0]
        self.secret = secrets.token_urlsafe(24)
        kind = PROVIDERS[name]

        def change(configuration):
            configuration["authService"]["providers"] = [{
                "id": "foreign", "issuer": kind.issuer_at(port), "clientID": "rp", "clientSecret": {"file": "rp.secret"},
            } | kind.entry]
            del configuration["provider"]

        self.stack = make_stack(f"foreign-{name}", change, start=False)
        self.stack.write_secret("rp.secret", self.secret)
        # Started before the provider is there: neither the start nor the first refusals may spoil anything.
        self.stack.start()
        self.early = Client().get(f"{self.stack.grpc_url}/echo/")
        self.provider = kind(
            port, self.stack.folder, "rp", self.secret, [f"{url}/_gatehouse/callback" for url in self.stack.gateways])
        wait_for(lambda: Client().get(f"{self.stack.grpc_url}/echo/").status_code == 302, "recovery by itself", 20)

    def stop(self) -> None:
        self.provider.stop()
        self.stack.stop()

    def reply(self, client: Client, url: str):
        """Up to the redirect to our callback, which is not followed."""
        def is_ours(target: str) -> bool:
            return "/_gatehouse/callback" in target or self.provider.is_login(target)

        response = client.follow(client.get(url), until=is_ours)
        assert "location" in response.headers, (response.text[:300], self.provider.problems)
        if self.provider.is_login(response.headers["location"]):
            response = self.provider.sign_in(client, response)
        return client.follow(response, until=is_ours)

    def signed_in(self, gateway: str, path: str = "/echo/") -> tuple[Client, dict]:
        """A new browser, and what the application was told."""
        client = Client()
        response = client.follow(self.reply(client, f"{gateway}{path}"))
        assert response.status_code == 200, (response.text[:300], self.provider.problems, self.stack.gatehouse.tail())
        seen = response.json()
        LEDGER.add(seen["headers"]["x-gatehouse-assertion"][0], "assertion")
        return client, seen


@pytest.fixture(scope="module", params=PROVIDERS)
def setting(request, make_stack):
    setting = Setting(make_stack, request.param)
    yield setting
    setting.stop()


@pytest.fixture(params=["grpc_url", "http_url"])
def url(request, setting) -> str:
    return getattr(setting.stack, request.param)


def test_before_the_provider_is_there_nobody_gets_in(setting):
    assert setting.early.status_code == 503


def test_signing_in(setting, url):
    _, seen = setting.signed_in(url, "/echo/where?x=1")
    assert seen["path"] == "/echo/where?x=1"
    assert seen["headers"]["kubeflow-userid"] == ["diana@example.org"]
    claims = jws.claims_of(seen["headers"]["x-gatehouse-assertion"][0])
    assert claims["idp"] == setting.provider.issuer and claims["sub"] and claims["name"] == "Diana Prince"
    assert set(setting.provider.steps) <= set(setting.provider.requests)
    assert setting.provider.problems == []


def test_the_same_person_is_the_same_to_applications(setting, url):
    subjects = {jws.claims_of(setting.signed_in(url)[1]["headers"]["x-gatehouse-assertion"][0])["sub"] for _ in range(2)}
    assert len(subjects) == 1


def test_discovery_and_keys_are_fetched_once_for_many_sign_ins(setting, url):
    setting.signed_in(url)
    before = len(setting.provider.requests)
    for _ in range(3):
        setting.signed_in(url)
    new = setting.provider.requests[before:]
    discovery, _, token, keys = setting.provider.steps
    assert new.count(token) == 3 and discovery not in new and keys not in new


def test_the_reply_counts_once_and_in_its_own_browser(setting, url):
    client, thief = Client(), Client()
    callback = setting.reply(client, f"{url}/echo/").headers["location"]
    with setting.stack.nothing_comes_of_it():
        assert thief.get(callback).status_code == 302 and thief.cookie(COOKIE) is None
    assert client.follow(client.get(callback)).status_code == 200
    with setting.stack.nothing_comes_of_it():
        assert Client().get(callback).status_code == 302


@pytest.mark.parametrize("change", [
    lambda query: query | {"code": ["made-up-code-1234"]}, lambda query: query | {"state": query["state"][0][:-1]},
    lambda query: query | {"iss": ["https://evil.example"]}, lambda query: {"error": ["access_denied"], "state": query["state"]},
], ids=["made-up code", "other state", "other issuer", "error"])
def test_a_reply_that_was_changed_signs_nobody_in(setting, url, change):
    client = Client()
    callback = setting.reply(client, f"{url}/echo/").headers["location"]
    query = change(parameters(callback))
    with setting.stack.nothing_comes_of_it():
        response = client.get(f"{callback.partition('?')[0]}?{urllib.parse.urlencode(query, doseq=True)}")
    assert response.status_code in (302, 400) and client.cookie(COOKIE) is None


def test_tokens_are_renewed(setting, url):
    client, _ = setting.signed_in(url)
    setting.provider.problems.clear()
    failed, token = len(audit_lines(setting.stack, "refresh_failed")), setting.provider.steps[2]
    for _ in range(2):
        before = setting.provider.requests.count(token)
        make_due(setting.stack)
        assert client.get(f"{url}/echo/").status_code == 200
        wait_for(lambda: setting.provider.requests.count(token) == before + 1, "refresh")
        time.sleep(0.5)
    assert client.get(f"{url}/echo/").status_code == 200
    assert len(audit_lines(setting.stack, "refresh_failed")) == failed and setting.provider.problems == []


def sign_out(client: Client, url: str):
    page = client.get(f"{url}/_gatehouse/sign-out?rd=%2Fpublic%2Fbye")
    return client.submit(Page(page.url, page.text).forms[0])


def test_a_sign_out_ends_the_session_here_and_asks_the_provider_to(setting, url):
    client, _ = setting.signed_in(url)
    cookie = client.cookie(COOKIE)
    response = sign_out(client, url)
    if setting.provider.end_session is None:
        assert "end_session_endpoint" not in setting.provider.discovery()
        assert response.headers["location"] == f"{url}/public/bye"
    else:
        assert response.headers["location"].startswith(setting.provider.end_session)
        asked = parameters(response.headers["location"])
        assert asked["post_logout_redirect_uri"] == [f"{url}/_gatehouse/sign-out"]
        response = setting.provider.sign_out(client, response)
        assert client.follow(response).url == f"{url}/public/bye"
    client.set_cookie(COOKIE, cookie)
    with setting.stack.nothing_comes_of_it():
        assert client.get(f"{url}/echo/", headers={"accept": "application/json"}).status_code == 401


def test_after_a_sign_out_the_refresh_token_is_of_no_use(setting, url):
    if not setting.provider.revocation:
        assert "revocation_endpoint" not in setting.provider.discovery()
        return
    client, _ = setting.signed_in(url)
    time.sleep(0.5)  # the revocations of other tests are done by then
    before = setting.provider.requests.count(setting.provider.revocation)
    sign_out(client, url)
    wait_for(lambda: setting.provider.requests.count(setting.provider.revocation) == before + 1, "revocation")
    assert setting.provider.is_revoked()


def test_a_client_secret_that_is_wrong_signs_nobody_in(setting):
    stack = setting.stack

    def restart(secret: str) -> None:
        stack.gatehouse.stop()
        stack.write_secret("rp.secret", secret)
        stack.start_gatehouse()
        for gateway in stack.gateways:
            stack.gatehouse.wait_until(lambda: Client().get(f"{gateway}/echo/").status_code == 302, "answers through Envoy")

    try:
        restart("another-" + setting.secret)
        for gateway in stack.gateways:
            client = Client()
            callback = setting.reply(client, f"{gateway}/echo/").headers["location"]
            with stack.nothing_comes_of_it():
                response = client.get(callback)
            # idpyoidc's own error is one of the server's.
            assert response.status_code in (400, 503) and "eference" in response.text and client.cookie(COOKIE) is None
    finally:
        restart(setting.secret)
    setting.signed_in(stack.grpc_url)
