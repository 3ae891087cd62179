"""TLS on every listener: whom it lets in, what is agreed on inside, and what becomes of a certificate that is replaced."""
import ssl

import pytest

from support import raw, tls
from support.certificates import Authority
from support.stack import COOKIE, Stack

REQUEST = b"GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"
REFUSED = (ssl.SSLError, ConnectionError)


class SecuredStack(Stack):
    """All four listeners speak TLS, and all but admin's want a client certificate. Envoy has one."""

    def __init__(self, folder):
        super().__init__(folder)
        self.authority = Authority(folder)
        self.authority.issue("server", "localhost", "127.0.0.1")
        self.authority.issue("admin", "localhost", "127.0.0.1")
        self.envoys_own = self.authority.issue("envoy")
        self.admin_tls = tls.context(self.authority.file)
        for name, value in self.configuration["listen"].items():
            own = "admin" if name == "admin" else "server"
            settings = {"certificate": {"file": f"{own}.crt"}, "key": {"file": f"{own}.key"}}
            settings |= {"minimumVersion": "1.3"} if name == "admin" else {"clientCA": {"file": "ca.crt"}}
            self.configuration["listen"][name] = {"address": value, "tls": settings}
        self.manifest_options = [
            "--gatehouse-ca", self.authority.file, "--client-certificate", self.envoys_own[0],
            "--client-key", self.envoys_own[1],
        ]

    def client(self, alpn: list[str] | None = None, only=None) -> ssl.SSLContext:
        return tls.context(self.authority.file, self.envoys_own, alpn, only)


@pytest.fixture(scope="session")
def secured(artifacts):
    stack = SecuredStack(artifacts / "logs" / "tls")
    try:
        stack.start()
        yield stack
    finally:
        stack.kill()


@pytest.fixture(autouse=True)
def same_gatehouse(secured):
    before = secured.gatehouse.pid
    yield
    assert secured.gatehouse.running and secured.gatehouse.pid == before, secured.gatehouse.tail()


@pytest.fixture(params=["grpc", "http"])
def gateway(request, secured) -> str:
    return secured.grpc_url if request.param == "grpc" else secured.http_url


@pytest.fixture(params=["web", "check_http", "check_grpc"])
def guarded(request, secured) -> int:
    """The port of a listener that wants a client certificate."""
    return getattr(secured.ports, request.param)


def hello(secured, port: int) -> tuple[list[str], bytes]:
    """What the port's protocol begins with."""
    return (["h2"], PREFACE) if port == secured.ports.check_grpc else (["http/1.1"], REQUEST)


def test_signing_in_and_an_application_through_envoy(secured, gateway):
    """Everything through the gateway: the check over gRPC and HTTP, pages and keys from the web listener."""
    client = secured.signed_in("bob@example.com", gateway)
    response = client.get(f"{gateway}/echo/x", headers={"accept": "application/json"})
    assert response.status_code == 200
    assert response.json()["headers"]["kubeflow-userid"] in ("bob@example.com", ["bob@example.com"])
    assert client.cookie(COOKIE)


def test_nobody_passes_through_envoy_without_a_sign_in(secured, gateway):
    port = int(gateway.rsplit(":", 1)[1])
    with secured.nothing_reaches_an_application():
        assert raw.request(port, "/echo/x", [("accept", "application/json")]).status == 401


def test_the_gateways_certificate_lets_it_in(secured, guarded):
    alpn, begin = hello(secured, guarded)
    agreed, answer = tls.exchange(guarded, secured.client(alpn), begin)
    assert agreed == alpn[0] and answer


def test_a_client_without_a_certificate_is_refused(secured, guarded):
    alpn, begin = hello(secured, guarded)
    with pytest.raises(REFUSED):
        assert tls.exchange(guarded, tls.context(secured.authority.file, alpn=alpn), begin)[1]
        raise ConnectionError


def test_a_certificate_of_another_authority_is_refused(secured, guarded, tmp_path):
    stranger = Authority(tmp_path, "ca").issue("envoy")
    alpn, begin = hello(secured, guarded)
    with pytest.raises(REFUSED):
        tls.exchange(guarded, tls.context(secured.authority.file, stranger, alpn), begin)


def test_clear_text_gets_no_answer(secured, guarded):
    assert raw.request(guarded, "/nginx").status == 0


@pytest.mark.parametrize("offered", [["http/1.1"], None, ["grpc-exp"], ["H2"], ["spdy/3", "http/1.1"]])
def test_the_grpc_listener_speaks_h2_or_nothing(secured, offered):
    with pytest.raises(REFUSED):
        tls.exchange(secured.ports.check_grpc, secured.client(offered), PREFACE)


