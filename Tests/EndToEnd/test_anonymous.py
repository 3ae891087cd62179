"""Requests of nobody cost nothing that stays (A8): a million of them leave no row and no memory."""
import pathlib
import re
import subprocess
import time

import pytest

from support import extauthz
from support.stack import COOKIE
from support.witness import resident_bytes

# The checks asked directly over HTTP and over gRPC, and a share through both gateways.
HTTP, GRPC, GATEWAY = 450_000, 450_000, 50_000
WARM_UP = 20  # a twentieth of that
SECONDS = 900
MEGABYTE = 1024 * 1024
NAVIGATION = {"accept": "text/html", "sec-fetch-mode": "navigate"}
KINDS = {
    "no cookie": {},
    "a session cookie that is none": {"cookie": f"{COOKIE}={'A' * 43}"},
    "a sign-in cookie that is none": {"cookie": f"{COOKIE}-sign-in={'A' * 120}"},
}


@pytest.fixture(scope="module")
def quiet(make_stack):
    """Of these tests' own, so that nobody else changes its memory; says little, so that its log stays small."""
    stack = make_stack("anonymous", lambda configuration: configuration["log"].update(level="warning"))
    yield stack
    stack.stop()


def navigate(url: str, count: int, headers: dict[str, str], deadline: float) -> int:
    """At least `count` navigations over HTTP, as fast as they are answered. All have to be sent to the sign-in."""
    sent = 0
    while sent < count:
        assert time.monotonic() < deadline, f"{sent} of {count} at {url}"
        command = ["wrk", "--threads", "1", "--connections", "32", "--duration", "4s"]
        for name, value in (NAVIGATION | headers).items():
            command += ["--header", f"{name}: {value}"]
        output = subprocess.run([*command, url], capture_output=True, text=True, timeout=60, check=True).stdout
        assert "Socket errors" not in output and "Non-2xx or 3xx" not in output, output
        sent += int(re.search(r"(\d+) requests in", output)[1])
    return sent


def check(stack, count: int, headers: dict[str, str], deadline: float) -> int:
    """As many checks over gRPC."""
    message = extauthz.check_request(
        "/echo/page", NAVIGATION | headers, host=f"localhost:{stack.ports.grpc_gateway}")
    file = stack.folder / "check.bin"
    file.write_bytes(b"\0" + len(message).to_bytes(4, "big") + message)
    output = subprocess.run(
        ["h2load", "--requests", str(count), "--clients", "4", "--max-concurrent-streams", "16", "--data", file,
         "--header", "content-type: application/grpc", "--header", "te: trailers",
         f"http://127.0.0.1:{stack.ports.check_grpc}{extauthz.CHECK}"],
        capture_output=True, text=True, timeout=max(1, deadline - time.monotonic()), check=True).stdout
    assert f"{count} succeeded, 0 failed, 0 errored, 0 timeout" in output, output
    return count


def send(stack, part: int, deadline: float) -> int:
    """One `part`th of all, of each kind as many."""
    sent = 0
    share = part * len(KINDS)
    for headers in KINDS.values():
        # So spelled, wrk sends it in the place of its own.
        host = {"Host": f"localhost:{stack.ports.grpc_gateway}"}
        direct = f"http://127.0.0.1:{stack.ports.check_http}/envoy/echo/page"
        sent += navigate(direct, HTTP // share, headers | host, deadline)
        sent += check(stack, GRPC // share, headers, deadline)
        for url in stack.gateways:
            sent += navigate(f"{url}/echo/page", GATEWAY // share, headers, deadline)
    return sent


def test_a_million_requests_of_nobody_leave_no_row_and_no_memory(quiet):
    deadline = time.monotonic() + SECONDS
    pid = quiet.gatehouse.pid
    send(quiet, WARM_UP, deadline)
    rows, memory = quiet.all_rows(), resident_bytes(pid)
    with quiet.nothing_reaches_an_application():
        assert send(quiet, 1, deadline) >= 1_000_000
    assert quiet.gatehouse.pid == pid and quiet.gatehouse.running
    assert quiet.all_rows() == rows
    kept = {name for name, count in rows.items() if count}
    own = {"client_revision", "connector_revision", "grdb_migrations", "signing_keys", "sqlite_sequence"}
    assert kept <= own, "and there was none from before"
    grown = resident_bytes(pid) - memory
    assert grown < 5 * MEGABYTE, f"{grown / MEGABYTE:.1f} MB more"
    assert pathlib.Path(quiet.gatehouse.log).stat().st_size < MEGABYTE
