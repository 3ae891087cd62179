"""Further ways to tokens: client credentials, token exchange (I6, I7), assertions, passwords, peers; and refresh (H5, H6)."""
import concurrent.futures
import secrets
import time

import pytest
from authlib.integrations.requests_client import OAuth2Session

from support import jws
from support.client import Client, parameters
from support.code_flow import code_for, exchange, refresh, token_request, userinfo
from support.fixtures import provider_fixture
from support.ledger import LEDGER
from support.provider_clients import (
    CALLBACK, CLUSTER, CLUSTER_KEY, FOREIGN_KEY, SECRETS, as_client, assert_refused, audit_lines, post)
from support.stack import ClientAccount, password_of

ACCESS = "urn:ietf:params:oauth:token-type:access_token"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def account(name: str) -> ClientAccount:
    return ClientAccount(name, SECRETS[name], CALLBACK)


provider = provider_fixture("token-grants")


@pytest.fixture(scope="module")
def browser(provider) -> Client:
    client = Client()
    code_for(provider, provider.apps_account, browser=client)
    return client


def tokens_of(provider, browser, name: str, **changes) -> dict:
    client = account(name) if name in SECRETS else provider.apps_account
    response = exchange(provider, client, code_for(provider, client, browser=browser, **changes))
    assert response.status_code == 200, response.text
    return response.json()


# Client credentials.


def test_client_credentials_with_authlib(provider):
    with OAuth2Session(*as_client("machine"), scope="api:read") as client:
        tokens = client.fetch_token(f"{provider.issuer}/token", grant_type="client_credentials")
    LEDGER.add(tokens["access_token"], "access token")
    claims = jws.claims_of(tokens["access_token"])
    assert claims["sub"] == claims["client_id"] == claims["aud"] == "machine" and claims["scope"] == "api:read"
    assert "refresh_token" not in tokens and "id_token" not in tokens
    assert userinfo(provider, tokens["access_token"]).status_code == 401
    told = post(provider, "/token/introspect", {"token": tokens["access_token"]}, as_client("machine")).json()
    assert told["active"] and "username" not in told


def test_client_credentials_are_for_whom_the_operator_says(provider):
    assert_refused(
        token_request(provider, provider.apps_account, {"grant_type": "client_credentials"}), "unauthorized_client")
    assert_refused(
        post(provider, "/token", {"grant_type": "client_credentials", "client_id": "tv"}), "unauthorized_client")


# Token exchange.


def swap(provider, token: str, client: tuple | None = None, **changes):
    form = {"grant_type": EXCHANGE, "subject_token": token, "subject_token_type": ACCESS} | changes
    return post(provider, "/token", form, client or as_client("machine"))


def test_exchange_for_an_audience(provider, browser):
    subject = tokens_of(provider, browser, "opaque")
    answer = swap(provider, subject["access_token"], audience="https://archive.example.com", scope="email")
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    claims = jws.claims_of(tokens["access_token"])
    assert tokens["issued_token_type"] == ACCESS and tokens["token_type"] == "Bearer" and tokens["expires_in"] <= 300
    assert claims["aud"] == "https://archive.example.com" and claims["act"] == {"sub": "machine"} and claims["scope"] == "email"
    about = jws.claims_of(subject["id_token"])
    assert claims["sub"] == about["sub"]
    assert post(provider, "/revoke", {"token": subject["refresh_token"]}, as_client("opaque")).status_code == 200
    told = post(provider, "/token/introspect", {"token": tokens["access_token"]}, as_client("machine")).json()
    assert told == {"active": False}, "it ends with the sign-in that it came from"


@pytest.mark.parametrize("changes, error", [
    ({"subject_token_type": "urn:ietf:params:oauth:token-type:saml2"}, "invalid_request"),
    ({"subject_token_type": None}, "invalid_request"), ({"subject_token": "made-up"}, "invalid_request"),
    ({"subject_token": None}, "invalid_request"), ({"actor_token": "x", "actor_token_type": ACCESS}, "invalid_request"),
    ({"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"}, "invalid_request"),
], ids=str)
def test_i6_an_unknown_type(provider, browser, changes, error):
    subject = tokens_of(provider, browser, "opaque")["access_token"]
    assert_refused(swap(provider, subject, **changes), error)


