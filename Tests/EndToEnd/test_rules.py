"""Rules that look at more than host, path and method, through both ways in which Envoy asks."""
import socket

import pytest

from support.client import NAVIGATION, Client
from support.fixtures import both_gateways

ALWAYS = {"from": "00:00", "to": "24:00"}
NEVER = {"days": ["mon"], "from": "00:00", "to": "00:01", "zone": "+14:00"}


def with_conditions(configuration: dict) -> None:
    configuration["authService"]["rules"] = [
        {"paths": ["/echo/header"], "when": {"headers": {"x-key": ["one", "two*"], "x-out": False}}, "allow": "anyone"},
        {"paths": ["/echo/network"], "when": {"networks": ["203.0.113.0/24", "2001:db8::/32"]}, "allow": "anyone"},
        {"paths": ["/echo/blocked"], "when": {"networks": ["203.0.113.0/24"]}, "allow": "nobody"},
        {"paths": ["/echo/now"], "when": {"times": [ALWAYS]}, "allow": "anyone"},
        {"paths": ["/echo/then"], "when": {"times": [NEVER]}, "allow": "anyone"},
        {"paths": ["/echo/users/*/open", "/echo/**/*.css"], "allow": "anyone"},
        {"paths": ["/echo/exact"], "allow": "anyone"},
        {"paths": ["/echo/exact"], "allow": "nobody"},
        {"paths": ["/echo/users"], "allow": {"users": ["Bob@Example.com", "nobody@example.com"]}},
        {"paths": ["/echo/domain"], "allow": {"users": ["*@example.com"]}},
        {"paths": ["/echo/far-domain"], "allow": {"users": ["*@example.org", "*@ample.com"]}},
        {"paths": ["/echo/claims"], "allow": {"claims": {"name": "Ada *", "groups": ["nobody", "team-*"]}}},
        {"paths": ["/echo/all"], "allow": {"all": [{"groups": ["team-a", "team-b"]}, {"claims": {"email": "bob@*"}}]}},
        {"paths": ["/echo/api/*"], "methods": ["GET", "PUT"], "allow": "signedIn", "api": True, "allowPreflight": True},
        {"paths": ["acme", "health"], "allow": "anyone"},
    ]


