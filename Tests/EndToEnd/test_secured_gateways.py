"""Every gateway, over TLS with its own certificate and with the proxy's secret, as `gatehouse manifests` writes it."""
import re
import subprocess

import pytest

from support import paths, raw, tls
from support.certificates import Authority
from support.gateways import GATEWAYS
from support.html import Page
from support.ledger import LEDGER
from support.sso import eventually
from support.stack import COOKIE

PROGRAM = ("accept", "application/json")
SECRET = "x-gatehouse-proxy-secret"
PROXY_SECRET = LEDGER.add("pr0xy-" + "5ecret" * 6, "the proxy secret")
# What stays clear text, and what is left out, where a gateway cannot do it.
OVER_UNIX = ["envoy-grpc", "envoy-http", "nginx", "caddy", "haproxy"]


def with_tls(stack):
    """All listeners that gateways use want a certificate, and the check over HTTP the secret."""
    authority = Authority(stack.folder)
    authority.issue("server", "localhost")
    certificate, key = authority.issue("gateway")
    (stack.folder / "gateway.pem").write_bytes(certificate.read_bytes() + key.read_bytes())
    (stack.folder / "proxy.secret").write_text(PROXY_SECRET)
    (stack.folder / "proxy.secret").chmod(0o600)
    listen = stack.configuration["listen"]
    for name in ("web", "checkHTTP", "checkGRPC"):
        listen[name] = {"address": listen[name], "tls": {
            "certificate": {"file": "server.crt"}, "key": {"file": "server.key"}, "clientCA": {"file": "ca.crt"}}}
    listen["proxySecret"] = {"file": "proxy.secret"}
    # HAProxy reads both from one file, and Traefik compares with the host that it connects to.
    name = "--gatehouse-host" if stack.manifest == "traefik" else "--gatehouse-name"
    both = stack.folder / "gateway.pem"
    stack.manifest_options = [
        "--gatehouse-ca", authority.file, name, "localhost",
        "--client-certificate", both if stack.manifest == "haproxy" else certificate, "--client-key", key,
    ]
    stack.own_tls = tls.context(authority.file, (certificate, key))


@pytest.fixture(scope="session", params=GATEWAYS)
def place(request, artifacts):
    stack = GATEWAYS[request.param](artifacts / "logs" / f"secured-{request.param}")
    with_tls(stack)
    try:
        stack.start()
        yield stack
    finally:
        stack.kill()


@pytest.fixture(scope="session")
def bob(place):
    """Signed in through the gateway: pages, callback and application have come through it."""
    return ("cookie", f"{COOKIE}=" + place.signed_in("bob@example.com", place.url).cookie(COOKIE))


def ask(place, target, *headers, **options) -> raw.RawResponse:
    return raw.request(place.port, target, [PROGRAM, *headers], **options)


def test_a_user_passes_with_our_headers(place, bob):
    response = ask(place, "/echo/x", bob)
    assert response.status == 200
    assert response.json()["headers"]["kubeflow-userid"] in ("bob@example.com", ["bob@example.com"])


def test_nobody_passes_without_a_sign_in(place):
    with place.nothing_reaches_an_application():
        assert ask(place, "/echo/x").status == 401


def test_an_open_path_is_open(place):
    assert ask(place, "/public/x").status == 200


def test_our_pages_come_through(place):
    assert ask(place, "/_gatehouse/jwks").json()["keys"]


@pytest.mark.parametrize("target, extra", [("/public/x", False), ("/echo/x", True)])
def test_no_application_sees_the_secret(place, bob, target, extra):
    response = ask(place, target, *([bob] if extra else []), (SECRET, "a-guess"))
    assert response.status == 200 and PROXY_SECRET not in response.body.decode()


def test_what_holds_the_secret_is_not_for_everybody(place):
    holders = [
        file for file in place.folder.iterdir()
        if file.suffix in (".conf", ".yaml", ".cfg", ".lua", "") and file.is_file() and PROXY_SECRET in file.read_text()
    ]
    assert holders and all(file.stat().st_mode & 0o007 == 0 for file in holders)


@pytest.mark.parametrize("path", ["/nginx", "/traefik", "/caddy", "/haproxy", "/envoy/public/x"])
@pytest.mark.parametrize("shown, status", [
    ([], 403), ([(SECRET, "wrong")], 403), ([(SECRET, "")], 403), ([(SECRET, PROXY_SECRET)] * 2, 403),
    ([(SECRET, PROXY_SECRET)], 200),
])
def test_a_check_has_to_show_the_secret(place, path, shown, status):
    """A certificate of the right authority alone is not enough."""
    first = "x-original-" if path == "/nginx" else "x-forwarded-"
    lines = [
        (first + "method", "GET"), (first + "uri", "/public/x"), ("x-forwarded-host", "localhost"),
        ("x-forwarded-proto", "http"), *shown,
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in lines if not path.startswith("/envoy") or name == SECRET)
    request = f"GET {path} HTTP/1.1\r\nhost: localhost\r\n{head}connection: close\r\n\r\n".encode()
    assert tls.exchange(place.ports.check_http, place.own_tls, request)[1].startswith(f"HTTP/1.1 {status} ".encode())


PAGES = [
    ("/_gatehouse/userinfo", 401), ("/_gatehouse/sign-out", 200), ("/_gatehouse/nothing", 404),
    ("/dex/.well-known/openid-configuration", 200), ("/dex/keys", 200), ("/dex/token", 405),
]


