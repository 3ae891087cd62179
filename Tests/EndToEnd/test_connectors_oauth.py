"""Signing in through any OAuth 2.0 server that says who somebody is, and through a proxy that tells us in headers."""
import http.client
import secrets
import urllib.parse

import pytest

from support.client import NAVIGATION, Client
from support.ledger import LEDGER
from support.social import SECRET, Answer, Social
from support.upstreams import UpstreamStack

PROXY_SECRET = LEDGER.add(secrets.token_urlsafe(32), "secret of the trusted proxy")


class Anything(Social):
    names = ("oauth.example.com",)
    token_path = "/token"

    def reset(self) -> None:
        super().reset()
        self.user = {"id": "u-1", "user_name": "Eve Example", "preferred_username": "eve", "email": "eve@example.org",
                     "email_verified": True, "groups": ["staff"], "number": 17, "mail": "other@example.org", "ok": True, "roles": "chief"}

    def resource(self, handler, path, query, body, about):
        if path == "/me":
            return self.user
        raise Answer(404, {})


@pytest.fixture(scope="module")
def service(artifacts):
    service = Anything(artifacts / "logs" / "connectors-oauth")
    yield service
    service.stop()


@pytest.fixture(scope="module")
def place(artifacts, service):
    connection = service.connection()
    connection["rootCAs"] = [connection.pop("rootCA")]
    base = "https://oauth.example.com"
    entry = connection | {"authorizationURL": f"{base}/authorize", "tokenURL": f"{base}/token", "userInfoURL": f"{base}/me",
                          "scopes": ["profile", "mail"]}
    mapping = {"userNameKey": "preferred_username", "preferredUsernameKey": "id", "groupsKey": "roles", "emailKey": "mail",
               "emailVerifiedKey": "ok"}
    loopback = {"trustedProxies": ["127.0.0.0/8", "::1/128"]}
    connectors = [
        {"id": "plain", "type": "oauth", "name": "Anything", "oauth": entry},
        {"id": "mapped", "type": "oauth", "name": "Mapped", "oauth": entry | {"userIDKey": "number", "claimMapping": mapping}},
        {"id": "unverified", "type": "oauth", "name": "Unverified", "oauth": entry | {"insecureSkipEmailVerified": True}},
        {"id": "header", "type": "authproxy", "name": "Our proxy", "authproxy": loopback | {"staticGroups": ["everybody"]}},
        {"id": "names", "type": "authproxy", "name": "Names", "authproxy": loopback | {
            "userHeader": "X-User", "userIDHeader": "X-Id", "emailHeader": "X-Mail", "groupHeader": "X-Groups",
            "userNameHeader": "X-Name", "groupHeaderSeparator": ";"}},
        {"id": "elsewhere", "type": "authproxy", "name": "Elsewhere", "authproxy": {"trustedProxies": ["192.0.2.1"]}},
        {"id": "secret", "type": "authproxy", "name": "Secret", "authproxy": loopback | {"proxySecret": {"file": "header.secret"}}},
    ]
    stack = UpstreamStack(artifacts / "logs" / "connectors-oauth", connectors)
    stack.write_secret("header.secret", PROXY_SECRET)
    stack.further_environment = {"UPSTREAM_SECRET": SECRET}
    stack.start()
    yield stack
    stack.kill()


@pytest.fixture(autouse=True)
def good(service, place):
    service.reset()
    before = place.gatehouse.pid
    yield
    assert place.gatehouse.running and place.gatehouse.pid == before, place.gatehouse.tail()


def sign_in(place, service, connector="plain", **changes):
    browser = Client()
    return place.back(browser, service.reply(place.authorize(browser, connector).headers["location"], **changes))


# OAuth 2.0.

def test_signing_in(place, service):
    claims = place.claims(sign_in(place, service))
    assert (claims["email"], claims["name"], claims["preferred_username"]) == ("eve@example.org", "Eve Example", "eve")
    assert claims["groups"] == ["staff"] and "amr" not in claims
    assert service.asked["scope"] == "profile mail" and "nonce" not in service.asked


def test_the_claim_mapping(place, service):
    claims = place.claims(sign_in(place, service, "mapped"))
    assert (claims["email"], claims["name"], claims["preferred_username"]) == ("other@example.org", "eve", "u-1")
    assert claims["groups"] == ["chief"]
    assert claims["sub"] != place.claims(sign_in(place, service))["sub"]


@pytest.mark.parametrize("change, status, reason", [
    ({"email_verified": False}, 403, "not verified"), ({"email_verified": None}, 403, "not verified"),
    ({"email_verified": "true"}, 403, "not verified"), ({"id": None}, 400, "userIDKey"), ({"id": ""}, 400, "userIDKey"),
    ({"id": ["u-1"]}, 400, "userIDKey"),
])
def test_people_who_are_not_taken(place, service, change, status, reason):
    service.user |= change
    place.refused(sign_in(place, service), status, reason)


