"""After everything else: what the programs wrote."""
import json
import secrets
import time

import pytest

from support import paths
from support.ledger import LEDGER, Ledger


@pytest.fixture
def logs(artifacts):
    """Of this process and of those that ran beside each other before it."""
    return sorted(paths.ALL_ARTIFACTS.glob("**/logs/**/*.log"))


def test_no_secret_of_the_run_is_in_a_log(logs):
    for used in paths.ALL_ARTIFACTS.glob("gw*/secrets.json"):
        LEDGER.read(used)
    assert logs and len(LEDGER.secrets) > 10
    assert LEDGER.found_in_files(logs) == {}


def test_a_planted_secret_is_found_among_many(tmp_path):
    ledger = Ledger()
    for _ in range(50_000):
        ledger.add(secrets.token_urlsafe(32), "one that was used")
    for value in ("planted.sécret", "first line of a key\nplanted second line"):
        ledger.add(value, "planted")
    noise = "".join(f'{{"message":"{secrets.token_urlsafe(40)}"}}\n' for _ in range(50_000)).encode()
    whole, part, clean = (tmp_path / name for name in ("whole.log", "part.log", "clean.log"))
    whole.write_bytes(noise + b"\xff\0 no text " + "xplanted.sécretx".encode() + noise)
    part.write_bytes(b"planted second line")
    clean.write_bytes(noise + b"planted.s\xe9cret planted second")
    began = time.monotonic()
    assert ledger.found_in_files([whole, part, clean]) == {whole: ["planted: plante…"], part: ["planted: first …"]}
    assert time.monotonic() - began < 10, "one pass over the files"


def test_the_log_is_json_with_a_request_id(stack, bob):
    lines = [json.loads(line) for line in stack.gatehouse.text().splitlines()]
    assert lines
    assert any(line.get("event") == "sign_in" and line.get("request_id") for line in lines)


def test_the_log_holds_no_crash(logs):
    for log in (log for log in logs if log.name == "gatehouse.log"):
        assert "Fatal error" not in log.read_text(errors="replace"), log
