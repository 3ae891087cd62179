"""Certification plans Basic and Form Post: what an authorization request can ask for, and what is wrong with it."""
import json
import urllib.parse

from support import jws
from support.client import parameters
from support.provider_clients import KEY
from support.relying_party import WANTS_A_PAGE, RelyingParty


def test_oidcc_response_type_missing(party, visitor):
    """Told to the client, in the query, or on a page."""
    address = party.request(response_mode=None).replace("response_type=code&", "")
    assert "response_type" not in address
    response = party.go(visitor, address)
    told = {name: values[0] for name, values in parameters(response.headers["location"]).items()}
    assert response.headers["location"].startswith(party.account.redirect_uri + "?")
    assert told["error"] in ("invalid_request", "unsupported_response_type") and told["state"] == party.state
    assert "code" not in told


def test_oidcc_ensure_registered_redirect_uri(party, visitor):
    address = party.request(redirect_uri="https://suite.example.com/not-registered")
    response = visitor.get(address)
    assert response.status_code == 400 and "location" not in response.headers
    assert "redirect URI" in response.text and "not-registered" not in response.text


def test_oidcc_ensure_post_request_succeeds(party, visitor):
    address, _, query = party.request().partition("?")
    page = visitor.follow(visitor.post(address, data=dict(urllib.parse.parse_qsl(query))))
    party.claims(party.tokens(party.fill_in(visitor, page)))


# What must at least do no harm (OpenID Connect Core, section 15.1).


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(party, visitor):
    _, claims = party.complete(visitor, nonce=None)
    assert "nonce" not in claims


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(party, visitor):
    party.complete(visitor, extra="foobar")


def test_oidcc_display_page(party, visitor):
    party.complete(visitor, display="page")


def test_oidcc_display_popup(party, visitor):
    party.complete(visitor, display="popup")


def test_oidcc_ui_locales(party, visitor):
    """Swedish is no language of ours; German is."""
    party.complete(visitor, ui_locales="se")
    assert 'lang="de"' in party.go(visitor, party.request(ui_locales="se de", prompt="login")).text


def test_oidcc_claims_locales(party, visitor):
    party.complete(visitor, claims_locales="se")


def test_oidcc_login_hint(party, visitor):
    hint = "buffy@" + urllib.parse.urlsplit(party.provider.issuer).hostname
    page = party.go(visitor, party.request(login_hint=hint))
    assert f'value="{hint}"' in page.text
    party.claims(party.tokens(party.fill_in(visitor, page)))


def test_oidcc_ensure_request_with_acr_values_succeeds(party, visitor):
    offered = party.about["acr_values_supported"]
    _, claims = party.complete(visitor, acr_values=" ".join(offered))
    assert claims["acr"] in offered


# A second request from the same browser.


def test_oidcc_prompt_login(certified, party, visitor):
    _, first = party.complete(visitor)
    certified.wait(1)
    _, second = party.complete(visitor, prompt="login")
    assert second["auth_time"] > first["auth_time"] and second["sub"] == first["sub"]


def test_oidcc_prompt_none_not_logged_in(party, visitor):
    told = party.answer(party.go(visitor, party.request(prompt="none")))
    assert told["error"] in WANTS_A_PAGE and "code" not in told


def without_a_page(party, visitor, **changes) -> dict:
    """The claims of a second ID token, for which nobody was asked anything."""
    return party.claims(party.tokens(party.go(visitor, party.request(**changes))))


def test_oidcc_prompt_none_logged_in(party, visitor):
    _, first = party.complete(visitor)
    second = without_a_page(party, visitor, prompt="none")
    assert (second["sub"], second["auth_time"]) == (first["sub"], first["auth_time"])


def test_oidcc_id_token_hint(party, visitor):
    tokens, first = party.complete(visitor)
    second = without_a_page(party, visitor, prompt="none", id_token_hint=tokens["id_token"])
    assert (second["sub"], second["auth_time"]) == (first["sub"], first["auth_time"])


def test_oidcc_max_age_1(certified, party, visitor):
    _, first = party.complete(visitor)
    certified.wait(2)
    _, second = party.complete(visitor, max_age=1)
    assert second["auth_time"] > first["auth_time"] and certified.now - second["auth_time"] < 60


def test_oidcc_max_age_10000(certified, party, visitor):
    _, first = party.complete(visitor, max_age=15000)
    certified.wait(1)
    second = without_a_page(party, visitor, max_age=10000)
    assert (second["sub"], second["auth_time"]) == (first["sub"], first["auth_time"])


# Request objects: signed ones only are taken.


def unsigned(party) -> str:
    """A request object that nobody has signed (OpenID Connect Core, section 6.1)."""
    claims = {name: values[0] for name, values in parameters(party.request()).items()} | {
        "iss": party.account.id, "aud": party.provider.issuer}
    return ".".join(jws.encoded(json.dumps(part).encode()) for part in ({"alg": "none"}, claims)) + "."


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(party, visitor):
    assert party.about["request_uri_parameter_supported"] is False
    told = party.answer(party.go(visitor, party.request(request_uri="https://suite.example.com/request.jwt")))
    assert told["error"] == "request_uri_not_supported" and "code" not in told


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(certified, party, mode, visitor):
    assert "none" not in party.about["request_object_signing_alg_values_supported"]
    for client, error in (
        (party, "request_not_supported"),
        (RelyingParty(certified, certified.accounts["suite-signed"], mode), "invalid_request_object"),
    ):
        told = client.answer(client.go(visitor, client.request(request=unsigned(client))))
        assert told["error"] == error and "code" not in told


def test_oidcc_ensure_request_object_with_redirect_uri(certified, mode, visitor):
    """What counts is the redirect URI in the object, not the other one beside it."""
    party = RelyingParty(certified, certified.accounts["suite-signed"], mode)
    wanted = {name: values[0] for name, values in parameters(party.request()).items()}
    signed = KEY.sign(wanted | {"iss": party.account.id, "aud": certified.issuer, "exp": certified.now + 60})
    beside = {
        "client_id": party.account.id, "response_type": "code", "scope": "openid", "request": signed,
        "redirect_uri": "https://suite.example.com/not-registered"}
    response = party.sign_in(visitor, f"{party.about['authorization_endpoint']}?{urllib.parse.urlencode(beside)}")
    assert party.answer(response)["code"]
