"""Behind proxies of the operator's own, each gateway believes what they say of the client, and nothing else."""
import json

import pytest

from support import raw
from support.gateways import GATEWAYS
from test_rules import own_address

PROGRAM = ("accept", "application/json")
NAVIGATION = [("accept", "text/html"), ("sec-fetch-mode", "navigate")]
CLIENT = "198.51.100.7"


@pytest.fixture(scope="module", params=GATEWAYS)
def behind(request, artifacts):
    """One proxy in front: this test."""
    stack = GATEWAYS[request.param](artifacts / "logs" / f"behind-{request.param}")
    stack.manifest_options = ["--trusted-hops", "1"]
    # For a peer on loopback Envoy names an address of its own.
    stack.configuration["listen"]["trustedProxies"] = ["127.0.0.0/8", own_address()]
    service = stack.configuration["authService"]
    service["publicURLs"] = [f"http://localhost:{stack.port}", f"https://localhost:{stack.port}"]
    stack.configuration["provider"]["clients"][0]["redirectURIs"].append(
        f"https://localhost:{stack.port}/_gatehouse/callback")
    service["rules"].insert(0, {"paths": ["/public/near"], "when": {"networks": ["198.51.100.0/24"]}, "allow": "anyone"})
    service["rules"].insert(1, {"paths": ["/public/near"], "allow": "nobody"})
    try:
        stack.start()
        yield stack
    finally:
        stack.kill()


def ask(stack, target: str, *headers, **options) -> raw.RawResponse:
    return raw.request(stack.port, target, [PROGRAM, *headers], **options)


@pytest.mark.parametrize("said, status", [
    (CLIENT, 200), (f"203.0.113.9, {CLIENT}", 200), (f"{CLIENT}, 203.0.113.9", 403), ("203.0.113.9", 403),
    ("nonsense", 403), ("", 403), (f" 203.0.113.9 ,  {CLIENT} ", 200),
])
def test_the_client_is_who_the_proxy_says(behind, said, status):
    assert ask(behind, "/public/near", ("x-forwarded-for", said)).status == status


def test_the_log_names_the_client(behind):
    response = ask(behind, "/closed/x", ("x-forwarded-for", f"203.0.113.9, {CLIENT}"))
    assert response.status == 403
    line = next(line for line in reversed(behind.gatehouse.text().splitlines()) if '"event":"refusal"' in line)
    assert json.loads(line)["client_address"] == CLIENT


@pytest.mark.parametrize("said, scheme", [("https", "https"), ("http", "http"), (None, "http")])
def test_the_scheme_is_what_the_proxy_says(behind, said, scheme):
    lines = [("x-forwarded-proto", said)] if said else []
    response = raw.request(behind.port, "/echo/x", [*NAVIGATION, *lines])
    assert response.status == 302
    wanted = f"redirect_uri={scheme}%3A%2F%2Flocalhost%3A{behind.port}%2F_gatehouse%2Fcallback"
    assert wanted in response.first("location")


@pytest.mark.parametrize("said", ["", "ftp", "https, http", "x" * 100])
def test_what_is_no_scheme_opens_nothing(behind, said):
    with behind.nothing_reaches_an_application():
        response = raw.request(behind.port, "/echo/x", [*NAVIGATION, ("x-forwarded-proto", said)])
    assert response.status in (302, 400, 404)
    assert response.status != 302 or f"%2F%2Flocalhost%3A{behind.port}%2F_gatehouse%2Fcallback" in response.first("location")


def test_an_application_is_told_the_client(behind):
    response = ask(behind, "/public/x", ("x-forwarded-for", f"203.0.113.9, {CLIENT}"), ("x-forwarded-proto", "https"))
    headers = response.json()["headers"]
    assert response.status == 200 and headers["x-forwarded-proto"] == ["https"]
    assert CLIENT in ", ".join(headers["x-forwarded-for"])


@pytest.mark.parametrize("name, value", [
    ("x-forwarded-host", "open.example.com"), ("x-forwarded-uri", "/public/x"), ("x-forwarded-method", "OPTIONS"),
    ("x-original-uri", "/public/x"), ("x-original-method", "OPTIONS"),
])
def test_no_proxy_says_what_is_asked_for(behind, name, value):
    with behind.nothing_reaches_an_application():
        assert ask(behind, "/echo/x", (name, value)).status == 401


def test_nobody_passes_without_a_sign_in(behind):
    with behind.nothing_reaches_an_application():
        assert ask(behind, "/echo/x").status == 401
