"""OpenID clients that we did not write, against our provider: discovery, code and PKCE, ID-token check, refresh, userinfo."""
import secrets

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from idpyoidc.client.rp_handler import RPHandler
from joserfc import jwk, jwt

from support.client import Client, parameters
from support.html import Page
from support.ledger import LEDGER
from support.stack import password_of

SCOPE = ["openid", "email", "profile", "groups", "offline_access"]


def signed_in_at(stack, address: str) -> str:
    """Lets a browser follow an authorization request; returns where it was sent at the end. Some clients ask for consent."""
    browser = Client()

    def at_client(target: str) -> bool:
        return target.startswith(stack.apps_account.redirect_uri)

    response = browser.sign_in(address, "bob@example.com", password_of("bob@example.com"), until=at_client)
    if 'name="decision"' in response.text:
        form = Page(response.url, response.text).form_with("decision")
        response = browser.follow(browser.submit(form, decision="allow"), until=at_client)
    return response.headers["location"]


def note(tokens) -> None:
    for name in ("access_token", "refresh_token", "id_token"):
        if isinstance(tokens.get(name), str):
            LEDGER.add(tokens[name], name)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_authlib(stack, method):
    about = requests.get(f"{stack.issuer}/.well-known/openid-configuration", timeout=5).json()
    assert about["issuer"] == stack.issuer
    account = stack.apps_account
    nonce, verifier = secrets.token_urlsafe(16), secrets.token_urlsafe(48)
    with OAuth2Session(
        account.id, account.secret, redirect_uri=account.redirect_uri, scope=" ".join(SCOPE), code_challenge_method="S256",
        token_endpoint_auth_method=method, token_endpoint=about["token_endpoint"],
    ) as client:
        address, state = client.create_authorization_url(about["authorization_endpoint"], nonce=nonce, code_verifier=verifier)
        tokens = client.fetch_token(
            about["token_endpoint"], authorization_response=signed_in_at(stack, address), state=state, code_verifier=verifier)
        note(tokens)

        keys = jwk.KeySet.import_key_set(requests.get(about["jwks_uri"], timeout=5).json())
        token = jwt.decode(tokens["id_token"], keys, algorithms=about["id_token_signing_alg_values_supported"])
        claims = CodeIDToken(token.claims, token.header, {"iss": {"value": stack.issuer}}, {
            "nonce": nonce, "client_id": account.id, "access_token": tokens["access_token"]})
        claims.validate()
        assert claims["email"] == "bob@example.com" and claims["groups"] == ["team-b"]

        about_user = client.get(about["userinfo_endpoint"]).json()
        assert about_user["sub"] == claims["sub"] and about_user["email"] == "bob@example.com"

        renewed = client.refresh_token(about["token_endpoint"], refresh_token=tokens["refresh_token"])
        note(renewed)
        assert renewed["access_token"] != tokens["access_token"]
        assert client.get(about["userinfo_endpoint"]).json()["sub"] == claims["sub"]


def test_idpyoidc(stack, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where it writes its own keys
    account = stack.apps_account
    handler = RPHandler(base_url="http://127.0.0.1:5555", client_configs={"gatehouse": {
        "issuer": stack.issuer, "client_id": account.id, "client_secret": account.secret,
        "redirect_uris": [account.redirect_uri], "client_type": "oidc", "response_types_supported": ["code"],
        "scopes_supported": SCOPE, "preference": {"scope": SCOPE, "response_types": ["code"]},
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "client_authn_methods": ["client_secret_basic", "bearer_header"],
        "services": {
            "discovery": {"class": "idpyoidc.client.oidc.provider_info_discovery.ProviderInfoDiscovery"},
            "authorization": {"class": "idpyoidc.client.oidc.authorization.Authorization"},
            "accesstoken": {"class": "idpyoidc.client.oidc.access_token.AccessToken"},
            "refresh_token": {"class": "idpyoidc.client.oidc.refresh_access_token.RefreshAccessToken"},
            "userinfo": {"class": "idpyoidc.client.oidc.userinfo.UserInfo"},
        },
        "add_ons": {"pkce": {
            "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
            "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
        }},
    }})
    client = handler.client_setup("gatehouse")
    address = handler.init_authorization(client, req_args={"scope": SCOPE})
    answer = {name: values[0] for name, values in parameters(signed_in_at(stack, address)).items()}
    result = handler.finalize(stack.issuer, answer)
    assert "error" not in result, result
    note({"access_token": result["token"]})
    assert result["userinfo"]["email"] == "bob@example.com"
    assert result["id_token"]["iss"] == stack.issuer and result["id_token"]["sub"] == result["userinfo"]["sub"]

    renewed = handler.refresh_access_token(result["state"])
    note(renewed)
    assert renewed["access_token"] and renewed["access_token"] != result["token"]
    assert client.do_request("userinfo", state=result["state"])["sub"] == result["userinfo"]["sub"]


def test_discovery_says_what_there_is(stack):
    about = requests.get(f"{stack.issuer}/.well-known/openid-configuration", timeout=5)
    assert about.headers["content-type"].startswith("application/json")
    document = about.json()
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
        assert document[name].startswith(stack.issuer + "/"), name
    assert document["response_types_supported"] == ["code"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert {"RS256", "ES256"} <= set(document["id_token_signing_alg_values_supported"])
    assert "none" not in document["id_token_signing_alg_values_supported"]
    assert document["authorization_response_iss_parameter_supported"] is True


def test_the_published_keys_are_public(stack):
    about = requests.get(f"{stack.issuer}/.well-known/openid-configuration", timeout=5).json()
    for address in (about["jwks_uri"], f"{stack.grpc_url}/_gatehouse/jwks"):
        keys = requests.get(address, timeout=5).json()["keys"]
        assert keys and all(key["kid"] and key["alg"] and key["use"] == "sig" for key in keys)
        assert not any({"d", "p", "q", "k"} & key.keys() for key in keys)


def test_the_assertion_is_signed_by_the_published_keys(stack, bob):
    """What an application, or the gateway, does with it."""
    assertion = bob.get(f"{stack.grpc_url}/echo/").json()["headers"]["x-gatehouse-assertion"][0]
    LEDGER.add(assertion, "assertion")
    keys = jwk.KeySet.import_key_set(requests.get(f"{stack.grpc_url}/_gatehouse/jwks", timeout=5).json())
    token = jwt.decode(assertion, keys, algorithms=["ES256"])
    jwt.JWTClaimsRegistry(aud={"essential": True, "value": "apps"}, exp={"essential": True}).validate(token.claims)
    assert token.claims["email"] == "bob@example.com" and token.claims["groups"] == ["team-b"]
    assert token.claims["exp"] - token.claims["iat"] <= 300
