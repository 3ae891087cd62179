"""Where a sign-in may end (C1–C10), and callbacks that nobody asked for (C11–C16)."""
import urllib.parse

import pytest

from support.client import NAVIGATION, Client, parameters
from support.html import Page
from support.stack import COOKIE, password_of

ELSEWHERE = {
    "C1": "//evil.com", "C1 three slashes": "///evil.com", "C2": "/\\evil.com", "C2 both": "\\\\evil.com",
    "C3": "https:evil.com", "C3 one slash": "https:/evil.com", "C4": "https://localhost@evil.com",
    "C5": "https://localhost.evil.com", "C6": "javascript:alert(1)", "C6 data": "data:text/html,x", "C7": "%2f%2fevil.com",
    "C7 decoded later": "/%2f%2fevil.com/..", "C8": "/%09/evil.com", "C8 tab": "/\t/evil.com", "C8 tab before": "\t//evil.com",
    "C9": "https://evil.com\\@localhost", "C10": "/x/..//evil.com", "C10 dots": "/.//evil.com", "line break": "/x\r\nx-evil: 1",
    "line break alone": "\r\n//evil.com", "NUL": "/\0/evil.com", "10 KB": "/" + "a" * 10_000, "fullwidth": "／／evil.com",
    "other port": "http://localhost:1/x", "other scheme": "ftp://localhost/x", "empty": "", "relative": "evil.com",
    "question mark": "?//evil.com", "upper case": "HTTPS://EVIL.COM",
}


def own(gateway: str, target: str) -> bool:
    return target.startswith(gateway + "/") and "/_gatehouse" not in target and "/dex" not in target


@pytest.mark.parametrize("case", ELSEWHERE)
def test_a_sign_in_never_ends_elsewhere(gateway, client, case):
    start = f"{gateway}/_gatehouse/sign-in?rd={urllib.parse.quote(ELSEWHERE[case], safe='')}"
    response = client.sign_in(
        start, "bob@example.com", password_of("bob@example.com"), until=lambda target: "/_gatehouse" not in target and "/dex" not in target)
    if response.status_code in (302, 303):
        target = urllib.parse.urljoin(response.url, response.headers["location"])
        # Home, or a path of ours that a browser reads as one.
        assert urllib.parse.urlsplit(target).netloc == urllib.parse.urlsplit(gateway).netloc
        assert urllib.parse.urlsplit(target).path in ("/", "")
        assert "evil" not in target
        assert "x-evil" not in response.headers
    else:
        # Envoy refuses some of them before we are asked.
        assert response.status_code in (400, 404, 414, 431)


@pytest.mark.parametrize("rd", ["/echo/x?y=1&z=%20", "/", "/echo/", "/echo/caf%C3%A9"])
def test_a_sign_in_ends_where_it_was_asked_to(gateway, client, rd):
    start = f"{gateway}/_gatehouse/sign-in?rd={urllib.parse.quote(rd, safe='')}"
    response = client.sign_in(start, "bob@example.com", password_of("bob@example.com"), until=lambda target: own(gateway, target))
    assert response.headers["location"] in (rd, gateway + rd)


def test_a_deep_link_comes_back_with_its_query(gateway, client):
    response = client.sign_in(f"{gateway}/echo/a/b?c=d&e=%2F%3F", "bob@example.com", password_of("bob@example.com"))
    assert response.json()["path"] == "/echo/a/b?c=d&e=%2F%3F"


@pytest.mark.parametrize("case", ELSEWHERE)
def test_a_sign_out_never_ends_elsewhere(gateway, case):
    response = Client().get(f"{gateway}/_gatehouse/sign-out?rd={urllib.parse.quote(ELSEWHERE[case], safe='')}")
    assert "evil" not in response.headers.get("location", "")
    assert "x-evil" not in response.headers
    assert not any("evil.com" in link for link in Page(response.url, response.text).links)


def started(gateway: str) -> tuple[Client, dict[str, str]]:
    """A browser on its way to the provider, and the parameters that it was sent with."""
    client = Client()
    response = client.get(f"{gateway}/echo/")
    while "/dex/auth" not in (target := urllib.parse.urljoin(response.url, response.headers["location"])):
        response = client.get(target)
    return client, {name: values[0] for name, values in parameters(target).items()}


