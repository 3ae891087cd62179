"""Several hosts, on https: names and flags of the cookies, who shares them, and where a sign-in may end (A1, B3, B7, B8)."""
import urllib.parse

import pytest
import requests

from support import raw
from support.fixtures import outside_fixture
from support.html import Page
from support.outside import outside_stack
from support.stack import COOKIE

APPS, WIKI = "apps.example.com", "wiki.example.net"


class Browser:
    """One that believes that all hosts lead to `gateway`, over https. Keeps cookies as they were set, by host."""

    def __init__(self, gateway: str):
        self.port = int(gateway.rsplit(":", 1)[1])
        self.jar: dict[str, dict[str, str]] = {}
        self.set: list[str] = []

    def get(self, url: str, accept: str = "text/html") -> raw.RawResponse:
        target = urllib.parse.urlsplit(url)
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.get(target.hostname, {}).items())
        path = f"{target.path or '/'}{'?' + target.query if target.query else ''}"
        response = raw.request(
            self.port, path, [("accept", accept), *([("cookie", cookies)] if cookies else [])], host=target.hostname)
        for line in response.all("set-cookie"):
            self.set.append(line)
            name, _, value = line.split(";", 1)[0].partition("=")
            self.jar.setdefault(target.hostname, {})[name] = value
        return response

    def follow(self, url: str) -> tuple[str, raw.RawResponse]:
        """Through the provider and back; the last redirect that leads to none of our own pages is not followed."""
        for _ in range(10):
            if url.startswith("http://127.0.0.1:"):
                url = requests.get(url, allow_redirects=False, timeout=20).headers["location"]
                continue
            response = self.get(url)
            if response.status not in (302, 303):
                return url, response
            url, last = urllib.parse.urljoin(url, response.first("location")), response
            if not url.startswith("http://127.0.0.1:") and "/_gatehouse/" not in url:
                return url, last
        raise AssertionError(f"no end, last at {url}")

    def attributes(self, name: str) -> set[str]:
        """Of the cookie's last line."""
        line = [line for line in self.set if line.startswith(f"{name}=")][-1]
        return {part.strip().lower() for part in line.split(";")[1:]}


# No cookie domain: every host by itself, and hosts that nobody has listed one by one.
single = outside_fixture("hosts", {
    "publicURLs": [f"https://{APPS}", f"https://{WIKI}"], "publicHosts": ["*.tenants.example.com"]})
shared = outside_fixture("hosts-shared", {
    "publicURLs": [f"https://{APPS}", f"https://{WIKI}"], "cookie": {"domain": ["example.com", "example.net"]}})


@pytest.fixture(params=["grpc_url", "http_url"])
def way(request) -> str:
    return request.param


def test_without_a_domain_cookies_are_for_one_host_and_https(single, way):
    browser = Browser(getattr(single, way))
    end, _ = browser.follow(f"https://{APPS}/echo/x?y=1")
    assert end == f"https://{APPS}/echo/x?y=1"
    assert set(browser.jar[APPS]) == {f"__Host-{COOKIE}", f"__Host-{COOKIE}-sign-in"}
    for name in browser.jar[APPS]:
        attributes = browser.attributes(name)
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= attributes
        assert not any(part.startswith("domain") for part in attributes)
    response = browser.get(end, "application/json")
    assert response.status == 200 and response.json()["headers"]["kubeflow-userid"] == ["eve@example.org"]


@pytest.mark.parametrize("host", [WIKI, "other.example.com", "a.tenants.example.com"])
def test_a_session_of_one_host_is_none_of_anothers(single, way, host):
    browser = Browser(getattr(single, way))
    browser.follow(f"https://{APPS}/echo/x")
    browser.jar[host] = browser.jar[APPS]
    with single.nothing_comes_of_it():
        assert browser.get(f"https://{host}/echo/x", "application/json").status == 401


def test_a_name_without_the_prefix_is_not_looked_at(single, way):
    """What a neighbouring host can plant."""
    browser = Browser(getattr(single, way))
    browser.follow(f"https://{APPS}/echo/x")
    browser.jar[APPS] = {COOKIE: browser.jar[APPS][f"__Host-{COOKIE}"]}
    with single.nothing_comes_of_it():
        assert browser.get(f"https://{APPS}/echo/x", "application/json").status == 401


@pytest.mark.parametrize("host", ["a.tenants.example.com", "b.tenants.example.com"])
def test_a_host_of_a_pattern_has_its_own_callback_and_session(single, way, provider, host):
    browser = Browser(getattr(single, way))
    response = browser.get(f"https://{host}/echo/x")
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(response.first("location")).query)
    assert asked["redirect_uri"] == [f"https://{host}/_gatehouse/callback"]
    assert browser.follow(f"https://{host}/echo/x")[0] == f"https://{host}/echo/x"
    assert set(browser.jar) == {host} and f"__Host-{COOKIE}" in browser.jar[host]
    assert browser.get(f"https://{host}/echo/x", "application/json").status == 200


