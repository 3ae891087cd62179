"""The provider's signing keys: list, rotate, and how they lie in the store."""
import contextlib
import json
import secrets
import sqlite3
import subprocess

import requests

from support import jws, paths
from support.code_flow import code_for, exchange, refresh, userinfo
from support.ledger import LEDGER
from support.provider_clients import audit_lines


def keys(stack, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [paths.GATEHOUSE, "keys", *arguments, "--config", str(stack.file)], capture_output=True, text=True, timeout=30,
        env=stack.gatehouse.environment)


def listed(stack) -> list[dict]:
    return json.loads(keys(stack, "list", "--json").stdout)["keys"]


def published(stack) -> set[str]:
    return {key["kid"] for key in requests.get(f"{stack.issuer}/keys", timeout=5).json()["keys"]}


def material(stack) -> list[bytes]:
    with contextlib.closing(sqlite3.connect(f"file:{stack.folder / 'gatehouse.db'}?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute("select material from signing_keys")]


def test_rotation_publishes_the_next_keys_and_goes_on_with_the_old_ones(make_stack):
    stack = make_stack("key-rotation")
    app = stack.apps_account
    tokens = exchange(stack, app, code_for(stack, app)).json()
    before = published(stack)
    assert {key["state"] for key in listed(stack)} == {"signing"}
    done = keys(stack, "rotate")
    assert done.returncode == 0 and done.stdout.count("new key ") == 2, done.stderr
    assert {key["state"] for key in listed(stack)} == {"signing", "next"}
    assert published(stack) > before and len(published(stack)) == 4
    renewed = refresh(stack, app, tokens["refresh_token"]).json()
    header = json.loads(jws.decoded(renewed["id_token"].split(".")[0]))
    assert header["kid"] in before, "a key that nobody can have yet signs nothing"
    assert userinfo(stack, tokens["access_token"]).status_code == 200
    assert audit_lines(stack, event="key_rotation", reason="by an administrator")

    # Keys that somebody else may have: gone at once, with what they signed.
    assert keys(stack, "rotate", "--at-once").returncode == 0
    assert not published(stack) & before and len(published(stack)) == 2
    assert userinfo(stack, tokens["access_token"]).status_code == 401
    again = refresh(stack, app, renewed["refresh_token"]).json()
    assert userinfo(stack, again["access_token"]).status_code == 200
    text = keys(stack, "list").stdout.splitlines()
    assert text[0].split("\t") == ["id", "algorithm", "state", "made_at", "signs_from"] and len(text) == 3
    stack.stop()


def test_keys_lie_encrypted_where_a_secret_is_configured(make_stack):
    stack = make_stack("key-encryption")
    app = stack.apps_account
    before = published(stack)
    tokens = exchange(stack, app, code_for(stack, app)).json()
    assert not any(bytes_.startswith(b"sealed:") for bytes_ in material(stack))
    stack.gatehouse.stop()

    (stack.folder / "keys.key").write_text(LEDGER.add(secrets.token_hex(32), "keys.key"))
    (stack.folder / "keys.key").chmod(0o600)
    stack.configuration["storage"]["keySecrets"] = [{"file": "keys.key"}]
    stack.write()
    stack.start_gatehouse()
    assert published(stack) == before
    assert all(bytes_.startswith(b"sealed:") for bytes_ in material(stack))
    assert userinfo(stack, tokens["access_token"]).status_code == 200
    stack.gatehouse.stop()

    del stack.configuration["storage"]["keySecrets"]
    stack.write()
    refused = subprocess.run(
        [paths.GATEHOUSE, "serve", "--config", str(stack.file)], capture_output=True, text=True, timeout=30,
        env=stack.gatehouse.environment)
    assert refused.returncode == 1 and "storage.keySecrets" in refused.stderr
    stack.kill()
