"""Clients that are known by their certificates, through both of Envoy's modes; and what clients only say of certificates."""
import ssl
import urllib.parse

import pytest
import yaml

from support import extauthz, raw
from support.client import Client
from support.mutual_tls import FORWARDED, MutualTLSStack
from support.replica import Replica
from support.stack import COOKIE, password_of


@pytest.fixture(scope="module")
def stack(artifacts):
    stack = MutualTLSStack(artifacts / "logs" / "client-certificates")
    stack.start()
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def files(stack):
    """What clients have: certificates of people, of a workload, and of somebody whom only the gateway believes."""
    return {
        "ada": stack.authority.issue("ada", "ada@example.com", units=("ops", "admins")),
        "eve": stack.authority.issue("eve", "eve@example.com"),
        "nameless": stack.authority.issue("nameless", "nobody@example.com", units=("admins",), is_named=False),
        "workload": stack.partner.issue("workload", "spiffe://cluster.local/ns/team-a/sa/runner"),
        "elsewhere": stack.partner.issue("elsewhere", "spiffe://other.example/ns/team-a/sa/runner"),
        "partner": stack.partner.issue("partner", "ada@example.com", units=("admins",)),
    }


@pytest.fixture(params=["grpc_gateway", "http_gateway"])
def port(request, stack) -> int:
    return getattr(stack.ports, request.param)


def forged(files: tuple, key: str = "Cert") -> str:
    """What a gateway would say of somebody's certificate, which is no secret."""
    return f'Hash={"0a" * 32};{key}="{urllib.parse.quote(files[0].read_text(), safe="")}"'


def test_a_certificate_names_the_person(stack, port, files):
    for _ in range(2):
        response = stack.ask(port, "/echo/x", files["ada"])
        assert response.status == 200, response.body[:300]
        seen = response.json()["headers"]
        assert seen["kubeflow-userid"] == ["ada@example.com"] and seen["kubeflow-groups"] == ["ops,admins"]
        assert seen["x-gatehouse-assertion"][0].count(".") == 2


def test_rules_know_the_person(stack, port, files):
    assert stack.ask(port, "/admin/x", files["ada"]).status == 200
    with stack.nothing_reaches_an_application():
        assert stack.ask(port, "/admin/x", files["eve"]).status == 403


def test_a_workload_has_the_name_of_its_trust_domain(stack, port, files):
    seen = stack.ask(port, "/echo/x", files["workload"]).json()["headers"]
    assert seen["kubeflow-userid"] == ["spiffe://cluster.local/ns/team-a/sa/runner"]
    assert seen["kubeflow-groups"] == ["ns:team-a"]


@pytest.mark.parametrize("who", [None, "partner", "elsewhere"])
def test_whom_no_entry_names_is_nobody(stack, port, files, who):
    """Envoy believes the partner's authority, Gatehouse's entries do not name it."""
    with stack.nothing_reaches_an_application():
        response = stack.ask(port, "/echo/x", files.get(who))
        assert response.status == 401 and response.json()["error"] == "login_required"


def test_a_certificate_that_names_nobody_is_refused(stack, port, files):
    with stack.nothing_reaches_an_application():
        response = stack.ask(port, "/echo/x", files["nameless"])
        assert response.status == 401 and response.json()["error"] == "invalid_client_certificate"
    assert any(response.json()["reference"] in line for line in stack.gatehouse.text().splitlines())


def test_a_certificate_of_a_stranger_ends_the_handshake(stack, port, tmp_path):
    from support.certificates import Authority
    with stack.nothing_reaches_an_application(), pytest.raises((ssl.SSLError, ConnectionError)):
        stack.ask(port, "/echo/x", Authority(tmp_path, "stranger").issue("ada", "ada@example.com"))


