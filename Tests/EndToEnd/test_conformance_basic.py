"""Certification plans Basic and Form Post: ID tokens, userinfo, and what becomes of codes and refresh tokens."""
import secrets

import pytest
from authlib.integrations.requests_client import OAuthError

from support.conformance import CALLBACK
from support.relying_party import RelyingParty
from support.stack import ClientAccount


@pytest.fixture
def second(certified, mode) -> RelyingParty:
    return RelyingParty(certified, certified.accounts["suite-2"], mode)


def test_oidcc_server(party, visitor):
    tokens, claims = party.complete(visitor)
    assert claims["nonce"] == party.nonce and claims["exp"] > claims["iat"] and claims["at_hash"]
    party.userinfo(claims)


def test_oidcc_server_client_secret_post(certified, mode, visitor):
    party = RelyingParty(certified, certified.accounts["suite-post"], mode, "client_secret_post")
    _, claims = party.complete(visitor)
    party.userinfo(claims)


def test_oidcc_idtoken_signature(certified, mode, visitor):
    """A client that says nothing of algorithms: RS256, by the published key that its `kid` names."""
    account = certified.register().json()
    party = RelyingParty(certified, ClientAccount(account["client_id"], account["client_secret"], CALLBACK), mode)
    _, claims = party.complete(visitor)
    assert claims.header["alg"] == "RS256"
    assert [key["alg"] for key in certified.keys()["keys"] if key["kid"] == claims.header["kid"]] == ["RS256"]


def test_oidcc_idtoken_unsigned(certified, mode, visitor):
    """Nobody has to have `none`; whoever has not, does not offer it, and gives no client what it thinks is unsigned."""
    assert "none" not in certified.discovery()["id_token_signing_alg_values_supported"]
    refused = certified.register(id_token_signed_response_alg="none")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_client_metadata")
    account = certified.register(id_token_signed_response_alg="ES256").json()
    assert account["id_token_signed_response_alg"] == "ES256"
    party = RelyingParty(certified, ClientAccount(account["client_id"], account["client_secret"], CALLBACK), mode)
    assert party.complete(visitor)[1].header["alg"] == "ES256"


# Userinfo.


def test_oidcc_userinfo_get(party, visitor):
    _, claims = party.complete(visitor)
    assert party.userinfo(claims) == {"sub": claims["sub"]}


def test_oidcc_userinfo_post_header(party, visitor):
    _, claims = party.complete(visitor)
    assert party.userinfo(claims, "POST") == {"sub": claims["sub"]}


def test_oidcc_userinfo_post_body(party, visitor):
    tokens, claims = party.complete(visitor)
    body = {"access_token": tokens["access_token"]}
    assert party.userinfo(claims, "POST", data=body, withhold_token=True) == {"sub": claims["sub"]}


# Codes.


def refused_again(party, answer: dict, **options) -> None:
    """RFC 6749, section 5.2: a code is good once."""
    with pytest.raises(OAuthError) as refusal:
        party.session.fetch_token(party.about["token_endpoint"], grant_type="authorization_code", code=answer["code"], **options)
    assert refusal.value.error == "invalid_grant"
    reply = party.replies[-1]
    assert reply.status_code == 400 and reply.headers["content-type"].startswith("application/json")
    assert not set("\r\n\t") & set(reply.json()["error_description"])


def is_good(party, tokens: dict) -> bool:
    return party.session.get(
        party.about["userinfo_endpoint"], withhold_token=True,
        headers={"authorization": f"Bearer {tokens['access_token']}"}).status_code == 200


def test_oidcc_codereuse(party, visitor):
    response = party.sign_in(visitor, party.request())
    party.tokens(response)
    refused_again(party, party.answer(response))


def test_oidcc_codereuse_30seconds(certified, party, visitor):
    """What the code was good for ends with its second use (RFC 6749, section 4.1.2)."""
    response = party.sign_in(visitor, party.request())
    tokens = party.tokens(response)
    certified.wait(30)
    assert is_good(party, tokens)
    refused_again(party, party.answer(response))
    assert not is_good(party, tokens)


def test_oidcc_ensure_request_with_valid_pkce_succeeds(party, visitor):
    verifier = secrets.token_urlsafe(48)
    response = party.sign_in(visitor, party.request(code_verifier=verifier))
    party.claims(party.tokens(response, code_verifier=verifier))


# Refresh tokens.


def test_oidcc_refresh_token(certified, party, second, visitor):
    """Renewed with the scope named and without; the ID token is about the same sign-in; another client has no use for it."""
    assert "refresh_token" in party.about["grant_types_supported"]
    for client, scope in ((party, {}), (second, {"scope": None})):
        tokens = client.tokens(client.fill_in(visitor, client.go(visitor, client.request(
            scope="openid offline_access", prompt="login consent"))))
        first = client.claims(tokens)
        assert tokens["refresh_token"].isascii() and len(tokens["refresh_token"]) >= 22
        certified.wait(1)
        renewed = client.session.refresh_token(client.about["token_endpoint"], tokens["refresh_token"], **scope)
        client.look_at_reply(client.replies[-1])
        again = client.claims(renewed, nonce=None)
        assert renewed["access_token"] != tokens["access_token"] and again["iat"] > first["iat"]
        for claim in ("iss", "sub", "aud", "auth_time", "azp"):
            assert again.get(claim) == first.get(claim), claim
        client.userinfo(again)
    with pytest.raises(OAuthError) as refusal:
        party.session.refresh_token(party.about["token_endpoint"], renewed["refresh_token"])
    assert refusal.value.error == "invalid_grant" and party.replies[-1].status_code == 400
