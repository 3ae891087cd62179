"""Certification plan RP-initiated Logout."""
import json
import secrets

import pytest

from support import jws
from support.conformance import LOGGED_OUT, end_session, is_signed_out
from support.html import Page
from support.provider_clients import FOREIGN_KEY
from support.relying_party import RelyingParty


@pytest.fixture
def party(certified) -> RelyingParty:
    return RelyingParty(certified, certified.accounts["suite"])


@pytest.fixture
def tokens(party, visitor) -> dict:
    """Of somebody who has just signed in."""
    return party.complete(visitor)[0]


@pytest.fixture
def state() -> str:
    return secrets.token_urlsafe(96)


def ask(party, visitor, **parameters):
    return visitor.get(end_session(party, **parameters))


def stays_here(response) -> bool:
    """On a page of the provider, from which nothing leads to the client by itself."""
    return "location" not in response.headers and "refresh" not in response.headers and LOGGED_OUT not in response.text


def test_oidcc_rp_initiated_logout(party, visitor, tokens, state):
    response = ask(party, visitor, id_token_hint=tokens["id_token"], post_logout_redirect_uri=LOGGED_OUT, state=state)
    assert response.status_code == 303 and response.headers["location"] == f"{LOGGED_OUT}?state={state}"
    assert is_signed_out(party, visitor)


def test_oidcc_rp_initiated_logout_no_state(party, visitor, tokens):
    response = ask(party, visitor, id_token_hint=tokens["id_token"], post_logout_redirect_uri=LOGGED_OUT)
    assert response.status_code == 303 and response.headers["location"] == LOGGED_OUT
    assert is_signed_out(party, visitor)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(party, visitor, tokens, state):
    response = ask(party, visitor, id_token_hint=tokens["id_token"], state=state)
    assert response.status_code == 200 and stays_here(response) and "You are signed out" in response.text
    assert is_signed_out(party, visitor)


# Without an ID token of ours somebody has to say yes, and nothing leads to the client then either.


def confirmed(party, visitor, asked) -> None:
    assert asked.status_code == 200 and stays_here(asked) and not is_signed_out(party, visitor)
    done = visitor.submit(Page(asked.url, asked.text).forms[0])
    assert done.status_code == 200 and stays_here(done) and "You are signed out" in done.text
    assert is_signed_out(party, visitor)


def test_oidcc_rp_initiated_logout_no_params(party, visitor, tokens):
    confirmed(party, visitor, ask(party, visitor))


def test_oidcc_rp_initiated_logout_only_state(party, visitor, tokens, state):
    confirmed(party, visitor, ask(party, visitor, state=state))


def test_oidcc_rp_initiated_logout_no_id_token_hint(party, visitor, tokens, state):
    confirmed(party, visitor, ask(party, visitor, post_logout_redirect_uri=LOGGED_OUT, state=state))


def test_oidcc_rp_initiated_logout_modified_id_token_hint(party, visitor, tokens, state):
    """The right claims, unsigned."""
    unsigned = f'{jws.encoded(json.dumps({"alg": "none"}).encode())}.{tokens["id_token"].split(".")[1]}.'
    confirmed(party, visitor, ask(party, visitor, id_token_hint=unsigned, post_logout_redirect_uri=LOGGED_OUT, state=state))


def test_oidcc_rp_initiated_logout_bad_id_token_hint(party, visitor, tokens, state):
    """The right claims, signed by somebody else."""
    forged = FOREIGN_KEY.sign(jws.claims_of(tokens["id_token"]))
    confirmed(party, visitor, ask(party, visitor, id_token_hint=forged, post_logout_redirect_uri=LOGGED_OUT, state=state))


# What is refused, on a page, and changes nothing.


def refused(party, visitor, **parameters) -> None:
    response = ask(party, visitor, **parameters)
    assert response.status_code == 400 and response.headers["content-type"].startswith("text/html")
    assert stays_here(response) and not is_signed_out(party, visitor)


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(party, visitor, tokens, state):
    refused(
        party, visitor, id_token_hint=tokens["id_token"], post_logout_redirect_uri=f"{LOGGED_OUT}/{state[:10]}", state=state)


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(party, visitor, tokens, state):
    refused(party, visitor, id_token_hint=tokens["id_token"], post_logout_redirect_uri=f"{LOGGED_OUT}?foo=bar", state=state)
