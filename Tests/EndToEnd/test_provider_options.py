"""What the provider's options in the file come to in the running program: each by something that others can see."""
import itertools
import json
import secrets

import pytest
import requests

from support import jws
from support.client import Client
from support.clock import Clock
from support.code_flow import refresh
from support.fixtures import upstream_fixture
from support.html import Page
from support.ledger import LEDGER
from support.logout_listener import LogoutListener
from support.password_stack import PasswordStack
from support.ports import free_ports
from support.provider_clients import post
from support.sso import SSO_COOKIE, answer, authorize, authorize_url, is_login, send, sign_in, tokens
from support.stack import ClientAccount, hash_of, password_of
from support.totp import Authenticator
from support.upstreams import UpstreamStack
from test_mfa import asks, set_up
from test_signing_keys import listed, published

MINUTE, HOUR, DAY = 60, 3600, 86400
CALLBACK = "http://127.0.0.1:5557/callback"
OFFLINE = "openid email offline_access"
SECRETS = {
    name: LEDGER.add(secrets.token_urlsafe(24), f"secret of client {name}") for name in ("brief", "online", "watcher", "peer")}
UPSTREAM_SECRET = LEDGER.add(secrets.token_urlsafe(24), "secret at the upstream")
PEOPLE = ["admin@example.com", "bob@example.com", "carol@example.com"]


def account(name: str) -> ClientAccount:
    return ClientAccount(name, SECRETS[name], CALLBACK)


class Alone(PasswordStack):
    """Its clock goes forward only."""

    def __init__(self, folder):
        super().__init__(folder)
        self._clock = Clock(self)
        provider = self.configuration["provider"]
        provider["users"].append({"email": PEOPLE[2], "hash": LEDGER.add(hash_of(PEOPLE[2]), "hash of carol"), "name": "Carol"})
        provider["clients"] += [
            {"id": "brief", "idTokenLifetime": "2m", "accessTokenLifetime": "3m", "refreshTokenIdle": "10m",
             "refreshTokenLifetime": "25m"},
            {"id": "online", "onlineRefresh": True}, {"id": "watcher", "introspection": "all"}, {"id": "peer"},
        ]
        for client in provider["clients"][-4:]:
            client |= {"secret": SECRETS[client["id"]], "redirectURIs": [CALLBACK]}

    def restart(self) -> None:
        self.gatehouse.stop()
        self.start_gatehouse()

    def wait(self, seconds: int) -> None:
        self._clock.move(self._clock.seconds + seconds)


@pytest.fixture(scope="module")
def make(make_stack):
    """Makes providers with options of their own."""
    made = []

    def alone(name: str, **options) -> Alone:
        stack = make_stack(f"options-{name}", lambda configuration: configuration["provider"].update(options), kind=Alone)
        made.append(stack)
        return stack

    yield alone
    for stack in made:
        stack.kill()


@pytest.fixture(scope="module")
def own(make):
    """Every option has a value that no other one has."""
    return make(
        "own",
        sessions={"idle": "1h", "lifetime": "4h", "remember": "always", "accountsPerBrowser": 2, "keepOfflineAccess": True},
        tokens={"idToken": "20m", "accessToken": "7m", "refresh": {"idle": "30m", "lifetime": "70m", "reuseWindow": "1s"}})


@pytest.fixture(scope="module")
def usual(make):
    """Nothing of it is configured."""
    return make("usual")


def sign_out(browser: Client, stack) -> None:
    page = browser.get(f"{stack.issuer}/logout")
    done = browser.follow(browser.submit(Page(page.url, page.text).forms[0]))
    assert done.status_code == 200 and is_login(authorize(browser, stack, stack.apps_account))


# Sessions.


def test_a_session_ends_where_it_is_not_used(own):
    browser = Client()
    sign_in(browser, own, own.apps_account)
    own.wait(55 * MINUTE)
    assert answer(authorize(browser, own, own.apps_account)).get("code")
    own.wait(65 * MINUTE)
    assert is_login(authorize(browser, own, own.apps_account))


