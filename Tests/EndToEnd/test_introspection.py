"""Introspection (RFC 7662) and revocation (RFC 7009), and what userinfo takes."""
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from support import jws
from support.client import Client
from support.code_flow import code_for, exchange, refresh, userinfo
from support.fixtures import provider_fixture
from support.ledger import LEDGER
from support.provider_clients import CALLBACK, SECRETS, as_client, assert_refused, audit_lines, post
from support.stack import ClientAccount

OPAQUE = ClientAccount("opaque", SECRETS["opaque"], CALLBACK)


provider = provider_fixture("introspection")


@pytest.fixture(scope="module")
def browser(provider) -> Client:
    client = Client()
    code_for(provider, provider.apps_account, browser=client)
    return client


def tokens_of(provider, browser, account=None) -> dict:
    account = account or provider.apps_account
    response = exchange(provider, account, code_for(provider, account, browser=browser))
    assert response.status_code == 200, response.text
    return response.json()


def introspect(provider, token: str, auth: tuple | None = None) -> dict:
    response = post(provider, "/token/introspect", {"token": token}, auth or app(provider))
    assert response.status_code == 200 and response.headers["cache-control"] == "no-store", response.text
    assert response.headers["content-type"].startswith("application/json")
    return response.json()


def app(provider) -> tuple[str, str]:
    return provider.apps_account.id, provider.apps_account.secret


def test_an_access_token_and_a_refresh_token(provider, browser):
    tokens = tokens_of(provider, browser)
    claims = jws.claims_of(tokens["access_token"])
    told = introspect(provider, tokens["access_token"])
    assert told["active"] is True and told["token_type"] == "Bearer" and told["token_use"] == "access_token"
    for name in ("iss", "sub", "client_id", "scope", "exp", "iat", "jti"):
        assert told[name] == claims[name]
    assert told["email"] == "bob@example.com" and told["groups"] == ["team-b"]
    told = introspect(provider, tokens["refresh_token"])
    assert told["active"] is True and told["token_use"] == "refresh_token" and told["sub"] == claims["sub"]


def test_opaque_tokens_are_told_to_their_audience(provider, browser):
    tokens = tokens_of(provider, browser, OPAQUE)
    assert tokens["access_token"].startswith("gh_at_") and tokens["expires_in"] == 300
    told = introspect(provider, tokens["access_token"], as_client("machine"))
    assert told["active"] and told["aud"] == ["https://api.example.com", "machine"] and told["client_id"] == "opaque"
    assert introspect(provider, tokens["access_token"], as_client("peer")) == {"active": False}
    assert userinfo(provider, tokens["access_token"]).json()["email"] == "bob@example.com"
    bent = tokens["access_token"][:-2] + ("AA" if tokens["access_token"][-2:] != "AA" else "BB")
    assert userinfo(provider, LEDGER.add(bent, "bent token")).status_code == 401


@pytest.mark.parametrize("token", ["made-up", "a.b.c", "gh_at_", "gh_at_AAAA", "a" * 10_000, "é"])
@pytest.mark.usefixtures("nothing_new")
def test_what_is_no_token_of_ours(provider, token):
    assert introspect(provider, token) == {"active": False}


def test_tokens_of_others_are_not_told(provider, browser):
    tokens = tokens_of(provider, browser)
    for name in ("access_token", "refresh_token"):
        assert introspect(provider, tokens[name], as_client("peer")) == {"active": False}
    assert introspect(provider, tokens["id_token"]) == {"active": False}


@pytest.mark.parametrize("auth", [None, ("app", "wrong"), ("nobody", "x")])
def test_only_proven_clients_ask(provider, browser, auth):
    assert_refused(
        post(provider, "/token/introspect", {"token": tokens_of(provider, browser)["access_token"]}, auth), "invalid_client", 401)


@pytest.mark.usefixtures("nothing_new")
def test_public_clients_do_not_ask(provider):
    assert_refused(post(provider, "/token/introspect", {"token": "x", "client_id": "tv"}), "invalid_client", 401)


@pytest.mark.parametrize("path", ["/token/introspect", "/revoke"])
@pytest.mark.usefixtures("nothing_new")
def test_malformed_calls(provider, path):
    assert requests.get(f"{provider.issuer}{path}", timeout=5).status_code == 405
    assert_refused(post(provider, path, {}, app(provider)), "invalid_request")
    twice = Client().post(f"{provider.issuer}{path}", data=[("token", "a"), ("token", "b")], auth=app(provider))
    assert_refused(twice, "invalid_request")
    body = Client().post(f"{provider.issuer}{path}", json={"token": "a"}, auth=app(provider))
    assert_refused(body, "invalid_request")


@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
def test_revocation_ends_everything_of_the_sign_in(provider, browser, name):
    first = tokens_of(provider, browser)
    second = refresh(provider, provider.apps_account, first["refresh_token"]).json()
    assert userinfo(provider, first["access_token"]).status_code == 200
    assert post(provider, "/revoke", {"token": second[name], "token_type_hint": "access_token"}, app(provider)).status_code == 200
    for tokens in (first, second):
        assert userinfo(provider, tokens["access_token"]).status_code == 401
        assert introspect(provider, tokens["access_token"]) == {"active": False}
        assert_refused(refresh(provider, provider.apps_account, tokens["refresh_token"]), "invalid_grant")
    assert audit_lines(provider, event="revocation", reason="by its client", client="app", email="bob@example.com")


def test_another_sign_in_of_the_same_user_and_client_goes_on(provider, browser):
    """Several refresh tokens per user and client."""
    kept, ended = tokens_of(provider, browser), tokens_of(provider, browser)
    assert post(provider, "/revoke", {"token": ended["refresh_token"]}, app(provider)).status_code == 200
    assert userinfo(provider, kept["access_token"]).status_code == 200
    assert refresh(provider, provider.apps_account, kept["refresh_token"]).status_code == 200


def test_tokens_of_others_are_not_revoked(provider, browser):
    tokens = tokens_of(provider, browser)
    for name in ("access_token", "refresh_token"):
        assert_refused(post(provider, "/revoke", {"token": tokens[name]}, as_client("peer")), "unauthorized_client")
    assert userinfo(provider, tokens["access_token"]).status_code == 200
    assert_refused(post(provider, "/revoke", {"token": tokens["id_token"]}, app(provider)), "unsupported_token_type")
    assert post(provider, "/revoke", {"token": "made-up"}, app(provider)).status_code == 200


def test_authlib_introspects_and_revokes(provider, browser):
    tokens = tokens_of(provider, browser)
    with OAuth2Session(*app(provider)) as client:
        told = client.introspect_token(f"{provider.issuer}/token/introspect", token=tokens["access_token"]).json()
        assert told["active"] is True
        assert client.revoke_token(f"{provider.issuer}/revoke", token=tokens["refresh_token"]).status_code == 200
        told = client.introspect_token(f"{provider.issuer}/token/introspect", token=tokens["access_token"]).json()
        assert told == {"active": False}


def test_signing_out_of_the_gateway_ends_the_tokens_at_the_provider(provider):
    """The auth service revokes at its provider what it had."""
    browser = provider.signed_in("bob@example.com")
    before = provider.rows("grants")
    page = browser.get(f"{provider.grpc_url}/_gatehouse/sign-out")
    from support.html import Page
    done = browser.follow(browser.submit(Page(page.url, page.text).forms[0]))
    assert done.status_code == 200
    assert provider.rows("grants") < before
