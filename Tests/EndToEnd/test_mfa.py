"""Second factors at the provider: set up, asked for, told to clients, and not to be got around."""
import base64
import concurrent.futures
import json
import re
import secrets
import subprocess
import urllib.parse

import pytest
import requests

from support import jws, paths
from support.client import Client
from support.clock import Clock
from support.code_flow import token_request
from support.html import Page
from support.ledger import LEDGER
from support.provider_clients import audit_lines
from support.replica import Replica
from support.sso import answer, authorize, is_login, send, tokens
from support.stack import ClientAccount, hash_of, password_of
from support.totp import PERIOD, Authenticator

# A user for each thing that is done to one.
PEOPLE = [f"{name}@example.com" for name in (
    "whole", "told", "replay", "skip", "other", "thief", "paper", "mine", "lost", "client", "device", "stored", "guess", "twice",
    "chief")]
OLD = ClientAccount("old", LEDGER.add(secrets.token_urlsafe(24), "secret of client old"), "")


@pytest.fixture(scope="module")
def setting(make_stack):
    """Whoever is in `chiefs` has to have a second factor; `/echo/safe` wants one of everybody."""

    def change(configuration):
        provider, service = configuration["provider"], configuration["authService"]
        provider["mfa"] = {"required": "groups", "groups": ["chiefs"], "label": "Example & Co"}
        provider["passwordConnector"] = "local"
        provider["storedUsers"] = {}
        provider["users"] += [
            {"email": email, "hash": hash_of(email), "name": email.partition("@")[0].title(),
             "groups": ["chiefs"] if email.startswith("chief") else ["team-b"]}
            for email in PEOPLE]
        provider["clients"] += [
            {"id": OLD.id, "secret": {"env": "OLD_SECRET"}, "grantTypes": ["password"]},
            {"id": "tv", "public": True, "name": "Television"},
        ]
        provider["clients"][2] |= {"mfa": "skip", "skipConsent": False}
        service["basicAuthentication"] = True
        service["rules"].insert(0, {"paths": ["/echo/safe"], "allow": "signedIn", "acr": ["mfa"]})
        for email in PEOPLE:
            LEDGER.add(hash_of(email), f"hash of {email}")

    stack = make_stack("mfa", change, start=False)
    clock = Clock(stack)
    stack.further_environment["OLD_SECRET"] = OLD.secret
    stack.start()
    yield stack, clock
    stack.stop()


@pytest.fixture
def own(setting):
    return setting[0]


@pytest.fixture
def clock(setting):
    """A step further than the test before: no code of its is used already."""
    setting[1].move(setting[1].seconds + 3 * PERIOD)
    return setting[1]


@pytest.fixture
def app(own):
    return own.apps_account


def first_factor(own, app, email: str, browser: Client | None = None, **changes) -> requests.Response:
    browser = browser or Client()
    page = authorize(browser, own, app, **changes)
    assert is_login(page), page.text[:300]
    return send(browser, page, app, login=email, password=password_of(email))


def asks(page: requests.Response) -> bool:
    return "Enter your code" in page.text and 'name="code"' in page.text


def act(browser: Client, page: requests.Response, action: str, **fields) -> requests.Response:
    """Sends the form on the page of second factors that does something."""
    form = next(form for form in Page(page.url, page.text).forms if form.fields.get("do") == action)
    return browser.follow(browser.submit(form, **fields))


def set_up(own, clock, browser: Client) -> Authenticator:
    """An app, set up by somebody who is signed in."""
    offer = act(browser, browser.get(f"{own.issuer}/second-factors"), "begin")
    app = Authenticator(offer.text, clock)
    app.take_codes(act(browser, offer, "enrol", code=app.code()).text)
    clock.move(clock.seconds + PERIOD)
    return app


def enrolled(own, clock, email: str) -> Authenticator:
    browser = Client()
    assert "code" in answer(first_factor(own, own.apps_account, email, browser))
    return set_up(own, clock, browser)


def users(own, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, "users", *arguments, "--config", str(own.file)], capture_output=True, text=True, timeout=30,
        env=own.gatehouse.environment, check=False)


def api(own, method: str, user: str, below: str = "factors") -> requests.Response:
    return requests.request(method, f"http://127.0.0.1:{own.ports.admin}/api/users/{user}/{below}", timeout=20)


# The whole way.

