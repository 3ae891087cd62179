"""The session's tokens are renewed at the provider while it is in use: ahead of their end, once, and off the way of requests (A4)."""
import concurrent.futures
import contextlib
import json
import sqlite3
import time

import pytest

from support import raw
from support.client import Client
from support.fixtures import outside_fixture
from support.replica import Replica
from support.stack import COOKIE

GRACE = 6


outside = outside_fixture(
    "refresh", {"session": {"refreshGrace": f"{GRACE}s"}}, scopes="openid email profile offline_access")


@pytest.fixture(autouse=True)
def good_again(provider):
    provider.reset()
    provider.gives_refresh_tokens()
    provider.refreshes.clear()


def signed_in(stack) -> Client:
    client = Client()
    response = client.follow(client.get(f"{stack.grpc_url}/echo/"))
    assert response.status_code == 200, f"{response.status_code} at {response.url}"
    return client


def make_due(stack, ago: int = 1) -> None:
    """Moves the moment in the store, and has the processes read it again."""
    with contextlib.closing(sqlite3.connect(stack.folder / "gatehouse.db", timeout=10)) as database:
        database.execute("update sessions set refresh_due_at = ?", [int(time.time()) - ago])
        database.execute("insert into session_changes (key) select key from sessions")
        database.commit()
    time.sleep(1.2)


def groups(client: Client, url: str) -> list[str]:
    response = client.get(f"{url}/echo/", headers={"accept": "application/json"})
    assert response.status_code == 200, response.status_code
    return response.json()["headers"]["kubeflow-groups"]


def wait_for(condition, what: str, timeout: float = 10) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"no {what} after {timeout} s"
        time.sleep(0.1)


def audit_lines(stack, event: str) -> list[dict]:
    lines = [json.loads(line) for line in stack.gatehouse.text().splitlines() if '"audit"' in line]
    return [line for line in lines if line.get("event") == event]


def test_nothing_is_refreshed_before_its_time(outside, provider):
    client = signed_in(outside)
    for url in outside.gateways:
        groups(client, url)
    assert provider.refreshes == []


def test_new_groups_arrive_with_the_refresh(outside, provider):
    client = signed_in(outside)
    provider.groups = ["outside", "new"]
    make_due(outside)
    for url in outside.gateways:
        wait_for(lambda url=url: groups(client, url) == ["outside,new"], "new groups")
    assert len(provider.refreshes) == 1


def test_fifty_requests_at_two_processes_refresh_once(outside, provider):
    client = signed_in(outside)
    value = client.cookie(COOKIE)
    replica = Replica(outside)
    replica.start()
    try:
        assert replica.ask(value).allowed
        make_due(outside)

        def one(number: int) -> bool:
            if number % 2:
                return replica.ask(value).allowed
            port = outside.ports.grpc_gateway if number % 4 else outside.ports.http_gateway
            headers = [("accept", "application/json"), ("cookie", f"{COOKIE}={value}")]
            return raw.request(port, "/echo/", headers).status == 200

        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            assert all(pool.map(one, range(50))), "the old tokens are valid meanwhile"
        wait_for(lambda: len(provider.refreshes) > 0, "refresh")
        time.sleep(1.5)
        assert replica.ask(value).allowed and groups(client, outside.http_url)
        assert len(provider.refreshes) == 1
    finally:
        replica.program.stop()


@pytest.mark.parametrize("why", ["invalid_grant", "another person", "another client", "another issuer"])
def test_a_refused_refresh_ends_the_session(outside, provider, why):
    client = signed_in(outside)
    change = {"another person": {"sub": "subject-2"}, "another client": {"aud": "other"},
              "another issuer": {"iss": "https://evil.example"}}.get(why)
    if change:
        provider.write_token = lambda claims: provider.key.sign(claims | change)
    else:
        provider.revoke_all()
    before = len(audit_lines(outside, "refresh_failed"))
    make_due(outside)
    assert groups(client, outside.grpc_url) == ["outside"], "nobody waits for the refresh"

    def is_out() -> bool:
        return client.get(f"{outside.http_url}/echo/", headers={"accept": "application/json"}).status_code == 401

    wait_for(is_out, "end of the session")
    with outside.nothing_reaches_an_application():
        for url in outside.gateways:
            assert client.get(f"{url}/echo/", headers={"accept": "application/json"}).status_code == 401
    line = audit_lines(outside, "refresh_failed")[before:]
    assert len(line) == 1 and line[0]["reference"] and "the session ends" in line[0]["reason"]


def test_a_provider_that_is_away_signs_nobody_out_before_the_grace(outside, provider):
    client = signed_in(outside)
    provider.is_away = True
    make_due(outside)
    began = time.monotonic()
    groups(client, outside.grpc_url)
    while time.monotonic() - began < GRACE - 2:
        for url in outside.gateways:
            assert groups(client, url) == ["outside"]
        time.sleep(0.3)
    provider.is_away = False
    provider.groups = ["back"]
    wait_for(lambda: groups(client, outside.grpc_url) == ["back"], "refresh")
    time.sleep(GRACE - 2)
    assert groups(client, outside.http_url) == ["back"]


def test_a_provider_that_is_away_longer_than_the_grace_does(outside, provider):
    client = signed_in(outside)
    provider.is_away = True
    make_due(outside)

    def is_out() -> bool:
        return client.get(f"{outside.grpc_url}/echo/", headers={"accept": "application/json"}).status_code == 401

    wait_for(is_out, "end of the session", GRACE + 10)


def test_a_new_refresh_token_outlives_userinfo_that_fails(outside, provider):
    """Each is good once: with the token endpoint's answer lost, the next refresh would end the session."""
    client = signed_in(outside)
    provider.userinfo_status = 503
    before = len(audit_lines(outside, "refresh_failed"))
    make_due(outside)
    groups(client, outside.grpc_url)
    wait_for(lambda: len(audit_lines(outside, "refresh_failed")) > before, "failure")
    provider.userinfo_status = 200
    provider.groups = ["back"]
    wait_for(lambda: groups(client, outside.http_url) == ["back"], "refresh")
    assert len(set(provider.refreshes)) == len(provider.refreshes) >= 2


def test_the_refresh_token_that_came_last_is_used(outside, provider):
    client = signed_in(outside)
    for count in (1, 2, 3):
        make_due(outside)
        groups(client, outside.grpc_url)
        wait_for(lambda count=count: len(provider.refreshes) == count, "refresh")
        time.sleep(0.3)
    assert len(set(provider.refreshes)) == 3
    assert groups(client, outside.http_url) == ["outside"]
