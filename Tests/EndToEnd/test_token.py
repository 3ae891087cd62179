"""The provider's token endpoint: codes (G1–G9) and refresh tokens (H1–H4)."""
import base64
import concurrent.futures
import time

import pytest
import requests

from support import jws
from support.client import Client
from support.clock import Clock
from support.code_flow import VERIFIER, code_for, exchange, refresh, token_request, userinfo


@pytest.fixture(scope="module")
def browser(stack) -> Client:
    """Known to the provider as bob, so that codes come without a password."""
    client = Client()
    code_for(stack, stack.apps_account, browser=client)
    return client


@pytest.fixture
def code(stack, browser) -> str:
    return code_for(stack, stack.apps_account, browser=browser)


def assert_refused(response: requests.Response, error: str, status: int = 400) -> None:
    """RFC 6749, section 5.2."""
    assert (response.status_code, response.json()["error"]) == (status, error), response.text
    assert response.headers["content-type"].startswith("application/json")
    assert response.headers["cache-control"] == "no-store"
    assert not {"access_token", "id_token", "refresh_token"} & response.json().keys()
    if status == 401 and "authorization" in response.request.headers:
        assert response.headers["www-authenticate"].startswith("Basic")


def test_a_code_becomes_tokens(stack, code):
    response = exchange(stack, stack.apps_account, code)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    tokens = response.json()
    assert tokens["token_type"].lower() == "bearer" and tokens["expires_in"] > 0 and tokens["refresh_token"]
    claims = jws.claims_of(tokens["id_token"])
    assert claims["iss"] == stack.issuer and claims["aud"] in ("app", ["app"]) and claims["nonce"] == "nonce-of-the-client"
    assert claims["email"] == "bob@example.com" and claims["name"] == "Bob Builder" and claims["groups"] == ["team-b"]
    assert claims["at_hash"] == jws.at_hash(tokens["access_token"]) and claims["c_hash"] == jws.at_hash(code)
    renewed = jws.claims_of(refresh(stack, stack.apps_account, tokens["refresh_token"]).json()["id_token"])
    assert renewed["at_hash"] != claims["at_hash"] and "c_hash" not in renewed
    about = userinfo(stack, tokens["access_token"])
    assert about.status_code == 200 and about.json()["sub"] == claims["sub"] and about.json()["email"] == "bob@example.com"


def test_the_secret_may_be_in_the_form(stack, code):
    account = stack.apps_account
    response = token_request(stack, account, {
        "grant_type": "authorization_code", "code": code, "redirect_uri": account.redirect_uri, "code_verifier": VERIFIER,
        "client_id": account.id, "client_secret": account.secret}, authorization=None)
    assert response.status_code == 200, response.text


def test_g1_a_code_used_twice_ends_what_it_gave(stack, code):
    tokens = exchange(stack, stack.apps_account, code).json()
    assert userinfo(stack, tokens["access_token"]).status_code == 200
    assert_refused(exchange(stack, stack.apps_account, code), "invalid_grant")
    assert_refused(refresh(stack, stack.apps_account, tokens["refresh_token"]), "invalid_grant")
    assert userinfo(stack, tokens["access_token"]).status_code == 401


def test_g1_a_code_sent_ten_times_at_once_works_once_at_most(stack, code):
    """One is the first, and the others end what it gave: it is refused itself where they do so before it has its tokens."""
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: exchange(stack, stack.apps_account, code), range(10)))
    won = [answer.json() for answer in answers if answer.status_code == 200]
    refusals = [answer for answer in answers if answer.status_code != 200]
    for refusal in refusals:
        assert_refused(refusal, "invalid_grant")
    reasons = {refusal.json()["error_description"] for refusal in refusals}
    assert len(won) == 1 or not won and "the sign-in has ended" in reasons
    assert "the code has been used" in reasons and reasons <= {"the code has been used", "the sign-in has ended"}
    for tokens in won:
        assert userinfo(stack, tokens["access_token"]).status_code == 401
        assert_refused(refresh(stack, stack.apps_account, tokens["refresh_token"]), "invalid_grant")


@pytest.mark.usefixtures("nothing_new")
def test_g2_the_code_of_another_client(stack, code):
    assert_refused(
        exchange(stack, stack.other_account, code, redirect_uri=stack.apps_account.redirect_uri), "invalid_grant")


@pytest.mark.parametrize("uri", ["http://127.0.0.1:5556/callback", "http://127.0.0.1:5555/callback/", "", None])
@pytest.mark.usefixtures("nothing_new")
def test_g3_another_redirect_uri(stack, code, uri):
    response = exchange(stack, stack.apps_account, code, redirect_uri=uri)
    assert response.status_code == 400 and response.json()["error"] in ("invalid_grant", "invalid_request")