def test_a_rule_asks_for_it_and_it_is_set_up_on_the_way(own, clock):
    browser, email, url = Client(), "whole@example.com", f"{own.grpc_url}/echo/safe"
    assert browser.sign_in(f"{own.grpc_url}/echo/", email, password_of(email)).status_code == 200
    with own.nothing_reaches_an_application():
        offer = browser.follow(browser.get(url))
        app = Authenticator(offer.text, clock)
        assert "Set up an authenticator app" in offer.text and "<svg" in offer.text and Page(url, offer.text).inline_scripts == 0
        uri = re.search(r'href="(otpauth://[^"]*)"', offer.text)[1].replace("&amp;", "&")
        assert uri == (f"otpauth://totp/Example%20%26%20Co:whole%40example.com?secret={app.text}"
                       "&issuer=Example%20%26%20Co&algorithm=SHA1&digits=6&period=30")
        form = Page(offer.url, offer.text).form_with("code")
        assert browser.submit(form, code="000000").status_code == 401
        codes = browser.submit(form, code=app.code())
        app.take_codes(codes.text)
    seen = browser.follow(browser.submit(Page(codes.url, codes.text).forms[0]))
    assert seen.status_code == 200, seen.text[:300]
    assertion = jws.claims_of(seen.json()["headers"]["x-gatehouse-assertion"][0])
    assert assertion["acr"] == "mfa" and assertion["amr"] == ["pwd", "otp", "mfa"]
    for event, reason in (("second_factor_enrolled", "totp"), ("second_factor_used", "totp"), ("second_factor_refused", "wrong code")):
        assert audit_lines(own, event=event, email=email, reason=reason), event


def test_the_client_is_told_and_the_session_goes_on(own, clock, app):
    totp, browser = enrolled(own, clock, "told@example.com"), Client()
    page = first_factor(own, app, "told@example.com", browser)
    assert asks(page)
    reply = tokens(own, app, send(browser, page, app, code=totp.code()))
    claims = jws.claims_of(reply["id_token"])
    assert (claims["amr"], claims["acr"]) == (["pwd", "otp", "mfa"], "mfa")
    known = requests.post(
        f"{own.issuer}/token/introspect", data={"token": reply["access_token"]}, auth=(app.id, app.secret), timeout=10).json()
    assert known["acr"] == "mfa" and known["amr"] == claims["amr"]
    assert "code" in answer(authorize(browser, own, app, prompt="none"))
    about = requests.get(f"{own.issuer}/.well-known/openid-configuration", timeout=10).json()
    assert about["acr_values_supported"] == ["pwd", "mfa"]


def test_whoever_has_to_have_one_sets_it_up_at_the_sign_in(own, clock, app):
    browser = Client()
    page = first_factor(own, app, "chief@example.com", browser)
    totp = Authenticator(page.text, clock)
    assert "error" in answer(authorize(browser, own, app, prompt="none"))
    codes = send(browser, page, app, code=totp.code())
    totp.take_codes(codes.text)
    assert "code" in answer(send(browser, codes, app))
    clock.move(clock.seconds + PERIOD)
    again = Client()
    assert "code" in answer(send(again, first_factor(own, app, "chief@example.com", again), app, code=totp.code()))


# What must not be.

def test_a_code_is_refused_at_a_second_sign_in(own, clock, app):
    totp = enrolled(own, clock, "replay@example.com")
    code, one, two = totp.code(), Client(), Client()
    assert "code" in answer(send(one, first_factor(own, app, "replay@example.com", one), app, code=code))
    page = first_factor(own, app, "replay@example.com", two)
    with own.nothing_comes_of_it():
        refused = send(two, page, app, code=code)
    assert refused.status_code == 401 and "used already" in refused.text
    reference = re.search(r"<code>([A-Z0-9]{10})</code>", refused.text)[1]
    assert audit_lines(own, event="second_factor_refused", reference=reference, reason="used before", email="replay@example.com")


def test_of_two_replicas_with_one_code_one_lets_somebody_in(own, clock, app):
    totp = enrolled(own, clock, "twice@example.com")
    replica = Replica(own)
    replica.start()
    try:
        posts = []
        for port in (own.ports.web, replica.ports["web"]) * 3:
            browser = Client()
            page = first_factor(own, app, "twice@example.com", browser)
            fields = Page(page.url, page.text).form_with("code").fields
            cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.session.cookies)
            headers = {"host": own.grpc_url.removeprefix("http://"), "origin": own.grpc_url, "cookie": cookies}
            posts.append((f"http://127.0.0.1:{port}/dex/second-factor", fields, headers))
        code = totp.code()
        with concurrent.futures.ThreadPoolExecutor(len(posts)) as pool:
            answers = list(pool.map(lambda post: requests.post(
                post[0], data=post[1] | {"code": code}, headers=post[2], allow_redirects=False, timeout=20), posts))
        for response in answers:
            LEDGER.read_response(response)
        assert sorted(response.status_code for response in answers) == [303] + [401] * 5
    finally:
        replica.program.stop()


