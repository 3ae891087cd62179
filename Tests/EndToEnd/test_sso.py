"""The session at the provider: one a browser, over all clients; what clients ask of it, and what must not be done with it."""
import secrets
import time

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwk, jwt

from support import jws
from support.client import NAVIGATION, Client
from support.code_flow import VERIFIER, refresh
from support.html import Page
from support.ledger import LEDGER
from support.sso import SSO_COOKIE, answer, authorize, authorize_url, is_login, send, sign_in, tokens
from support.stack import ClientAccount, password_of

PUBLIC = ClientAccount("native", "", "http://127.0.0.1:5557/callback")


@pytest.fixture(scope="module")
def own(make_stack):
    """A stack of these tests' own: one client asks for consent, one can keep no secret."""

    def change(configuration):
        clients = configuration["provider"]["clients"]
        clients[2]["skipConsent"] = False
        clients.append({"id": PUBLIC.id, "public": True, "name": "Native", "redirectURIs": ["http://127.0.0.1/callback"]})

    stack = make_stack("sso", change)
    yield stack
    stack.stop()


@pytest.fixture
def app(own):
    return own.apps_account


@pytest.fixture
def signed_in(own, app):
    """A browser in which bob is signed in."""
    browser = Client()
    assert "code" in answer(sign_in(browser, own, app))
    return browser


def test_another_client_needs_no_password(own, signed_in):
    gateway = signed_in.follow(signed_in.get(f"{own.grpc_url}/"))
    assert gateway.status_code == 200 and "bob@example.com" in gateway.text


def test_all_clients_are_told_the_same_session(own, app, signed_in):
    first = jws.claims_of(tokens(own, app, authorize(signed_in, own, app))["id_token"])
    second = jws.claims_of(tokens(own, app, authorize(signed_in, own, app))["id_token"])
    for claim in ("sid", "sub", "auth_time", "amr", "acr"):
        assert first[claim] == second[claim], claim
    assert first["amr"] == ["pwd"] and first["acr"] == "pwd"


def test_the_session_outlives_a_restart(own, app, signed_in):
    own.gatehouse.stop()
    own.start_gatehouse()
    assert "code" in answer(authorize(signed_in, own, app))


def test_applications_never_see_the_session(own, signed_in):
    seen = signed_in.follow(signed_in.get(f"{own.grpc_url}/echo/")).json()["headers"]
    assert signed_in.cookie(SSO_COOKIE)
    assert SSO_COOKIE not in str(seen)


def test_the_store_knows_the_session_by_a_hash(own, signed_in):
    assert signed_in.cookie(SSO_COOKIE).encode() not in (own.folder / "gatehouse.db").read_bytes()


def test_anonymous_requests_store_nothing(own, app):
    before = own.all_rows()
    for login in ["bob@example.com"] * 10 + ["nobody@example.com"] * 10:
        browser = Client()
        page = authorize(browser, own, app)
        send(browser, page, app, login=login, password="not-the-password")
    browser.set_cookie(SSO_COOKIE, secrets.token_urlsafe(32))
    assert is_login(authorize(browser, own, app))
    assert own.all_rows() == before


# A client that we did not write.


def test_authlib_gets_a_code_without_a_page(own, app, signed_in):
    about = requests.get(f"{own.issuer}/.well-known/openid-configuration", timeout=5).json()
    assert about["claims_parameter_supported"] and "none" in about["prompt_values_supported"]
    nonce = secrets.token_urlsafe(16)
    with OAuth2Session(
        app.id, app.secret, redirect_uri=app.redirect_uri, scope="openid email", code_challenge_method="S256",
        token_endpoint=about["token_endpoint"],
    ) as client:
        address, state = client.create_authorization_url(
            about["authorization_endpoint"], nonce=nonce, code_verifier=VERIFIER, prompt="none", max_age=3600)
        response = signed_in.follow(signed_in.get(address), until=lambda target: target.startswith(app.redirect_uri))
        reply = client.fetch_token(
            about["token_endpoint"], authorization_response=response.headers["location"], state=state, code_verifier=VERIFIER)
        for name in ("access_token", "id_token"):
            LEDGER.add(reply[name], name)
        keys = jwk.KeySet.import_key_set(requests.get(about["jwks_uri"], timeout=5).json())
        token = jwt.decode(reply["id_token"], keys, algorithms=about["id_token_signing_alg_values_supported"])
        claims = CodeIDToken(token.claims, token.header, {"iss": {"value": own.issuer}}, {
            "nonce": nonce, "client_id": app.id, "max_age": 3600, "access_token": reply["access_token"]})
        claims.validate()
        assert claims["auth_time"] <= time.time() and claims["email"] == "bob@example.com"


