"""What Envoy remembers of assertions that it has verified: the signature and nothing else. Gatehouse is played by this test."""
import concurrent.futures
import http.server
import json
import threading
import time
import urllib.request

import grpc
import pytest

from support import raw
from support.extauthz import CHECK, field
from support.jws import Key
from support.ports import answers, free_ports
from support.stack import Stack


class PlayedGatehouse:
    """Lets everybody pass with `token`, and publishes `keys`."""

    def __init__(self, web_port: int, grpc_port: int):
        self.token = ""
        self.keys: list[Key] = []
        played = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps({"keys": [key.jwk() for key in played.keys]}).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Checks(grpc.GenericRpcHandler):
            def service(self, call):
                return grpc.unary_unary_rpc_method_handler(lambda *_: played.answer()) if call.method == CHECK else None

        self._web = http.server.ThreadingHTTPServer(("127.0.0.1", web_port), Handler)
        threading.Thread(target=self._web.serve_forever, daemon=True).start()
        self._checks = grpc.server(concurrent.futures.ThreadPoolExecutor(4), handlers=[Checks()])
        self._checks.add_insecure_port(f"127.0.0.1:{grpc_port}")
        self._checks.start()

    def answer(self) -> bytes:
        header = field(1, "x-gatehouse-assertion") + field(2, self.token)
        return field(1, b"") + field(3, field(2, field(1, header)))

    def stop(self) -> None:
        self._checks.stop(None)
        self._web.shutdown()
        self._web.server_close()


@pytest.fixture(scope="module")
def played(artifacts):
    """Envoy with the configuration that we write for it, but for the keys, which it fetches more often."""
    stack = Stack(artifacts / "logs" / "assertion-cache")
    stack.admin_port = free_ports(1)[0]
    stack.manifest_options = ["--admin", f"127.0.0.1:{stack.admin_port}"]
    stack.write()
    gatehouse = PlayedGatehouse(stack.ports.web, stack.ports.check_grpc)
    gatehouse.keys = [Key("first", "ES256")]
    command = stack.envoy.command
    stack.envoy.command = ["/bin/sh", "-c", 'sed -i "s/cache_duration: .*/cache_duration: 1s/" envoy.yaml; exec "$@"', "sh", *command]
    try:
        stack.apps.start()
        stack.start_envoy()
        stack.apps.wait_until(lambda: answers(stack.ports.hits) and answers(stack.ports.echo), "listening")
        stack.gatehouse = gatehouse
        yield stack
    finally:
        stack.envoy.kill()
        stack.apps.kill()
        gatehouse.stop()


def assertion(stack, key: Key, ends_in: float = 300, **changes) -> str:
    now = int(time.time())
    origin = stack.gateways[0]
    return key.sign({"iss": origin, "aud": "apps", "sub": "ada", "iat": now - 600, "exp": int(now + ends_in)} | changes)


def ask(stack) -> int:
    return raw.request(stack.ports.grpc_gateway, "/echo/x").status


def count(stack, name: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{stack.admin_port}/stats?filter={name}", timeout=5) as response:
        return sum(int(line.split(": ")[1]) for line in response.read().decode().splitlines())


def wait_until_passing(stack) -> None:
    stack.envoy.wait_until(lambda: ask(stack) == 200, "an assertion that is good")


def test_a_signature_is_verified_once(played):
    played.gatehouse.token = assertion(played, played.gatehouse.keys[0])
    wait_until_passing(played)
    hits = count(played, "jwt_cache_hit")
    assert [ask(played) for _ in range(5)] == [200] * 5
    assert count(played, "jwt_cache_hit") == hits + 5


def test_what_was_remembered_still_expires(played):
    """Envoy allows for clocks that differ by a minute: it ended 58 seconds ago."""
    played.gatehouse.token = assertion(played, played.gatehouse.keys[0], ends_in=-57)
    assert ask(played) == 200 and ask(played) == 200
    time.sleep(4.5)
    with played.nothing_reaches_an_application():
        assert ask(played) == 401


@pytest.fixture
def withdrawn(played):
    """An assertion that Envoy remembers and one that it has not seen, both of a key that is withdrawn meanwhile."""
    first, second = played.gatehouse.keys[0], Key("second", "ES256")
    seen = played.gatehouse.token = assertion(played, first, ends_in=-48)
    wait_until_passing(played)
    played.gatehouse.keys = [second]
    played.gatehouse.token = assertion(played, second)
    wait_until_passing(played)  # Envoy has the new keys
    yield seen, assertion(played, first)
    played.gatehouse.keys = [first]


def test_a_withdrawn_key_verifies_nothing_new(played, withdrawn):
    seen, unseen = withdrawn
    played.gatehouse.token = unseen
    with played.nothing_reaches_an_application():
        assert ask(played) == 401
    # What is remembered goes on, as the documentation says, and not beyond its own end.
    played.gatehouse.token = seen
    played.envoy.wait_until(lambda: ask(played) == 401, "the end of what was remembered", timeout=20)
    with played.nothing_reaches_an_application():
        assert ask(played) == 401


@pytest.mark.parametrize("what", ["another audience", "another issuer", "another key", "no signature"])
def test_a_bad_one_is_not_remembered_as_good(played, what):
    key = played.gatehouse.keys[0]
    played.gatehouse.token = assertion(played, key)
    wait_until_passing(played)
    bad = {
        "another audience": assertion(played, key, aud="others"), "another issuer": assertion(played, key, iss="https://x.example"),
        "another key": assertion(played, Key("first", "ES256")), "no signature": assertion(played, key).rpartition(".")[0] + ".",
    }
    played.gatehouse.token = bad[what]
    with played.nothing_reaches_an_application():
        assert [ask(played) for _ in range(3)] == [403 if what == "another audience" else 401] * 3


def test_a_long_one_passes(played):
    """Longer than Envoy remembers: verified each time."""
    played.gatehouse.token = assertion(played, played.gatehouse.keys[0], groups=["group-%04d" % number for number in range(800)])
    assert ask(played) == 200 and ask(played) == 200
