"""`make demo` and `make demo-stop`, on their fixed ports."""
import os
import signal
import subprocess
import time

import pytest

from support import paths
from support.client import Client
from support.ports import answers

PORTS = [8080, 8081, 9000, 9001, 9002, 9003, 9101, 9102]


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["make", *arguments], cwd=paths.ROOT, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")} | environment)


@pytest.fixture
def demo():
    taken = [port for port in PORTS if answers(port)]
    assert not taken, f"the demo's ports {taken} are taken: end what listens there (make demo-stop?)"
    yield
    make("demo-stop")


def test_the_demo_starts_says_where_it_is_and_ends(demo):
    began = time.monotonic()
    result = make("demo", DETACH="1")
    took = time.monotonic() - began
    assert result.returncode == 0, result.stdout + result.stderr
    assert "http://localhost:8080/" in result.stdout
    assert "admin@example.com" in result.stdout and "password" in result.stdout
    assert took < 5, f"a start with everything built took {took:.1f} s"
    for port in (8080, 8081):
        response = Client().sign_in(f"http://localhost:{port}/", "admin@example.com", "password")
        assert response.status_code == 200 and "admin@example.com" in response.text

    second = make("demo", DETACH="1")
    assert second.returncode != 0 and "port 8080" in second.stderr

    assert make("demo-stop").returncode == 0
    assert not any(answers(port) for port in PORTS)
    assert make("demo-stop").returncode == 0


def test_a_restarted_demo_knows_its_users(demo):
    client = Client()
    assert make("demo", DETACH="1").returncode == 0
    assert client.sign_in("http://localhost:8080/", "bob@example.com", "password").status_code == 200
    assert make("demo-stop").returncode == 0
    assert make("demo", DETACH="1").returncode == 0
    assert client.get("http://localhost:8080/").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_of_it(demo, number):
    # Whoever runs the tests in the background has SIGINT ignored, and no shell can trap what it was born to ignore.
    process = subprocess.Popen(
        ["env", "--default-signal=INT", "scripts/demo"], cwd=paths.ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True)
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    assert answers(8080)
    process.send_signal(number)
    process.wait(20)
    assert not any(answers(port) for port in PORTS)