# What a client asks of the sign-in.

ESSENTIAL_PHR = '{"id_token":{"acr":{"essential":true,"value":"phr"}}}'


@pytest.mark.parametrize("asked, expected", [
    ({"prompt": "none"}, "code"), ({"prompt": "login"}, "login"), ({"prompt": "select_account"}, "choice"),
    ({"prompt": "consent"}, "consent"), ({"prompt": "none login"}, "invalid_request"), ({"prompt": "other"}, "invalid_request"),
    ({"max_age": "3600"}, "code"), ({"max_age": "0"}, "login"), ({"max_age": "0", "prompt": "none"}, "login_required"),
    ({"login_hint": "bob@example.com"}, "code"), ({"login_hint": "admin@example.com"}, "login"),
    ({"login_hint": "admin@example.com", "prompt": "none"}, "login_required"), ({"acr_values": "pwd"}, "code"),
    ({"claims": ESSENTIAL_PHR}, "login"), ({"claims": "no json"}, "invalid_request"), ({"id_token_hint": "x.y.z"}, "invalid_request"),
    ({"ui_locales": "de"}, "code"), ({"prompt": "none consent"}, "invalid_request"),
], ids=str)
def test_what_is_asked_of_a_session(own, app, signed_in, asked, expected):
    response = authorize(signed_in, own, app, **asked)
    found = answer(response)
    if expected == "code":
        assert found.get("code"), response.text[:300]
    elif expected == "login":
        assert is_login(response)
    elif expected == "choice":
        assert "Choose an account" in response.text and "bob@example.com" in response.text
    elif expected == "consent":
        assert 'name="decision"' in response.text
    else:
        assert found["error"] == expected and found["state"] == "state-of-the-client" and found["iss"] == own.issuer


@pytest.mark.parametrize("prompt", ["none"])
def test_whoever_is_not_signed_in(own, app, prompt):
    assert answer(authorize(Client(), own, app, prompt=prompt))["error"] == "login_required"


def test_signing_in_again_keeps_the_session_and_raises_its_time(own, app, signed_in):
    before = jws.claims_of(tokens(own, app, authorize(signed_in, own, app))["id_token"])
    time.sleep(1.1)
    page = authorize(signed_in, own, app, prompt="login")
    assert 'value="bob@example.com"' in page.text
    again = send(signed_in, page, app, login="bob@example.com", password=password_of("bob@example.com"))
    after = jws.claims_of(tokens(own, app, again)["id_token"])
    assert after["auth_time"] > before["auth_time"] and after["sid"] == before["sid"]


def test_an_essential_class_that_is_not_met(own, app):
    response = sign_in(Client(), own, app, claims=ESSENTIAL_PHR)
    assert answer(response)["error"] == "unmet_authentication_requirements"


def test_the_id_token_hint_of_another(own, app, signed_in):
    admins = tokens(own, app, sign_in(Client(), own, app, email="admin@example.com"))["id_token"]
    assert answer(authorize(signed_in, own, app, prompt="none", id_token_hint=admins))["error"] == "login_required"
    page = authorize(signed_in, own, app, id_token_hint=admins)
    assert is_login(page)
    assert answer(send(signed_in, page, app, login="bob@example.com", password=password_of("bob@example.com")))[
        "error"] == "login_required"
    bobs = tokens(own, app, authorize(signed_in, own, app))["id_token"]
    assert answer(authorize(signed_in, own, app, prompt="none", id_token_hint=bobs)).get("code")


# Several accounts.


def test_one_of_several_accounts_is_chosen(own, app, signed_in):
    choice = authorize(signed_in, own, app, prompt="select_account")
    page = send(signed_in, choice, app, account="")
    assert is_login(page)
    send(signed_in, page, app, login="admin@example.com", password=password_of("admin@example.com"))
    assert answer(authorize(signed_in, own, app, prompt="none"))["error"] == "account_selection_required"
    hinted = authorize(signed_in, own, app, prompt="none", login_hint="bob@example.com")
    assert jws.claims_of(tokens(own, app, hinted)["id_token"])["email"] == "bob@example.com"


# Consent.


def test_consent_is_remembered_and_can_be_taken_back(own):
    browser, other = Client(), own.other_account
    page = sign_in(browser, own, other)
    assert 'name="decision"' in page.text and "your e-mail address" in page.text and "Other" in page.text
    granted = tokens(own, other, send(browser, page, other, decision="allow"))
    assert answer(authorize(browser, own, other)).get("code")
    assert answer(authorize(browser, own, other, scope="openid groups", prompt="none"))["error"] == "consent_required"
    page = browser.get(f"{own.issuer}/consents")
    assert "Other" in page.text
    browser.follow(browser.submit(Page(page.url, page.text).forms[0]))
    assert refresh(own, other, granted["refresh_token"]).json()["error"] == "invalid_grant"
    page = authorize(browser, own, other)
    assert answer(send(browser, page, other, decision="deny"))["error"] == "access_denied"