@pytest.mark.parametrize("changes, error", [
    ({"audience": "https://else.example.com"}, "invalid_target"), ({"audience": "app"}, "invalid_target"),
    ({"resource": "https://else.example.com"}, "invalid_target"),
    ({"audience": ["https://archive.example.com", "app"]}, "invalid_target"), ({"scope": "api:write"}, "invalid_scope"),
], ids=str)
def test_i7_an_audience_that_is_not_allowed(provider, browser, changes, error):
    subject = tokens_of(provider, browser, "opaque")["access_token"]
    assert_refused(swap(provider, subject, **changes), error)


def test_i7_the_token_of_somebody_else(provider, browser):
    tokens = tokens_of(provider, browser, "app")
    assert_refused(swap(provider, tokens["access_token"]), "invalid_request")
    app = provider.apps_account
    assert_refused(swap(provider, tokens["access_token"], (app.id, app.secret)), "unauthorized_client")


# Assertions.


def assertion(provider, **changes) -> str:
    now = int(time.time())
    claims = {
        "iss": CLUSTER, "sub": "system:serviceaccount:team:robot", "aud": provider.issuer, "exp": now + 300,
        "jti": secrets.token_hex(8),
    } | changes
    return CLUSTER_KEY.sign({name: value for name, value in claims.items() if value is not None})


def bearer(provider, text: str):
    return post(provider, "/token", {"grant_type": BEARER, "assertion": text, "scope": "openid"}, as_client("machine"))


def test_an_assertion_of_a_trusted_issuer(provider):
    text = assertion(provider)
    tokens = bearer(provider, text).json()
    assert jws.claims_of(tokens["id_token"])["aud"] == "machine" and "refresh_token" not in tokens
    assert userinfo(provider, tokens["access_token"]).status_code == 200
    assert_refused(bearer(provider, text), "invalid_grant")


@pytest.mark.usefixtures("nothing_new")
def test_a_bad_assertion(provider):
    for changes in ({"iss": "https://else.example.com"}, {"aud": "https://else.example.com"}, {"exp": int(time.time()) - 100}, {"sub": None}):
        assert_refused(bearer(provider, assertion(provider, **changes)), "invalid_grant")
    claims = jws.claims_of(assertion(provider))
    assert_refused(bearer(provider, FOREIGN_KEY.sign(claims, kid="cluster-key")), "invalid_grant")


# Passwords, where the operator lets clients have them.


def test_a_password(provider):
    form = {
        "grant_type": "password", "username": "bob@example.com", "password": password_of("bob@example.com"),
        "scope": "openid email offline_access"}
    tokens = token_request(provider, account("old"), form).json()
    assert jws.claims_of(tokens["id_token"])["email"] == "bob@example.com"
    assert refresh(provider, account("old"), tokens["refresh_token"]).status_code == 200
    assert_refused(token_request(provider, account("old"), form | {"password": "wrong-password"}), "invalid_grant")
    assert_refused(token_request(provider, account("old"), form | {"username": "nobody@example.com"}), "invalid_grant")
    assert_refused(token_request(provider, provider.apps_account, form), "unauthorized_client")


@pytest.mark.usefixtures("nothing_new")
def test_without_the_option_there_are_no_passwords(stack):
    form = {"grant_type": "password", "username": "bob@example.com", "password": password_of("bob@example.com")}
    assert_refused(token_request(stack, stack.apps_account, form), "unsupported_grant_type")


# What clients may have.


def test_a_trusted_peer(provider, browser):
    tokens = tokens_of(provider, browser, "app", scope="openid email audience:server:client_id:peer")
    claims = jws.claims_of(tokens["id_token"])
    assert claims["aud"] == ["app", "peer"] and claims["azp"] == "app"
    assert jws.claims_of(tokens["access_token"])["aud"] == ["app", "peer"]


