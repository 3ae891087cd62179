"""Stores are moved, checked and backed up by the program, and one that is not there yet is waited for (J, K)."""
import contextlib
import json
import sqlite3
import subprocess
import time
import urllib.error

import pytest
import yaml

from support import paths
from support.code_flow import code_for, exchange, refresh
from support.html import Page
from support.ledger import LEDGER
from support.postgres import Postgres
from support.redis import RedisServer
from support.stack import COOKIE

EMAIL = "bob@example.com"


def gatehouse(stack, *words, expected: int = 0) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [paths.GATEHOUSE, "store", *map(str, words)], capture_output=True, text=True, timeout=60,
        env=stack.gatehouse.environment, check=False)
    assert done.returncode == expected, f"{done.returncode}: {done.stderr} {done.stdout}"
    assert LEDGER.found_in(done.stdout + done.stderr) == []
    return done


def configured(stack, name: str, storage: dict):
    """The stack's configuration with another storage."""
    file = stack.folder / name
    file.write_text(yaml.safe_dump(stack.configuration | {"storage": storage}, sort_keys=False))
    return file


@pytest.fixture(scope="module")
def postgres(artifacts):
    server = Postgres(artifacts / "logs")
    yield server
    server.end()


@pytest.fixture(scope="module")
def redis(artifacts):
    server = RedisServer(artifacts / "logs", "redis-store-commands")
    server.start()
    yield server
    server.kill()


def sign_out(client, url: str) -> None:
    page = client.get(f"{url}/_gatehouse/sign-out")
    client.submit(Page(page.url, page.text).forms[0])


def test_who_is_signed_in_stays_so_wherever_it_moves(make_stack, postgres, redis):
    stack = make_stack("store-migrate")
    client, other = stack.signed_in(EMAIL), stack.signed_in("admin@example.com")
    ended = other.cookie(COOKIE)
    sign_out(other, stack.grpc_url)
    tokens = exchange(stack, stack.apps_account, code_for(stack, stack.apps_account)).json()
    keys = client.get(f"{stack.issuer}/keys").json()
    places = [
        {"postgres": {"url": postgres.url()}}, {"redis": {"url": redis.url}}, {"sqlite": {"path": "moved.db"}}]
    for number, storage in enumerate(places):
        stack.gatehouse.stop()
        moved = configured(stack, f"moved-{number}.yaml", storage)
        copied = json.loads(gatehouse(stack, "migrate", "--from", stack.file, "--to", moved, "--json").stdout)
        assert copied["sessions"] == {"copied": 1, "ended": 0} and copied["signing_keys"]["copied"] >= 2
        again = gatehouse(stack, "migrate", "--from", stack.file, "--to", moved, expected=1)
        assert "the target is not empty (" in again.stderr and "1 sessions" in again.stderr
        assert gatehouse(stack, "check", "--config", moved).stdout.endswith("\nok\n")
        stack.configuration["storage"] = storage
        stack.write()
        stack.start_gatehouse()
        assert client.get(f"{stack.grpc_url}/echo/").json()["headers"]["kubeflow-userid"] == [EMAIL]
        refused = client.get(f"{stack.grpc_url}/echo/", headers={"cookie": f"{COOKIE}={ended}", "accept": "application/json"})
        assert refused.status_code == 401
        renewed = refresh(stack, stack.apps_account, tokens["refresh_token"])
        assert renewed.status_code == 200, renewed.text
        tokens = renewed.json()
        assert client.get(f"{stack.issuer}/keys").json() == keys
    # The last one is signed out of where it has come to.
    cookie = client.cookie(COOKIE)
    sign_out(client, stack.grpc_url)
    gone = client.get(f"{stack.grpc_url}/echo/", headers={"cookie": f"{COOKIE}={cookie}", "accept": "application/json"})
    assert gone.status_code == 401
    stack.stop()


def test_keys_that_the_other_configuration_does_not_open_stay(make_stack, tmp_path):
    def change(configuration):
        configuration["storage"]["keySecrets"] = [{"file": "keys.key"}]

    stack = make_stack("store-migrate-keys", change, start=False)
    stack.write_secret("keys.key", "0123456789abcdef" * 4)
    stack.write()
    stack.start_gatehouse()
    stack.gatehouse.stop()
    moved = configured(stack, "moved.yaml", {"sqlite": {"path": "moved.db"}})
    refused = gatehouse(stack, "migrate", "--from", stack.file, "--to", moved, expected=1)
    assert "keySecrets" in refused.stderr and not (stack.folder / "moved.db").exists()


def test_a_copy_that_was_not_finished_is_not_started_with(make_stack):
    stack = make_stack("store-half-copied", start=False)
    stack.write()
    stack.start_gatehouse()
    stack.gatehouse.stop()
    with contextlib.closing(sqlite3.connect(stack.folder / "gatehouse.db")) as database:
        database.execute("insert into half_copied values (1)")
        database.commit()
    done = subprocess.run(
        stack.gatehouse.command, capture_output=True, text=True, timeout=30, cwd=stack.folder,
        env=stack.gatehouse.environment, check=False)
    assert done.returncode == 1 and "a copy into it was never finished" in done.stderr
    assert "a copy into it was never finished" in gatehouse(stack, "check", "--config", stack.file, expected=1).stdout


