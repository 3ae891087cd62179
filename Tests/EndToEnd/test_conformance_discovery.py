"""Certification plan Config, and the discovery modules of the logout plans."""
import re
import urllib.parse

import pytest
from authlib.oidc.discovery import OpenIDProviderMetadata
from idpyoidc.message.oidc import ProviderConfigurationResponse
from joserfc import jwk


@pytest.fixture(scope="module")
def about(certified) -> dict:
    """The discovery document, as it is got and read by a client."""
    reply = certified.read(f"{certified.issuer}/.well-known/openid-configuration")
    assert reply.status_code == 200 and reply.headers["content-type"].startswith("application/json")
    return reply.json()


def is_https(address: str) -> bool:
    parts = urllib.parse.urlsplit(address)
    return parts.scheme == "https" and bool(parts.hostname) and not parts.fragment


def endpoints(about: dict) -> dict[str, str]:
    return {name: value for name, value in about.items() if name.endswith(("_endpoint", "_uri", "_iframe"))}


def test_oidcc_discovery_endpoint_verification(certified, about):
    # Two clients' own checks of everything that OpenID Connect Discovery, section 3, and RFC 8414, section 2, demand.
    assert ProviderConfigurationResponse(**about).verify()
    OpenIDProviderMetadata(about).validate()
    assert about["issuer"] == certified.issuer and not urllib.parse.urlsplit(about["issuer"]).query
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "registration_endpoint"):
        assert name in about
    assert not [value for value in endpoints(about).values() if not is_https(value)]
    assert "code" in about["response_types_supported"] and "public" in about["subject_types_supported"]
    assert {"authorization_code", "refresh_token"} <= set(about["grant_types_supported"])
    assert "openid" in about["scopes_supported"]
    assert all(re.fullmatch(r"[\x21\x23-\x5b\x5d-\x7e]+", scope) for scope in about["scopes_supported"])
    assert about["request_parameter_supported"] is True and about["request_uri_parameter_supported"] is False
    assert "RS256" in about["request_object_signing_alg_values_supported"]
    assert about["claims_parameter_supported"] is True and {"sub", "name", "email"} <= set(about["claims_supported"])
    assert about["code_challenge_methods_supported"] == ["S256"]
    assert all(re.fullmatch(r"[a-z]{2}(-[A-Z][a-z]{3})?", tag) for tag in about["ui_locales_supported"])
    keys = certified.read(about["jwks_uri"]).json()
    assert {key.kid for key in jwk.KeySet.import_key_set(keys).keys} == {key["kid"] for key in keys["keys"]}
    assert all(key["kty"] in ("RSA", "EC", "OKP") and key["use"] == "sig" for key in keys["keys"])
    assert not any({"d", "p", "q", "dp", "dq", "qi", "k"} & key.keys() for key in keys["keys"])


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(about):
    assert is_https(about["end_session_endpoint"])


def test_oidcc_backchannel_logout_discovery_endpoint_verification(about):
    assert about["backchannel_logout_supported"] is True and about["backchannel_logout_session_supported"] is True
    assert is_https(about["end_session_endpoint"])


def test_oidcc_frontchannel_logout_discovery_endpoint_verification(about):
    assert about["frontchannel_logout_supported"] is True and about["frontchannel_logout_session_supported"] is True
    assert is_https(about["end_session_endpoint"])
