"""Area L over HTTP/1: requests that two servers could read differently, and clients that want to be waited for."""
import re
import socket
import time

import pytest

from support import raw
from support.witness import Neighbour, resident_bytes

HOST = b"host: localhost\r\n"


@pytest.fixture(scope="module")
def hostile(make_stack):
    return make_stack("hostile-http1")


def post(*lines: bytes, body: bytes = b"", target: bytes = b"/envoy/public/x") -> bytes:
    return b"POST " + target + b" HTTP/1.1\r\n" + HOST + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


def get(*lines: bytes, target: bytes = b"/envoy/public/x", version: bytes = b"HTTP/1.1") -> bytes:
    return b"GET " + target + b" " + version + b"\r\n" + HOST + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


# What stands behind each of them: it must not be taken for a request of its own.
SMUGGLED = b"GET /envoy/public/smuggled HTTP/1.1\r\n" + HOST + b"\r\n"

REFUSED = {
    "a length and chunked": (post(b"content-length: 5", b"transfer-encoding: chunked", body=b"0\r\n\r\n"), 400),
    "chunked and a length": (post(b"transfer-encoding: chunked", b"content-length: 5", body=b"0\r\n\r\n"), 400),
    "two lengths": (post(b"content-length: 5", b"content-length: 6", body=b"hello"), 400),
    "the same length twice": (post(b"content-length: 5", b"content-length: 5", body=b"hello"), 400),
    "two lengths in a line": (post(b"content-length: 5, 5", body=b"hello"), 400),
    "a length with a sign": (post(b"content-length: +5", body=b"hello"), 400),
    "a length below nothing": (post(b"content-length: -1"), 400),
    "a hexadecimal length": (post(b"content-length: 0x5", body=b"hello"), 400),
    "an empty length": (post(b"content-length: "), 400),
    "a length beyond 64 bits": (post(b"content-length: 18446744073709551621", body=b"hello"), 400),
    "a length beyond the limit": (post(b"content-length: 70000"), 413),
    "a blank before the colon": (post(b"transfer-encoding : chunked", body=b"0\r\n\r\n"), 400),
    "a tab before the colon": (post(b"transfer-encoding\t: chunked", body=b"0\r\n\r\n"), 400),
    "another coding": (post(b"transfer-encoding: gzip, chunked", body=b"0\r\n\r\n"), 400),
    "chunked twice": (post(b"transfer-encoding: chunked", b"transfer-encoding: chunked", body=b"0\r\n\r\n"), 400),
    "chunked misspelt": (post(b"transfer-encoding: xchunked", body=b"0\r\n\r\n"), 400),
    "chunked behind a vertical tab": (post(b"transfer-encoding: \x0bchunked", body=b"0\r\n\r\n"), 400),
    "chunked in HTTP/1.0": (post(b"transfer-encoding: chunked", body=b"0\r\n\r\n").replace(b"HTTP/1.1", b"HTTP/1.0"), 400),
    "a chunk beyond 64 bits": (post(b"transfer-encoding: chunked", body=b"FFFFFFFFFFFFFFFFF\r\n"), 400),
    "a chunk beyond the limit": (post(b"transfer-encoding: chunked", body=b"7FFFFFFF\r\n"), 413),
    "a chunk with a sign": (post(b"transfer-encoding: chunked", body=b"-1\r\n"), 400),
    "a chunk of 0x5": (post(b"transfer-encoding: chunked", body=b"0x5\r\nhello\r\n0\r\n\r\n"), 400),
    "a chunk longer than it says": (post(b"transfer-encoding: chunked", body=b"1\r\nhello\r\n0\r\n\r\n"), 400),
    "a chunk extension": (post(b"transfer-encoding: chunked", body=b"5;a=b\r\nhello\r\n0\r\n\r\n"), 400),
    "a chunk size ended by LF": (post(b"transfer-encoding: chunked", body=b"5\nhello\r\n0\r\n\r\n"), 400),
    "LF alone": (b"GET /envoy/public/x HTTP/1.1\nhost: localhost\n\n", 400),
    "LF alone in the middle": (b"GET /envoy/public/x HTTP/1.1\r\nhost: localhost\nx: y\r\n\r\n", 400),
    "CR alone": (get(b"x: a\rtransfer-encoding: chunked"), 400),
    "a folded line": (get(b"x: a", b" b"), 400),
    "a line folded by a tab": (get(b"x: a", b"\ttransfer-encoding: chunked"), 400),
    "a field in front of the first": (b"GET /envoy/public/x HTTP/1.1\r\n x: y\r\n" + HOST + b"\r\n", 400),
    "a NUL in a name": (get(b"x\0: y"), 400),
    "a NUL in a value": (get(b"x: \0"), 400),
    "a line without a colon": (get(b"x"), 400),
    "an empty name": (get(b": y"), 400),
    "a version in lower case": (get(version=b"http/1.1"), 400),
    "HTTP/2.0": (get(version=b"HTTP/2.0"), 400),
    "HTTP/1.2": (get(version=b"HTTP/1.2"), 400),
    "HTTP/1.10": (get(version=b"HTTP/1.10"), 400),
    "no version": (b"GET /envoy/public/x\r\n\r\n", 400),
    "a blank behind the version": (get(version=b"HTTP/1.1 "), 400),
    "two blanks": (get(target=b" /envoy/public/x"), 400),
    "a tab for a blank": (b"GET\t/envoy/public/x HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "the absolute form": (get(target=b"http://localhost/envoy/public/x"), 404),
    "the authority form": (get(target=b"localhost:80"), 404),
    "the asterisk form": (get(target=b"*"), 404),
    "a header of 1 MB": (get(b"x: " + b"a" * 1_000_000), 431),
    "a name of 1 MB": (get(b"a" * 1_000_000 + b": x"), 431),
    "10,000 headers": (get(*[b"h%d: v" % number for number in range(10_000)]), 431),
    "a target of 1 MB": (get(target=b"/envoy/" + b"a" * 1_000_000), 431),
    "a method of 1 MB": (b"A" * 1_000_000 + get(), 431),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32), 400),
    "HTTP/2's preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "garbage": (bytes(range(1, 256)), 400),
}


