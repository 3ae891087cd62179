"""Area L over HTTP/2: what a hostile client of the gRPC listener can do to itself, and to nobody else."""
import collections.abc
import dataclasses

import pytest

from support import http2
from support.http2 import Connection, block, call, frame, head, headers, number
from support.witness import Neighbour, resident_bytes

CHECK = block(head("/envoy.service.auth.v3.Authorization/Check"))


@pytest.fixture(scope="module")
def hostile(make_stack):
    """Only the program: what its memory does is measured."""
    stack = make_stack("hostile-http2", start=False)
    stack.write()
    stack.start_gatehouse()
    return stack


@dataclasses.dataclass
class Attack:
    """Bytes behind the hello, and how the connection has to end."""

    data: collections.abc.Callable[[], bytes]
    ends: str
    hello: bytes = http2.HELLO


def many(count: int, part) -> bytes:
    return b"".join(part(index) for index in range(count))


ATTACKS = {
    "L1 CONTINUATION of nothing": Attack(
        lambda: headers(1, b"", 0) + many(1000, lambda _: frame(9, 0, 1)), "ENHANCE_YOUR_CALM"),
    "L1 CONTINUATION of much": Attack(
        lambda: headers(1, flags=0) + many(100, lambda _: frame(9, 0, 1, bytes(16_000))), "ENHANCE_YOUR_CALM"),
    "L2 rapid reset": Attack(
        lambda: many(2000, lambda n: headers(2 * n + 1, CHECK) + frame(3, 0, 2 * n + 1, number(8))), "ENHANCE_YOUR_CALM"),
    "L2 resets that we are made to send": Attack(
        lambda: many(2000, lambda n: headers(2 * n + 1, block([("a", "b")]))), "ENHANCE_YOUR_CALM"),
    "L3 no room for any answer": Attack(
        lambda: many(2000, lambda n: call(2 * n + 1)), "ENHANCE_YOUR_CALM",
        hello=http2.PREFACE + http2.settings({4: 0}) + http2.ACK),
    "L4 SETTINGS": Attack(lambda: many(5000, lambda n: http2.settings({4: n})), "ENHANCE_YOUR_CALM"),
    "L5 PING": Attack(lambda: many(5000, lambda n: frame(6, 0, 0, bytes(8))), "ENHANCE_YOUR_CALM"),
    "L6 a header table of 4 GB": Attack(lambda: headers(1, b"\x3f\xe1\xff\xff\xff\x0f" + http2.HEALTH), "COMPRESSION_ERROR"),
    "L6 one field ten thousand times": Attack(
        lambda: headers(1, b"\x40\x01a\x64" + b"b" * 100 + b"\xbe" * 10_000), "ENHANCE_YOUR_CALM"),
    "L6 an index that does not end": Attack(lambda: headers(1, b"\xff" + b"\x80" * 1000), "COMPRESSION_ERROR"),
    "L7 a frame too large": Attack(lambda: frame(0, 0, 1, bytes(100), length=16_385), "FRAME_SIZE_ERROR"),
    "L7 a frame of 16 MB": Attack(lambda: frame(1, 4, 1, bytes(100), length=0xFFFFFF), "FRAME_SIZE_ERROR"),
    "L8 a stream twice": Attack(lambda: call(1) + call(1), "STREAM_CLOSED"),
    "L8 a stream of the past": Attack(lambda: call(5) + call(3), "PROTOCOL_ERROR"),
    "L8 a stream of ours": Attack(lambda: call(2), "PROTOCOL_ERROR"),
    "L9 a frame inside a header block": Attack(lambda: headers(1, flags=0) + frame(6, 0, 0, bytes(8)), "PROTOCOL_ERROR"),
    "L10 a stream that depends on itself, over and over": Attack(
        lambda: many(30_000, lambda n: frame(2, 0, 1, number(1) + b"\xff")), "ENHANCE_YOUR_CALM"),
    "L11 DATA behind the end, over and over": Attack(
        lambda: call(1) + many(30_000, lambda _: frame(0, 1, 1, b"x")), "ENHANCE_YOUR_CALM"),
    "L11 windows beyond all bounds": Attack(lambda: many(2, lambda _: frame(8, 0, 0, number(0x7FFFFFFF))), "FLOW_CONTROL_ERROR"),
    "L11 unknown frames": Attack(lambda: many(30_000, lambda _: frame(0xBE, 0xFF, 0)), "ENHANCE_YOUR_CALM"),
    "no HTTP/2": Attack(lambda: b"GET / HTTP/1.1\r\nhost: a\r\n\r\n", "PROTOCOL_ERROR", hello=b""),
}