def test_nothing_skips_the_step(own, clock, app):
    enrolled(own, clock, "skip@example.com")
    browser, url = Client(), own.grpc_url
    page = browser.sign_in(f"{url}/echo/", "skip@example.com", password_of("skip@example.com"))
    assert asks(page) and not browser.cookie("gatehouse_sso") and not browser.cookie("gatehouse")
    fields = Page(page.url, page.text).form_with("code").fields
    with own.nothing_comes_of_it():
        assert "error" in answer(authorize(browser, own, app, prompt="none"))
        assert browser.get(f"{url}/echo/").status_code == 302
        for path in ("consents", "password", "second-factors"):
            assert browser.get(f"{own.issuer}/{path}").status_code == 401
        for path in ("approval", "accounts", "device/callback"):
            values = fields | {"request": fields["step"], "state": fields["step"], "decision": "allow", "account": "x", "code": "x"}
            assert browser.post(f"{own.issuer}/{path}", data=values).status_code in (400, 403)
        login = f"{own.issuer}/auth/local/login?{urllib.parse.urlencode({'request': fields['step']})}"
        assert browser.get(login).status_code == 400
        for code in ("", "12345", "abcdef", "x" * 100, "x" * 100_000):
            assert browser.post(f"{own.issuer}/second-factor", data=fields | {"code": code}).status_code in (400, 401, 413)
        assert browser.get(f"{own.issuer}/second-factor").status_code == 405


def test_a_step_is_for_one_browser_and_one_client(own, clock, app):
    totp, other = enrolled(own, clock, "other@example.com"), enrolled(own, clock, "thief@example.com")
    browser = Client()
    page = first_factor(own, app, "other@example.com", browser)
    form = Page(page.url, page.text).form_with("code")
    with own.nothing_comes_of_it():
        assert Client().submit(form, code=totp.code()).status_code == 403
        thief = Client()
        own_form = Page(page.url, first_factor(own, app, "thief@example.com", thief).text).form_with("code")
        # The thief's own step with somebody else's code, and somebody else's step with a proof of one's own.
        assert thief.submit(own_form, code=totp.code()).status_code == 401
        assert thief.submit(own_form, step=form.fields["step"], code=totp.code()).status_code == 403
        assert browser.submit(form, code=other.code()).status_code == 401
        evil = browser.post(form.action, data=form.fields | {"code": totp.code()}, headers={
            "origin": "https://evil.example", "sec-fetch-site": "cross-site"})
        assert evil.status_code == 403
    strange = browser.submit(
        form, code=totp.code(), client_id=own.other_account.id, redirect_uri=own.other_account.redirect_uri)
    assert strange.headers["location"].startswith(app.redirect_uri), "the client is the one that is sealed"


def test_whoever_guesses_waits(own, clock, app):
    totp = enrolled(own, clock, "guess@example.com")
    statuses = []
    for number in range(7):
        browser = Client()
        page = first_factor(own, app, "guess@example.com", browser)
        with own.nothing_comes_of_it():
            refused = send(browser, page, app, code=f"{number:06}")
        statuses.append(refused.status_code)
    assert statuses == [401] * 5 + [429] * 2 and 0 < int(refused.headers["retry-after"]) <= 60
    assert send(browser, page, app, code=totp.code()).status_code == 429
    clock.move(clock.seconds + 60)
    assert "code" in answer(send(browser, page, app, code=totp.code()))


def test_passwords_alone_get_no_tokens_and_no_way_in(own, clock):
    email = "client@example.com"
    form = {"grant_type": "password", "username": email, "password": password_of(email), "scope": "openid"}
    basic = {"authorization": "Basic " + LEDGER.add(
        base64.b64encode(f"{email}:{password_of(email)}".encode()).decode(), "basic credentials")}
    before = token_request(own, OLD, form)
    assert before.status_code == 200
    for name in ("access_token", "id_token"):
        LEDGER.add(before.json()[name], name)
    enrolled(own, clock, email)
    with own.nothing_comes_of_it():
        refused = token_request(own, OLD, form)
        assert refused.status_code == 400 and refused.json()["error"] == "invalid_grant"
        assert "second factor" in refused.json()["error_description"]
        assert Client().get(f"{own.grpc_url}/echo/", headers=basic).status_code == 401
    assert audit_lines(own, event="second_factor_refused", email=email, reason="in a header")