def own_address() -> str:
    """What Envoy calls a client on loopback: the machine's own address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.200", 9))
        except OSError:
            return "127.0.0.1"
        return probe.getsockname()[0]


@pytest.fixture(scope="module")
def rules(make_stack):
    """Behind a further proxy, which says who the client is."""
    stack = make_stack("rules", with_conditions, start=False)
    stack.configuration["listen"]["trustedProxies"] = ["127.0.0.0/8", own_address()]
    stack.manifest_options = ["--trusted-hops", "1"]
    stack.start()
    return stack


@pytest.fixture(scope="module")
def people(rules):
    return {name: rules.signed_in(f"{name}@example.com") for name in ("admin", "bob")}


url = both_gateways("rules")


def status(url: str, headers: dict | None = None, method: str = "GET") -> int:
    return Client().request(method, url, headers=headers or {"accept": "application/json"}).status_code


@pytest.mark.parametrize(("headers", "expected"), [
    ({"x-key": "one"}, 200), ({"x-key": "two-more"}, 200), ({"x-key": "three"}, 401), ({}, 401),
    ({"x-key": "one", "x-out": ""}, 401), ({"x-key": "one,three"}, 401),
])
def test_a_rule_asks_for_headers(rules, url, headers, expected):
    before = rules.hit_counts()
    assert status(f"{url}/echo/header", {"accept": "application/json", **headers}) == expected
    assert len(rules.new_hits(before)) == (1 if expected == 200 else 0)


@pytest.mark.parametrize(("address", "network", "blocked"), [
    ("203.0.113.9", 200, 403), ("2001:db8::9", 200, 401), ("198.51.100.1", 401, 401),
    ("203.0.113.9, 198.51.100.1", 401, 401),
])
def test_a_rule_asks_for_the_clients_network(rules, url, address, network, blocked):
    headers = {"accept": "application/json", "x-forwarded-for": address}
    assert status(f"{url}/echo/network", headers) == network
    assert status(f"{url}/echo/blocked", headers) == blocked


def test_a_client_cannot_say_that_it_is_in_a_network(make_stack):
    """Where no proxy stands in front of the gateway, nobody is believed about the client."""
    direct = make_stack("rules-direct", with_conditions)
    headers = {"accept": "application/json", "x-forwarded-for": "203.0.113.9"}
    with direct.nothing_reaches_an_application():
        assert [status(f"{gateway}/echo/network", headers) for gateway in direct.gateways] == [401, 401]


def test_a_rule_asks_for_a_time(url):
    assert status(f"{url}/echo/now") == 200
    assert status(f"{url}/echo/then") == 401


@pytest.mark.parametrize(("path", "expected"), [
    ("users/bob/open", 200), ("users/bob/open/more", 401), ("users/bob/eve/open", 401), ("users/open", 401),
    ("a.css", 200), ("a/b/c.css", 200), ("a/b/c.css/d", 401), ("a/.css?x", 200), ("a/c.CSS", 401),
    ("a/..%2fc.css", 400), ("users/%2e%2e/users/x/open", 200), ("a;x/b.css", 200), ("b.css;x", 400), ("x;/users/a/open", 401),
])
def test_a_rule_has_open_segments(rules, url, path, expected):
    before = rules.hit_counts()
    assert status(f"{url}/echo/{path}") == expected
    assert len(rules.new_hits(before)) == (1 if expected == 200 else 0)


@pytest.mark.parametrize(("person", "path", "expected"), [
    ("admin", "claims", 200), ("bob", "claims", 403), ("admin", "all", 403), ("bob", "all", 200),
])
def test_a_rule_asks_for_claims(rules, url, people, person, path, expected):
    before = rules.hit_counts()
    assert people[person].get(f"{url}/echo/{path}").status_code == expected
    assert len(rules.new_hits(before)) == (1 if expected == 200 else 0)


@pytest.mark.parametrize(("person", "path", "expected"), [
    ("bob", "users", 200), ("admin", "users", 403), ("bob", "domain", 200), ("bob", "far-domain", 403),
])
def test_a_rule_names_users(rules, url, people, person, path, expected):
    before = rules.hit_counts()
    assert people[person].get(f"{url}/echo/{path}").status_code == expected
    assert len(rules.new_hits(before)) == (1 if expected == 200 else 0)


@pytest.mark.parametrize(("path", "expected"), [("exact", 200), ("exact/", 401), ("exact/x", 401), ("exactly", 401), ("EXACT", 401)])
def test_the_first_rule_that_matches_decides_and_without_one_a_user_is_needed(rules, url, path, expected):
    before = rules.hit_counts()
    assert status(f"{url}/echo/{path}") == expected
    assert len(rules.new_hits(before)) == (1 if expected == 200 else 0)


def test_ten_thousand_rules(make_stack):
    """They are read, compiled and obeyed; the last one too."""
    stack = make_stack("rules-many", lambda configuration: configuration["authService"].update(rules=[
        *({"paths": [f"/echo/{number}/*"], "allow": "anyone" if number % 2 else "nobody"} for number in range(9_999)),
        {"paths": ["/echo/last"], "allow": "anyone"}]))
    try:
        for gateway in stack.gateways:
            assert [status(f"{gateway}/echo/{path}") for path in ("1/x", "9997/x", "last")] == [200, 200, 200]
            with stack.nothing_reaches_an_application():
                assert [status(f"{gateway}/echo/{path}") for path in ("2/x", "9998/x", "10000/x")] == [403, 403, 401]
    finally:
        stack.stop()


PREFLIGHT = {"origin": "https://other.example", "access-control-request-method": "PUT"}


@pytest.mark.parametrize(("method", "headers", "expected"), [
    ("OPTIONS", PREFLIGHT, 200), ("OPTIONS", {"origin": "https://other.example"}, 401),
    ("OPTIONS", {"access-control-request-method": "PUT"}, 401),
    ("OPTIONS", PREFLIGHT | {"access-control-request-method": "DELETE"}, 401), ("PUT", PREFLIGHT, 401), ("GET", PREFLIGHT, 401),
])
def test_a_preflight_request_passes_where_the_rule_says_so(rules, url, method, headers, expected):
    before = rules.hit_counts()
    forged = {"kubeflow-userid": "admin@example.com"}
    assert status(f"{url}/echo/api/x", {"accept": "application/json", **headers, **forged}, method) == expected
    hits = rules.new_hits(before)
    assert len(hits) == (1 if expected == 200 else 0)
    assert "admin@example.com" not in str(hits)


def test_a_preflight_request_of_another_rule_does_not_pass(url):
    assert status(f"{url}/echo/claims", PREFLIGHT, "OPTIONS") == 401


def test_an_api_answers_navigations_with_401(url):
    assert status(f"{url}/echo/api/x", NAVIGATION) == 401


@pytest.mark.parametrize(("path", "expected"), [
    ("/.well-known/acme-challenge/token", 200), ("/.well-known/other", 401), ("/healthz", 200), ("/readyz", 200), ("/healthz/x", 401),
])
def test_probes_and_certificate_challenges_pass_by_their_names(url, path, expected):
    assert status(f"{url}{path}") in ((200, 404) if expected == 200 else (expected,))
