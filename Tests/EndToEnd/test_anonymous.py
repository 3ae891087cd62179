"""Requests of nobody cost nothing that stays (A8): no row, no memory."""
import pathlib
import re
import subprocess

import pytest

from support.stack import COOKIE

REQUESTS = 25_000
KINDS = {
    "no cookie": [],
    "a session cookie that is none": [f"cookie: {COOKIE}={'A' * 43}"],
    "a sign-in cookie that is none": [f"cookie: {COOKIE}-sign-in={'A' * 120}"],
}


@pytest.fixture(scope="module")
def quiet(make_stack):
    """Of these tests' own, so that nobody else changes its memory; says little, so that its log stays small."""
    stack = make_stack("anonymous", lambda configuration: configuration["log"].update(level="warning"))
    yield stack
    stack.stop()


def resident_kilobytes(stack) -> int:
    status = pathlib.Path(f"/proc/{stack.gatehouse.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1])


def send(url: str, count: int, headers: list[str]) -> None:
    """At least `count` navigations, as fast as they are answered."""
    sent = 0
    while sent < count:
        command = ["wrk", "--threads", "1", "--connections", "32", "--duration", "5s"]
        for header in ["accept: text/html", "sec-fetch-mode: navigate", *headers]:
            command += ["--header", header]
        output = subprocess.run([*command, f"{url}/echo/page"], capture_output=True, text=True, timeout=60, check=True).stdout
        assert "Socket errors" not in output, output
        sent += int(re.search(r"(\d+) requests in", output)[1])


def test_nobodys_requests_leave_no_row_and_no_memory(quiet):
    for url in quiet.gateways:
        for headers in KINDS.values():
            send(url, 500, headers)
    rows, memory = quiet.all_rows(), resident_kilobytes(quiet)
    for url in quiet.gateways:
        for headers in KINDS.values():
            send(url, REQUESTS // 3, headers)
    with quiet.nothing_reaches_an_application():
        assert quiet.all_rows() == rows
    grown = resident_kilobytes(quiet) - memory
    assert grown < 5 * 1024, f"{grown} kB more"
