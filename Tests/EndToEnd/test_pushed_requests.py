"""Pushed authorization requests (RFC 9126), request objects (RFC 9101), and how answers reach clients."""
import time
import urllib.parse

import pytest
from authlib.integrations.requests_client import OAuth2Session

from support.client import Client, parameters
from support.code_flow import CHALLENGE, VERIFIER, exchange, token_request
from support.fixtures import provider_fixture
from support.html import Page
from support.ledger import LEDGER
from support.provider_clients import (
    ASSERTION, CALLBACK, FOREIGN_KEY, KEY, as_client, assert_refused, audit_lines, post)
from support.stack import password_of
from support import jws


provider = provider_fixture("pushed-requests")


def right(account=None, **changes) -> dict:
    request = {
        "client_id": account.id if account else "pusher", "redirect_uri": account.redirect_uri if account else CALLBACK,
        "response_type": "code", "scope": "openid email", "state": "state-of-the-client", "nonce": "nonce-of-the-client",
        "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    } | changes
    return {name: value for name, value in request.items() if value is not None}


def sign_in(provider, query: dict, callback: str = CALLBACK, browser: Client | None = None):
    return (browser or Client()).sign_in(
        f"{provider.issuer}/auth?{urllib.parse.urlencode(query)}", "bob@example.com", password_of("bob@example.com"),
        until=lambda target: target.startswith(callback))


def test_a_pushed_request(provider):
    answer = post(provider, "/par", right(), as_client("pusher"))
    assert answer.status_code == 201 and answer.headers["cache-control"] == "no-store", answer.text
    reply = answer.json()
    assert reply["request_uri"].startswith("urn:ietf:params:oauth:request_uri:") and 0 < reply["expires_in"] <= 600
    query = {"client_id": "pusher", "request_uri": reply["request_uri"]}
    done = parameters(sign_in(provider, query).headers["location"])
    assert done["state"] == ["state-of-the-client"] and done["iss"] == [provider.issuer]
    again = Client().get(f"{provider.issuer}/auth?{urllib.parse.urlencode(query)}")
    assert again.status_code == 400 and "location" not in again.headers


def test_authlib_gets_tokens_by_a_pushed_request(provider):
    account = provider.apps_account
    reference = post(provider, "/par", right(account), (account.id, account.secret)).json()["request_uri"]
    with OAuth2Session(account.id, account.secret, redirect_uri=account.redirect_uri) as client:
        address, _ = client.create_authorization_url(f"{provider.issuer}/auth", request_uri=reference, state="state-of-the-client")
        done = Client().sign_in(
            address, "bob@example.com", password_of("bob@example.com"),
            until=lambda target: target.startswith(account.redirect_uri))
        tokens = client.fetch_token(
            f"{provider.issuer}/token", authorization_response=done.headers["location"], state="state-of-the-client",
            code_verifier=VERIFIER)
    for name in ("access_token", "id_token"):
        LEDGER.add(tokens[name], name)
    assert jws.claims_of(tokens["id_token"])["nonce"] == "nonce-of-the-client"


@pytest.mark.parametrize("changes, error", [
    ({"redirect_uri": "https://evil.example/"}, "invalid_request"), ({"response_type": "token"}, "unsupported_response_type"),
    ({"scope": "email"}, "invalid_scope"), ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"), ({"request": "x"}, "request_not_supported"),
    ({"client_id": "app"}, "invalid_request"), ({"response_mode": "smoke"}, "invalid_request"),
], ids=str)
@pytest.mark.usefixtures("nothing_new")
def test_what_would_be_refused_is_refused_at_once(provider, changes, error):
    assert_refused(post(provider, "/par", right(**changes), as_client("pusher")), error)


@pytest.mark.usefixtures("nothing_new")
def test_only_proven_clients_push(provider):
    assert_refused(post(provider, "/par", right(), ("pusher", "wrong")), "invalid_client", 401)
    assert_refused(post(provider, "/par", right()), "invalid_client", 401)


def test_a_client_that_has_to_push(provider):
    target = Client().get(f"{provider.issuer}/auth?{urllib.parse.urlencode(right())}").headers["location"]
    assert parameters(target)["error"] == ["invalid_request"]


def test_the_reference_of_another_client(provider):
    reference = post(provider, "/par", right(), as_client("pusher")).json()["request_uri"]
    account = provider.apps_account
    query = right(account) | {"request_uri": reference}
    answer = Client().get(f"{provider.issuer}/auth?{urllib.parse.urlencode(query)}")
    assert answer.status_code == 400 and "location" not in answer.headers
    assert audit_lines(provider, event="refusal", reason="RFC 9126 §4")


# Request objects.


def signed(provider, key=KEY, header: dict | None = None, **changes) -> str:
    claims = right(client_id="strict") | {"iss": "strict", "aud": provider.issuer, "exp": int(time.time()) + 60} | changes
    claims = {name: value(int(time.time())) if callable(value) else value for name, value in claims.items() if value is not None}
    return key.sign(claims, header or {"alg": "ES256", "kid": "client-key", "typ": "oauth-authz-req+jwt"})


def test_a_signed_request(provider):
    query = {
        "client_id": "strict", "response_type": "code", "scope": "openid", "redirect_uri": "https://evil.example/",
        "request": signed(provider)}
    done = parameters(sign_in(provider, query).headers["location"])
    assert done["state"] == ["state-of-the-client"]
    now = int(time.time())
    assertion = KEY.sign({"iss": "strict", "sub": "strict", "aud": provider.issuer, "exp": now + 60, "jti": "once-only"})
    tokens = post(provider, "/token", {
        "grant_type": "authorization_code", "code": done["code"][0], "redirect_uri": CALLBACK, "code_verifier": VERIFIER,
        "client_assertion": assertion, "client_assertion_type": ASSERTION})
    assert tokens.status_code == 200, tokens.text


def refusal(provider, **query) -> str:
    query = {"client_id": "strict", "redirect_uri": CALLBACK} | query
    target = Client().get(f"{provider.issuer}/auth?{urllib.parse.urlencode(query)}").headers["location"]
    assert target.startswith(CALLBACK + "?")
    return parameters(target)["error"][0]


@pytest.mark.parametrize("changes", [
    {"iss": "app"}, {"aud": "https://else.example.com"}, {"client_id": "app"}, {"client_id": None},
    {"exp": lambda now: now - 120}, {"exp": lambda now: now + 100_000}, {"exp": 1e300}, {"nbf": lambda now: now + 600},
    {"request": "x"}, {"request_uri": "https://evil.example/"}, {"scope": ["openid"]}, {"state": None, "nonce": 1.5},
], ids=lambda changes: "-".join(changes))
@pytest.mark.usefixtures("nothing_new")
def test_a_request_object_with_one_thing_wrong(provider, changes):
    assert refusal(provider, request=signed(provider, **changes)) == "invalid_request_object"


@pytest.mark.usefixtures("nothing_new")
def test_request_objects_of_others(provider):
    for text in (
        signed(provider, FOREIGN_KEY), signed(provider, KEY, {"alg": "none"}), signed(provider, KEY, {"alg": "ES256", "kid": "x"}),
        signed(provider, KEY, {"alg": "ES256", "kid": "client-key", "typ": "at+jwt"}),
        jws.hmac_token(KEY.public_pem(), right(client_id="strict"), "client-key"), "x", "eyJhbGciOiJub25lIn0.e30.",
    ):
        assert refusal(provider, request=text) == "invalid_request_object"


def test_a_client_that_has_to_sign(provider):
    assert refusal(provider, **right(client_id="strict")) == "invalid_request"


@pytest.mark.usefixtures("nothing_new")
def test_a_request_object_of_a_client_without_keys(provider):
    account = provider.apps_account
    target = Client().get(
        f"{provider.issuer}/auth?{urllib.parse.urlencode(right(account) | {'request': signed(provider)})}").headers["location"]
    assert parameters(target)["error"] == ["request_not_supported"]


# Response modes.


def test_the_answer_in_the_fragment(provider):
    account = provider.apps_account
    target = sign_in(provider, right(account, response_mode="fragment"), account.redirect_uri).headers["location"]
    parts = urllib.parse.urlsplit(target)
    answer = urllib.parse.parse_qs(parts.fragment)
    assert parts.query == "" and answer["code"] and answer["state"] == ["state-of-the-client"] and answer["iss"] == [provider.issuer]


def test_the_answer_by_a_form(provider):
    """OAuth 2.0 Form Post Response Mode, section 2: sent by itself in a browser with scripts, by its button in one without."""
    account = provider.apps_account
    page = sign_in(provider, right(account, response_mode="form_post"), account.redirect_uri)
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    form = Page(page.url, page.text).form_with("code", "state", "iss")
    LEDGER.add(form.fields["code"], "code")
    assert form.action == account.redirect_uri and form.method == "POST" and form.fields["iss"] == provider.issuer
    assert "form-action 'self' http://127.0.0.1:5555" in page.headers["content-security-policy"]
    assert Page(page.url, page.text).inline_scripts == 0
    assert exchange(provider, account, form.fields["code"]).status_code == 200


def test_a_refusal_by_a_form(provider):
    account = provider.apps_account
    page = Client().get(
        f"{provider.issuer}/auth?{urllib.parse.urlencode(right(account, response_mode='form_post', scope='email'))}")
    fields = Page(page.url, page.text).form_with("error", "state", "iss").fields
    assert fields["error"] == "invalid_scope" and fields["state"] == "state-of-the-client"


def test_used_by_our_own_auth_service_as_its_client(provider):
    """Whoever asks without a proof of the verifier gets nothing out of a code of a form."""
    account = provider.apps_account
    page = sign_in(provider, right(account, response_mode="form_post"), account.redirect_uri)
    code = LEDGER.add(Page(page.url, page.text).form_with("code").fields["code"], "code")
    assert_refused(token_request(provider, account, {
        "grant_type": "authorization_code", "code": code, "redirect_uri": account.redirect_uri}), "invalid_grant")
