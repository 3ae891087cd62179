"""Whoever ends a session, its refresh token is revoked at the provider (C3): what the provider saw is asserted."""
import hashlib
import json
import subprocess
import time
import urllib.request

import pytest

from support import paths
from support.client import Client
from support.fixtures import both_gateways, outside_fixture
from support.html import Page
from support.stack import COOKIE


outside = outside_fixture("upstream-revocation", scopes="openid email profile offline_access")


url = both_gateways("outside")


@pytest.fixture(autouse=True)
def good_again(outside, provider):
    command(outside, "--all")
    settled(provider)
    provider.reset()
    provider.gives_refresh_tokens()


def settled(provider) -> list[str]:
    """What has been revoked when nothing more comes."""
    deadline = time.monotonic() + 10
    seen = None
    while seen != provider.revoked:
        assert time.monotonic() < deadline
        seen = list(provider.revoked)
        time.sleep(0.5)
    return seen


def signed_in(url: str, provider) -> tuple[Client, str]:
    """A browser, and the refresh token that the provider gave for it."""
    client = Client()
    assert client.follow(client.get(f"{url}/echo/")).status_code == 200
    return client, provider.valid_refresh_tokens()[-1]


def is_in(client: Client, url: str) -> bool:
    return client.get(f"{url}/echo/", headers={"accept": "application/json"}).status_code == 200


def handle(client: Client) -> str:
    return hashlib.sha256(client.cookie(COOKIE).encode()).hexdigest()[:16]


def press(client: Client, url: str, what: str) -> None:
    answer = client.get(f"{url}/_gatehouse/sessions")
    client.submit(next(form for form in Page(answer.url, answer.text).forms if f"end={what}" in form.action))


def command(stack, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, "sessions", "revoke", *arguments, "--config", stack.file], capture_output=True, text=True,
        timeout=30, env=stack.gatehouse.environment)


def test_one_session_on_the_page_of_my_sessions(outside, provider, url):
    lost, token = signed_in(url, provider)
    kept, _ = signed_in(url, provider)
    press(kept, url, handle(lost))
    assert settled(provider) == [token]
    with outside.nothing_reaches_an_application():
        assert not is_in(lost, url)
    assert is_in(kept, url)


def test_this_session_on_the_page_of_my_sessions(outside, provider, url):
    client, token = signed_in(url, provider)
    press(client, url, handle(client))
    assert settled(provider) == [token]
    with outside.nothing_reaches_an_application():
        assert not is_in(client, url)


@pytest.mark.parametrize("what, remaining", [("others", 1), ("everywhere", 0)])
def test_several_sessions_on_the_page_of_my_sessions(outside, provider, url, what, remaining):
    signed = [signed_in(url, provider) for _ in range(4)]
    press(signed[-1][0], url, what)
    assert sorted(settled(provider)) == sorted(token for _, token in signed[:4 - remaining])
    assert [is_in(client, url) for client, _ in signed] == [False] * (4 - remaining) + [True] * remaining


def test_everywhere_on_the_sign_out_page(outside, provider, url):
    signed = [signed_in(url, provider) for _ in range(3)]
    client = signed[0][0]
    answer = client.get(f"{url}/_gatehouse/sign-out")
    form = Page(answer.url, answer.text).forms[0]
    form.action += "&everywhere=1"
    client.submit(form)
    assert sorted(settled(provider)) == sorted(token for _, token in signed)


@pytest.mark.parametrize("by", ["id", "user", "all"])
def test_an_administrator_by_command(outside, provider, by):
    client, token = signed_in(outside.grpc_url, provider)
    provider.subject = "somebody-else"
    other, other_token = signed_in(outside.grpc_url, provider)
    arguments = {"id": [handle(client)], "user": ["--user", "subject-1"], "all": ["--all"]}[by]
    assert command(outside, *arguments).returncode == 0
    assert sorted(settled(provider)) == sorted([token, other_token] if by == "all" else [token])
    with outside.nothing_reaches_an_application():
        assert not is_in(client, outside.grpc_url)
    assert is_in(other, outside.http_url) == (by != "all")


def test_an_administrator_by_api(outside, provider):
    _, token = signed_in(outside.grpc_url, provider)
    request = urllib.request.Request(
        f"http://127.0.0.1:{outside.ports.admin}/api/sessions/revoke?user=eve%40example.org", method="POST")
    with urllib.request.urlopen(request, timeout=10) as response:
        assert json.load(response) == {"revoked": 1}
    assert settled(provider) == [token]


def test_a_provider_that_is_away_holds_nobody_up(outside, provider):
    signed = [signed_in(outside.grpc_url, provider)[0] for _ in range(6)]
    provider.is_away = True
    asked = len(provider.requests)
    began = time.monotonic()
    result = command(outside, "--all")
    assert time.monotonic() - began < 3 and result.stdout == "6 sessions ended\n"
    with outside.nothing_reaches_an_application():
        assert not any(is_in(client, outside.grpc_url) for client in signed)
    outside.gatehouse.wait_until(lambda: "refresh tokens were not revoked" in outside.gatehouse.text(), "a line in the log")
    assert provider.requests[asked:].count("POST /revoke") == 3, "after three failures it is left alone"