def end_of(stack, attack: Attack) -> list[str]:
    with Connection(stack.ports.check_grpc) as connection:
        connection.send(attack.hello + attack.data())
        return connection.answers()[-2:]


@pytest.mark.parametrize("name", ATTACKS)
def test_the_connection_ends_and_nothing_else(hostile, name):
    """With the right code; memory stays where it was; others are served meanwhile."""
    pid = hostile.gatehouse.pid
    attack = ATTACKS[name]
    for _ in range(5):
        end_of(hostile, attack)
    before = resident_bytes(pid)
    with Neighbour(hostile) as neighbour:
        for _ in range(15):
            assert end_of(hostile, attack) == [f"GOAWAY {attack.ends}", "closed"]
    # What the allocator keeps for a while; each of these attacks would show as much in a few connections.
    assert resident_bytes(pid) - before < 12 * 1024 * 1024
    assert neighbour.failures == [] and neighbour.answers > 1
    assert hostile.gatehouse.running and hostile.gatehouse.pid == pid


def test_data_behind_the_end_of_a_stream_ends_no_other(hostile):
    with Connection(hostile.ports.check_grpc) as connection:
        connection.send(http2.HELLO + headers(1) + frame(0, 1, 1, bytes(5)) + frame(0, 1, 1, b"more"))
        assert connection.next("RST_STREAM") == "RST_STREAM STREAM_CLOSED"
        connection.send(call(3))
        assert connection.next("HEADERS") == "HEADERS 3"


def test_a_client_that_says_it_has_a_huge_header_table_is_served(hostile):
    with Connection(hostile.ports.check_grpc) as connection:
        connection.send(http2.PREFACE + http2.settings({1: 0xFFFFFFFF}) + http2.ACK + call(1))
        assert connection.next("DATA") == "DATA 1"


def test_clients_that_keep_us_waiting_are_let_go(hostile):
    """All at the same time: none of them may be there for longer than the patience that docs/hardening.md tells."""
    waiting = {
        "no preface": (b"PRI * HTTP", "PROTOCOL_ERROR"),
        "no ACK of SETTINGS": (http2.PREFACE + http2.settings(), "SETTINGS_TIMEOUT"),
        "a header block without an end": (http2.HELLO + headers(1, flags=0), "ENHANCE_YOUR_CALM"),
        "a frame without an end": (http2.HELLO + frame(0, 0, 1, b"", length=100), "ENHANCE_YOUR_CALM"),
        "a response that is not taken": (http2.PREFACE + http2.settings({4: 0}) + http2.ACK + call(1), "ENHANCE_YOUR_CALM"),
    }
    connections = {name: Connection(hostile.ports.check_grpc, timeout=30) for name in waiting}
    for name, (data, _) in waiting.items():
        connections[name].send(data)
    late = Connection(hostile.ports.check_grpc)
    late.send(http2.HELLO + headers(1))  # a body that does not come
    with Neighbour(hostile) as neighbour:
        ends = {name: connection.answers()[-2:] for name, connection in connections.items()}
    assert ends == {name: [f"GOAWAY {code}", "closed"] for name, (_, code) in waiting.items()}
    assert late.next("HEADERS") == "HEADERS 1"  # grpc-status 4, and the connection goes on
    for connection in (late, *connections.values()):
        connection.socket.close()
    assert neighbour.failures == [] and neighbour.answers > 1


def test_clients_that_never_read_hold_no_memory(hostile):
    def attack() -> list[Connection]:
        connections = []
        for _ in range(20):
            connection = Connection(hostile.ports.check_grpc)
            connection.socket.settimeout(0.2)
            connections.append(connection)
            try:
                connection.socket.sendall(http2.HELLO + frame(8, 0, 0, number(0x3FFFFFFF)) + many(20_000, lambda n: call(2 * n + 1)))
            except (TimeoutError, BrokenPipeError, ConnectionResetError):
                pass  # it has stopped reading, or has had enough
        return connections

    warm = attack()
    for connection in warm:
        connection.socket.close()
    before = resident_bytes(hostile.gatehouse.pid)
    with Neighbour(hostile) as neighbour:
        connections = attack()
    during = resident_bytes(hostile.gatehouse.pid)
    for connection in connections:
        connection.socket.close()
    assert during - before < 32 * 1024 * 1024
    assert neighbour.failures == [] and neighbour.answers > 1
