"""What lies sealed in the storage (J): nobody who reads it finds a token, and keys are replaced while everybody stays signed in."""
import contextlib
import json
import pathlib
import secrets
import sqlite3
import subprocess
import urllib.request

import pytest

from support.client import Client
from support.gates import sign_out
from support.ledger import LEDGER
from support.outside import outside_stack
from support.postgres import Postgres, binary
from support.redis import RedisServer
from test_store_commands import configured, gatehouse

SEALED = "has sealed everything in the storage"


class SQLiteFile:
    def __init__(self, folder: pathlib.Path):
        self.settings = {"sqlite": {"path": "gatehouse.db"}}

    def dump(self, stack) -> bytes:
        return b"".join(file.read_bytes() for file in stack.folder.glob("gatehouse.db*"))

    def end(self) -> None:
        pass


class PostgresDatabase:
    def __init__(self, folder: pathlib.Path):
        self.server = Postgres(folder)
        self.settings = {"postgres": {"url": self.server.url()}}

    def dump(self, stack) -> bytes:
        return subprocess.run(
            [binary("pg_dump"), "--host", self.server.folder, "--port", str(self.server.port), "--username", "keeper", "postgres"],
            capture_output=True, timeout=30, check=True).stdout

    def end(self) -> None:
        self.server.end()


class RedisKeys:
    def __init__(self, folder: pathlib.Path):
        self.server = RedisServer(folder, "redis-sealing")
        self.server.start()
        self.settings = {"redis": {"url": self.server.url}}

    def dump(self, stack) -> bytes:
        hashes = [key for key in self.server.cli("KEYS", "*").splitlines() if self.server.cli("TYPE", key) == "hash"]
        return "".join(self.server.cli("--no-raw", "HGETALL", key) for key in hashes).encode()

    def end(self) -> None:
        self.server.kill()


@pytest.fixture(params=[SQLiteFile, PostgresDatabase, RedisKeys])
def engine(request, artifacts):
    engine = request.param(artifacts / "logs")
    yield engine
    engine.end()


@pytest.fixture
def gate(make_stack, provider, engine, request):
    provider.gives_refresh_tokens()
    # Without the assertion's key, which would not let the program start where no key opens it.
    stack = outside_stack(
        make_stack, f"sealing-{type(engine).__name__}", provider, {"identity": {"headers": {"kubeflow-userid": "email"}}},
        scopes="openid email profile offline_access", storage=dict(engine.settings))
    yield stack
    stack.stop()


def signed_in(stack, provider) -> tuple[Client, str]:
    """A browser, and the refresh token that the provider gave for it."""
    client = Client()
    assert client.follow(client.get(f"{stack.grpc_url}/echo/")).status_code == 200
    return client, provider.valid_refresh_tokens()[-1]


def is_in(client: Client, stack) -> bool:
    return client.get(f"{stack.grpc_url}/echo/", headers={"accept": "application/json"}).status_code == 200


def restart(stack, keys: list[str], text: str | None = SEALED) -> dict:
    """With these keys; what the program says of all that lies in the storage."""
    stack.gatehouse.stop()
    before = len(stack.gatehouse.text())
    stack.configuration["storage"]["secrets"] = [{"file": name} for name in keys]
    stack.write()
    stack.start_gatehouse()
    if text is None:
        return {}
    stack.gatehouse.wait_until(lambda: text in stack.gatehouse.text()[before:], text)
    return json.loads(next(line for line in stack.gatehouse.text()[before:].splitlines() if text in line))


def metrics(stack) -> list[str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{stack.ports.admin}/metrics", timeout=10) as response:
        return response.read().decode().splitlines()


def checked(stack, keys: list[str], expected: int) -> dict:
    """What `gatehouse store check` says where these are the keys."""
    storage = stack.configuration["storage"] | {"secrets": [{"file": name} for name in keys]}
    file = configured(stack, "checked.yaml", storage)
    return json.loads(gatehouse(stack, "check", "--config", file, "--json", expected=expected).stdout)


def test_nobody_who_reads_the_storage_finds_a_token(gate, provider, engine):
    stack = gate
    for name in ("one.key", "two.key"):
        stack.write_secret(name, LEDGER.add(secrets.token_hex(32), name))
    first, token = signed_in(stack, provider)
    assert token.encode() in engine.dump(stack) and provider.access_token.encode() in engine.dump(stack), "the search finds them"

    said = restart(stack, ["one.key"])
    assert said["from_clear"] == "1", said
    second, other = signed_in(stack, provider)
    dump = engine.dump(stack)
    for secret in (token, other, provider.access_token):
        assert secret.encode() not in dump
    assert is_in(first, stack) and is_in(second, stack)

    # Another key: the old one opens until everything is sealed by the new one.
    said = restart(stack, ["two.key", "one.key"])
    assert (said["from_older_keys"], said["from_clear"], said["unopened"]) == ("2", "0", "0"), said
    assert {"gatehouse_store_sealed 1", "gatehouse_store_unopened 0"} <= set(metrics(stack))
    restart(stack, ["two.key"])
    assert is_in(first, stack) and is_in(second, stack)

    # What is opened is what the provider gave.
    sign_out(first, stack.grpc_url)
    stack.gatehouse.wait_until(lambda: token in provider.revoked, "the revocation of the refresh token")
    assert not is_in(first, stack) and is_in(second, stack)

    # Nobody has the key any more: a new sign-in, and no more than that.
    said = restart(stack, ["one.key"], "no key opens some of what lies in the storage")
    assert said["unopened"] == "1"
    with stack.nothing_reaches_an_application():
        assert not is_in(second, stack)
    assert is_in(signed_in(stack, provider)[0], stack)

    # A check of the storage tells how many are lost to whom, and all is well with both keys.
    for keys, lost in ((["one.key"], 1), (["two.key"], 1), ([], 2)):
        found = checked(stack, keys, expected=1)
        assert not found["ok"] and (found["unopened"], found["unsealed"]) == ({"sessions": lost}, {}), found
        assert f"no configured secret opens: {lost} sessions; bring back the secret" in found["findings"][0]
    found = checked(stack, ["one.key", "two.key"], expected=0)
    assert found["ok"] and (found["unopened"], found["findings"]) == ({}, []) and found["records"]["sessions"] == 2
    restart(stack, ["two.key"], None)
    assert is_in(second, stack), "it was not thrown away"


def test_sealed_tokens_of_another_session_are_no_session(make_stack, provider):
    provider.gives_refresh_tokens()
    stack = outside_stack(make_stack, "sealing-moved", provider, scopes="openid email profile offline_access")
    stack.write_secret("one.key", LEDGER.add(secrets.token_hex(32), "one.key"))
    restart(stack, ["one.key"])
    clients = [signed_in(stack, provider)[0] for _ in range(2)]
    stack.gatehouse.stop()
    with contextlib.closing(sqlite3.connect(stack.folder / "gatehouse.db")) as database:
        database.execute("update sessions set sealed = (select sealed from sessions order by key limit 1)")
        database.commit()
    stack.start_gatehouse()
    process = stack.gatehouse.pid
    (refused,) = [client for client in clients if not is_in(client, stack)]
    with stack.nothing_reaches_an_application():
        assert not is_in(refused, stack)
    lines = [line for line in stack.gatehouse.text().splitlines() if "a value of kind session in the storage does not count" in line]
    assert len(lines) == 1 and stack.gatehouse.pid == process
    stack.stop()
