"""Tokens of sessions that live in their cookies are renewed ahead of their end, once, and the answer brings the new cookie (A2, A4)."""
import concurrent.futures
import json
import secrets
import time

import pytest

from support import raw
from support.client import Client
from support.fixtures import both_gateways, outside_fixture
from support.html import Page
from support.replica import Replica
from support.stack import COOKIE

GRACE = 6
# The provider's tokens live six seconds: new ones are due after five.
LIFE, DUE = 6, 5.2


# A Gatehouse whose sessions are in cookies.
sealed = outside_fixture(
    "cookie-refresh", {"session": {"store": "cookie", "refreshGrace": f"{GRACE}s"}}, scopes="openid email profile offline_access")


url = both_gateways("sealed")


@pytest.fixture(autouse=True)
def good_again(provider):
    provider.reset()
    provider.gives_refresh_tokens()
    provider.refreshes.clear()
    provider.expires_in = LIFE


def signed_in(url: str) -> Client:
    client = Client()
    response = client.follow(client.get(f"{url}/echo/"))
    assert response.status_code == 200, f"{response.status_code} at {response.url}: {response.text[:300]}"
    return client


def ask(url: str, cookies: dict[str, str], accept: str = "application/json") -> raw.RawResponse:
    line = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return raw.request(int(url.rsplit(":", 1)[1]), "/echo/x", [("accept", accept), ("cookie", line)])


def new_cookies(answer: raw.RawResponse) -> dict[str, str]:
    pairs = (line.split(";", 1)[0].split("=", 1) for line in answer.all("set-cookie"))
    return {name: value for name, value in pairs if value}


def groups(client: Client, url: str) -> list[str]:
    response = client.get(f"{url}/echo/", headers={"accept": "application/json"})
    assert response.status_code == 200, response.status_code
    return response.json()["headers"]["kubeflow-groups"]


def wait_for(condition, what: str, timeout: float = 10) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"no {what} after {timeout} s"
        time.sleep(0.1)


def refused_refreshes(stack) -> list[dict]:
    lines = [json.loads(line) for line in stack.gatehouse.text().splitlines() if '"audit"' in line]
    return [line for line in lines if line.get("event") == "refresh_failed"]


def test_fifty_requests_at_once_refresh_once(sealed, provider, url):
    client = signed_in(url)
    before = client.session_cookies()
    provider.expires_in = 300
    provider.groups = ["outside", "new"]
    time.sleep(DUE)

    def one(number: int) -> raw.RawResponse:
        return ask(sealed.gateways[number % 2], before)

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(one, range(50)))
    assert {answer.status for answer in answers} == {200}, "the cookie of before is valid meanwhile"
    assert len(provider.refreshes) == 1
    fresh = [new_cookies(answer) for answer in answers if answer.all("set-cookie")]
    assert fresh and all(COOKIE in cookies and cookies[COOKIE] != before[COOKIE] for cookies in fresh)
    provider.revoke_all()
    for gateway in sealed.gateways:
        for cookies in (fresh[0], fresh[-1], before):
            assert json.loads(ask(gateway, cookies).body)["headers"]["kubeflow-groups"] == ["outside,new"]
    assert len(provider.refreshes) == 1


def test_the_request_that_finds_it_due_brings_it_home(sealed, provider, url):
    client = signed_in(url)
    before = client.session_cookies()
    provider.groups = ["new"]
    time.sleep(DUE)
    assert groups(client, url) == ["new"]
    assert client.session_cookies() != before
    first = list(provider.refreshes)
    time.sleep(DUE)
    assert groups(client, url) == ["new"]
    assert len(provider.refreshes) == 2 and provider.refreshes[0] == first[0] != provider.refreshes[1]


def test_nothing_about_it_is_lost_with_a_restart(sealed, provider, url):
    client = signed_in(url)
    provider.expires_in = 300
    provider.groups = ["new"]
    time.sleep(DUE)
    assert groups(client, url) == ["new"]
    sealed.gatehouse.stop()
    sealed.start_gatehouse()
    for gateway in sealed.gateways:
        sealed.gatehouse.wait_until(lambda gateway=gateway: ask(gateway, {}).status == 401, "answers through Envoy")
        assert groups(client, gateway) == ["new"]
    assert len(provider.refreshes) == 1 and sealed.rows() == 0