def test_an_operator_may_take_addresses_as_they_are(place, service):
    service.user["email_verified"] = False
    assert place.claims(sign_in(place, service, "unverified"))["email"] == "eve@example.org"


def test_what_cannot_be_promised_is_refused(place, service):
    for more in ({"max_age": "60"}, {"claims": '{"id_token":{"acr":{"essential":true,"value":"mfa"}}}'}):
        browser = Client()
        url = service.reply(place.authorize(browser, "plain", **more).headers["location"])
        response = place.back(browser, url)
        place.refused(response, 403, "connector plain: the upstream does not say when and how people have signed in")


def test_a_refresh(place, service):
    tokens = place.tokens(sign_in(place, service))
    service.user["groups"] = ["chiefs"]
    tokens = place.refresh(tokens).json()
    assert place.claims_of(tokens)["groups"] == ["chiefs"]
    service.revoke()
    assert place.refresh(tokens).json()["error"] == "invalid_grant"


# Headers of a proxy.

def at_the_callback(place, browser: Client, connector: str) -> str:
    response = browser.follow(
        browser.get(place.authorization_url(connector)), until=lambda target: f"/callback/{connector}?state=" in target)
    return response.headers["location"]


def by_header(place, connector: str, headers: dict):
    """What the proxy in front of the callback sends us, for a browser that was sent there."""
    browser = Client()
    url = at_the_callback(place, browser, connector)
    return browser.follow(
        browser.get(url, headers=NAVIGATION | headers), until=lambda target: target.startswith(place.apps_account.redirect_uri))


def test_a_trusted_header(place):
    claims = place.claims(by_header(place, "header", {
        "X-Remote-User": "eve", "X-Remote-User-Id": "u-1", "X-Remote-User-Email": "eve@example.org", "X-Remote-Group": "a, b ,"}))
    assert (claims["email"], claims["name"], claims["preferred_username"]) == ("eve@example.org", "eve", "eve")
    assert claims["groups"] == ["a", "b", "everybody"]


def test_the_user_stands_for_what_is_missing(place):
    tokens = place.tokens(by_header(place, "header", {"X-Remote-User": "eve@example.org"}))
    claims = place.claims_of(tokens)
    assert claims["email"] == "eve@example.org" and claims["groups"] == ["everybody"]
    assert place.claims_of(place.refresh(tokens).json())["sub"] == claims["sub"]


def test_other_names_of_headers(place):
    claims = place.claims(by_header(place, "names", {"X-User": "eve", "X-Id": "1", "X-Mail": "eve@example.org",
                                              "X-Groups": "a,b; c", "X-Name": "Eve Example"}))
    assert claims["groups"] == ["a,b", "c"] and claims["name"] == "Eve Example" and claims["preferred_username"] == "eve"
    place.refused(by_header(place, "names", {"X-Remote-User": "eve"}), 403, "connector names: the proxy names nobody")


@pytest.mark.parametrize("headers", [{}, {"X-Remote-User": ""}])
def test_a_proxy_that_names_nobody(place, headers):
    place.refused(by_header(place, "header", headers), 403, "connector header: the proxy names nobody")


@pytest.mark.parametrize("forwarded", [{}, {"X-Forwarded-For": "192.0.2.1"}])
def test_nobody_else_is_believed(place, forwarded):
    before = place.all_rows()
    response = by_header(place, "elsewhere", {"X-Remote-User": "eve"} | forwarded)
    place.refused(response, 400, "connector elsewhere: not from a trusted proxy")
    assert place.all_rows() == before


@pytest.mark.parametrize("shown", [{}, {"X-Gatehouse-Proxy-Secret": "x" * 40}, {"X-Gatehouse-Proxy-Secret": PROXY_SECRET[:-1]}])
def test_the_secret_has_to_be_shown(place, shown):
    place.refused(by_header(place, "secret", {"X-Remote-User": "eve"} | shown), 400, "connector secret: not from a trusted proxy")
    shown = {"X-Remote-User": "eve@example.org", "X-Gatehouse-Proxy-Secret": PROXY_SECRET}
    assert place.claims(by_header(place, "secret", shown))["email"] == "eve@example.org"


def test_a_header_that_comes_twice(place):
    browser = Client()
    target = urllib.parse.urlsplit(at_the_callback(place, browser, "header"))
    connection = http.client.HTTPConnection("127.0.0.1", place.ports.web, timeout=10)
    connection.putrequest("GET", f"{target.path}?{target.query}", skip_host=True)
    connection.putheader("host", f"localhost:{place.ports.web}")
    connection.putheader("cookie", "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.session.cookies))
    for name in ("admin@example.com", "eve@example.org"):
        connection.putheader("X-Remote-User", name)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 400, answer.read()
    assert "connector header: a header of the proxy comes twice" in place.gatehouse.text()