def test_users_outside_of_a_clients_groups(provider, browser):
    client = account("few")
    answer = Client().sign_in(
        f"{provider.issuer}/auth?client_id=few&redirect_uri={CALLBACK}&response_type=code&scope=openid",
        "bob@example.com", password_of("bob@example.com"), until=lambda target: target.startswith(CALLBACK))
    told = parameters(answer.headers["location"])
    assert told["error"] == ["access_denied"] and "code" not in told
    tokens = exchange(provider, client, code_for(provider, client, "admin@example.com"))
    assert tokens.status_code == 200


def test_tokens_signed_by_eddsa(provider, browser):
    client = account("pusher")
    form = {
        "client_id": "pusher", "redirect_uri": CALLBACK, "response_type": "code", "scope": "openid", "state": "s",
    }
    reference = post(provider, "/par", form, as_client("pusher")).json()["request_uri"]
    answer = browser.sign_in(
        f"{provider.issuer}/auth?client_id=pusher&request_uri={reference}", "bob@example.com", password_of("bob@example.com"),
        until=lambda target: target.startswith(CALLBACK))
    code = LEDGER.add(parameters(answer.headers["location"])["code"][0], "code")
    tokens = token_request(
        provider, client, {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}).json()
    from joserfc import jwk, jwt
    import requests
    keys = jwk.KeySet.import_key_set(requests.get(f"{provider.issuer}/keys", timeout=5).json())
    assert jwt.decode(tokens["id_token"], keys, algorithms=["EdDSA"]).claims["aud"] == "pusher"


# Refresh.


def test_h2_many_at_the_same_instant_get_the_same_answer(provider, browser):
    """One rotates; within the reuse window the others are given the token that it made."""
    token = tokens_of(provider, browser, "app")["refresh_token"]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: refresh(provider, provider.apps_account, token), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


def test_h5_a_disabled_user_and_changed_groups(make_stack):
    def change(configuration):
        configuration["provider"]["tokens"] = {"refresh": {"reuseWindow": "1s"}}

    stack = make_stack("refresh-again", change)
    app = stack.apps_account
    bob = exchange(stack, app, code_for(stack, app)).json()
    admin = exchange(stack, app, code_for(stack, app, "admin@example.com")).json()
    stack.gatehouse.stop()
    users = stack.configuration["provider"]["users"]
    stack.configuration["provider"]["users"] = [user for user in users if user["email"] != "bob@example.com"]
    stack.configuration["provider"]["users"][0]["groups"] = ["retired"]
    stack.write()
    stack.start_gatehouse()
    renewed = refresh(stack, app, admin["refresh_token"]).json()
    assert jws.claims_of(renewed["id_token"])["groups"] == ["retired"]
    assert userinfo(stack, renewed["access_token"]).json()["groups"] == ["retired"]
    assert_refused(refresh(stack, app, bob["refresh_token"]), "invalid_grant")
    assert userinfo(stack, bob["access_token"]).status_code == 401
    assert audit_lines(stack, event="revocation", reason="can no longer sign in", email="bob@example.com")
    stack.stop()


def test_h6_after_the_logout(provider, browser):
    tokens = tokens_of(provider, Client(), "app")
    assert Client().get(f"{provider.issuer}/logout?id_token_hint={tokens['id_token']}").status_code in (200, 302, 303)
    assert_refused(refresh(provider, provider.apps_account, tokens["refresh_token"]), "invalid_grant")
    assert userinfo(provider, tokens["access_token"]).status_code == 401
    assert audit_lines(provider, event="sign_out", client="app")


def test_h_reuse_leaves_an_audit_line(make_stack):
    def change(configuration):
        configuration["provider"]["tokens"] = {"refresh": {"reuseWindow": "0s"}}

    stack = make_stack("refresh-audit", change)
    app = stack.apps_account
    first = exchange(stack, app, code_for(stack, app)).json()
    second = refresh(stack, app, first["refresh_token"]).json()
    refusal = refresh(stack, app, first["refresh_token"])
    assert_refused(refusal, "invalid_grant")
    assert_refused(refresh(stack, app, second["refresh_token"]), "invalid_grant")
    line, = audit_lines(stack, event="token_refused", reference=refusal.json()["reference"])
    assert "RFC 9700 §4.14.2" in line["reason"]
    assert audit_lines(stack, event="revocation", reason="the refresh token has been used", email="bob@example.com")
    stack.stop()