@pytest.mark.parametrize("verifier", ["w" * 64, VERIFIER + "v", VERIFIER[:-1], "", None, "é" * 43, "v" * 10_000])
@pytest.mark.usefixtures("nothing_new")
def test_g4_a_wrong_verifier(stack, code, verifier):
    response = exchange(stack, stack.apps_account, code, code_verifier=verifier)
    assert response.status_code == 400 and response.json()["error"] in ("invalid_grant", "invalid_request")


def test_g5_a_verifier_where_none_was_asked(stack, browser):
    code = code_for(stack, stack.apps_account, browser=browser, code_challenge=None, code_challenge_method=None)
    response = exchange(stack, stack.apps_account, code)
    assert response.status_code == 400 and response.json()["error"] in ("invalid_grant", "invalid_request")


@pytest.mark.parametrize("wrong", ["made-up", "", None, "a" * 10_000, "\0", "é"])
@pytest.mark.usefixtures("nothing_new")
def test_g6_no_code_of_ours(stack, wrong):
    response = exchange(stack, stack.apps_account, wrong)
    assert response.status_code == 400 and response.json()["error"] in ("invalid_grant", "invalid_request")


@pytest.mark.parametrize("seconds, works", [(110, True), (125, False)])
def test_g_an_expired_code(make_stack, seconds, works):
    """Two minutes are all that a client has."""
    stack = make_stack(f"code-expiry-{seconds}", start=False)
    clock = Clock(stack)
    stack.start()
    account = stack.apps_account
    code = code_for(stack, account)
    clock.move(seconds)
    if works:
        assert exchange(stack, account, code).status_code == 200
    else:
        with stack.nothing_comes_of_it():
            for _ in range(2):
                assert_refused(exchange(stack, account, code), "invalid_grant")
        clock.move(0)
        assert exchange(stack, account, code).status_code == 200, "the time alone was wrong"
    stack.stop()


@pytest.mark.parametrize("how", ["wrong secret", "no secret", "unknown client", "secret of another", "empty secret"])
@pytest.mark.usefixtures("nothing_new")
def test_g7_a_client_that_does_not_prove_who_it_is(stack, code, how):
    account, other = stack.apps_account, stack.other_account
    pair = {
        "wrong secret": (account.id, "wrong-secret"), "no secret": None, "unknown client": ("unknown", account.secret),
        "secret of another": (account.id, other.secret), "empty secret": (account.id, ""),
    }[how]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": account.redirect_uri, "code_verifier": VERIFIER}
    if pair is None:
        form["client_id"] = account.id
    assert_refused(token_request(stack, account, form, authorization=pair), "invalid_client", 401)
    assert exchange(stack, account, code).status_code == 200, "a stranger's try must not use the code up"


@pytest.mark.usefixtures("nothing_new")
def test_g8_the_secret_in_both_places(stack, code):
    account = stack.apps_account
    response = exchange(stack, account, code, client_id=account.id, client_secret=account.secret)
    assert response.status_code in (400, 401) and response.json()["error"] in ("invalid_request", "invalid_client")


@pytest.mark.usefixtures("nothing_new")
def test_g8_another_client_in_the_form_than_in_the_header(stack, code):
    response = exchange(stack, stack.apps_account, code, client_id=stack.other_account.id)
    assert response.status_code in (400, 401) and response.json()["error"] in ("invalid_request", "invalid_client")


@pytest.mark.parametrize("header", [
    "Basic", "Basic ", "Basic !!!", "Basic " + base64.b64encode(b"no-colon").decode(), "Basic " + base64.b64encode(b"\xff:\xff").decode(),
    "Basic " + base64.b64encode(b"%zz:%zz").decode(), "Basic " + base64.b64encode(b"app:" + b"a" * 20_000).decode(), "Bearer x", "Digest x",
])
@pytest.mark.usefixtures("nothing_new")
def test_g9_a_header_that_is_no_basic_authentication(stack, code, header):
    response = token_request(stack, stack.apps_account, {
        "grant_type": "authorization_code", "code": code, "redirect_uri": stack.apps_account.redirect_uri,
        "code_verifier": VERIFIER}, authorization=header)
    assert response.status_code in (400, 401, 431)
    if response.status_code != 431:
        assert response.json()["error"] in ("invalid_client", "invalid_request")


@pytest.mark.parametrize("grant", ["password", "client_credentials", "implicit", "", None, "AUTHORIZATION_CODE"])
@pytest.mark.usefixtures("nothing_new")
def test_another_grant_type(stack, code, grant):
    response = exchange(stack, stack.apps_account, code, grant_type=grant)
    assert response.status_code == 400
    assert response.json()["error"] in ("unsupported_grant_type", "invalid_request", "unauthorized_client")