def everything(port: int, data: bytes) -> bytes:
    """All that comes back until the connection is closed."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), 15) as connection:
        try:
            connection.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except ConnectionResetError:
            pass
    return received


def statuses(received: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]


@pytest.mark.parametrize("name", REFUSED)
def test_the_request_is_refused_and_the_connection_closed(hostile, name):
    """Once, with the right status; what stands behind it is no request; memory stays, and others are served."""
    data, status = REFUSED[name]
    pid = hostile.gatehouse.pid
    for _ in range(3):
        everything(hostile.ports.check_http, data + SMUGGLED)
    before = resident_bytes(pid)
    with Neighbour(hostile) as neighbour:
        for _ in range(5):
            assert statuses(everything(hostile.ports.check_http, data + SMUGGLED)) == [status]
    assert resident_bytes(pid) - before < 12 * 1024 * 1024
    assert neighbour.failures == [] and neighbour.answers > 1
    assert hostile.gatehouse.running and hostile.gatehouse.pid == pid


@pytest.mark.parametrize("name", [name for name, (data, _) in REFUSED.items() if b"/envoy/public/x" in data])
@pytest.mark.parametrize("gateway", ["grpc_gateway", "http_gateway"])
def test_nothing_is_smuggled_through_a_gateway(hostile, gateway, name):
    """The same with a gateway in between, which may take some of them for good; no request inside another gets through."""
    data = REFUSED[name][0].replace(b"/envoy/public/x", b"/echo/x")
    inner = b"GET /admin/smuggled HTTP/1.1\r\n" + HOST + b"connection: close\r\n\r\n"
    before = hostile.hit_counts()
    with socket.create_connection(("127.0.0.1", getattr(hostile.ports, gateway)), 10) as connection:
        try:
            connection.sendall(data + inner)
            connection.settimeout(0.5)
            while connection.recv(65536):
                pass
        except (TimeoutError, BrokenPipeError, ConnectionResetError):
            pass
    assert hostile.new_hits(before) == []


def test_a_body_where_none_is_expected_is_no_request(hostile):
    smuggled = SMUGGLED.replace(b"smuggled", b"smuggled?" + b"a" * 100)
    data = get(b"content-length: %d" % len(smuggled)) + smuggled + get(b"connection: close")
    assert statuses(everything(hostile.ports.check_http, data)) == [200, 200]


def test_a_thousand_requests_at_once_are_answered_in_order(hostile):
    """Half of them need nobody, the others a user."""
    data = (get() + get(b"accept: application/json", target=b"/envoy/echo/x")) * 500 + get(b"connection: close")
    with Neighbour(hostile) as neighbour:
        assert statuses(everything(hostile.ports.check_http, data)) == [200, 401] * 500 + [200]
    assert neighbour.failures == []


def test_clients_that_never_read_hold_no_memory(hostile):
    def attack() -> list[socket.socket]:
        connections = [socket.create_connection(("127.0.0.1", hostile.ports.check_http), 15) for _ in range(8)]
        for connection in connections:
            connection.settimeout(0.2)
            try:
                connection.sendall(get() * 100_000)
            except (TimeoutError, BrokenPipeError, ConnectionResetError):
                pass  # it has stopped reading
        return connections

    for connection in attack():
        connection.close()
    before = resident_bytes(hostile.gatehouse.pid)
    with Neighbour(hostile) as neighbour:
        connections = attack()
    during = resident_bytes(hostile.gatehouse.pid)
    for connection in connections:
        connection.close()
    assert during - before < 32 * 1024 * 1024
    assert neighbour.failures == [] and neighbour.answers > 1


def test_slow_clients_are_let_go(hostile):
    """A head, a body and a chunk that trickle, a client that says nothing behind a beginning; all of them at once."""
    beginnings = [
        b"GET /envoy/public/x HTTP/1.1\r\n", b"G", post(b"content-length: 1000"), post(b"transfer-encoding: chunked"),
        post(b"transfer-encoding: chunked", body=b"5\r\n"),
    ]
    connections = [socket.create_connection(("127.0.0.1", hostile.ports.check_http), 15) for _ in range(len(beginnings) * 20)]
    for connection, beginning in zip(connections, beginnings * 20):
        connection.sendall(beginning)
    ended = {}
    began = time.monotonic()
    with Neighbour(hostile) as neighbour:
        while len(ended) < len(connections) and time.monotonic() < began + 30:
            for index, connection in enumerate(connections):
                if index not in ended and has_ended(connection, b"" if index % 2 else b"a"):
                    ended[index] = time.monotonic() - began
            time.sleep(0.5)
    for connection in connections:
        connection.close()
    assert len(ended) == len(connections) and max(ended.values()) < 25
    assert neighbour.failures == [] and neighbour.answers > 1


def test_a_form_that_does_not_come_is_let_go(hostile):
    with socket.create_connection(("127.0.0.1", hostile.ports.web), 30) as connection:
        connection.sendall(post(b"content-length: 1000", target=b"/_gatehouse/sign-out"))
        began = time.monotonic()
        while not has_ended(connection, b"a"):
            assert time.monotonic() < began + 25
            time.sleep(0.5)


def has_ended(connection: socket.socket, more: bytes) -> bool:
    connection.setblocking(False)
    try:
        if more:
            connection.send(more)
        return connection.recv(65536) == b"" or False
    except BlockingIOError:
        return False
    except (BrokenPipeError, ConnectionResetError):
        return True


def test_many_idle_connections_cost_little(hostile):
    before = resident_bytes(hostile.gatehouse.pid)
    connections = [socket.create_connection(("127.0.0.1", hostile.ports.check_http), 15) for _ in range(400)]
    with Neighbour(hostile) as neighbour:
        time.sleep(0.5)
    during = resident_bytes(hostile.gatehouse.pid)
    for connection in connections:
        connection.close()
    assert (during - before) / len(connections) < 64 * 1024
    assert neighbour.failures == [] and neighbour.answers > 1


def test_the_program_is_well_after_all_this(hostile):
    assert raw.request(hostile.ports.check_http, "/envoy/public/x").status == 200
    assert hostile.health("readyz") == 200
