"""Where Redis may be: in a cluster, behind TLS and a user; and that of two replicas one refreshes a token (A4, J)."""
import concurrent.futures
import contextlib
import secrets
import subprocess
import time

import pytest

from support import paths
from support.certificates import Authority
from support.client import Client
from support.gates import in_and_out, on, statuses
from support.ledger import LEDGER
from support.outside import outside_stack
from support.redis import ENGINES, RIGHTS, USER, RedisServer, gather
from support.replicas import Replicas
from support.stack import COOKIE, Stack


@contextlib.contextmanager
def running(*programs):
    """Started in their order."""
    try:
        for program in programs:
            program.start()
        yield
    finally:
        for program in programs:
            program.kill()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_cluster(make_stack, artifacts, engine):
    """The nodes that we are told of have not our slot, and say which has."""
    folder = artifacts / "logs" / f"{engine}-cluster"
    nodes = [RedisServer(folder, f"node-{number}", cluster=True, engine=engine) for number in range(3)]
    with running(*nodes):
        gather(nodes)
        owner = next(node for node in nodes if node.has_slot_of("{gatehouse}:"))
        first, second = [node for node in nodes if node is not owner]
        stack = on(make_stack, f"{engine}-cluster-gates", {"url": first.url, "cluster": [f"localhost:{second.port}"]})
        known, ended = in_and_out(stack)
        assert owner.sessions() == 1
        first.kill()
        assert statuses(stack, known) == [200, 200] and statuses(stack, ended) == [401, 401]
        stack.stop()


@pytest.fixture(scope="module")
def secured(artifacts):
    """Takes TLS with our certificate only, and a user who may do what the documentation tells to allow."""
    server = RedisServer(artifacts / "logs", "redis-tls", tls=True)
    server.start()
    yield server
    server.kill()


def storage(server: RedisServer, **more) -> dict:
    return {
        "url": server.url, "username": USER, "password": {"file": "redis.password"}, "rootCA": str(server.authority.file),
        "clientCert": str(server.folder / "client.crt"), "clientKey": {"file": str(server.folder / "client.key")}} | more


def test_certificates_and_a_user_with_few_rights(make_stack, secured):
    assert RIGHTS in (paths.ROOT / "docs" / "stores" / "redis.md").read_text()
    stack = on(make_stack, "redis-tls-gates", storage(secured), start=False)
    stack.write_secret("redis.password", secured.password)
    stack.start()
    known, ended = in_and_out(stack)
    assert secured.sessions() == 1 and statuses(stack, known) == [200, 200] and statuses(stack, ended) == [401, 401]
    assert not any("NOPERM" in program.text() for program in stack.programs)
    stack.stop()


def ended(make_stack, name: str, storage: dict, password: str = "") -> str:
    """What it says when it cannot start."""
    stack = on(make_stack, name, storage, start=False, kind=Stack)
    stack.write_secret("redis.password", password or secrets.token_urlsafe(24))
    stack.configuration["storage"]["startTimeout"] = "1s"
    stack.write()
    done = subprocess.run(
        stack.gatehouse.command, capture_output=True, text=True, timeout=30, cwd=stack.folder,
        env=stack.gatehouse.environment, check=False)
    assert done.returncode == 1 and "the storage cannot be used: Redis: " in done.stderr, done.stderr
    assert LEDGER.found_in(done.stdout + done.stderr) == []
    return done.stderr


def test_a_wrong_password_is_said_and_not_shown(make_stack, secured):
    assert "WRONGPASS" in ended(make_stack, "redis-wrong-password", storage(secured))


def test_another_authority_is_none(make_stack, secured, tmp_path):
    other = str(Authority(tmp_path, "other").file)
    text = ended(make_stack, "redis-wrong-authority", storage(secured, rootCA=other), secured.password)
    assert "CERTIFICATE_VERIFY_FAILED" in text


def test_a_certificate_for_another_host_is_none(make_stack, secured):
    elsewhere = storage(secured, url=f"rediss://gates.localhost:{secured.port}")
    assert "gates.localhost" in ended(make_stack, "redis-wrong-host", elsewhere, secured.password)


def test_a_redis_that_is_not_there_is_said(make_stack):
    assert "localhost:1" in ended(make_stack, "redis-nowhere", {"url": "redis://localhost:1"})


def test_two_replicas_refresh_a_token_once(make_stack, artifacts, provider):
    redis = RedisServer(artifacts / "logs", "redis-refresh")
    provider.gives_refresh_tokens()
    provider.expires_in = 10
    with running(redis):
        stack = outside_stack(
            make_stack, "redis-refresh-gates", provider, scopes="openid email profile offline_access", kind=Replicas,
            storage={"redis": {"url": redis.url}})
        client = Client()
        assert client.follow(client.get(f"{stack.grpc_url}/echo/")).status_code == 200
        cookie = client.cookie(COOKIE)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            for turn in range(1, 4):
                # Due when a fifth of their life is left.
                time.sleep(8.3)
                assert len(provider.refreshes) == turn - 1
                assert all(pool.map(lambda number: stack.ask(number % 2, cookie).allowed, range(64)))
                time.sleep(1)
                assert len(provider.refreshes) == turn
        stack.stop()