def test_a_refused_refresh_ends_the_session_and_every_copy(sealed, provider, url):
    provider.groups = [secrets.token_hex(20) for _ in range(200)]
    client = signed_in(url)
    cookies = client.session_cookies()
    assert len(cookies) >= 3
    provider.revoke_all()
    before = len(refused_refreshes(sealed))
    time.sleep(DUE)
    with sealed.nothing_reaches_an_application():
        answer = ask(url, cookies, accept="text/html")
        assert answer.status == 302
        cleared = {line.split("=")[0] for line in answer.all("set-cookie") if "max-age=0" in line.lower()}
        assert cleared == set(cookies), "every part goes"
        assert [ask(gateway, cookies).status for gateway in sealed.gateways] == [401, 401]
    assert len(provider.refreshes) == 1
    line = refused_refreshes(sealed)[before:]
    assert len(line) == 1 and line[0]["reference"] and "the session ends" in line[0]["reason"]


def test_parts_come_and_go_with_the_length_of_what_is_known(sealed, provider, url):
    client = signed_in(url)
    assert list(client.session_cookies()) == [COOKIE]
    provider.groups = [secrets.token_hex(20) for _ in range(200)]
    time.sleep(DUE)
    assert groups(client, url) == [",".join(provider.groups)]
    many = client.session_cookies()
    assert len(many) >= 3 and all(len(name) + len(value) < 4096 for name, value in many.items())
    provider.groups = ["few"]
    time.sleep(DUE)
    assert groups(client, url) == ["few"]
    assert list(client.session_cookies()) == [COOKIE]
    assert groups(client, url) == ["few"]


def test_a_provider_that_is_away_signs_nobody_out_before_the_grace(sealed, provider, url):
    client = signed_in(url)
    provider.is_away = True
    time.sleep(DUE)
    began = time.monotonic()
    while time.monotonic() - began < GRACE - 2:
        assert groups(client, url) == ["outside"]
        time.sleep(0.3)
    provider.is_away = False
    provider.expires_in = 300
    provider.groups = ["back"]
    wait_for(lambda: groups(client, url) == ["back"], "refresh")
    time.sleep(GRACE)
    for gateway in sealed.gateways:
        assert groups(client, gateway) == ["back"]


def test_a_provider_that_is_away_longer_than_the_grace_does(sealed, provider, url):
    client = signed_in(url)
    provider.is_away = True
    time.sleep(DUE)

    def is_out() -> bool:
        return client.get(f"{url}/echo/", headers={"accept": "application/json"}).status_code == 401

    assert not is_out()
    wait_for(is_out, "end of the session", GRACE + 10)
    with sealed.nothing_reaches_an_application():
        assert [ask(gateway, client.session_cookies()).status for gateway in sealed.gateways] == [401, 401]


def test_a_provider_that_hangs_holds_one_request_up_for_a_moment(sealed, provider, url):
    client = signed_in(url)
    provider.hangs_at_refresh.clear()
    time.sleep(DUE)
    try:
        began = time.monotonic()
        assert groups(client, url) == ["outside"]
        assert 1 < time.monotonic() - began < 4
        began = time.monotonic()
        for gateway in sealed.gateways:
            assert groups(client, gateway) == ["outside"]
        assert time.monotonic() - began < 1
    finally:
        provider.groups = ["late"]
        provider.hangs_at_refresh.set()
    wait_for(lambda: groups(client, url) == ["late"], "refresh")


def test_processes_that_share_a_store_refresh_once(sealed, provider):
    client = signed_in(sealed.grpc_url)
    before = client.session_cookies()
    provider.expires_in = 300
    replica = Replica(sealed)
    replica.start()
    try:
        assert replica.ask(before[COOKIE]).allowed
        time.sleep(DUE)

        def one(number: int) -> bool:
            if number % 2:
                return replica.ask(before[COOKIE]).allowed
            return ask(sealed.gateways[number // 2 % 2], before).status == 200

        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            assert all(pool.map(one, range(50)))
        assert len(provider.refreshes) == 1
    finally:
        replica.program.stop()


def test_a_sign_out_revokes_the_newest_refresh_token(sealed, provider, url):
    client = signed_in(url)
    time.sleep(DUE)
    provider.expires_in = 300
    assert groups(client, url) == ["outside"]
    page = client.get(f"{url}/_gatehouse/sign-out")
    client.submit(Page(page.url, page.text).forms[0])
    assert client.session_cookies() == {}
    wait_for(lambda: provider.revoked, "revocation")
    assert provider.revoked == provider.valid_refresh_tokens()[-1:] and provider.revoked[0] not in provider.refreshes