@pytest.mark.parametrize("offered", [["h2"], ["http/1.0"], ["imap"]])
@pytest.mark.parametrize("listener", ["web", "check_http", "admin"])
def test_the_http_listeners_refuse_another_protocol(secured, listener, offered):
    with pytest.raises(REFUSED):
        tls.exchange(getattr(secured.ports, listener), secured.client(offered), REQUEST)


@pytest.mark.parametrize("listener", ["web", "check_http", "admin"])
@pytest.mark.parametrize("offered, agreed", [(["h2", "http/1.1"], "http/1.1"), (["http/1.1"], "http/1.1"), (None, None)])
def test_the_http_listeners_speak_http_1(secured, listener, offered, agreed):
    answer = tls.exchange(getattr(secured.ports, listener), secured.client(offered), REQUEST)
    assert answer[0] == agreed and answer[1].startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_an_old_tls_is_refused(secured, guarded, version):
    alpn, begin = hello(secured, guarded)
    with pytest.raises(REFUSED):
        tls.exchange(guarded, secured.client(alpn, version), begin)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_newer_ones_are_spoken(secured, guarded, version):
    alpn, begin = hello(secured, guarded)
    assert tls.exchange(guarded, secured.client(alpn, version), begin)[1]


def test_a_listener_can_ask_for_the_newest(secured):
    with pytest.raises(REFUSED):
        tls.exchange(secured.ports.admin, secured.client(only=ssl.TLSVersion.TLSv1_2), REQUEST)


def test_a_listener_without_a_client_ca_lets_everybody_in(secured):
    assert tls.exchange(secured.ports.admin, secured.admin_tls, REQUEST)[1].startswith(b"HTTP/1.1 200")


# Replacing a certificate.

def test_a_new_certificate_is_used_without_a_restart(secured):
    before = tls.serial(secured.ports.admin, secured.admin_tls)
    with tls.connect(secured.ports.admin, secured.admin_tls) as old:
        secured.authority.issue("admin", "localhost", "127.0.0.1")
        secured.gatehouse.wait_until(
            lambda: tls.serial(secured.ports.admin, secured.admin_tls) != before, "a new certificate")
        old.sendall(REQUEST)
        assert old.recv(4096).startswith(b"HTTP/1.1 200")  # a connection that is there goes on
    assert "the certificate was replaced" in secured.gatehouse.text()


def spoil_key(secured):
    (secured.folder / "admin.key").write_bytes(secured.envoys_own[1].read_bytes())


def open_key(secured):
    (secured.folder / "admin.key").chmod(0o644)


def remove_certificate(secured):
    (secured.folder / "admin.crt").unlink()


def empty_certificate(secured):
    (secured.folder / "admin.crt").write_text("")


@pytest.mark.parametrize("spoil, says", [
    (spoil_key, "the key is not the one of the certificate"), (open_key, "can be read by everybody"),
    (remove_certificate, "No such file or directory"), (empty_certificate, "holds no PEM certificate"),
])
def test_what_cannot_be_used_leaves_the_old_one(secured, spoil, says):
    before = tls.serial(secured.ports.admin, secured.admin_tls)
    lines = secured.gatehouse.text().count("the new certificate is not used, the old one stays")
    spoil(secured)
    secured.gatehouse.wait_until(
        lambda: secured.gatehouse.text().count("the new certificate is not used, the old one stays") > lines, "a line")
    assert says in secured.gatehouse.text().splitlines()[-1] or says in secured.gatehouse.text()
    assert tls.serial(secured.ports.admin, secured.admin_tls) == before
    secured.authority.issue("admin", "localhost", "127.0.0.1")
    secured.gatehouse.wait_until(lambda: tls.serial(secured.ports.admin, secured.admin_tls) != before, "a good certificate")


# What is refused at the start.

@pytest.mark.parametrize("spoil, says", [
    (lambda folder: (folder / "server.key").write_bytes((folder / "envoy.key").read_bytes()),
     "the key is not the one of the certificate; give the two that were made together"),
    (lambda folder: (folder / "server.key").chmod(0o604), "can be read by everybody; run `chmod o= "),
    (lambda folder: (folder / "server.crt").unlink(), "cannot be read (No such file or directory); correct the path"),
    (lambda folder: (folder / "ca.crt").write_text("none"), "the client CA's file holds no PEM certificate"),
])
def test_a_bad_pair_starts_nothing(artifacts, tmp_path, spoil, says, request):
    place = SecuredStack(tmp_path)
    place.write()
    spoil(tmp_path)
    place.gatehouse.start()
    assert place.gatehouse.process.wait(20) == 78
    lines = [line for line in place.gatehouse.text().splitlines() if says in line]
    assert lines and all(line.split(":")[1].isdigit() and line.split(":")[2].isdigit() for line in lines), lines