def page(place, path: str, *shown: str) -> bytes:
    """What the web listener answers to whoever has a certificate."""
    head = "".join(f"{SECRET}: {value}\r\n" for value in shown)
    request = f"GET {path} HTTP/1.1\r\nhost: localhost:{place.port}\r\n{head}connection: close\r\n\r\n".encode()
    answer = b""
    with tls.connect(place.ports.web, place.own_tls) as connection:
        connection.sendall(request)
        while received := connection.recv(65536):
            answer += received
    return answer


@pytest.mark.parametrize("path, status", PAGES)
def test_our_pages_ask_for_the_secret_too(place, path, status):
    for shown in ([], ["wrong"], [""], [PROXY_SECRET, PROXY_SECRET]):
        assert page(place, path, *shown).startswith(b"HTTP/1.1 403 "), shown
    assert page(place, path, PROXY_SECRET).startswith(f"HTTP/1.1 {status} ".encode())


def test_the_refusal_has_a_line_in_the_log(place):
    reference = re.search(rb'"reference":"([^"]+)"', page(place, "/_gatehouse/userinfo")).group(1).decode()
    line = next(line for line in place.gatehouse.text().splitlines() if reference in line)
    assert "proxy secret" in line


def test_the_assertions_keys_are_for_everybody(place):
    """A gateway that verifies assertions fetches them without a word of ours."""
    assert page(place, "/_gatehouse/jwks").startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("path, status", [("/_gatehouse/userinfo", 401), ("/dex/keys", 200), ("/_gatehouse/nothing", 404)])
def test_the_gateway_shows_it_with_every_page(place, path, status):
    assert ask(place, path, (SECRET, "a-guess")).status == status


def test_the_auth_service_hears_of_a_sign_out_at_the_provider(place):
    """In the same process it is told in memory, where nobody could show the secret."""
    browser = place.signed_in("bob@example.com", place.url)
    page = browser.get(f"{place.issuer}/logout")
    browser.submit(Page(page.url, page.text).forms[0])
    session = ("cookie", f"{COOKIE}=" + browser.cookie(COOKIE))
    eventually(lambda: ask(place, "/echo/x", session).status == 401, "end of the session behind the gateway")


def test_a_gatehouse_of_another_authority_is_not_asked(place, bob, artifacts, tmp_path):
    """Whoever can take Gatehouse's place must not be able to let people in."""
    place.gatehouse.stop()
    kept = {name: (place.folder / name).read_bytes() for name in ("server.crt", "server.key")}
    try:
        Authority(tmp_path, "stranger").issue("server", "localhost")
        for name in kept:
            (place.folder / name).write_bytes((tmp_path / name).read_bytes())
        place.start_gatehouse()
        for target in ("/public/x", "/echo/x"):
            with place.nothing_reaches_an_application():
                assert ask(place, target, bob).status in (500, 502, 503)
    finally:
        for name, content in kept.items():
            (place.folder / name).write_bytes(content)
        place.gatehouse.stop()
        place.start_gatehouse()
        place.wait_until_open()


@pytest.fixture(scope="session", params=OVER_UNIX)
def over_unix(request, tmp_path_factory):
    """All listeners but admin's are Unix sockets."""
    folder = tmp_path_factory.mktemp("unix")
    stack = GATEWAYS[request.param](folder)
    for name in ("web", "checkHTTP", "checkGRPC"):
        stack.configuration["listen"][name] = f"unix:{folder}/{name}.sock"
    try:
        stack.start()
        yield stack
    finally:
        stack.kill()


def test_a_sign_in_over_unix_sockets(over_unix):
    session = over_unix.signed_in("bob@example.com", over_unix.url).cookie(COOKIE)
    response = ask(over_unix, "/echo/x", ("cookie", f"{COOKIE}={session}"))
    assert response.status == 200
    assert response.json()["headers"]["kubeflow-userid"] in ("bob@example.com", ["bob@example.com"])


def test_nobody_passes_over_unix_sockets(over_unix):
    with over_unix.nothing_reaches_an_application():
        assert ask(over_unix, "/echo/x").status == 401


def test_a_socket_is_for_its_group(over_unix):
    for name in ("web", "checkHTTP", "checkGRPC"):
        assert (over_unix.folder / f"{name}.sock").stat().st_mode & 0o777 == 0o660


@pytest.mark.parametrize("gateway, options, says", [
    ("envoy", [], "`listen.web` has TLS; give --gatehouse-ca"),
    ("nginx", ["--gatehouse-ca", "/ca.crt"], "wants a client certificate; give --client-certificate and --client-key"),
    ("nginx", ["--gatehouse-ca", "/ca.crt", "--client-certificate", "/c", "--client-key", "/k"], "looks for names in a"),
    ("haproxy", ["--gatehouse-ca", "/ca.crt", "--client-certificate", "/c", "--client-key", "/k"], "not for 127.0.0.1"),
    ("traefik", ["--gatehouse-ca", "/ca.crt", "--client-certificate", "/c", "--client-key", "/k",
                 "--gatehouse-name", "localhost"], "give the name as --gatehouse-host"),
    ("caddy", ["--gatehouse-ca", "/c a", "--client-certificate", "/c", "--client-key", "/k"], "cannot be written"),
])
def test_a_manifest_that_could_not_verify_is_not_written(tmp_path, gateway, options, says):
    stack = GATEWAYS["nginx"](tmp_path)
    with_tls(stack)
    stack.write()
    made = subprocess.run(
        [paths.GATEHOUSE, "manifests", gateway, "--config", stack.file, *options], capture_output=True, text=True,
        timeout=30, check=False, env=stack.gatehouse.environment)
    assert made.returncode == 78 and says in made.stderr and made.stdout == ""
