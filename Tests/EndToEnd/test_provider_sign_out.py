"""Signing out at the provider: asked for, by a client, and told to all clients, whatever happens meanwhile (areas C and J)."""
import json
import urllib.parse

import pytest
import requests
from cryptojwt import KeyJar
from idpyoidc.message.oidc.session import BackChannelLogoutRequest

from support import jws
from support.client import Client
from support.code_flow import refresh
from support.html import Page
from support.logout_listener import LogoutListener
from support.ports import free_ports
from support.sso import SSO_COOKIE, answer, authorize, eventually, is_login, sign_in, tokens


@pytest.fixture(scope="module")
def listeners():
    found = [LogoutListener(port) for port in free_ports(2)]
    yield found
    for listener in found:
        listener.stop()


@pytest.fixture(scope="module")
def own(make_stack, listeners):
    def change(configuration):
        for client, listener in zip(configuration["provider"]["clients"][1:], listeners):
            client["backChannelLogoutURI"] = f"{listener.url}/logout"
            client["postLogoutRedirectURIs"] = [f"{listener.url}/bye?x=1"]
        configuration["provider"]["clients"][2]["frontChannelLogoutURI"] = f"{listeners[1].url}/frame"

    stack = make_stack("provider-sign-out", change)
    yield stack
    stack.stop()


@pytest.fixture(autouse=True)
def good_again(listeners):
    for listener in listeners:
        listener.status, listener.delay = 200, 0
        listener.tokens.clear()
        listener.frames.clear()


@pytest.fixture
def browser(own):
    """Bob is signed in at the first client, the second, and behind the gateway."""
    browser = Client()
    browser.granted = tokens(own, own.apps_account, sign_in(browser, own, own.apps_account))
    assert answer(authorize(browser, own, own.other_account)).get("code")
    assert browser.follow(browser.get(f"{own.grpc_url}/echo/")).status_code == 200 and passes(browser, own)
    return browser


def passes(browser: Client, stack) -> bool:
    """Whether the session behind the gateway is there still: programs are not led to a sign-in."""
    return browser.get(f"{stack.grpc_url}/echo/", headers={"accept": "application/json"}).status_code == 200


def logout_url(stack, **query: str) -> str:
    return f"{stack.issuer}/logout?{urllib.parse.urlencode(query)}"


def verified(stack, account, token: str) -> dict:
    """The logout token as idpyoidc reads it."""
    keys = KeyJar()
    keys.import_jwks(requests.get(f"{stack.issuer}/keys", timeout=5).json(), stack.issuer)
    request = BackChannelLogoutRequest(logout_token=token)
    assert request.verify(keyjar=keys, iss=stack.issuer, aud=account.id, allowed_sign_alg="RS256")
    return request["__verified_logout_token"].to_dict()


def test_every_client_is_told_and_the_auth_service_of_the_same_process_too(own, listeners, browser):
    first, second = listeners
    response = browser.get(logout_url(
        own, id_token_hint=browser.granted["id_token"], post_logout_redirect_uri=f"{first.url}/bye?x=1", state="a b"))
    assert response.status_code == 200 and f'src="{second.url}/frame?iss=' in response.text
    assert response.headers["refresh"] == f"4; url={first.url}/bye?x=1&state=a%20b"
    assert f"frame-src {second.url}" in response.headers["content-security-policy"]
    first.wait_for(1), second.wait_for(1)
    claims = jws.claims_of(browser.granted["id_token"])
    for account, listener in ((own.apps_account, first), (own.other_account, second)):
        told = verified(own, account, listener.tokens[0])
        assert told["sub"] == claims["sub"] and told["sid"] == claims["sid"] and told["jti"]
        assert json.loads(jws.decoded(listener.tokens[0].split(".")[0]))["typ"] == "logout+jwt"
    eventually(lambda: not passes(browser, own), "end of the session behind the gateway", timeout=3)
    assert is_login(authorize(browser, own, own.apps_account))
    assert refresh(own, own.apps_account, browser.granted["refresh_token"]).json()["error"] == "invalid_grant"
    assert own.rows("logout_notices") == 0 or eventually(lambda: own.rows("logout_notices") == 0, "empty outbox")