@pytest.mark.parametrize("host", [
    "tenants.example.com", "a.b.tenants.example.com.evil.com", "xtenants.example.com", "tenants.example.com.evil.com"])
def test_a_host_that_the_pattern_does_not_name_begins_at_home(single, way, host):
    browser = Browser(getattr(single, way))
    with single.nothing_comes_of_it():
        response = browser.get(f"https://{host}/echo/x")
    assert response.status == 302 and response.first("location").startswith(f"https://{APPS}/_gatehouse/sign-in?rd=")
    assert not response.all("set-cookie")


@pytest.mark.parametrize("home, domain", [(APPS, "example.com"), (WIKI, "example.net")])
def test_with_domains_each_host_has_the_one_that_fits(shared, way, home, domain):
    browser = Browser(getattr(shared, way))
    assert browser.follow(f"https://{home}/echo/x")[0] == f"https://{home}/echo/x"
    assert {f"domain={domain}", "secure", "httponly"} <= browser.attributes(COOKIE)
    neighbour = f"deep.below.{domain}"
    browser.jar[neighbour] = {COOKIE: browser.jar[home][COOKIE]}
    assert browser.get(f"https://{neighbour}/echo/x", "application/json").status == 200
    stranger = "apps.example.net" if domain == "example.com" else "wiki.example.com"
    browser.jar[stranger] = {COOKIE: browser.jar[home][COOKIE]}
    with shared.nothing_comes_of_it():
        assert browser.get(f"https://{stranger}/echo/x", "application/json").status == 401


def test_a_neighbour_signs_in_at_the_public_host_and_comes_back(shared, way):
    browser = Browser(getattr(shared, way))
    assert browser.follow("https://deep.example.com/echo/x?y=1")[0] == "https://deep.example.com/echo/x?y=1"
    assert list(browser.jar) == [APPS] or set(browser.jar) == {APPS, "deep.example.com"}


@pytest.mark.parametrize("stack_name, rd, end", [
    ("single", f"https://{WIKI}/x?y=1", f"https://{WIKI}/x?y=1"), ("single", f"https://{APPS}/x", f"https://{APPS}/x"),
    ("single", "https://a.tenants.example.com/x", None), ("single", "https://other.example.com/x", None),
    ("single", f"http://{WIKI}/x", None), ("single", f"https://{WIKI}:8443/x", None),
    ("single", f"https://{WIKI}.evil.com/x", None), ("single", f"https://{WIKI}@evil.com/x", None),
    ("shared", "https://other.example.com/x", "https://other.example.com/x"),
    ("shared", f"https://{WIKI}/x", f"https://{WIKI}/x"), ("shared", "http://other.example.com/x", None),
    ("shared", "https://other.example.com:8443/x", None), ("shared", "https://evilexample.com/x", None),
    ("shared", "https://example.com.evil.com/x", None),
])
def test_a_sign_in_ends_at_listed_hosts_only(request, way, stack_name, rd, end):
    browser = Browser(getattr(request.getfixturevalue(stack_name), way))
    reached, _ = browser.follow(f"https://{APPS}/_gatehouse/sign-in?rd={urllib.parse.quote(rd, safe='')}")
    assert reached == (end or f"https://{APPS}/")


@pytest.fixture(scope="module")
def divided(make_stack, provider):
    """Two registrations at one provider: one for a host alone, one for all others."""
    def entry(id: str, client: str, **more) -> dict:
        return {"id": id, "issuer": provider.issuer, "clientID": client, "clientSecret": {"file": "corp.secret"}} | more

    stack = outside_stack(make_stack, "hosts-divided", provider, {
        "publicURLs": [f"https://{APPS}", f"https://{WIKI}"],
        "providers": [entry("staff", "staff-client"), entry("wiki", "wiki-client", hosts=[WIKI])]})
    yield stack
    stack.stop()


@pytest.mark.parametrize("host, client", [(APPS, "staff-client"), (WIKI, "wiki-client")])
def test_a_host_has_a_provider_of_its_own(divided, way, host, client):
    response = Browser(getattr(divided, way)).get(f"https://{host}/echo/x")
    assert urllib.parse.parse_qs(urllib.parse.urlsplit(response.first("location")).query)["client_id"] == [client]


def test_a_strict_cookie_arrives_over_a_page_of_ours(make_stack, provider):
    """On a redirect that another site began, browsers hold it back."""
    stack = outside_stack(make_stack, "hosts-strict", provider, {
        "publicURLs": [f"https://{APPS}"], "cookie": {"sameSite": "strict"}})
    try:
        for gateway in stack.gateways:
            browser = Browser(gateway)
            end, response = browser.follow(f"https://{APPS}/echo/x")
            assert response.status == 200 and "/_gatehouse/callback" in end
            assert response.first("refresh") == f"0; url=https://{APPS}/echo/x"
            assert f"https://{APPS}/echo/x" in Page(end, response.body.decode()).links
            assert "samesite=strict" in browser.attributes(f"__Host-{COOKIE}")
            assert browser.get(f"https://{APPS}/echo/x", "application/json").status == 200
    finally:
        stack.stop()
