"""Discovery and keys, which are answered without a task of the connection's: in the order of the requests, and as any other page."""
import contextlib
import email.utils
import json
import re
import socket
import struct
import time

import pytest

from support import raw
from support.witness import resident_bytes

DISCOVERY, KEYS, SLOW, MISSING = "/dex/.well-known/openid-configuration", "/dex/keys", "/dex/token", "/dex/nothing"


@pytest.fixture
def connection(stack):
    with socket.create_connection(("127.0.0.1", stack.ports.web), 10) as connection:
        yield connection


def head(path: str, *lines: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "host: localhost", *lines, "", ""]).encode()


def password_grant(login: str) -> bytes:
    """One that takes the hash's time."""
    body = f"grant_type=password&username={login}&password=x"
    return head(SLOW, "content-type: application/x-www-form-urlencoded", f"content-length: {len(body)}", method="POST") + body.encode()


def answers(connection: socket.socket, count: int, without_body: tuple[int, ...] = ()) -> list[tuple[int, dict, bytes]]:
    """That many, as they come on one connection."""
    received, found = b"", []
    while len(found) < count:
        match = re.match(rb"HTTP/1.1 (\d+)[^\r]*\r\n(.*?)\r\n\r\n", received, re.S)
        if match:
            lines = [line.split(": ", 1) for line in match[2].decode("latin-1").split("\r\n")]
            headers = {name.lower(): value for name, value in lines}
            assert len(headers) == len(lines), "no field comes twice"
            length = 0 if len(found) in without_body else int(headers["content-length"])
            if len(received) >= match.end() + length:
                found.append((int(match[1]), headers, received[match.end():match.end() + length]))
                received = received[match.end() + length:]
                continue
        chunk = connection.recv(65536)
        assert chunk, f"closed after {len(found)} answers: {received[:300]!r}"
        received += chunk
    assert received == b""
    return found


@pytest.mark.parametrize(("path", "age", "member"), [(DISCOVERY, 3600, "issuer"), (KEYS, 1200, "keys")])
def test_a_document_is_answered_as_any_page(connection, path, age, member):
    connection.sendall(head(path) + head(path, method="HEAD") + head(path))
    (first, by_head, again) = answers(connection, 3, without_body=(1,))
    assert first[0] == by_head[0] == again[0] == 200 and member in json.loads(first[2]) and first[2] == again[2]
    assert first[1]["cache-control"] == f"public, max-age={age}" and first[1]["content-type"] == "application/json"
    assert first[1]["x-content-type-options"] == "nosniff"
    assert {name: value for name, value in first[1].items() if name != "date"} == {
        name: value for name, value in by_head[1].items() if name != "date"}, "whoever answers it"
    assert abs(email.utils.parsedate_to_datetime(first[1]["date"]).timestamp() - time.time()) < 30


def test_a_connection_that_is_to_stay_is_no_other(connection):
    """Clients and proxies say so that would not have to."""
    connection.sendall(head(KEYS, "connection: keep-alive") * 2 + head(KEYS, "connection: close"))
    assert [status for status, *_ in answers(connection, 3)] == [200] * 3
    assert connection.recv(10) == b""


def test_answers_come_in_the_order_of_the_requests(connection):
    paths = [DISCOVERY, SLOW, KEYS, MISSING, DISCOVERY, KEYS, SLOW, DISCOVERY]
    connection.sendall(b"".join(password_grant("nobody") if path == SLOW else head(path) for path in paths))
    kinds = {DISCOVERY: b'"issuer"', KEYS: b'"keys"', SLOW: b'"error"', MISSING: b"<!DOCTYPE html>"}
    for path, (status, _, body) in zip(paths, answers(connection, len(paths)), strict=True):
        assert kinds[path].lower() in body.lower(), (path, status, body[:200])