@pytest.mark.parametrize("name", ["grant_type", "code", "redirect_uri", "code_verifier", "client_id"])
@pytest.mark.usefixtures("nothing_new")
def test_a_field_twice(stack, code, name):
    account = stack.apps_account
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": account.redirect_uri, "code_verifier": VERIFIER,
        "client_id": account.id}
    assert_refused(token_request(stack, account, [*form.items(), (name, form[name])]), "invalid_request")


@pytest.mark.usefixtures("nothing_new")
def test_get_is_not_allowed(stack):
    response = Client().get(f"{stack.issuer}/token?grant_type=authorization_code", headers={"accept": "application/json"})
    assert response.status_code == 405


@pytest.mark.parametrize("kind, body", [
    ("application/json", b'{"grant_type": "authorization_code"}'), ("text/plain", b"grant_type=authorization_code"),
    ("application/x-www-form-urlencoded", b""), ("application/x-www-form-urlencoded", b"\xff\xfe=%zz&&&=&%"),
    ("application/x-www-form-urlencoded", b"a=b&" * 100_000), ("multipart/form-data; boundary=x", b"--x--"),
])
@pytest.mark.usefixtures("nothing_new")
def test_a_body_that_is_no_form(stack, kind, body):
    response = token_request(stack, stack.apps_account, body, headers={"content-type": kind})
    assert response.status_code in (400, 413, 415)


def test_h1_a_refresh_token_is_replaced(stack, code):
    first = exchange(stack, stack.apps_account, code).json()
    second = refresh(stack, stack.apps_account, first["refresh_token"])
    assert second.status_code == 200, second.text
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert second.json()["access_token"] != first["access_token"]
    old, new = (jws.claims_of(tokens["id_token"]) for tokens in (first, second.json()))
    assert {name: old[name] for name in ("iss", "sub", "aud", "email")} == {name: new[name] for name in ("iss", "sub", "aud", "email")}
    assert refresh(stack, stack.apps_account, second.json()["refresh_token"]).status_code == 200


def test_h2_reuse_after_the_window_ends_the_family(make_stack):
    def no_window(configuration):
        configuration["provider"]["tokens"] = {"refresh": {"reuseWindow": "1s"}}

    stack = make_stack("refresh-reuse", no_window)
    account = stack.apps_account
    first = exchange(stack, account, code_for(stack, account)).json()["refresh_token"]
    second = refresh(stack, account, first).json()["refresh_token"]
    time.sleep(2.1)
    assert_refused(refresh(stack, account, first), "invalid_grant")
    assert_refused(refresh(stack, account, second), "invalid_grant")
    stack.stop()


def test_h2_two_at_the_same_instant_do_not_lose_the_client_its_session(stack, code):
    token = exchange(stack, stack.apps_account, code).json()["refresh_token"]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: refresh(stack, stack.apps_account, token), range(8)))
    won = [answer.json()["refresh_token"] for answer in answers if answer.status_code == 200]
    assert won
    assert refresh(stack, stack.apps_account, won[-1]).status_code == 200


def test_h3_another_client(stack, code):
    tokens = exchange(stack, stack.apps_account, code).json()
    assert_refused(refresh(stack, stack.other_account, tokens["refresh_token"]), "invalid_grant")


def test_h4_more_scope_than_was_given(stack, browser):
    code = code_for(stack, stack.apps_account, browser=browser, scope="openid offline_access")
    tokens = exchange(stack, stack.apps_account, code).json()
    assert_refused(refresh(stack, stack.apps_account, tokens["refresh_token"], scope="openid email"), "invalid_scope")


def test_without_offline_access_there_is_no_refresh_token(stack, browser):
    code = code_for(stack, stack.apps_account, browser=browser, scope="openid")
    assert "refresh_token" not in exchange(stack, stack.apps_account, code).json()


@pytest.mark.parametrize("token", ["made-up", "", "a.b.c", "a" * 10_000, "é"])
@pytest.mark.usefixtures("nothing_new")
def test_userinfo_needs_a_good_access_token(stack, token):
    response = userinfo(stack, token.encode().decode("latin-1"))
    assert response.status_code in (400, 401, 431)
    if response.status_code == 401:
        assert response.headers["www-authenticate"].startswith("Bearer")


def test_userinfo_does_not_take_an_id_token(stack, code):
    tokens = exchange(stack, stack.apps_account, code).json()
    assert userinfo(stack, tokens["id_token"]).status_code == 401
    assert userinfo(stack, tokens["refresh_token"]).status_code == 401