def test_a_device_is_not_let_in_without(own, clock):
    email = "device@example.com"
    totp, browser = enrolled(own, clock, email), Client()
    begun = requests.post(f"{own.issuer}/device/code", data={"client_id": "tv", "scope": "openid"}, timeout=10).json()
    LEDGER.add(begun["device_code"], "device code")
    page = browser.get(f"{own.issuer}/device")
    page = browser.follow(browser.submit(Page(page.url, page.text).form_with("user_code"), user_code=begun["user_code"]))
    page = browser.follow(browser.submit(Page(page.url, page.text).form_with("password"), login=email, password=password_of(email)))
    assert asks(page)
    page = browser.follow(browser.submit(Page(page.url, page.text).form_with("code"), code=totp.code()))
    assert "Television" in page.text and 'value="allow"' in page.text


def test_an_acr_lifts_a_session_that_a_client_has_let_in_without(own, clock, app):
    """`other` asks for none; consent comes after the second factor, and the choice of an account leads to it."""
    email, other = "stored@example.com", own.other_account
    totp, browser = enrolled(own, clock, email), Client()
    consent = first_factor(own, other, email, browser)
    assert 'name="decision"' in consent.text
    assert "code" in answer(send(browser, consent, other, decision="allow"))
    page = authorize(browser, own, other, acr_values="mfa", prompt="select_account")
    page = send(browser, page, other, account=re.search(r'name="account" value="([^"]+)"', page.text)[1])
    assert asks(page)
    assert asks(authorize(browser, own, app)), "and any other client asks"
    claims = jws.claims_of(tokens(own, other, send(browser, page, other, code=totp.code()))["id_token"])
    assert claims["acr"] == "mfa"
    assert all(totp.text.encode() not in file.read_bytes() and totp.key not in file.read_bytes()
               for file in own.folder.glob("gatehouse.db*"))
    assert all(code.encode() not in file.read_bytes() for file in own.folder.glob("gatehouse.db*") for code in totp.recovery_codes)


# One's own page, and the administration.

def test_a_recovery_code_is_good_once(own, clock, app):
    totp = enrolled(own, clock, "paper@example.com")
    one, two = Client(), Client()
    assert "code" in answer(send(one, first_factor(own, app, "paper@example.com", one), app, code=totp.recovery_codes[0].upper()))
    assert send(two, first_factor(own, app, "paper@example.com", two), app, code=totp.recovery_codes[0]).status_code == 401
    assert audit_lines(own, event="second_factor_used", reason="recovery_codes", email="paper@example.com")


def test_ones_own_page(own, clock, app):
    browser, url = Client(), f"{own.issuer}/second-factors"
    assert "code" in answer(first_factor(own, app, "mine@example.com", browser))
    totp = set_up(own, clock, browser)
    listed = browser.get(url)
    assert "Authenticator app" in listed.text and "Recovery codes left: 10" in listed.text
    clock.move(clock.seconds + 600)
    locked = browser.get(url)
    assert asks(locked) and "remove" not in locked.text
    removal = next(form for form in Page(url, listed.text).forms if form.fields["do"] == "remove")
    with own.nothing_comes_of_it():
        assert asks(browser.submit(removal))
    opened = act(browser, locked, "confirm", code=totp.code())
    new = act(browser, opened, "regenerate")
    totp.take_codes(new.text)
    assert "You have not set up" in act(browser, browser.get(url), "remove").text
    assert audit_lines(own, event="second_factor_changed", email="mine@example.com", reason="removed: totp")
    assert "code" in answer(first_factor(own, app, "mine@example.com"))


def test_an_administrator_takes_them_away(own, clock, app):
    email, browser = "lost@example.com", Client()
    totp = enrolled(own, clock, email)
    subject = jws.claims_of(tokens(own, app, send(browser, first_factor(own, app, email, browser), app, code=totp.code()))["id_token"])["sub"]
    listed = api(own, "GET", email).json()
    assert [factor["kind"] for factor in listed["factors"]] == ["totp", "recovery_codes"] and listed["subject"] == subject
    assert listed["factors"][1]["left"] == 10 and api(own, "GET", subject).json() == listed
    printed = users(own, "mfa", "list", email)
    assert printed.returncode == 0 and "\ttotp\t" in printed.stdout and totp.text not in printed.stdout
    done = users(own, "mfa", "reset", email)
    assert done.returncode == 0 and done.stdout == "2 removed\n"
    assert api(own, "POST", email, "factors/reset").json() == {"subject": subject, "removed": 0}
    assert audit_lines(own, event="second_factor_reset", subject=subject)
    assert "error" in answer(authorize(browser, own, app, prompt="none")), "signed out"
    assert "code" in answer(first_factor(own, app, email))
    missing = users(own, "mfa", "list", "nobody@example.com")
    assert missing.returncode == 1 and "no such user" in missing.stderr
    assert json.loads(users(own, "mfa", "list", email, "--json").stdout)["factors"] == []
