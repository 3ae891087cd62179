"""Applications of several tenants: who enters which."""
import socket

import pytest

from support import raw
from support.client import Client
from support.gateways import GATEWAYS
from support.stack import COOKIE, password_of


def with_tenants(configuration: dict) -> None:
    configuration["authService"]["rules"] = [
        {"paths": ["/echo/team/*"], "tenant": {"path": "/echo/team/*"}, "allow": {"groups": ["team-{tenant}"]}},
        {"paths": ["/echo/space"], "tenant": {"header": "x-tenant"}, "allow": {"groups": ["team-{tenant}"]}},
        {"hosts": ["*.apps.localhost"], "tenant": {"host": "*.apps.localhost"}, "allow": {"groups": ["team-{tenant}"]}},
    ]


@pytest.fixture(scope="module")
def tenants(make_stack):
    return make_stack("tenants", with_tenants)


@pytest.fixture(scope="module")
def people(tenants) -> dict[str, Client]:
    return {name: tenants.signed_in(f"{name}@example.com") for name in ("admin", "bob")}


@pytest.fixture(params=["grpc", "http"])
def url(request, tenants) -> str:
    return tenants.grpc_url if request.param == "grpc" else tenants.http_url


@pytest.mark.parametrize(("person", "path", "expected"), [
    ("admin", "a/x", 200), ("admin", "b/x", 403), ("bob", "b", 200), ("bob", "a", 403), ("bob", "b/../a/x", 403),
    ("admin", "%61/x", 200), ("admin", "a;b/x", 403), ("bob", "a%2f..%2fb", 400), ("admin", "", 403), ("admin", "A/x", 403),
])
def test_a_path_names_the_tenant(tenants, people, url, person, path, expected):
    before = tenants.hit_counts()
    assert people[person].get(f"{url}/echo/team/{path}").status_code == expected
    assert len(tenants.new_hits(before)) == (1 if expected == 200 else 0)


@pytest.mark.parametrize(("person", "tenant", "expected"), [
    ("admin", "a", 200), ("admin", "b", 403), ("admin", None, 403), ("bob", "b", 200), ("bob", "b,a", 403), ("bob", "{tenant}", 403),
])
def test_a_header_names_the_tenant(tenants, people, url, person, tenant, expected):
    headers = {"accept": "application/json"} | ({"x-tenant": tenant} if tenant is not None else {})
    before = tenants.hit_counts()
    assert people[person].get(f"{url}/echo/space", headers=headers).status_code == expected
    assert len(tenants.new_hits(before)) == (1 if expected == 200 else 0)


def test_nobody_enters_without_a_sign_in(tenants, url):
    with tenants.nothing_reaches_an_application():
        assert Client().get(f"{url}/echo/team/a", headers={"accept": "application/json"}).status_code == 401


# Tenants by host: each has a name of its own below one domain, and a session of its own.

@pytest.fixture
def names(monkeypatch):
    """Every name below localhost is this machine, as in a browser (RFC 6761 §6.3)."""
    look_up = socket.getaddrinfo

    def local(host, *arguments, **options):
        return look_up("127.0.0.1" if str(host).endswith(".localhost") else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", local)


@pytest.fixture(scope="module", params=["envoy-grpc", "envoy-http", "nginx"])
def hosted(request, artifacts):
    stack = GATEWAYS[request.param](artifacts / "logs" / f"tenants-{request.param}")
    service = stack.configuration["authService"]
    service["publicHosts"] = ["*.apps.localhost"]
    with_tenants(stack.configuration)
    service["rules"].append({"hosts": ["localhost"], "paths": ["/public/*"], "allow": "anyone"})
    client = stack.configuration["provider"]["clients"][0]
    client["redirectURIs"] += [f"http://{name}.apps.localhost:{stack.port}/_gatehouse/callback" for name in "ab"]
    try:
        stack.start()
        yield stack
    finally:
        stack.kill()


def at(stack, host: str, path: str = "/echo/x") -> str:
    return f"http://{host}:{stack.port}{path}"


@pytest.mark.parametrize(("person", "tenant", "expected"), [
    ("admin", "a", 200), ("admin", "b", 403), ("bob", "b", 200), ("bob", "a", 403),
])
def test_a_host_names_the_tenant(hosted, names, person, tenant, expected):
    email = f"{person}@example.com"
    before = hosted.hit_counts()
    response = Client().sign_in(at(hosted, f"{tenant}.apps.localhost"), email, password_of(email))
    assert response.status_code == expected
    if expected == 200:
        assert response.json()["headers"]["kubeflow-userid"] == [email]
    assert hosted.new_hits(before) == (["GET /echo/x"] if expected == 200 else [])


def ask(stack, host: str, session: str) -> int:
    """What a program gets that brings a session cookie to whatever host it likes."""
    headers = [("accept", "application/json"), ("cookie", f"{COOKIE}={session}")]
    return raw.request(stack.port, "/echo/x", headers, host=f"{host}:{stack.port}").status


@pytest.fixture
def session(hosted, names) -> str:
    """Of somebody of the tenant `a`, at its host."""
    client = Client()
    email = "admin@example.com"
    assert client.sign_in(at(hosted, "a.apps.localhost"), email, password_of(email)).status_code == 200
    return client.cookie(COOKIE)


@pytest.mark.parametrize("host", ["a.apps.localhost", "A.apps.LOCALHOST", "a.apps.localhost."])
def test_a_host_is_the_same_in_every_spelling(hosted, session, host):
    assert ask(hosted, host, session) == 200


@pytest.mark.parametrize("host", ["b.apps.localhost", "c.apps.localhost", "localhost"])
def test_a_session_of_one_tenants_host_is_none_at_anothers(hosted, session, host):
    """A browser would not send the cookie there; whoever does all the same is nobody."""
    with hosted.nothing_reaches_an_application():
        assert ask(hosted, host, session) == 401


@pytest.mark.parametrize("host", [
    "x.a.apps.localhost", "apps.localhost", ".apps.localhost", "a.apps.localhost.evil.example", "a,b.apps.localhost",
    "a.apps.localhost@evil.example", "a%2eapps.localhost",
])
def test_another_host_is_no_tenant(hosted, session, host):
    with hosted.nothing_reaches_an_application():
        assert ask(hosted, host, session) in (400, 401, 403)