def test_a_program_on_the_machine_gets_no_code_behind_ones_back(own, signed_in):
    """RFC 8252, section 8.6: any program could have its client id."""
    page = authorize(signed_in, own, PUBLIC)
    assert 'name="decision"' in page.text
    assert answer(authorize(signed_in, own, PUBLIC, prompt="none"))["error"] == "interaction_required"
    assert answer(send(signed_in, page, PUBLIC, decision="allow")).get("code")


# What others try.


def test_b8_a_session_planted_beforehand(own, app):
    """The attacker's session in the victim's browser is not taken over, and the id from before the sign-in leads nowhere."""
    attacker, victim = Client(), Client()
    sign_in(attacker, own, app, email="admin@example.com")
    planted = attacker.cookie(SSO_COOKIE)
    victim.get(authorize_url(own, app))
    victim.session.cookies.set(SSO_COOKIE, planted, domain="localhost.local", path="/dex")
    assert is_login(authorize(victim, own, app))
    granted = tokens(own, app, sign_in(victim, own, app))
    assert jws.claims_of(granted["id_token"])["email"] == "bob@example.com"
    assert victim.cookie(SSO_COOKIE) != planted
    assert is_login(authorize(Client(), own, app))


def test_the_id_changes_at_every_sign_in(own, app, signed_in):
    old = Client()
    old.session.cookies.update(signed_in.session.cookies)
    send(signed_in, authorize(signed_in, own, app, prompt="login"), app, login="bob@example.com", password=password_of("bob@example.com"))
    assert is_login(authorize(old, own, app))
    assert answer(authorize(signed_in, own, app)).get("code")


CROSS_SITE = [{"sec-fetch-site": "cross-site", "origin": "https://evil.example"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}]


def forged(browser, page, headers: dict, **fields: str):
    form = Page(page.url, page.text).forms[0]
    plain = {name: value for name, value in NAVIGATION.items() if not name.startswith("sec-fetch")}
    return browser.post(form.action, data=form.fields | fields, headers=plain | headers)


@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
def test_forms_of_other_sites_do_nothing(own, app, headers):
    browser = Client()
    login = forged(browser, authorize(browser, own, app), headers, login="bob@example.com", password=password_of("bob@example.com"))
    assert login.status_code == 403 and is_login(authorize(browser, own, app))

    consent = sign_in(browser, own, own.other_account)
    assert forged(browser, consent, headers, decision="allow").status_code == 403
    choice = authorize(browser, own, app, prompt="select_account")
    assert forged(browser, choice, headers, account="").status_code == 403
    logout = browser.get(f"{own.issuer}/logout")
    assert forged(browser, logout, headers).status_code == 403
    assert answer(authorize(browser, own, app)).get("code")


@pytest.mark.parametrize("step", ["login", "consent", "choice", "logout"])
def test_a_form_without_its_proof_does_nothing(own, app, step):
    """As another site would have to make it up: the same origin's headers are left out, as old browsers do."""
    browser = Client()
    if step == "login":
        page = authorize(browser, own, app)
    else:
        page = sign_in(browser, own, own.other_account)
        if step == "choice":
            page = authorize(browser, own, app, prompt="select_account")
        elif step == "logout":
            page = browser.get(f"{own.issuer}/logout")
    fields = {"login": "bob@example.com", "password": password_of("bob@example.com"), "decision": "allow", "account": ""}
    response = forged(browser, page, {}, proof="x", **fields)
    if step == "login":
        assert is_login(response) and "once more" in response.text
        assert is_login(authorize(browser, own, app))
    else:
        assert response.status_code == 403
        assert answer(authorize(browser, own, app)).get("code")


@pytest.mark.parametrize("value", ["x", "A" * 43, "A" * 100_000, '"><script>', "é"], ids=lambda value: value[:12])
def test_odd_cookies_are_nobodys(own, app, value):
    headers = NAVIGATION | {"cookie": f"{SSO_COOKIE}={value}; gatehouse_login={'A' * 43}".encode("utf-8")[:60_000]}
    response = requests.get(authorize_url(own, app, prompt="none"), headers=headers, allow_redirects=False, timeout=20)
    assert response.status_code in (303, 431) and "code=" not in response.headers.get("location", "")