def test_a_session_in_use_ends_with_its_lifetime(own):
    browser = Client()
    sign_in(browser, own, own.apps_account)
    for _ in range(4):
        own.wait(55 * MINUTE)
        assert answer(authorize(browser, own, own.apps_account)).get("code")
    own.wait(25 * MINUTE)
    assert is_login(authorize(browser, own, own.apps_account))


@pytest.mark.parametrize("remember, box, lasts", [
    ("always", None, True), ("never", None, False), ("never", "on", False), ("ask", None, False), ("ask", "on", True),
])
def test_whether_the_session_outlives_the_browser(make, remember, box, lasts):
    stack = make(f"remember-{remember}-{box}", sessions={"lifetime": "3d", "remember": remember})
    browser = Client()
    page = authorize(browser, stack, stack.apps_account)
    assert ('name="remember"' in page.text) == (remember == "ask")
    form = Page(page.url, page.text).forms[0]
    fields = {"login": PEOPLE[1], "password": password_of(PEOPLE[1])} | ({"remember": box} if box else {})
    response = browser.submit(form, **fields)
    cookie, = (value for value in response.raw.headers.getlist("set-cookie") if value.startswith(f"{SSO_COOKIE}="))
    assert [part for part in cookie.split("; ") if part.lower().startswith("max-age")] == [f"Max-Age={3 * DAY}"] * lasts
    stack.stop()


@pytest.mark.parametrize("name, most", [("own", 2), ("usual", 5)])
def test_how_many_people_are_signed_in_in_a_browser(request, name, most):
    stack, browser = request.getfixturevalue(name), Client()
    sign_in(browser, stack, stack.apps_account, email=PEOPLE[0])
    for email in PEOPLE[1:]:
        choice = authorize(browser, stack, stack.apps_account, prompt="select_account")
        page = send(browser, choice, stack.apps_account, account="")
        assert answer(send(browser, page, stack.apps_account, login=email, password=password_of(email))).get("code")
    page = authorize(browser, stack, stack.apps_account, prompt="select_account")
    assert [email for email in PEOPLE if email in page.text] == PEOPLE[-most:]


@pytest.mark.parametrize("name, kept", [("own", True), ("usual", False)])
def test_whether_refresh_tokens_outlive_a_sign_out(request, name, kept):
    stack, browser = request.getfixturevalue(name), Client()
    granted = tokens(stack, stack.apps_account, sign_in(browser, stack, stack.apps_account, scope=OFFLINE))
    sign_out(browser, stack)
    response = refresh(stack, stack.apps_account, granted["refresh_token"])
    assert (response.status_code, response.json().get("error")) == ((200, None) if kept else (400, "invalid_grant"))


@pytest.mark.parametrize("passed, told", [(5 * HOUR - 5 * MINUTE, True), (5 * HOUR + 5 * MINUTE, False)])
def test_how_long_a_client_that_does_not_answer_is_told_of_a_sign_out(make_stack, passed, told):
    listener, browser = LogoutListener(free_ports(1)[0]), Client()
    listener.status = 503

    def change(configuration):
        configuration["provider"]["sessions"] = {"logoutNotices": "5h"}
        configuration["provider"]["clients"][1]["backChannelLogoutURI"] = f"{listener.url}/logout"

    stack = make_stack(f"options-notices-{told}", change, kind=Alone)
    tokens(stack, stack.apps_account, sign_in(browser, stack, stack.apps_account))
    sign_out(browser, stack)
    listener.wait_for(1)
    stack.gatehouse.stop()
    before, listener.status = len(listener.tokens), 200
    stack.wait(passed)
    stack.start_gatehouse()
    if told:
        listener.wait_for(before + 1)
    else:
        stack.gatehouse.wait_until(lambda: "given up" in stack.gatehouse.text(), "giving up")
    stack.gatehouse.wait_until(lambda: stack.rows("logout_notices") == 0, "having nothing left to tell")
    assert len(listener.tokens) == before + told
    stack.stop()
    listener.stop()


# Tokens.


