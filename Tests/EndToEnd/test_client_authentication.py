"""How clients prove who they are at our endpoints (G7–G12): secrets, hashed secrets, and what they sign."""
import concurrent.futures
import json
import secrets
import time

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
from cryptography.hazmat.primitives import serialization

from support import jws
from support.key_server import KeyServer
from support.ports import free_ports
from support.provider_clients import (
    ASSERTION, FOREIGN_KEY, KEY, RSA_KEY, SECRETS, add_clients, as_client, assert_refused, audit_lines, post)


@pytest.fixture(scope="module")
def key_server():
    server = KeyServer(free_ports(1)[0], [KEY.jwk()])
    yield server
    server.stop()


@pytest.fixture(scope="module")
def provider(make_stack, key_server):
    stack = make_stack("client-authentication", start=False)
    add_clients(stack.configuration, stack.folder)
    stack.configuration["provider"]["clients"].append({"id": "publisher", "jwksURI": key_server.url})
    stack.start()
    yield stack
    stack.stop()


def claims(stack, client: str, **changes) -> dict:
    now = int(time.time())
    right = {
        "iss": client, "sub": client, "aud": stack.issuer, "jti": secrets.token_hex(8), "iat": now, "exp": now + 60,
    } | changes
    return {name: value for name, value in right.items() if value is not None}


def call(stack, assertion: str | None, **form):
    """A revocation of nothing: 200 for whoever is proven."""
    if assertion is not None:
        form = {"client_assertion": assertion, "client_assertion_type": ASSERTION} | form
    return post(stack, "/revoke", {"token": "nothing"} | form)


@pytest.mark.parametrize("key", [KEY, RSA_KEY], ids=lambda key: key.algorithm)
def test_a_signed_assertion_is_taken(provider, key):
    assert call(provider, key.sign(claims(provider, "signer"))).status_code == 200


@pytest.mark.parametrize("audience", ["", "/token", "/revoke"])
def test_its_audience_is_the_issuer_or_an_endpoint(provider, audience):
    assertion = KEY.sign(claims(provider, "signer", aud=["https://else.example.com", provider.issuer + audience]))
    assert call(provider, assertion).status_code == 200


@pytest.mark.parametrize("changes", [
    {"aud": "https://else.example.com"}, {"aud": None}, {"iss": "app"}, {"sub": "app"}, {"sub": None}, {"exp": None},
    {"exp": lambda now: now - 120}, {"exp": lambda now: now + 100_000}, {"exp": 1e300}, {"exp": "123"}, {"jti": None},
    {"jti": ""}, {"jti": "j" * 300}, {"iat": lambda now: now + 600}, {"nbf": lambda now: now + 600},
], ids=lambda changes: "-".join(changes))
@pytest.mark.usefixtures("nothing_new")
def test_g10_an_assertion_with_one_thing_wrong(provider, changes):
    changes = {name: value(int(time.time())) if callable(value) else value for name, value in changes.items()}
    assert_refused(call(provider, KEY.sign(claims(provider, "signer", **changes))), "invalid_client", 401)


def test_g11_an_assertion_used_twice(provider):
    assertion = KEY.sign(claims(provider, "signer"))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: call(provider, assertion).status_code, range(8)))
    assert sorted(answers) == [200] + [401] * 7
    assert audit_lines(provider, event="token_refused", reason="not used before (RFC 7523 §3 (7))")


@pytest.mark.usefixtures("nothing_new")
def test_g12_algorithms_and_keys_of_others(provider):
    right = claims(provider, "signer")
    for assertion in (
        FOREIGN_KEY.sign(right), jws.hmac_token(KEY.public_pem(), right, "client-key"),
        KEY.sign(right, {"alg": "none", "kid": "client-key"}), KEY.sign(right, {"alg": "ES256", "kid": "unknown"}),
        KEY.sign(right, {"alg": "RS256", "kid": "client-key"}), KEY.sign(right, {"alg": "ES256", "kid": "client-key", "typ": "at+jwt"}),
        FOREIGN_KEY.sign(right, {"alg": "ES256", "kid": "client-key", "jwk": FOREIGN_KEY.jwk()}), "x", "a.b.c", "a" * 20_000,
    ):
        assert_refused(call(provider, assertion), "invalid_client", 401)


def test_a_refusal_has_a_reference_that_the_log_has_too(provider):
    refusal = call(provider, KEY.sign(claims(provider, "signer", aud="https://else.example.com"))).json()
    lines = audit_lines(provider, reference=refusal["reference"])
    assert len(lines) == 1 and "for us (RFC 7523 §3 (3))" in lines[0]["reason"]


def test_a_shared_secret_makes_assertions(provider):
    def token(secret: str) -> str:
        return jws.hmac_token(secret.encode(), claims(provider, "sealed"), "x")

    assert call(provider, token(SECRETS["sealed"])).status_code == 200
    assert_refused(call(provider, token("wrong")), "invalid_client", 401)
    assert_refused(call(provider, KEY.sign(claims(provider, "sealed"))), "invalid_client", 401)
    assert_refused(post(provider, "/revoke", {"token": "x"}, as_client("sealed")), "invalid_client", 401)


@pytest.mark.parametrize("name", ["hashed-1", "hashed-2"])
def test_several_hashed_secrets_at_once(provider, name):
    assert post(provider, "/revoke", {"token": "x"}, ("hashed", SECRETS[name])).status_code == 200
    assert_refused(post(provider, "/revoke", {"token": "x"}, ("hashed", SECRETS[name] + "x")), "invalid_client", 401)


def test_only_the_registered_way_is_taken(provider):
    form = {"token": "x", "client_id": "posted", "client_secret": SECRETS["posted"]}
    assert post(provider, "/revoke", form).status_code == 200
    assert_refused(post(provider, "/revoke", {"token": "x"}, as_client("posted")), "invalid_client", 401)


def test_published_keys_are_fetched_and_kept(provider, key_server):
    for _ in range(3):
        assert call(provider, KEY.sign(claims(provider, "publisher"))).status_code == 200
    assert key_server.asked == 1
    key_server.keys.append(RSA_KEY.jwk())
    assert call(provider, RSA_KEY.sign(claims(provider, "publisher"))).status_code == 200
    assert key_server.asked == 2
    for _ in range(20):
        unknown = KEY.sign(claims(provider, "publisher"), {"alg": "ES256", "kid": secrets.token_hex(4)})
        assert_refused(call(provider, unknown), "invalid_client", 401)
    assert key_server.asked == 2, "whoever makes up key ids makes us fetch nothing"


@pytest.mark.parametrize("method", ["private_key_jwt", "client_secret_jwt"])
def test_authlib_authenticates(provider, method):
    if method == "private_key_jwt":
        name, secret = "signer", RSA_KEY.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
        way = PrivateKeyJWT(f"{provider.issuer}/token", alg="RS256", headers={"kid": "client-rsa-key"})
    else:
        name, secret = "sealed", SECRETS["sealed"]
        way = ClientSecretJWT(f"{provider.issuer}/token", alg="HS256")
    with OAuth2Session(
        name, secret, token_endpoint_auth_method=way, revocation_endpoint_auth_method=way,
    ) as client:
        response = client.revoke_token(f"{provider.issuer}/revoke", token="nothing")
        assert response.status_code == 200, response.text


def test_discovery_names_the_ways(provider):
    about = requests.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=5).json()
    assert set(about["token_endpoint_auth_methods_supported"]) == {
        "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"}
    assert "none" not in about["introspection_endpoint_auth_methods_supported"]
    assert about["introspection_endpoint"].endswith("/token/introspect") and about["revocation_endpoint"].endswith("/revoke")