def test_a_backup_is_made_while_the_program_runs(stack, admin, tmp_path):
    copy = tmp_path / "backup.db"
    gatehouse(stack, "backup", "--config", stack.file, "--to", copy)
    assert copy.stat().st_mode & 0o777 == 0o600 and [file.name for file in tmp_path.iterdir()] == ["backup.db"]
    with contextlib.closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert database.execute("select count(*) from sessions").fetchone()[0] >= 1
    before = copy.read_bytes()
    assert "File exists" in gatehouse(stack, "backup", "--config", stack.file, "--to", copy, expected=1).stderr
    assert copy.read_bytes() == before
    (stack.folder / "check.yaml").write_text(
        yaml.safe_dump(stack.configuration | {"storage": {"sqlite": {"path": str(copy)}}}))
    checked = json.loads(gatehouse(stack, "check", "--config", stack.folder / "check.yaml", "--json").stdout)
    assert checked["ok"] and checked["records"]["sessions"] >= 1 and checked["engine"].startswith("SQLite 3")


@pytest.mark.parametrize(("storage", "tool"), [
    ({"postgres": {"url": "postgres://gatehouse@localhost/x"}}, "pg_dump"), ({"redis": {"url": "redis://localhost"}}, "BGSAVE"),
    ({"memory": {}}, "ends with the program")])
def test_others_have_tools_for_backups(stack, tmp_path, storage, tool):
    file = configured(stack, "no-backup.yaml", storage)
    assert tool in gatehouse(stack, "backup", "--config", file, "--to", tmp_path / "copy", expected=2).stderr
    assert list(tmp_path.iterdir()) == []


def test_a_check_finds_what_is_not_in_order(make_stack):
    stack = make_stack("store-check", start=False)
    stack.write()
    assert "No such file" in gatehouse(stack, "check", "--config", stack.file, expected=1).stderr
    assert not (stack.folder / "gatehouse.db").exists()
    stack.start_gatehouse()
    stack.gatehouse.stop()
    with contextlib.closing(sqlite3.connect(stack.folder / "gatehouse.db")) as database:
        database.execute("insert into users values ('u', 1, 'e', 'e', 'u', 'u', 'n', 'no list', null, 0, 1, null)")
        database.commit()
    found = json.loads(gatehouse(stack, "check", "--config", stack.file, "--json", expected=1).stdout)
    assert not found["ok"] and found["damaged"] == {"users": 1} and found["findings"] == ["cannot be read: 1 users"]


def test_a_check_finds_records_that_nothing_leads_to(stack, redis, tmp_path):
    prefix = "checked"
    file = configured(stack, "checked.yaml", {"redis": {"url": redis.url, "prefix": prefix}})
    gatehouse(stack, "check", "--config", file)
    redis.cli("HSET", f"{{{prefix}}}:upstream:x", "v", "1", "b", "no record")
    found = gatehouse(stack, "check", "--config", file, expected=1).stdout
    assert "1 records of kind upstream" in found and "cannot be read: 1 upstream tokens" in found


def waited_for(stack, start) -> str:
    """The log of a start that had to wait."""
    stack.write()
    stack.gatehouse.start()
    stack.gatehouse.wait_until(lambda: "does not answer yet" in stack.gatehouse.text(), "a try")
    with pytest.raises(urllib.error.URLError):
        stack.health("readyz")
    start()
    stack.gatehouse.wait_until(stack.ready, "readiness")
    text = stack.gatehouse.text()
    stack.gatehouse.stop()
    return text


def test_a_database_that_starts_later_is_waited_for(make_stack, artifacts):
    server = Postgres(artifacts / "logs")
    try:
        server.kill()
        stack = make_stack("postgres-later", start=False)
        stack.configuration["storage"] = {"postgres": {"url": server.url()}}
        lines = [line for line in waited_for(stack, server.start).splitlines() if "does not answer yet" in line]
        assert 1 <= len(lines) < 12 and "Connection refused" in lines[0]
    finally:
        server.end()


def test_a_redis_that_starts_later_is_waited_for(make_stack, artifacts):
    server = RedisServer(artifacts / "logs", "redis-later")
    stack = make_stack("redis-later-gates", start=False)
    stack.configuration["storage"] = {"redis": {"url": server.url}}
    try:
        assert "nobody can be reached" in waited_for(stack, server.start)
    finally:
        server.kill()


def test_the_wait_ends(make_stack):
    stack = make_stack("redis-never", start=False)
    stack.configuration["storage"] = {"redis": {"url": "redis://localhost:1"}, "startTimeout": "1s"}
    stack.write()
    began = time.monotonic()
    done = subprocess.run(
        stack.gatehouse.command, capture_output=True, text=True, timeout=30, cwd=stack.folder,
        env=stack.gatehouse.environment, check=False)
    assert done.returncode == 1 and 1 <= time.monotonic() - began < 10
    assert "the storage cannot be used: Redis: " in done.stderr and "storage.startTimeout" in done.stderr
