"""Two replicas on one Redis, or one Valkey: one sign-in, one sign-out, and a Redis that is away (A9, J, N): see test_faults_redis.py, too."""
import secrets
import time

import pytest

from support import raw
from support.client import Client
from support.gates import in_and_out, on, seconds_until, sign_out, statuses
from support.ledger import LEDGER
from support.redis import ENGINES, RedisServer
from support.replicas import Replicas
from support.stack import COOKIE, ClientAccount, password_of

PLACE = "/echo/"
OLD = ClientAccount("old", LEDGER.add(secrets.token_urlsafe(24), "secret of client old"), "")


@pytest.fixture(params=ENGINES)
def redis(artifacts, request):
    server = RedisServer(artifacts / "logs" / f"{request.param}-{request.node.originalname}", engine=request.param)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def shared(make_stack, redis, request):
    stack = on(make_stack, f"gates-{redis.folder.parent.name}", {"url": redis.url})
    yield stack
    stack.stop()


def test_a_sign_in_and_a_sign_out_hold_on_both(shared, redis):
    longest = 0.0
    for url in shared.gateways * 5:
        # Envoy asks the two in turn: the pages of one sign-in come from both.
        client = shared.signed_in("bob@example.com", url)
        cookie = client.cookie(COOKIE)
        assert statuses(shared, cookie) == [200, 200], "both remember it"
        sign_out(client, url)
        longest = max(longest, seconds_until(shared, cookie, 401, 2))
        with shared.nothing_reaches_an_application():
            assert client.get(f"{url}/echo/", headers={"accept": "application/json"}).status_code == 401
    assert longest < 1, f"{longest:.3f} s"
    assert redis.sessions() == 0


def test_anonymous_requests_store_nothing(shared, redis):
    before = redis.cli("DBSIZE")
    for _ in range(100):
        assert statuses(shared, LEDGER.add(secrets.token_urlsafe(32), "a cookie that nobody gave")) == [401, 401]
    assert redis.cli("DBSIZE") == before


def assert_closed_while_away(stack, known: str, ended: str) -> None:
    forged = LEDGER.add(secrets.token_urlsafe(32), "a cookie that nobody gave")
    with stack.nothing_reaches_an_application():
        # The first who asks has to find out.
        statuses(stack, forged)
        began = time.monotonic()
        assert statuses(stack, forged) == statuses(stack, ended) == [503, 503]
        assert time.monotonic() - began < 1, "nobody waits for it"
        headers = [("accept", "application/json"), ("cookie", f"{COOKIE}={ended}")]
        assert raw.request(stack.ports.grpc_gateway, PLACE, headers).first("retry-after")
    assert statuses(stack, known) == [503, 503], "nobody is signed out by mistake"


def test_a_redis_that_is_killed(shared, redis):
    known, ended = in_and_out(shared)
    pids = [program.pid for program in shared.programs]
    redis.kill()
    time.sleep(2)
    assert_closed_while_away(shared, known, ended)
    assert not shared.ready()
    redis.start()
    assert seconds_until(shared, known, 200, 2) < 2, "what was confirmed is there again"
    assert seconds_until(shared, ended, 401, 2) < 2
    assert shared.signed_in("admin@example.com", shared.http_url).cookie(COOKIE)
    assert [program.pid for program in shared.programs] == pids


WRONG = LEDGER.add("wrong-" + secrets.token_hex(8), "wrong password")


def guess(stack, number: int, login: str, password: str = WRONG) -> int:
    """One try at one of the two."""
    port = (stack.ports.web, stack.other.ports["web"])[number]
    return Client().post(f"http://localhost:{port}/dex/token", auth=(OLD.id, OLD.secret), data={
        "grant_type": "password", "username": login, "password": password, "scope": "openid"}).status_code


@pytest.fixture
def with_passwords(make_stack, redis):
    def change(configuration):
        configuration["storage"] = {"redis": {"url": redis.url}}
        configuration["provider"]["passwordConnector"] = "local"
        configuration["provider"]["clients"].append({"id": OLD.id, "secret": OLD.secret, "grantTypes": ["password"]})

    stack = make_stack(f"gates-{redis.folder.parent.name}", change, kind=Replicas)
    yield stack
    stack.stop()


def test_wrong_passwords_count_on_both_and_on_each_alone_while_it_is_away(with_passwords, redis):
    """Twenty tries are free for an account from one network, and one comes back every ten seconds."""
    began = time.monotonic()
    heard = [guess(with_passwords, turn % 2, "admin@example.com") for turn in range(26)]
    free = 20 + (time.monotonic() - began) // 10 + 1
    assert 20 <= heard.count(400) <= free and heard.count(400) + heard.count(429) == 26, heard
    assert guess(with_passwords, 0, "bob@example.com", password_of("bob@example.com")) == 200, "another account does not wait"
    redis.kill()
    for number in (0, 1):
        began = time.monotonic()
        # The first who asks has to find out.
        heard = [guess(with_passwords, number, "bob@example.com") for _ in range(30)]
        free = 20 + (time.monotonic() - began) // 10 + 1
        assert 20 <= heard.count(400) <= free and heard.count(400) + heard.count(429) == 30, heard
    redis.start()
    deadline = time.monotonic() + 20
    while guess(with_passwords, 1, "admin@example.com", password_of("admin@example.com")) != 200:
        assert time.monotonic() < deadline, "nobody is locked out"
        time.sleep(0.5)


def test_a_redis_that_throws_keys_away_is_said(shared, redis):
    def detail() -> str:
        return raw.request(shared.ports.admin, "/readyz", []).body.decode()

    assert "maxmemory-policy" not in detail()
    redis.cli("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    assert "maxmemory-policy allkeys-lru" in detail() and shared.ready()


def test_a_redis_whose_memory_is_full(shared, redis):
    known = shared.signed_in("bob@example.com").cookie(COOKIE)
    redis.cli("CONFIG", "SET", "maxmemory", "100kb")
    assert statuses(shared, known) == [200, 200], "what is there is read"
    assert not shared.ready()
    redis.cli("CONFIG", "SET", "maxmemory", "0")
    shared.gatehouse.wait_until(shared.ready, "readiness", timeout=3)
    assert shared.signed_in("admin@example.com").cookie(COOKIE)
