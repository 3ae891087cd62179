"""What time does to sessions, sign-ins, tokens and what is known of providers: the program's own clock is moved."""
import contextlib
import hashlib
import re
import sqlite3

import pytest

from support import raw
from support.client import Client
from support.clock import Clock
from support.html import Page
from support.ledger import LEDGER
from support.outside import outside_stack
from support.ports import free_ports
from support.stack import COOKIE, password_of
from support.token_issuer import TokenIssuer
from test_bearer import assert_invalid, send

MINUTE, HOUR, DAY = 60, 3600, 86400


def clocked(make_stack, name: str, provider, service: dict | None = None, **entry):
    """A stack with an outside provider, and its clock; the rest as `outside_stack` takes it."""
    clocks = []

    def make(name, change, **options):
        stack = make_stack(name, change, **options)
        clocks.append(Clock(stack))
        return stack

    return outside_stack(make, name, provider, service, **entry), clocks[0]


@pytest.fixture(scope="module")
def setting(make_stack, provider):
    stack, clock = clocked(
        make_stack, "clock", provider,
        {"session": {"idle": "1h", "lifetime": "5h"}, "personalTokens": {"lifetime": "30d"}})
    yield stack, clock
    stack.stop()


@pytest.fixture(autouse=True)
def now(setting, provider):
    provider.reset()
    setting[1].move(0)


@pytest.fixture(params=["grpc_url", "http_url"])
def url(request, setting) -> str:
    return getattr(setting[0], request.param)


def signed_in(url: str) -> Client:
    client = Client()
    response = client.follow(client.get(f"{url}/echo/"))
    assert response.status_code == 200, f"{response.status_code} at {response.url}: {response.text[:300]}"
    return client


def status(url: str, cookie: str) -> int:
    return raw.request(
        int(url.rsplit(":", 1)[1]), "/echo/x", [("accept", "application/json"), ("cookie", f"{COOKIE}={cookie}")]).status


def last_use(stack, cookie: str) -> int:
    """As the store has it, which knows the session by its cookie's SHA-256."""
    key = hashlib.sha256(cookie.encode()).digest()
    with contextlib.closing(sqlite3.connect(f"file:{stack.folder / 'gatehouse.db'}?mode=ro", uri=True)) as database:
        return database.execute("select last_used_at from sessions where key = ?", [key]).fetchone()[0]


# Sessions (A1, A3).

def test_a_session_in_use_lives_to_the_end_of_its_lifetime(setting, url):
    stack, clock = setting
    cookie = signed_in(url).cookie(COOKIE)
    for minutes in range(0, 5 * 60, 50):
        clock.move(minutes * MINUTE)
        assert status(url, cookie) == 200, f"in use, after {minutes} minutes"
    clock.move(5 * HOUR + 1)
    with stack.nothing_comes_of_it():
        assert status(url, cookie) == 401


def test_a_session_that_is_not_used_ends(setting, url):
    stack, clock = setting
    cookie = signed_in(url).cookie(COOKIE)
    clock.move(59 * MINUTE)
    assert status(url, cookie) == 200
    clock.move(2 * HOUR)
    with stack.nothing_comes_of_it():
        assert status(url, cookie) == 401


def test_the_use_is_written_at_most_once_a_minute_and_outlives_a_restart(setting, url):
    stack, clock = setting
    cookie = signed_in(url).cookie(COOKIE)
    began = last_use(stack, cookie)
    for _ in range(50):
        assert status(url, cookie) == 200
    clock.move(50)
    assert status(url, cookie) == 200
    assert last_use(stack, cookie) == began
    clock.move(55 * MINUTE)
    for _ in range(50):
        assert status(url, cookie) == 200
    stack.gatehouse.wait_until(lambda: last_use(stack, cookie) > began, "note of the use")
    stack.gatehouse.stop()
    clock.move(100 * MINUTE)
    stack.start_gatehouse()
    stack.gatehouse.wait_until(lambda: status(url, cookie) == 200, "a session that was used 45 minutes ago")


def test_the_store_holds_no_cookie(setting, url):
    stack, _ = setting
    cookie = signed_in(url).cookie(COOKIE)
    assert len(cookie) == 43, "256 bits in base64url"
    written = b"".join(file.read_bytes() for file in stack.folder.glob("gatehouse.db*"))
    assert cookie.encode() not in written and LEDGER.secrets[cookie]


# Replies that come late (A6).

def move_all(setting, provider, seconds: int) -> None:
    """The provider's clock, too."""
    setting[1].move(seconds)
    provider.write_token = lambda claims: provider.key.sign(
        claims | {"iat": claims["iat"] + seconds, "exp": claims["exp"] + seconds})


def to_the_callback(client: Client, url: str, path: str):
    """Up to the redirect to the callback, which is not followed."""
    return client.follow(client.get(f"{url}{path}"), until=lambda target: "/_gatehouse/callback" in target)


def test_a_late_reply_begins_again_and_ends_at_its_page(setting, provider, url):
    client = Client()
    reply = to_the_callback(client, url, "/echo/late?x=1").headers["location"]
    move_all(setting, provider, HOUR + MINUTE)
    response = client.follow(client.get(reply))
    assert response.status_code == 200 and response.json()["path"] == "/echo/late?x=1"


def test_a_late_reply_of_somebody_who_is_signed_in_ends_at_its_page(setting, url):
    stack, clock = setting
    client = Client()
    reply = to_the_callback(client, url, "/echo/late?x=1").headers["location"]
    client.follow(client.get(f"{url}/echo/"))
    clock.move(50 * MINUTE)
    client.get(f"{url}/echo/")
    clock.move(HOUR + MINUTE)
    with stack.nothing_comes_of_it():
        response = client.get(reply)
    assert response.status_code in (302, 303) and response.headers["location"] == f"{url}/echo/late?x=1"


