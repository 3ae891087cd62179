"""Certification plans Back-Channel and Front-Channel Logout, each with RP-initiated logout."""
import secrets
import urllib.parse

import pytest
from cryptojwt import KeyJar
from idpyoidc.message.oidc.session import BackChannelLogoutRequest

from support.chromium import Chromium
from support.conformance import end_session, is_signed_out
from support.ledger import LEDGER
from support.relying_party import BOB, WANTS_A_PAGE, RelyingParty
from support.stack import password_of


def query_of(address: str) -> dict[str, str]:
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))


def test_oidcc_backchannel_rp_initiated_logout(certified, visitor):
    party, state = RelyingParty(certified, certified.accounts["suite-back"]), secrets.token_urlsafe(96)
    tokens, claims = party.complete(visitor)
    certified.listener.tokens.clear()
    left = visitor.get(end_session(
        party, id_token_hint=tokens["id_token"], post_logout_redirect_uri=f"{certified.listener.url}/bye", state=state))
    assert left.headers["location"] == f"{certified.listener.url}/bye?state={state}"

    keys = KeyJar()
    keys.import_jwks(certified.keys(), certified.issuer)
    told = BackChannelLogoutRequest(logout_token=certified.listener.wait_for(1)[0])
    assert told.verify(
        keyjar=keys, iss=certified.issuer, aud=party.account.id, allowed_sign_alg="RS256", skew=certified.ahead + 5)
    token = told["__verified_logout_token"].to_dict()
    assert (token["sub"], token["sid"]) == (claims["sub"], claims["sid"]) and "nonce" not in token
    assert token["jti"] and abs(token["iat"] - certified.now) < 60
    assert is_signed_out(party, visitor)


@pytest.fixture
def chromium(artifacts):
    browser = Chromium(artifacts / "screenshots", "conformance", trusts_everybody=True)
    yield browser
    browser.close()


def test_oidcc_frontchannel_rp_initiated_logout(certified, chromium):
    party, state = RelyingParty(certified, certified.accounts["suite-front"]), secrets.token_urlsafe(96)

    def arrived(address: str) -> dict[str, str]:
        chromium.wait(lambda: chromium.driver.current_url.startswith(address + "?"), address)
        return query_of(chromium.driver.current_url)

    chromium.open(party.request())
    chromium.fill_in(BOB, password_of(BOB))
    answer = arrived(party.account.redirect_uri)
    LEDGER.add(answer["code"], "code")
    tokens = party.session.fetch_token(
        party.about["token_endpoint"], authorization_response=chromium.driver.current_url, state=party.state)
    claims = party.claims(tokens)

    certified.listener.frames.clear()
    chromium.open(end_session(
        party, id_token_hint=tokens["id_token"], post_logout_redirect_uri=f"{certified.listener.url}/bye", state=state))
    assert arrived(f"{certified.listener.url}/bye") == {"state": state}
    assert certified.listener.frames == [{"iss": certified.issuer, "sid": claims["sid"]}]

    chromium.open(party.request(prompt="none"))
    assert arrived(party.account.redirect_uri)["error"] in WANTS_A_PAGE