FORGERIES = {
    "a certificate": lambda files: [(FORWARDED, forged(files["ada"]))],
    "in capitals": lambda files: [("X-Forwarded-Client-Cert", forged(files["ada"]))],
    "with underscores": lambda files: [("x_forwarded_client_cert", forged(files["ada"]))],
    "twice": lambda files: [(FORWARDED, "By=x"), (FORWARDED, forged(files["ada"]))],
    "two elements": lambda files: [(FORWARDED, "By=x," + forged(files["ada"]))],
    "a workload": lambda files: [(FORWARDED, "URI=spiffe://cluster.local/ns/team-a/sa/runner")],
    "broken": lambda files: [(FORWARDED, '"')],
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_a_client_says_of_a_certificate_does_not_count(stack, port, files, forgery):
    headers = FORGERIES[forgery](files)
    with stack.nothing_reaches_an_application():
        for target in ("/echo/x", "/admin/x"):
            assert stack.ask(port, target, None, headers).status == 401
    # Beside a certificate of its own that one counts.
    response = stack.ask(port, "/echo/x", files["eve"], headers)
    assert response.status == 200 and response.json()["headers"]["kubeflow-userid"] == ["eve@example.com"]
    with stack.nothing_reaches_an_application():
        assert stack.ask(port, "/admin/x", files["eve"], headers).status == 403


def test_on_an_open_path_nobody_is_named(stack, port, files):
    response = stack.ask(port, "/public/x", files["ada"], [(FORWARDED, forged(files["ada"]))])
    assert response.status == 200 and response.json()["headers"].get("kubeflow-userid", [""]) == [""]


def test_a_certificate_goes_before_the_session(stack, files):
    client = Client()
    client.session.verify = str(stack.server.file)
    client.sign_in(f"{stack.grpc_url}/", "bob@example.com", password_of("bob@example.com"))
    name = next(cookie.name for cookie in client.session.cookies if cookie.name.endswith(COOKIE))
    cookie = [("cookie", f"{name}={client.session.cookies.get(name)}")]
    port = stack.ports.grpc_gateway
    for who, email in ((None, "bob@example.com"), ("partner", "bob@example.com"), ("ada", "ada@example.com")):
        seen = stack.ask(port, "/echo/x", files.get(who), cookie).json()["headers"]
        assert seen["kubeflow-userid"] == [email]


@pytest.mark.parametrize("path", ["/nginx", "/traefik", "/caddy", "/haproxy"])
def test_of_gateways_that_hand_on_what_they_get_it_does_not_count(stack, files, path):
    first = "x-original-" if path == "/nginx" else "x-forwarded-"
    lines = [
        (first + "method", "GET"), (first + "uri", "/echo/x"), ("x-forwarded-host", "localhost"),
        ("x-forwarded-proto", "https"), (FORWARDED, forged(files["ada"])), ("accept", "application/json"),
    ]
    assert raw.request(stack.ports.check_http, path, lines, host="localhost").status == 401


def test_only_trusted_gateways_are_believed(stack, files):
    """Whoever reaches the check's listeners from elsewhere gets no identity, and no assertion, by naming a certificate."""
    headers = {FORWARDED: forged(files["ada"]), "accept": "application/json"}
    request = extauthz.check_request("/echo/x", headers, scheme="https")
    assert extauthz.check(stack.ports.check_grpc, request).allowed
    other = Replica(stack)
    file = stack.folder / "replica.yaml"
    written = yaml.safe_load(file.read_text())
    written["listen"]["trustedProxies"] = ["10.0.0.0/8"]
    file.write_text(yaml.safe_dump(written))
    other.start()
    try:
        assert not extauthz.check(other.ports["checkGRPC"], request).allowed
        answer = raw.request(
            other.ports["checkHTTP"], "/envoy/echo/x", [(FORWARDED, forged(files["ada"])), ("accept", "application/json")],
            host="localhost")
        assert answer.status == 401
    finally:
        other.program.stop()


@pytest.fixture(scope="module", params=["required", "forgetting"])
def other(request, artifacts):
    """An Envoy that lets nobody in without a certificate, or one whose file says nothing of X-Forwarded-Client-Cert."""
    stack = MutualTLSStack(artifacts / "logs" / f"client-certificates-{request.param}")
    stack.required = request.param == "required"
    stack.forgets_certificates = request.param == "forgetting"
    stack.start()
    yield stack
    stack.stop()


def test_other_envoys(other):
    ada, eve = other.authority.issue("ada", "ada@example.com"), other.authority.issue("eve", "eve@example.com")
    lines = [(FORWARDED, forged(ada))]
    for port in (other.ports.grpc_gateway, other.ports.http_gateway):
        with other.nothing_reaches_an_application():
            if other.required:
                with pytest.raises((ssl.SSLError, ConnectionError)):
                    other.ask(port, "/echo/x", None, lines)
            else:
                assert other.ask(port, "/echo/x", None, lines).status == 401
        response = other.ask(port, "/echo/x", eve, lines)
        # Over HTTP Envoy tells of a certificate in that header alone.
        if other.required or port == other.ports.grpc_gateway:
            assert response.json()["headers"]["kubeflow-userid"] == ["eve@example.com"]
        else:
            assert response.status == 401
