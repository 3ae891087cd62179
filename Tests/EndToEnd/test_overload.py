"""More than can be done: what is too much is refused, those who are signed in notice nothing, and afterwards all is well."""
import json
import secrets
import socket
import threading
import time

import pytest

from support import extauthz, http2, raw
from support.client import Client
from support.flood import flood
from support.http2 import Connection
from support.ledger import LEDGER
from support.ports import free_ports
from support.program import Program
from support.scripted_provider import ScriptedProvider
from support.stack import password_of
from support.witness import resident_bytes

# Beside those 64 that may work at the same time, all of these have to wait.
CONNECTIONS, STREAMS = 6, 200
CHECK = http2.block(http2.head("/envoy.service.auth.v3.Authorization/Check"))


@pytest.fixture(scope="module")
def crowded(make_stack):
    """A Gatehouse with its own provider, and another one that can be told to hang."""
    port = free_ports(1)[0]
    secret = LEDGER.add(secrets.token_urlsafe(24), "client secret at the scripted provider")
    provider = ScriptedProvider(port, "rp", secret)

    def change(configuration):
        configuration["authService"]["providers"].append({
            "id": "far", "issuer": provider.issuer, "clientID": "rp", "clientSecret": {"file": "rp.secret"},
            "scopes": ["openid", "email"],
        })

    stack = make_stack("crowded", change, start=False)
    (stack.folder / "rp.secret").write_text(secret)
    (stack.folder / "rp.secret").chmod(0o600)
    stack.start()
    yield stack, provider
    provider.stop()


def sign_in_check(stack) -> bytes:
    """A browser that wants to sign in at the far provider."""
    return extauthz.check_request(
        "/_gatehouse/sign-in?provider=far", {"accept": "text/html"}, host=f"localhost:{stack.ports.grpc_gateway}")


def signed_in(stack) -> Client:
    client = Client()
    client.sign_in(
        f"{stack.grpc_url}/_gatehouse/sign-in?provider=local&rd=%2F", "admin@example.com", password_of("admin@example.com"))
    assert client.cookie("gatehouse")
    return client


def ask(stack, client=None, cookie: str | None = None) -> int:
    """The status of a check over HTTP."""
    cookie = client.cookie("gatehouse") if client else cookie
    lines = [("accept", "application/json")] + ([("cookie", f"gatehouse={cookie}")] if cookie else [])
    return raw.request(
        stack.ports.check_http, "/envoy/echo/x", lines, host=f"localhost:{stack.ports.grpc_gateway}").status


def test_a_provider_that_hangs_holds_nobody_up_but_those_who_want_there(crowded):
    stack, provider = crowded
    admin = signed_in(stack)
    assert ask(stack, admin) == 200
    released = threading.Event()
    provider.discovery = lambda document: (released.wait(60), document)[1]
    message = sign_in_check(stack)
    connections = [Connection(stack.ports.check_grpc, timeout=30) for _ in range(CONNECTIONS)]
    for connection in connections:
        connection.send(http2.HELLO + b"".join(http2.call(2 * n + 1, message, CHECK) for n in range(STREAMS)))
    try:
        for _ in range(20):
            # Known, and unknown to the cache and to the store.
            assert ask(stack, admin) == 200
            assert ask(stack, cookie=secrets.token_urlsafe(32)) == 401
        assert wait_for(lambda: sum(map(answers, connections)) >= CONNECTIONS * STREAMS - 64, 20)
        refused = sum(len(connection.bodies) for connection in connections)
        assert ask(stack, admin) == 200
    finally:
        released.set()
    # Those that were in work are answered, and so is the next one.
    assert wait_for(lambda: extauthz.check(stack.ports.check_grpc, message).http_status == 302, 5)
    assert ask(stack, admin) == 200
    assert ask(stack, cookie=secrets.token_urlsafe(32)) == 401
    for connection in connections:
        connection.socket.close()
    lines = [json.loads(line) for line in stack.gatehouse.text().splitlines() if "too many requests are waiting" in line]
    assert 1 <= len(lines) < refused / 4
    assert all(line.get("reference") for line in lines), lines[0]


@pytest.mark.parametrize("way", ["grpc_gateway", "http_gateway"])
def test_cookies_that_nobody_knows_hold_no_memory(crowded, way):
    """M4: each of them has to be looked up in the store."""
    stack, _ = crowded
    admin = signed_in(stack)

    def unknown(count: int) -> None:
        cookies = ([("cookie", f"gatehouse={secrets.token_urlsafe(32)}")] for _ in range(count))
        assert flood(getattr(stack.ports, way), cookies) == {"401": count}

    unknown(2000)
    before = resident_bytes(stack.gatehouse.pid)
    with stack.nothing_comes_of_it():
        for _ in range(10):
            unknown(2000)
            assert ask(stack, admin) == 200
    assert resident_bytes(stack.gatehouse.pid) - before < 12 * 1024 * 1024


def answers(connection: Connection) -> int:
    """How many answers there were so far; each of them says that there is too much to do."""
    connection.socket.settimeout(0.1)
    try:
        while True:
            connection.next("DATA")
    except TimeoutError:
        pass
    for body in connection.bodies.values():
        answer = extauthz.read_answer(body[5:])
        assert answer.http_status == 503 and not answer.allowed and answer.all("retry-after") == ["1"]
        assert json.loads(answer.body)["error"] == "temporarily_unavailable"
    return len(connection.bodies)


def wait_for(holds, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return held


@pytest.fixture(scope="module")
def narrow(make_stack):
    """A Gatehouse that may open 1,536 files, and so 320 connections a listener."""
    stack = make_stack("narrow", start=False)
    stack.write()
    gatehouse = stack.gatehouse
    stack.gatehouse = Program(
        "gatehouse", ["/bin/sh", "-c", 'ulimit -n 1536; exec "$@"', "sh", *gatehouse.command], stack.folder,
        gatehouse.environment)
    stack.start_gatehouse()
    return stack


@pytest.mark.parametrize("name", ["check_http", "check_grpc"])
def test_connections_beyond_the_limit_are_closed_and_the_others_served(narrow, name):
    port = getattr(narrow.ports, name)
    served = socket.create_connection(("127.0.0.1", port), 10)
    crowd = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(660)]
    assert wait_for(lambda: sum(map(has_ended, crowd)) >= 181, 20)
    assert sum(map(has_ended, crowd)) == 181
    assert "too many connections" in narrow.gatehouse.text()
    if name == "check_http":
        served.sendall(b"GET /envoy/public/x HTTP/1.1\r\nhost: localhost\r\n\r\n")
    else:
        served.sendall(http2.HELLO + http2.call(1))
    assert served.recv(1000)
    for connection in crowd:
        connection.close()
    assert wait_for(lambda: open_again(narrow, name), 5)
    served.close()


def open_again(stack, name: str) -> bool:
    if name == "check_http":
        return raw.request(stack.ports.check_http, "/envoy/public/x").status == 200
    return extauthz.health(stack.ports.check_grpc) == 1


def has_ended(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        while data := connection.recv(4096):
            pass  # our SETTINGS
        return data == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True