@pytest.mark.parametrize("part", [1, 7, 40])
def test_requests_in_pieces(connection, part):
    sent = head(KEYS) + head(KEYS, "transfer-encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n" + head(KEYS, "content-length: 3") + b"abc" + head(KEYS)
    for start in range(0, len(sent), part):
        connection.sendall(sent[start:start + part])
    assert [(status, b'"keys"' in body) for status, _, body in answers(connection, 4)] == [(200, True)] * 4


def test_a_connection_that_is_to_be_closed(stack):
    response = raw.request(stack.ports.web, KEYS)
    assert response.status == 200 and "keys" in response.json()


@pytest.mark.parametrize("path", [KEYS + "/", KEYS + "?x=1", "/dex//keys", "/DEX/keys", "/dex/%6beys", "/keys"])
def test_other_spellings_are_no_shortcut(stack, path):
    """They are read as before: a query is let pass, another path is not."""
    response = raw.request(stack.ports.web, path)
    assert response.status == (200 if "?" in path else 404), (path, response.body[:200])


def test_what_cannot_be_read_behind_a_document(connection):
    connection.sendall(head(KEYS) + b"NONSENSE\r\n\r\n")
    assert [status for status, *_ in answers(connection, 2)] == [200, 400]
    assert connection.recv(10) == b""


def test_many_connections_and_requests(stack):
    """More than a buffer holds, on a connection whose other end reads late."""
    with socket.create_connection(("127.0.0.1", stack.ports.web), 20) as connection:
        connection.settimeout(20)
        connection.sendall(head(DISCOVERY) * 300)
        bodies = {body for _, _, body in answers(connection, 300)}
    assert len(bodies) == 1


@pytest.mark.parametrize("first", [KEYS, MISSING], ids=["documents only", "behind another page"])
def test_whoever_takes_no_answers_is_asked_for_no_requests(stack, first):
    """Or a client that never reads would have its answers kept, sixty bytes of each for one that it sends."""
    with socket.create_connection(("127.0.0.1", stack.ports.web), 20) as connection:
        connection.sendall(head(first))
        answers(connection, 1)
        before = resident_bytes(stack.gatehouse.pid)
        connection.settimeout(2)
        sent, requests = 0, head(DISCOVERY) * 1000
        with pytest.raises(TimeoutError):
            while sent < 200_000_000:
                sent += connection.send(requests)
        assert sent < 20_000_000 and resident_bytes(stack.gatehouse.pid) - before < 60_000_000
        # And it goes on where it stopped.
        connection.settimeout(20)
        received = 0
        while received < 1_000_000:
            received += len(connection.recv(65536))


def test_who_has_asked_for_all_gets_all(connection):
    """A client that has closed its side before it reads."""
    connection.sendall(head(DISCOVERY) * 15)
    connection.shutdown(socket.SHUT_WR)
    assert [status for status, *_ in answers(connection, 15)] == [200] * 15
    assert connection.recv(10) == b""


def test_clients_that_are_gone_in_the_middle_leave_nothing(stack):
    """They reset the connection while they are answered, or while Hummingbird is about to take over."""
    before = stack.gatehouse.pid
    rests = [b"", head(KEYS)[:20], head(MISSING), head(KEYS, "content-length: 5") + b"ab", b"NONSENSE\r\n\r\n"]
    for turn in range(500):
        connection = socket.create_connection(("127.0.0.1", stack.ports.web), 20)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(head(DISCOVERY) * (turn % 40 + 1) + rests[turn % len(rests)])
        connection.close()
    with socket.create_connection(("127.0.0.1", stack.ports.web), 20) as connection:
        connection.sendall(head(KEYS) + head(MISSING))
        assert [status for status, *_ in answers(connection, 2)] == [200, 404]
    assert stack.gatehouse.running and stack.gatehouse.pid == before


def test_connections_of_documents_keep_nobody_from_ending(make_stack):
    stack = make_stack("documents-end")
    with contextlib.ExitStack() as opened:
        def connect() -> socket.socket:
            return opened.enter_context(socket.create_connection(("127.0.0.1", stack.ports.web), 20))

        fresh, idle, handed_over, stalled = (connect() for _ in range(4))
        idle.sendall(head(KEYS))
        handed_over.sendall(head(MISSING))
        assert [answers(connection, 1)[0][0] for connection in (idle, handed_over)] == [200, 404]
        stalled.settimeout(1)
        with pytest.raises(TimeoutError):
            while True:
                stalled.send(head(DISCOVERY) * 1000)
        stack.gatehouse.stop()
        assert stack.gatehouse.process.returncode == 0, stack.gatehouse.tail()
        assert fresh.recv(10) == idle.recv(10) == handed_over.recv(10) == b""