def refused(stack, client: Client, url: str, **options) -> None:
    with stack.nothing_comes_of_it():
        response = client.get(url, **options)
    # Refused with a page, or started again; never a session.
    assert response.status_code in (302, 303, 400, 401, 403, 502)
    if response.status_code in (302, 303):
        assert "evil" not in response.headers["location"]
    else:
        assert response.headers["content-type"].startswith("text/html")
    assert not any(
        line.startswith(f"{COOKIE}=") and len(line.split(";")[0]) > len(COOKIE) + 2
        for line in response.raw.headers.getlist("set-cookie"))
    assert "<script>alert" not in response.text


def test_c11_a_callback_without_state(gateway, stack):
    client, _ = started(gateway)
    refused(stack, client, f"{gateway}/_gatehouse/callback?code=stolen-code-1234")


def test_c11_a_callback_with_nothing(gateway, stack):
    refused(stack, Client(), f"{gateway}/_gatehouse/callback")


def test_c12_a_callback_with_an_unknown_state(gateway, stack):
    client, _ = started(gateway)
    refused(stack, client, f"{gateway}/_gatehouse/callback?code=stolen-code-1234&state=made-up-state-1234")


@pytest.mark.parametrize("iss", ["https://evil.com", "", "{issuer}/", "{ISSUER}"])
def test_c13_a_callback_of_another_issuer(gateway, stack, iss):
    client, sent = started(gateway)
    iss = iss.format(issuer=stack.issuer, ISSUER=stack.issuer.upper())
    query = urllib.parse.urlencode({"code": "stolen-code-1234", "state": sent["state"], "iss": iss})
    refused(stack, client, f"{gateway}/_gatehouse/callback?{query}")


def test_c14_an_error_is_shown_escaped(gateway, stack):
    client, sent = started(gateway)
    query = urllib.parse.urlencode({
        "error": "<script>alert(1)</script>", "error_description": "\"><script>alert(2)</script>", "state": sent["state"],
        "iss": stack.issuer})
    refused(stack, client, f"{gateway}/_gatehouse/callback?{query}")


def test_c15_a_code_in_another_browser(gateway, stack):
    """Somebody's good code and state, in a browser that never started: login CSRF."""
    victim = Client()
    attacker = Client()
    response = attacker.sign_in(
        f"{gateway}/echo/", "admin@example.com", password_of("admin@example.com"), until=lambda target: "/callback?" in target)
    refused(stack, victim, response.headers["location"])


@pytest.mark.parametrize("parameter", ["state", "code", "iss"])
def test_a_callback_with_a_parameter_twice(gateway, stack, parameter):
    client = Client()
    response = client.sign_in(
        f"{gateway}/echo/", "bob@example.com", password_of("bob@example.com"), until=lambda target: "/callback?" in target)
    target = response.headers["location"]
    value = parameters(target)[parameter][0]
    refused(stack, client, f"{target}&{parameter}={urllib.parse.quote(value, safe='')}")


def test_c16_a_callback_posted_by_another_site(gateway, stack):
    client = Client()
    response = client.sign_in(
        f"{gateway}/echo/", "bob@example.com", password_of("bob@example.com"), until=lambda target: "/callback?" in target)
    target = response.headers["location"]
    headers = NAVIGATION | {"origin": "https://evil.com", "sec-fetch-site": "cross-site"}
    with stack.nothing_comes_of_it():
        answer = client.post(
            target.split("?")[0], data={name: values[0] for name, values in parameters(target).items()}, headers=headers)
    assert answer.status_code in (302, 303, 400, 401, 403, 405)
    assert client.cookie(COOKIE) is None


def test_a_callback_works_once(gateway, stack):
    client = Client()
    response = client.sign_in(
        f"{gateway}/echo/", "bob@example.com", password_of("bob@example.com"), until=lambda target: "/callback?" in target)
    target = response.headers["location"]
    assert client.get(target).status_code in (302, 303)
    refused(stack, Client(), target)
    sessions = stack.rows()
    # The same browser again (the back button) may be led on, but gets no second session from the code.
    assert client.get(target).status_code in (302, 303, 400)
    assert stack.rows() == sessions