@pytest.mark.parametrize("name, id_token, access_token", [("app", 20 * MINUTE, 7 * MINUTE), ("brief", 2 * MINUTE, 3 * MINUTE)])
def test_how_long_tokens_are_good(own, name, id_token, access_token):
    client = own.apps_account if name == "app" else account(name)
    first = tokens(own, client, sign_in(Client(), own, client))
    for granted in (first, refresh(own, client, first["refresh_token"]).json()):
        lives = {}
        for kind in ("id_token", "access_token"):
            claims = jws.claims_of(granted[kind])
            lives[kind] = claims["exp"] - claims["iat"]
        assert lives == {"id_token": id_token, "access_token": access_token} and granted["expires_in"] == access_token


@pytest.mark.parametrize("name, idle, lifetime", [("app", 30 * MINUTE, 70 * MINUTE), ("brief", 10 * MINUTE, 25 * MINUTE)])
def test_how_long_refresh_tokens_are_good(own, name, idle, lifetime):
    client = own.apps_account if name == "app" else account(name)
    token = tokens(own, client, sign_in(Client(), own, client))["refresh_token"]
    own.wait(idle + MINUTE)
    assert refresh(own, client, token).json()["error"] == "invalid_grant"

    token, step = tokens(own, client, sign_in(Client(), own, client))["refresh_token"], idle - MINUTE
    for _ in range(lifetime // step):
        own.wait(step)
        token = refresh(own, client, token).json()["refresh_token"]
    own.wait(lifetime % step + MINUTE)
    assert refresh(own, client, token).json()["error"] == "invalid_grant"


# Clients.


@pytest.mark.parametrize("name, scope, given", [
    ("online", "openid email", True), ("peer", "openid email", False), ("peer", OFFLINE, True),
])
def test_refresh_tokens_without_offline_access(own, name, scope, given):
    assert ("refresh_token" in tokens(own, account(name), sign_in(Client(), own, account(name), scope=scope))) is given


@pytest.mark.parametrize("scope, ends", [("openid email", True), (OFFLINE, False)])
def test_refresh_tokens_without_offline_access_end_with_the_session(own, scope, ends):
    browser, client = Client(), account("online")
    token = tokens(own, client, sign_in(browser, own, client, scope=scope))["refresh_token"]
    token = refresh(own, client, token).json()["refresh_token"]
    sign_out(browser, own)
    assert refresh(own, client, token).json().get("error") == ("invalid_grant" if ends else None)


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
@pytest.mark.parametrize("name, told", [("watcher", True), ("peer", False)])
def test_whose_tokens_a_client_may_ask_about(own, kind, name, told):
    token = tokens(own, own.apps_account, sign_in(Client(), own, own.apps_account))[kind]
    about = post(own, "/token/introspect", {"token": token}, (name, SECRETS[name])).json()
    if told:
        assert about["active"] is True and (about["client_id"], about["token_use"]) == ("app", kind)
    else:
        assert about == {"active": False}


# Signing keys.


def test_when_signing_keys_change(make):
    stack = make("keys", keys={"rotateAfter": "3d", "publishAhead": "5h"}, signingAlgorithms=["ES256"])
    first, = published(stack)

    def signing() -> str:
        token = tokens(stack, stack.apps_account, sign_in(Client(), stack, stack.apps_account))["id_token"]
        return json.loads(jws.decoded(token.split(".")[0]))["kid"]

    stack.wait(3 * DAY - 5 * MINUTE)
    stack.restart()
    assert published(stack) == {first}
    stack.wait(10 * MINUTE)
    stack.restart()
    second, = published(stack) - {first}
    assert signing() == first and {key["id"]: key["state"] for key in listed(stack)} == {first: "signing", second: "next"}
    stack.wait(5 * HOUR - 5 * MINUTE)
    stack.restart()
    assert signing() == first
    stack.wait(10 * MINUTE)
    stack.restart()
    assert signing() == second and published(stack) == {first, second}


# Connectors, and second factors.

upstream = upstream_fixture(UPSTREAM_SECRET)


class Elsewhere(UpstreamStack):
    issuer = UpstreamStack.web

    def away(self, url: str) -> requests.Response:
        """The first redirect away from us, or the page that is shown instead."""
        browser = Client()
        return browser.follow(browser.get(url), until=lambda target: not target.startswith(self.web))


RULES = {"plain": None, "skipping": "skip", "enrolled": "ifEnrolled", "asking": "required"}


@pytest.fixture(scope="module")
def place(artifacts, upstream):
    """Everybody has to give a second factor, unless a connector says something else."""
    oidc = {"issuer": upstream.issuer, "clientID": upstream.client_id, "clientSecret": {"env": "UPSTREAM_SECRET"}}
    stack = Elsewhere(artifacts / "logs" / "options-connectors", [
        {"id": name, "type": "oidc", "name": f"Company {name}", "oidc": oidc} | ({"mfa": rule} if rule else {})
        for name, rule in RULES.items()], mfa={"required": "always", "acrValues": ["silver", "gold"]})
    del stack.configuration["provider"]["users"]
    stack.configuration["provider"]["clients"][2]["connectors"] = ["skipping"]
    clock = Clock(stack)
    stack.further_environment["UPSTREAM_SECRET"] = UPSTREAM_SECRET
    stack.start()
    yield stack, clock
    stack.kill()


subjects = itertools.count()


@pytest.fixture(autouse=True)
def somebody(upstream):
    upstream.reset()
    upstream.subject = f"somebody-{next(subjects)}"


def offers(page: requests.Response) -> bool:
    return "Set up an authenticator app" in page.text and 'name="code"' in page.text


def says(upstream, **claims) -> None:
    """What the upstream's ID tokens have besides."""
    upstream.write_token = lambda usual: upstream.key.sign(usual | claims)


@pytest.mark.parametrize("connector, has_one, amr, expected", [
    ("plain", False, None, "offer"), ("plain", False, ["mfa"], "code"),
    ("skipping", False, None, "code"), ("skipping", True, None, "code"),
    ("enrolled", False, None, "code"), ("enrolled", True, None, "question"),
    ("asking", False, None, "offer"), ("asking", False, ["mfa"], "offer"),
])
def test_second_factors_by_connector(place, upstream, connector, has_one, amr, expected):
    stack, clock = place
    if has_one:
        browser = Client()
        assert "code" in answer(stack.sign_in(connector, browser))
        set_up(stack, clock, browser)
    if amr:
        says(upstream, amr=amr)
    response = stack.sign_in(connector)
    assert ("code" in answer(response), offers(response), asks(response)) == (
        expected == "code", expected == "offer", expected == "question")


@pytest.mark.parametrize("connector, asked, told", [("skipping", "gold", "gold"), ("plain", None, "silver")])
def test_classes_that_are_a_second_factor(place, connector, asked, told):
    stack, clock = place
    about = requests.get(f"{stack.issuer}/.well-known/openid-configuration", timeout=5).json()
    assert about["acr_values_supported"][-2:] == ["silver", "gold"] and "mfa" not in about["acr_values_supported"]
    browser = Client()
    page = stack.sign_in(connector, browser, **({"acr_values": asked} if asked else {}))
    assert offers(page)
    codes = send(browser, page, stack.apps_account, code=Authenticator(page.text, clock).code())
    assert stack.claims(send(browser, codes, stack.apps_account))["acr"] == told


@pytest.mark.parametrize("acr, counts", [("gold", True), ("mfa", False)])
def test_classes_of_an_upstream_that_are_a_second_factor(place, upstream, acr, counts):
    says(upstream, acr=acr)
    response = place[0].sign_in("plain")
    assert ("code" in answer(response), offers(response)) == (counts, not counts)


def test_clients_take_users_of_their_connectors_alone(place, upstream):
    stack, browser = place[0], Client()
    choice = authorize(browser, stack, stack.apps_account)
    assert [name for name in RULES if f"Company {name}" in choice.text] == list(RULES)
    # With one left there is nothing to choose.
    away = stack.away(authorize_url(stack, stack.other_account))
    assert away.headers["location"].startswith(f"{upstream.issuer}/authorize?")

    says(upstream, amr=["mfa"])
    assert "code" in answer(stack.sign_in("plain", browser))
    assert answer(authorize(browser, stack, stack.other_account, prompt="none"))["error"] == "login_required"
    for connector in ("plain", "asking"):
        refused = stack.away(authorize_url(stack, stack.other_account).replace("/auth?", f"/auth/{connector}?"))
        assert answer(refused).get("error") == "access_denied", connector