def test_a_browser_that_waits_for_hours_signs_in_all_the_same(setting, provider, url):
    """The page of the provider was left open overnight: the browser has no cookie of the sign-in any more."""
    client = Client()
    reply = to_the_callback(client, url, "/echo/night").headers["location"]
    move_all(setting, provider, 10 * HOUR)
    client.session.cookies.clear()
    response = client.follow(client.get(reply))
    assert response.status_code == 200 and response.json()["path"] == "/echo/night"


# The provider's clock (B4).

@pytest.mark.parametrize(("ahead", "expected"), [(-50, 200), (50, 200), (-200, 400), (400, 400)])
def test_a_clock_that_is_a_minute_off_is_borne(setting, url, ahead, expected):
    """ID tokens live 300 s; `clockSkew` is 60 s."""
    _, clock = setting
    clock.move(ahead)
    client = Client()
    response = client.follow(client.get(f"{url}/echo/"))
    assert response.status_code == expected, response.text[:300]
    assert (client.cookie(COOKIE) is not None) == (expected == 200)


def test_the_skew_is_as_the_entry_says(make_stack, provider):
    stack, clock = clocked(make_stack, "clock-skew", provider, clockSkew="5m")
    try:
        for ahead, expected in ((-250, 200), (550, 200), (-400, 400), (700, 400)):
            clock.move(ahead)
            for gateway in stack.gateways:
                client = Client()
                assert client.follow(client.get(f"{gateway}/echo/")).status_code == expected, ahead
    finally:
        stack.stop()


# What is known of a provider while it is away (B3).

def test_metadata_are_fetched_again_after_an_hour_and_used_while_they_cannot_be(make_stack, provider):
    stack, clock = clocked(make_stack, "clock-discovery", provider)
    try:
        def ask(gateway: str) -> int:
            return Client().get(f"{gateway}/echo/").status_code

        assert [ask(gateway) for gateway in stack.gateways] == [302, 302]
        document = "GET /.well-known/openid-configuration"
        before = provider.requests.count(document)
        clock.move(50 * MINUTE)
        assert [ask(gateway) for gateway in stack.gateways] == [302, 302]
        assert provider.requests.count(document) == before
        clock.move(2 * HOUR)
        assert [ask(gateway) for gateway in stack.gateways] == [302, 302]
        stack.gatehouse.wait_until(lambda: provider.requests.count(document) > before, "another look at the metadata")
        good, provider.discovery = provider.discovery, lambda document: {"issuer": "https://not-this-one.example"}
        clock.move(20 * HOUR)
        assert [ask(gateway) for gateway in stack.gateways] == [302, 302], "what was known is used for a day"
        clock.move(60 * HOUR)
        with stack.nothing_comes_of_it():
            assert [ask(gateway) for gateway in stack.gateways] == [503, 503]
        provider.discovery = good
        clock.move(60 * HOUR + 10 * MINUTE)
        assert [ask(gateway) for gateway in stack.gateways] == [302, 302]
    finally:
        stack.stop()


# Bearer tokens (D1, D2, E6, E8).

def test_a_personal_token_expires(setting, url):
    stack, clock = setting
    client = signed_in(url)
    page = client.get(f"{url}/_gatehouse/tokens")
    asked = client.submit(Page(page.url, page.text).form_with("name"), name="short", access="full", days="7")
    made = client.submit(Page(asked.url, asked.text).forms[0])
    token = LEDGER.add(re.search(r"gh_pat_[0-9A-Za-z]{49}", made.text).group(), "personal token")
    clock.move(7 * DAY - HOUR)
    assert send(url, token).status_code == 200
    clock.move(7 * DAY + MINUTE)
    with stack.nothing_comes_of_it():
        for gateway in stack.gateways:
            assert_invalid(send(gateway, token))


def test_a_token_that_is_remembered_ends_at_its_time(make_stack):
    issuer = TokenIssuer(free_ports(1)[0])
    stack = make_stack("clock-bearer", lambda configuration: configuration["authService"].update(
        bearer=[{"issuer": issuer.issuer, "audiences": ["gatehouse"]}]), start=False)
    clock = Clock(stack)
    stack.start()
    try:
        for gateway in stack.gateways:
            clock.move(0)
            token = issuer.token()
            assert send(gateway, token).status_code == 200
            clock.move(290)
            assert send(gateway, token).status_code == 200
            clock.move(301)
            with stack.nothing_comes_of_it():
                assert_invalid(send(gateway, token))
        # Keys are good for hours while their issuer is away.
        issuer.is_down = True
        clock.move(2 * HOUR)
        for gateway in stack.gateways:
            late = issuer.token(iat=None, exp=issuer.claims()["exp"] + 2 * HOUR)
            assert send(gateway, late).status_code == 200
    finally:
        stack.stop()
        issuer.stop()


def test_a_browser_signs_in_with_the_embedded_provider_whatever_the_hour(make_stack):
    """Both roles read one clock; browser and gateway have another."""
    stack = make_stack("clock-embedded", start=False)
    clock = Clock(stack)
    clock.move(3 * HOUR)
    stack.start()
    try:
        for gateway in stack.gateways:
            client = Client()
            response = client.sign_in(f"{gateway}/echo/", "bob@example.com", password_of("bob@example.com"))
            assert response.status_code == 200 and response.json()["headers"]["kubeflow-userid"] == ["bob@example.com"]
    finally:
        stack.stop()