def test_what_did_not_arrive_is_sent_again_over_a_restart(own, listeners, browser):
    first, second = listeners
    second.status = 503
    first.stop()
    browser.get(logout_url(own, id_token_hint=browser.granted["id_token"]))
    second.wait_for(1)
    eventually(lambda: own.rows("logout_notices") == 2, "delivery to the auth service of the same process")
    own.gatehouse.kill()
    assert own.rows("logout_notices") == 2
    first.start()
    second.status = 204
    own.start_gatehouse()
    # What an attempt had taken when the process died is free again after some seconds.
    first.wait_for(1, timeout=40)
    second.wait_for(2, timeout=40)
    ids = {jws.claims_of(token)["jti"] for token in second.tokens}
    assert len(ids) == len(second.tokens), "every attempt has its own jti"
    eventually(lambda: own.rows("logout_notices") == 0, "empty outbox")


def test_the_page_asks_without_an_id_token(own, browser):
    page = browser.get(logout_url(own))
    assert "bob@example.com" in page.text and passes(browser, own)
    assert answer(authorize(browser, own, own.apps_account)).get("code")
    done = browser.submit(Page(page.url, page.text).forms[0])
    assert done.status_code == 200 and "You are signed out" in done.text
    assert browser.cookie(SSO_COOKIE) in (None, "")
    assert is_login(authorize(browser, own, own.apps_account))


@pytest.mark.parametrize("target, is_registered", [("/bye?x=1", True), ("/bye", False), ("/bye?x=1#f", False), ("/", False)])
def test_only_registered_addresses_get_the_browser(own, listeners, browser, target, is_registered):
    url = listeners[0].url + target
    answered = browser.get(logout_url(own, id_token_hint=browser.granted["id_token"], post_logout_redirect_uri=url))
    if is_registered:
        assert answered.headers["refresh"] == f"4; url={url}"
    else:
        assert answered.status_code == 400 and "location" not in answered.headers and "refresh" not in answered.headers
        assert answer(authorize(browser, own, own.apps_account)).get("code")


def test_j1_an_image_ends_nothing(own, browser):
    for url in (logout_url(own), logout_url(own, client_id="app"), logout_url(own, id_token_hint="x")):
        browser.get(url, headers={"accept": "image/*", "sec-fetch-mode": "no-cors", "sec-fetch-site": "cross-site", "sec-fetch-dest": "image"})
    assert answer(authorize(browser, own, own.apps_account)).get("code")


def test_j3_the_id_token_of_another_ends_only_the_others_session(own, browser):
    other = Client()
    granted = tokens(own, own.apps_account, sign_in(other, own, own.apps_account, email="admin@example.com"))
    browser.get(logout_url(own, id_token_hint=granted["id_token"]))
    assert answer(authorize(browser, own, own.apps_account)).get("code")
    assert is_login(authorize(other, own, own.apps_account))


def test_signing_out_behind_the_gateway_tells_all_clients(own, listeners, browser):
    page = browser.get(f"{own.grpc_url}/_gatehouse/sign-out")
    left = browser.follow(browser.submit(Page(page.url, page.text).forms[0]))
    assert left.status_code == 200
    for listener in listeners:
        listener.wait_for(1)
    assert is_login(authorize(browser, own, own.apps_account))


def test_a_session_that_an_administrator_revokes_is_over_at_the_provider_too(own, listeners, browser):
    response = requests.post(f"http://127.0.0.1:{own.ports.admin}/api/sessions/revoke?user=bob%40example.com", timeout=10)
    assert response.status_code == 200, response.text
    listeners[0].wait_for(1)
    assert is_login(authorize(browser, own, own.apps_account))


def test_the_sessions_of_other_browsers_go_on(own, browser):
    other = Client()
    sign_in(other, own, own.apps_account)
    browser.get(logout_url(own, id_token_hint=browser.granted["id_token"]))
    assert answer(authorize(other, own, own.apps_account)).get("code")
